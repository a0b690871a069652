"""How new leads differ from the training rows, feature by feature, from counts in bins alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.stats import chi2

from synth_core.prospective.results import Drift
from synth_core.tables import Kind, Schema
from synth_core.tables.encoding import FeatureEncoder

SOME, STRONG = 0.1, 0.25  #: the usual lines of the PSI (Siddiqi, Credit Risk Scorecards, 2006)
_FALSE = 0.01  #: chance that any feature of leads like the training rows is called drifted
_PARTS = 10
_FEWEST = 5  #: training rows of a level with a bin of its own
_MOST = 50  #: levels with bins of their own
_EXAMPLES = 3
_KEPT = 1_000  #: different unseen levels that are counted one by one


@dataclass(frozen=True)
class Bins:
    """A feature's bins, and how many training rows fell into each.

    Quantities: intervals between ``edges``, deciles of the training values. Levels: the first ``own`` codes, then all
    others. The last bin is that of missing values.
    """

    name: str
    kind: Literal["number", "date", "levels", "score"]
    edges: tuple[float, ...]
    own: int
    counts: tuple[int, ...]

    @classmethod
    def of(cls, name: str, kind: Literal["number", "date", "levels", "score"], values: np.ndarray) -> Bins:
        """Bins of training values: numbers, or codes by falling frequency; NaN = missing."""
        known = values[~np.isnan(values)]
        edges: tuple[float, ...] = ()
        own = 0
        if kind == "levels":
            own = min(_MOST, int((np.bincount(known.astype(int)) >= _FEWEST).sum())) if len(known) else 0
        elif len(known):
            edges = tuple(np.unique(np.quantile(known, np.arange(1, _PARTS) / _PARTS)).tolist())
        empty = cls(name, kind, edges, own, ())
        return cls(name, kind, edges, own, tuple(empty.count(values, np.isnan(values)).tolist()))

    def __len__(self) -> int:
        return (self.own if self.kind == "levels" else len(self.edges)) + 2

    def count(self, values: np.ndarray, missing: np.ndarray) -> np.ndarray:
        """Rows per bin, int of shape (n_bins,); an unseen level is NaN, but not ``missing``."""
        if self.kind == "levels":
            place = np.where(values < self.own, values, self.own)
        else:
            place = np.searchsorted(self.edges, values, side="left")
        return np.bincount(np.where(missing, len(self) - 1, place).astype(int), minlength=len(self))

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name, "kind": self.kind, "edges": list(self.edges), "own": self.own,
            "counts": list(self.counts),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Bins:
        """Raises ValueError where the parts do not fit together."""
        edges, counts = tuple(map(float, data["edges"])), tuple(map(int, data["counts"]))
        out = cls(data["name"], data["kind"], edges, int(data["own"]), counts)
        if len(counts) != len(out) or min(counts) < 0 or list(edges) != sorted(edges):
            raise ValueError("bins do not fit together")
        return out


def baseline(encoder: FeatureEncoder, matrix: np.ndarray, schema: Schema) -> tuple[Bins, ...]:
    """Bins of every feature of the training rows."""
    out = []
    for name, values in zip(encoder.features, matrix.T, strict=True):
        kind = "number" if encoder.levels(name) is None else "levels"
        out.append(Bins.of(name, "date" if schema[name].kind is Kind.DATE and kind == "number" else kind, values))
    return tuple(out)


def score_bins(scores: np.ndarray) -> Bins:
    """Bins of the reference's scores for real rows that it was not trained on."""
    return Bins.of("score", "score", scores)


def psi(train: np.ndarray, leads: np.ndarray) -> float:
    """Population stability index Σ (q − p)·ln(q / p) from rows per bin, half a row added to each filled bin."""
    p, q = _shares(train, leads)
    return float(np.sum((q - p) * np.log(q / p)))


def kl(train: np.ndarray, leads: np.ndarray) -> float:
    """Kullback–Leibler divergence Σ q·ln(q / p) of the leads (q) from the training rows (p), in nats."""
    p, q = _shares(train, leads)
    return max(0.0, float(np.sum(q * np.log(q / p))))


def by_chance(train: np.ndarray, leads: np.ndarray, features: int = 1) -> float:
    """The PSI that two samples of one distribution stay below, with 99 % for ``features`` of them together.

    PSI / (1/n + 1/m) follows chi² with one degree of freedom less than there are bins (Yurdakul & Naranjo, Journal of
    Risk Model Validation 2020).
    """
    filled = int(((train + leads) > 0).sum())
    spread = 1 / max(train.sum(), 1) + 1 / max(leads.sum(), 1)
    return float(chi2.isf(_FALSE / features, max(filled - 1, 1)) * spread)


