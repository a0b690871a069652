"""What files of leads and of outcomes brought: a timeline, and one file of leads in detail."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.ui import charts, stored_runs, text
from synth_core import charts as figures
from synth_core.prospective.results import Cohort, Drift, Leads, OutcomeFile

PICK = "prospective-cohort"
_DRIFT = {"none": "none", "some": "◆ some", "strong": "▲ strong"}


def in_words(found: OutcomeFile) -> str:
    """The counts of a file of outcomes as a sentence; of what did not happen, nothing is said."""
    parts = [
        f"{text.count(n)} {words}"
        for n, words in (
            (found.repeated, "said before"),
            (found.conflicting, "conflicting with what was said before"),
            (found.unknown, "with an id that was not scored yet"),
            (found.unreadable, "neither yes nor no"),
        )
        if n
    ]
    rows = f"{text.count(found.rows)} row{'s' * (found.rows != 1)}"
    return f"{rows}: {text.count(found.matched)} new outcome{'s' * (found.matched != 1)}" + "".join(
        f", {p}" for p in parts
    )


def timeline(cohorts: Sequence[Cohort], outcomes: Sequence[OutcomeFile]) -> None:
    """Files in the order they came, the newest first."""
    rows = [(c.scored, f"Leads · {c.label}", f"{_rows(c.leads)} scored, week of {c.week}; {_drifts(c.leads)}")
            for c in cohorts]  # fmt: skip
    rows += [(f.received, f"Outcomes · {f.label}", in_words(f)) for f in outcomes]
    st.header("Timeline", anchor=False)
    if not rows:
        st.caption("Nothing yet: upload the first file of leads.")
        return
    order = sorted(range(len(rows)), key=lambda i: (rows[i][0], i), reverse=True)
    st.dataframe(
        pd.DataFrame(
            [(*rows[i][1:], text.when(rows[i][0])) for i in order], columns=["File", "What it brought", "When"]
        ),
        hide_index=True, height=min(38 + 35 * len(rows), 318),
        column_config={"File": st.column_config.TextColumn(width=150)},
        alt="Files of leads and of outcomes, the newest first",
    )  # fmt: skip
    notes = [f"{f.label}: {n}" for f in outcomes for n in f.notes]
    if notes:
        with st.expander(f"Notes on outcomes ({len(notes)})"):
            st.markdown("\n".join(f"- {text.literal(n)}" for n in notes[-50:]))


def details(test: str, files: Sequence[Cohort]) -> None:
    """One file of leads: columns, notes, drift by feature."""
    cohorts = {c.id: c for c in reversed(files)}
    if not cohorts:
        return
    st.header("What was found in a file of leads", anchor=False)
    key = f"{PICK}-{test}"
    if (chosen := st.session_state.pop(PICK, None)) in cohorts or st.session_state.get(key) not in cohorts:
        st.session_state[key] = chosen if chosen in cohorts else next(iter(cohorts))
    if len(cohorts) > 1:
        names = stored_runs.distinct({i: c.label for i, c in cohorts.items()})
        st.selectbox("File of leads", list(cohorts), key=key, format_func=names.get)
    _one(cohorts[st.session_state[key]])


def _one(cohort: Cohort) -> None:
    st.caption(f"Scored {text.when(cohort.scored)}, week of {cohort.week}.")
    found(cohort.leads)


def found(leads: Leads) -> None:
    """Columns, notes and drift of one file of leads."""
    st.markdown(f"{_rows(leads)} read.")
    if leads.missing:
        count = "1 feature is" if len(leads.missing) == 1 else f"{len(leads.missing)} features are"
        st.warning(f"{count} missing from this file. Both models score without what is missing.")
    if leads.notes:
        st.markdown("\n".join(f"- {text.literal(n)}" for n in leads.notes[:8]))
    left, right = st.columns([3, 2], gap="large")
    with left:
        charts.show(figures.prospective_drift(leads), "drift")
    with right:
        _words(leads)
    with st.expander("All features in figures"):
        _table(leads)


def _words(leads: Leads) -> None:
    drifting = [d for d in (leads.drift_score, *leads.drift) if d.level != "none" or d.unseen]
    st.markdown(
        "**How to read it.** Drift says that new leads differ from the rows the models learned from. It does not say "
        "that the scores are wrong; the outcomes will."
    )
    for drift in drifting[:6]:
        st.markdown(f"- {text.literal(drift.told)}")
    if len(drifting) > 6:
        st.caption(f"{len(drifting) - 6} more in the table of all features.")


def _table(leads: Leads) -> None:
    rows = (leads.drift_score, *leads.drift)
    st.dataframe(
        pd.DataFrame({
            "Feature": ["score of the real-rows model", *(d.name for d in leads.drift)],
            "Drift": [_DRIFT[d.level] for d in rows],
            "PSI": [d.psi for d in rows],
            "KL": [d.kl for d in rows],
            "Missing, training": [text.share(d.missing_train) for d in rows],
            "Missing, leads": [text.share(d.missing_leads) for d in rows],
            "Unseen levels": [_unseen(d) for d in rows],
        }),
        hide_index=True, height=min(38 + 35 * len(rows), 388),
        column_config={
            "PSI": st.column_config.NumberColumn(
                format="%.3f", help="Population stability index over the training tenths or levels: below 0.1 is the "
                "usual line for no drift, from 0.25 on it is strong."),
            "KL": st.column_config.NumberColumn(
                format="%.3f", help="Kullback–Leibler divergence of the leads from the training rows, in nats."),
        },
        alt="Drift of every feature in figures",
    )  # fmt: skip


def _unseen(drift: Drift) -> str:
    return f"{text.count(drift.unseen)} leads: {', '.join(drift.examples)}" if drift.unseen else "–"


def _drifts(leads: Leads) -> str:
    strong, some = (sum(d.level == level for d in leads.drift) for level in ("strong", "some"))
    if not strong and not some:
        return "no drift"
    parts = [f"{n} feature{'s' * (n > 1)} with {word} drift" for n, word in ((strong, "strong"), (some, "some")) if n]
    return ", ".join(parts)


def _rows(leads: Leads) -> str:
    return f"{text.count(leads.rows)} lead{'s' * (leads.rows != 1)}"
