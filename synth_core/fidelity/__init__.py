"""How close synthetic rows are to the real ones, column by column and together.

``report`` is imported when it is first used: it needs scikit-learn and scipy, its results do not.
"""

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
    "report",
]


def __getattr__(name: str) -> Any:
    if name == "report":
        from synth_core.fidelity.compare import report

        return report
    raise AttributeError(f"module 'synth_core.fidelity' has no attribute '{name}'")
