"""Two AUCs on the same leads, with standard errors for leads that stand alone and for leads that come in weeks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_core.lift.delong import placements


@dataclass(frozen=True)
class Comparison:
    """AUC of the arm and of the reference.

    Attributes
    ----------
    auc_arm, auc_reference, delta : float
    error : float
        DeLong's standard error of the difference, as if every lead stood alone.
    error_by_week : float
        With leads of a week taken together: larger where the gain is not the same in every week. NaN for one week.
    weeks : int
    """

    auc_arm: float
    auc_reference: float
    delta: float
    error: float
    error_by_week: float
    weeks: int


def compare(y: np.ndarray, arm: np.ndarray, reference: np.ndarray, weeks: np.ndarray) -> Comparison:
    """Both scores on the same leads.

    Parameters
    ----------
    y : array, shape (n_leads,)
        1 and 0, both present.
    arm, reference : arrays of float, shape (n_leads,)
    weeks : array, shape (n_leads,)
        The week of each lead.

    Notes
    -----
    Sources: DeLong, DeLong & Clarke-Pearson, Biometrics 1988; its form for clusters, Obuchowski, Biometrics 1997, here
    with whole weeks as clusters: the sum over weeks of squared sums of each lead's share in the difference.
    """
    first, second = placements(y, arm), placements(y, reference)
    parts = [a - b for a, b in zip(first, second, strict=True)]
    delta = float(parts[0].mean())
    variance = sum(np.var(part, ddof=1) / len(part) for part in parts if len(part) > 1)
    share = np.empty(len(y))
    share[y == 1], share[y != 1] = ((part - part.mean()) / len(part) for part in parts)
    week, names = pd.factorize(weeks)
    sums, count = np.bincount(week, share), len(names)
    by_week = float(np.sqrt(count / (count - 1) * (sums**2).sum())) if count > 1 else float("nan")
    return Comparison(float(first[0].mean()), float(second[0].mean()), delta, float(np.sqrt(variance)), by_week, count)
