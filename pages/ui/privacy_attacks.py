"""What stands behind the meters: distances, membership attacks, and guesses of secret columns."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import charts, text
from synth_core import charts as figures
from synth_core.privacy.results import PrivacyReport


def show(report: PrivacyReport) -> None:
    """Two pictures side by side, and the table of guesses."""
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Distance to the closest record", anchor=False)
        charts.show(figures.closest_distances(report), "distances")
        _ratios(report)
    with right:
        st.header("Who was in training?", anchor=False)
        charts.show(figures.membership_roc(report), "membership")
    if report.secrets:
        st.header("Guessing the secrets", anchor=False)
        _secrets(report)


def _ratios(report: PrivacyReport) -> None:
    """How much closer the closest record is than the second closest."""
    if report.distances is None:
        return
    made, held = report.distances.ratio_synthetic_quantiles, report.distances.ratio_holdout_quantiles
    st.caption(
        f"Distance to the closest over that to the second closest: the lowest 5 % are under {made[0]:.2f} "
        f"({held[0]:.2f} for unseen rows), half of them under {made[1]:.2f} ({held[1]:.2f}). Near 0, a row stands "
        "close to one record only."
    )


def _secrets(report: PrivacyReport) -> None:
    found = report.secrets
    st.dataframe(
        pd.DataFrame(
            {
                "Secret column": [s.name for s in found],
                "Right, training rows": [text.share(s.value) for s in found],
                "95 % interval": [f"{text.share(s.low)} to {text.share(s.high)}" for s in found],
                "Right, unseen rows": [text.share(s.reference) for s in found],
                "Interval, unseen": [f"{text.share(s.reference_low)} to {text.share(s.reference_high)}" for s in found],
                "A guess is right": [s.rule for s in found],
            }
        ),
        hide_index=True,
        height="content",
        column_config={
            "95 % interval": st.column_config.TextColumn(help="Wilson's interval of a share."),
            "Right, unseen rows": st.column_config.TextColumn(
                help="What general patterns tell anyway: only more than this is a leak about single people."
            ),
        },
        alt="Share of right guesses of every secret column, among training rows and among unseen rows",
    )
    st.caption("Only what is above the share among unseen rows is known because someone was in training.")
