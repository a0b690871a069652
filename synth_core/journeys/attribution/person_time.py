"""Logistic regression on person-days: the hazard of a conversion, given what was seen in the last days.

A path is not one observation: paths are cut off by their conversion, so that the touches of converters and of others
were collected over different times (immortal time bias), and a regression on whole paths measures that. Instead each
path is cut whenever a touch is added to the last seven days or leaves them. The days spent in each piece are the trials
without a conversion, the conversions those with one; so coded, the odds are conversions per day at risk, and the
logistic fit estimates the hazard (Singer, Willett 1993, "It's about time"; Hanley, Miettinen 2009, "Fitting
smooth-in-time prognostic risk functions via logistic regression"). Touches count only after they happened.

Credit follows from the fitted model: without any touch, a conversion's hazard would have been a share of what it was;
that share is organic. The rest goes to channels in proportion to what the model takes away from the hazard at that
moment when the channel's touches are left out (the removal of Shao, Li 2011, "Data-driven multi-touch attribution
models", taken at the time of the conversion as in Ji, Wang 2017, "Additional multi-touch attribution for online
advertising"). Channels that lower the hazard get nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from synth_core.errors import JourneyError
from synth_core.journeys.attribution.base import Answer, Split
from synth_core.journeys.observed import Journeys

#: Days for which a touch counts as recent.
WINDOW = 7.0
#: Recent touches on one channel beyond which more make no difference.
MOST = 3
#: Standard deviation of the weak normal prior on effects: keeps the fit finite where a channel never converts.
PRIOR = 5.0
#: Newton steps at most; from any start it takes fewer than ten.
STEPS = 50


@dataclass(frozen=True, eq=False)
class PersonTime:
    """The days that each path spent in each state of recent touches.

    Attributes
    ----------
    design : numpy.ndarray
        float64 (states, 1 + channels); one, then log2(1 + recent touches) per channel.
    days : scipy.sparse.csr_array
        (paths, states); time at risk.
    final : numpy.ndarray
        int64 (paths,); the state at the end of each path.
    """

    design: np.ndarray
    days: csr_array
    final: np.ndarray


def person_time(journeys: Journeys) -> PersonTime:
    """Cut the paths into pieces with constant recent touches.

    Raises
    ------
    JourneyError
        The times of touches are not known.
    """
    if journeys.time is None or journeys.begin is None or journeys.end is None:
        raise JourneyError("Person-days need the times of touches, and these journeys have none. Upload event rows.")
    paths = len(journeys)
    path, length = journeys.path, journeys.end - journeys.begin
    since = np.clip(journeys.time - journeys.begin[path], 0.0, length[path])
    leaves = np.flatnonzero(since + WINDOW < length[path])
    owner = np.concatenate([np.arange(paths), path, path[leaves]])
    when = np.concatenate([np.zeros(paths), since, since[leaves] + WINDOW])
    channel = np.concatenate([np.full(paths, -1), journeys.channel, journeys.channel[leaves]])
    step = np.repeat(np.array([0, 1, -1], np.int8), [paths, len(path), len(leaves)])
    # Three sorted runs: the stable sort merges them, and puts the start of a path before touches at the same moment.
    order = np.argsort(owner * (length.max(initial=0.0) + 1.0) + when, kind="stable")
    owner, when, channel, step = owner[order], when[order], channel[order], step[order]
    first = np.searchsorted(owner, np.arange(paths + 1))
    until = np.append(when[1:], 0.0)
    until[first[1:] - 1] = length
    state, recent = _states(journeys, channel, step, first)
    design = np.column_stack([np.ones(len(recent)), np.log2(1.0 + recent)])
    days = csr_array((np.maximum(until - when, 0.0), state, first), shape=(paths, len(recent)))
    return PersonTime(design, days, state[first[1:] - 1])


def _states(
    journeys: Journeys, channel: np.ndarray, step: np.ndarray, first: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The state of each piece, and the recent touches of each state, at most ``MOST``; ints (states, channels)."""
    size = len(journeys.channels)
    begins = np.repeat(first[:-1], np.diff(first))
    # A random 64-bit number per channel makes the sum of recent touches a fingerprint of the state (wrapping around).
    prints = np.random.default_rng(0).integers(1, 2**63, size + 1, dtype=np.uint64) | np.uint64(1)
    total = np.cumsum(prints[channel] * step.astype(np.uint64))
    code, codes = pd.factorize(total - total[begins])
    example = np.empty(len(codes), np.int64)
    example[code] = np.arange(len(code))
    # Touches leave in the order in which they came, so that the recent ones are those between two places.
    left = np.cumsum(step < 0)
    owner = np.searchsorted(first, example, side="right") - 1
    low = journeys.starts[owner] + left[example] - left[first[owner]]
    count = np.cumsum(step > 0)[example] - low
    touch = np.repeat(low - np.cumsum(count) + count, count) + np.arange(count.sum())
    cell = np.repeat(np.arange(len(codes)), count) * size + journeys.channel[touch]
    recent = np.bincount(cell, minlength=len(codes) * size).reshape(len(codes), size)
    capped = np.minimum(recent, MOST)
    merged, kept = pd.factorize((capped.astype(np.uint64) * prints[:size]).sum(axis=1))
    states = np.empty((len(kept), size), np.int64)
    states[merged] = capped
    return merged[code], states


