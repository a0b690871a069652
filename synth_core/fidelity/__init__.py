"""How close synthetic rows are to the real ones, column by column and together."""

from synth_core.fidelity.report import report
from synth_core.fidelity.results import (
    Associations,
    FeatureFidelity,
    FidelityReport,
    Marginal,
    Projection,
    Unavailable,
)

__all__ = ["Associations", "FeatureFidelity", "FidelityReport", "Marginal", "Projection", "Unavailable", "report"]
