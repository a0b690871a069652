"""The tables of ``runs.db``, and how the file of an older version becomes today's."""

from __future__ import annotations

import sqlite3

from synth_core.errors import RunError

_RUNS = """
CREATE TABLE IF NOT EXISTS runs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    task TEXT NOT NULL,
    spec TEXT NOT NULL,
    title TEXT NOT NULL,
    dataset TEXT,
    state TEXT NOT NULL,
    created REAL NOT NULL,
    started REAL,
    finished REAL,
    error TEXT,
    phases TEXT NOT NULL DEFAULT '[]',
    cancel_asked REAL,
    pid INTEGER,
    pid_created REAL
)
"""

#: Statement lists, one per version: a file of version n has had the first n applied. Only ever append.
STEPS = (
    (_RUNS,),  # files of version 0 may have this table already
    (
        "ALTER TABLE runs ADD COLUMN owner TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX runs_by_owner ON runs (owner, seq)",
        "CREATE TABLE submissions (owner TEXT NOT NULL, at REAL NOT NULL)",
    ),
)


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring the file up to date; whole or not at all, and harmless when several processes try at once.

    Raises
    ------
    RunError
        A newer version of the product made the file.
    """
    if _version(connection) == len(STEPS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        if version > len(STEPS):
            raise RunError(
                "A newer version of Synthetic Data Studio made this workspace. Update this installation, or choose "
                "another folder with STUDIO_WORKSPACE. Nothing was changed."
            )
        for statement in (s for step in STEPS[version:] for s in step):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]
