"""Column by column: small multiples worst first, what is covered, and one column with everything about it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import charts, number_table, text
from synth_core import charts as figures
from synth_core.fidelity import FeatureFidelity, FidelityReport

SHOWN = 6  #: panels; twelve took a browser twice as long
#: Field of ``Measures`` → name on screen, which way is good.
MEASURES = {
    "kl": ("KL", "↓ lower"),
    "kl_reverse": ("KL reversed", "↓ lower"),
    "kl_noise": ("KL by chance", "to compare"),
    "shape": ("KS / TV", "↑ higher"),
    "jensen_shannon": ("Jensen–Shannon", "↓ lower"),
    "wasserstein": ("Wasserstein / IQR", "↓ lower"),
    "coverage": ("Coverage", "↑ higher"),
    "adherence": ("Inside the real range or levels", "↑ higher"),
    "missing": ("Missing", "as in real"),
    "distinct": ("Different values", "as in real"),
    "target_auc": ("AUC alone for the target", "as in real"),
}
#: Those that the real training rows have too, and the field that holds it.
OF_REAL = {"missing": "missing_real", "distinct": "distinct_real", "target_auc": "target_auc_real"}
_COVERED = {
    "Missing, real": ("real", "missing"),
    "Missing, synthetic": ("synthetic", "missing"),
    "Range or levels covered": ("synthetic", "coverage"),
    "Inside range or levels": ("synthetic", "adherence"),
    "Different values, real": ("real", "distinct"),
    "Different values, synthetic": ("synthetic", "distinct"),
}
_SHARES = ("coverage", "adherence", "missing")
_FORMATS = {**dict.fromkeys(_SHARES, "percent"), "distinct": "localized"}


def worst_first(report: FidelityReport) -> list[FeatureFidelity]:
    """The features in order of falling KL."""
    return sorted(report.features, key=lambda f: -f.synthetic.kl)


@st.fragment
def marginals(report: FidelityReport) -> None:
    """Six columns at a time."""
    st.header("Columns, worst first", anchor=False)
    pages = -(-len(report.features) // SHOWN)
    page = st.pagination(pages, key="marginals-page") if pages > 1 else 1
    charts.show(figures.marginals(report, limit=SHOWN, offset=SHOWN * (page - 1)), "marginals")


@st.fragment
def detail(report: FidelityReport) -> None:
    """One column: its distribution and every measure."""
    st.header("One column", anchor=False)
    found = {f.name: f for f in worst_first(report)}
    if not found:
        st.caption("No column could be compared.")
        return
    name = st.selectbox(
        "Column, worst first",
        list(found),
        format_func=lambda n: f"{n} · KL {found[n].synthetic.kl:.3f}",
        key="feature-detail",
    )
    feature = found[name]
    st.markdown(text.literal(feature.sentence))
    charts.show(figures.feature_detail(feature), "feature-detail-chart")
    number_table.show(
        ["Synthetic", *(["Real holdout"] if feature.holdout else []), "Real training"],
        [_row(field, feature, report.formulas) for field in MEASURES],
        about=f"Every measure of {name}",
    )
    for entry in report.unavailable:
        if entry.name == name or entry.name.endswith(f" of {name}"):
            st.caption(f"{entry.name}: {entry.reason}.")


def covered(report: FidelityReport) -> None:
    """Missing values, ranges and levels of every column, real beside synthetic."""
    st.header("Missing values, ranges and levels", anchor=False)
    table(report, _COVERED, alt="Missing values, ranges and levels of every column")


def table(report: FidelityReport, of: dict[str, tuple[str, str]], *, alt: str) -> None:
    """Every feature, worst first, with the measures ``of``: title → whose (real, synthetic, holdout), field."""
    shown = worst_first(report)
    columns = {title: [_value(f, whose, field) for f in shown] for title, (whose, field) in of.items()}
    st.dataframe(
        pd.DataFrame({"Column": [f.name for f in shown], **columns}).astype(dict.fromkeys(columns, "float64")),
        hide_index=True,
        height=min(38 + 35 * max(len(shown), 1), 430),
        column_config={
            "Column": st.column_config.TextColumn(pinned=True),
            **{
                title: st.column_config.NumberColumn(
                    format=_FORMATS.get(field, "%.3f"),
                    help=report.formulas[OF_REAL[field] if whose == "real" else field],
                )
                for title, (whose, field) in of.items()
            },
        },
        alt=alt,
    )


def _value(feature: FeatureFidelity, whose: str, field: str) -> float | None:
    if whose == "real":
        return getattr(feature, OF_REAL[field])
    measures = getattr(feature, whose)
    return None if measures is None else getattr(measures, field)


def _row(field: str, feature: FeatureFidelity, formulas: dict[str, str]) -> number_table.Row:
    title, direction = MEASURES[field]
    if field == "wasserstein" and not feature.is_quantity:
        direction = "numbers only"
    sides = ["synthetic", *(["holdout"] if feature.holdout else []), *(["real"] if field in OF_REAL else [])]
    cells = [_cell(field, _value(feature, whose, field)) for whose in sides]
    return number_table.Row(title, formulas[field], (*cells, *([] if field in OF_REAL else [""])), direction)


def _cell(field: str, value: float | None) -> str:
    if value is None:
        return "–"
    return text.count(value) if field == "distinct" else text.share(value) if field in _SHARES else text.score(value)
