"""The examples of a fine-tuning set: a brief, the line that answers it, and where the line comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from synth_core.voice.gates.similar import KIN
from synth_core.voice.gates.text import tokens
from synth_core.voice.prompting import brief_line
from synth_core.voice.records import Batch, Brand, Brief, Decision, Verdict, line_id


@dataclass(frozen=True)
class Row:
    """One example.

    Attributes
    ----------
    id : str
        Of the text.
    brief : str
        The user turn.
    text : str
        The answer.
    kind : {"approved", "written", "recombined"}
    parents : tuple of str
        Ids of the approved lines it stems from; of an approved line its own id.
    edited, reviewed : bool
        By a person.
    percentile : float or None
        Of its voice before any edit.
    candidate : str
        Id of the candidate; empty for approved lines.
    """

    id: str
    brief: str
    text: str
    kind: Literal["approved", "written", "recombined"]
    parents: tuple[str, ...]
    edited: bool = False
    reviewed: bool = True
    percentile: float | None = None
    candidate: str = ""


def rows(
    batch: Batch, brand: Brand, decisions: Mapping[str, Decision], *, approved: bool = True, unreviewed: bool = False
) -> tuple[Row, ...]:
    """Examples of a batch, no text twice.

    Parameters
    ----------
    batch : Batch
    brand : Brand
    decisions : mapping of str to Decision
        By the candidate's id.
    approved : bool
        Put the approved lines in front, each with a brief made from its subject.
    unreviewed : bool
        Take lines along that passed the gates and nobody decided on.
    """
    found: dict[str, Row] = {}
    if approved:
        for line in brand.approved:
            brief = brief_line(brand, _mentioned(brand.brief, line.text), subject=line.brief)
            found.setdefault(line.id, Row(line.id, brief, line.text, "approved", (line.id,)))
    for verdict in batch.verdicts:
        decision = decisions.get(verdict.candidate.id)
        if not verdict.passed or (decision is None and not unreviewed):
            continue
        if decision is not None and decision.verdict == "reject":
            continue
        text = (decision.text if decision else "") or verdict.candidate.text
        row = Row(
            line_id(text),
            verdict.candidate.brief,
            text,
            verdict.candidate.kind,
            parents(verdict),
            text != verdict.candidate.text,
            decision is not None,
            verdict.percentile,
            verdict.candidate.id,
        )
        found.setdefault(row.id, row)
    return tuple(found.values())


def _mentioned(brief: Brief, text: str) -> Brief:
    """The brief with those slots only that a line speaks of: it was not written to name the others."""
    said = f" {' '.join(tokens(text))} "

    def named(items: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(item for item in items if f" {' '.join(tokens(item)).removeprefix('the ')} " in said)

    slots = ("products", "places", "seasons", "offers", "actions")
    return replace(brief, **{slot: named(getattr(brief, slot)) for slot in slots})


def parents(verdict: Verdict) -> tuple[str, ...]:
    """The approved lines a candidate stems from.

    A recombined line stems from those it was put together from. The examples in the prompt of a written line are not
    its parents (a few random ones stand in every prompt, and all lines would be one family); the approved line most
    like it is, where it is like it at all.
    """
    if verdict.candidate.kind == "recombined":
        return tuple(dict.fromkeys(verdict.candidate.parents))
    near = verdict.nearest and verdict.similarity is not None and verdict.similarity >= KIN
    return (verdict.nearest,) if near else ()
