"""Rules of thumb: each conversion is shared out among the touches of its path by a fixed rule."""

from __future__ import annotations

import numpy as np

from synth_core.errors import JourneyError
from synth_core.journeys.attribution.base import Answer
from synth_core.journeys.attribution.converting import Converting, converting, shared_out
from synth_core.journeys.observed import Journeys

#: Days in which the weight of a touch halves.
HALF_LIFE = 7.0
#: Names of the channel of people who came by themselves, spaces and brackets aside.
DIRECT = frozenset({"direct", "direct/none", "none", "directtraffic", "typein", "typedin", "directnone"})


def is_direct(name: str) -> bool:
    """Whether a channel is what analytics tools call Direct: ``direct``, ``(direct)``, ``direct / none`` …"""
    return "".join(c for c in name.casefold() if c.isalnum() or c == "/").strip("/") in DIRECT


def first_touch(journeys: Journeys) -> Answer:
    """All to the first touch."""
    some = converting(journeys)
    return shared_out(journeys, some, (some.position == 0).astype(float))


def last_touch(journeys: Journeys) -> Answer:
    """All to the last touch."""
    some = converting(journeys)
    return shared_out(journeys, some, (some.position == some.length - 1).astype(float))


def last_non_direct(journeys: Journeys) -> Answer:
    """All to the last touch that is not Direct; to Direct where the path has no other."""
    some = converting(journeys)
    direct = np.array([is_direct(name) for name in journeys.channels], bool)
    place = np.where(direct[some.channel], -1, np.arange(len(some.channel)))
    chosen = np.maximum.reduceat(place, some.first) if len(some.rows) else np.empty(0, np.int64)
    chosen = np.where(chosen < 0, some.last, chosen)
    share = np.zeros(len(some.channel))
    share[chosen] = 1.0
    return shared_out(journeys, some, share)


def linear(journeys: Journeys) -> Answer:
    """The same to each touch; repeats count."""
    some = converting(journeys)
    return shared_out(journeys, some, 1.0 / some.length)


def position_based(journeys: Journeys) -> Answer:
    """40 % to the first, 40 % to the last, 20 % over those between; equal parts where there are two touches or one."""
    some = converting(journeys)
    ends = (some.position == 0) | (some.position == some.length - 1)
    share = np.where(ends, 0.4, 0.2 / np.maximum(some.length - 2, 1))
    return shared_out(journeys, some, _short(some, share, 2))


def w_shaped(journeys: Journeys) -> Answer:
    """30 % each to the first, middle and last, 10 % over the rest; equal parts where there are three touches or fewer.

    Of an even number of touches the middle is the earlier of the two in the middle.
    """
    some = converting(journeys)
    middle = some.position == (some.length - 1) // 2
    named = (some.position == 0) | (some.position == some.length - 1) | middle
    share = np.where(named, 0.3, 0.1 / np.maximum(some.length - 3, 1))
    return shared_out(journeys, some, _short(some, share, 3))


def _short(some: Converting, share: np.ndarray, most: int) -> np.ndarray:
    """Equal parts on paths of at most ``most`` touches."""
    return np.where(some.length <= most, 1.0 / some.length, share)


def time_decay(journeys: Journeys) -> Answer:
    """Each touch weighs 2^(−days to the conversion / 7), made to sum to 1 within the path.

    Raises
    ------
    JourneyError
        The times of touches are not known.
    """
    if journeys.time is None or journeys.end is None:
        raise JourneyError("Time decay needs the times of touches, and these journeys have none. Upload event rows.")
    some = converting(journeys)
    time = journeys.time[some.touch]
    # The days from the last touch to the conversion are a factor common to the path, and would only underflow.
    raw = np.exp2((time - time[some.last][some.path]) / HALF_LIFE)
    total = np.bincount(some.path, raw, minlength=len(some.rows))
    return shared_out(journeys, some, raw / total[some.path])