def _shares(train: np.ndarray, leads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    filled = (train + leads) > 0
    p, q = train[filled] + 0.5, leads[filled] + 0.5
    return p / p.sum(), q / q.sum()


@dataclass
class DriftCounter:
    """Counts leads into bins, part by part."""

    encoder: FeatureEncoder
    bins: tuple[Bins, ...]
    score: Bins
    rows: int = 0
    _counts: list[np.ndarray] = field(default_factory=list)
    _unseen: list[Counter] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._counts = [np.zeros(len(b), dtype=int) for b in (*self.bins, self.score)]
        self._unseen = [Counter() for _ in self.bins]
        self._unseen_rows = [0] * len(self.bins)

    def add(self, frame: pd.DataFrame, matrix: np.ndarray, scores: np.ndarray) -> None:
        """Count rows: the features, as :meth:`FeatureEncoder.matrix` made them of ``frame``, and reference scores."""
        self.rows += len(frame)
        for place, (bins, values) in enumerate(zip(self.bins, matrix.T, strict=True)):
            missing = np.isnan(values)
            if bins.kind == "levels" and missing.any():
                given = frame[bins.name].to_numpy()[missing]
                unseen = pd.notna(given)
                missing[missing] = ~unseen
                self._unseen_rows[place] += int(unseen.sum())
                if unseen.any() and len(self._unseen[place]) < _KEPT:
                    self._unseen[place].update(map(str, given[unseen]))
            self._counts[place] += bins.count(values, missing)
        self._counts[-1] += self.score.count(scores, np.isnan(scores))

    def features(self) -> tuple[Drift, ...]:
        """Of every feature, strongest first."""
        found = [
            _drift(bins, counts, rows, [level for level, _ in unseen.most_common(_EXAMPLES)], len(self.bins))
            for bins, counts, rows, unseen in zip(
                self.bins, self._counts[:-1], self._unseen_rows, self._unseen, strict=True
            )
        ]
        order = {"strong": 0, "some": 1, "none": 2}
        return tuple(sorted(found, key=lambda d: (order[d.level], -d.psi)))

    def of_score(self) -> Drift:
        """Of the reference model's score."""
        return _drift(self.score, self._counts[-1], 0, [], 1)


def _drift(bins: Bins, leads: np.ndarray, unseen: int, examples: list[str], features: int) -> Drift:
    train = np.array(bins.counts)
    found, chance = psi(train, leads), by_chance(train, leads, features)
    level: Literal["none", "some", "strong"] = "none"
    if found >= SOME and found > chance:
        level = "strong" if found >= STRONG and bins.kind != "date" else "some"
    if unseen and level == "none" and unseen > 0.01 * leads.sum():
        level = "some"
    return Drift(
        name=bins.name,
        psi=found,
        kl=kl(train, leads),
        missing_train=float(train[-1] / max(train.sum(), 1)),
        missing_leads=float(leads[-1] / max(leads.sum(), 1)),
        unseen=unseen,
        examples=tuple(examples),
        level=level,
        told=_told(bins, train, leads, found, chance, level, unseen, examples),
    )


def _told(
    bins: Bins, train: np.ndarray, leads: np.ndarray, found: float, chance: float, level: str, unseen: int,
    examples: list[str],
) -> str:  # fmt: skip
    what = "The scores of the real-rows model" if bins.kind == "score" else f"“{bins.name}”"
    base = "the study's holdout" if bins.kind == "score" else "the training rows"
    figures = f"PSI {found:.2f}, KL {kl(train, leads):.2f}"
    if not leads.sum():
        return f"{what}: no leads yet."
    gap = (leads[-1] / leads.sum() - train[-1] / max(train.sum(), 1)) * 100
    if leads[-1] == leads.sum():
        said = f"{what}: no lead has a value, so both models score without it ({figures})."
    elif bins.kind == "date" and level != "none":
        said = f"{what} has moved on, as dates do: the models treat later leads like the last training rows "
        said += f"({figures})."
    elif level == "none":
        said = f"{what}: no drift to speak of ({figures}; chance alone gives up to {max(chance, SOME):.2f})."
    else:
        strength = "much" if level == "strong" else "somewhat"
        said = f"{what}: {strength} different from {base} ({figures}; chance alone gives up to {chance:.2f})."
    if abs(gap) >= 5 and level != "none" and leads[-1] < leads.sum():
        said += f" {leads[-1] / leads.sum():.0%} of the leads have no value, of {base} {train[-1] / train.sum():.0%}."
    if unseen:
        shown = ", ".join(f"“{e}”" for e in examples)
        said += (
            f" {unseen:,} lead{' has' if unseen == 1 else 's have'} a level that no training row has, such as {shown}: "
            "scored as missing."
        )
    return said
