"""Frozen scorers: made from a lift study, saved, loaded."""

from synth_core.prospective.freezing import freeze
from synth_core.prospective.frozen import Scorer, load, save

__all__ = ["Scorer", "freeze", "load", "save"]
