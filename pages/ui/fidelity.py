"""The fidelity numbers as tables."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import text

LABELS = {
    "name": "Feature",
    "kl": "KL",
    "kl_reverse": "KL reversed",
    "kl_noise": "KL by chance",
    "kl_holdout": "KL of holdout",
    "shape": "KS / TV",
    "shape_holdout": "KS / TV of holdout",
    "jensen_shannon": "Jensen–Shannon",
    "wasserstein": "Wasserstein / IQR",
    "coverage": "Coverage",
    "missing_real": "Missing, real",
    "missing_synthetic": "Missing, synthetic",
    "target_auc_real": "AUC alone, real",
    "target_auc_synthetic": "AUC alone, synthetic",
    "target_auc_holdout": "AUC alone, holdout",
}


def features(report) -> None:
    """Every feature with every value, worst first; formulas as column tooltips."""
    rows = [{label: getattr(f, name) for name, label in LABELS.items()} for f in report.features]
    frame = pd.DataFrame(rows, columns=list(LABELS.values())).sort_values("KL", ascending=False, ignore_index=True)
    formats = {
        label: st.column_config.NumberColumn(format="%.3f", help=report.formulas[name])
        for name, label in LABELS.items()
        if name != "name"
    }
    st.dataframe(
        frame.astype({label: "float64" for label in formats}),
        hide_index=True,
        column_config={"Feature": st.column_config.TextColumn(pinned=True), **formats},
        alt="Fidelity of every feature",
    )


def unavailable(report) -> None:
    """Metrics that could not run, with the reason."""
    missing = report.unavailable
    if missing:
        with st.expander(f"Not available ({text.count(len(missing))})"):
            st.markdown("\n".join(f"- **{m.name}**: {m.reason}" for m in missing))
