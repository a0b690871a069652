"""The run store: submit, look, cancel, run again. The disk is the truth; this object holds nothing."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from synth_core.errors import RunError
from synth_core.machine import trouble
from synth_core.runs import processes
from synth_core.runs.database import Database, as_run, insert, move
from synth_core.runs.layout import Layout
from synth_core.runs.limits import Limits
from synth_core.runs.model import TERMINAL, Run

_LOG_TAIL = 400_000  # bytes


class Store:
    """Runs in a workspace folder.

    ``runs.db`` holds what is known about each run; below the owner's folder, ``runs/<id>/`` holds the result of each
    that succeeded, ``logs/<id>.log`` what it printed.

    Parameters
    ----------
    workspace : Path
        Created if missing.
    owner : str
        Whose runs these are: 32 hexadecimal digits, or empty where nobody signs in. Runs of others are not found;
        they wait in the same queue.
    limits : Limits or None
        None takes them from the environment.
    tasks : str
        Package whose modules are the tasks.

    Raises
    ------
    RunError
        The workspace cannot be written, is damaged, or was made by a newer version.
    """

    def __init__(
        self, workspace: Path, *, owner: str = "", limits: Limits | None = None, tasks: str = "synth_core.tasks"
    ) -> None:
        self.workspace = Path(workspace).resolve()
        self.owner = owner
        self.limits = limits or Limits.of_environment(owner)
        self.tasks = tasks
        self.layout = Layout(self.workspace, owner)
        try:
            self.layout.create()
            self.database = Database(self.layout.database)
        except (OSError, sqlite3.Error) as error:
            raise RunError(trouble(error) or f"The workspace {self.workspace} cannot be used: {error}.") from error
        self.reconcile()
        self._sweep()

    def submit(
        self,
        task: str,
        spec: dict[str, Any],
        *,
        title: str,
        dataset: str | None,
        secrets: Mapping[str, str] | None = None,
    ) -> Run:
        """Queue a run and start its process.

        Parameters
        ----------
        secrets : mapping or None
            Keys the task needs, by the name of their environment variable; handed to the run's process by its
            environment alone, and stored nowhere.

        Raises
        ------
        RunError
            There is no such task, the owner's limit is reached, a secret is unfit or about to be stored, or the process
            could not be started.
        """
        if not task.isidentifier() or importlib.util.find_spec(f"{self.tasks}.{task}") is None:
            raise RunError(f"There is no task called “{task}”.")
        run_id = uuid.uuid4().hex
        given = processes.checked(secrets, json.dumps(spec, ensure_ascii=False), title)
        self.limits.check_space(self.layout.home)
        try:
            # The row appears together with its process or not at all; the process waits for it.
            with self.database.transaction() as connection:
                self.limits.check_rate(connection, self.owner)
                process = processes.start(self.layout, run_id, self.tasks, given)
                insert(connection, run_id, task, spec, title, dataset, process, self.owner)
        except (OSError, psutil.Error, sqlite3.Error) as error:
            raise RunError(
                trouble(error) or f"The run could not be started ({error}). Close other programs and try again."
            ) from error
        return self.get(run_id)

    def rerun(self, run_id: str, *, secrets: Mapping[str, str] | None = None) -> Run:
        """Submit a run once more: same spec, same seed. Secrets were not stored, so they are handed over again."""
        old = self.get(run_id)
        return self.submit(old.task, old.spec, title=old.title, dataset=old.dataset, secrets=secrets)

    def adopt(
        self, task: str, spec: dict[str, Any], *, title: str, dataset: str | None, fill: Callable[[Path], None]
    ) -> Run:
        """Add a run that has succeeded elsewhere; ``fill`` writes its result into a folder.

        Published whole, or not at all where ``fill`` raises.
        """
        self.limits.check_space(self.layout.home)
        run_id = uuid.uuid4().hex
        draft = self.layout.draft(run_id)
        draft.mkdir()
        try:
            fill(draft)
            with self.database.transaction() as connection:
                draft.rename(self.layout.published(run_id))
                insert(connection, run_id, task, spec, title, dataset, None, self.owner)
        finally:
            self.layout.discard(run_id)
        return self.get(run_id)

    def get(self, run_id: str) -> Run:
        """One run.

        Raises
        ------
        RunError
            No run has this id.
        """
        self.reconcile()
        return as_run(self._row(run_id))

    def list(self) -> list[Run]:
        """Every run of the owner, newest first."""
        self.reconcile()
        found = self.database.read("SELECT * FROM runs WHERE owner = ? ORDER BY seq DESC", (self.owner,))
        return [as_run(row) for row in found]

    def ahead(self, run_id: str) -> int:
        """How many runs, of anybody, are working or wait before a queued run."""
        query = "SELECT COUNT(*) AS n FROM runs WHERE state = 'running' OR state = 'queued' AND seq < ?"
        return self.database.read(query, (self._row(run_id)["seq"],))[0]["n"]

    def cancel(self, run_id: str) -> None:
        """Stop a run: at once while queued, else within 10 seconds; harmless when it has ended.

        The state becomes ``cancelled`` when all its processes are gone.
        """
        self._row(run_id)
        self.database.ask_cancel(run_id)

    def remove(self, run_id: str) -> None:
        """Delete an ended run with its result and log.

        Raises
        ------
        RunError
            No run has this id, or it has not ended.
        """
        if self._row(run_id)["state"] not in TERMINAL:
            raise RunError("This run has not ended: cancel it first, then delete it.")
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))
            if self.layout.published(run_id).exists():
                self.layout.published(run_id).rename(self.layout.draft(run_id))  # gone at once for readers
        self.layout.discard(run_id)
        self.layout.log(run_id).unlink(missing_ok=True)
        self.database.flush()

    def erase(self) -> None:
        """Delete everything of the owner: tables, runs, logs and whatever else lies in their folder.

        Raises
        ------
        RunError
            Nobody signs in, so that there is no folder of an owner; or a run has not ended.
        """
        if not self.owner:
            raise RunError("Without login everything lies in the workspace folder itself: delete that folder.")
        if any(run.state not in TERMINAL for run in self.list()):
            raise RunError("A run has not ended: cancel it on the Runs page first.")
        grave = self.layout.home.with_name(f".{self.owner}.{uuid.uuid4().hex}")
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM runs WHERE owner = ?", (self.owner,))
            self.layout.home.rename(grave)  # gone at once for readers
        shutil.rmtree(grave, ignore_errors=True)
        self.database.flush()
        self.layout.create()

    def log(self, run_id: str) -> str:
        """What the run printed (the end of it, if it is very long); empty if nothing."""
        self._row(run_id)
        path = self.layout.log(run_id)
        if not path.exists():
            return ""
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _LOG_TAIL))
            return file.read().decode("utf-8", "replace")

    def folder(self, run_id: str) -> Path:
        """Where the result of a run that succeeded lies; it is complete.

        Raises
        ------
        RunError
            No run has this id, or it has no result.
        """
        if self._row(run_id)["state"] != "succeeded" or not self.layout.published(run_id).is_dir():
            raise RunError("This run has no result. Run it again on the Runs page.")
        return self.layout.published(run_id)

    def reconcile(self) -> None:
        """End the runs whose process is gone: their work was interrupted, unless its result was published already."""
        processes.reap()
        active = "SELECT id, owner, state, pid, pid_created FROM runs WHERE state IN ('queued', 'running')"
        for row in self.database.read(active):  # of all owners: a dead run must not hold up the queue
            run_id, layout = row["id"], Layout(self.workspace, row["owner"])
            if processes.alive(row["pid"], row["pid_created"], run_id) or not processes.kill_all(run_id):
                continue
            layout.discard(run_id)
            # While the disk is full or the file locked, the state stays as it is; the next look settles it.
            with suppress(sqlite3.OperationalError), self.database.transaction() as connection:
                asked = connection.execute("SELECT cancel_asked FROM runs WHERE id = ?", (run_id,)).fetchone()
                if row["state"] == "running" and layout.published(run_id).exists():
                    move(connection, run_id, "running", "succeeded")
                elif asked and asked["cancel_asked"]:
                    move(connection, run_id, "running", "cancelled")
                else:
                    move(connection, run_id, row["state"], "interrupted")

    def _sweep(self) -> None:
        """Remove what ended runs left behind when they could not tidy up."""
        left = self.layout.unfinished()  # listed first: a run that starts meanwhile is not among them
        active = {r["id"] for r in self.database.read("SELECT id FROM runs WHERE state IN ('queued', 'running')")}
        for run_id in left - active:
            self.layout.discard(run_id)
        for grave in (self.workspace / "owners").glob(".*"):  # of an owner who had everything deleted
            shutil.rmtree(grave, ignore_errors=True)

    def _row(self, run_id: str):
        row = self.database.row(run_id)
        if row is None or row["owner"] != self.owner:
            raise RunError("This run was not found. It may have been deleted: pick another on the Runs page.")
        return row
