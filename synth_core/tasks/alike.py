"""The real rows that synthetic ones are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synth_core.generators import Conditions
from synth_core.tables import Holdout, Split, Train


def alike(split: Split, where: Mapping[str, Any] | None) -> tuple[Train, Holdout | None]:
    """The real rows that meet the conditions of the synthetic ones; no holdout where none of its rows does."""
    conditions = Conditions.of(where or {}, split.train.schema)
    held = split.holdout.only(conditions.met(split.holdout.frame))
    return split.train.only(conditions.met(split.train.frame)), held if len(held) else None
