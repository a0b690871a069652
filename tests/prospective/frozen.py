"""Studies and scorers that several tests share, made once per process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from unittest.mock import patch

import numpy as np
import pandas as pd

from synth_core import lift
from synth_core.lift.evaluate import Outcome
from synth_core.lift.protocol import Protocol
from synth_core.lift.results import Study
from synth_core.prospective.scorer import Scorer, freeze
from synth_core.tables import Split, load_sample, travel_leads


@dataclass(frozen=True, eq=False)
class Studied:
    """A study, and what each of its arms said of the holdout when the study itself trained them for its look."""

    split: Split
    study: Study
    looks: dict[str, Outcome]


@cache
def studied(kind: str) -> Studied:
    """``"travel"`` (3 × 1, the whole sample), ``"logistic"`` or ``"search"`` (part of it)."""
    table = load_sample("travel")
    if kind != "travel":
        table = table.take(np.arange(500))
    split, seen = table.split(seed=7), {}
    conclude = Protocol.conclude

    def concluding(self, **options):
        study = conclude(self, **options)
        arms = [a.key for a in self.cv.arms if a.key != "committee"]
        seen.update(self.cv.on_holdout(self.split, arms, self.plan))
        return study

    with patch.object(Protocol, "conclude", concluding):
        if kind == "travel":
            study = lift.study(split, arms=["trees"], rows=800, folds=3, repeats=1)
        elif kind == "logistic":
            arms = ["smotenc", ("trees", {"min_leaf": 20})]
            study = lift.study(split, arms=arms, labels=["own"], rows=300, folds=3, repeats=1, learner="logistic")
        else:
            study = lift.autopilot(split, budget=10, arms=["trees"], labels=["committee", "own"], folds=3, repeats=1)
    return Studied(split, study, seen)


@cache
def scorer(kind: str = "travel") -> Scorer:
    found = studied(kind)
    arms = ["smotenc", ("trees", {"min_leaf": 20})] if kind == "logistic" else None
    return freeze(found.split, found.study, name="Spring leads", arms=arms)


def leads() -> pd.DataFrame:
    """300 new leads or so, with their outcome."""
    return _leads().copy()


@cache
def _leads() -> pd.DataFrame:
    return pd.concat(travel_leads(7, 5, 60), ignore_index=True)
