"""Leads and outcomes of a test: uploads, what was found in them, the timeline, the folder of a nightly job."""

from __future__ import annotations

import streamlit as st

from pages.ui import (
    prospective_card,
    prospective_found,
    prospective_nightly,
    prospective_replay,
    text,
    uploads,
    workspace,
)
from pages.ui import prospective_views as views
from synth_core.errors import SynthError
from synth_core.prospective.log import TestLog

_TOLD = "prospective-told"


def section() -> None:
    """Everything that goes into a test."""
    log = views.need_test()
    prospective_replay.section(log)
    left, right = st.columns(2, gap="large")
    with left:
        _leads(log)
    with right:
        _outcomes(log)
    cohorts = log.cohorts()
    prospective_found.timeline(cohorts, log.outcome_files())
    prospective_found.details(log.folder.name, cohorts)
    st.divider()
    with st.expander("The frozen models", icon=":material/ac_unit:"):
        prospective_card.show(log.scorer, log.folder / "scorer.zip", log.folder.name)
    with st.expander("Files from a nightly job", icon=":material/schedule:"):
        prospective_nightly.section(log)
    views.remove(log.folder.name)


def _leads(log: TestLog) -> None:
    st.header("New leads", anchor=False)
    file = st.file_uploader("File of leads", type=uploads.TYPES, key=f"leads-{log.folder.name}")
    st.caption(
        f"One row per lead, with “{text.literal(log.settings.id_column)}” and the features the models know. Scored at "
        "once by both models, and kept: a lead's first score stands."
    )
    if _pressed("Score and keep", file, "", f"leads-add-{log.folder.name}"):
        with st.spinner("Scoring …"):
            _add(lambda: _scored(log, file))
    _told("leads")


def _scored(log: TestLog, file) -> None:
    workspace.make_room(file.size)
    cohort = log.add_leads(file.getvalue(), label=file.name)
    st.session_state[_TOLD] = ("leads", file.file_id, f"{text.count(cohort.leads.rows)} rows read and scored.")
    st.session_state[prospective_found.PICK] = cohort.id


def _outcomes(log: TestLog) -> None:
    st.header("Outcomes", anchor=False)
    file = st.file_uploader("File of outcomes", type=uploads.TYPES, key=f"outcomes-{log.folder.name}")
    st.caption(
        f"One row per lead that has ended: “{text.literal(log.settings.id_column)}” and "
        f"“{text.literal(log.card.target)}”. Late, repeated and partial files are fine."
    )
    correction = st.checkbox(
        "These are corrections", key=f"correction-{log.folder.name}",
        help="They overrule what was said of these leads before. Without the tick, a lead with two different outcomes "
        "is left out until a correction says which is right.",
    )  # fmt: skip
    if _pressed("Add outcomes", file, correction, f"outcomes-add-{log.folder.name}"):
        with st.spinner("Matching …"):
            _add(lambda: _matched(log, file, correction))
    _told("outcomes")


def _matched(log: TestLog, file, correction: bool) -> None:
    found = log.add_outcomes(file.getvalue(), label=file.name, correction=correction)
    st.session_state[_TOLD] = ("outcomes", file.file_id, prospective_found.in_words(found))


def _pressed(label: str, file, how: object, key: str) -> bool:
    """A button that adds an uploaded file once in each way."""
    mark = None if file is None else (file.file_id, how)
    done = mark is not None and st.session_state.get(f"{key}-done") == mark
    if st.button(label, type="primary", key=key, disabled=file is None or done):
        st.session_state[f"{key}-done"] = mark
        return True
    return False


def _add(work) -> None:
    try:
        work()
    except SynthError as error:
        st.error(text.literal(str(error)), icon=":material/error:")
        return
    st.rerun()


def _told(what: str) -> None:
    """What the file that was just added brought."""
    kind, _, sentence = st.session_state.get(_TOLD, ("", "", ""))
    if kind == what:
        st.success(text.literal(sentence), icon=":material/check:")
        del st.session_state[_TOLD]
