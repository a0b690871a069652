"""The travel sample's later enquiries, replayed week by week as a prospective test for a demo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from synth_core.errors import ScorerError
from synth_core.prospective.log import TestLog
from synth_core.prospective.results import Cohort, OutcomeFile
from synth_core.tables import SAMPLES, travel_leads

ID, DATE = "enquiry_id", "enquiry_date"
WEEKS, PER_WEEK = 12, 60
_TARGET = SAMPLES["travel"].target
_MEDIAN_DELAY = 6.0  #: days from an enquiry to its outcome, booking or not
_SPREAD = 0.6  #: of the delay's logarithm
_DAY = 86_400


@dataclass(frozen=True)
class ReplayWeek:
    """What reaches the log on the Monday after a week.

    Attributes
    ----------
    label : str
        ``"Week 3"``.
    now : float
        Unix time of that Monday.
    leads : bytes or None
        CSV with the week's enquiries, without an outcome; None after the last week of enquiries.
    outcomes : bytes or None
        CSV with the outcomes that became known during the week, of earlier enquiries, too; None where there are none.
    """

    label: str
    now: float
    leads: bytes | None
    outcomes: bytes | None


@lru_cache(maxsize=4)
def replay_weeks(seed: int = 7, weeks: int = WEEKS, per_week: int = PER_WEEK) -> tuple[ReplayWeek, ...]:
    """Weeks of enquiries and, some days later, of their outcomes; the same seed gives the same files.

    Bookings are told no sooner than their absence. After the last week of enquiries come weeks with outcomes only,
    until all are known.

    Parameters
    ----------
    seed : int
        Of the sample (7 for the bundled one).
    weeks : int
    per_week : int
        Mean number of enquiries.
    """
    frames = travel_leads(seed, weeks, per_week)
    everything = pd.concat(frames, ignore_index=True)
    rng = np.random.default_rng([seed, 9_999])
    delay = np.exp(np.log(_MEDIAN_DELAY) + _SPREAD * rng.standard_normal(len(everything)))
    told = everything[DATE] + pd.to_timedelta(np.ceil(delay), unit="D")
    start = frames[0][DATE].min()
    monday = (start - pd.Timedelta(days=start.weekday())).normalize()
    out, number = [], 0
    while number < weeks or (told >= monday + pd.Timedelta(weeks=number)).any():
        ends = monday + pd.Timedelta(weeks=number + 1)
        known = everything[(told < ends) & (told >= ends - pd.Timedelta(weeks=1))]
        leads = frames[number].drop(columns=_TARGET) if number < weeks else None
        out.append(
            ReplayWeek(
                f"Week {number + 1}", ends.timestamp(), None if leads is None else _csv(leads),
                _csv(known[[ID, _TARGET]]) if len(known) else None,
            )
        )  # fmt: skip
        number += 1
    return tuple(out)


def fits(log: TestLog) -> bool:
    """Whether the test's scorer is one of the travel sample and its columns are set so that the replay can be added."""
    columns = set(travel_leads(weeks=1, per_week=1)[0].columns)
    card, settings = log.card, log.settings
    return card.target == _TARGET and set(card.features) <= columns and settings.id_column == ID


def next_week(
    log: TestLog, seed: int = 7, weeks: int = WEEKS, per_week: int = PER_WEEK
) -> tuple[Cohort | None, OutcomeFile | None] | None:
    """Add the next week to ``log``: its enquiries and the outcomes that became known; None when all are in.

    Which week is next is told by what the log holds, so a replay goes on where it was left, also after being killed
    between the two files.

    Raises
    ------
    ScorerError
        The test is not one of the travel sample.
    """
    if not fits(log):
        raise ScorerError(
            "The weeks that can be replayed are enquiries of the travel sample. Start a test with a scorer that was "
            f"frozen from a study of that sample, with the id column “{ID}”."
        )
    for week in replay_weeks(seed, weeks, per_week):
        wanted = [
            (kind, data)
            for kind, data in (("leads", week.leads), ("outcomes", week.outcomes))
            if data is not None and not log.holds(data, kind)
        ]
        if wanted:
            found = dict.fromkeys(("leads", "outcomes"))
            for kind, data in wanted:
                add = log.add_leads if kind == "leads" else log.add_outcomes
                found[kind] = add(data, label=week.label, now=week.now)
            return found["leads"], found["outcomes"]
    return None


def last_day(log: TestLog) -> float | None:
    """Unix time of the newest file, which is "now" in a replay; None for an empty log."""
    times = [c.scored for c in log.cohorts()] + [f.received for f in log.outcome_files()]
    return max(times, default=None)


def _csv(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()
