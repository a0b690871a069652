"""What every attribution model is: something that reads journeys once and then answers for any weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from synth_core.journeys.observed import Journeys
from synth_core.journeys.results import Credits


@dataclass(frozen=True, eq=False)
class Split:
    """Conversions per channel.

    Attributes
    ----------
    credit : numpy.ndarray
        float64 (channels,).
    organic : float or None
        Conversions credited to no channel; None for models that know no such thing.
    value : numpy.ndarray or None
        float64 (channels,); None where the model does not share out value.
    """

    credit: np.ndarray
    organic: float | None = None
    value: np.ndarray | None = None


#: From the weight of each path (paths,) to the credits: all that depends on the paths alone is done before.
Answer = Callable[[np.ndarray], Split]


class Prepare(Protocol):
    """Reads the journeys once; the answer is then called once for the data and once for each bootstrap resample."""

    def __call__(self, journeys: Journeys) -> Answer: ...


@dataclass(frozen=True)
class Model:
    """One attribution model.

    Attributes
    ----------
    key, name : str
    about : str
        Its definition in one or two sentences, for the page.
    prepare : Prepare
    timed : bool
        Whether it needs the times of touches.
    organic : bool
        Whether it has an organic row.
    """

    key: str
    name: str
    about: str
    prepare: Prepare
    timed: bool = False
    organic: bool = False

    def credits(self, split: Split, channels: tuple[str, ...]) -> Credits:
        """``split`` as the record that leaves the room."""
        return Credits(
            model=self.key,
            name=self.name,
            channels=channels,
            credit=tuple(float(c) for c in split.credit),
            organic=None if split.organic is None else float(split.organic),
            value=None if split.value is None else tuple(float(v) for v in split.value),
        )
