"""What a report says, before anybody draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from synth_core.charts import Chart

#: What no result of any kind shows.
ALWAYS = (
    "Synthetic rows are computed from real ones. They hold no new facts about anybody, and they do not replace an "
    "adequate number of real rows.",
    "The figures hold for the data, the settings and the date named below. Other data, or the same source a year "
    "later, need a look of their own.",
)

Tone = Literal["good", "bad", "warning", "neutral"]
#: Each of them can be read on white and on pale grey.
COLOURS: dict[Tone, str] = {"good": "#00694F", "bad": "#A23400", "warning": "#8A5000", "neutral": "#52606D"}


@dataclass(frozen=True)
class Finding:
    """The answer of one result: never colour alone.

    Attributes
    ----------
    icon, word : str
        ``"▲"``, ``"Helps"``.
    tone : {"good", "bad", "warning", "neutral"}
        Colour.
    sentence : str
    figures : tuple of str
        What stands behind the sentence, its interval above all.
    """

    icon: str
    word: str
    tone: Tone
    sentence: str
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A chart under a heading of its own."""

    title: str
    chart: Chart


@dataclass(frozen=True)
class Pair:
    """Two charts side by side where there is room."""

    left: Picture
    right: Picture


@dataclass(frozen=True)
class Grid:
    """A table of figures.

    Attributes
    ----------
    title : str
    columns : tuple of str
    rows : tuple of tuple of str
        The first cell names the row.
    words : tuple of int
        Further columns that hold words, not figures.
    note : str
        Below the table.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Prose:
    """One paragraph, under a heading where it has one."""

    text: str
    title: str = ""


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    lines: tuple[str, ...]
    title: str = ""


Block = Picture | Pair | Grid | Prose | Points


@dataclass(frozen=True)
class Part:
    """One result.

    Attributes
    ----------
    key : str
        Names the part within the document.
    title : str
        The question that the result answers.
    finding : Finding
    evidence : tuple of Block
    method : tuple of str
        How it was found, in plain words; a paragraph each.
    limits : tuple of str
        What the figures do not show.
    record : tuple of (name, value)
        What somebody needs to repeat or audit it: seeds, versions, fingerprints.
    """

    key: str
    title: str
    finding: Finding
    evidence: tuple[Block, ...]
    method: tuple[str, ...]
    limits: tuple[str, ...]
    record: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Document:
    """A report: what it is about, and a part for each result, in reading order.

    Attributes
    ----------
    title, subtitle : str
    parts : tuple of Part
    data : tuple of (name, value)
        The table behind the results: rows, columns, fingerprint.
    record : tuple of (name, value)
        What concerns the whole report.
    date : str
        Of the results, in words; a report made twice of the same results is the same.
    notice : str
        One sentence below the title that nobody may overlook; empty for none.
    """

    title: str
    subtitle: str
    parts: tuple[Part, ...]
    data: tuple[tuple[str, str], ...] = ()
    record: tuple[tuple[str, str], ...] = ()
    date: str = ""
    notice: str = ""

    @property
    def limits(self) -> tuple[str, ...]:
        """What all parts together do not show, each said once; what holds for any of them first."""
        said = (*ALWAYS, *(line for part in self.parts for line in part.limits))
        return tuple(dict.fromkeys(said))
