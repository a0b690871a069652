"""Where a test stands: the verdict, what it rests on, and the scored leads to take away."""

from __future__ import annotations

import re
import time

import pandas as pd
import streamlit as st

from pages.ui import banner, charts, prospective_found, report_link, text
from pages.ui import prospective_views as views
from synth_core import charts as figures
from synth_core.prospective.batch import ranked
from synth_core.prospective.log import TestLog
from synth_core.prospective.results import Standing
from synth_core.prospective.standing import standing
from synth_core.reports import prospective
from synth_core.tables.export import neutralise


def section() -> None:
    """The verdict of the chosen test, with everything behind it."""
    log = views.need_test()
    cohorts, outcomes = log.cohorts(), log.outcome_files()
    if not cohorts:
        with st.container(border=True):
            st.markdown("No leads yet. Upload the first file of leads; both models score it at once.")
            views.go("Add leads", "leads", key="standing-to-leads")
        return
    found = _standing(log, len(cohorts), len(outcomes))
    _banner(found)
    _numbers(found)
    if not found.overall.leads:
        st.info("All leads are waiting for their outcomes. Upload them as soon as some are known.")
        views.go("Add outcomes", "leads", key="standing-to-outcomes", primary=False)
    else:
        _pictures(found)
    st.header("Drift of the leads", anchor=False)
    charts.show(figures.prospective_drift_strip(cohorts), "drift-strip")
    prospective_found.timeline(cohorts, outcomes)
    with st.container(horizontal=True, key="standing-files"):
        _download(log)
        report_link.of_test(log.folder.name)


def _standing(log: TestLog, cohorts: int, outcomes: int) -> Standing:
    """Computed again when a file was added, or a day has passed: outcomes may mature."""
    return _cached(str(log.folder), cohorts, outcomes, int(time.time() // 86_400), log)


@st.cache_data(max_entries=16, show_spinner="Comparing both models …")
def _cached(folder: str, cohorts: int, outcomes: int, day: int, _log: TestLog) -> Standing:
    return standing(_log.joined(), _log.card)


def _banner(found: Standing) -> None:
    """The same look as a study's verdict: icon, word, sentence, figures."""
    banner.show(prospective.finding(found))
    st.caption(
        "You may look every week: the interval holds at all looks together, so a verdict does not become likelier by "
        "looking more often. The price is that it is wider than one for a single look."
    )


def _numbers(found: Standing) -> None:
    places = st.columns(4)
    gain = found.overall
    places[0].metric("Leads with an outcome", text.count(gain.leads), help=f"{text.count(gain.positives)} positive.")
    places[1].metric("Waiting for one", text.count(found.waiting))
    places[2].metric("Outcomes per week, lately", f"{found.per_week:,.0f}")
    places[3].metric(
        "Weeks still needed", prospective.needed(found),
        help="Until a decision, if the difference stays as it is and outcomes come in at this pace. "
        "A difference close to zero may never be decided.",
    )  # fmt: skip
    if found.notes:
        st.markdown("\n".join(f"- {text.literal(note)}" for note in found.notes))


def _pictures(found: Standing) -> None:
    st.header("The difference, week by week", anchor=False)
    charts.show(figures.prospective_gain(found), "gain")
    st.header("Both models in each week", anchor=False)
    charts.show(figures.prospective_auc(found), "weeks")
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Calibration", anchor=False)
        charts.show(figures.prospective_calibration(found), "calibration")
    with right:
        st.header("Lift by tenth of the leads", anchor=False)
        charts.show(figures.prospective_deciles(found), "deciles")
    with st.expander("Weeks in figures"):
        _weeks(found)


def _weeks(found: Standing) -> None:
    def interval(low: float | None, high: float | None) -> str:
        return "–" if low is None else f"{text.signed(low)} to {text.signed(high)}"

    rows = [
        (w.week, w.scored, w.alone.leads, w.alone.positives, text.score(w.alone.auc_reference),
         text.score(w.alone.auc_arm), text.signed(w.alone.delta), interval(w.alone.low, w.alone.high),
         text.signed(w.so_far.delta), interval(w.so_far.safe_low, w.so_far.safe_high),
         interval(w.so_far.low, w.so_far.high))
        for w in found.weeks
    ]  # fmt: skip
    st.dataframe(
        pd.DataFrame(rows, columns=[
            "Week", "Leads", "With outcome", "Positive", "AUC, real only", "AUC, with synthetic", "Difference",
            "DeLong 95 %", "Difference so far", "Always valid 95 %", "DeLong 95 % so far",
        ]),
        hide_index=True, height=min(38 + 35 * len(rows), 458), alt="Both models week by week in figures",
    )  # fmt: skip


def _download(log: TestLog) -> None:
    stem = re.sub(r"[^A-Za-z0-9]+", "-", f"scored {log.settings.name}").strip("-").lower()
    st.download_button(
        "Scored leads (CSV)", lambda: scored_csv(log), f"{stem}.csv", "text/csv", key="download-scored",
        icon=":material/download:", on_click="ignore",
        help="Every lead with both scores, its tenth and rank by each model, and its outcome where it is known.",
    )  # fmt: skip


def scored_csv(log: TestLog) -> bytes:
    """Every lead: id, week, both scores, tenth and rank by each, outcome."""
    joined = log.joined()
    places = ranked(joined[["score_reference", "score_arm"]])
    out = pd.concat([joined[["lead_id", "week"]], places, joined[["outcome"]]], axis=1)
    out["outcome"] = out["outcome"].astype("Int64")
    out["lead_id"] = neutralise(out["lead_id"].astype("string"))
    header = neutralise(pd.Series([log.settings.id_column])).iloc[0]
    return out.rename(columns={"lead_id": header}).to_csv(index=False).encode()
