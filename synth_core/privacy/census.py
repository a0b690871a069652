"""Which real rows can be recognised at all, and which synthetic rows could give them away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_core.privacy.points import comparable
from synth_core.tables import Holdout, Train


@dataclass(frozen=True, eq=False)
class Census:
    """All rows in comparable form, and which of them count.

    A row that several people share singles nobody out, so only real rows whose features occur once are attacked. Which
    of them went into training was then decided by the split alone: whatever tells the two groups apart has learned it
    from the synthetic rows. Synthetic rows count once each, and not where they equal a row that several people share.

    Attributes
    ----------
    train, holdout, synthetic : pandas.DataFrame
        Comparable values (see :func:`~synth_core.privacy.points.comparable`); ``holdout`` may have no row.
    train_alone, holdout_alone : arrays of bool
        Per real row whether no other real row has its features.
    synthetic_counts : array of bool
        Per synthetic row whether it enters distances and attacks.
    """

    train: pd.DataFrame
    holdout: pd.DataFrame
    synthetic: pd.DataFrame
    train_alone: np.ndarray
    holdout_alone: np.ndarray
    synthetic_counts: np.ndarray


def census(train: Train, holdout: Holdout | None, synthetic: pd.DataFrame, names: list[str]) -> Census:
    """Compare all rows with each other, by hash.

    Parameters
    ----------
    names : list of str
        Modelled columns that the synthetic rows have; not empty.
    """
    schema = train.schema
    features = [n for n in names if n != schema.target] or names
    held = holdout.frame if holdout is not None else train.frame.head(0)
    frames = [comparable(frame, schema, names) for frame in (train.frame, held, synthetic)]
    keys = [hashes(frame[features]) for frame in frames]
    real, counts = np.unique(np.concatenate(keys[:2]), return_counts=True)
    shared = real[counts > 1]
    repeated = pd.Series(hashes(frames[2])).duplicated().to_numpy()
    return Census(*frames, *(~np.isin(k, shared) for k in keys[:2]), ~np.isin(keys[2], shared) & ~repeated)


def hashes(frame: pd.DataFrame) -> np.ndarray:
    """A 64-bit key per row; equal rows have equal keys."""
    return pd.util.hash_pandas_object(frame, index=False).to_numpy()
