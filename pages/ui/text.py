"""Numbers and times as they are written on screen, and names of the user's within Markdown."""

from __future__ import annotations

import re

from synth_core.wording import count, duration, figure, probability, score, share, signed, when

__all__ = ["count", "duration", "figure", "literal", "probability", "score", "share", "signed", "when"]


def literal(words: str) -> str:
    """Text of the user's that Markdown must not read as anything else."""
    return re.sub(r"([\\`*_\[\]$~:#<>|&])", r"\\\1", words)
