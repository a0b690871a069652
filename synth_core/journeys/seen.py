"""What journeys look like: common paths, lengths, time to conversion, mix of channels."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from synth_core.journeys.observed import Journeys
from synth_core.journeys.results import Row, Seen

_PATHS = 40
_LONGEST = 12  # touches; longer ones are counted together
_BINS = 15


def seen(journeys: Journeys) -> Seen:
    """Figures for the page; the same for simulated and for uploaded journeys."""
    in_path = journeys.conversions[journeys.path]
    occurs = in_path + journeys.nulls[journeys.path]
    size = len(journeys.channels)
    return Seen(
        paths=_common(journeys),
        lengths=_lengths(journeys),
        days=_days(journeys),
        mix=_shares(np.bincount(journeys.channel, occurs, minlength=size)),
        mix_converted=_shares(np.bincount(journeys.channel, in_path, minlength=size)),
        users=len(np.unique(journeys.user))
        if journeys.user is not None
        else round(float((journeys.conversions + journeys.nulls).sum())),
        touches=round(float(occurs.sum())),
        conversions=float(journeys.conversions.sum()),
        untouched=journeys.untouched,
        value=float(journeys.value.sum()),
    )


def _common(journeys: Journeys) -> tuple[tuple[tuple[str, ...], float, float], ...]:
    """The most common sequences of channels, repeats in a row taken as one, as a reader of a chart would."""
    new = np.ones(journeys.touches, bool)
    new[1:] = (journeys.channel[1:] != journeys.channel[:-1]) | (journeys.path[1:] != journeys.path[:-1])
    letters = np.array([chr(0x4E00 + k) for k in range(len(journeys.channels))])  # one character a channel
    text = "".join(letters[journeys.channel[new]]) if new.any() else ""
    bounds = np.concatenate([[0], np.cumsum(np.bincount(journeys.path[new], minlength=len(journeys)))])
    keys = [text[a:b] for a, b in pairwise(bounds)]
    counted = pd.DataFrame({"key": keys, "won": journeys.conversions, "lost": journeys.nulls})
    sums = counted[counted["key"] != ""].groupby("key", sort=True)[["won", "lost"]].sum()
    top = sums.iloc[np.argsort(-sums.sum(axis=1).to_numpy(), kind="stable")[:_PATHS]]
    return tuple(
        (tuple(journeys.channels[ord(c) - 0x4E00] for c in key), float(row.won), float(row.lost))
        for key, row in zip(top.index, top.itertuples(), strict=True)
    )


def _lengths(journeys: Journeys) -> tuple[tuple[int, float, float], ...]:
    length = np.minimum(journeys.lengths, _LONGEST)
    won = np.bincount(length, journeys.conversions, minlength=_LONGEST + 1)
    every = np.bincount(length, journeys.conversions + journeys.nulls, minlength=_LONGEST + 1)
    return tuple((n, float(every[n]), float(won[n])) for n in range(_LONGEST + 1))


def _days(journeys: Journeys) -> tuple[tuple[float, float, float], ...]:
    if journeys.time is None or journeys.end is None:
        return ()
    held = (journeys.lengths > 0) & (journeys.conversions > 0)
    if not held.any():
        return ()
    days = journeys.end[held] - journeys.time[journeys.starts[:-1][held]]
    counts, edges = np.histogram(
        days, bins=_BINS, range=(0, max(float(days.max()), 1e-9)), weights=journeys.conversions[held]
    )
    return tuple((float(a), float(b), float(n)) for a, b, n in zip(edges[:-1], edges[1:], counts, strict=True))


def _shares(counts: np.ndarray) -> Row:
    total = counts.sum()
    return tuple(float(c / total) if total else 0.0 for c in counts)
