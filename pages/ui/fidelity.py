"""The fidelity numbers as tables."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd
import streamlit as st

from pages.ui import text


def features(report) -> None:
    """Every feature with every value that fits in a cell, worst first; formulas as column tooltips."""
    rows = [{k: v for k, v in asdict(f).items() if isinstance(v, str | int | float | None)} for f in report.features]
    frame = pd.DataFrame(rows)
    if "kl" in frame:
        frame = frame.sort_values("kl", ascending=False, ignore_index=True)
    formulas = getattr(report, "formulas", {})
    st.dataframe(
        frame,
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(_label(name), format="%.3f", help=formulas.get(name))
            if pd.api.types.is_float_dtype(frame[name])
            else st.column_config.Column(_label(name), help=formulas.get(name), pinned=name == "name")
            for name in frame
        },
        alt="Fidelity of every feature",
    )


def _label(name: str) -> str:
    return {"kl": "KL", "name": "Feature"}.get(name, name.replace("_", " ").capitalize())


def unavailable(report) -> None:
    """Metrics that could not run, with the reason."""
    missing = report.unavailable
    if missing:
        with st.expander(f"Not available ({text.count(len(missing))})"):
            st.markdown("\n".join(f"- **{m.name}**: {m.reason}" for m in missing))
