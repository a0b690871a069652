"""Which checks and self-tests belong to the rows on the page Privacy, and starting new ones."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.ui import current_table, loaded, workspace
from synth_core.runs import Run

_SHOWN = "privacy-rows"  #: session: the run whose rows were shown last


@dataclass(frozen=True)
class Outsider:
    """What an outsider knows and wants, and the seed of the attacks."""

    known: list[str]
    secret_columns: list[str]
    seed: int


def follow() -> Run | None:
    """Lead an address that names a check or a self-test to the rows it was about; a check whose rows are gone."""
    runs = {r.id: r for r in workspace.store().list()}
    asked = runs.get(st.query_params.get("run"))
    if asked is None:
        return None
    if asked.task == "privacy":
        if asked.spec["run"] not in runs:
            return asked
        st.query_params["check"] = asked.id
        st.query_params["run"] = asked.spec["run"]
    elif asked.task == "self_test":
        current_table.remember(asked.dataset)
        shown = runs.get(st.session_state.get(_SHOWN))
        if shown is not None and shown.dataset == asked.dataset:
            st.query_params["run"] = shown.id
        else:
            del st.query_params["run"]
    return None


def check_of(run: Run) -> Run | None:
    """The check of ``run`` that the address names, else its latest."""
    st.session_state[_SHOWN] = run.id
    found = [r for r in workspace.store().list() if r.task == "privacy" and r.spec["run"] == run.id]
    asked = st.query_params.get("check")
    if asked and asked not in [r.id for r in found]:
        del st.query_params["check"]
    return next((r for r in found if r.id == asked), found[0] if found else None)


def self_test_of(dataset: str) -> Run | None:
    """The latest self-test on a table."""
    return next((r for r in workspace.store().list() if r.task == "self_test" and r.dataset == dataset), None)


def start_check(run: Run, outsider: Outsider) -> None:
    """Attack the rows of ``run``, and show how far that is."""
    spec = {"run": run.id, "dataset": run.dataset, "seed": outsider.seed, "known": outsider.known,
            "secret_columns": outsider.secret_columns}  # fmt: skip
    check = workspace.store().submit("privacy", spec, title=f"Privacy of {run.title}", dataset=run.dataset)
    st.query_params["check"] = check.id
    st.rerun()


def start_self_test(run: Run, outsider: Outsider) -> None:
    """Try the meters on the real rows that ``run`` learned from."""
    table = loaded.table(run.dataset)
    spec = {"dataset": run.dataset, "holdout": run.spec.get("holdout") or 0.2, "seed": outsider.seed,
            "known": outsider.known, "secret_columns": outsider.secret_columns}  # fmt: skip
    workspace.store().submit("self_test", spec, title=f"Test of the meters on {table.name}", dataset=run.dataset)
    st.rerun()
