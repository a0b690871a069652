"""Progress of a run: reported by the task as often as it likes, written a few times a second."""

from __future__ import annotations

import threading
import time

from synth_core.errors import Cancelled
from synth_core.progress import SILENT
from synth_core.runs.database import Database
from synth_core.runs.model import Phase

_EVERY = 0.25  # seconds between writes


class RunProgress:
    """Hands a task's reports to the run database, and the user's wish to stop to the task.

    A thread of its own does both, so ``report`` costs next to nothing and the last report before a long silence
    is shown too.
    """

    def __init__(self, database: Database, run_id: str) -> None:
        self._database = database
        self._run_id = run_id
        self._phases: dict[str, Phase] = {}
        self._began: dict[str, tuple[float, float]] = {}  # phase -> time and step of its first report
        self._written: tuple[Phase, ...] = ()
        self._stop = threading.Event()
        self._cancelled = False
        self._thread = threading.Thread(target=self._pump, daemon=True, name="progress")
        self._thread.start()

    def report(self, phase: str, step: float, total: float, **metrics: float | str) -> None:
        """See :class:`synth_core.progress.Progress`."""
        if self._cancelled:
            raise Cancelled("The run was cancelled.")
        now = time.monotonic()
        began, first = self._began.setdefault(phase, (now, step))
        remaining = (now - began) * (total - step) / (step - first) if first < step <= total else None
        shown = {k: v if isinstance(v, str) else float(v) for k, v in metrics.items()}
        self._phases[phase] = Phase(phase, float(step), float(total), remaining, shown)

    def close(self) -> None:
        """Write what has not been written yet."""
        self._stop.set()
        self._thread.join()
        self._write()

    def _pump(self) -> None:
        while not self._stop.wait(_EVERY):
            self._write()
            self._cancelled = self._cancelled or self._database.cancel_asked(self._run_id)

    def _write(self) -> None:
        phases = tuple(self._phases.copy().values())
        if phases != self._written:
            self._database.save_phases(self._run_id, phases)
            self._written = phases

    def __reduce__(self) -> str | tuple:
        # Copied into a helper process it has no thread; nothing is shown from there.
        return (type(SILENT), ())
