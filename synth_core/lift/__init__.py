"""Does augmentation help? Arms, folds, and a verdict on real rows.

``study`` is imported when it is first used: it needs LightGBM, its results do not.
"""

from typing import Any

from synth_core.lift.arms import default_arms
from synth_core.lift.results import ArmResult, HoldoutResult, Study, Verdict

__all__ = ["ArmResult", "HoldoutResult", "Study", "Verdict", "default_arms", "study"]


def __getattr__(name: str) -> Any:
    if name == "study":
        from synth_core.lift.experiment import study

        return study
    raise AttributeError(f"module 'synth_core.lift' has no attribute '{name}'")
