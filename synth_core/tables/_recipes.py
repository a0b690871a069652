"""Words from Faker, and how pieces of text are combined without ever giving the same combination twice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

_DRAWS = 4_000  #: of each of Faker's lists; enough to see nearly every entry

Part = str | tuple[str, ...] | range


@cache
def words(what: str) -> tuple[str, ...]:
    """Faker's different words of a kind (``first_name``, ``last_name``, ``word`` …), in a fixed order."""
    from faker import Faker  # only now: most runs invent nothing

    source = Faker("en_US")
    source.seed_instance(0)
    return tuple(dict.fromkeys(getattr(source, what)() for _ in range(_DRAWS)))


@dataclass(frozen=True)
class Recipe:
    """Text made of one piece of each part; with ``digits``, a number so wide stands before part ``number_at``.

    A part is a fixed text, a choice of texts, or a range of numbers written equally wide.
    """

    parts: tuple[Part, ...]
    number_at: int | None = None
    digits: int = 0

    @property
    def size(self) -> int:
        """Different combinations."""
        return math.prod(1 if isinstance(p, str) else len(p) for p in self._all())

    def draw(self, rows: int, rng: np.random.Generator, *, unique: bool = True) -> list[str]:
        """``rows`` texts, shape (rows,); of different combinations if ``unique`` (``size`` ≥ 2 · rows)."""
        choices = [p for p in self._all() if not isinstance(p, str)]
        if unique and self.size < 2**62:
            rest, picks = _distinct(self.size, rows, rng), []
            for part in choices:
                rest, pick = np.divmod(rest, len(part))
                picks.append(pick)
        else:  # of so many combinations none comes twice
            picks = [rng.integers(len(part), size=rows) for part in choices]
        drawn = iter(zip(choices, picks, strict=True))
        columns = [[p] * rows if isinstance(p, str) else _pieces(*next(drawn)) for p in self._all()]
        return ["".join(pieces) for pieces in zip(*columns, strict=True)]

    def _all(self) -> tuple[Part, ...]:
        if not self.digits:
            return self.parts
        at = len(self.parts) if self.number_at is None else self.number_at
        return (*self.parts[:at], range(10 ** (self.digits - 1), 10**self.digits), *self.parts[at:])


def _pieces(part: tuple[str, ...] | range, pick: np.ndarray) -> list[str]:
    if isinstance(part, range):
        width = len(str(part[-1]))
        return [f"{part.start + n:0{width}d}" for n in pick.tolist()]
    return [part[n] for n in pick.tolist()]


def _distinct(size: int, rows: int, rng: np.random.Generator) -> np.ndarray:
    """``rows`` different numbers below ``size``, without laying out all of them where they are many."""
    if size <= 50 * rows:
        return rng.permutation(size)[:rows]
    found = np.empty(0, dtype="int64")
    while len(found) < rows:
        drawn = np.concatenate([found, rng.integers(size, size=rows + 16)])
        found = drawn[np.sort(np.unique(drawn, return_index=True)[1])]
    return found[:rows]
