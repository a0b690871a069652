"""One new line, large, with all that helps to decide on it."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.ui import text
from synth_core.voice.records import Batch, Brand, Decision, Verdict

_MOST = 3  #: deviations and sources that are shown
_SAID = {"keep": "kept", "edit": "edited", "reject": "rejected"}


def show(line: Verdict, batch: Batch, brand: Brand | None, decision: Decision | None) -> None:
    """The line, its voice, where it departs from it, and the approved lines behind it."""
    candidate = line.candidate
    size = "1.7rem" if len(candidate.text) <= 160 else "1.2rem"
    with st.container(border=True, key="voice-card"):
        st.html(
            f'<p role="status" style="font-size:{size};line-height:1.35;margin:.2rem 0;overflow-wrap:anywhere">'
            f"{escape(candidate.text)}</p>"
        )
        if decision is not None:
            about = f": {text.literal(decision.text or decision.reason)}" if decision.text or decision.reason else ""
            st.markdown(f":material/history: Already {_SAID[decision.verdict]}{about}. What you say now counts.")
        left, right = st.columns(2, gap="large")
        with left:
            _voice(line, batch)
        with right:
            _sources(line, {x.id: x.text for x in brand.approved} if brand else {})
        if candidate.brief:
            with st.expander("Brief"):
                st.markdown(text.literal(candidate.brief))


def _voice(line: Verdict, batch: Batch) -> None:
    if line.percentile is None:
        st.markdown("**Voice**: not judged, the voice gate was off.")
    else:
        near = " Close to the threshold." if abs(line.percentile - batch.threshold) < 10 else ""
        st.markdown(
            f"**Voice**: higher than {line.percentile:.0f} of 100 approved lines (the gate stops below "
            f"{batch.threshold:.0f}).{near}"
        )
    if line.deviations:
        st.markdown("\n".join(f"- {text.literal(d.told)}" for d in line.deviations[:_MOST]))
    else:
        st.caption("Nothing in its style stands out.")


def _sources(line: Verdict, approved: dict[str, str]) -> None:
    parents = [approved[p] for p in dict.fromkeys(line.candidate.parents) if p in approved]
    if line.candidate.kind == "recombined" and parents:
        st.markdown("**Put together from**")
        st.markdown("\n".join(f"- {text.literal(t)}" for t in parents[:_MOST]))
    nearest = approved.get(line.nearest)
    if nearest and line.similarity is not None and not (line.candidate.kind == "recombined" and nearest in parents):
        st.markdown(f"**Nearest approved line** ({line.similarity:.0f} of 100 alike)")
        st.markdown(f"- {text.literal(nearest)}")
    if line.candidate.kind == "written" and parents:
        with st.expander(f"Approved lines that the model was shown ({len(parents)})"):
            st.markdown("\n".join(f"- {text.literal(t)}" for t in parents))
    if not approved:
        st.caption("The brand has been removed, so its lines cannot be shown.")
