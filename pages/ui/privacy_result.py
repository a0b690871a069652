"""A finished privacy check, from the headline down to what was attacked."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import banner, privacy_attacks, privacy_meters, text
from pages.ui.privacy_form import listed
from synth_core.privacy.results import PrivacyReport
from synth_core.reports import privacy


def show(report: PrivacyReport) -> None:
    """Headline, what may not leave, and what stands behind them in tabs."""
    banner.show(privacy.finding(report))
    _before_download(report)
    st.caption(privacy.CAUTION)
    parts = {
        "Meters": privacy_meters.show,
        "Distances and attacks": privacy_attacks.show,
        "What was attacked": _attacked,
    }
    for tab, draw in zip(st.tabs(list(parts)), parts.values(), strict=True):
        with tab:
            draw(report)


def _before_download(report: PrivacyReport) -> None:
    """Whether real values of columns that must not leave are among the synthetic ones."""
    broken = [o for o in report.overlaps if o.rows]
    if broken:
        found = "; ".join(
            f"“{text.literal(o.name)}” ({o.role}) in {text.count(o.rows)} row{'s' * (o.rows > 1)}" for o in broken
        )
        st.error(
            f"**Identifiers and sensitive values: fail.** Do not download: synthetic rows hold real values of {found}. "
            "Generate the rows again, or choose “Blank” for these columns on the Data page.",
            icon=":material/lock:",
        )
    elif report.overlaps:
        st.success(
            "**Identifiers and sensitive values: pass.** Compared one by one, no synthetic row holds a real value of "
            f"{listed(tuple(o.name for o in report.overlaps))}.",
            icon=":material/check_circle:",
        )
    else:
        st.caption(
            "Nothing to compare before download: the synthetic rows have no identifiers, sensitive columns or free "
            "text."
        )


def _attacked(report: PrivacyReport) -> None:
    """Sizes, the outsider, and the seed."""
    st.dataframe(
        pd.DataFrame(
            {
                "Rows": ["Training (the generator saw them)", "Unseen real rows", "Synthetic"],
                "All": list(map(text.count, (report.train_rows, report.holdout_rows, report.synthetic_rows))),
                "Occur once": [text.count(report.unique_train), text.count(report.unique_holdout), "–"],
                "Sampled": list(
                    map(text.count, (report.sampled_train, report.sampled_holdout, report.sampled_synthetic))
                ),
            }
        ),
        hide_index=True,
        column_config={
            "All": st.column_config.TextColumn(alignment="right"),
            "Occur once": st.column_config.TextColumn(
                alignment="right",
                help="Only a row that no one else shares can be recognised, so only these are attacked.",
            ),
            "Sampled": st.column_config.TextColumn(alignment="right", help="That entered distances and attacks."),
        },
        alt="How many rows there are, how many occur once, and how many were sampled",
    )
    known, secret = (listed(names) or "nothing" for names in (report.known, report.secret_columns))
    st.markdown(
        f"An outsider knows **{known}** and would like to learn **{secret}**. Seed {report.seed}: the same seed gives "
        "the same numbers."
    )
