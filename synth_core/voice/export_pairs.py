"""Preference pairs: what a person preferred to what, for the same brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from synth_core.voice.export_rows import Row
from synth_core.voice.records import Batch, Decision


@dataclass(frozen=True)
class Pair:
    """Two answers to one brief.

    Attributes
    ----------
    brief, chosen, rejected : str
    why : {"edit", "reject"}
    row : int
        Position of the chosen line's row.
    """

    brief: str
    chosen: str
    rejected: str
    why: Literal["edit", "reject"]
    row: int


def pairs(batch: Batch, decisions: Mapping[str, Decision], rows: Sequence[Row]) -> tuple[tuple[Pair, ...], int]:
    """Pairs, and how many rejected lines found no partner.

    An edited line is preferred to what it was. A rejected line is paired with the line most like it among those that
    a person kept for the same brief, each used once while there are others.
    """
    originals = {verdict.candidate.id: verdict.candidate for verdict in batch.verdicts}
    found: list[Pair] = []
    by_brief: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        if not row.candidate or not row.reviewed:
            continue
        by_brief.setdefault(row.brief, []).append(place)
        if row.edited:
            found.append(Pair(row.brief, row.text, originals[row.candidate].text, "edit", place))
    alone, used, seen = 0, set(), set()
    for verdict in batch.verdicts:
        candidate = verdict.candidate
        decision = decisions.get(candidate.id)
        if not verdict.passed or decision is None or decision.verdict != "reject" or candidate.id in seen:
            continue
        seen.add(candidate.id)
        places = by_brief.get(candidate.brief, [])
        free = [place for place in places if place not in used] or places
        if not free:
            alone += 1
            continue
        _, _, best = process.extractOne(
            candidate.text, [rows[place].text for place in free], scorer=fuzz.token_sort_ratio
        )
        used.add(free[best])
        found.append(Pair(candidate.brief, rows[free[best]].text, candidate.text, "reject", free[best]))
    return tuple(found), alone
