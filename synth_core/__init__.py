"""Synthetic tables, their fidelity, and an honest verdict on whether they help.

Everything is imported when it is first used: the process of a waiting run needs none of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synth_core.tables import Table, read_table

__all__ = ["Table", "blueprint", "charts", "fidelity", "generators", "lift", "privacy", "read_table"]


def __getattr__(name: str) -> Any:
    if name in ("Table", "read_table"):
        return getattr(import_module("synth_core.tables"), name)
    if name in __all__:
        return import_module(f"synth_core.{name}")
    raise AttributeError(f"module 'synth_core' has no attribute '{name}'")
