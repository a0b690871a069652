"""Random rows of the tables for what would take too long, or be unfair, on all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from synth_core.fidelity.columns import Aligned


def draw(aligned: Aligned, most: int | None, *, seed: int, all_alike: bool = True) -> Aligned:
    """At most ``most`` rows per table: as many synthetic as holdout rows, and (``all_alike``) as many training rows.

    Many numbers depend on how many rows they are computed from, so that only samples of one size can be compared.
    """
    sizes = (aligned.train_rows, aligned.synthetic_rows, *([aligned.holdout_rows] if aligned.holdout_rows else []))
    most = max(sizes) if most is None else most
    rows = min(most, *(sizes if all_alike else sizes[1:]))
    train = rows if all_alike else min(most, aligned.train_rows)
    rng = np.random.default_rng(seed)
    real, synthetic = _some(rng, aligned.train_rows, train), _some(rng, aligned.synthetic_rows, rows)
    held = _some(rng, aligned.holdout_rows, rows) if aligned.holdout_rows else None
    return replace(
        aligned,
        columns=tuple(values.take(real, synthetic, held) for values in aligned.columns),
        train_rows=train,
        synthetic_rows=rows,
        holdout_rows=rows if aligned.holdout_rows else 0,
    )


def sizes(what: str, sample: Aligned) -> str:
    """How large a sample was, in words."""
    if sample.train_rows == sample.synthetic_rows:
        return f"{what}: {sample.synthetic_rows:,} rows of each kind."
    others = " and as many holdout rows" if sample.holdout_rows else ""
    return f"{what}: {sample.train_rows:,} training rows, {sample.synthetic_rows:,} synthetic rows{others}."


def _some(rng: np.random.Generator, count: int, chosen: int) -> np.ndarray:
    return np.arange(count) if chosen == count else np.sort(rng.choice(count, chosen, replace=False))
