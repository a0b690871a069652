"""Fits that are tested on what they have not seen: lines of other families, other sources, other topics."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from synth_core.voice.classifier import FOLDS, folds, held_out, percentiles, train
from synth_core.voice.corpus import APPROVED, CONTRAST, NEGATIVE, Corpus

Scorer = Callable[[Corpus, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Trial:
    """Scores of lines that a fit did not see.

    Attributes
    ----------
    own, other : ndarray
        Percentiles among held-out approved lines: of approved lines, and of the left-out source.
    auc, word_auc : float
        Chance that an approved line scores above one of the other side; with words alone. NaN without other side.
    own_lines, other_lines : int
        Different lines behind it.
    worst_own, best_other : tuple of (text, percentile)
        The approved lines least like the brand, and the others most like it; five at most.
    """

    own: np.ndarray
    other: np.ndarray
    auc: float
    word_auc: float
    own_lines: int
    other_lines: int
    worst_own: tuple[tuple[str, float], ...] = ()
    best_other: tuple[tuple[str, float], ...] = ()


def voice_scores(lines: Corpus, fit: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Decision values of ``test`` rows by a fit on ``fit`` rows."""
    return train(lines, fit)(lines.raw.take(test))


def word_scores(lines: Corpus, fit: np.ndarray, test: np.ndarray) -> np.ndarray:
    """The same with words alone: TF-IDF of lower-case words, no hard negatives; what a voice gate must beat."""
    fit = fit[lines.kind[fit] != NEGATIVE]
    texts = lines.texts
    words = TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
    model = LogisticRegression(solver="liblinear", class_weight="balanced")
    model.fit(words.fit_transform([texts[n] for n in fit]), lines.kind[fit] == APPROVED)
    return model.decision_function(words.transform([texts[n] for n in test]))


def auc(own: np.ndarray, other: np.ndarray) -> float:
    """Chance that an ``own`` score lies above an ``other`` one; ties count half."""
    if not len(own) or not len(other):
        return math.nan
    return float(roc_auc_score(np.repeat([1, 0], [len(own), len(other)]), np.concatenate([own, other])))


def auc_interval(value: float, own: int, other: int) -> tuple[float, float]:
    """95 % interval of an AUC (Hanley and McNeil 1982)."""
    # At 1 the formula's variance is 0; half a pair lost keeps an honest width.
    a = min(value, 1 - 0.5 / max(own, other))
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    variance = (a * (1 - a) + (own - 1) * (q1 - a * a) + (other - 1) * (q2 - a * a)) / (own * other)
    half = 1.96 * math.sqrt(max(0.0, variance))
    return max(0.0, a - half), min(1.0, value + half)


def run(lines: Corpus, fit: np.ndarray, own: np.ndarray, other: np.ndarray, *, seed: int) -> Trial:
    """One fit on ``fit`` rows, tested on the others; thresholds from held-out scores within ``fit``."""
    reference = held_out(lines, fit, seed=seed)
    test = np.concatenate([own, other])
    scores = voice_scores(lines, fit, test)
    places = percentiles(scores, reference)
    words = word_scores(lines, fit, test) if (lines.kind[fit] == CONTRAST).any() else np.zeros(len(test))
    split, texts = len(own), lines.texts
    return Trial(
        own=places[:split],
        other=places[split:],
        auc=auc(scores[:split], scores[split:]),
        word_auc=auc(words[:split], words[split:]),
        own_lines=len(own),
        other_lines=len(other),
        worst_own=_first(texts, own, places[:split]),
        best_other=_first(texts, other, places[split:], highest=True),
    )


def together(trials: list[Trial]) -> Trial:
    """Folds of one experiment: percentiles side by side, AUCs averaged, as scores of different fits do not compare."""
    own, other = (np.concatenate([getattr(t, side) for t in trials]) for side in ("own", "other"))
    return Trial(
        own=own,
        other=other,
        auc=_average([t.auc for t in trials]),
        word_auc=_average([t.word_auc for t in trials]),
        own_lines=sum(t.own_lines for t in trials),
        other_lines=max((t.other_lines for t in trials), default=0),
        worst_own=tuple(sorted((w for t in trials for w in t.worst_own), key=lambda w: w[1])[:5]),
        best_other=_distinct(sorted((w for t in trials for w in t.best_other), key=lambda w: -w[1])),
    )


def unseen_source(lines: Corpus, source: str | None, *, seed: int) -> Trial:
    """Approved lines held out by family, against a contrast source that was left out whole.

    ``None`` leaves no source out: only the approved side is tested.
    """
    other = np.flatnonzero((lines.kind == CONTRAST) & (lines.sources == source))
    rest = _without(lines, np.arange(len(lines.lines)), other)
    trials = []
    for fit, test in folds(lines, rest, seed=seed):
        own = test[lines.kind[test] == APPROVED]
        trials.append(run(lines, fit, own, other, seed=seed))
    return together(trials)


def other_topics(lines: Corpus, source: str | None, *, seed: int) -> Trial | None:
    """Approved lines on topics that no approved training line is about, against a left-out source on topics that are.

    Contrast lines of other sources on the tested topics are left out too, so that nothing but style can tell.

    Returns
    -------
    Trial or None
        None where fewer than three topics (briefs) are named.
    """
    briefs, sources = lines.briefs, lines.sources
    own_all = lines.rows(APPROVED)
    named = sorted({b for b in briefs[own_all] if b})
    shared = [b for b in named if ((lines.kind == CONTRAST) & (sources == source) & (briefs == b)).any()]
    if len(named) < 3 or (source is not None and not shared):
        return None
    rng = np.random.default_rng([seed, 5])
    order = list(rng.permutation(named))
    count = min(FOLDS, len(order))
    trials = []
    for fold in range(count):
        fresh = set(order[fold::count])  # topics taken from the approved side
        same = set(order[(fold + 1) % count :: count])  # topics the source is tested on
        own = own_all[np.isin(briefs[own_all], list(fresh))]
        left = lines.kind == CONTRAST
        other = np.flatnonzero(left & (sources == source) & np.isin(briefs, list(same)))
        keep = np.flatnonzero(~(left & ((sources == source) | np.isin(briefs, list(same)))))
        fit = _without(lines, _without(lines, keep, own), other)
        if (lines.kind[fit] == APPROVED).sum() >= FOLDS and len(own):
            trials.append(run(lines, fit, own, other, seed=seed))
    return together(trials) if trials else None


def _without(lines: Corpus, rows: np.ndarray, left: np.ndarray) -> np.ndarray:
    """``rows`` without the families of ``left``."""
    return rows[~np.isin(lines.family[rows], lines.family[left])]


def _average(values: list[float]) -> float:
    known = [v for v in values if not math.isnan(v)]
    return float(np.mean(known)) if known else math.nan


def _first(
    texts: list[str], rows: np.ndarray, places: np.ndarray, *, highest: bool = False
) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-places if highest else places, kind="stable")[:5]
    return tuple((texts[rows[n]], float(places[n])) for n in order)


def _distinct(pairs: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    found: dict[str, float] = {}
    for text, value in pairs:
        found.setdefault(text, value)
    return tuple(found.items())[:5]
