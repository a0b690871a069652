"""A smaller split of a large table that keeps what the large one is like."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from sklearn.model_selection import train_test_split

from synth_core.tables.split import Holdout, Split, Train
from synth_core.tables.target import strata

_Part = TypeVar("_Part", Train, Holdout)


def sampled(split: Split, rows: int) -> Split:
    """At most ``rows`` rows of ``split``, training and holdout in their old proportion and each with its old outcomes.

    Training rows stay training rows and holdout rows holdout rows. The same split gives the same sample.

    Parameters
    ----------
    split : Split
    rows : int
        Of training and holdout together.
    """
    total = len(split.train) + len(split.holdout)
    if total <= rows:
        return split
    train, holdout = (_part(part, round(rows * len(part) / total), split.seed) for part in (split.train, split.holdout))
    return replace(split, train=train, holdout=holdout, sampled_from=total)


def _part(part: _Part, rows: int, seed: int) -> _Part:
    """``rows`` rows of ``part``, stratified by outcome where there is one and every stratum can keep two rows."""
    classes = None
    if part.table.task is not None:
        found = strata(part.outcomes(), part.table.outcome.task)
        classes = found if np.bincount(found).min() >= 2 and rows >= len(np.unique(found)) else None
    chosen, _ = train_test_split(np.arange(len(part)), train_size=rows, random_state=seed, stratify=classes)
    kept = np.zeros(len(part), dtype=bool)
    kept[chosen] = True
    return part.only(kept)
