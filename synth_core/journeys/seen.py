"""What journeys look like: common paths, lengths, time to conversion, mix of channels."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from synth_core.journeys.observed import Journeys
from synth_core.journeys.results import Row, Seen

_PATHS = 40
_STEPS = 3
_LETTERS = 0x4E00
_LONGEST = 12  # touches; longer ones are counted together
_BINS = 15


def seen(journeys: Journeys) -> Seen:
    """Figures for the page; the same for simulated and for uploaded journeys."""
    in_path = journeys.conversions[journeys.path]
    occurs = in_path + journeys.nulls[journeys.path]
    size = len(journeys.channels)
    written = _written(journeys)
    return Seen(
        paths=_common(journeys, written),
        lengths=_lengths(journeys),
        days=_days(journeys),
        mix=_shares(np.bincount(journeys.channel, occurs, minlength=size)),
        mix_converted=_shares(np.bincount(journeys.channel, in_path, minlength=size)),
        users=_users(journeys),
        touches=round(float(occurs.sum())),
        conversions=float(journeys.conversions.sum()),
        untouched=journeys.untouched,
        value=float(journeys.value.sum()),
        steps=_steps(journeys, written),
    )


def _users(journeys: Journeys) -> int:
    if journeys.user is not None:
        return len(np.unique(journeys.user))
    return round(float((journeys.conversions + journeys.nulls).sum()))


def _written(journeys: Journeys) -> list[str]:
    """Each path as a word of one letter a channel; repeats in a row are one, as a reader of a chart would take them."""
    new = np.ones(journeys.touches, bool)
    new[1:] = (journeys.channel[1:] != journeys.channel[:-1]) | (journeys.path[1:] != journeys.path[:-1])
    letters = np.array([chr(_LETTERS + k) for k in range(len(journeys.channels))])
    text = "".join(letters[journeys.channel[new]]) if new.any() else ""
    bounds = np.concatenate([[0], np.cumsum(np.bincount(journeys.path[new], minlength=len(journeys)))])
    return [text[a:b] for a, b in pairwise(bounds)]


def _read(journeys: Journeys, word: str) -> tuple[str, ...]:
    return tuple(journeys.channels[ord(c) - _LETTERS] for c in word)


def _common(journeys: Journeys, written: list[str]) -> tuple[tuple[tuple[str, ...], float, float], ...]:
    counted = pd.DataFrame({"key": written, "won": journeys.conversions, "lost": journeys.nulls})
    sums = counted[counted["key"] != ""].groupby("key", sort=True)[["won", "lost"]].sum()
    top = sums.iloc[np.argsort(-sums.sum(axis=1).to_numpy(), kind="stable")[:_PATHS]]
    return tuple(
        (_read(journeys, key), float(row.won), float(row.lost))
        for key, row in zip(top.index, top.itertuples(), strict=True)
    )


def _steps(journeys: Journeys, written: list[str]) -> tuple[tuple[tuple[str, ...], float], ...]:
    counted = pd.Series(journeys.conversions + journeys.nulls).groupby([word[:_STEPS] for word in written]).sum()
    return tuple((_read(journeys, key), float(n)) for key, n in counted.items() if key)


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
