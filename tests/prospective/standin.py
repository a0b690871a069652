"""A scorer that adds up two columns, so that tests of the log need no trained model."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from synth_core.prospective import log, outcomes
from synth_core.prospective.lead_files import open_leads
from synth_core.prospective.results import Card, Drift, Leads
from synth_core.tables.schema import Column, Kind, Role, Schema

MONDAY = pd.Timestamp("2025-01-06").timestamp()  #: Unix time of a Monday
DAY, WEEK = 86_400, 7 * 86_400
DRIFT = Drift("x", 0.0, 0.0, 0.0, 0.0, 0, (), "none", "No drift.")


def card(content: bytes = b"scorer", **changes) -> Card:
    facts = {
        "id": hashlib.sha256(content).hexdigest(), "name": "Stand-in", "table": "leads", "target": "booked",
        "positive": "yes", "reference": "R1", "reference_title": "Reference", "arm": "trees/own", "arm_title": "Trees",
        "features": ("x", "z"), "train_rows": 900, "added_rows": 900, "data_hash": "0" * 64, "study": "", "seed": 1,
        "auc_reference": 0.7, "auc_arm": 0.72, "base_rate": 0.2, "versions": (), "created": MONDAY,
    }  # fmt: skip
    return Card(**facts | changes)


@dataclass(frozen=True)
class StandIn:
    card: Card
    schema: Schema

    def score(self, frame: pd.DataFrame) -> pd.DataFrame:
        reference = expit(frame["x"].to_numpy() - 1)
        return pd.DataFrame({"score_reference": reference, "score_arm": expit(frame["x"] + frame["z"] - 1)})


def load(path: str | Path) -> StandIn:
    target = Column("booked", "booked", Kind.TEXT, Role.TARGET)
    return StandIn(card(Path(path).read_bytes()), Schema((target,), "booked", "yes"))


def read_leads(data, scorer, *, name):
    file = open_leads(data)
    columns = {n: pd.to_numeric(outcomes.column(file, n), errors="coerce") for n in scorer.card.features}
    extra = [h for h in file.headers if h not in scorer.card.features]
    return pd.DataFrame(columns), [], [], extra


def check(scorer, frame) -> Leads:
    return Leads(len(frame), (), (), (), (DRIFT,), DRIFT)


def use(patch: pytest.MonkeyPatch) -> None:
    """Let the log take the stand-in for a scorer."""
    patch.setattr(log.scorer, "load", load)
    patch.setattr(log.leads, "read_leads", read_leads)
    patch.setattr(log.leads, "check", check)


def start(folder: Path, **changes) -> log.TestLog:
    """A new test in ``folder / "test"``."""
    path = folder / "scorer-file"
    path.write_bytes(b"scorer")
    facts = {"name": "Spring", "id_column": "id", "date_column": "day", "now": MONDAY}
    return log.TestLog.create(folder / "test", path, **facts | changes)


def leads_csv(ids, seed: int = 0, day: str = "2025-01-07") -> bytes:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"id": list(ids), "day": day})
    return frame.assign(x=rng.normal(size=len(frame)), z=rng.normal(size=len(frame))).to_csv(index=False).encode()


def outcomes_csv(pairs, target: str = "booked") -> bytes:
    return "\n".join([f"id,{target}", *(f"{i},{v}" for i, v in pairs)]).encode() + b"\n"
