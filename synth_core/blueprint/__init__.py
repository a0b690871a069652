"""Tables from a specification alone, before there is any data."""

from synth_core.blueprint.draw import Drawn, draw, known_truth
from synth_core.blueprint.outcome import Truth
from synth_core.blueprint.reading import from_yaml, read_blueprint, to_yaml
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
    "from_yaml",
    "known_truth",
    "read_blueprint",
    "to_yaml",
]
