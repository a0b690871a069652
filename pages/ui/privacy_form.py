"""What an outsider is taken to know and to want, before the attacks start."""

from __future__ import annotations

import streamlit as st

from pages.ui import loaded, privacy_runs, text
from pages.ui.privacy_runs import Outsider
from synth_core.privacy import Preset, presets
from synth_core.runs import Run
from synth_core.tables import Schema

OWN = "own"
_LISTED = 12  #: names in a sentence
_ATTACKER = (
    "Attacks start from something. The more an outsider is taken to know about a person, the harder the test; the "
    "worst case stands first."
)


def form(run: Run) -> Outsider | None:
    """Ask for them, and start the attacks on the rows of ``run``; None where the table has too few columns."""
    schema = _schema(run)
    offered = {p.key: p for p in presets(schema)}
    if not offered:
        st.info("Attacks need at least two columns that a generator looks at: features or the target.")
        return None
    left, right = st.columns([3, 1])
    chosen = left.selectbox(
        "What an outsider knows",
        [*offered, OWN],
        format_func=lambda key: "My own choice" if key == OWN else offered[key].title,
        key=f"outsider-{run.dataset}",
        help=_ATTACKER,
    )
    seed = right.number_input(
        "Seed",
        0,
        2**31 - 1,
        run.spec["seed"],
        key=f"privacy-seed-{run.id}",
        help="The same seed attacks the same rows.",
    )
    known, secret = _own(schema, run.dataset) if chosen == OWN else _preset(offered[chosen])
    outsider = Outsider(known, secret, int(seed))
    if st.button(
        "Check privacy",
        type="primary",
        icon=":material/shield_lock:",
        key="check-privacy",
        disabled=not (known and secret),
    ):
        privacy_runs.start_check(run, outsider)
    return outsider if known and secret else None


def _schema(run: Run) -> Schema:
    """Of the synthetic rows: a table made elsewhere may lack columns."""
    return loaded.generated(run).schema if run.task == "audit" else loaded.table(run.dataset).schema


def _preset(preset: Preset) -> tuple[list[str], list[str]]:
    st.caption(f"{preset.about} Known: {listed(preset.known)}. Secret: {listed(preset.secret_columns)}.")
    return list(preset.known), list(preset.secret_columns)


def _own(schema: Schema, dataset: str) -> tuple[list[str], list[str]]:
    columns = [c.name for c in schema if c.name in schema.features or c.name == schema.target]
    left, right = st.columns(2)
    known = left.multiselect("Known columns", columns, key=f"known-{dataset}", placeholder="Choose at least one")
    secret = right.multiselect(
        "Secret columns",
        columns,
        key=f"secret-{dataset}",
        placeholder="Choose at least one",
        help="What the outsider would like to learn. A column that is known as well is hidden while it is guessed.",
    )
    return known, secret


def listed(names: tuple[str, ...]) -> str:
    """Column names in a sentence, long lists cut."""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return text.literal(", ".join(names[:_LISTED])) + more
