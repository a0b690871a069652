"""Keep, edit, reject, later, undo: by button or by key; stored at once."""

from __future__ import annotations

import streamlit as st

from pages.ui import text, workspace
from synth_core.errors import VoiceError
from synth_core.runs import Run
from synth_core.voice.records import Batch, Brand, Verdict
from synth_core.voice.review import REASONS

_MODE, _DRAFT = "voice-mode", "voice-draft"


def asked(run: Run) -> str | None:
    """Id of the line that was asked for."""
    return st.session_state.get(f"voice-at-{run.id}")


def ask(run: Run, line: str | None) -> None:
    """Show this line next; None: the least certain one."""
    st.session_state[f"voice-at-{run.id}"] = line
    _mode("")


def later(run: Run) -> list[str]:
    """Ids of the lines that were put off."""
    return st.session_state.setdefault(f"voice-later-{run.id}", [])


def show(run: Run, batch: Batch, brand: Brand | None, line: Verdict) -> None:
    """The buttons, or what the pressed one asks for."""
    mode = st.session_state.get(_MODE, "")
    if mode == "edit":
        _edit(run, batch, brand, line)
    elif mode == "reject":
        _reject(run, line)
    else:
        _buttons(run, line)


def _buttons(run: Run, line: Verdict) -> None:
    here = line.candidate.id
    with st.container(horizontal=True, key="voice-decide"):
        st.button("Keep", type="primary", icon=":material/check:", shortcut="K", key="voice-keep", on_click=_decide,
                  args=(run, here, "keep"))  # fmt: skip
        st.button("Edit", icon=":material/edit:", shortcut="E", key="voice-edit", on_click=_mode, args=("edit",))
        st.button("Reject", icon=":material/close:", shortcut="X", key="voice-reject", on_click=_mode, args=("reject",))
        st.button("Later", icon=":material/schedule:", shortcut="L", key="voice-later-button", on_click=_put_off,
                  args=(run, here))  # fmt: skip
        undo(run)
    st.caption("Keys: **K** keep, **E** edit, **X** reject, **L** later, **U** undo. Each decision is stored at once.")


def undo(run: Run) -> None:
    """A button that takes the latest decision back."""
    past = workspace.reviews().history(run.id)
    st.button("Undo", icon=":material/undo:", shortcut="U", key="voice-undo", on_click=_undo, disabled=not past,
              args=(run, past[-1].line if past else ""))  # fmt: skip


def _mode(mode: str) -> None:
    st.session_state[_MODE] = mode
    st.session_state.pop(_DRAFT, None)


def _decide(run: Run, line: str, verdict: str, words: str = "", reason: str = "") -> None:
    workspace.reviews().decide(run.id, line, verdict, text=words, reason=reason)
    ask(run, None)


def _undo(run: Run, line: str) -> None:
    workspace.reviews().undo(run.id, line)
    ask(run, line)


def _put_off(run: Run, line: str) -> None:
    held = later(run)
    if line in held:  # all others are decided, or put off as well: to the end again
        held.remove(line)
    held.append(line)
    ask(run, None)


def _reject(run: Run, line: Verdict) -> None:
    """One more key gives the reason."""
    here = line.candidate.id
    st.markdown("**Why?**")
    with st.container(horizontal=True, key="voice-reasons"):
        for n, reason in enumerate(REASONS, 1):
            st.button(reason, shortcut=str(n), key=f"voice-reason-{n}", on_click=_decide,
                      args=(run, here, "reject", "", reason))  # fmt: skip
        st.button("Back", shortcut="Esc", key="voice-back", on_click=_mode, args=("",))
    with st.form("voice-other-reason", border=False):
        st.text_input("Another reason", key=f"voice-other-{here}", max_chars=200)
        st.form_submit_button("Reject for this reason", on_click=_reject_because, args=(run, here))


def _reject_because(run: Run, line: str) -> None:
    if reason := st.session_state[f"voice-other-{line}"].strip():
        _decide(run, line, "reject", reason=reason)


def _edit(run: Run, batch: Batch, brand: Brand | None, line: Verdict) -> None:
    """A new text; a gate that would stop it is named, and a person may overrule it."""
    here = line.candidate.id
    with st.form("voice-edit-form", border=False):
        st.text_area("New text", line.candidate.text, key=f"voice-text-{here}", height=100, max_chars=2_000)
        st.form_submit_button("Save edit", type="primary", icon=":material/check:", on_click=_save_edit,
                              args=(run, batch, brand, line))  # fmt: skip
    if _DRAFT in st.session_state:
        draft, objection = st.session_state[_DRAFT]
        st.warning(objection, icon=":material/warning:")
        if draft:
            st.button("Save it nevertheless", key="voice-overrule", on_click=_decide, args=(run, here, "edit", draft),
                      help="The manifest of the export names such lines.")  # fmt: skip
    st.button("Back", shortcut="Esc", key="voice-back", on_click=_mode, args=("",))
    st.caption("**Ctrl + Enter** saves while you type.")


def _save_edit(run: Run, batch: Batch, brand: Brand | None, line: Verdict) -> None:
    """Store the text, or remember why a gate would stop it."""
    here = line.candidate.id
    words = " ".join(st.session_state[f"voice-text-{here}"].split())
    if not words:
        st.session_state[_DRAFT] = "", "The text is empty. Write one, or reject the line."
    elif words == line.candidate.text:
        _decide(run, here, "keep")
    elif objection := _objection(run, batch, brand, words):
        st.session_state[_DRAFT] = words, f"A gate would stop this text: {text.literal(objection)}"
    else:
        _decide(run, here, "edit", words)


def _objection(run: Run, batch: Batch, brand: Brand | None, words: str) -> str | None:
    """Why a gate would stop the text; None where none would, or where the brand is gone and nothing can be asked."""
    if brand is None:
        return None
    try:
        verdict = _recheck(str(workspace.workspace()), run.id, brand, batch)(words)
    except VoiceError as error:
        return str(error)
    return None if verdict.passed else verdict.reason


@st.cache_resource(max_entries=4, show_spinner=False)
def _recheck(folder: str, run: str, _brand: Brand, _batch: Batch):
    from synth_core.voice.funnel import Recheck  # grammar and spelling: only where a text is edited
    from synth_core.voice.gates.settings import GateSettings

    return Recheck(_brand, GateSettings.from_dict(_batch.settings))
