"""The parameters of a simulated market: who is reached, what a touch does, what would have happened anyway."""

from __future__ import annotations

import json
from dataclasses import MISSING, asdict, dataclass, fields, replace
from typing import Any

import numpy as np

from synth_core.errors import JourneyError
from synth_core.records import build, parse

Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Channel:
    """One channel.

    Attributes
    ----------
    name : str
    reach : float
        Touches per user and day that the channel starts by itself, on average over users.
    effect : float
        Conversion hazard per day that a first touch adds at once (β); 0: the channel causes nothing.
    decay : float
        Days in which the effect falls to 1/e (τ).
    saturation : float
        Factor on the effect for each earlier touch on the same channel, in (0, 1]; 1: repeats count fully.
    targeting : float
        How much more often users with high intent are reached (γ): selection bias, not effect.
    cost : float
        Of one touch that the channel starts; 0: not paid for, so that budgets cannot change it.
    """

    name: str
    reach: float
    effect: float
    decay: float
    saturation: float = 1.0
    targeting: float = 0.0
    cost: float = 0.0


@dataclass(frozen=True)
class World:
    """Everything that a simulation follows.

    Attributes
    ----------
    name, about : str
    channels : tuple of Channel
    synergy : matrix
        ``synergy[l][k]``: an earlier touch on l multiplies the effect of a touch on k by 1 + this (θ), −1 or more.
    triggers : matrix
        ``triggers[l][k]``: touches on k that a touch on l brings about, on average, each after about a day.
    baseline : float
        Conversion hazard per day without any touch, on average over users.
    intent : float
        How much users differ in that hazard (δ, of a log-normal); the same intent is what targeting finds.
    horizon : float
        Days observed.
    value, value_spread : float
        Mean value of a conversion, and the standard deviation of its logarithm.
    delay : float
        Shape of the effect over time: 1 falls from the start (exponential); above 1 it rises first (gamma kernel).
    lost : float
        Share of touches that tracking misses.
    split : float
        Share of users whose touches are recorded under two ids.
    """

    name: str
    channels: tuple[Channel, ...]
    synergy: Matrix
    triggers: Matrix
    baseline: float
    intent: float = 0.6
    horizon: float = 30.0
    value: float = 100.0
    value_spread: float = 0.5
    delay: float = 1.0
    lost: float = 0.0
    split: float = 0.0
    about: str = ""

    def __post_init__(self) -> None:
        _check(self)

    @property
    def names(self) -> tuple[str, ...]:
        """Channel names."""
        return tuple(c.name for c in self.channels)

    @property
    def paid(self) -> np.ndarray:
        """Which channels money is spent on; bool (channels,)."""
        return np.array([c.cost > 0 and c.reach > 0 for c in self.channels])

    @property
    def spend(self) -> np.ndarray:
        """Money spent per user over the horizon, as planned; (channels,)."""
        return self.of("reach") * self.horizon * self.of("cost")

    def of(self, field: str) -> np.ndarray:
        """One parameter of all channels; float (channels,)."""
        return np.array([getattr(c, field) for c in self.channels], float)

    def changed(self, **fields: Any) -> World:
        """A copy with other values."""
        return replace(self, **fields)

    def scaled(self, factors: np.ndarray) -> World:
        """The same world with the reach of every channel multiplied by ``factors`` (channels,)."""
        return replace(
            self, channels=tuple(replace(c, reach=c.reach * f) for c, f in zip(self.channels, factors, strict=True))
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> World:
        """The inverse of :meth:`to_dict`.

        Raises
        ------
        JourneyError
            A parameter is missing, unknown or impossible; the text names it.
        """
        _check_form(data, World, "world")
        for channel in data["channels"]:
            _check_form(channel, Channel, "channel")
        try:
            return build(World, data)
        except (TypeError, ValueError, AttributeError) as error:
            raise JourneyError(f"This is not a saved world. {_FORM}") from error

    def to_json(self) -> str:
        """As a file that :meth:`from_json` reads."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)

    @staticmethod
    def from_json(text: str | bytes) -> World:
        """A world from a file.

        Raises
        ------
        JourneyError
            The file is no JSON, or no world.
        """
        try:
            data = parse(text)
        except ValueError as error:
            raise JourneyError(f"This file is not JSON. {_FORM}") from error
        return World.from_dict(data)


_FORM = "Save a world from this page to see the form."


def _check_form(data: Any, cls: type, what: str) -> None:
    if not isinstance(data, dict):
        raise JourneyError(f"This is not a saved world: there is no {what} in it. {_FORM}")
    known = {f.name: f for f in fields(cls)}
    needed = [name for name, f in known.items() if f.default is MISSING]
    if lacking := [name for name in needed if name not in data]:
        raise JourneyError(f"This is not a saved world: a {what} in it lacks “{lacking[0]}”. {_FORM}")
    if unknown := sorted(set(data) - set(known)):
        raise JourneyError(f"This is not a saved world: a {what} in it has “{unknown[0]}”, which is unknown. {_FORM}")
    if cls is World and not isinstance(data["channels"], (list, tuple)):
        raise JourneyError(f"This is not a saved world: its channels are no list. {_FORM}")


def _check(world: World) -> None:
    if not isinstance(world.name, str) or not isinstance(world.about, str):
        raise JourneyError("The name of a world and what it is about must be text.")
    if not world.channels:
        raise JourneyError("A world needs at least one channel. Add a row to the grid.")
    _check_names(world.names)
    for channel in world.channels:
        _check_channel(channel)
    size = len(world.channels)
    for name, matrix, least in (("synergy", world.synergy, -1.0), ("trigger", world.triggers, 0.0)):
        if len(matrix) != size or any(len(row) != size for row in matrix):
            raise JourneyError(f"The {name} matrix must have one row and one column for each of the {size} channels.")
        for row, line in zip(world.names, matrix, strict=True):
            for column, value in zip(world.names, line, strict=True):
                _number(f"The {name} of “{row}” on “{column}”", value, least, 1e3)
    _number("The baseline hazard per day", world.baseline, 0.0, 10.0)
    _number("The spread of intent", world.intent, 0.0, 3.0)
    _number("The horizon in days", world.horizon, 1e-3, 3_650.0)
    _number("The mean value of a conversion", world.value, 0.0, 1e9)
    _number("The spread of the value", world.value_spread, 0.0, 3.0)
    _number("The shape of the delay", world.delay, 1.0, 10.0)
    _number("The share of lost touches", world.lost, 0.0, 1.0)
    _number("The share of split ids", world.split, 0.0, 1.0)
    radius = max(abs(np.linalg.eigvals(np.array(world.triggers, float))))
    if radius >= 0.95:
        raise JourneyError(
            f"The triggers feed on themselves: a touch brings about {radius:.2f} further ones per round, so that "
            "journeys never end. Lower the numbers in the trigger matrix until that is below 0.95."
        )


def _check_names(names: tuple[str, ...]) -> None:
    for name in names:
        if not isinstance(name, str) or not name.strip():
            raise JourneyError("A channel has no name. Give each row of the grid a name.")
        if ">" in name:
            raise JourneyError(f"The channel name “{name}” contains “>”, which separates the steps of a path.")
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice is not None:
        raise JourneyError(f"The channel “{twice}” is there twice. Give each channel a name of its own.")
    if len(names) > 62:
        raise JourneyError(f"{len(names)} channels are too many: 62 is the limit. Merge the smallest ones.")


def _check_channel(channel: Channel) -> None:
    for field, least, most in (
        ("reach", 0.0, 100.0), ("effect", 0.0, 100.0), ("decay", 1e-3, 3_650.0), ("saturation", 1e-6, 1.0),
        ("targeting", -3.0, 3.0), ("cost", 0.0, 1e9),
    ):  # fmt: skip
        _number(f"The {field} of “{channel.name}”", getattr(channel, field), least, most)


def _number(what: str, value: Any, least: float, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise JourneyError(f"{what} is {value!r}; it must be a number from {least:g} to {most:g}.")
