"""Widgets for a generator's settings, drawn from the catalogue."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui import text
from pages.ui.frame import guard
from pages.ui.workspace import store
from synth_core.advice.thresholds import RARE
from synth_core.generators.budget import estimate
from synth_core.generators.ratio import rows_for_ratio
from synth_core.generators.registry import CATALOGUE, Entry, Setting
from synth_core.lift import default_arms
from synth_core.runs import Run
from synth_core.tables import Table

PRIVATE = "dp_mst"
MOST_ROWS = 1_000_000
NEURAL = ("ctgan", "tvae")
SMOTE_FAMILY = ("smote", "smotenc", "borderline_smote", "adasyn")
LICENCE = (
    "Uses SDV (BUSL-1.1): free to use inside your company; not for a commercial service that gives third parties "
    "its functionality. The other generators do not use it."
)


def title(name: str) -> str:
    return CATALOGUE[name].title


def offered(table: Table) -> list[str]:
    """The generators that can be used on ``table``: those that need classes only where there are classes."""
    return [n for n, e in CATALOGUE.items() if has_classes(table) or not e.needs_classes]


def suggested(table: Table, *, search: bool = False) -> list[str]:
    """The generators that a study, or an Autopilot, starts with."""
    return [n for n in default_arms(table, search=search) if n in offered(table)]


def has_classes(table: Table) -> bool:
    return table.task in ("binary", "multiclass")


def is_rare(table: Table) -> bool:
    """Whether fewer than one row in ten has the outcome of interest."""
    return table.is_binary and table.labels().mean() < RARE


def balanced(table: Table) -> list[list]:
    """The suggested form of SMOTE, adding rows of the rarest class only, as a study asks for it."""
    return [[n, {"classes": "minority"}] for n in suggested(table) if CATALOGUE[n].needs_classes]


def pick_generator(table: Table) -> Entry:
    """The generator picker with its one-line summary and licence note."""
    names, asked = offered(table), st.query_params.get("generator")
    start = names.index(asked) if asked in names else 0
    name = st.selectbox("Generator", names, index=start, format_func=title, key="generator")
    entry = CATALOGUE[name]
    st.caption(entry.summary + (" " + LICENCE if entry.library == "sdv" else ""))
    if not has_classes(table):
        st.caption("The SMOTE family needs a target with classes, so it is not offered for this table.")
    return entry


def settings(entry: Entry, table: Table) -> dict[str, Any]:
    """Values the user chose for ``entry``'s settings; those left empty are not passed on."""
    chosen = {s.name: _widget(entry.name, s, table) for s in entry.settings if s.holds != "values"}
    return {k: v for k, v in chosen.items() if v is not None}


def _widget(generator: str, setting: Setting, table: Table) -> Any:
    key = f"{generator}-{setting.name}"
    if setting.holds == "column":
        return st.selectbox(
            setting.label, table.schema.names, index=None, placeholder="none", help=setting.help, key=key
        )
    if setting.choices:
        asked = st.query_params.get(setting.name)
        start = setting.choices.index(asked) if asked in setting.choices else 0
        return st.selectbox(setting.label, setting.choices, index=start, help=setting.help, key=key)
    return st.number_input(
        setting.label,
        min_value=setting.low,
        max_value=setting.high,
        value=setting.default,
        step=1 if isinstance(setting.low, int) else None,
        format=None if isinstance(setting.low, int) else "%g",
        placeholder="automatic",
        help=setting.help,
        key=key,
    )


def cost(entry: Entry, chosen: dict[str, Any], table: Table, dataset: str, holdout: float) -> None:
    """What a neural generator will take, before it starts; a sentence where it cannot."""
    if entry.name not in NEURAL:
        return
    with guard():
        rows = round(len(table) * (1 - holdout))
        st.caption(_estimate(entry.name, chosen.get("steps"), rows, dataset, table))


@st.cache_data(max_entries=64, show_spinner=False)
def _estimate(name: str, steps: int | None, rows: int, dataset: str, _table: Table) -> str:
    return str(estimate(name, _table, steps, rows=rows))


def rows(entry: Entry, chosen: dict[str, Any], table: Table, holdout: float, seed: int) -> int:
    """How many rows to make: asked directly, or through the sampling ratio where only the rarest class grows."""
    if entry.name not in SMOTE_FAMILY or chosen.get("classes") != "minority":
        return int(st.number_input("Synthetic rows", 1, MOST_ROWS, _rows_asked(), 500, key="rows"))
    ratio = st.slider(
        "Sampling ratio",
        0.05,
        1.0,
        1.0,
        0.05,
        key="sampling-ratio",
        help="Rows of the rarest class for each row of the most common one, in the training rows. 1 = balanced.",
    )
    with guard():
        made = rows_for_ratio(table.split(holdout, seed=seed).train, ratio)
        st.caption(f"Adds {text.count(made)} rows of the rarest class.")
        return made
    return 0


def _rows_asked() -> int:
    """The number of rows in the address, else 4,000."""
    asked = st.query_params.get("rows", "")
    return min(max(int(asked), 1), MOST_ROWS) if asked.isascii() and asked.isdigit() else 4_000


def with_first(arms: list[str], first: str) -> list[str]:
    """``arms`` with the generator just used in front."""
    return arms if first in arms else [first, *arms]


def study_title(arms: list, table: str) -> str:
    names = [title(a) if isinstance(a, str) else f"{title(a[0])} ({_changed(a[1])})" for a in arms]
    return f"Verdict on {', '.join(names)} · {table}"


def _changed(chosen: dict[str, Any]) -> str:
    return f"ε = {chosen['epsilon']:g}" if "epsilon" in chosen else "balanced"


def submit_private_study(dataset: str, table: Table, chosen: dict[str, Any]) -> Run:
    """A study of the private generator with settings ``chosen`` beside Trees, which promise nothing."""
    arms = ["trees", [PRIVATE, chosen]]
    spec = {"dataset": dataset, "arms": arms, "labels": ["own"], "rows": 4_000, "folds": 5, "repeats": 5,
            "curves": False, "seed": 7, "holdout": 0.2}  # fmt: skip
    return store().submit("lift", spec, title=study_title(arms, table.name), dataset=dataset)


def submit_study(run: Run, table: Table) -> Run:
    """A study with the suggested arms and the generator, rows, seed and holdout of a finished ``generate`` run."""
    arms = with_first(suggested(table), run.spec["generator"])
    costly = any(CATALOGUE[a].expensive for a in arms)
    arms = [[a, run.spec["settings"]] if CATALOGUE[a].private else a for a in arms]
    arms = [*arms, *(balanced(table) if is_rare(table) else [])]
    spec = {
        "dataset": run.dataset,
        "arms": arms,
        "labels": ["own", "committee"],
        "rows": run.spec["rows"],
        "folds": 5,
        "repeats": 1 if costly else 5,
        "curves": not costly,
        "seed": run.spec["seed"],
        "holdout": run.spec["holdout"],
    }
    return store().submit("lift", spec, title=study_title(arms, table.name), dataset=run.dataset)
