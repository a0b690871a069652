"""Worlds with a client's channels, made from a base world by a handful of parameters."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synth_core.journeys._names import folded
from synth_core.journeys.world import Channel, World

#: Channels that are no advertising: a visit there is a symptom of intent, and causes nothing.
_DIRECT = frozenset({
    "direct", "(direct)", "direct traffic", "direct visit", "(direct) / (none)", "direct / none", "(none)", "none",
    "typed in",
})  # fmt: skip
_MOST_TRIGGERS = 0.9  #: spectral radius; at 0.95 a world is refused


@dataclass(frozen=True)
class Turn:
    """How far a world is from the one it was made from.

    Attributes
    ----------
    reach : float
        Logarithm of a factor on the reach of all channels.
    targeting : float
        Added to the targeting of all channels.
    again : float
        Further touches on the same channel that a touch brings about.
    hazard : float
        Logarithm of a factor on baseline and effects.
    intent : float
        Spread of intent.
    organic : float
        Logarithm of a further factor on the baseline alone.
    decay : float
        Logarithm of a factor on all decays; effects change inversely, so that a touch does as much in all.
    """

    reach: float = 0.0
    targeting: float = 0.0
    again: float = 0.0
    hazard: float = 0.0
    intent: float = 0.6
    organic: float = 0.0
    decay: float = 0.0


#: Least, most, step for slopes, and farthest that one round may go.
LIMITS: dict[str, tuple[float, float, float, float]] = {
    "reach": (-8.0, 5.0, 0.2, 0.7),
    "targeting": (-1.0, 2.0, 0.25, 0.4),
    "again": (0.0, 0.8, 0.1, 0.2),
    "hazard": (-12.0, 8.0, 0.25, 0.7),
    "intent": (0.0, 2.0, 0.3, 0.4),
    "organic": (-8.0, 8.0, 0.4, 0.8),
    "decay": (-3.0, 3.0, 0.3, 0.6),
}


@dataclass(frozen=True, eq=False)
class Likeness:
    """A base world with the client's channels, values and horizon.

    Attributes
    ----------
    world : World
        Reach as the base or its average has it; :meth:`turned` replaces it.
    known : tuple of bool
        Whether the base has the channel.
    """

    world: World
    known: tuple[bool, ...]

    @staticmethod
    def of(base: World, channels: tuple[str, ...], **fields: float) -> Likeness:
        """Channels that the base has keep its parameters; others get the averages of the base's."""
        at = {folded(c.name): i for i, c in enumerate(base.channels)}
        places = [at.get(folded(name)) for name in channels]
        average = _average(base)
        made = []
        for name, place in zip(channels, places, strict=True):
            if place is not None:
                made.append(replace(base.channels[place], name=name))
            elif is_direct(name):
                made.append(replace(average, name=name, effect=0.0, cost=0.0))
            else:
                made.append(replace(average, name=name))
        world = World(
            name=f"{base.name}, calibrated"[:80],
            channels=tuple(made),
            synergy=_submatrix(base.synergy, places),
            triggers=_submatrix(base.triggers, places),
            **{
                "baseline": base.baseline, "intent": base.intent, "horizon": base.horizon, "value": base.value,
                "value_spread": base.value_spread, "delay": base.delay, "lost": base.lost, "split": base.split,
                "about": "Fitted to uploaded journeys.", **fields,
            },
        )  # fmt: skip
        return Likeness(world, tuple(p is not None for p in places))

    def turned(self, turn: Turn, reach: np.ndarray) -> World:
        """The world at ``turn``.

        Parameters
        ----------
        turn : Turn
        reach : numpy.ndarray
            (channels,); before the factor of ``turn``.
        """
        base = self.world
        triggers = np.array(base.triggers, float)
        radius = float(max(abs(np.linalg.eigvals(triggers))))
        triggers += np.eye(len(triggers)) * max(0.0, min(turn.again, _MOST_TRIGGERS - radius))
        hazard, decay = np.exp(turn.hazard), np.exp(turn.decay)
        channels = tuple(
            replace(
                c,
                reach=float(np.clip(r * np.exp(turn.reach), 0, 100)),
                effect=float(np.clip(c.effect * hazard / decay, 0, 100)),
                decay=float(np.clip(c.decay * decay, 1e-3, 3_650)),
                targeting=float(np.clip(c.targeting + turn.targeting, -3, 3)),
            )
            for c, r in zip(base.channels, reach, strict=True)
        )
        return base.changed(
            channels=channels,
            triggers=tuple(map(tuple, triggers.tolist())),
            baseline=float(np.clip(base.baseline * hazard * np.exp(turn.organic), 0, 10)),
            intent=float(turn.intent),
        )


def is_direct(name: str) -> bool:
    """Whether a channel of this name is no advertising."""
    return folded(name) in _DIRECT


def _average(base: World) -> Channel:
    acting = [c for c in base.channels if c.effect > 0] or list(base.channels)
    paid = [c.cost for c in base.channels if c.cost > 0]

    def mean(field: str) -> float:
        return float(np.mean([getattr(c, field) for c in acting]))

    return Channel(
        "average", mean("reach"), mean("effect"), mean("decay"), mean("saturation"), mean("targeting"),
        float(np.mean(paid)) if paid else 0.0,
    )  # fmt: skip


def _submatrix(matrix: tuple[tuple[float, ...], ...], places: list[int | None]) -> tuple[tuple[float, ...], ...]:
    """Entries of channels that the base has, zero for others."""
    return tuple(tuple(0.0 if a is None or b is None else float(matrix[a][b]) for b in places) for a in places)
