"""The small tables and fields in which a blueprint is edited."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from pages.ui.frame import ASSETS
from synth_core.blueprint import (
    DISTRIBUTIONS,
    Blueprint,
    Drawn,
    TargetSpec,
    draw,
    from_yaml,
    read_blueprint,
    rules,
    sheet,
)
from synth_core.blueprint.records import TYPES

EXAMPLES = {"Campaign leads": "campaign-leads.yaml", "A data dictionary": "data-dictionary.csv"}
PREVIEWED = 5_000  #: rows


def example(title: str) -> tuple[Blueprint, tuple[str, ...]]:
    """A bundled blueprint."""
    name = EXAMPLES[title]
    return read_blueprint((ASSETS / "blueprints" / name).read_bytes(), name)


def current() -> Blueprint:
    """The blueprint the editors start from: the last one opened in this session, else the first example."""
    if "blueprint" not in st.session_state:
        start(*example("Campaign leads"))
    return st.session_state["blueprint"]


def start(blueprint: Blueprint, notes: tuple[str, ...] = ()) -> None:
    """Open ``blueprint`` in fresh editors."""
    st.session_state["blueprint"] = blueprint
    st.session_state["blueprint-notes"] = notes
    st.session_state["blueprint-version"] = st.session_state.get("blueprint-version", 0) + 1


def edit(base: Blueprint) -> Blueprint:
    """The blueprint as the editors state it now; errors name the row."""
    box = st.container()
    with st.expander("Rules between columns", icon=":material/rule:"):
        lines = _rules(base)
    with box:
        columns = _columns(base, rules.computed_names(lines))
    found = tuple(rules.parse(line, [c.name for c in columns]) for line in lines)
    target = _target(base, columns)
    with st.expander("Correlations", icon=":material/link:"):
        st.caption("Of the normal scores: near the rank correlation. Pairs that are not named are uncorrelated.")
        pairs = sheet.correlations_from_sheet(_correlations(base))
    return replace(base, columns=columns, target=target, correlations=pairs, rules=found)


def _key(name: str) -> str:
    return f"blueprint-{name}-{st.session_state['blueprint-version']}"


def _stable(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame in every run of a version: writing an editor's result back into its input would lose edits."""
    return st.session_state.setdefault(_key(f"{name}-start"), frame)


def _columns(base: Blueprint, computed: frozenset[str]) -> tuple:
    start_ = _stable("columns", sheet.columns_sheet(base))
    text = st.column_config.TextColumn
    edited = st.data_editor(
        start_,
        key=_key("columns"),
        num_rows="dynamic",
        hide_index=True,
        height=min(75 + 35 * len(start_), 560),
        column_config={
            "Column": text(pinned=True),
            "Type": st.column_config.SelectboxColumn(options=TYPES, width="small"),
            "Low": text(width="small", help="Smallest value; the first day of a date."),
            "Mean": text(width="small", help="Of the rows that are not zero, before low and high cut anything off."),
            "High": text(width="small", help="Largest value; the last day of a date."),
            "SD": text(width="small", help="Standard deviation of the rows that are not zero."),
            "Distribution": st.column_config.SelectboxColumn(
                options=[sheet.AUTOMATIC, *DISTRIBUTIONS, sheet.NONE],
                help="Automatic: uniform from low to high, a beta where a mean is stated, else the plainest that fits.",
            ),
            "Levels and shares": text(
                width="large", help="Search 40 %, Social 60 %. Without shares all are equally frequent."
            ),
            "Zeros": text(width="small", help="Share of the filled rows that are exactly 0, such as 20 %."),
            "Missing": text(width="small", help="Share of the rows left blank, such as 5 %."),
            "Description": text(width="medium"),
        },
        alt="Columns of the blueprint",
    )
    return sheet.columns_from_sheet(edited, base, computed)


def _rules(base: Blueprint) -> list[str]:
    text = st.text_area(
        "One rule a line",
        "\n".join(map(rules.text_of, base.rules)),
        key=_key("rules"),
        help=f"For example: {rules.EXAMPLES}, region, city: West, Köln | West, Bonn.",
    )
    st.caption("Rows that break a comparison are drawn again; sums and ratios are computed, never drawn.")
    return [line.strip() for line in text.splitlines() if line.strip()]


def _target(base: Blueprint, columns: tuple) -> TargetSpec | None:
    stated = base.target
    with st.expander("Target and what drives it", expanded=True, icon=":material/target:"):
        if not st.toggle("Predict something", value=stated is not None, key=_key("with-target")):
            return None
        stated = stated or TargetSpec("outcome")
        name, other, positive, prevalence = st.columns([3, 2, 2, 2])
        chosen = name.text_input("Target", stated.name, key=_key("target")).strip()
        labels = (
            other.text_input("Other label", stated.labels[0], key=_key("other")).strip(),
            positive.text_input("Outcome of interest", stated.labels[1], key=_key("positive")).strip(),
        )
        share = prevalence.number_input(
            "Its share of rows (%)", 0.01, 99.99, 100 * stated.prevalence, 1.0, key=_key("prevalence")
        )
        st.caption(
            "A strength is a change of the log-odds: per standard deviation of a number, from the first label to the "
            "second, or of one level. 0.2 is weak, 0.5 plain, 1 strong."
        )
        edited = st.data_editor(
            _stable("drivers", sheet.drivers_sheet(stated)),
            key=_key("drivers"),
            num_rows="dynamic",
            hide_index=True,
            column_config={
                "Column": st.column_config.SelectboxColumn(options=sheet.modelled_names(columns)),
                "Level": st.column_config.TextColumn(help="Of a category; blank for numbers and yes/no columns."),
                "Strength": st.column_config.NumberColumn(format="%.2f", min_value=-20.0, max_value=20.0),
            },
            alt="What drives the target",
        )
        return TargetSpec(chosen, share / 100, labels, sheet.drivers_from_sheet(edited))


def _correlations(base: Blueprint) -> pd.DataFrame:
    names = st.column_config.SelectboxColumn(options=sheet.modelled_names(base.columns))
    return st.data_editor(
        _stable("correlations", sheet.correlations_sheet(base)),
        key=_key("correlations"),
        num_rows="dynamic",
        hide_index=True,
        column_config={
            "First": names,
            "Second": names,
            "Correlation": st.column_config.NumberColumn(format="%.2f", min_value=-0.99, max_value=0.99, step=0.05),
        },
        alt="Correlations between columns",
    )


@st.cache_resource(max_entries=8, show_spinner="Drawing rows …")
def previewed(text: str, rows: int, seed: int) -> Drawn:
    """The first rows of the blueprint written in ``text``; the same text draws the same rows."""
    return draw(from_yaml(text), min(rows, PREVIEWED), seed=seed)
