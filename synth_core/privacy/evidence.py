"""From counts to evidence: intervals, and tests that rest on nothing but the random split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

_Z = stats.norm.ppf(0.975)


@dataclass(frozen=True)
class Evidence:
    """One measure about training records beside the same about unseen records.

    ``low`` and ``high`` are the 95 % interval of ``value``, ``risk_low`` and ``risk_high`` that of
    ``(value − reference) / (1 − reference)``; ``p`` is one-sided.
    """

    value: float
    low: float
    high: float
    reference: float
    risk: float
    risk_low: float
    risk_high: float
    p: float


def wilson(share: float, trials: float) -> tuple[float, float]:
    """95 % Wilson score interval of a share of ``trials``.

    Source: Wilson, Journal of the American Statistical Association 1927.
    """
    if trials <= 0:
        return 0.0, 1.0
    middle = share + _Z**2 / (2 * trials)
    half = _Z * np.sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2))
    scale = 1 + _Z**2 / trials
    low, high = float((middle - half) / scale), float((middle + half) / scale)
    return min(max(low, 0.0), share), max(min(high, 1.0), share)  # rounding put an end of 1 just below 1


def rates(train: np.ndarray, control: np.ndarray) -> Evidence:
    """Success on training records against success on unseen records.

    Parameters
    ----------
    train, control : arrays of float, shape (n_attacks,)
        Success of every attack, 0…1 (a mean, where one record is attacked several times).

    Notes
    -----
    Wilson intervals, with as many trials as the spread of the successes is worth; their difference as in Newcombe,
    Statistics in Medicine 1998. The test is Fisher's exact one for yes-or-no successes, else :func:`by_split`.
    """
    value, reference = float(train.mean()), float(control.mean())
    low, high = wilson(value, _trials(train))
    floor, ceiling = wilson(reference, _trials(control))
    gap = value - reference
    down = gap - np.hypot(value - low, ceiling - reference)
    up = gap + np.hypot(high - value, reference - floor)
    room = max(1 - reference, 1e-9)
    return Evidence(
        value, low, high, reference, *(float(np.clip(g / room, -1, 1)) for g in (gap, down, up)), _p(train, control)
    )


def _trials(successes: np.ndarray) -> float:
    mean, spread = successes.mean(), successes.var()
    return len(successes) * (mean * (1 - mean) / spread if spread > 0 and 0 < mean < 1 else 1.0)


def _p(train: np.ndarray, control: np.ndarray) -> float:
    every = np.concatenate([train, control])
    if not np.isin(every, (0.0, 1.0)).all():
        return by_split(every, np.repeat([True, False], [len(train), len(control)]))
    hits, total = int(train.sum()), len(train) + len(control)
    return float(stats.hypergeom.sf(hits - 1, total, len(train), hits + int(control.sum())))


def by_split(weights: np.ndarray, in_train: np.ndarray) -> float:
    """Chance that a random split puts as much of ``weights`` on the training side, one-sided.

    Notes
    -----
    If the synthetic rows know nothing about who was in training, the labels ``in_train`` are a random draw: the sum on
    training records then has the mean and variance of a sum sampled without replacement, whatever the weights are
    (Cochran, Sampling Techniques, 1977).
    """
    chosen = int(in_train.sum())
    spread = chosen * (1 - chosen / len(weights)) * weights.var(ddof=1)
    if not spread > 0:
        return 1.0
    return float(stats.norm.sf((weights[in_train].sum() - chosen * weights.mean()) / np.sqrt(spread)))


def nearest_share(weights: np.ndarray, in_train: np.ndarray) -> Evidence:
    """Share of ``weights`` that lies on training records, each side counted as if it were of equal size.

    Parameters
    ----------
    weights : array of float, shape (n_records,)
        How much of the synthetic rows each real record draws to itself.
    in_train : array of bool, shape (n_records,)

    Notes
    -----
    0.5 is neutral for any sizes; with equal sizes this is the usual share closer to training than to holdout records.
    Dropping training records until both sides are equal would drop the sources of copies too. The test is
    :func:`by_split`.
    """
    a, b = weights[in_train], weights[~in_train]
    # A pseudo-row of average weight on each side keeps the interval finite where one side draws nothing.
    mean = weights.mean()
    on_train, on_control = ((s.sum() + mean) / (len(s) + 1) for s in (a, b))
    error = np.sqrt(sum((s.var() + mean**2 / len(s)) / len(s) / m**2 for s, m in ((a, on_train), (b, on_control))))
    odds = np.log(on_train / on_control)
    low, value, high = (float(1 / (1 + np.exp(-(odds + k * error)))) for k in (-_Z, 0, _Z))
    return _against_half(value, low, high, by_split(weights, in_train))


def auc(members: np.ndarray, others: np.ndarray) -> Evidence:
    """AUC of a score that should be higher for training records than for unseen ones.

    Notes
    -----
    Interval: DeLong et al., Biometrics 1988. Test: Mann–Whitney with ties.
    """
    m, n = len(members), len(others)
    ranks = stats.rankdata(np.concatenate([members, others]))
    above = (ranks[:m] - stats.rankdata(members)) / n
    below = 1 - (ranks[m:] - stats.rankdata(others)) / m
    value = float(above.mean())
    # A perfect attack has no spread; it still is known no better than its rows allow.
    error = np.sqrt(max(above.var(ddof=1) / m + below.var(ddof=1) / n, 1e-12))
    low, high = max(value - _Z * error, 0.0), min(value + _Z * error, 1.0)
    p = stats.mannwhitneyu(members, others, alternative="greater", method="asymptotic").pvalue
    return _against_half(value, float(low), float(high), 1.0 if np.isnan(p) else float(p))


def _against_half(value: float, low: float, high: float, p: float) -> Evidence:
    return Evidence(value, low, high, 0.5, *(float(np.clip(2 * v - 1, -1, 1)) for v in (value, low, high)), p)


def holm(p: list[float]) -> list[float]:
    """p values after Holm's correction, in the same order. Source: Holm, Scandinavian Journal of Statistics 1979."""
    order, running, out = np.argsort(p, kind="stable"), 0.0, [1.0] * len(p)
    for place, i in enumerate(order):
        running = max(running, min(1.0, (len(p) - place) * p[i]))
        out[i] = running
    return out
