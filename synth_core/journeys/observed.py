"""Journeys as a tracking tool sees them: the only thing an attribution model may look at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np


@dataclass(frozen=True, eq=False)
class Journeys:
    """Paths of touches with what became of them; path i owns touches ``starts[i]:starts[i + 1]``.

    A path is one user's way to a conversion, or to the end of observation; or, where only counts are known, a sequence
    of channels with how often it converted and how often it did not.

    Attributes
    ----------
    channels : tuple of str
    starts : numpy.ndarray
        int64 (paths + 1,). Paths without a touch are allowed: people who were seen, but reached by no channel.
    channel : numpy.ndarray
        int16 (touches,); index into ``channels``, in order of time within a path.
    conversions, nulls : numpy.ndarray
        float64 (paths,); how often the path ended in a conversion, and how often in none.
    value : numpy.ndarray
        float64 (paths,); summed value of its conversions.
    time : numpy.ndarray or None
        float64 (touches,); days. None where only the order is known.
    begin, end : numpy.ndarray or None
        float64 (paths,); days from which the path was observed, and until when: its conversion, or the end of
        observation. None where ``time`` is.
    user : numpy.ndarray or None
        int64 (paths,); paths with the same number are the same person's. None: every path is a person of its own.
    notes : tuple of str
        What was changed or left out while reading, in plain sentences.
    """

    channels: tuple[str, ...]
    starts: np.ndarray
    channel: np.ndarray
    conversions: np.ndarray
    nulls: np.ndarray
    value: np.ndarray
    time: np.ndarray | None = None
    begin: np.ndarray | None = None
    end: np.ndarray | None = None
    user: np.ndarray | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.conversions)

    @property
    def touches(self) -> int:
        return len(self.channel)

    @cached_property
    def lengths(self) -> np.ndarray:
        """Touches of each path; int64 (paths,)."""
        return np.diff(self.starts)

    @cached_property
    def path(self) -> np.ndarray:
        """The path each touch belongs to; int64 (touches,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @property
    def timed(self) -> bool:
        """Whether times are known, so that models of time can be used."""
        return self.time is not None

    @cached_property
    def converted(self) -> float:
        """Conversions of paths with a touch: what models without an organic row share out."""
        return float(self.conversions[self.lengths > 0].sum())

    @cached_property
    def untouched(self) -> float:
        """Conversions of paths without any touch."""
        return float(self.conversions[self.lengths == 0].sum())

    def weighted(self, weights: np.ndarray) -> Journeys:
        """The same paths, counted ``weights`` (paths,) times."""
        return replace(
            self, conversions=self.conversions * weights, nulls=self.nulls * weights, value=self.value * weights
        )
