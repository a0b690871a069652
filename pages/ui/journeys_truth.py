"""The truth beside each model: shares, signed errors, over-credit, and what nobody caused."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, journeys_league, journeys_models, number_table, text
from synth_core import charts as figures
from synth_core.charts.journey_errors import factor
from synth_core.charts.journey_marks import plus_minus, points
from synth_core.journeys.results import Graded, Grades, Mean, TruthName
from synth_core.runs import Run

_ABOUT: dict[TruthName, str] = {
    "shapley": "Each channel's average contribution to the expected conversions, over all orders in which channels "
    "could be switched on. Shares add up to all conversions that channels caused.",
    "removal": "Expected conversions that would be lost if the channel alone were stopped. Where channels work "
    "together these do not add up.",
    "event": "In the simulation each conversion has one cause: the touch, or nobody, that made it happen.",
}
_MANY, _TALL = 10, 660  #: channels above which the table scrolls, and its pixels then
_VIEWS = {"errors": "Signed error", "over": "Over-credit factor"}


def show(run: Run, grades: Grades) -> None:
    """One model beside the truth, then all of them."""
    truth, model = _pick(grades)
    league = journeys_league.of(run, truth)
    line = next(m for m in league.models if m.model == model)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.header("Share of each channel", anchor=False)
        charts.show(figures.journey_shares(grades, model, truth), "journeys-shares")
        st.header("Conversions without a cause", anchor=False)
        _organic(grades, line, truth)
    with right:
        st.header("Over-credit", anchor=False)
        _over_credit(grades, line)
    st.header("All models", anchor=False)
    view = st.segmented_control("Show", list(_VIEWS), default="errors", key="journeys-errors", required=True,
                                format_func=_VIEWS.get, label_visibility="collapsed", persist_state="page")  # fmt: skip
    draw = figures.journey_over_credit if view == "over" else figures.journey_errors
    charts.show(draw(league, grades.world.names), "journeys-heat")


def _pick(grades: Grades) -> tuple[TruthName, str]:
    left, right = st.columns(2)
    with left:
        truth = journeys_models.select_truth()
    with right:
        model = journeys_models.select([c.model for c in grades.samples[0].credits])
    st.caption(_ABOUT[truth] + f" **{journeys_models.name(model)}**: {journeys_models.about(model)}")
    return truth, model


def _organic(grades: Grades, line: Graded, truth: TruthName) -> None:
    """The organic row: what no channel caused."""
    count = len(grades.samples)
    expected = sum(s.truth.expected for s in grades.samples) / count
    event = truth == "event"
    organic = sum(s.truth.event_organic if event else s.truth.organic for s in grades.samples) / count
    total = sum(s.truth.realised for s in grades.samples) / count if event else expected
    share = organic / total if total else 0.0
    said = (
        f"**{text.share(share)}** of the conversions ({text.count(organic)} of {text.count(total)} per simulation) "
        "would have come without any touch. "
    )
    if line.organic is None:
        said += f"{line.name} has no row for them: it shares out every conversion with a touch among the channels."
    else:
        off = line.organic.mean
        said += f"{line.name} has a row for them; it is {_points(line.organic)} percentage points of all conversions "
        said += "too high." if off > 0 else "too low."
    st.markdown(said)


def _over_credit(grades: Grades, line: Graded) -> None:
    """Credit ÷ true incremental of one model, in words."""
    rows = [
        number_table.Row(
            channel,
            "Credited conversions ÷ those that stopping the channel alone would lose; mean over the seeds.",
            (points(signed.mean), "–" if found is None else _times(found)),
            "",
            _word(found),
        )
        for channel, signed, found in zip(grades.world.names, line.signed, line.over_credit, strict=True)
    ]
    with st.container(height=_TALL if len(rows) > _MANY else "content", border=False):
        number_table.show(["Error of share, points", "Credit ÷ caused"], rows, better=False,
                          about=f"Over-credit of {line.name} per channel")  # fmt: skip
    st.caption(
        "Shares are of what all channels get, so their errors sum to zero. “Credit ÷ caused” compares conversions with "
        "those that stopping the channel would lose: a model that hands out organic conversions, too, gives most "
        "channels too many."
    )


def _times(found: Mean) -> str:
    return f"{factor(found.mean)} ×" + (f"\n± {factor(found.se)}" if found.se is not None else "")


def _word(found: Mean | None) -> str:
    if found is None:
        return "Caused nothing: any credit is too much."
    if found.mean < 0.8:
        return "Gets too little."
    return "Gets too much." if found.mean > 1.25 else "About right."


def _points(mean: Mean) -> str:
    return plus_minus(Mean(abs(mean.mean), mean.se), 100)
