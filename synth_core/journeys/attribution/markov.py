"""Markov removal effects, solved exactly.

Journeys become a chain whose states are the last ≤ k channels (k: the order), with a start and two ends, conversion and
null. The removal effect of a channel is the share of the conversion probability that is lost when every state that
contains the channel leads to null; credits are removal effects scaled to the conversions (Anderl, Becker, von
Wangenheim, Schumann 2016, "Mapping the customer journey", International Journal of Research in Marketing 33).

Nothing is sampled. Small chains need no solution per channel: with N = (I − Q)⁻¹ the expected visits, p = N r the
probability to convert from each state and s the first step, the probability to convert without entering the states S is
s·p − (s N)_S (N_SS)⁻¹ p_S, because (s N)_S (N_SS)⁻¹ is where the chain first enters S. Larger ones are sparse systems,
solved once per channel to the last digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array, eye_array
from scipy.sparse.linalg import LinearOperator, gmres, splu

from synth_core.journeys.attribution.base import Answer, Prepare, Split
from synth_core.journeys.attribution.matrix import per_path
from synth_core.journeys.observed import Journeys

#: States up to which the visits are a dense matrix, and above which sparse systems are solved by iteration.
DENSE, FILLS = 300, 1_500
#: Residual of those systems at most, relative to the largest probability to convert at once.
ENOUGH = 1e-13


@dataclass(frozen=True, eq=False)
class Chain:
    """The steps that journeys take, as counts per path.

    Attributes
    ----------
    channels, states : int
    steps : scipy.sparse.csr_array
        (paths, kinds of step); how often a path takes each kind.
    source, target : numpy.ndarray
        int64 (kinds of step,); a source of ``states`` is the start.
    last : numpy.ndarray
        int64 (paths with a touch,); the state each ends in.
    rows : numpy.ndarray
        int64 (paths with a touch,); their place among all paths.
    holds : numpy.ndarray
        bool (channels, states); whether the state contains the channel.
    """

    channels: int
    states: int
    steps: csr_array
    source: np.ndarray
    target: np.ndarray
    last: np.ndarray
    rows: np.ndarray
    holds: np.ndarray


def markov(order: int) -> Prepare:
    """The model of that order, 1 or more."""

    def prepare(journeys: Journeys) -> Answer:
        return _answer(journeys, chain(journeys, order))

    return prepare


def removal_effects(journeys: Journeys, order: int = 1) -> tuple[np.ndarray, float]:
    """Removal effect of each channel, float64 (channels,), and the conversion probability of the chain."""
    return _effects(journeys, chain(journeys, order), np.ones(len(journeys)))


def _answer(journeys: Journeys, walk: Chain) -> Answer:
    touched = walk.rows
    conversions, value = journeys.conversions[touched], journeys.value[touched]

    def answer(weights: np.ndarray) -> Split:
        effects, _ = _effects(journeys, walk, weights)
        total = effects.sum()
        share = effects / total if total > 0 else effects
        counted = weights[touched]
        return Split(share * (conversions @ counted), value=share * (value @ counted))

    return answer


def chain(journeys: Journeys, order: int) -> Chain:
    """Number the states and the kinds of step that occur."""
    size = len(journeys.channels)
    state, codes = _numbered(_contexts(journeys, order), (size + 1) ** order)
    rows = np.flatnonzero(journeys.lengths > 0)
    before = np.roll(state, 1)
    before[journeys.starts[:-1][rows]] = len(codes)
    kind, kinds = _numbered(before * len(codes) + state, (len(codes) + 1) * len(codes))
    steps = per_path(journeys, np.ones(journeys.touches), kind, len(kinds))
    holds, rest = np.zeros((size, len(codes)), bool), codes.copy()
    for _ in range(order):
        there = np.flatnonzero(rest % (size + 1))
        holds[rest[there] % (size + 1) - 1, there] = True
        rest //= size + 1
    source, target = np.divmod(kinds, max(len(codes), 1))
    return Chain(size, len(codes), steps, source, target, state[journeys.starts[1:][rows] - 1], rows, holds)


def _contexts(journeys: Journeys, order: int) -> np.ndarray:
    """The last ≤ ``order`` channels at each touch as the digits of a number, the latest last; int64 (touches,)."""
    channel = journeys.channel.astype(np.int64) + 1
    position = np.arange(journeys.touches) - np.repeat(journeys.starts[:-1], journeys.lengths)
    code = channel.copy()
    for back in range(1, order):
        code[back:] += np.where(position[back:] >= back, channel[:-back], 0) * (len(journeys.channels) + 1) ** back
    return code


def _numbered(code: np.ndarray, bound: int) -> tuple[np.ndarray, np.ndarray]:
    """Consecutive numbers for the codes that occur, and those codes; as np.unique, without sorting where it fits."""
    if bound > 4 * len(code) + 1_000_000:
        codes, number = np.unique(code, return_inverse=True)
        return number, codes
    seen = np.zeros(bound, bool)
    seen[code] = True
    codes = np.flatnonzero(seen)
    place = np.empty(bound, np.int64)
    place[codes] = np.arange(len(codes))
    return place[code], codes


def _effects(journeys: Journeys, walk: Chain, weights: np.ndarray) -> tuple[np.ndarray, float]:
    won = np.bincount(walk.last, (journeys.conversions * weights)[walk.rows], minlength=walk.states)
    lost = np.bincount(walk.last, (journeys.nulls * weights)[walk.rows], minlength=walk.states)
    steps = walk.steps.T @ ((journeys.conversions + journeys.nulls) * weights)
    none = np.zeros(walk.channels)
    if won.sum() <= 0:
        return none, 0.0
    begins = walk.source == walk.states
    start = np.bincount(walk.target[begins], steps[begins], minlength=walk.states)
    start /= start.sum()
    onward = np.bincount(walk.source[~begins], steps[~begins], minlength=walk.states)
    leaving = onward + won + lost
    live = leaving > 0
    leaving[~live] = 1.0
    inner = coo_array(
        (steps[~begins] / leaving[walk.source[~begins]], (walk.source[~begins], walk.target[~begins])),
        shape=(walk.states, walk.states),
    )
    solve = _dense if walk.states <= DENSE else _sparse
    without, whole = solve(inner, start, won / leaving, walk.holds)
    return np.clip(1 - without / whole, 0.0, 1.0), whole


def _dense(inner: coo_array, start: np.ndarray, won: np.ndarray, holds: np.ndarray) -> tuple[np.ndarray, float]:
    """Probability to convert without each channel, float64 (channels,), and with all of them."""
    visits = np.linalg.inv(np.eye(len(start)) - inner.toarray())
    reach, chance = start @ visits, visits @ won
    whole = float(start @ chance)
    without = np.full(len(holds), whole)
    for channel, states in enumerate(map(np.flatnonzero, holds)):
        if len(states):
            without[channel] -= reach[states] @ np.linalg.solve(visits[np.ix_(states, states)], chance[states])
    return without, whole


def _sparse(inner: coo_array, start: np.ndarray, won: np.ndarray, holds: np.ndarray) -> tuple[np.ndarray, float]:
    """The same with a sparse matrix, solved for each channel to the last digits, from what holds with all of them."""
    steps = csr_array(inner)
    chance = _solved(steps, won, np.ones(len(start)), won)
    whole = float(start @ chance)
    without = np.full(len(holds), whole)
    for channel, states in enumerate(holds):
        if states.any():
            without[channel] = start @ _solved(steps, won, (~states).astype(float), chance)
    return without, whole


def _solved(steps: csr_array, won: np.ndarray, keep: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """x = keep · (steps x + won); float64 (states,).

    Of many states a factorisation fills up, since contexts lead to contexts of all other channels; GMRES takes some
    dozen products.
    """
    aim, scale = keep * won, np.abs(won).max()
    if len(won) <= FILLS:
        return _factorised(steps, keep, aim)
    system = LinearOperator(steps.shape, matvec=lambda x: x - keep * (steps @ x), dtype=float)
    found, failed = gmres(system, aim, x0=keep * guess, rtol=0.0, atol=ENOUGH * scale, restart=80, maxiter=10)
    if failed or np.abs(system @ found - aim).max() > 10 * ENOUGH * scale:
        return _factorised(steps, keep, aim)
    return found


def _factorised(steps: csr_array, keep: np.ndarray, aim: np.ndarray) -> np.ndarray:
    return splu((eye_array(len(aim)) - diags_array(keep) @ steps).tocsc()).solve(aim)
