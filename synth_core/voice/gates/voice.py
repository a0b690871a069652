"""Does it sound like the brand?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from synth_core.voice.gates.base import Context
from synth_core.voice.gates.text import quoted
from synth_core.voice.records import Candidate, Deviation


class Scorer(Protocol):
    """What the gate needs of :class:`synth_core.voice.classifier.VoiceClassifier`."""

    def percentile(self, texts: Sequence[str]) -> np.ndarray:
        """Of each text's score among held-out approved lines, 0 to 100."""

    def threshold(self, false_rejects: float = 0.10) -> float:
        """Percentile below which that share of held-out approved lines lies."""

    def explain(self, text: str) -> tuple[Deviation, ...]:
        """Traits unlike the brand, strongest first."""


class Voice:
    """The voice classifier's percentile at or above a threshold."""

    key = "voice"

    def __init__(self, context: Context, scorer: Scorer) -> None:
        self.notes: tuple[str, ...] = ()
        self._scorer = scorer
        settings = context.settings
        #: Percentile below which a line is stopped.
        self.threshold = float(
            settings.voice if settings.voice is not None else scorer.threshold(settings.false_rejects)
        )
        #: Of the candidates checked last.
        self.percentiles: list[float] = []
        self.deviations: list[tuple[Deviation, ...]] = []

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        texts = [candidate.text for candidate in candidates]
        self.percentiles = [float(value) for value in self._scorer.percentile(texts)] if texts else []
        self.deviations = [tuple(self._scorer.explain(text)) for text in texts]
        return [
            None if value >= self.threshold else self._reason(text, value, deviations)
            for text, value, deviations in zip(texts, self.percentiles, self.deviations, strict=True)
        ]

    def _reason(self, text: str, value: float, deviations: Sequence[Deviation]) -> str:
        told = (
            f" {deviations[0].told}"
            if deviations
            else " Its words and word forms, taken together, are unlike the brand's."
        )
        return (
            f"{quoted(text)} sounds less like the brand than {100 - value:.0f} % of its own lines "
            f"(percentile {value:.1f}, {self.threshold:.1f} needed).{told}"
        )
