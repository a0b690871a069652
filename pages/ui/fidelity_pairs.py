"""Pairs of columns: all at a glance, the worst by name, and one pair cell by cell."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import charts, imported, loaded, text, workspace
from pages.ui.frame import guard
from synth_core import charts as figures
from synth_core import fidelity
from synth_core.fidelity import FidelityReport, PairDetail
from synth_core.runs import Run


def associations(report: FidelityReport) -> None:
    """Heat maps of all pairs, and every pair by name, worst first."""
    st.header("Columns together", anchor=False)
    charts.show(figures.correlations(report), "correlations")
    pairs = report.associations.pairs if report.associations else ()
    if not pairs:
        return
    st.header("Pairs, worst first", anchor=False)
    if report.holdout_rows:
        st.caption("In order of how far they fall short of the real holdout.")
    columns = {
        "First": [p.first for p in pairs],
        "Second": [p.second for p in pairs],
        "Similarity": [p.similarity for p in pairs],
    }
    if any(p.similarity_holdout is not None for p in pairs):
        columns["Similarity of holdout"] = [p.similarity_holdout for p in pairs]
    st.dataframe(
        pd.DataFrame(columns).astype({c: "float64" for c in columns if c.startswith("Similarity")}),
        hide_index=True,
        height=min(38 + 35 * len(pairs), 248),
        column_config={
            c: st.column_config.NumberColumn(format="%.3f", help=report.formulas["similarity"])
            for c in columns
            if c.startswith("Similarity")
        },
        alt="Pairs of columns with their similarity, worst first",
    )


@st.fragment
def detail(run: Run, report: FidelityReport) -> None:
    """One pair: where its joint shares differ."""
    if report.associations is None or not report.associations.pairs:
        return
    st.header("One pair", anchor=False)
    if not imported.has_table(run):
        st.caption(f"{imported.ABSENT}, and counting two columns together needs it.")
        return
    names, worst = report.associations.names, report.associations.pairs[0]
    left, right = st.columns(2)
    first = left.selectbox("First column", names, index=names.index(worst.first), key="pair-first")
    others = [n for n in names if n != first]
    default = worst.second if worst.second in others else others[0]
    second = right.selectbox("Second column", others, index=others.index(default), key=f"pair-second-{first}")
    with guard():
        found = _pair(str(workspace.workspace()), run.id, first, second, report.seed)
        charts.show(figures.pair_detail(found), "pair-detail")
        alike = [f"similarity {text.score(found.similarity)}"]
        if found.similarity_holdout is not None:
            alike.append(f"real holdout {text.score(found.similarity_holdout)}")
        if found.association_real is not None and found.association_synthetic is not None:
            alike.append(
                f"association {text.score(found.association_real)} in real rows, "
                f"{text.score(found.association_synthetic)} in synthetic ones"
            )
        st.caption(f"{', '.join(alike).capitalize()}.")


@st.cache_data(max_entries=64, show_spinner="Comparing the pair …")
def _pair(folder: str, run: str, first: str, second: str, seed: int) -> PairDetail:
    found = loaded.generated(workspace.store().get(run))
    train, holdout = found.compared
    return fidelity.pair_detail(train, holdout, found.synthetic, first, second, seed=seed)
