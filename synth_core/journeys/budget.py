"""What a budget would bring in a simulated world, and the best one found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from synth_core.journeys import exposures
from synth_core.journeys.coalitions import Coalitions
from synth_core.journeys.hazard import Hazard
from synth_core.journeys.results import Allocation, Budget
from synth_core.journeys.world import World
from synth_core.progress import SILENT, Progress

MOST = 3.0  #: no channel is given more than this many times its budget of today, or less than that part of it
_ROUNDS = 12
_STEPS = (1.0, 0.5, 0.25, 0.1)


class Response:
    """Expected conversions under any budget, with common random numbers.

    Exposures are drawn once for a budget that is :data:`MOST` times today's on every paid channel; a smaller budget
    keeps those touches that channels start whose mark, uniform between 0 and 1, lies below it, with all they trigger.

    Parameters
    ----------
    world : World
    users : int
        Simulated; conversions are given per user.
    seed : int
    """

    def __init__(self, world: World, users: int, *, seed: int) -> None:
        self._world, self._hazard = world, Hazard(world)
        rng = np.random.default_rng([seed, 1])
        self._most = np.where(world.paid, MOST, 1.0)
        self._shown = exposures.draw(world.scaled(self._most), users, rng)
        roots = int(self._shown.root.max(initial=-1)) + 1
        started = np.zeros(roots, np.int16)
        started[self._shown.root[::-1]] = self._shown.channel[::-1]  # the earliest touch of each root is written last
        self._channel, self._mark = started, rng.random(roots)

    @cached_property
    def today(self) -> np.ndarray:
        """Share of today's budget per channel; (channels,)."""
        return self._world.spend / self._world.spend.sum()

    def conversions(self, share: np.ndarray) -> float:
        """Per user, with the same total spread by ``share`` (channels,)."""
        return float(self._worth(share).everything.mean())

    def returns(self, share: np.ndarray) -> np.ndarray:
        """Conversions per further unit of the budget on each channel, up to a common factor; (channels,)."""
        worth, found = self._worth(share), np.zeros(len(share))
        for k in np.flatnonzero(self._world.paid):
            found[k] = sum(float(loss.sum()) for _, loss in worth.losses(k)) / share[k]
        return found

    def _worth(self, share: np.ndarray) -> Coalitions:
        factors = np.ones(len(share))
        paid = self._world.paid
        factors[paid] = share[paid] / self.today[paid]
        keep = self._mark < (factors / self._most)[self._channel]
        return Coalitions(self._hazard, self._shown.only(keep[self._shown.root]))


def following(credit: np.ndarray, today: np.ndarray) -> np.ndarray:
    """The budget that trusts ``credit``: channels with most credit per unit of money are filled first.

    Between today's budget ÷ :data:`MOST` and × :data:`MOST` for each; channels with the same credit per unit of money
    share what is left like today. With the true returns at the margin in place of credit it is the best budget as long
    as these do not change on the way.

    Parameters
    ----------
    credit, today : numpy.ndarray
        (channels,); ``today`` are shares, zero for channels that cost nothing. Negative credit counts as none.

    Returns
    -------
    numpy.ndarray
        Shares of the budget, (channels,).
    """
    paid = today > 0
    worth = np.divide(np.maximum(credit, 0.0), today, out=np.zeros(len(today)), where=paid)
    worth = np.round(worth / max(worth.max(initial=0.0), 1e-300), 9)
    share, most = today / MOST, today * MOST
    for level in np.unique(worth[paid])[::-1]:
        equal = paid & (worth == level)
        room = (most - share)[equal].sum()
        share[equal] += (most - share)[equal] * min(1.0, max(0.0, 1 - share.sum()) / room)
    return share


def best(response: Response, starts: Sequence[np.ndarray]) -> tuple[np.ndarray, float]:
    """The best shares found, and their conversions per user.

    Frank–Wolfe from the best of ``starts``: a step towards the budget that fills the channels with the highest returns
    first, of the length that brings most. No proof that it is the best there is.
    """
    values = [response.conversions(s) for s in starts]
    at = int(np.argmax(values))
    share, value = starts[at], values[at]
    for _ in range(_ROUNDS):
        goal = following(response.returns(share) * response.today, response.today)
        tried = [share + step * (goal - share) for step in _STEPS]
        values = [response.conversions(t) for t in tried]
        at = int(np.argmax(values))
        if values[at] <= value * (1 + 1e-6):
            break
        share, value = tried[at], values[at]
    return share, value


def compare(
    world: World,
    credits: Sequence[tuple[str, Sequence[np.ndarray]]],
    truth: np.ndarray,
    *,
    users: int,
    simulated: int,
    seed: int,
    progress: Progress = SILENT,
) -> Budget | None:
    """What following each model's credit would bring, beside today's budget and the best one found.

    Parameters
    ----------
    world : World
    credits : sequence of (name, sequence of numpy.ndarray)
        Of each model, its credit per channel for every seed.
    truth : numpy.ndarray
        True Shapley credit, (channels,).
    users, simulated : int
        Users that conversions are scaled to, and users simulated for it.
    seed : int

    Returns
    -------
    Budget or None
        None where no channel is paid for.
    """
    if not world.paid.any():
        return None
    response = Response(world, simulated, seed=seed)
    today = response.today
    wanted = [(name, [following(c, today) for c in rows]) for name, rows in credits]
    true = following(truth, today)
    total = float(world.spend.sum()) * users
    done, steps = 0, sum(len(rows) for _, rows in wanted) + 1

    def allocated(name: str, share: np.ndarray, value: float | None = None) -> Allocation:
        brought = response.conversions(share) if value is None else value
        return Allocation(name, tuple(float(s) for s in share * total), brought * users)

    models = []
    for name, rows in wanted:
        line = []
        for share in rows:
            progress.report("scoring", done, steps)
            line.append(allocated(name, share))
            done += 1
        models.append(tuple(line))
    progress.report("scoring", done, steps)
    shares = [share for _, rows in wanted for share in rows]
    brought = [a.conversions for line in models for a in line]
    leading = [shares[int(np.argmax(brought))]] if shares else []
    share, value = best(response, [today, true, *leading])
    progress.report("scoring", steps, steps)
    return Budget(
        total=total,
        users=users,
        simulated=simulated,
        most=MOST,
        today=allocated("Today", today),
        best=allocated("Best found", share, value),
        truth=allocated("True Shapley", true),
        models=tuple(models),
    )
