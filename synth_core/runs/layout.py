"""Where the files of runs lie in a workspace."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Paths below ``workspace``; run ids come from the database, never from a user."""

    workspace: Path

    def create(self) -> None:
        """Make the folders that are missing."""
        for name in ("runs", "logs", "scratch"):
            (self.workspace / name).mkdir(parents=True, exist_ok=True)

    @property
    def database(self) -> Path:
        return self.workspace / "runs.db"

    def published(self, run_id: str) -> Path:
        """The complete result; it appears by a rename of :meth:`draft`."""
        return self.workspace / "runs" / run_id

    def draft(self, run_id: str) -> Path:
        """The result while it is being made."""
        return self.workspace / "runs" / f".{run_id}"

    def scratch(self, run_id: str) -> Path:
        """Temporary files of a run."""
        return self.workspace / "scratch" / run_id

    def outcome(self, run_id: str) -> Path:
        """How the task ended, in its own words, until the run's state says so."""
        return self.scratch(run_id) / "outcome.json"

    def log(self, run_id: str) -> Path:
        return self.workspace / "logs" / f"{run_id}.log"

    def unfinished(self) -> set[str]:
        """Runs that have a draft or scratch files."""
        drafts = {p.name[1:] for p in (self.workspace / "runs").glob(".*")}
        return drafts | {p.name for p in (self.workspace / "scratch").iterdir()}

    def discard(self, run_id: str) -> None:
        """Remove the draft and the scratch files."""
        for folder in (self.draft(run_id), self.scratch(run_id)):
            shutil.rmtree(folder, ignore_errors=True)
