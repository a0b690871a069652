"""Does augmentation help? Arms, folds, and a verdict on real rows.

``study`` and ``autopilot`` are imported when they are first used: they need LightGBM, their results do not.
"""

from typing import Any

from synth_core.lift.arms import default_arms
from synth_core.lift.results import ArmResult, HoldoutResult, Study, Verdict

__all__ = ["ArmResult", "HoldoutResult", "Study", "Verdict", "autopilot", "default_arms", "study"]


def __getattr__(name: str) -> Any:
    if name == "study":
        from synth_core.lift.experiment import study

        return study
    if name == "autopilot":
        from synth_core.lift.search import autopilot

        return autopilot
    raise AttributeError(f"module 'synth_core.lift' has no attribute '{name}'")
