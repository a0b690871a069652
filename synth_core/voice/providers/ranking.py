"""Which recombinations are offered, and in what order: only new ones, likely words first, lines taken in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz, process

from synth_core.errors import Cancelled
from synth_core.voice.providers.kneser_ney import KneserNey
from synth_core.voice.providers.pieces import words_of
from synth_core.voice.providers.recombine import Draft, Workshop
from synth_core.voice.records import Brand, Line

NOVEL_BELOW = 88.0  #: rapidfuzz ratio to every approved line
MOST_LINES = 400  #: approved lines taken apart; of more, as many are drawn
_MOST_DRAFTS = 80_000  # of a rule, over all lines
_COVERED, _RUN = 0.6, 8  # share of its runs of four words, and words in a row, that a draft may have from one line
_ALIKE = 80.0  # token_set_ratio from which two drafts say the same
_USED = 0.12  # what each earlier use of a fragment costs a draft, in nats a word
_LOOKED_AT = 60  # drafts of a line that are weighed against each other at a time


def ranked(brand: Brand, seed: int, halted: Callable[[], bool] = lambda: False) -> list[Draft]:
    """Drafts, best first, in rounds over the approved lines: none is built on twice before all have been once.

    Those much like an earlier one come after all others; :func:`distinct` counts the others. ``parents`` are numbers
    of ``brand.approved``.

    Parameters
    ----------
    brand : Brand
    seed : int
    halted : callable
        Asked now and then whether to stop.

    Raises
    ------
    Cancelled
        ``halted`` said so.
    """
    dice = np.random.default_rng([seed, 21])
    taken = range(len(brand.approved))
    if len(taken) > MOST_LINES:
        taken = sorted(dice.choice(len(taken), MOST_LINES, replace=False).tolist())
    lines = [brand.approved[i] for i in taken]
    model = KneserNey([words_of(line.text) for line in (*brand.approved, *brand.contrast)])
    by_line: dict[int, list[tuple[float, Draft]]] = {}
    for draft in _drafts(Workshop(lines, brand.brief), brand.approved, dice, halted):
        score = model.score(words_of(draft.text)) + dice.normal(0, 0.15)
        by_line.setdefault(draft.parents[0], []).append((score, draft))
    in_turn = _in_turn(by_line, dice, halted)
    different, alike = _parted(in_turn, halted)
    return [Draft(d.text, tuple(taken[i] for i in d.parents), d.parts, d.how) for d in different + alike]


def distinct(drafts: Sequence[Draft]) -> int:
    """How many drafts differ clearly from those before them."""
    return len(_parted(drafts, lambda: False)[0])


def _drafts(
    workshop: Workshop, approved: Sequence[Line], dice: np.random.Generator, halted: Callable[[], bool]
) -> list[Draft]:
    """Every rule's sound drafts, at most so many for each rule and line; those not new are left out."""
    seen = {_bag(line.text) for line in approved}
    most = max(40, _MOST_DRAFTS // max(len(workshop.lines), 1))
    found: list[Draft] = []
    for rule in workshop.rules():
        by_line: dict[int, list[Draft]] = {}
        for number, draft in enumerate(rule):
            if number % 500 == 0:
                _check(halted)
            by_line.setdefault(draft.parents[0], []).append(draft)
        for drafts in by_line.values():
            _check(halted)
            for i in sorted(dice.permutation(len(drafts))[:most]):
                bag = _bag(drafts[i].text)  # a pair turned round is no other line
                if bag not in seen and _sound(drafts[i].text) and not _copies(drafts[i], workshop.lines):
                    seen.add(bag)
                    found.append(drafts[i])
    own = [line.text.casefold() for line in approved]
    new: list[Draft] = []
    for start in range(0, len(found), 200):
        _check(halted)
        part = found[start : start + 200]
        near = process.cdist([d.text.casefold() for d in part], own, scorer=fuzz.ratio, dtype=np.float32)
        new += [draft for draft, row in zip(part, near, strict=True) if row.max() < NOVEL_BELOW]
    return new


def _in_turn(
    by_line: dict[int, list[tuple[float, Draft]]], dice: np.random.Generator, halted: Callable[[], bool]
) -> list[Draft]:
    """One draft of each line, then another of each; fragments used before count against a draft."""
    used: Counter[str] = Counter()
    order = [int(line) for line in dice.permutation(sorted(by_line))]
    left = {line: sorted(drafts, key=lambda x: -x[0]) for line, drafts in by_line.items()}
    chosen: list[Draft] = []
    while left:
        _check(halted)
        for line in [line for line in order if line in left]:
            drafts = left[line]
            costs = [score - _USED * _uses(draft, used) for score, draft in drafts[:_LOOKED_AT]]
            draft = drafts.pop(int(np.argmax(costs)))[1]
            used.update((*draft.parts, draft.how + str(line)))
            chosen.append(draft)
            if not drafts:
                del left[line]
    return chosen


def _parted(drafts: Sequence[Draft], halted: Callable[[], bool]) -> tuple[list[Draft], list[Draft]]:
    """Drafts that differ clearly from those before them, and the others."""
    different: list[Draft] = []
    alike: list[Draft] = []
    texts: list[str] = []
    for number, draft in enumerate(drafts):
        if number % 100 == 0:
            _check(halted)
        text = draft.text.casefold()
        near = process.extractOne(text, texts, scorer=fuzz.token_set_ratio, score_cutoff=_ALIKE)
        if near is None:
            texts.append(text)
        (different if near is None else alike).append(draft)
    return different, alike


def _copies(draft: Draft, lines: Sequence[Line]) -> bool:
    """Whether too much of a draft stands in one of its parents."""
    words = words_of(draft.text)
    runs = list(zip(*(words[i:] for i in range(4)), strict=False))
    for line in draft.parents:
        own = words_of(lines[line].text)
        theirs = set(zip(*(own[i:] for i in range(4)), strict=False))
        if runs and sum(run in theirs for run in runs) / len(runs) > _COVERED:
            return True
        long = set(zip(*(own[i:] for i in range(_RUN + 1)), strict=False))
        if any(run in long for run in zip(*(words[i:] for i in range(_RUN + 1)), strict=False)):
            return True
    return False


def _uses(draft: Draft, used: Counter[str]) -> int:
    return sum(used[part] for part in draft.parts) + used[draft.how + str(draft.parents[0])]


def _bag(text: str) -> str:
    return " ".join(sorted(words_of(text)))


def _check(halted: Callable[[], bool]) -> None:
    if halted():
        raise Cancelled("The run was cancelled.")


def _sound(text: str) -> bool:
    """No word twice in a row, and “a” and “an” right."""
    words = words_of(text)
    if any(a == b for a, b in pairwise(words)):
        return False
    return not any((a == "a" and b[0] in "aeio") or (a == "an" and b[0] not in "aeiouh8") for a, b in pairwise(words))
