"""Grading credits that somebody else's model gave to the same journeys."""

from __future__ import annotations

import streamlit as st

from pages.ui import journeys_league, journeys_models, journeys_seen, number_table, text
from synth_core.charts.journey_marks import points
from synth_core.errors import SynthError
from synth_core.journeys import reading, scoring
from synth_core.journeys.results import Credits, Grades, TruthName
from synth_core.runs import Run


def show(run: Run, grades: Grades) -> None:
    """Rows out, credits in, and a line beside the other models of the same seed."""
    st.markdown(
        "1. Download the journeys of the first seed. They hold no truth, only what a tracking tool would see.\n"
        "2. Let the vendor's model credit them.\n"
        "3. Upload its credits: one row per channel with the columns `channel` and `credit` (conversions or shares)."
    )
    journeys_seen.downloads(run, grades)
    file = st.file_uploader("Credits of the vendor's model", type=["csv", "tsv", "txt", "xlsx", "parquet"],
                            key=f"journeys-vendor-{run.id}", max_upload_size=5)  # fmt: skip
    if file is None:
        return
    truth = journeys_models.select_truth()
    try:
        credits = reading.read_credits(
            file.getvalue(), name=file.name, channels=grades.world.names, total=grades.seen.conversions
        )
    except SynthError as error:
        st.error(text.literal(str(error)), icon=":material/error:")
        return
    _graded(grades, credits, truth)


def _graded(grades: Grades, credits: Credits, truth: TruthName) -> None:
    first = grades.samples[0]
    theirs = scoring.grade(credits, first.truth, truth)
    lines = [*(scoring.grade(c, first.truth, truth) for c in first.credits), theirs]
    lines.sort(key=lambda line: line.share_error.mean)
    place = lines.index(theirs) + 1
    st.markdown(
        f"## {text.literal(credits.name)} comes {place} of {len(lines)}: its shares are off by "
        f"{100 * theirs.share_error.mean:.1f} percentage points on average"
    )
    for note in credits.notes:
        st.caption(text.literal(note))
    rows = [
        number_table.Row(
            f"{n}. {line.name}" + (" (uploaded)" if line is theirs else ""),
            "From the uploaded file." if line is theirs else journeys_models.about(line.model),
            (
                journeys_league.cell(line.share_error, 100),
                journeys_league.cell(line.total_variation, 100),
                journeys_league.cell(line.spearman, 1, 2),
                journeys_league.cell(line.kendall, 1, 2),
            ),
            "",
        )
        for n, line in enumerate(lines, 1)
    ]
    with st.container(key="league"):
        number_table.show(
            journeys_league.COLUMNS[:4], rows, about="The uploaded credits among the models", better=False
        )
    errors = ", ".join(
        f"{text.literal(name)} {points(error.mean)}"
        for name, error in zip(grades.world.names, theirs.signed, strict=True)
    )
    st.markdown(f"Error of each channel's share, in percentage points: {errors}.")
    st.caption(
        "One seed only, so without standard errors. To be sure, simulate with another seed and let the model credit "
        "those journeys, too."
    )
