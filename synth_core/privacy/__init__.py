"""What synthetic rows give away about the rows they were learned from.

``report``, ``self_test`` and ``presets`` are imported when they are first used: they need scikit-learn and scipy, their
results do not.
"""

from importlib import import_module
from typing import Any

from synth_core.privacy.results import (
    Distances,
    Membership,
    Meter,
    Overlap,
    PrivacyReport,
    Scenario,
    Secret,
    SelfTest,
)

_LATER = {"report": "audit", "self_test": "selftest", "presets": "knowledge", "Preset": "knowledge"}

__all__ = [
    "Distances", "Membership", "Meter", "Overlap", "Preset", "PrivacyReport", "Scenario", "Secret", "SelfTest",
    "presets", "report", "self_test",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"synth_core.privacy.{_LATER[name]}"), name)
    raise AttributeError(f"module 'synth_core.privacy' has no attribute '{name}'")
