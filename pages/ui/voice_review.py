"""The review queue: one line at a time, decided by keyboard, stored at once."""

from __future__ import annotations

import streamlit as st

from pages.ui import loaded, progress, text, voice_card, voice_decide, voice_decisions, voice_views, workspace
from pages.ui.frame import guard
from synth_core.errors import VoiceError
from synth_core.runs import Run
from synth_core.voice.records import Batch, Brand, Decision, Verdict
from synth_core.voice.review import Tally, pending, tally


def section() -> None:
    """The queue of the run that the address names, or of the latest."""
    info = voice_views.need_brand()
    run = voice_views.pick_run("voice", info, "Lines")
    if run is None:
        with st.container(border=True):
            st.markdown("No new lines yet. Write some first: each of them is then read here, one by one.")
            voice_views.go("Write lines", "write", key="voice-empty-write")
        return
    if progress.finished(run):
        _queue(run)


@st.fragment
def _queue(run: Run) -> None:
    with guard():
        _draw(run)


def _draw(run: Run) -> None:
    batch = loaded.result(run)
    if not any(v.passed for v in batch.verdicts):
        st.info("No line of this run passed the gates, so there is nothing to read. Step 3 shows where they stopped.")
        return
    decisions = workspace.reviews().decisions(run.id)
    counts = tally(batch, decisions)
    _progress(counts)
    line = _next(run, batch, decisions)
    if line is None:
        st.success("Every line has been decided on.", icon=":material/check:")
        with st.container(horizontal=True, key="voice-review-done"):
            voice_views.go("Next: export", "export", key="voice-next", run=run.id)
            voice_decide.undo(run)
    else:
        brand = _brand(run)
        voice_card.show(line, batch, brand, decisions.get(line.candidate.id))
        voice_decide.show(run, batch, brand, line)
    voice_decisions.show(run, batch, decisions)


def _progress(counts: Tally) -> None:
    done = counts.kept + counts.edited + counts.rejected
    total = done + counts.pending
    st.progress(
        done / total,
        text=f"{text.count(done)} of {text.count(total)} decided · {text.count(counts.kept)} kept · "
        f"{text.count(counts.edited)} edited · {text.count(counts.rejected)} rejected",
    )


def _next(run: Run, batch: Batch, decisions: dict[str, Decision]) -> Verdict | None:
    """The line that was asked for, else the least certain one; those put off come last."""
    asked = voice_decide.asked(run)
    for verdict in batch.verdicts:
        if asked and verdict.passed and verdict.candidate.id == asked:
            return verdict
    waiting = pending(batch, decisions)
    later = voice_decide.later(run)
    return next((v for v in waiting if v.candidate.id not in later), waiting[0] if waiting else None)


def _brand(run: Run) -> Brand | None:
    """None where it has been removed: the review goes on without its lines."""
    try:
        return voice_views.stored(run.spec["brand"])
    except VoiceError:
        return None
