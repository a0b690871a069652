"""Live progress of a run, and what is shown when it ended without a result."""

from __future__ import annotations

import time
from html import escape

import pandas as pd
import streamlit as st

from pages.ui import text, training, voice_keys
from pages.ui.frame import guard
from pages.ui.workspace import store
from synth_core.runs import Run
from synth_core.runs.model import Phase

ACTIVE = ("queued", "running")
LEADERBOARD = "leaderboard"
NAMES = {
    "reading": "Reading",
    "encoding": "Encoding",
    "simulating": "Simulating",
    "fitting": "Fitting",
    "sampling": "Sampling",
    "searching": "Searching",
    "checking": "Checking",
    "attacking": "Attacking",
    "testing": "Testing",
    "attributing": "Attributing",
    "curves": "Curves",
    "writing": "Writing variations",
    "scoring": "Scoring",
}
#: Of single tasks.
OWN_NAMES = {("freeze", "writing"): "Checking and saving", ("score", "writing"): "Writing the file",
             ("report", "writing"): "Writing and printing"}  # fmt: skip
#: Phase → metric → what it is called there.
METRICS = {"writing": {"accepted": "lines", "failed": "failed requests"}, "checking": {"accepted": "passed so far"}}


def finished(run: Run) -> bool:
    """True when ``run`` succeeded; otherwise draws its progress, or why it ended."""
    if run.state == "succeeded":
        return True
    if run.state in ACTIVE:
        _live(run.id)
    else:
        _ended(run)
    return False


@st.fragment(run_every="1s")
def _live(run_id: str) -> None:
    with guard():
        run = store().get(run_id)
        if run.state not in ACTIVE:
            st.rerun()
        with st.container(border=True, key=f"live-{run_id}"):
            _draw(run)
            if run.cancelling:
                st.caption("Cancelling: the run stops at its next step, within 10 seconds.")
            elif st.button("Cancel", icon=":material/cancel:", key=f"cancel-{run_id}"):
                store().cancel(run_id)
                st.rerun(scope="fragment")


def _draw(run: Run) -> None:
    if run.state == "queued":
        before = store().ahead(run.id)
        st.markdown(f"**{run.title}** is waiting for a free slot; runs before it: {before}.")
        return
    elapsed = time.time() - (run.started or time.time())
    st.markdown(f"**{run.title}** · running for {text.duration(elapsed)}")
    if not run.phases:
        st.progress(0.0, text="Starting …")
    _announce(run)
    for phase in run.phases:
        done = min(1.0, phase.step / phase.total) if phase.total else 0.0
        if phase is not run.phases[-1]:
            done = 1.0  # the next phase has begun
        label = OWN_NAMES.get((run.task, phase.name)) or NAMES.get(phase.name, phase.name.capitalize())
        if done >= 1:
            label += " · done"
        elif (left := _left(run, phase)) is not None:
            label += f" · about {text.duration(left)} left"
        names = METRICS.get(phase.name, {})
        shown = [
            f"{names.get(k, k.replace('_', ' '))} {_value(v)}" for k, v in phase.metrics.items() if _fits_a_label(k, v)
        ]
        if shown:
            label += " · " + ", ".join(shown)
        st.progress(done, text=label)
    for phase in run.phases:
        if phase.metrics.get(LEADERBOARD):
            _leaders(phase.metrics[LEADERBOARD])
        training.live(phase)


def _announce(run: Run) -> None:
    """What screen readers say, once for each phase; bars and times move too often to be read out."""
    phase = run.phases[-1].name if run.phases else "starting"
    name = OWN_NAMES.get((run.task, phase)) or NAMES.get(phase, phase.capitalize())
    st.html(f'<p class="heard" role="status">{escape(run.title)}: {escape(name.lower())}</p>')


def _left(run: Run, phase: Phase) -> float | None:
    """Seconds left in ``phase``. An Autopilot's search is told in seconds of its budget; it fits only to begin with."""
    if phase.name == "searching":
        return phase.total - phase.step
    return None if phase.name == "fitting" and run.spec.get("budget") else phase.remaining


def _fits_a_label(metric: str, value: float | str) -> bool:
    """A network's losses say nothing about how good its rows are; the leaderboard and the curve are drawn."""
    if metric == "failed" and not value:
        return False
    return metric not in (LEADERBOARD, training.CURVE) and not metric.endswith("loss")


def _leaders(lines: str) -> None:
    """The candidates that lead an Autopilot's search, from lines ``"0.8412  Trees, committee labels"``."""
    rows = [line.split(maxsplit=1) for line in lines.splitlines() if len(line.split(maxsplit=1)) == 2]
    st.markdown("**Leading so far**")
    st.table(
        pd.DataFrame(rows, columns=["Score", "Candidate"]),
        border="horizontal",
        hide_index=True,
        alt="The candidates with the best scores so far, on the training rows",
    )


def _value(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.4g}"


def _ended(run: Run) -> None:
    sentences = {
        "failed": run.error or "The run failed.",
        "cancelled": "This run was cancelled. Nothing it made was kept.",
        "interrupted": "This run was interrupted: its process is gone, perhaps because the computer was restarted.",
    }
    (st.error if run.state == "failed" else st.warning)(sentences[run.state])
    if st.button("Run again", icon=":material/replay:", key=f"again-{run.id}", help="Same settings, same seed"):
        again(run)
    log = store().log(run.id)
    if log:
        with st.expander("Log of the run"):
            st.code(log[-20_000:], language=None, height=300)


def again(run: Run) -> None:
    """Submit the same run once more, with the keys of this session that it needs, and show it."""
    keys = voice_keys.secrets(run.spec)
    new = store().rerun(run.id, secrets=keys) if keys else store().rerun(run.id)
    st.query_params["run"] = new.id
    st.rerun()
