"""The run table in SQLite: every change of state is a compare-and-set inside one transaction."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from synth_core.runs.model import TERMINAL, TRANSITIONS, Phase, Run
from synth_core.runs.schema import upgrade

PATIENCE = float(os.environ.get("STUDIO_PATIENCE") or 20.0)  #: seconds to wait for another writer

# Asked by the run's own process. Older runs whose process died have been reconciled before.
_CLAIM = """
UPDATE runs SET state = 'running', started = :now
WHERE id = :id AND state = 'queued'
  AND (SELECT COUNT(*) FROM runs WHERE state = 'running') < :slots
  AND NOT EXISTS (SELECT 1 FROM runs AS older WHERE older.state = 'queued' AND older.seq < runs.seq)
"""


class Database:
    """``runs.db``. A connection lives for one transaction, so threads and processes share nothing but the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as connection:
            # WAL: pages read while a run writes its progress.
            connection.execute("PRAGMA journal_mode = WAL")
            upgrade(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")  # a deleted run leaves nothing in the file's free pages
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: committed whole, or rolled back on any exception."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                if connection.in_transaction:  # a full disk has ended it already
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def hold(self) -> None:
        """Keep one connection open as long as this object lives; not in a process that forks.

        When the last connection is closed SQLite removes a file beside ``runs.db`` that the next one has to make
        anew, and then nothing can be read while the disk is full.
        """
        self._held = sqlite3.connect(self.path, check_same_thread=False)
        self._held.execute("SELECT COUNT(*) FROM runs").fetchone()

    def flush(self) -> None:
        """Move what the log beside the file still holds into it, so that nothing deleted lies there."""
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def read(self, query: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        with closing(self._connect()) as connection:
            return connection.execute(query, values).fetchall()

    def row(self, run_id: str) -> sqlite3.Row | None:
        return next(iter(self.read("SELECT * FROM runs WHERE id = ?", (run_id,))), None)

    def claim(self, run_id: str, slots: int) -> bool:
        """Queued → running, if this is the oldest queued run and fewer than ``slots`` are running."""
        with self.transaction() as connection:
            values = {"id": run_id, "now": time.time(), "slots": slots}
            return connection.execute(_CLAIM, values).rowcount == 1

    def ask_cancel(self, run_id: str) -> None:
        """A queued run is cancelled at once; a running one is asked to stop."""
        with self.transaction() as connection:
            if not move(connection, run_id, "queued", "cancelled"):
                connection.execute(
                    "UPDATE runs SET cancel_asked = ? WHERE id = ? AND state = 'running' AND cancel_asked IS NULL",
                    (time.time(), run_id),
                )

    def cancel_asked(self, run_id: str) -> bool:
        """True also when the run has been removed."""
        rows = self.read("SELECT cancel_asked FROM runs WHERE id = ?", (run_id,))
        return not rows or rows[0]["cancel_asked"] is not None

    def save_phases(self, run_id: str, phases: Sequence[Phase]) -> None:
        """Show how far a run is; left out while the disk is full or the file locked, which no run must fail of."""
        text = json.dumps([asdict(p) for p in phases], ensure_ascii=False)
        with suppress(sqlite3.OperationalError), self.transaction() as connection:
            connection.execute("UPDATE runs SET phases = ? WHERE id = ? AND state = 'running'", (text, run_id))


def insert(
    connection: sqlite3.Connection,
    run_id: str,
    task: str,
    spec: dict[str, Any],
    title: str,
    dataset: str | None,
    process: tuple[int, float] | None,
    owner: str = "",
) -> None:
    """Add a queued run, worked on by ``process`` (pid, create time); one that has succeeded where there is none."""
    now = time.time()
    ended = ("queued", None, None, *process) if process else ("succeeded", now, now, None, None)
    connection.execute(
        "INSERT INTO runs (id, task, spec, title, dataset, owner, created, state, started, finished, pid, pid_created) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (run_id, task, json.dumps(spec, ensure_ascii=False), title, dataset, owner, now, *ended),
    )


def move(connection: sqlite3.Connection, run_id: str, old: str, new: str, error: str | None = None) -> bool:
    """Change the state from ``old`` to ``new``; False if the state was no longer ``old``."""
    if (old, new) not in TRANSITIONS:
        raise ValueError(f"no transition {old} → {new}")
    finished = time.time() if new in TERMINAL else None
    changed = connection.execute(
        "UPDATE runs SET state = ?, finished = ?, error = ? WHERE id = ? AND state = ?",
        (new, finished, error, run_id, old),
    )
    return changed.rowcount == 1


def as_run(row: sqlite3.Row) -> Run:
    return Run(
        id=row["id"],
        task=row["task"],
        spec=json.loads(row["spec"]),
        title=row["title"],
        dataset=row["dataset"],
        state=row["state"],
        created=row["created"],
        started=row["started"],
        finished=row["finished"],
        error=row["error"],
        phases=tuple(Phase(**p) for p in json.loads(row["phases"])),
        cancelling=row["state"] == "running" and row["cancel_asked"] is not None,
    )
