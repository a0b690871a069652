"""Tables from a specification alone, before there is any data."""

from synth_core.blueprint.draw import Drawn, draw, known_truth
from synth_core.blueprint.outcome import Truth
from synth_core.blueprint.spec import (
    DISTRIBUTIONS,
    Blueprint,
    Boolean,
    Category,
    Correlation,
    Date,
    Faked,
    Identifier,
    Number,
    TargetSpec,
)

__all__ = [
    "DISTRIBUTIONS",
    "Blueprint",
    "Boolean",
    "Category",
    "Correlation",
    "Date",
    "Drawn",
    "Faked",
    "Identifier",
    "Number",
    "TargetSpec",
    "Truth",
    "draw",
    "known_truth",
]
