"""A finished comparison, from its scores down to every number."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, fidelity_columns, fidelity_compare, fidelity_pairs, fidelity_scores, text
from pages.ui.fidelity_columns import MEASURES, OF_REAL
from synth_core import charts as figures
from synth_core.fidelity import FidelityReport
from synth_core.runs import Run

VIEW = "fidelity-view"  #: key of the tabs


def show(run: Run, report: FidelityReport, others: list[Run]) -> None:
    """What was found in tabs, of which only the open one is drawn; with ``others``, the first is the comparison."""
    parts = {
        **({fidelity_compare.TITLE: lambda report: fidelity_compare.show([run, *others])} if others else {}),
        "Overview": _overview,
        "Columns": _columns,
        "Pairs": lambda report: _pairs(run, report),
        "Target and map": _target_and_map,
        "All numbers": _numbers,
    }
    if st.session_state.get(VIEW) not in parts:
        st.session_state.pop(VIEW, None)
    tabs = st.tabs(list(parts), key=VIEW, on_change="rerun")
    for tab, draw in zip(tabs, parts.values(), strict=True):
        if tab.open:
            with tab:
                draw(report)


def _overview(report: FidelityReport) -> None:
    fidelity_scores.scorecard(report)
    st.header("Divergence per feature", anchor=False)
    charts.show(figures.kl_bars(report), "kl")
    fidelity_scores.two_sample(report)


def _columns(report: FidelityReport) -> None:
    fidelity_columns.marginals(report)
    fidelity_columns.detail(report)
    fidelity_columns.covered(report)


def _pairs(run: Run, report: FidelityReport) -> None:
    fidelity_pairs.associations(report)
    fidelity_pairs.detail(run, report)


def _target_and_map(report: FidelityReport) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.header("What each feature tells about the target", anchor=False)
        charts.show(figures.target_relation(report), "target")
    with right:
        st.header("Rows on a map", anchor=False)
        charts.show(figures.projection(report), "projection")


def _numbers(report: FidelityReport) -> None:
    st.header("Every feature", anchor=False)
    _features(report)
    st.header("Not available", anchor=False)
    lines = [f"- **{text.literal(m.name)}**: {text.literal(m.reason)}" for m in report.unavailable]
    st.markdown("\n".join(lines) or "Every measure could be computed.")
    st.header("Rows used", anchor=False)
    counts = [f"{text.count(report.train_rows)} real training rows", f"{text.count(report.synthetic_rows)} synthetic"]
    if report.holdout_rows:
        counts.append(f"{text.count(report.holdout_rows)} real holdout")
    st.markdown("\n".join(f"- {line}" for line in (f"{', '.join(counts)}; seed {report.seed}.", *report.sampling)))


def _features(report: FidelityReport) -> None:
    """Every feature with every measure, the holdout's beside the synthetic rows'; formulas as column tooltips."""
    sides = {"real": OF_REAL, "synthetic": MEASURES, "holdout": MEASURES if report.holdout_rows else ()}
    of = {
        f"{title}, {whose}": (whose, field)
        for field, (title, _) in MEASURES.items()
        for whose, known in sides.items()
        if field in known
    }
    fidelity_columns.table(report, of, alt="Fidelity of every feature")
