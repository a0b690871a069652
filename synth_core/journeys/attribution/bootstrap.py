"""Bootstrap intervals: people resampled, every model answering for the same resamples.

Where persons are known, persons are drawn: all paths of one count as often as the person was drawn. Where only counts
of paths are known, each of the occurrences counted is a person; how often a row is drawn is then Poisson with its count
as mean, for conversions and for nulls on their own (the Poisson bootstrap; Chamandy, Muralidharan, Najmi, Naidu 2012,
"Estimating uncertainty for massive data streams"). Drawing whole rows would treat a thousand people on the same path as
one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from synth_core.journeys.attribution.base import Answer
from synth_core.journeys.observed import Journeys
from synth_core.journeys.results import Interval

#: Of 100: how much an interval covers.
COVERS = 95.0


def occurrences(journeys: Journeys) -> Journeys:
    """The same journeys with rows that both converted and did not taken apart, so that each can be drawn on its own.

    Models say the same about both; bootstrap weights can only be drawn for these.
    """
    mixed = np.flatnonzero((journeys.conversions > 0) & (journeys.nulls > 0))
    if not len(mixed):
        return journeys
    rows = np.concatenate([np.arange(len(journeys)), mixed])
    again = np.arange(len(rows)) >= len(journeys)
    both = np.isin(rows, mixed)
    lengths = journeys.lengths[rows]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    touch = np.repeat(journeys.starts[:-1][rows] - starts[:-1], lengths) + np.arange(starts[-1])

    def of(what: np.ndarray | None, index: np.ndarray) -> np.ndarray | None:
        return None if what is None else what[index]

    return Journeys(
        channels=journeys.channels, starts=starts, channel=journeys.channel[touch],
        conversions=np.where(both & again, 0.0, journeys.conversions[rows]),
        nulls=np.where(both & ~again, 0.0, journeys.nulls[rows]),
        value=np.where(both & again, 0.0, journeys.value[rows]),
        time=of(journeys.time, touch), begin=of(journeys.begin, rows), end=of(journeys.end, rows),
        user=of(journeys.user, rows), notes=journeys.notes,
    )  # fmt: skip


def resampled(journeys: Journeys, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Weights of the paths, one resample after the other; float64 (paths,).

    Raises
    ------
    ValueError
        A row both converted and did not; take such rows apart with :func:`occurrences`.
    """
    rng = np.random.default_rng(seed)
    count = journeys.conversions + journeys.nulls
    if ((journeys.conversions > 0) & (journeys.nulls > 0)).any() and journeys.user is None:
        raise ValueError("Rows that converted and did not must be taken apart before they are resampled.")
    if journeys.user is not None:
        _, person = np.unique(journeys.user, return_inverse=True)
    elif (count == 1).all():
        person = np.arange(len(journeys))
    else:
        for _ in range(resamples):
            yield rng.poisson(count) / np.where(count > 0, count, 1.0)
        return
    people = int(person.max(initial=-1)) + 1
    for _ in range(resamples):
        drawn = np.bincount(rng.integers(people, size=people), minlength=people) if people else np.empty(0)
        yield drawn[person].astype(float)


def share(credit: np.ndarray) -> np.ndarray:
    """Shares of what channels were credited; zeros where nothing was."""
    total = credit.sum()
    return credit / total if total > 0 else np.zeros_like(credit)


def percentiles(shares: np.ndarray) -> Interval:
    """The interval of shares (resamples, channels): their 2.5 and 97.5 percentiles."""
    tail = (100.0 - COVERS) / 2
    low, high = np.percentile(shares, [tail, 100.0 - tail], axis=0)
    return Interval(tuple(map(float, low)), tuple(map(float, high)))


def interval(answer: Answer, journeys: Journeys, *, resamples: int, seed: int) -> Interval:
    """Bootstrap interval of one model's shares.

    Parameters
    ----------
    answer : Answer
        Of the model, prepared on the same ``journeys``.
    journeys : Journeys
        Without rows that both converted and did not; see :func:`occurrences`.
    resamples : int
        1 or more.
    seed : int
        The same seed draws the same people for every model.
    """
    shares = [share(answer(weights).credit) for weights in resampled(journeys, resamples, seed)]
    return percentiles(np.array(shares))
