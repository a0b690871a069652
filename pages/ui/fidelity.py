"""The fidelity numbers as tables."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import text

#: Label → whose measure (None: the feature's own field), field.
LABELS = {
    "KL": ("synthetic", "kl"),
    "KL reversed": ("synthetic", "kl_reverse"),
    "KL by chance": ("synthetic", "kl_noise"),
    "KL of holdout": ("holdout", "kl"),
    "KS / TV": ("synthetic", "shape"),
    "KS / TV of holdout": ("holdout", "shape"),
    "Jensen–Shannon": ("synthetic", "jensen_shannon"),
    "Wasserstein / IQR": ("synthetic", "wasserstein"),
    "Coverage": ("synthetic", "coverage"),
    "Missing, real": (None, "missing_real"),
    "Missing, synthetic": ("synthetic", "missing"),
    "AUC alone, real": (None, "target_auc_real"),
    "AUC alone, synthetic": ("synthetic", "target_auc"),
    "AUC alone, holdout": ("holdout", "target_auc"),
}


def features(report) -> None:
    """Every feature with every value, worst first; formulas as column tooltips."""
    rows = [{"Feature": f.name, **{label: _value(f, *of) for label, of in LABELS.items()}} for f in report.features]
    frame = pd.DataFrame(rows, columns=["Feature", *LABELS]).sort_values("KL", ascending=False, ignore_index=True)
    formats = {
        label: st.column_config.NumberColumn(format="%.3f", help=report.formulas[name])
        for label, (_, name) in LABELS.items()
    }
    st.dataframe(
        frame.astype({label: "float64" for label in formats}),
        hide_index=True,
        column_config={"Feature": st.column_config.TextColumn(pinned=True), **formats},
        alt="Fidelity of every feature",
    )


def _value(feature, of: str | None, name: str) -> float | None:
    measures = feature if of is None else getattr(feature, of)
    return None if measures is None else getattr(measures, name)


def unavailable(report) -> None:
    """Metrics that could not run, with the reason."""
    missing = report.unavailable
    if missing:
        with st.expander(f"Not available ({text.count(len(missing))})"):
            st.markdown("\n".join(f"- **{m.name}**: {m.reason}" for m in missing))
