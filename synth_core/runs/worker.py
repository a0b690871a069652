"""The process of one run: waits for its turn, does the work in a child, and answers for the child's end.

Two processes, because the work may be deep inside a C library when the user cancels, or may be killed: the parent
stays small, always answers, and is the only one that changes the run's state.
"""

from __future__ import annotations

import ctypes
import errno
import importlib
import json
import math
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path

from synth_core.errors import Cancelled, SynthError
from synth_core.machine import trouble
from synth_core.runs import processes
from synth_core.runs.database import move
from synth_core.runs.model import UNEXPECTED
from synth_core.runs.progress import RunProgress
from synth_core.runs.store import Store

_APPEARS_WITHIN = 30.0  # seconds until the submitting process must have committed the row
_POLL = 0.2
_TERM_AFTER, _KILL_AFTER = 5.0, 7.0  # seconds after Cancel; everything must be gone after 10
_TIDY_WITHIN = 1.0  # seconds its helpers get after it: joblib's tracker removes shared memory and semaphores then
_LEAVE_WITHIN = 5.0  # seconds a child may take to exit once its task has ended
_INSIST_FOR = 600.0  # seconds to try to write down how a run ended, while the disk is full or the file locked

_KILLED = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP, -signal.SIGINT}


def main(workspace: str, owner: str, run_id: str, tasks: str) -> int:
    """Run ``run_id`` to its end."""
    store = Store(Path(workspace), owner=owner, tasks=tasks)
    if not _wait_for_turn(store, run_id):
        return 0
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        _work(store, run_id, parent)
        return 0
    code = _watch(store, run_id, child)
    _clear(run_id)
    _finish(store, run_id, code)
    return 0


def _wait_for_turn(store: Store, run_id: str) -> bool:
    """True when the run may start; False when it was cancelled meanwhile or never submitted."""
    slots = max(1, int(os.environ.get("STUDIO_SLOTS") or 1))
    deadline = time.monotonic() + _APPEARS_WITHIN
    while (row := store.database.row(run_id)) is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    while row is not None and row["state"] == "queued":
        store.reconcile()
        with suppress(sqlite3.OperationalError):  # the file is locked, or the disk full: its turn comes later
            if store.database.claim(run_id, slots):
                return True
        time.sleep(_POLL)
        row = store.database.row(run_id)
    return False


def _watch(store: Store, run_id: str, child: int) -> int:
    """Wait for the child; insist when it does not stop after Cancel or at its end. Returns its exit code."""
    asked = ended = math.inf
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        now = time.monotonic()
        if asked == math.inf and store.database.cancel_asked(run_id):
            asked = now
        if ended == math.inf and store.layout.outcome(run_id).exists():
            ended = now
        if now - asked > _KILL_AFTER or now - ended > _LEAVE_WITHIN:
            os.killpg(child, signal.SIGKILL)
        elif now - asked > _TERM_AFTER:
            os.killpg(child, signal.SIGTERM)
        time.sleep(_POLL)


def _clear(run_id: str) -> None:
    """See that nothing the child started lives on."""
    deadline = time.monotonic() + _TIDY_WITHIN
    while processes.left(run_id) and time.monotonic() < deadline:
        time.sleep(0.05)
    while not processes.kill_all(run_id):
        time.sleep(_POLL)


def _finish(store: Store, run_id: str, code: int) -> None:
    """Publish the result, or say why there is none; the state and the folder change together."""
    layout = store.layout
    state, error = _outcome(layout.outcome(run_id), code)
    if state != "succeeded":
        layout.discard(run_id)  # first: on a full disk this is the room that the state needs
    deadline = time.monotonic() + _INSIST_FOR
    while True:
        try:
            with store.database.transaction() as connection:
                if store.database.cancel_asked(run_id):
                    state, error = "cancelled", None
                if state == "succeeded" and layout.draft(run_id).exists():  # else it was renamed at an earlier try
                    layout.draft(run_id).rename(layout.published(run_id))
                move(connection, run_id, "running", state, error)
            break
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise  # whoever looks at the runs next settles it
            time.sleep(_POLL)
    layout.discard(run_id)


def _outcome(path: Path, code: int) -> tuple[str, str | None]:
    """What the child wrote last; else what its exit code tells."""
    if path.exists():
        state, error = json.loads(path.read_text("utf-8"))
        return state, error
    if code == errno.ENOSPC:
        return "failed", trouble(OSError(errno.ENOSPC, ""))
    if code in _KILLED:
        return "interrupted", "The run's process was killed, perhaps because the computer ran out of memory."
    return "failed", UNEXPECTED


def _work(store: Store, run_id: str, parent: int) -> None:
    """The child: runs the task and writes down how it ended."""
    os.setpgid(0, 0)
    _die_with(parent)
    os.nice(5)  # pages stay quick while a run computes
    draft, scratch = store.layout.draft(run_id), store.layout.scratch(run_id)
    progress = RunProgress(store.database, run_id)
    try:
        draft.mkdir()
        scratch.mkdir()
        # Temporary files, joblib's memory maps included, go away with the run however it ends.
        os.environ["TMPDIR"] = os.environ["JOBLIB_TEMP_FOLDER"] = str(scratch)
        tempfile.tempdir = None
        row = store.database.row(run_id)
        task = importlib.import_module(f"{store.tasks}.{row['task']}")
        task.run(json.loads(row["spec"]), draft, progress)
        outcome = "succeeded", None
    except Cancelled:
        outcome = "cancelled", None
    except Exception as error:  # noqa: BLE001  the outermost boundary: the traceback goes to the log
        with suppress(OSError):  # the log may be on the full disk that the error is about
            sys.stderr.write(processes.scrubbed(traceback.format_exc()))
        outcome = "failed", processes.scrubbed(_sentence(error))
    progress.close()
    try:
        _leave(store.layout.outcome(run_id), outcome)
    except OSError as error:  # most often a full disk: what was made so far gives way to the sentence
        shutil.rmtree(draft, ignore_errors=True)
        try:
            _leave(store.layout.outcome(run_id), ("failed", _sentence(error)))
        except OSError:
            os._exit(errno.ENOSPC)  # not even room for the sentence: the parent says it


def _leave(path: Path, outcome: tuple[str, str | None]) -> None:
    """Write down how the task ended, whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    half = path.with_name("half")
    half.write_text(json.dumps(outcome), "utf-8")
    half.replace(path)


def _sentence(error: Exception) -> str:
    return str(error) if isinstance(error, SynthError) else trouble(error) or UNEXPECTED


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent dies (Linux; elsewhere ``Store.reconcile`` does it later)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
