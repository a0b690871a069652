"""Starting a run's process, and knowing for certain whether it and its children are gone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping

import psutil

from synth_core.errors import RunError
from synth_core.runs.layout import Layout

#: Set for the process of a run and inherited by everything it starts, so nothing of a run can hide.
MARK = "STUDIO_RUN"

# Several worker processes on few cores: one thread each, set before numpy, torch or LightGBM is imported.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")

_LONG = 8  # characters; a shorter value is found in texts by chance
_SECRET = re.compile(r"[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET)")

_children: list[subprocess.Popen] = []


def start(layout: Layout, run_id: str, tasks: str, secrets: Mapping[str, str] | None = None) -> tuple[int, float]:
    """Start the process of a run, detached from this one; returns its pid and create time.

    ``secrets`` reach it by its environment alone.
    """
    worker = [sys.executable, "-X", "faulthandler", "-m", "synth_core.runs.worker"]
    with layout.log(run_id).open("ab") as out:
        process = subprocess.Popen(
            [*worker, str(layout.workspace), layout.owner, run_id, tasks],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **_ONE_THREAD, **(secrets or {}), "PYTHONUNBUFFERED": "1", MARK: run_id},
        )
    _children.append(process)
    return process.pid, psutil.Process(process.pid).create_time()


def checked(secrets: Mapping[str, str] | None, *stored: str) -> dict[str, str]:
    """The secrets that hold something.

    Parameters
    ----------
    secrets : mapping or None
        Value by the name of its environment variable.
    *stored : str
        What will be kept of the run: must hold none of the values.

    Raises
    ------
    RunError
        A name is not that of a key, a value cannot be handed over, or is about to be stored. The text holds no value.
    """
    given = {name: value.strip() for name, value in (secrets or {}).items() if value.strip()}
    for name, value in given.items():
        if not _SECRET.fullmatch(name):  # PATH, LD_PRELOAD and the like change what the process does
            raise RunError("A secret's name must end in _KEY, _TOKEN or _SECRET, for example OPENAI_API_KEY.")
        if not value.isprintable():
            raise RunError(f"The value of {name} holds characters that no key has. Copy it once more.")
        if len(value) >= _LONG and any(v in text for text in stored for v in (value, json.dumps(value)[1:-1])):
            raise RunError(f"The value of {name} is also in the settings, which are stored. Enter it as the key only.")
    return given


def scrubbed(text: str) -> str:
    """``text`` without the keys in this process's environment, handed over or set by the user."""
    for name, value in os.environ.items():
        if _SECRET.fullmatch(name) and len(value) >= _LONG:
            text = text.replace(value, "[key]").replace(repr(value)[1:-1], "[key]")
    return text


def reap() -> None:
    """Collect those processes this one started that have ended, so that none stays a zombie."""
    for process in list(_children):
        if process.poll() is not None and process in _children:
            _children.remove(process)


def alive(pid: int, created: float, run_id: str) -> bool:
    """Whether the process of a run still works; a zombie, or another process that got its pid, does not count."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        # Create times are read off the wall clock and move with it, so a mismatch alone proves nothing.
        return abs(process.create_time() - created) < 1 or _mark(process) == run_id
    except psutil.NoSuchProcess:
        return False


def left(run_id: str) -> list[psutil.Process]:
    """Everything that belongs to a run and lives, except the calling process."""
    return [p for p in psutil.process_iter() if p.pid != os.getpid() and _mark(p) == run_id]


def kill_all(run_id: str, patience: float = 3.0) -> bool:
    """Kill everything that belongs to a run except the calling process; True when all of it is gone."""
    deadline = time.monotonic() + patience
    while processes := left(run_id):
        if time.monotonic() > deadline:
            return False
        for process in processes:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        time.sleep(0.05)  # not wait(): the exit status belongs to whoever started it
    return True


def _mark(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK)
    except (psutil.Error, OSError):  # gone, a zombie, or another user's
        return None
