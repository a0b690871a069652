"""How often these data have been tested before: what Holm and the holdout's look number must count.

One small file per distinct study, apart from the runs, so that deleting a run does not forget its tests.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth_core.lift.results import Study
from synth_core.tasks.places import write_json


@dataclass(frozen=True)
class Past:
    """Candidates tested before on the same table, and looks taken before at the same holdout."""

    tests: int
    looks: int


def earlier(workspace: Path, spec: dict[str, Any], holdout: str) -> Past:
    """What other studies did on the table of ``spec``; the same study run again is not a new test.

    Parameters
    ----------
    workspace : Path
    spec : dict
        Spec of the ``lift`` run about to start.
    holdout : str
        Fingerprint of the holdout it would look at.
    """
    own = _file(workspace, spec)
    others = [json.loads(p.read_text("utf-8")) for p in own.parent.glob("*.json") if p != own]
    return Past(sum(o["tests"] for o in others), sum(o["holdout"] == holdout for o in others))


def record(workspace: Path, spec: dict[str, Any], study: Study) -> None:
    """Remember that ``study`` was made."""
    path = _file(workspace, spec)
    path.parent.mkdir(parents=True, exist_ok=True)
    looked = study.holdout_fingerprint if study.holdout else None
    write_json(path, {"tests": study.tests_made, "holdout": looked})


def _file(workspace: Path, spec: dict[str, Any]) -> Path:
    name = hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:32]
    return workspace / "history" / spec["dataset"] / f"{name}.json"
