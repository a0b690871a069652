"""Where new values of a set-aside column come from: learned from the real ones, holding none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from synth_core.tables import _patterns
from synth_core.tables._patterns import Pattern, patterns_of
from synth_core.tables._recipes import Recipe
from synth_core.tables.fakes import fake, free_tokens, kind_of
from synth_core.tables.schema import Column, Kind, Release

_CODE = 16  #: characters of a hash
_CODE_DIGITS = 15  #: of a hash in a column of numbers; a float holds them exactly
#: Invented as codes that look like the real ones, not from words.
_AS_PATTERN = frozenset({"id", "postcode", "uuid", "click_id"})


def choices(column: Column) -> tuple[Release, ...]:
    """What can be chosen for a column of this kind; the first fits always."""
    if column.kind is Kind.DATE:
        return (Release.DROP,)
    if column.kind is Kind.FLOAT:
        return (Release.DROP, Release.FAKE)
    return (Release.DROP, Release.FAKE, Release.HASH)


def chosen(column: Column) -> Release:
    """What becomes of the column's real values: the analyst's choice, or the role's default, where its kind allows."""
    return column.comes_out if column.comes_out in choices(column) else Release.DROP


@dataclass(frozen=True)
class Source:
    """Where new values of one column come from. It holds no real value, and none it makes equals a real one.

    Attributes
    ----------
    kind : Kind
    release : Release
    what : str or None
        What is invented (see :data:`synth_core.tables.fakes.WHAT`); None for codes of the real ones' look.
    tokens : tuple of str or None
        Words that no real value contains.
    patterns : tuple of Pattern
        Forms of codes.
    missing : float
        Share of rows without a value.
    sizes, weights : tuple
        In how many rows a value stands, and how many real values do so.
    """

    kind: Kind
    release: Release
    what: str | None = None
    tokens: tuple[str, ...] | None = None
    patterns: tuple[Pattern, ...] = ()
    missing: float = 0.0
    sizes: tuple[int, ...] = (1,)
    weights: tuple[float, ...] = (1.0,)

    @classmethod
    def of(cls, column: Column, values: pd.Series) -> Source:
        """Learn the look of a column, shape (n_rows,), and what must not be made."""
        release = chosen(column)
        observed = values.dropna()
        if release is Release.DROP or not len(observed):
            return cls(column.kind, Release.DROP)
        per_value = observed.value_counts()
        sizes = per_value.value_counts().sort_index()
        shared = {
            "missing": float(1 - len(observed) / len(values)),
            "sizes": tuple(map(int, sizes.index)),
            "weights": tuple(map(float, sizes)),
        }
        if release is Release.HASH:
            return cls(column.kind, release, **shared)
        real = texts_of(pd.Series(per_value.index.to_numpy()), column.kind)
        what = kind_of(column)
        if column.kind is not Kind.TEXT and what != "phone":
            what = None
        elif what is None and np.mean([len(v.split()) for v in real]) > 1.5:
            what = "text"
        if what is None or what in _AS_PATTERN:
            patterns = patterns_of(dict.fromkeys(real), numbers=column.kind is not Kind.TEXT)
            return cls(column.kind, release, None, None, patterns, **shared)
        return cls(column.kind, release, what, free_tokens(what, real), **shared)

    @property
    def repeats(self) -> bool:
        """Whether a value may stand in several rows."""
        return self.sizes != (1,)

    def column(self, rows: int, *, seed: int, layout: int) -> pd.Series:
        """A whole column: values repeat, and are missing, as often as the real ones.

        ``layout`` is the seed of which rows hold the same value or none; columns with the same layout and the same
        repeats go together, as a customer's number and address do.
        """
        out = np.full(rows, None, dtype=object)
        if self.release is not Release.DROP and rows:
            rng = np.random.default_rng(layout)
            filled = np.flatnonzero(rng.random(rows) >= self.missing)
            group = self._groups(len(filled), rng)
            values = np.array([*self.values(int(group.max(initial=-1)) + 1, seed=seed), None], dtype=object)
            out[filled] = values[group]
        return as_kind(out, self.kind)

    def values(self, count: int, *, seed: int) -> list:
        """``count`` different values of the column's type."""
        rng = np.random.default_rng(seed)
        if self.release is Release.HASH:
            return [code_of(t, self.kind) for t in _random_digests(count, rng)]
        if self.what is not None:
            made = fake(self.what, count, seed=seed, tokens=self.tokens)
        else:
            made = _patterns.draw(self.patterns, count, rng)
        if self.kind is Kind.TEXT:
            return made
        if self.what is not None:  # telephone numbers
            made = ["".join(filter(str.isdigit, text)) for text in made]
        return list(map(int if self.kind is Kind.INTEGER else float, made))

    def _groups(self, rows: int, rng: np.random.Generator) -> np.ndarray:
        """Which value each row has: 0, 1, 2 …"""
        if not self.repeats:
            return np.arange(rows)
        weights = np.array(self.weights) / sum(self.weights)
        sizes = np.empty(0, dtype="int64")
        while sizes.sum() < rows:
            wanted = int((rows - sizes.sum()) / (weights @ self.sizes)) + 10
            sizes = np.concatenate([sizes, rng.choice(self.sizes, wanted, p=weights)])
        return rng.permutation(np.repeat(np.arange(len(sizes)), sizes)[:rows])

    def to_dict(self) -> dict[str, Any]:
        """Plain form; :meth:`from_dict` reads it back."""
        return {
            "kind": self.kind.value,
            "release": self.release.value,
            "what": self.what,
            "tokens": None if self.tokens is None else list(self.tokens),
            "patterns": _patterns.to_plain(self.patterns),
            "missing": self.missing,
            "sizes": list(self.sizes),
            "weights": list(self.weights),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Source:
        tokens = data["tokens"]
        return cls(
            Kind(data["kind"]), Release(data["release"]), data["what"], None if tokens is None else tuple(tokens),
            _patterns.from_plain(data["patterns"]), float(data["missing"]), tuple(map(int, data["sizes"])),
            tuple(map(float, data["weights"])),
        )  # fmt: skip


def texts_of(values: pd.Series, kind: Kind) -> list[str]:
    """Values as text; numbers without decimals."""
    if kind is Kind.FLOAT:
        return [str(int(v)) if np.isfinite(v) else "0" for v in np.asarray(values, dtype="float64")]
    return [str(v) for v in values]


def _random_digests(count: int, rng: np.random.Generator) -> list[str]:
    return Recipe((tuple("0123456789abcdef"),) * 32).draw(count, rng)


def code_of(digest: str, kind: Kind) -> str | int:
    if kind is Kind.TEXT:
        return digest[:_CODE]
    smallest = 10 ** (_CODE_DIGITS - 1)
    return smallest + int(digest, 16) % (9 * smallest)


def as_kind(values: np.ndarray, kind: Kind) -> pd.Series:
    """An object array (None = missing) as a series of the kind's storage dtype."""
    series = pd.Series(values, dtype="object")
    if kind is Kind.TEXT:
        return series
    if kind is Kind.INTEGER:
        return series.astype("Int64")
    if kind is Kind.DATE:
        return pd.to_datetime(series).astype("datetime64[ns]")
    return series.astype("float64")
