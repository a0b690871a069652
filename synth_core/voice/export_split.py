"""Training and validation apart: no approved line stands behind both, and no two near-duplicates are parted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz, process
from scipy.sparse import coo_array

from synth_core.errors import VoiceError
from synth_core.voice.export_rows import Row
from synth_core.voice.families import families
from synth_core.voice.records import Candidate

_NEAR_ENOUGH = 0.75  #: of the validation lines asked for, from which on whole families will do
_TOO_MANY = 2.0  #: of them, from which on all lines train: one family would take the training lines with it
_STRADDLING = 0.5  #: what a line left out costs, in lines gained for validation


@dataclass(frozen=True)
class Split:
    """Positions of rows.

    Attributes
    ----------
    train, validation, left_out : tuple of int
        ``left_out``: lines that stem from approved lines of both sides.
    families : tuple of int
        Of each row, after the lines left out are gone; −1 for those.
    exact_overlap : int
        Texts on both sides, case and white space aside.
    similarity : float
        Largest edit similarity of a training and a validation line, 0 to 100.
    closest : tuple of str
        Those two lines; empty where a side is.
    alike : bool
        Whether the lines were too much alike to be parted, so that all train.
    """

    train: tuple[int, ...]
    validation: tuple[int, ...]
    left_out: tuple[int, ...]
    families: tuple[int, ...]
    exact_overlap: int
    similarity: float
    closest: tuple[str, ...]
    alike: bool = False


def split(rows: Sequence[Row], *, validation: float = 0.1, seed: int = 0) -> Split:
    """Split by family.

    Families are connected components over shared parents and near-duplicates
    (:func:`synth_core.voice.families.families`). Where whole families make up the validation part, nothing is lost.
    Recombined lines tie most approved lines together into one family; then a set of approved lines is chosen for
    validation, greedily so that few lines stem from both sides, and those that do are left out. Lines that are nearly
    all alike cannot be parted at all: then every line trains, and the manifest says so.

    Parameters
    ----------
    rows : sequence of Row
    validation : float
        Share of the rows, 0 to 0.5; 0: all train.
    seed : int

    Raises
    ------
    VoiceError
        The share lies outside 0 to 0.5.
    """
    if not 0 <= validation <= 0.5:
        raise VoiceError(f"The validation share is {validation:g}; it must lie between 0 and 0.5.")
    dice = np.random.default_rng([seed, 51])
    held = np.zeros(len(rows), bool)
    out = np.zeros(len(rows), bool)
    wanted, alike = round(validation * len(rows)), False
    if wanted and len(rows) > 1:
        labels = _families(rows)
        held = _whole(labels, wanted, dice)
        if held.sum() < _NEAR_ENOUGH * wanted:
            held, out = _cut(rows, wanted, dice)
        alike = bool(held.sum() > _TOO_MANY * wanted or (held | out).all())
        if alike:  # one family that cannot be cut without parting near-duplicates
            held, out = np.zeros_like(held), np.zeros_like(out)
    left = np.flatnonzero(~out)
    numbers = np.full(len(rows), -1)
    numbers[left] = _families([rows[i] for i in left])
    return replace(_measured(rows, held, out, numbers), alike=alike)


def _families(rows: Sequence[Row], *, parents: bool = True) -> np.ndarray:
    lines = [Candidate(row.text, "", row.parents if parents else (), "written", "") for row in rows]
    return families(lines, [row.text for row in rows]) if rows else np.zeros(0, int)


def _whole(labels: np.ndarray, wanted: int, dice: np.random.Generator) -> np.ndarray:
    """Families in random order, but for the largest, while they fit."""
    sizes = np.bincount(labels)
    order = dice.permutation(len(sizes))
    chosen, count = [], 0
    for family in order[order != sizes.argmax()]:
        if count + sizes[family] <= wanted:
            chosen.append(family)
            count += sizes[family]
    return np.isin(labels, chosen)


def _cut(rows: Sequence[Row], wanted: int, dice: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Validation rows, and rows left out."""
    atoms = _families(rows, parents=False)
    sizes = np.bincount(atoms).astype(float)
    names: dict[str, int] = {}
    ties = {
        (int(atom), names.setdefault(p, len(names))) for row, atom in zip(rows, atoms, strict=True) for p in row.parents
    }
    if not names:
        held = np.isin(atoms, dice.permutation(len(sizes))[: max(1, round(len(sizes) * wanted / len(rows)))])
        return held, np.zeros(len(rows), bool)
    first, second = (np.array(side) for side in zip(*sorted(ties), strict=True))
    matrix = coo_array((np.ones(len(first)), (first, second)), shape=(len(sizes), len(names))).tocsr()
    parents = matrix.sum(axis=1)
    inside = np.zeros(len(sizes))
    taken = np.zeros(len(names), bool)
    noise = dice.random(len(names)) * 1e-3
    while not taken.all() and sizes[(inside == parents) & (parents > 0)].sum() < wanted:
        gain = matrix.T @ (sizes * (parents - inside == 1)) - _STRADDLING * (
            matrix.T @ (sizes * ((inside == 0) & (parents > 1)))
        )
        best = int(np.where(taken, -np.inf, gain + noise).argmax())
        taken[best] = True
        inside += matrix[:, [best]].toarray().ravel()
    held = (inside == parents) & (parents > 0)
    return held[atoms], ((inside > 0) & ~held)[atoms]


def _measured(rows: Sequence[Row], held: np.ndarray, out: np.ndarray, numbers: np.ndarray) -> Split:
    train, validation = np.flatnonzero(~held & ~out), np.flatnonzero(held)
    similarity, closest = 0.0, ()
    if len(train) and len(validation):
        a, b = ([rows[i].text.casefold() for i in side] for side in (validation, train))
        scores = process.cdist(a, b, scorer=fuzz.ratio, dtype=np.float32)
        i, j = np.unravel_index(scores.argmax(), scores.shape)
        similarity, closest = float(scores[i, j]), (rows[train[j]].text, rows[validation[i]].text)
    overlap = len({rows[i].id for i in train} & {rows[i].id for i in validation})
    return Split(
        tuple(train.tolist()),
        tuple(validation.tolist()),
        tuple(np.flatnonzero(out).tolist()),
        tuple(numbers.tolist()),
        overlap,
        similarity,
        closest,
    )
