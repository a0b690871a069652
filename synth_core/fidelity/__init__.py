"""How close synthetic rows are to the real ones, column by column and together.

``report`` and ``pair_detail`` are imported when they are first used: they need scikit-learn, their results do not.
"""

from importlib import import_module
from typing import Any

from synth_core.fidelity.results import (
    Associations,
    FeatureFidelity,
    FidelityReport,
    Marginal,
    Measures,
    PairDetail,
    PairFidelity,
    Projection,
    Score,
    Telling,
    TwoSample,
    Unavailable,
)

__all__ = [
    "Associations",
    "FeatureFidelity",
    "FidelityReport",
    "Marginal",
    "Measures",
    "PairDetail",
    "PairFidelity",
    "Projection",
    "Score",
    "Telling",
    "TwoSample",
    "Unavailable",
    "pair_detail",
    "report",
]


_FUNCTIONS = {"report": "synth_core.fidelity.compare", "pair_detail": "synth_core.fidelity.joint"}


def __getattr__(name: str) -> Any:
    if name in _FUNCTIONS:
        return getattr(import_module(_FUNCTIONS[name]), name)
    raise AttributeError(f"module 'synth_core.fidelity' has no attribute '{name}'")
