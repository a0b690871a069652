"""How the main score moves with more synthetic rows, and with more real ones. Neither decides anything."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synth_core.lift.arms import Arm
from synth_core.lift.crossval import fold_seed
from synth_core.lift.evaluate import Plan, evaluate
from synth_core.lift.protocol import Protocol
from synth_core.lift.results import CurvePoint, Curves
from synth_core.lift.scores import main_score
from synth_core.lift.statistics import Paired, nadeau_bengio
from synth_core.tables import Fold, Train
from synth_core.workers import in_workers

FACTORS = (0.5, 1, 2, 4, 10)  #: synthetic rows for each real training row
SHARES = (0.2, 0.35, 0.5, 0.7, 0.85, 1.0)  #: of the real training rows
MORE = 500  #: real rows whose worth is told
_EXPONENT = 0.5


def draw_curves(protocol: Protocol) -> Curves | None:
    """Both curves for the best candidate so far, over the first folds; None where no candidate ran.

    The worth of more real rows is read from a line in 1/√rows through each fold's learning curve (the inverse power law
    of Figueroa et al., BMC Medical Informatics and Decision Making 2012, with its exponent fixed at ½, because six
    noisy points cannot tell it).
    """
    cv = protocol.cv
    candidates = [a for a in cv.arms if a.role == "candidate"]
    if not candidates:
        return None
    best = max(candidates, key=lambda a: cv.mean_score(a.key))
    reference = next(a for a in cv.arms if a.key == protocol.reference())
    synthetic = _by_synthetic_rows(protocol, best, reference.key)
    real = learning_curve(protocol, reference, first=len(_first_folds(protocol)))
    gain = real.worth(MORE)
    return Curves(
        arm=best.key,
        reference=reference.key,
        synthetic=synthetic,
        real=real.points,
        more=MORE,
        expected_gain=gain.mean if gain else None,
        expected_low=gain.low if gain else None,
        expected_high=gain.high if gain else None,
    )


@dataclass(frozen=True, eq=False)
class RealRows:
    """A learning curve over folds.

    Attributes
    ----------
    now : int
        Training rows that there are.
    points : tuple of CurvePoint
        The main score by number of real rows.
    """

    now: int
    points: tuple[CurvePoint, ...]
    _slopes: np.ndarray
    _ratio: float

    def worth(self, more: int) -> CurvePoint | None:
        """What ``more`` rows on top of those there are would add; None where the curve tells nothing."""
        step = (self.now + more) ** -_EXPONENT - self.now**-_EXPONENT
        found = _point(more, nadeau_bengio(self._slopes * step, self._ratio))
        return found if np.isfinite([found.mean, found.low, found.high]).all() else None


def learning_curve(protocol: Protocol, reference: Arm, *, first: int = 0) -> RealRows:
    """The learning curve of an arm on real rows, over the first folds of the training rows.

    Parameters
    ----------
    first : int
        Steps of the phase "curves" that were reported before.
    """
    rows, scores, ratio = _by_real_rows(protocol, reference, first)
    points = tuple(_point(n, nadeau_bengio(scores[:, j], ratio)) for j, n in enumerate(rows))
    x = np.asarray(rows, dtype=float) ** -_EXPONENT
    return RealRows(len(protocol.split.train), points, np.array([_slope(x, fold) for fold in scores]), ratio)


def _first_folds(protocol: Protocol) -> list[int]:
    return [n for n, fold in enumerate(protocol.cv.folds) if fold.repeat == 0]


def _by_synthetic_rows(protocol: Protocol, best: Arm, reference: str) -> tuple[CurvePoint, ...]:
    cv, numbers = protocol.cv, _first_folds(protocol)
    size = float(np.mean([len(cv.folds[n].train_rows) for n in numbers]))
    counts = [max(1, round(f * size)) for f in FACTORS]
    arms = [replace(best, key=f"curve/{n}", rows=n) for n in counts]
    plan = replace(protocol.plan, drawn=max(counts))
    for step, _ in enumerate(cv.run_on(numbers, arms, plan)):
        cv.progress.report("curves", step + 1, 2 * len(numbers))
    base = cv.fold_scores(reference, numbers)
    return tuple(
        _point(n, nadeau_bengio(cv.fold_scores(arm.key, numbers) - base, cv.ratio))
        for n, arm in zip(counts, arms, strict=True)
        if not any(cv.outcomes[k][arm.key].failure for k in numbers)
    )


def _by_real_rows(protocol: Protocol, reference: Arm, first: int) -> tuple[list[int], np.ndarray, float]:
    """Numbers of real rows, the reference's main score of shape (folds, numbers), and test over training rows."""
    cv, numbers = protocol.cv, _first_folds(protocol)
    size = min(len(cv.folds[n].train_rows) for n in numbers)
    rows = sorted({max(20, round(share * size)) for share in SHARES})
    work = ((f.train_rows, f.test_rows, fold_seed(cv.seed, f)) for f in (cv.folds[n] for n in numbers))
    shared = (cv.folds[0].source, rows, reference, protocol.plan)
    found = []
    for step, scores in enumerate(in_workers(_learning_curve, work, cv.n_jobs, shared=shared)):
        found.append([np.nan if s is None else s for s in scores])
        cv.progress.report("curves", first + step + 1, first + len(numbers))
    return rows, np.array(found), cv.ratio


def _learning_curve(
    source: Train, rows: list[int], arm: Arm, plan: Plan, train_rows: np.ndarray, test_rows: np.ndarray, seed: int
):
    """The arm's main score after training on a part of the fold's training rows, for each number of rows."""
    fold = Fold(0, 0, source, train_rows, test_rows)
    train, test = fold.train, fold.test
    out, y = [], plan.target.codes(test.frame)
    for count in rows:
        part = train.sample_rows(count, seed=seed)
        codes = plan.target.codes(part.frame)
        if plan.target.task != "regression" and len(np.unique(codes)) < 2:
            out.append(None)
            continue
        found = evaluate(part, test, [arm], plan, seed=seed)[arm.key]
        out.append(None if found.failure else main_score(y, found.predictions, plan.target))
    return out


def _slope(x: np.ndarray, y: np.ndarray) -> float:
    known = ~np.isnan(y)
    return float(np.polyfit(x[known], y[known], 1)[0]) if known.sum() >= 3 else float("nan")


def _point(rows: int, paired: Paired) -> CurvePoint:
    low, high = paired.interval()
    return CurvePoint(rows, paired.mean, float(low), float(high))
