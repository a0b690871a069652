"""Which real rows can be recognised at all, and which synthetic rows could give them away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_core.tables.alignment import Aligned
from synth_core.tables.row_keys import row_keys


@dataclass(frozen=True, eq=False)
class Census:
    """All rows in comparable form, and which of them count.

    A row that several people share singles nobody out, so only real rows whose features occur once are attacked. Which
    of them went into training was then decided by the split alone: whatever tells the two groups apart has learned it
    from the synthetic rows. Synthetic rows count once each, and not where they equal a row that several people share.

    Attributes
    ----------
    train, holdout, synthetic : pandas.DataFrame
        Floats are quantities, with no more decimals than the real column has; integers are codes of levels. Missing is
        NaN and −1. ``holdout`` may have no row.
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


def census(aligned: Aligned, target: str | None) -> Census:
    """Compare all rows with each other, by hash.

    Parameters
    ----------
    aligned : Aligned
        At least one column.
    target : str or None
        Not a feature.
    """
    columns = [values.rounded() for values in aligned.columns]
    features = [v.name for v in columns if v.name != target] or [v.name for v in columns]
    train, synthetic = (pd.DataFrame({v.name: getattr(v, of) for v in columns}) for of in ("real", "synthetic"))
    holdout = pd.DataFrame({v.name: v.real[:0] if v.holdout is None else v.holdout for v in columns})
    keys = [row_keys(frame[features]) for frame in (train, holdout, synthetic)]
    real, counts = np.unique(np.concatenate(keys[:2]), return_counts=True)
    shared = real[counts > 1]
    repeated = pd.Series(row_keys(synthetic)).duplicated().to_numpy()
    alone = [~np.isin(k, shared) for k in keys]
    return Census(train, holdout, synthetic, alone[0], alone[1], alone[2] & ~repeated)
