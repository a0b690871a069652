"""Attribution models, exact; the same functions on real and on simulated journeys."""

from synth_core.journeys.attribution.base import Answer, Model, Split
from synth_core.journeys.attribution.bootstrap import interval, occurrences
from synth_core.journeys.attribution.models import MODELS
from synth_core.journeys.attribution.run import attribute, credit, unavailable
from synth_core.journeys.attribution.shapley import by_position

__all__ = [
    "MODELS", "Answer", "Model", "Split", "attribute", "by_position", "credit", "interval", "occurrences",
    "unavailable",
]  # fmt: skip
