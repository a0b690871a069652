"""Does augmentation help? Arms, folds, and a verdict on real rows."""

from synth_core.lift.arms import default_arms
from synth_core.lift.results import ArmResult, HoldoutResult, Study, Verdict
from synth_core.lift.study import study

__all__ = ["ArmResult", "HoldoutResult", "Study", "Verdict", "default_arms", "study"]
