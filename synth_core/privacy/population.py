"""The rows that take part in distances and attacks, sampled to a bounded size, as points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_core.privacy.census import Census
from synth_core.privacy.points import Points

_REFERENCE = 100_000  #: records that rows are compared with
_QUERIES = 5_000  #: rows that look for their nearest record


@dataclass(frozen=True, eq=False)
class Population:
    """Training records and unseen records that occur once, and distinct synthetic rows.

    Attributes
    ----------
    train, holdout, synthetic : pandas.DataFrame
        As in :class:`~synth_core.privacy.census.Census`, in random order, at most 100,000 rows each.
    points : Points
        The same as points, under the keys ``"train"``, ``"holdout"`` and ``"synthetic"``.
    """

    train: pd.DataFrame
    holdout: pd.DataFrame
    synthetic: pd.DataFrame
    points: Points

    @property
    def names(self) -> tuple[str, ...]:
        return self.points.names

    def queries(self, key: str, most: int = _QUERIES) -> slice:
        """The first ``most`` rows of frame ``key``: a random sample, as they are in random order."""
        return slice(0, min(most, len(getattr(self, key))))


def population(counted: Census, *, seed: int) -> Population:
    """A sample of the rows that count."""
    rng = np.random.default_rng(seed)
    kept = {"train": counted.train_alone, "holdout": counted.holdout_alone, "synthetic": counted.synthetic_counts}
    frames = {
        key: getattr(counted, key).iloc[rng.permutation(np.flatnonzero(rows))[:_REFERENCE]].reset_index(drop=True)
        for key, rows in kept.items()
    }
    return Population(**frames, points=Points(frames, ("train", "holdout")))