def fit_logistic(design: np.ndarray, events: np.ndarray, trials: np.ndarray, start: np.ndarray | None) -> np.ndarray:
    """Coefficients of the weighted logistic regression by Newton's method; float64 (columns,).

    Parameters
    ----------
    design : numpy.ndarray
        float (rows, columns); the first column is the intercept and has no prior.
    events, trials : numpy.ndarray
        float (rows,); events among the trials.
    start : numpy.ndarray or None
        Where to begin.
    """
    prior = np.full(design.shape[1], PRIOR**-2)
    prior[0] = 1e-9
    rate = events.sum() / max(trials.sum(), 1e-300)
    zero = np.zeros(design.shape[1])
    zero[0] = np.log(max(rate, 1e-12) / max(1 - rate, 1e-12))
    beta = zero if start is None else start

    def gain(b: np.ndarray) -> float:
        eta = design @ b
        return float(events @ eta - trials @ np.logaddexp(0.0, eta) - 0.5 * prior @ b**2)

    now = gain(beta)
    for _ in range(STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ beta, -500, 500)))
        slope = design.T @ (events - trials * chance) - prior * beta
        curve = (design * (trials * chance * (1 - chance))[:, None]).T @ design + np.diag(prior)
        move = np.linalg.solve(curve, slope)
        size, then = 1.0, gain(beta + move)
        while then < now - 1e-9 * abs(now) and size > 1e-6:
            size /= 2
            then = gain(beta + size * move)
        beta = beta + size * move
        if abs(then - now) <= 1e-10 * (1.0 + abs(now)) and np.abs(size * move).max() < 1e-6:
            break
        now = then
    return beta


def logistic(journeys: Journeys) -> Answer:
    """The logistic model of person-days.

    Raises
    ------
    JourneyError
        The times of touches are not known.
    """
    time = person_time(journeys)
    states = len(time.design)
    total = journeys.conversions + journeys.nulls
    days = time.days.T

    def fitted(weights: np.ndarray, start: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        events = np.bincount(time.final, journeys.conversions * weights, minlength=states)
        return events, fit_logistic(time.design, events, events + days @ (total * weights), start)

    _, whole = fitted(np.ones(len(journeys)), None)

    def answer(weights: np.ndarray) -> Split:
        events, beta = fitted(weights, whole)
        value = np.bincount(time.final, journeys.value * weights, minlength=states)
        share = removal_shares(time.design[:, 1:], beta[1:])
        credit = events @ share
        return Split(credit, float(events.sum() - credit.sum()), value @ share)

    return answer


def removal_shares(recent: np.ndarray, effects: np.ndarray) -> np.ndarray:
    """Share of the hazard that each channel gets in each state; float64 (states, channels), the rest is organic."""
    parts = recent * effects
    taken = np.maximum(-np.expm1(-parts), 0.0)
    caused = np.maximum(-np.expm1(-parts.sum(axis=1)), 0.0)
    total = taken.sum(axis=1)
    return taken * np.divide(caused, total, out=np.zeros_like(total), where=total > 0)[:, None]
