"""What a meter found, before all meters are judged together."""

from __future__ import annotations

from dataclasses import dataclass

from synth_core.privacy.evidence import Evidence


def percent(share: float, decimals: int = 0) -> str:
    """``0.3`` → ``30 %``."""
    return f"{100 * share:.{decimals}f} %"


@dataclass(frozen=True)
class Finding:
    """One meter's measure and how to read it.

    Attributes
    ----------
    key, title, unit, sentence, formula : str
        As in :class:`~synth_core.privacy.results.Meter`.
    evidence : Evidence
    advice : str
        What to do if it is flagged.
    attacks, controls : int
    """

    key: str
    title: str
    unit: str
    evidence: Evidence
    sentence: str
    advice: str
    formula: str
    attacks: int
    controls: int
