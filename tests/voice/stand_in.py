"""A deterministic scorer in place of the voice classifier, and brands small enough to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from synth_core.voice.demo import demo
from synth_core.voice.records import Batch, Brand, Candidate, Deviation, Diversity, GateCount, Verdict


class StandIn:
    """Percentile 90, less 40 for every exclamation mark, less 1 for every letter of the last word."""

    def percentile(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([max(90.0 - 40 * text.count("!") - len(text.split()[-1]), 0.0) for text in texts])

    def threshold(self, false_rejects: float = 0.10) -> float:
        return 100 * false_rejects + 40

    def explain(self, text: str) -> tuple[Deviation, ...]:
        marks = text.count("!")
        told = f"Exclamation marks: {marks} in this line, none in the brand's."
        return (Deviation("exclamation marks", marks, 0.0, 5.0, told),) if marks else ()


def house(**changes: object) -> Brand:
    """The demo brand, changed."""
    return replace(demo(), **changes)


def written(text: str, *, brief: str = "Write a headline.", parents: tuple[str, ...] = ()) -> Candidate:
    return Candidate(text, brief, parents, "written", "p")


def recombined(text: str, *parents: str, brief: str = "Write a headline.") -> Candidate:
    return Candidate(text, brief, parents, "recombined", "p")


def batch(verdicts: Sequence[Verdict], **changes: object) -> Batch:
    """A batch of the demo brand with these verdicts."""
    passed = sum(verdict.passed for verdict in verdicts)
    made = Batch(
        brand=demo().name,
        brand_id="0" * 16 + "@1",
        provider="fake",
        model="m",
        requested=len(verdicts),
        verdicts=tuple(verdicts),
        funnel=(GateCount("voice", "Brand voice", len(verdicts), len(verdicts) - passed),),
        accepted=Diversity(passed, 0.9, 0.1, 1.5),
        seeds=Diversity(200, 0.9, 0.1, 1.5),
        threshold=10.0,
        settings={},
        tokens_in=1,
        tokens_out=2,
        requests=3,
        failed=0,
        seed=0,
        seed_hash="ab" * 32,
    )
    return replace(made, **changes)
