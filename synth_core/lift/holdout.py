"""The single look at the locked holdout."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synth_core.lift import delong
from synth_core.lift.evaluate import Outcome
from synth_core.lift.results import HoldoutResult
from synth_core.lift.scores import calibration_points, main_score, pr_points, roc_points, scores
from synth_core.tables import Target

_DRAWS = 1_000


def compare(
    y: np.ndarray,
    arm: str,
    reference: str,
    outcomes: Mapping[str, Outcome],
    thresholds: Mapping[str, float],
    *,
    target: Target,
    scored: tuple[int, ...] = (),
    seed: int,
    look: int,
) -> HoldoutResult:
    """Both arms on the same holdout rows.

    The interval of an AUC difference is DeLong's; of other scores, a paired bootstrap over rows.

    Parameters
    ----------
    y : array, shape (n_holdout,)
        Outcomes as in :meth:`Target.codes`.
    outcomes, thresholds
        By arm key; thresholds come from out-of-fold training scores (two classes only).
    scored : tuple of int
        Classes that the macro AUC averages over.
    """
    mine, other = outcomes[arm], outcomes[reference]
    both = [
        scores(y, o.predictions, target, threshold=thresholds.get(k, 0.5), raw=o.raw, classes=scored)
        for k, o in ((arm, mine), (reference, other))
    ]
    curves = {}
    if target.task == "binary":
        low, high = delong.interval(*delong.auc_difference(y, mine.predictions, other.predictions))
        for name, draw in (("roc", roc_points), ("pr", pr_points), ("calibration", calibration_points)):
            curves[f"{name}_arm"], curves[f"{name}_reference"] = draw(y, mine.predictions), draw(y, other.predictions)
    else:
        low, high = _bootstrap(y, mine.predictions, other.predictions, target, scored, np.random.default_rng(seed))
    return HoldoutResult(
        arm=arm,
        reference=reference,
        delta=both[0].main - both[1].main,
        low=low,
        high=high,
        scores_arm=both[0],
        scores_reference=both[1],
        look=look,
        **curves,
    )


def _bootstrap(
    y: np.ndarray, p: np.ndarray, q: np.ndarray, target: Target, scored: tuple[int, ...], rng: np.random.Generator
) -> tuple[float, float]:
    """95 % percentile interval of the difference of the main score; rows stay paired."""
    found = []
    for _ in range(_DRAWS):
        rows = rng.integers(len(y), size=len(y))
        found.append(
            main_score(y[rows], p[rows], target, scored) - main_score(y[rows], q[rows], target, scored)
        )  # fmt: skip
    low, high = np.nanquantile(found, [0.025, 0.975])
    return float(low), float(high)
