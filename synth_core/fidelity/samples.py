"""Random rows of the tables for what would take too long, or be unfair, on all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from synth_core.tables.alignment import Aligned

MOST_ROWS = 200_000  #: per table; more would hardly change any number


def draw(aligned: Aligned, most: int | None, *, seed: int, all_alike: bool = True) -> Aligned:
    """At most ``most`` rows per table: as many synthetic as holdout rows, and (``all_alike``) as many training rows.

    Many numbers depend on how many rows they are computed from, so that only samples of one size can be compared.
    """
    sizes = (aligned.train_rows, aligned.synthetic_rows, *([aligned.holdout_rows] if aligned.holdout_rows else []))
    most = max(sizes) if most is None else most
    rows = min(most, *(sizes if all_alike else sizes[1:]))
    train = rows if all_alike else min(most, aligned.train_rows)
    return _take(aligned, (train, rows, rows if aligned.holdout_rows else 0), seed)


def bounded(aligned: Aligned, *, seed: int, most: int | None = None) -> Aligned:
    """``most`` rows (200,000 by default) of each table that has more."""
    most = MOST_ROWS if most is None else most
    return _take(aligned, tuple(min(most, count) for count in _rows(aligned)), seed)


def sizes(what: str, sample: Aligned) -> str:
    """How large a sample was, in words."""
    if sample.train_rows == sample.synthetic_rows:
        return f"{what}: {sample.synthetic_rows:,} rows of each kind."
    others = " and as many holdout rows" if sample.holdout_rows else ""
    return f"{what}: {sample.train_rows:,} training rows, {sample.synthetic_rows:,} synthetic rows{others}."


def _rows(aligned: Aligned) -> tuple[int, int, int]:
    return aligned.train_rows, aligned.synthetic_rows, aligned.holdout_rows


def _take(aligned: Aligned, chosen: tuple[int, int, int], seed: int) -> Aligned:
    rng = np.random.default_rng(seed)
    places = [_some(rng, count, rows) for count, rows in zip(_rows(aligned), chosen, strict=True)]
    return replace(
        aligned,
        columns=tuple(values.take(*places) for values in aligned.columns),
        train_rows=chosen[0],
        synthetic_rows=chosen[1],
        holdout_rows=chosen[2],
    )


def _some(rng: np.random.Generator, count: int, chosen: int) -> np.ndarray:
    return np.arange(count) if chosen == count else np.sort(rng.choice(count, chosen, replace=False))
