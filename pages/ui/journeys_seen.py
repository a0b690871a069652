"""What the simulated journeys look like, and their rows to take away."""

from __future__ import annotations

import io

import pandas as pd
import streamlit as st

from pages.ui import charts, journeys_form, text, workspace
from pages.ui.downloads import PARQUET
from synth_core import charts as figures
from synth_core.journeys.results import Grades
from synth_core.runs import Run


def show(run: Run, grades: Grades) -> None:
    """Key figures, paths, times, channels, lengths, downloads; all of the first seed."""
    found, names = grades.seen, grades.world.names
    _figures(grades)
    left, right = st.columns(2, gap="large")
    with left:
        st.header("First steps", anchor=False)
        charts.show(figures.journey_tree(found, names), "journeys-tree")
        st.header("Time to conversion", anchor=False)
        charts.show(figures.journey_days(found), "journeys-days")
        st.header("Length of paths", anchor=False)
        charts.show(figures.journey_lengths(found), "journeys-lengths")
    with right:
        st.header("Most common paths", anchor=False)
        charts.show(figures.journey_paths(found), "journeys-paths")
        st.header("Channel mix", anchor=False)
        charts.show(figures.journey_mix(found, names), "journeys-mix")
    st.header("Rows of the first seed", anchor=False)
    st.caption("As a tracking tool would record them. Repeats of a channel in a row are one step in the pictures only.")
    downloads(run, grades)


def _figures(grades: Grades) -> None:
    found = grades.seen
    share = found.untouched / found.conversions if found.conversions else 0.0
    figures_ = {
        "Users recorded": (text.count(found.users), "As tracking sees them: a person with two ids counts twice."),
        "Touches": (text.count(found.touches), None),
        "Conversions": (text.count(found.conversions), None),
        "Without any touch": (f"{text.count(found.untouched)} ({text.share(share)})",
                              "Conversions of people whom no recorded touch reached."),
    }  # fmt: skip
    for column, (label, (value, told)) in zip(st.columns(4), figures_.items(), strict=True):
        column.metric(label, value, help=told, border=True)


def downloads(run: Run, grades: Grades) -> None:
    """Event rows and path rows, CSV and Parquet."""
    folder, stem = workspace.store().folder(run.id), journeys_form.stem(grades.world.name)
    with st.container(horizontal=True, key="journeys-downloads"):
        for name, title in (("events", "Event rows"), ("paths", "Path rows")):
            path = folder / f"{name}.parquet"
            if not path.is_file():
                continue
            st.download_button(
                f"{title} (CSV)", lambda p=path: _csv(p), f"{stem}-{name}.csv", "text/csv",
                icon=":material/download:", on_click="ignore", key=f"journeys-{name}-csv",
            )  # fmt: skip
            st.download_button(
                f"{title} (Parquet)", path.read_bytes, f"{stem}-{name}.parquet", PARQUET,
                icon=":material/download:", on_click="ignore", key=f"journeys-{name}-parquet",
            )  # fmt: skip


def _csv(path) -> bytes:
    buffer = io.StringIO()
    pd.read_parquet(path).to_csv(buffer, index=False)
    return buffer.getvalue().encode()
