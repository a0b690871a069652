"""Journeys as tables that :func:`synth_core.journeys.reading.read_journeys` reads back."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import pandas as pd

from synth_core.errors import JourneyError
from synth_core.journeys._path_rows import UNTOUCHED
from synth_core.journeys.observed import Journeys


def events(journeys: Journeys, start: dt.date = dt.date(2024, 1, 1)) -> pd.DataFrame:
    """One row per touch, and one per conversion with an empty channel.

    What event rows cannot hold is lost: people without touch and conversion, the time observed before a path's first
    touch and after the last row, and parts of a nanosecond. Reading them again leaves out conversions without a touch.

    Parameters
    ----------
    journeys : Journeys
        With times.
    start : datetime.date
        Day 0.

    Returns
    -------
    pandas.DataFrame
        ``user``, ``time``, ``channel`` (None for a conversion), ``conversion``, ``value``; by user and time.

    Raises
    ------
    JourneyError
        No times are known, or a path stands for several people.
    """
    if journeys.time is None or journeys.end is None:
        raise JourneyError("Times of these journeys are not known. Export them as paths.")
    if (journeys.conversions + journeys.nulls > np.maximum(journeys.conversions, 1)).any():
        raise JourneyError("Some paths stand for several people. Export them as paths.")
    person = np.arange(len(journeys)) if journeys.user is None else journeys.user
    converting = np.flatnonzero(journeys.conversions > 0)
    path = np.concatenate([journeys.path, converting])
    own = np.repeat([False, True], [journeys.touches, len(converting)])
    days = np.concatenate([journeys.time, journeys.end[converting]])
    names = np.array([*journeys.channels, None], dtype=object)
    frame = pd.DataFrame({
        "user": person[path],
        "time": pd.Timestamp(start) + pd.to_timedelta(np.round(days * 86_400e9).astype("int64"), unit="ns"),
        "channel": names[np.concatenate([journeys.channel, np.full(len(converting), len(journeys.channels))])],
        "conversion": _whole(np.concatenate([np.zeros(journeys.touches), journeys.conversions[converting]])),
        "value": np.concatenate([np.zeros(journeys.touches), journeys.value[converting]]),
    })  # fmt: skip
    order = np.lexsort((own, days, path, person[path]))
    return frame.iloc[order].reset_index(drop=True)


def paths(journeys: Journeys) -> pd.DataFrame:
    """One row per different path, the most frequent first; times, users and single values are lost.

    Returns
    -------
    pandas.DataFrame
        ``path`` (steps joined by ``>``; “(no touch)” for people without any), ``total_conversions``,
        ``total_conversion_value``, ``total_null``.
    """
    steps, starts = np.ascontiguousarray(journeys.channel, "int16").tobytes(), (journeys.starts * 2).tolist()
    keys = np.empty(len(journeys), dtype=object)
    keys[:] = [steps[a:b] for a, b in pairwise(starts)]
    which, distinct = pd.factorize(keys)
    told = [" > ".join(journeys.channels[i] for i in np.frombuffer(key, "int16")) or UNTOUCHED for key in distinct]
    size = len(distinct)
    frame = pd.DataFrame({
        "path": told,
        "total_conversions": _whole(np.bincount(which, journeys.conversions, minlength=size)),
        "total_conversion_value": np.bincount(which, journeys.value, minlength=size),
        "total_null": _whole(np.bincount(which, journeys.nulls, minlength=size)),
    })  # fmt: skip
    often = -(frame["total_conversions"] + frame["total_null"])
    return frame.iloc[np.lexsort((frame["path"], often))].reset_index(drop=True)


def _whole(counts: np.ndarray) -> np.ndarray:
    """As integers where they are whole."""
    rounded = np.round(counts)
    return rounded.astype("int64") if (rounded == counts).all() else counts
