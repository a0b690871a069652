"""How far each model's credit lies from the truth, and which of the differences are more than noise."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

import numpy as np
from scipy import stats

from synth_core.journeys.results import (
    TRUTHS,
    Budget,
    Credits,
    Graded,
    Grades,
    Interval,
    League,
    Mean,
    Sample,
    Truth,
    TruthName,
    Versus,
)

ALPHA = 0.05  #: of the paired tests, all of a league together
_NOTHING = 1e-9  # conversions


def share_error(credits: Credits, truth: Truth, name: TruthName = "shapley") -> float:
    """Mean absolute difference between the shares of credit and of truth over the channels; 0 to 1."""
    return float(np.abs(np.subtract(credits.share, truth.share(name))).mean())


def grade(credits: Credits, truth: Truth, name: TruthName = "shapley") -> Graded:
    """One model's credits against one truth, without any interval.

    Raises
    ------
    ValueError
        The channels differ.
    """
    return _graded([credits], [truth], [None], name, None, None)


def league(grades: Grades, truth: TruthName = "shapley") -> League:
    """All models against the truth of that name, best first, and what of it is within noise."""
    models = range(len(grades.samples[0].credits))
    lines = sorted((_line(grades, m, truth) for m in models), key=lambda line: line.share_error.mean)
    errors = {
        grades.samples[0].credits[m].model: [share_error(s.credits[m], s.truth, truth) for s in grades.samples]
        for m in models
    }
    versus = tuple(_versus(lines[0], other, errors, len(lines) - 1) for other in lines[1:])
    return League(truth, tuple(lines), versus, _told(lines, versus, truth, len(grades.samples)))


def _line(grades: Grades, model: int, name: TruthName) -> Graded:
    samples: Sequence[Sample] = grades.samples
    lost = None
    if grades.budget is not None:
        lost = [grades.budget.best.conversions - a.conversions for a in grades.budget.models[model]]
    return _graded(
        [s.credits[model] for s in samples], [s.truth for s in samples], [s.intervals[model] for s in samples], name,
        lost, grades.budget,
    )  # fmt: skip


def _graded(
    credits: list[Credits],
    truths: list[Truth],
    intervals: Sequence[Interval | None],
    name: TruthName,
    lost: list[float] | None,
    budget: Budget | None,
) -> Graded:
    pairs = list(zip(credits, truths, strict=True))
    if any(c.channels != t.channels for c, t in pairs):
        raise ValueError("credits and truth must have the same channels in the same order")
    signed = np.array([np.subtract(c.share, t.share(name)) for c, t in pairs])
    over = [
        [c.credit[k] / t.removal[k] for c, t in pairs if abs(t.removal[k]) > _NOTHING] for k in range(len(signed[0]))
    ]
    organic = [(c.organic - t.organic) / t.expected for c, t in pairs if c.organic is not None and t.expected]
    return Graded(
        model=credits[0].model,
        name=credits[0].name,
        share_error=mean(np.abs(signed).mean(axis=1)),
        total_variation=mean(np.abs(signed).sum(axis=1) / 2),
        spearman=_correlation(pairs, name, stats.spearmanr),
        kendall=_correlation(pairs, name, stats.kendalltau),
        over_credit=tuple(mean(ratios) if len(ratios) == len(pairs) else None for ratios in over),
        signed=tuple(mean(column) for column in signed.T),
        coverage=_coverage(truths, intervals, name),
        lost=mean(lost) if lost is not None else None,
        regret=mean(np.divide(lost, budget.best.conversions)) if lost and budget and budget.best.conversions else None,
        organic=mean(organic) if organic else None,
    )


def mean(values: Sequence[float] | np.ndarray) -> Mean:
    """Mean and standard error over seeds."""
    values = [float(v) for v in values]
    return Mean(fmean(values), stdev(values) / sqrt(len(values)) if len(values) > 1 else None)


def _correlation(pairs: list[tuple[Credits, Truth]], name: TruthName, measure) -> Mean | None:
    found = []
    for credits, truth in pairs:
        shares = np.round(credits.share, 12), np.round(truth.share(name), 12)
        if min(np.ptp(s) for s in shares) == 0:
            return None
        found.append(float(measure(*shares).statistic))
    return mean(found)


def _coverage(truths: list[Truth], intervals: Sequence[Interval | None], name: TruthName) -> float | None:
    inside = [
        low <= share <= high
        for truth, interval in zip(truths, intervals, strict=True)
        if interval is not None
        for low, share, high in zip(interval.low, truth.share(name), interval.high, strict=True)
    ]
    return fmean(inside) if inside else None


def _versus(leader: Graded, other: Graded, errors: dict[str, list[float]], tests: int) -> Versus:
    apart = np.subtract(errors[other.model], errors[leader.model])
    if len(apart) < 2:
        return Versus(other.name, mean(apart), True)
    if np.ptp(apart) < 1e-12:  # the same in every seed, such as a model that equals another
        return Versus(other.name, mean(apart), bool(abs(apart[0]) < 1e-12))
    chance = stats.ttest_1samp(apart, 0.0).pvalue * tests
    return Versus(other.name, mean(apart), bool(chance >= ALPHA))


def _told(lines: list[Graded], versus: Sequence[Versus], truth: TruthName, seeds: int) -> str:
    best = lines[0]
    against = TRUTHS[truth]
    head = f"Against “{against}”, {best.name} is closest: its shares are off by {_points(best.share_error)} on average."
    if seeds < 2:
        return f"{head} This is one simulation: with a single seed nothing can be said about noise. Take ten or more."
    if not versus:
        return head
    open_, clear = [v.name for v in versus if v.within_noise], [v for v in versus if not v.within_noise]
    parts = [head]
    if open_:
        parts.append(f"Within noise over {seeds} seeds, so that either may be the better one: {_list(open_)}.")
    if clear:
        nearest, worst = clear[0], clear[-1]
        parts.append(
            f"Clearly further off: {_list([v.name for v in clear])} (from {_points(nearest.difference)} more for "
            f"{nearest.name} to {_points(worst.difference)} more for {worst.name})."
            if len(clear) > 1
            else f"Clearly further off: {nearest.name}, by {_points(nearest.difference)} more."
        )
    return " ".join(parts)


def _points(found: Mean) -> str:
    error = f" ± {100 * found.se:.1f}" if found.se is not None else ""
    return f"{100 * found.mean:.1f}{error} percentage points"


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
