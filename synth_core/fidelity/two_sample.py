"""Classifier two-sample test: can a model tell synthetic rows from real ones?

Source: Lopez-Paz and Oquab, "Revisiting classifier two-sample tests", ICLR 2017.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
from lightgbm import LGBMClassifier
from sklearn.model_selection import StratifiedKFold

from synth_core.fidelity import differences, target
from synth_core.fidelity.design import codes
from synth_core.fidelity.results import Associations, Telling, TwoSample
from synth_core.fidelity.samples import draw
from synth_core.tables.alignment import Aligned

FORMULA = (
    "AUC of LightGBM telling synthetic from real holdout rows, five folds, as many of both. 0.5 is best: it cannot. 1 "
    "is certainty. The standard error of an AUC of 0.5 is √((n + m + 1) / (12·n·m)); chance scatters about 1.4 times "
    "as far, as folds share training rows. Source: Lopez-Paz and Oquab, 2017."
)
_ROWS = 5_000  #: per side
_FEWEST = 20  #: per side
_MANY = 2_000  #: rows per side from which large trees find more than small ones (at 1,000: AUC 0.55 against 0.60)
_SIGMAS = 3  #: as in ``TwoSample.told``
_MOST_TELLING = 6
_LEAST_GAP = 0.01  #: in similarity, for a pair to be named
_LEAST_SHARE = 0.05  #: of the gain
_LIGHTGBM = {"n_jobs": 1, "verbose": -1, "deterministic": True, "force_row_wise": True}


def sampled(aligned: Aligned, *, seed: int) -> Aligned:
    """The rows of the test, numbers with no more decimals than real ones have."""
    sample = draw(aligned, _ROWS, seed=seed)
    return replace(sample, columns=tuple(values.rounded() for values in sample.columns))


def two_sample(aligned: Aligned, paired: Associations | None, *, seed: int) -> TwoSample | str:
    """The test against holdout and training rows, and what gives the rows away; a reason where it cannot be made.

    Parameters
    ----------
    paired : Associations or None
        Names the partner of a column that looks real by itself.
    """
    sample = sampled(aligned, seed=seed)
    rows = sample.train_rows
    if rows < _FEWEST or not sample.columns:
        return f"needs a column and {_FEWEST} rows of each kind"
    real, made, held = codes(sample)
    train, gain = _tell(made, real, seed)
    fresh = between = None
    if held is not None:
        fresh, gain = _tell(made, held, seed)
        between, noise = _tell(real, held, seed)
        gain = np.maximum(gain - noise, 0)  # what any two samples give: columns of many values get most of it
    error = sqrt((2 * rows + 1) / (12 * rows * rows))
    test = TwoSample(fresh, train, between, error, rows, (), "")
    telling = _telling(aligned, gain, paired) if test.told else ()
    return replace(test, telling=telling, sentence=_sentence(test))


def _tell(made: np.ndarray, real: np.ndarray, seed: int) -> tuple[float, np.ndarray]:
    """Cross-validated AUC of telling ``made`` from ``real``, and the gain of each column."""
    x, y = np.vstack([made, real]), np.repeat([True, False], [len(made), len(real)])
    folds = StratifiedKFold(min(5, len(made) // 10), shuffle=True, random_state=seed)
    trees = {"num_leaves": 31 if len(made) >= _MANY else 8, "min_child_samples": min(20, len(made) // 10)}
    scores, gain = np.empty(len(x)), np.zeros(x.shape[1])
    for train, test in folds.split(x, y):
        model = LGBMClassifier(random_state=seed, **trees, **_LIGHTGBM).fit(x[train], y[train])
        scores[test] = model.predict_proba(x[test])[:, 1]
        gain += model.booster_.feature_importance("gain")
    return target.auc(scores, y), gain


def _telling(aligned: Aligned, gain: np.ndarray, paired: Associations | None) -> tuple[Telling, ...]:
    share = gain / gain.sum() if gain.sum() else gain
    found = []
    for place in np.argsort(-share, kind="stable")[:_MOST_TELLING]:
        if share[place] < _LEAST_SHARE and found:
            break
        values = aligned.columns[place]
        says = differences.worst(values) or _only_together(values.name, paired)
        found.append(Telling(values.name, float(share[place]), says))
    return tuple(found)


def _only_together(name: str, paired: Associations | None) -> str:
    """``paired`` holds the farthest pairs first."""
    pair = next((p for p in paired.pairs if name in (p.first, p.second)), None) if paired else None
    others = "other columns"
    if pair is not None and pair.similarity is not None:
        real = 1.0 if pair.similarity_holdout is None else pair.similarity_holdout
        if real - pair.similarity > _LEAST_GAP:
            others = f"“{pair.second if pair.first == name else pair.first}”"
    return f"Alone it looks real; only together with {others} it does not."


def _sentence(test: TwoSample) -> str:
    auc, whom = (test.auc_train, "training") if test.auc_fresh is None else (test.auc_fresh, "fresh real")
    chance = f"chance alone gives 0.50 ± {2 * test.scatter:.2f}"
    if test.auc_real is not None:
        chance += f", two sets of real rows {test.auc_real:.2f}"
    if test.told:
        text = f"A model tells synthetic from {whom} rows with AUC {auc:.2f} ({chance})."
    else:
        text = f"A model cannot tell synthetic from {whom} rows: AUC {auc:.2f} ({chance})."
    if test.auc_train < 0.5 - _SIGMAS * test.scatter:
        text += (
            f" Against the training rows AUC is {test.auc_train:.2f}, well under 0.50: not better than perfect, but a "
            "sign of near-copies, which the model takes for the rows they were copied from. See the Privacy page."
        )
    return text
