"""Tells a brand's voice from others, and says where a line departs from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from synth_core.errors import VoiceError
from synth_core.voice.corpus import APPROVED, CONTRAST, NEGATIVE, PROVISIONAL, Corpus, corpus
from synth_core.voice.deviations import BrandStyle
from synth_core.voice.features import Counting, Encoder, Raw
from synth_core.voice.records import Deviation, Line

FOLDS = 5
_STRENGTH = 10.0


@dataclass(frozen=True, eq=False)
class Head:
    """A logistic regression and the scaling it was fitted with."""

    encoder: Encoder
    weights: np.ndarray
    intercept: float

    def __call__(self, raw: Raw) -> np.ndarray:
        """Decision values, shape (lines,): above 0 more like the brand than like the others."""
        return self.encoder(raw) @ self.weights + self.intercept


def train(lines: Corpus, rows: np.ndarray) -> Head:
    """Fit on some rows of a corpus.

    The brand weighs as much as everything else; hard negatives weigh half of that everything where there is contrast.
    Without contrast the style traits are all that is used: the n-grams would learn the moves, not the voice.
    """
    kind, raw = lines.kind[rows], lines.raw.take(rows)
    alone = not (kind == CONTRAST).any()
    share = {APPROVED: 0.5, CONTRAST: 0.25, NEGATIVE: 0.5 if alone else 0.25}
    if not (kind == NEGATIVE).any():
        share[CONTRAST] = 0.5
    each = np.array([share[k] * len(rows) / max(1, (kind == k).sum()) for k in (APPROVED, CONTRAST, NEGATIVE)])
    encoder = Encoder(raw, only_style=alone)
    model = LogisticRegression(C=_STRENGTH, solver="liblinear", max_iter=500)
    model.fit(encoder(raw), kind == APPROVED, sample_weight=each[kind])
    return Head(encoder, model.coef_[0], float(model.intercept_[0]))


def folds(lines: Corpus, rows: np.ndarray, *, seed: int, count: int = FOLDS) -> list[tuple[np.ndarray, np.ndarray]]:
    """Training and test rows; no family is on both sides.

    Raises
    ------
    VoiceError
        The approved lines are so alike that there are fewer than two families.
    """
    own = rows[lines.kind[rows] == APPROVED]
    count = min(count, len(np.unique(lines.family[own])))
    if count < 2:
        raise VoiceError("The approved lines are nearly all the same line. Add lines that differ from each other.")
    fold = _spread(lines.kind[rows], lines.family[rows], count, np.random.default_rng([seed, 3]))
    return [(rows[fold != n], rows[fold == n]) for n in range(count)]


def _spread(kind: np.ndarray, family: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Families dealt to folds, each to the one that has least of its kinds so far; large families first."""
    _, place = np.unique(family, return_inverse=True)
    sizes = np.zeros((place.max() + 1, 3))
    np.add.at(sizes, (place, kind), 1)
    share = sizes / np.maximum(sizes.sum(axis=0), 1)
    # Approved lines first: their number in a fold is what thresholds rest on.
    order = np.lexsort((rng.permutation(len(sizes)), -sizes.sum(axis=1), -sizes[:, APPROVED]))
    full = np.zeros((count, 3))
    fold = np.empty(len(sizes), dtype=int)
    for n in order:
        fold[n] = np.argmin(full @ (share[n] > 0))
        full[fold[n]] += share[n]
    return fold[place]


def held_out(lines: Corpus, rows: np.ndarray, *, seed: int) -> np.ndarray:
    """Scores of the approved lines among ``rows``, each from a fit that saw nothing of its family; sorted."""
    scores = []
    for fit, test in folds(lines, rows, seed=seed):
        own = test[lines.kind[test] == APPROVED]
        if len(own):
            scores.append(train(lines, fit)(lines.raw.take(own)))
    return np.sort(np.concatenate(scores))


