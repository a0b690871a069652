"""What a gate is, and what all of them know of the brand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from synth_core.voice.channels import Channel
from synth_core.voice.gates.settings import GateSettings
from synth_core.voice.gates.text import tokens
from synth_core.voice.records import Brand, Candidate


class Gate(Protocol):
    """One gate. It may remember what it saw: a gate serves one batch, and sees the candidates in their order.

    Attributes
    ----------
    key : str
        One of :data:`synth_core.voice.gates.settings.GATES`.
    notes : tuple of str
        What it could not do, in plain sentences.
    """

    key: str
    notes: tuple[str, ...]

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        """For each candidate why it is stopped, in words that quote the offending part; None where it passes."""


@dataclass(frozen=True, eq=False)
class Context:
    """The brand as the gates see it.

    Attributes
    ----------
    brand : Brand
    settings : GateSettings
    seed : int
    """

    brand: Brand
    settings: GateSettings
    seed: int = 0

    @cached_property
    def channel(self) -> Channel:
        return self.settings.channel(self.brand.brief.channel)

    @cached_property
    def approved(self) -> list[str]:
        """Texts of the approved lines."""
        return [line.text for line in self.brand.approved]

    @cached_property
    def brief(self) -> str:
        """All that the brief, the brand's name and the disclaimers say, one piece a line."""
        brief = self.brand.brief
        lists = (brief.products, brief.places, brief.seasons, brief.offers, brief.actions, brief.facts)
        disclaimers = [text for _, text in self.brand.compliance.disclaimers]
        topics = sorted({line.brief for line in self.brand.approved if line.brief})
        return "\n".join(
            [self.brand.name, brief.about, *(item for items in lists for item in items), *disclaimers, *topics]
        )

    @cached_property
    def known(self) -> str:
        """The brief and every approved line: what may be claimed."""
        return "\n".join([self.brief, *self.approved])

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Words of the approved lines and the brief, in lower case."""
        return frozenset(tokens(self.known))
