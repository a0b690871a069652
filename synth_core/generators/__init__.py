"""Generators of synthetic rows behind one interface."""

from synth_core.generators.base import Generator
from synth_core.generators.registry import CATALOGUE, Entry, Setting, create

__all__ = ["CATALOGUE", "Entry", "Generator", "Setting", "create"]
