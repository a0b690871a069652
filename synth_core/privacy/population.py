"""Whom the attacks are about: real rows that occur once, those in training and those no generator saw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_core.privacy.points import Points, comparable
from synth_core.tables import Holdout, Train

_REFERENCE = 100_000  #: records that rows are compared with
_QUERIES = 5_000  #: rows that look for their nearest record
FEWEST = 20  #: unique records, or synthetic rows, under which nothing can be told


@dataclass(frozen=True, eq=False)
class Population:
    """Unique training records, unique unseen records and synthetic rows, sampled to a bounded size.

    A row that several people share singles nobody out, so only rows whose features occur once among all real rows are
    attacked. Which of them went into training was then decided by the split alone: whatever tells the two groups apart
    has learned it from the synthetic rows.

    Attributes
    ----------
    train, holdout, synthetic : pandas.DataFrame
        Comparable values (see :func:`~synth_core.privacy.points.comparable`), in random order.
    points : Points
        The same as points, under the keys ``"train"``, ``"holdout"`` and ``"synthetic"``.
    unique_train, unique_holdout : int
        Before sampling.
    """

    train: pd.DataFrame
    holdout: pd.DataFrame
    synthetic: pd.DataFrame
    points: Points
    unique_train: int
    unique_holdout: int

    @property
    def names(self) -> tuple[str, ...]:
        return self.points.names

    def queries(self, key: str, most: int = _QUERIES) -> slice:
        """The first ``most`` rows of frame ``key``: a random sample, as they are in random order."""
        return slice(0, min(most, len(getattr(self, key))))


def population(train: Train, holdout: Holdout, synthetic: pd.DataFrame, names: list[str], *, seed: int) -> Population:
    """The population of one report.

    Parameters
    ----------
    names : list of str
        Modelled columns that the synthetic rows have.
    """
    schema = train.schema
    alone = occurs_once(train, holdout, names)
    rng = np.random.default_rng(seed)
    frames, sizes = {}, {}
    for key, rows, kept in (("train", train.frame, alone[0]), ("holdout", holdout.frame, alone[1])):
        places = np.flatnonzero(kept)
        sizes[key] = len(places)
        frames[key] = comparable(rows.iloc[rng.permutation(places)[:_REFERENCE]], schema, names)
    frames["synthetic"] = comparable(synthetic.iloc[rng.permutation(len(synthetic))[:_REFERENCE]], schema, names)
    points = Points(frames, names, ("train", "holdout"))
    return Population(**frames, points=points, unique_train=sizes["train"], unique_holdout=sizes["holdout"])


def occurs_once(train: Train, holdout: Holdout | None, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """For each training row and each unseen row whether no other real row has its features; two arrays of bool."""
    schema = train.schema
    features = [n for n in names if n != schema.target] or names
    parts = [comparable(rows.frame, schema, features) for rows in (train, holdout) if rows is not None]
    keys = np.concatenate([hashes(p) for p in parts])
    groups = pd.factorize(keys)[0]
    once = np.bincount(groups)[groups] == 1
    return once[: len(train)], once[len(train) :]


def hashes(frame: pd.DataFrame) -> np.ndarray:
    """A 64-bit key per row; equal rows have equal keys."""
    return pd.util.hash_pandas_object(frame, index=False).to_numpy()
