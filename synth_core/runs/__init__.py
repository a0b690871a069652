"""Runs: long work in processes of its own, remembered on disk."""

from synth_core.runs.limits import Limits
from synth_core.runs.model import ACTIVE, TERMINAL, Phase, Run
from synth_core.runs.store import Store

__all__ = ["ACTIVE", "TERMINAL", "Limits", "Phase", "Run", "Store"]
