"""Whether a workspace can be worked in: ``python -m synth_core.runs.health WORKSPACE``; exits with 1 and a sentence.

It looks from outside: nothing is created, upgraded or repaired.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import tempfile
import urllib.request
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from synth_core.runs.layout import Layout
from synth_core.runs.schema import STEPS

_GIGABYTE = 10**9


def problems(workspace: Path, *, free: float = 1.0, patience: float = 5.0, url: str | None = None) -> list[str]:
    """What keeps people from working, a sentence each; empty where nothing does.

    Parameters
    ----------
    workspace : Path
        The folder that holds ``runs.db``, or will.
    free : float
        Gigabytes that must be free on its disk.
    patience : float
        Seconds to wait for another writer, and for an answer from ``url``.
    url : str or None
        Address that must answer 200, such as the app's own ``/_stcore/health``.
    """
    found = [_unwritable(workspace)]
    if found == [None]:
        found += [_full(workspace, free), _database(Layout(workspace).database, patience)]
    if url:
        found.append(_silent(url, patience))
    return [sentence for sentence in found if sentence]


def _unwritable(workspace: Path) -> str | None:
    if not workspace.is_dir():
        return f"The workspace {workspace} is not there. Create the folder, or mount the volume that holds it."
    try:
        with tempfile.TemporaryFile(dir=workspace) as file:
            file.write(b"1")
    except OSError as error:
        return (
            f"The workspace {workspace} cannot be written ({os.strerror(error.errno or 0)}): it must belong to the "
            f"user with the number {os.getuid()}, on a disk with room, mounted for writing."
        )
    return None


def _full(workspace: Path, free: float) -> str | None:
    left = shutil.disk_usage(workspace).free / _GIGABYTE
    if left >= free:
        return None
    return (
        f"Only {left:.2f} GB are free on the workspace's disk, and runs need {free:g}. Delete runs or enlarge the disk."
    )


def _database(path: Path, patience: float) -> str | None:
    if not path.exists():
        return None  # a new workspace
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=patience)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > len(STEPS):
                return "A newer version of the product made this workspace. Update this installation."
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        return f"The list of runs, {path.name}, cannot be opened for writing ({error}). Is another program holding it?"
    except sqlite3.DatabaseError as error:
        damage = str(error)
    return (
        None if damage == "ok" else f"The list of runs, {path.name}, is damaged ({damage}). Restore it from a backup."
    )


def _silent(url: str, patience: float) -> str | None:
    try:
        with urllib.request.urlopen(url, timeout=patience) as answer:
            return None if answer.status == 200 else f"The app answers {url} with {answer.status}."
    except OSError as error:
        return f"The app does not answer at {url} ({error})."


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m synth_core.runs.health", description="Can people work here?")
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--free", type=float, default=1.0, metavar="GB", help="must be free on its disk (default: 1)")
    parser.add_argument("--url", help="must answer 200, for example http://127.0.0.1:8501/_stcore/health")
    asked = parser.parse_args(arguments)
    found = problems(asked.workspace.resolve(), free=asked.free, url=asked.url)
    sys.stdout.write("\n".join(found or ["healthy"]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
