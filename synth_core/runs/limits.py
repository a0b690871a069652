"""How much one owner may ask of a shared server."""

from __future__ import annotations

import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from synth_core.errors import RunError

_HOUR = 3600.0
_GIGABYTE = 10**9


@dataclass(frozen=True)
class Limits:
    """None means no limit.

    Attributes
    ----------
    active : int or None
        Runs that wait or work at the same time.
    hourly : int or None
        Runs submitted within an hour, deleted ones included.
    gigabytes : float or None
        On disk, everything together.
    """

    active: int | None = None
    hourly: int | None = None
    gigabytes: float | None = None

    @classmethod
    def of_environment(cls, owner: str) -> Limits:
        """``STUDIO_MAX_ACTIVE_RUNS``, ``STUDIO_MAX_RUNS_PER_HOUR`` and ``STUDIO_MAX_GB``.

        Unset, a signed-in owner gets 4, 60 and 20; someone alone on a computer of their own has no limit.
        """
        usual = cls(4, 60, 20.0) if owner else cls()
        active, hourly = os.environ.get("STUDIO_MAX_ACTIVE_RUNS"), os.environ.get("STUDIO_MAX_RUNS_PER_HOUR")
        gigabytes = os.environ.get("STUDIO_MAX_GB")
        return cls(
            int(active) if active else usual.active,
            int(hourly) if hourly else usual.hourly,
            float(gigabytes) if gigabytes else usual.gigabytes,
        )

    def check_rate(self, connection: sqlite3.Connection, owner: str) -> None:
        """Count one more submission of ``owner``, inside the transaction that submits it.

        Raises
        ------
        RunError
            It would be one too many.
        """
        now = time.time()
        connection.execute("DELETE FROM submissions WHERE at < ? OR at > ?", (now - _HOUR, now + _HOUR))
        active = _count(connection, "runs WHERE owner = ? AND state IN ('queued', 'running')", owner)
        if self.active is not None and active >= self.active:
            raise RunError(
                f"{active} of your runs are waiting or working, and {self.active} is the limit here. Wait until one "
                "has ended, or cancel one on the Runs page."
            )
        recent = _count(connection, "submissions WHERE owner = ?", owner)
        if self.hourly is not None and recent >= self.hourly:
            raise RunError(f"You started {recent} runs within an hour, and {self.hourly} is the limit here. Try later.")
        connection.execute("INSERT INTO submissions (owner, at) VALUES (?, ?)", (owner, now))

    def check_space(self, home: Path, more: int = 0) -> None:
        """See that ``more`` bytes may be added below ``home``.

        Raises
        ------
        RunError
            The owner's space is full.
        """
        if self.gigabytes is None:
            return
        taken = used(home) + more
        if taken > self.gigabytes * _GIGABYTE:
            raise RunError(
                f"This would take {taken / _GIGABYTE:.1f} GB of the {self.gigabytes:g} GB that each user has here. "
                "Delete tables or runs that are no longer needed, then try again."
            )


def used(home: Path) -> int:
    """Bytes of all files below ``home``, those of other owners aside."""
    total = 0
    for folder, below, files in os.walk(home):
        if "owners" in below and Path(folder) == home:
            below.remove("owners")
        for name in files:
            try:
                total += os.lstat(os.path.join(folder, name)).st_size
            except FileNotFoundError:  # a run has just tidied up
                continue
    return total


def _count(connection: sqlite3.Connection, what: str, owner: str) -> int:
    return connection.execute(f"SELECT COUNT(*) FROM {what}", (owner,)).fetchone()[0]
