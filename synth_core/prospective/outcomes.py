"""What became of the leads: files of outcomes as they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_core.errors import ScorerError
from synth_core.prospective.lead_files import LeadFile, Source, open_leads
from synth_core.tables.values import MISSING_IN_NUMBERS, is_number

#: Spellings of yes and no, folded, in the languages that exports are met in.
YES = frozenset({"yes", "y", "true", "t", "1", "on", "ja", "j", "oui", "vrai", "si", "sí", "sì", "sim", "wahr"})
NO = frozenset({"no", "n", "false", "f", "0", "off", "nein", "non", "faux", "nee", "não", "nao", "falsch"})
#: Not known yet: such a lead keeps waiting.
OPEN = MISSING_IN_NUMBERS | {"pending", "open", "waiting", "in progress", "not yet"}
_WHOLE = re.compile(r"0*(\d+)(?:\.0+)?")
_SHOWN = 3


@dataclass(frozen=True)
class Levels:
    """The target's two levels; ``negative`` is None where only the positive one is known."""

    positive: str
    negative: str | None = None

    def read(self, text: str) -> float | None:
        """1.0 or 0.0, NaN where the outcome is not known yet, None where the text is neither.

        The target's own spelling goes first; then yes and no in their usual spellings, turned round where the positive
        level itself means no.
        """
        text = fold(text)
        own, other = fold(self.positive), None if self.negative is None else fold(self.negative)
        if text == own:
            return 1.0
        if text == other:
            return 0.0
        if text in OPEN:
            return np.nan
        truth = 1.0 if text in YES else 0.0 if text in NO else None
        if truth is None or (text in ("0", "1") and other is None and own not in YES | NO and is_number(own)):
            return None  # of a target that counts otherwise, 1 need not mean yes
        if own in NO:  # the outcome of interest is a "no", such as a customer who does not stay
            return None if other in NO else 1.0 - truth
        return None if other in YES else truth  # of {1, 2} with 2 positive, "true" could mean either


def fold(text: str) -> str:
    """Case, outer blanks and a whole number's zeros aside: ``" 007.0"`` and ``"7"`` are one."""
    text = " ".join(text.split()).casefold()
    match = _WHOLE.fullmatch(text)
    return match[1] if match else text


@dataclass(frozen=True)
class Said:
    """A file of outcomes as read.

    Attributes
    ----------
    rows : DataFrame
        ``lead_id`` as written, and ``outcome`` (1.0, 0.0); readable rows only.
    total, open, unreadable, blank : int
        Rows of the file; without an outcome yet; neither yes nor no; without an id.
    notes : tuple of str
    """

    rows: pd.DataFrame
    total: int
    open: int
    unreadable: int
    blank: int
    notes: tuple[str, ...]


def column(file: LeadFile, name: str) -> pd.Series | None:
    """The cells of the column ``name``, blanks as ``""``; None if there is none.

    The header is looked for as it is, then without regard to case and outer blanks.
    """
    places = [i for i, h in enumerate(file.headers) if h == name]
    places += [i for i, h in enumerate(file.headers) if _header(h) == _header(name)]
    if not places:
        return None
    cells = [cell for part in file.parts(places[:1]) for cell in part[0].to_pylist()]
    return pd.Series(cells, dtype="object").str.strip()


def read(data: Source, *, id_column: str, target: str, levels: Levels) -> Said:
    """A file of outcomes: the lead's id, and what became of it.

    Raises
    ------
    ScorerError
        The file lacks one of the two columns, or no row holds an outcome or waits for one.
    TableError
        It cannot be read as a table.
    """
    file = open_leads(data)
    ids = column(file, id_column)
    if ids is None:
        raise ScorerError(
            f"The outcomes have no column “{id_column}”. {_has(file)} Name the column of the lead's id so."
        )
    values = column(file, target)
    others = [h for h in file.headers if _header(h) != _header(id_column)]
    notes = list(file.notes)
    if values is None and len(others) == 1:
        values = column(file, others[0])
        notes.append(f"“{others[0]}” is read as the outcome “{target}”.")
    if values is None:
        raise ScorerError(f"The outcomes have no column “{target}”. {_has(file)} Name the column of the outcome so.")
    found = {v: levels.read(v) for v in values.unique()}
    unread = values.map({v: o is None for v, o in found.items()}).astype(bool)
    outcome = values.map({v: np.nan if o is None else o for v, o in found.items()}).astype(float)
    blank = ids == ""
    if (unread & ~blank).any():
        notes.append(_unread_note(values[unread & ~blank], levels))
    open_ = outcome.isna() & ~unread & ~blank
    if open_.any():
        notes.append(f"{counted(int(open_.sum()))} without an outcome yet: such leads keep waiting.")
    if blank.any():
        notes.append(f"{counted(int(blank.sum()))} without an id left out.")
    known = outcome.notna() & ~blank
    if not known.any() and not open_.any():
        raise ScorerError(
            f"No row of the outcomes tells what became of a lead: “{target}” holds {examples(values)}. "
            f"Write “{levels.positive}” or “{levels.negative or 'no'}”."
        )
    rows = pd.DataFrame({"lead_id": ids[known], "outcome": outcome[known]}).reset_index(drop=True)
    return Said(rows, len(ids), int(open_.sum()), int((unread & ~blank).sum()), int(blank.sum()), tuple(notes))


def _header(text: str) -> str:
    return " ".join(text.split()).casefold()


def _has(file: LeadFile) -> str:
    return f"Its first row is: {', '.join(file.headers[:8])}{', …' if len(file.headers) > 8 else ''}."


def counted(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def examples(values: Sequence[str] | pd.Series) -> str:
    return ", ".join(f"“{v}”" for v in pd.unique(pd.Series(values))[:_SHOWN])


def _unread_note(values: pd.Series, levels: Levels) -> str:
    example = (
        f"{counted(len(values))} such as {examples(values)} {'is' if len(values) == 1 else 'are'} neither yes nor no"
    )
    return f"{example} and left out: write “{levels.positive}” or “{levels.negative or 'no'}”."
