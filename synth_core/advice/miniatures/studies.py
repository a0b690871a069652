"""Simulated studies with known truth: what an estimate, a leak and a verdict look like."""

from __future__ import annotations

import numpy as np
from imblearn.over_sampling import SMOTE
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier

from synth_core.advice.miniatures.records import Leak, Reading, Stated
from synth_core.lift.statistics import nadeau_bengio
from synth_core.lift.verdict import ALPHA, SMALLEST_GAIN

STUDIES = 40
_ROWS, _RARE, _FRESH, _COLUMNS, _FOLDS = 600, 60, 3_000, 8, 5


def stated(rate: float, uplift: float, visitors: int, *, seed: int = 7) -> Stated:
    """Forty studies in which a campaign lifts the conversion rate ``rate`` by the share ``uplift``.

    Parameters
    ----------
    visitors : int
        With the campaign, and as many without.
    """
    rng = np.random.default_rng(seed)
    shown = min(rate * (1 + uplift), 1.0)
    with_it, without = rng.binomial(visitors, [[shown], [rate]], (2, STUDIES)) / visitors
    estimates = with_it - without
    half = 1.96 * np.sqrt((with_it * (1 - with_it) + without * (1 - without)) / visitors)
    low, high = estimates - half, estimates + half
    effect = shown - rate
    return Stated(
        effect, visitors, tuple(estimates.tolist()), tuple(low.tolist()), tuple(high.tolist()),
        int(((low <= effect) & (effect <= high)).sum()), int((low > 0).sum()),
    )  # fmt: skip


def leak(added: int, *, seed: int = 7) -> Leak:
    """Columns that tell nothing of the outcome, and ``added`` SMOTE rows for each real one of the rare class.

    No model can do better than an AUC of 0.5 here; what is above comes from adding rows before cutting folds.
    """
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(_ROWS, _COLUMNS)), (np.arange(_ROWS) < _RARE).astype(int)
    fresh, outcome = rng.normal(size=(_FRESH, _COLUMNS)), (np.arange(_FRESH) < _FRESH // 10).astype(int)
    more = _more(x, y, added, seed)
    return Leak(
        added,
        before=_folds(*more, seed, lambda a, b: (a, b)),
        after=_folds(x, y, seed, lambda a, b: _more(a, b, added, seed)),
        truth=float(roc_auc_score(outcome, _model(*more).predict_proba(fresh)[:, 1])),
    )


def _more(x: np.ndarray, y: np.ndarray, added: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    if not added:
        return x, y
    wanted = int(y.sum()) * (1 + added)
    return SMOTE(sampling_strategy={1: wanted}, k_neighbors=5, random_state=seed).fit_resample(x, y)


def _folds(x: np.ndarray, y: np.ndarray, seed: int, prepare) -> float:
    """AUC over all scored rows; ``prepare`` turns a fold's training part into what the model sees."""
    scores = np.zeros(len(y))
    for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(x, y):
        scores[test] = _model(*prepare(x[train], y[train])).predict_proba(x[test])[:, 1]
    return float(roc_auc_score(y, scores))


def _model(x: np.ndarray, y: np.ndarray) -> KNeighborsClassifier:
    return KNeighborsClassifier(15).fit(x, y)


def reading(gain: float, spread: float, *, seed: int = 7) -> Reading:
    """Differences of a score in 5 × 5 folds around a true ``gain``, read as a study on page Lift reads them."""
    differences = gain + spread * np.random.default_rng(seed).normal(size=25)
    paired = nadeau_bengio(differences, 1 / 4)
    low, high = paired.interval()
    word = "no evidence"
    if paired.p_better < ALPHA and paired.mean >= SMALLEST_GAIN:
        word = "helps"
    elif paired.p_worse < ALPHA and paired.mean <= -SMALLEST_GAIN:
        word = "hurts"
    return Reading(
        tuple(differences.tolist()), paired.mean, float(low), float(high), paired.p_better, paired.posterior(),
        float(max(paired.smallest_detectable(1, ALPHA), SMALLEST_GAIN)), word,
    )  # fmt: skip
