"""All lines of a review with what was said of them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import voice_decide
from synth_core.runs import Run
from synth_core.voice.records import Batch, Decision, Verdict

_WORD = {"keep": "✓ kept", "edit": "✎ edited", "reject": "✕ rejected"}
_OPEN = "– open"


def show(run: Run, batch: Batch, decisions: dict[str, Decision]) -> None:
    """The table; a ticked row is shown above, to be decided on once more."""
    lines = [v for v in batch.verdicts if v.passed]
    with st.expander("All lines and decisions", icon=":material/table_rows:"):
        wanted = st.segmented_control("Show", ["all", *_WORD, "open"], default="all", required=True,
                                      key="voice-decisions-show",
                                      format_func=lambda k: _WORD.get(k, _OPEN if k == "open" else "all"))  # fmt: skip
        shown = [v for v in lines if wanted == "all" or _kind(v, decisions) == wanted]
        key = f"voice-decisions-{run.id}-{wanted}"
        st.dataframe(
            _frame(shown, decisions), hide_index=True, key=key, height=420 if len(shown) > 10 else "content",
            on_select=lambda: _picked(run, key, shown), selection_mode="single-row",
            column_config={
                "Line": st.column_config.TextColumn(width="large"),
                "Voice percentile": st.column_config.NumberColumn(format="%.0f"),
            },
            alt="Lines that passed the gates, with the decision on each",
        )  # fmt: skip
        st.caption("Tick a row to decide on its line again. Earlier decisions stay in the file; the latest counts.")


def _kind(verdict: Verdict, decisions: dict[str, Decision]) -> str:
    decision = decisions.get(verdict.candidate.id)
    return decision.verdict if decision else "open"


def _frame(lines: list[Verdict], decisions: dict[str, Decision]) -> pd.DataFrame:
    found = [decisions.get(v.candidate.id) for v in lines]
    return pd.DataFrame(
        {
            "Decision": [_WORD[d.verdict] if d else _OPEN for d in found],
            "Line": [v.candidate.text for v in lines],
            "New text or reason": [(d.text or d.reason) if d else "" for d in found],
            "Voice percentile": [v.percentile for v in lines],
        }
    )


def _picked(run: Run, key: str, shown: list[Verdict]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    voice_decide.ask(run, shown[rows[0]].candidate.id if rows and rows[0] < len(shown) else None)
