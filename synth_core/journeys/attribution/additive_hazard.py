"""The additive hazard: every touch adds to the rate of conversion and fades; what nobody's touch explains is organic.

λ(t) = b + Σ_j β_c(j) · exp(−(t − t_j) / τ_c(j)) over the touches j before t. Rates add up as in mutually exciting point
processes (Xu, Duan, Whinston 2014, "Path to purchase: a mutually exciting point process model for online advertising
and conversion"), so that a conversion at T came from touch j with probability β·exp(−(T − t_j) / τ) / λ(T) and from
none with b / λ(T): the E step of the EM algorithm (Veen, Schoenberg 2008, "Estimation of space-time branching process
models in seismology using an EM-type algorithm"). Credits are those probabilities at the maximum of the likelihood,
with a weak prior on the decays, summed over conversions.

Given τ the log-likelihood Σ log λ(T_i) − ∫λ is concave in (b, β). Fitting: for a few decays shared by all channels, EM
steps, then scoring steps (Newton in b and β) until it no longer grows; from the best, the shared decay; from there, one
decay per channel with a normal prior on log τ around the shared one, so that channels with few conversions fall back to
it. A resample starts from the fit to all data.

Two organic hazards are offered: the same for all people, or one that follows the intent that a person has shown
(:mod:`synth_core.journeys.attribution.intent`), for channels that meet people who would have bought anyway.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synth_core.journeys.attribution.base import Answer, Split
from synth_core.journeys.attribution.exposure import Exposure, exposure
from synth_core.journeys.attribution.intent import Intent, constant, shown
from synth_core.journeys.observed import Journeys

#: Decays (days) from which the search starts; those beyond the observed days are left out.
DECAYS = (0.3, 1.0, 3.0, 9.0, 27.0)
#: Shortest and longest decay (days; multiples of the longest path) that a fit may end at.
SHORTEST, LONGEST = 0.02, 3.0
#: Prior standard deviation of log τ of a channel around the log τ shared by all.
SPREAD = 0.5
#: Scoring steps at most, and the growth of the log-likelihood, relative to the conversions, that ends them.
STEPS, ENOUGH = 60, 1e-9


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted additive hazard.

    Attributes
    ----------
    organic : numpy.ndarray
        Conversions per day per unit of the organic columns; float64 (columns,), the first is b.
    effect, decay : numpy.ndarray
        β per day and τ in days; float64 (channels,).
    gain : float
        Log-likelihood, with the prior.
    shared : float
        The decay (days) that fits all channels best at once: where the prior is centred.
    """

    organic: np.ndarray
    effect: np.ndarray
    decay: np.ndarray
    gain: float
    shared: float = 1.0

    @property
    def baseline(self) -> float:
        """b, conversions per day."""
        return float(self.organic[0])


@dataclass(frozen=True, eq=False)
class Problem:
    """Exposure and conversions, counted by weights."""

    exposure: Exposure
    won: np.ndarray  #: float64 (converting,)
    counted: np.ndarray  #: float64 (channels, groups)
    base: np.ndarray  #: float64 (converting, organic columns)
    days: np.ndarray  #: float64 (organic columns,); their integrals
    longest: float


def additive_hazard(journeys: Journeys) -> Answer:
    """The model with the same organic hazard for all.

    Raises
    ------
    JourneyError
        The times of touches are not known.
    """
    known = exposure(journeys)
    return _answer(journeys, known, constant(known.rows, known.days))


def intent_hazard(journeys: Journeys) -> Answer:
    """The model whose organic hazard follows the intent that a person has shown.

    Raises
    ------
    JourneyError
        The times of touches are not known.
    """
    known = exposure(journeys)
    return _answer(journeys, known, shown(journeys, known.rows, known.days))


def _answer(journeys: Journeys, known: Exposure, base: Intent) -> Answer:
    nothing = np.zeros(len(journeys.channels))
    if not len(known.rows):
        return lambda weights: Split(nothing, 0.0, nothing)
    first = fit(_problem(journeys, known, base, np.ones(len(journeys))))

    def answer(weights: np.ndarray) -> Split:
        problem = _problem(journeys, known, base, weights)
        if problem.won.sum() <= 0:
            return Split(nothing, 0.0, nothing)
        found = again(problem, first)
        share = _shares(problem, found)
        value = journeys.value[known.rows] * weights[known.rows]
        credit = problem.won @ share
        return Split(credit, float(problem.won.sum() - credit.sum()), value @ share)

    return answer


def fitted(journeys: Journeys) -> Fit:
    """Baseline, effects and decays of the journeys."""
    known = exposure(journeys)
    return fit(_problem(journeys, known, constant(known.rows, known.days), np.ones(len(journeys))))


def _problem(journeys: Journeys, known: Exposure, base: Intent, weights: np.ndarray) -> Problem:
    total = (journeys.conversions + journeys.nulls) * weights
    return Problem(
        known, journeys.conversions[known.rows] * weights[known.rows], known.counted(total), base.at,
        total @ base.days, float(known.days.max(initial=SHORTEST)),
    )  # fmt: skip


