"""Tables of scores: every arm, every candidate of a search, a rare outcome."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import text
from synth_core.lift.results import Study
from synth_core.reports.lift_words import SCORES, pick, score_words

INFLATION = "Predicted over actual positives: 1 is right on average, 2 says twice as many as there are."


def arms(study: Study) -> None:
    """Every arm with the scores that apply to this kind of target."""
    used = [n for n in SCORES if any(getattr(a.scores, n) is not None for a in study.arms)]
    columns = {
        "Arm": [a.title for a in study.arms],
        "Role": ["measured against" if a.key == study.reference else a.role for a in study.arms],
        study.metric: [a.scores.main for a in study.arms],
        "Difference": [text.signed(a.delta) for a in study.arms],
        "95 % interval": [
            "–" if a.low is None else f"{text.signed(a.low)} to {text.signed(a.high)}" for a in study.arms
        ],
        "p (Holm)": [text.score(a.p_holm) for a in study.arms],
        **{score_words(study)[n][0]: [getattr(a.scores, n) for a in study.arms] for n in used},
        "Rows added": [
            f"{text.count(a.delivered)} of {text.count(a.requested)}" if a.requested else "–" for a in study.arms
        ],
    }
    if any(a.weight != 1 for a in study.arms):
        columns["Weight"] = [f"{a.weight:g}" if a.requested else "–" for a in study.arms]
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        height="content",
        column_config={
            study.metric: st.column_config.NumberColumn(format="%.3f", help="The score that decides."),
            "Weight": st.column_config.TextColumn(help="Of an added row; a real row has 1."),
            **_formats(study, used),
            "Arm": _first(study),
        },
        alt="All arms with their scores on real rows",
    )
    notes = [f"{a.title}: {n}" for a in study.arms for n in a.notes] + list(study.notes)
    if notes:
        with st.expander("Notes on the arms"):
            st.markdown("\n".join(f"- {text.literal(n)}" for n in notes))


def trials(study: Study) -> None:
    """Every candidate an Autopilot tried, and the one to use."""
    chosen, why = pick(study)
    st.markdown(f"Autopilot's pick: **{text.literal(chosen)}**. {why}")
    st.dataframe(
        pd.DataFrame(
            {
                "Gain": [text.signed(t.delta) for t in study.trials],
                "Folds scored": [t.folds for t in study.trials],
                "Candidate": [t.title for t in study.trials],
            }
        ),
        hide_index=True,
        height=min(38 + 35 * len(study.trials), 248),
        column_config={
            "Gain": st.column_config.TextColumn(
                width="small", help=f"Mean {study.metric} difference to real rows only."
            ),
            "Folds scored": st.column_config.NumberColumn(
                width="small",
                help="Weak candidates are dropped early, so few folds mean a rough gain.",
            ),
        },
        alt="Candidates of the search with their gains and the folds they were scored on",
    )


def rare_outcome(study: Study) -> None:
    """What matters where few rows have the outcome, for every arm."""
    used = ["f1_at_half", "f1_tuned", "recall_at_precision", "average_precision"]
    st.dataframe(
        pd.DataFrame(
            {
                "Arm": [a.title for a in study.arms],
                **{SCORES[n][0]: [getattr(a.scores, n) for a in study.arms] for n in used},
                "Inflation": [a.inflation for a in study.arms],
            }
        ),
        hide_index=True,
        height="content",
        column_config={
            **_formats(study, used),
            "Arm": _first(study),
            "Inflation": st.column_config.NumberColumn(format="%.2f", help=INFLATION),
        },
        alt="Scores of all arms for a rare outcome",
    )


def rare(study: Study) -> None:
    """Scores with intervals, where there are too few rows for a verdict."""
    st.dataframe(
        pd.DataFrame(
            {
                "Arm": [r.title for r in study.rare],
                "Average precision": [_interval(r.average_precision) for r in study.rare],
                "Recall in the top tenth": [_interval(r.recall_top_decile) for r in study.rare],
            }
        ),
        hide_index=True,
        alt="Rare-class scores with bootstrap intervals",
    )


def _first(study: Study) -> object:
    """Stays in view while the rest is scrolled, unless it would fill a phone's screen (an Autopilot's titles do)."""
    return st.column_config.TextColumn(pinned=max(len(a.title) for a in study.arms) <= 45)


def _formats(study: Study, names: list[str]) -> dict[str, object]:
    words = score_words(study)
    return {
        words[n][0]: st.column_config.NumberColumn(format="%.4g" if n == "rmse" else "%.3f", help=words[n][1])
        for n in names
    }


def _interval(values: tuple[float, float, float]) -> str:
    return f"{text.score(values[0])} ({text.score(values[1])} to {text.score(values[2])})"
