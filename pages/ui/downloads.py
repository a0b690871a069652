"""Downloads of generated rows."""

from __future__ import annotations

import re

import streamlit as st

from synth_core.runs import Run
from synth_core.tables import export

PARQUET = "application/vnd.apache.parquet"


def offer(run: Run, found) -> None:
    """Synthetic CSV and Parquet, and the real training rows with the synthetic ones, marked."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", f"synthetic {run.spec['generator']} {run.id[:8]}").strip("-")
    with st.container(horizontal=True, key="downloads"):
        st.download_button(
            "Synthetic rows (CSV)",
            lambda: export.to_csv_bytes(found.synthetic, found.schema),
            f"{stem}.csv",
            "text/csv",
            key="download-csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Synthetic rows (Parquet)",
            lambda: export.to_parquet_bytes(found.synthetic, found.schema),
            f"{stem}.parquet",
            PARQUET,
            key="download-parquet",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Real + synthetic (CSV)",
            lambda: export.to_csv_bytes(export.combined(found.train, found.synthetic), found.schema),
            f"{stem}-combined.csv",
            "text/csv",
            key="download-combined",
            icon=":material/download:",
            on_click="ignore",
            help="The real training rows and the synthetic ones, with a column is_synthetic. The holdout stays out.",
        )
    st.caption("Text that a spreadsheet would run as a formula is neutralised in the CSV files.")