def percentiles(scores: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Where ``scores`` stand among sorted ``reference`` scores, 0 to 100; ties count half."""
    below = np.searchsorted(reference, scores, "left") + np.searchsorted(reference, scores, "right")
    return 100 * (below + 1) / (2 * (len(reference) + 1))


@dataclass(frozen=True, eq=False)
class VoiceClassifier:
    """A fitted classifier of one brand's voice; made by :meth:`fit`.

    Attributes
    ----------
    approved, contrast, families : int
        Different lines it learned from, and families of the approved ones.
    notes : tuple of str
        What was left out or is missing, in plain sentences.
    held_out : ndarray
        Scores of the approved lines, each from a fit without its family; sorted.
    """

    approved: int
    contrast: int
    families: int
    notes: tuple[str, ...]
    held_out: np.ndarray
    _counting: Counting
    _head: Head
    _style: BrandStyle

    @staticmethod
    def fit(approved: Sequence[Line], contrast: Sequence[Line], *, seed: int) -> VoiceClassifier:
        """Learn a voice.

        Parameters
        ----------
        approved : sequence of Line
            The brand's; duplicates count once.
        contrast : sequence of Line
            Of the same category, best from several sources; may be empty.
        seed : int

        Raises
        ------
        VoiceError
            Fewer than ten different approved lines, or all nearly the same.
        """
        lines = corpus(approved, contrast, seed=seed)
        rows = np.arange(len(lines.lines))
        own = lines.rows(APPROVED)
        return VoiceClassifier(
            approved=len(own),
            contrast=len(lines.rows(CONTRAST)),
            families=len(np.unique(lines.family[own])),
            notes=lines.notes,
            held_out=held_out(lines, rows, seed=seed),
            _counting=lines.counting,
            _head=train(lines, rows),
            _style=BrandStyle(lines.raw.traits[own]),
        )

    @property
    def provisional(self) -> bool:
        """Whether there are too few approved lines to rely on the figures."""
        return self.approved < PROVISIONAL

    def score(self, texts: Sequence[str]) -> np.ndarray:
        """Decision values.

        Returns
        -------
        ndarray of float, shape (lines,)
            Comparable with each other, not between brands; no probabilities. An empty line has no voice: it scores
            below every approved one.
        """
        found = self._head(self._counting(texts))
        blank = np.array([not text.strip() for text in texts], dtype=bool)
        return np.where(blank, self.held_out[0] - 1, found)

    def percentile(self, texts: Sequence[str]) -> np.ndarray:
        """Where each line stands among the held-out approved lines.

        Returns
        -------
        ndarray of float, shape (lines,)
            0 to 100. A line at 10 scores lower than nine in ten approved lines.
        """
        return percentiles(self.score(texts), self.held_out)

    def threshold(self, false_rejects: float = 0.10) -> float:
        """The percentile below which that share of approved lines would be stopped.

        Raises
        ------
        ValueError
            The share is not between 0 and 1.
        """
        if not 0 <= false_rejects < 1:
            raise ValueError(f"false_rejects must be at least 0 and below 1, not {false_rejects}")
        return 100 * false_rejects

    def interval(self, percentile: float) -> tuple[float, float]:
        """95 % interval of a percentile, from how many held-out lines there are.

        Returns
        -------
        (float, float)
            0 to 100 (Wilson 1927).
        """
        low, high = wilson(percentile / 100 * len(self.held_out), len(self.held_out))
        return 100 * low, 100 * high

    def explain(self, text: str) -> tuple[Deviation, ...]:
        """Where the line's style departs most from the brand's, strongest first; empty where nothing stands out."""
        return self._style.deviations(text)


def wilson(hits: float, count: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if not count:
        return 0.0, 1.0
    share, pull = hits / count, z * z / count
    centre = (share + pull / 2) / (1 + pull)
    half = z / (1 + pull) * math.sqrt(share * (1 - share) / count + pull / (4 * count))
    return max(0.0, centre - half), min(1.0, centre + half)
