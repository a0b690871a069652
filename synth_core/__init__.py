"""Synthetic tables, their fidelity, and an honest verdict on whether they help.

The rooms ``generators``, ``fidelity``, ``lift`` and ``charts`` are imported when they are first used.
"""

from importlib import import_module
from types import ModuleType

from synth_core.tables import Table, read_table

__all__ = ["Table", "charts", "fidelity", "generators", "lift", "read_table"]


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return import_module(f"synth_core.{name}")
    raise AttributeError(f"module 'synth_core' has no attribute '{name}'")