def _shares(problem: Problem, found: Fit) -> np.ndarray:
    """Probability that each conversion came from each channel; float64 (converting, channels)."""
    pull, _ = problem.exposure.pull(found.decay)
    parts = pull * found.effect
    rate = problem.base @ found.organic + parts.sum(axis=1)
    return np.divide(parts, rate[:, None], out=np.zeros_like(parts), where=rate[:, None] > 0)


def fit(problem: Problem) -> Fit:
    """Maximise the likelihood from several decays."""
    size = problem.exposure.channels
    starts = [d for d in DECAYS if d <= problem.longest] or [DECAYS[0]]
    rough = [_climb(problem, _begin(problem, np.full(size, d)), np.empty((size, 0))) for d in starts]
    common = _climb(problem, max(rough, key=lambda f: f.gain), np.ones((size, 1)))
    shared = float(common.decay[0])
    return _climb(problem, replace(common, shared=shared), np.eye(size), centre=np.log(shared))


def again(problem: Problem, start: Fit) -> Fit:
    """Refit to other weights from a fit to all data, with the same prior."""
    return _climb(problem, start, np.eye(problem.exposure.channels), centre=np.log(start.shared))


def _begin(problem: Problem, decay: np.ndarray) -> Fit:
    """A first guess by EM steps: half of the conversions organic, the same effect for all channels."""
    pull, _ = problem.exposure.pull(decay)
    whole, _ = problem.exposure.compensator(problem.counted, decay)
    columns, seen = np.column_stack([problem.base, pull]), np.append(problem.days, whole)
    kinds, half = len(problem.days), 0.5 * problem.won.sum()
    theta = np.append(half / (kinds * problem.days), np.full(len(whole), half / max(whole.sum(), 1e-12)) * (whole > 0))
    for _ in range(5):
        per = problem.won / np.maximum(columns @ theta, 1e-300)
        theta *= np.divide(per @ columns, seen, out=np.zeros_like(seen), where=seen > 0)
    return Fit(theta[:kinds], theta[kinds:], decay, -np.inf)


def _climb(problem: Problem, start: Fit, free: np.ndarray, centre: float | None = None) -> Fit:
    """Scoring steps with step halving; effects stay at or above zero.

    Parameters
    ----------
    problem : Problem
    start : Fit
    free : numpy.ndarray
        float (channels, kinds); which log τ move together: no column, a column of ones, or the identity.
    centre : float or None
        Prior mean of log τ; None: no prior.
    """
    kinds, linear = len(problem.days), len(problem.days) + problem.exposure.channels
    floor = np.zeros(linear)
    floor[0] = 1e-9 * problem.won.sum() / problem.days[0]
    bounds = np.log(SHORTEST), np.log(LONGEST * problem.longest)
    weak = 0.0 if centre is None else SPREAD**-2

    def look(theta: np.ndarray, log_decay: np.ndarray):
        decay = np.exp(log_decay)
        pull, tilt = problem.exposure.pull(decay)
        whole, lean = problem.exposure.compensator(problem.counted, decay)
        rate = problem.base @ theta[:kinds] + pull @ theta[kinds:]
        gain = problem.won @ np.log(rate) - theta[:kinds] @ problem.days - theta[kinds:] @ whole
        if centre is not None:
            gain -= 0.5 * weak * ((log_decay - centre) ** 2).sum()
        return gain, pull, tilt, whole, lean, rate

    theta = np.maximum(np.append(start.organic, start.effect), floor)
    log_decay = np.clip(np.log(start.decay), *bounds)
    here = look(theta, log_decay)
    for _ in range(STEPS):
        gain, pull, tilt, whole, lean, rate = here
        slopes = np.column_stack([problem.base, pull, (tilt * theta[kinds:]) @ free])
        cost = np.concatenate([problem.days, whole, (lean * theta[kinds:]) @ free])
        slope = slopes.T @ (problem.won / rate) - cost
        curve = (slopes * (problem.won / rate**2)[:, None]).T @ slopes
        if centre is not None:
            slope[linear:] -= weak * (log_decay - centre)
            curve[np.diag_indices_from(curve)] += np.repeat([0.0, weak], [linear, free.shape[1]])
        stuck = np.append(theta <= floor, np.zeros(free.shape[1], bool)) & (slope <= 0)
        move = _move(curve, slope, ~stuck)
        scale = 1.0
        for _ in range(30):
            new = (
                np.maximum(theta + scale * move[:linear], floor),
                (log_decay + scale * (free @ move[linear:]).clip(-1, 1)).clip(*bounds),
            )
            there = look(*new)
            if there[0] >= gain:
                break
            scale /= 2
        else:
            break
        (theta, log_decay), here = new, there
        if there[0] - gain <= ENOUGH * problem.won.sum():
            break
    return Fit(theta[:kinds], theta[kinds:], np.exp(log_decay), float(here[0]), start.shared)


def _move(curve: np.ndarray, slope: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Newton's step in the free coordinates, scaled so that the ridge means the same to each."""
    move = np.zeros_like(slope)
    scale = np.sqrt(np.maximum(np.diag(curve), 1e-300))
    free = np.flatnonzero(free & (np.diag(curve) > 0))
    part = curve[np.ix_(free, free)] / np.outer(scale[free], scale[free]) + 1e-10 * np.eye(len(free))
    move[free] = np.linalg.solve(part, slope[free] / scale[free]) / scale[free]
    return move
