"""Families of lines: those that share a parent or are nearly the same, directly or by a chain of others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from synth_core.voice.masking import straight
from synth_core.voice.records import Candidate, Line

#: Lines are nearly the same from this similarity on (0 to 100, words sorted).
NEAR = 80.0
_BLOCK = 512


def families(lines: Sequence[Line | Candidate], texts: Sequence[str], *, near: float = NEAR) -> np.ndarray:
    """Which family each line belongs to.

    Lines join when one is the other's parent, when they have a parent in common, or when their texts are nearly the
    same; families are the connected components, so chains join too.

    Parameters
    ----------
    lines : sequence of Line or Candidate
        Their ids and, of candidates, their parents.
    texts : sequence of str
        As they stand now: an edited text may differ from its line's.
    near : float
        Similarity of nearly equal texts, 0 to 100.

    Returns
    -------
    ndarray of int, shape (lines,)
        Numbered from 0 in order of first appearance. No part of a family may be in training while another is tested.
    """
    count = len(lines)
    first, second = _near_pairs([straight(t).casefold() for t in texts], near)
    names: dict[str, int] = {}
    for n, line in enumerate(lines):
        for name in (line.id, *getattr(line, "parents", ())):
            node = names.setdefault(name, count + len(names))
            first.append(n)
            second.append(node)
    size = count + len(names)
    edges = coo_array((np.ones(len(first), bool), (first, second)), shape=(size, size))
    _, label = connected_components(edges, directed=False)
    _, start, found = np.unique(label[:count], return_index=True, return_inverse=True)
    return np.argsort(np.argsort(start))[found]


def _near_pairs(texts: list[str], near: float) -> tuple[list[int], list[int]]:
    """Pairs of nearly equal texts, compared block by block so that memory stays small."""
    ordered = [" ".join(sorted(t.split())) for t in texts]  # token_sort_ratio, with the sorting done once
    first: list[int] = []
    second: list[int] = []
    for start in range(0, len(ordered), _BLOCK):
        block = ordered[start : start + _BLOCK]
        scores = process.cdist(block, ordered[start:], scorer=fuzz.ratio, score_cutoff=near, dtype=np.float32)
        rows, columns = np.nonzero(scores)
        keep = columns > rows
        first += (rows[keep] + start).tolist()
        second += (columns[keep] + start).tolist()
    return first, second
