"""Where the files of runs lie in a workspace."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

_OWNERS = "owners"
_OWNER = re.compile(r"[0-9a-f]{32}|")


@dataclass(frozen=True)
class Layout:
    """Paths below ``workspace``; run ids come from the database, never from a user.

    Parameters
    ----------
    workspace : Path
        Holds ``runs.db``, which all owners share: they wait in one queue.
    owner : str
        32 hexadecimal digits; empty where nobody signs in.

    Raises
    ------
    ValueError
        ``owner`` is neither.
    """

    workspace: Path
    owner: str = ""

    def __post_init__(self) -> None:
        if not _OWNER.fullmatch(self.owner):
            raise ValueError("an owner is 32 hexadecimal digits")

    @classmethod
    def of(cls, home: Path) -> Layout:
        """The layout whose :attr:`home` this is."""
        if home.parent.name == _OWNERS and _OWNER.fullmatch(home.name):
            return cls(home.parents[1], home.name)
        return cls(home)

    @property
    def home(self) -> Path:
        """Everything that belongs to the owner lies below it, and nothing of anybody else."""
        return self.workspace / _OWNERS / self.owner if self.owner else self.workspace

    def create(self) -> None:
        """Make the folders that are missing."""
        for name in ("runs", "logs", "scratch"):
            (self.home / name).mkdir(parents=True, exist_ok=True)

    @property
    def database(self) -> Path:
        return self.workspace / "runs.db"

    def published(self, run_id: str) -> Path:
        """The complete result; it appears by a rename of :meth:`draft`."""
        return self.home / "runs" / run_id

    def draft(self, run_id: str) -> Path:
        """The result while it is being made."""
        return self.home / "runs" / f".{run_id}"

    def scratch(self, run_id: str) -> Path:
        """Temporary files of a run."""
        return self.home / "scratch" / run_id

    def outcome(self, run_id: str) -> Path:
        """How the task ended, in its own words, until the run's state says so."""
        return self.scratch(run_id) / "outcome.json"

    def log(self, run_id: str) -> Path:
        return self.home / "logs" / f"{run_id}.log"

    def unfinished(self) -> set[str]:
        """Runs that have a draft or scratch files."""
        drafts = {p.name[1:] for p in (self.home / "runs").glob(".*")}
        return drafts | {p.name for p in (self.home / "scratch").iterdir()}

    def discard(self, run_id: str) -> None:
        """Remove the draft and the scratch files."""
        for folder in (self.draft(run_id), self.scratch(run_id)):
            if folder.is_file():  # damaged from outside
                folder.unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
