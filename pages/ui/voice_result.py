"""What came of a run: how many lines passed, where the others stopped, voice and variety."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import charts, loaded, number_table, report_link, text, voice_views, workspace
from synth_core import charts as figures
from synth_core.reports.voice import DIVERSITY
from synth_core.runs import Run
from synth_core.voice.gates.settings import GATES
from synth_core.voice.library import Info
from synth_core.voice.providers.registry import PROVIDERS
from synth_core.voice.records import Batch, Diversity
from synth_core.voice.review import tally

PLAIN = (
    "The gates stop lines that break a rule or leave the voice. **None of them knows whether a line makes sense**: in "
    "tests the voice gate let most of a tiny model's nonsense pass. So every line is read by a person in step 4 "
    "before it is exported."
)
_ALL = "all"


def show(run: Run, info: Info) -> None:
    """Figures, funnel, reasons, voice, variety; and the way to the review."""
    batch = loaded.result(run)
    if info.version and run.spec["brand"] != info.exact:
        version = run.spec["brand"].partition("@")[2]
        st.caption(f"Made of version {version} of the brand; it is at version {info.version} now.")
    passed = _figures(batch, run)
    if any(v.candidate.kind == "recombined" for v in batch.verdicts):
        st.caption(
            "These lines are **recombined**: put together from approved lines, which stand beside each in the review."
        )
    for note in batch.notes:
        st.info(text.literal(note), icon=":material/info:")
    if passed:
        waiting = tally(batch, workspace.reviews().decisions(run.id)).pending
        label = f"Next: review {text.count(waiting)} lines" if waiting else "Next: export"
        voice_views.go(label, "review" if waiting else "export", key="voice-next", run=run.id)
    else:
        st.warning(
            "No line passed. Look below where they stop: perhaps the channel's limits do not fit the approved lines, "
            "or the brief does not name what the lines say.",
            icon=":material/warning:",
        )
    st.caption(PLAIN)
    report_link.button(run)
    if not batch.verdicts:
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Where lines stop", anchor=False)
        charts.show(figures.voice_funnel(batch.funnel), "voice-funnel")
    with right:
        st.header("Voice of accepted lines", anchor=False)
        charts.show(figures.voice_percentiles(batch), "voice-percentiles")
        st.header("Variety", anchor=False)
        _variety(batch)
    _stopped(batch)


def _figures(batch: Batch, run: Run) -> int:
    passed = sum(v.passed for v in batch.verdicts)
    came = len(batch.verdicts)
    provider = PROVIDERS[batch.provider].name if batch.provider in PROVIDERS else batch.provider
    cells = [
        ("Asked for", text.count(batch.requested)), ("Came", text.count(came)),
        ("Passed all gates", text.count(passed)), ("Share", text.share(passed / came) if came else "–"),
    ]  # fmt: skip
    with st.container(horizontal=True, gap="large", key="voice-figures"):
        for label, value in cells:
            st.metric(label, value, width="content")
    billed = (
        f" · {text.count(batch.tokens_in)} tokens in, {text.count(batch.tokens_out)} out" if batch.tokens_in else ""
    )
    failed = f" · {text.count(batch.failed)} requests failed" if batch.failed else ""
    model = f" ({text.literal(batch.model)})" if batch.model and batch.provider != "embedded" else ""
    st.caption(f"{text.literal(provider)}{model} · seed {batch.seed}{billed}{failed} · {text.when(run.finished)}")
    return passed


def _variety(batch: Batch) -> None:
    """Accepted lines beside the approved ones, at the same number of lines."""
    if batch.accepted.lines < 2:
        st.caption("Fewer than two accepted lines: nothing to compare.")
        return
    rows = [
        number_table.Row(name, about, (_value(batch.accepted, field), _value(batch.seeds, field)), way)
        for name, field, about, way in DIVERSITY
    ]
    number_table.show(["Accepted", "Approved"], rows, about="Variety of accepted and of approved lines")
    st.caption(f"Both at {text.count(batch.accepted.lines)} lines, as all three depend on how many there are.")


def _value(found: Diversity, field: str) -> str:
    return f"{getattr(found, field):.3f}"


def _stopped(batch: Batch) -> None:
    """Each stopped line with its reason."""
    stopped = [v for v in batch.verdicts if not v.passed]
    if not stopped:
        return
    st.header("Stopped lines", anchor=False)
    counts = {g.gate: g.stopped for g in batch.funnel if g.stopped}
    chosen = st.selectbox("Stopped by", [_ALL, *counts], key="voice-stopped-by",
                          format_func=lambda k: f"All gates ({text.count(len(stopped))})" if k == _ALL
                          else f"{GATES.get(k, k)} ({text.count(counts[k])})")  # fmt: skip
    shown = [v for v in stopped if chosen in (_ALL, v.gate)]
    st.dataframe(
        pd.DataFrame(
            {
                "Line": [v.candidate.text for v in shown],
                "Reason": [v.reason for v in shown],
                "Gate": [GATES.get(v.gate, v.gate) for v in shown],
                "Voice percentile": [v.percentile for v in shown],
            }
        ),
        hide_index=True,
        height=420 if len(shown) > 10 else "content",
        column_config={
            "Line": st.column_config.TextColumn(width="large"),
            "Reason": st.column_config.TextColumn(width="large"),
            "Voice percentile": st.column_config.NumberColumn(format="%.0f"),
        },
        alt="Stopped lines with the gate and its reason",
    )
