"""Which part of the page Voice is shown, for which brand and run; all three are in the address."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from pages.ui import text, views, voice_keys, workspace
from synth_core.errors import VoiceError
from synth_core.runs import Run
from synth_core.voice.library import Info
from synth_core.voice.records import Brand

VIEWS = {"brand": "1 Brand", "voice": "2 Voice", "write": "3 Write", "review": "4 Review", "export": "5 Export"}
#: A task's runs are shown in these views, first of all in the first one.
TASKS = {"voice_check": ("voice",), "voice": ("write", "review", "export")}
_PICK = "voice-pick-brand"


def pick() -> str:
    """The chosen view; a run in the address comes with its own."""
    run, view = run_asked(), st.query_params.get("view")
    if run is not None and view not in TASKS[run.task]:
        view = TASKS[run.task][0]
    if view not in VIEWS:
        view = "brand"
    return views.choose("Step", VIEWS, view, key="voice-view", show=_switch)


def _switch(view: str) -> None:
    run = run_asked()
    same = run is not None and view in TASKS[run.task]
    show(view, **({"run": run.id} if same else {}))


def show(view: str, **params: str) -> None:
    """Make the address name ``view`` with ``params`` and the brand, and nothing else of this page."""
    views.address(view, ("run",), params)


def go(label: str, view: str, *, key: str, primary: bool = True, **params: str) -> None:
    """A button that leads to another view."""
    if st.button(label, type="primary" if primary else "secondary", icon=":material/arrow_forward:", key=key):
        show(view, **params)
        st.rerun()


def run_asked() -> Run | None:
    """The run in the address; None where there is none of this page's."""
    return views.run_asked(TASKS)


def brand_of(run: Run) -> str:
    """Id of the brand of a run, without its version."""
    return run.spec["brand"].split("@")[0]


def pick_brand() -> Info | None:
    """The brand of the run in the address, the one that the address names, or the latest; None where none is stored."""
    stored = {info.id: info for info in workspace.brands().list()}
    run, asked = run_asked(), st.query_params.get("brand")
    if run is not None and brand_of(run) in stored:
        asked = brand_of(run)
    if asked and asked not in stored:
        st.warning("The brand in this address was not found: it may have been removed.")
        asked = None
    if not stored:
        st.query_params.pop("brand", None)
        return None
    chosen = asked or st.session_state.get("voice-brand")
    if chosen not in stored:
        chosen = max(stored.values(), key=lambda info: info.changed).id
    st.query_params["brand"] = st.session_state["voice-brand"] = chosen
    if len(stored) > 1:
        st.session_state[_PICK] = chosen
        names = {i: f"{info.name} · {text.count(info.approved)} approved lines" for i, info in stored.items()}
        st.selectbox("Brand", list(stored), key=_PICK, on_change=_follow, format_func=names.get)
    return stored[chosen]


def _follow() -> None:
    st.query_params.pop("run", None)
    st.query_params["brand"] = st.session_state["voice-brand"] = st.session_state[_PICK]


def need_brand() -> Info:
    """As :func:`pick_brand`; where none is stored, an empty state that leads to one.

    Of a run whose brand has been removed: what is known of it, with version 0.
    """
    run = run_asked()
    if run is not None and brand_of(run) not in {info.id for info in workspace.brands().list()}:
        st.warning("The brand of this run has been removed. Its result is still here.")
        go("Back to brands", "brand", key="voice-orphan", primary=False)
        now = datetime.fromtimestamp(run.created)
        return Info(brand_of(run), "A removed brand", 0, 0, 0, now, now)
    info = pick_brand()
    if info is None:
        with st.container(border=True):
            st.markdown("No brand yet. Paste approved lines, or try the demo brand.")
            go("Choose a brand", "brand", key="voice-empty-brand")
        st.stop()
    return info


def stored(exact: str) -> Brand:
    """One version of a brand; versions never change.

    Raises
    ------
    VoiceError
        It was removed.
    """
    if exact.split("@")[0] not in {info.id for info in workspace.brands().list()}:
        raise VoiceError("The brand that this was made for has been removed. Its lines are needed here.")
    return _stored(str(workspace.workspace()), exact)


@st.cache_resource(max_entries=32, show_spinner=False)
def _stored(folder: str, exact: str) -> Brand:
    return workspace.brands().get(exact)


def pick_run(task: str, info: Info, label: str) -> Run | None:
    """The run of ``task`` on this brand that the address names, else the latest; a select box where there are more."""
    found = [r for r in workspace.store().list() if r.task == task and brand_of(r) == info.id]
    return views.pick_run(label, found, key=f"voice-run-{task}")


def submit(task: str, spec: dict, *, title: str) -> None:
    """Start a run, hand it the keys of this session that it needs, and show how far it is."""
    secrets = voice_keys.secrets(spec)
    run = workspace.store().submit(task, spec, title=title, dataset=None, **({"secrets": secrets} if secrets else {}))
    show(TASKS[task][0], run=run.id)
    st.rerun()
