"""The lines that a voice classifier learns from, cleaned, with hard negatives beside them and counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synth_core.errors import VoiceError
from synth_core.voice.families import families
from synth_core.voice.features import Counting, Raw
from synth_core.voice.negatives import hard_negatives
from synth_core.voice.records import Line
from synth_core.voice.style import TRAITS

#: Fewer approved lines than this are no voice.
FEWEST = 10
#: Fewer than this make every figure provisional.
PROVISIONAL = 50
#: Share of small words below which lines may not be English; English copy has .3 to .6.
_ENGLISH = 0.15
#: Sources shorter than this are too small to be told anything by.
THIN = 20

APPROVED, CONTRAST, NEGATIVE = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Corpus:
    """Approved lines, contrast and hard negatives as rows.

    Attributes
    ----------
    lines : tuple of Line
        A hard negative carries the source and brief of the line it was made from.
    kind : ndarray of int, shape (rows,)
        ``APPROVED``, ``CONTRAST`` or ``NEGATIVE``.
    family : ndarray of int, shape (rows,)
        Hard negatives belong to the family of their line.
    counting : Counting
    raw : Raw
    notes : tuple of str
        What was left out, and what that means.
    """

    lines: tuple[Line, ...]
    kind: np.ndarray
    family: np.ndarray
    counting: Counting
    raw: Raw
    notes: tuple[str, ...]

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.lines]

    @property
    def sources(self) -> np.ndarray:
        return np.array([line.source for line in self.lines], dtype=object)

    @property
    def briefs(self) -> np.ndarray:
        return np.array([line.brief for line in self.lines], dtype=object)

    def rows(self, kind: int) -> np.ndarray:
        return np.flatnonzero(self.kind == kind)


def corpus(approved: Sequence[Line], contrast: Sequence[Line], *, seed: int) -> Corpus:
    """Clean the lines, add hard negatives, count.

    Raises
    ------
    VoiceError
        Too few different approved lines.
    """
    own, twice = _distinct(approved)
    if len(own) < FEWEST:
        raise VoiceError(
            f"There are {len(own)} different approved lines; at least {FEWEST} are needed to learn a voice, and "
            f"{PROVISIONAL} before its figures can be relied on. Add approved lines."
        )
    other, _ = _distinct(contrast)
    ids = {line.id for line in own}
    shared = [line for line in other if line.id in ids]
    other = [line for line in other if line.id not in ids]
    negatives, parents = _negatives(own, seed)
    lines = (*own, *other, *negatives)
    texts = [line.text for line in lines]
    real = families(lines[: len(own) + len(other)], texts[: len(own) + len(other)])
    counting = Counting(texts)
    raw = counting(texts)
    return Corpus(
        lines=lines,
        kind=np.repeat([APPROVED, CONTRAST, NEGATIVE], [len(own), len(other), len(negatives)]),
        family=np.concatenate([real, real[parents]]).astype(int),
        counting=counting,
        raw=raw,
        notes=(*_notes(own, other, twice, shared), *_language(raw.traits[: len(own)])),
    )


def _distinct(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Each text once, and those that came again; empty ones left out."""
    kept: dict[str, Line] = {}
    again = []
    for line in lines:
        if not line.text.strip():
            continue
        if line.id in kept:
            again.append(line)
        else:
            kept[line.id] = line
    return list(kept.values()), again


def _negatives(own: list[Line], seed: int) -> tuple[list[Line], np.ndarray]:
    made, parents = hard_negatives([line.text for line in own], seed=seed)
    lines = [Line(text, own[n].source, own[n].brief) for text, n in zip(made, parents, strict=True)]
    return lines, np.array(parents, dtype=int)


def _notes(own: list[Line], other: list[Line], twice: list[Line], shared: list[Line]) -> list[str]:
    notes = []
    if twice:
        notes.append(f"{len(twice)} approved lines came more than once and count once: {_quoted(twice)}.")
    if shared:
        notes.append(
            f"{len(shared)} contrast lines are also approved and were left out of the contrast: {_quoted(shared)}. "
            "If a competitor wrote them, remove them from the approved lines."
        )
    if len(own) < PROVISIONAL:
        notes.append(
            f"Provisional: {len(own)} approved lines. Figures are given with intervals; they settle from "
            f"{PROVISIONAL} lines on."
        )
    counts: dict[str, int] = {}
    for line in other:
        counts[line.source] = counts.get(line.source, 0) + 1
    if not counts:
        notes.append(
            "No competitor copy: the voice is told from the brand's own lines with their style taken away, by style "
            "traits alone. That catches shouting, prices and stock phrases, not a competitor who writes well. Add "
            "lines of two or more competitors of the same category."
        )
    elif len(counts) == 1:
        notes.append(
            f"One contrast source ({next(iter(counts))}): how the classifier does on a competitor it has not seen "
            "cannot be measured. Add a second one."
        )
    thin = [name for name, n in counts.items() if n < THIN]
    if thin:
        notes.append(f"Fewer than {THIN} contrast lines from {', '.join(thin)}: what they tell is uncertain.")
    return notes


def _language(traits: np.ndarray) -> list[str]:
    small = float(traits[:, [t.key for t in TRAITS].index("function_words")].mean())
    if small >= _ENGLISH:
        return []
    return [
        f"Small English words (the, of, we) make up only {small:.0%} of these lines. If they are in another language, "
        "only punctuation, lengths and letter patterns are compared: the word lists are English."
    ]


def _quoted(lines: list[Line], most: int = 3) -> str:
    shown = ", ".join(f"“{line.text}” ({line.source})" for line in lines[:most])
    return shown if len(lines) <= most else f"{shown} and {len(lines) - most} more"
