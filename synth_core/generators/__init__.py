"""Generators of synthetic rows behind one interface.

``AugmentingSampler`` is imported when it is first used: it needs imbalanced-learn, the catalogue does not.
"""

from typing import Any

from synth_core.generators.base import Generator
from synth_core.generators.registry import CATALOGUE, Entry, Setting, create
from synth_core.generators.where import Conditions

__all__ = ["CATALOGUE", "AugmentingSampler", "Conditions", "Entry", "Generator", "Setting", "create"]


def __getattr__(name: str) -> Any:
    if name == "AugmentingSampler":
        from synth_core.generators.sampler import AugmentingSampler

        return AugmentingSampler
    raise AttributeError(f"module 'synth_core.generators' has no attribute '{name}'")
