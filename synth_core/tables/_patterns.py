"""New codes that look like the real ones and begin as none of them does."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from synth_core.tables._recipes import Recipe

_DIGITS, _LOWER, _UPPER, _HEX = "0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdef"
_FORMS = 3  #: different lengths and separators that are told apart
_STARTS = 64  #: beginnings kept
_TRIED = 5_000  #: beginnings tried at each length
_ALIKE = 20  #: values that must share a character before it is kept as it is
_LONGEST = 64
_LOOKED_AT = 20_000  #: values that show the forms and which characters stand where


@dataclass(frozen=True)
class Pattern:
    """Codes of one form: one of the beginnings, then per position one of some characters.

    No code made from it can equal a real value: none begins like that, or, where every beginning is taken, all are
    shorter. The beginnings are invented, so nothing here is a real value.
    """

    starts: tuple[str, ...]
    tail: tuple[str, ...]
    share: float  #: of the real values

    def recipe(self) -> Recipe:
        return Recipe((self.starts, *(c if len(c) == 1 else tuple(c) for c in self.tail)))


def patterns_of(values: Iterable[str], *, numbers: bool = False) -> tuple[Pattern, ...]:
    """The most common forms of ``values`` (different, not blank); ``numbers`` never begin with 0."""
    values = list(values)
    if not values:
        return ()
    texts = pd.Series(values[:: 1 + len(values) // _LOOKED_AT], dtype="object").str[:_LONGEST]
    forms = texts.str.replace(r"[^\W_]", "x", regex=True)
    counts = forms.value_counts().head(_FORMS)
    begun: dict[int, set[str]] = {}
    return tuple(
        _pattern(texts[forms == form].tolist(), values, begun, count / counts.sum(), numbers=numbers)
        for form, count in counts.items()
    )


def draw(patterns: tuple[Pattern, ...], count: int, rng: np.random.Generator) -> list[str]:
    """``count`` different codes, the forms mixed as in the real column."""
    shares = np.array([p.share for p in patterns])
    found: dict[str, None] = {}
    drawn = np.zeros(len(patterns), dtype=int)
    while (left := count - len(found)) > 0:  # again only where an extended form met another
        wanted = rng.multinomial(left, shares / shares.sum())
        drawn += wanted
        for i, pattern in enumerate(patterns):
            recipe = pattern.recipe()
            while recipe.size < 2 * int(drawn[i]):
                recipe = replace(recipe, digits=recipe.digits + 1)
            found.update(dict.fromkeys(recipe.draw(int(wanted[i]), rng)))
    made = np.array(list(found)[:count], dtype=object)
    return rng.permutation(made).tolist()


def to_plain(patterns: tuple[Pattern, ...]) -> list[dict[str, Any]]:
    return [{"starts": list(p.starts), "tail": list(p.tail), "share": float(p.share)} for p in patterns]


def from_plain(data: list[dict[str, Any]]) -> tuple[Pattern, ...]:
    return tuple(Pattern(tuple(d["starts"]), tuple(d["tail"]), float(d["share"])) for d in data)


def _pattern(
    group: list[str], values: list[str], begun: dict[int, set[str]], share: float, *, numbers: bool
) -> Pattern:
    characters = _first_digit(_filled_up(_characters(group), "0"), numbers=numbers)
    rng = np.random.default_rng(len(group))
    for tried in (characters, _first_digit(_filled_up(characters, _DIGITS), numbers=numbers)):
        for length in range(1, len(tried)):
            # A free beginning must leave room behind it, or it would be one of the few codes that happen to be missing.
            if math.prod(map(len, tried[:length])) == 1 or sum(len(c) > 1 for c in tried[length:]) < 2:
                continue
            if length not in begun:
                begun[length] = {v[:length] for v in values}
            if free := [s for s in _beginnings(tried[:length], rng) if s not in begun[length]]:
                picked = rng.permutation(len(free))[:_STARTS]
                return Pattern(tuple(free[i] for i in sorted(picked)), tuple(tried[length:]), share)
    longer = max(map(len, values)) + 1 - len(characters)
    return Pattern(("",), (*characters, *[_DIGITS] * longer), share)


def _beginnings(characters: list[str], rng: np.random.Generator) -> list[str]:
    if math.prod(map(len, characters)) <= _TRIED:
        return ["".join(p) for p in product(*characters)]
    picks = [rng.integers(len(c), size=_TRIED) for c in characters]
    return sorted({"".join(c[i] for c, i in zip(characters, row, strict=True)) for row in zip(*picks, strict=True)})


def _characters(group: list[str]) -> list[str]:
    """Per position, the characters a new code may have there."""
    length = len(group[0])
    grid = np.array(group, dtype=f"<U{length}").view("<U1").reshape(len(group), length)
    out = []
    for position in range(length):
        seen = set(np.unique(grid[:, position]).tolist())
        alike = len(seen) == 1 and (not next(iter(seen)).isalnum() or len(group) >= _ALIKE)
        out.append(next(iter(seen)) if alike else _class(seen))
    return out


def _filled_up(characters: list[str], digits: str) -> list[str]:
    """Digits that are alike in all codes and stand before varying ones vary too, where they are one of ``digits``."""
    out = list(characters)
    for position in range(len(out) - 2, -1, -1):
        after = out[position + 1]
        if out[position] in digits and len(after) > 1 and after[0].isdigit():
            out[position] = _DIGITS
    return out


def _first_digit(characters: list[str], *, numbers: bool) -> list[str]:
    """A number does not begin with 0, and stays within 64 bits."""
    first = next((i for i, c in enumerate(characters) if c != "-"), len(characters))
    if not numbers or first == len(characters) or characters[first] != _DIGITS:
        return characters
    allowed = "12345678" if len(characters) > 18 else "123456789"
    return [*characters[:first], allowed, *characters[first + 1 :]]


def _class(seen: set[str]) -> str:
    digits = any(c.isdigit() for c in seen)
    lower = any(c.isalpha() and not c.isupper() for c in seen)
    upper = any(c.isupper() for c in seen)
    hexadecimal = digits and all(c in _DIGITS or c.lower() in _HEX for c in seen)
    letters = ("" if not lower else _HEX if hexadecimal else _LOWER) + (
        "" if not upper else _HEX.upper() if hexadecimal else _UPPER
    )
    return (_DIGITS if digits else "") + letters or _DIGITS
