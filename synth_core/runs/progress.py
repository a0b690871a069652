"""Progress of a run: reported by the task as often as it likes, written a few times a second."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from synth_core.errors import Cancelled
from synth_core.progress import SILENT
from synth_core.runs.database import Database
from synth_core.runs.model import Phase

_EVERY = 0.25  # seconds between writes
_REFRESH = 1.0  # seconds until an estimate is written again though nothing was reported


@dataclass(frozen=True)
class _Bar:
    """The latest report of a phase, and what an estimate needs from the earlier ones."""

    began: float
    first: float  # step of the first report
    reported: float
    step: float
    last: float  # what the latest report added
    total: float
    metrics: dict[str, float | str]

    def remaining(self, now: float) -> float | None:
        """Seconds left at the pace so far: counts down between reports, and grows once the next one is overdue."""
        if not self.first < self.step <= self.total:
            return None
        promised = (self.reported - self.began) * (self.total - self.step) / (self.step - self.first)
        soon = min(self.step + self.last, self.total)  # where it would be, were the next report to come now
        overdue = (now - self.began) * (self.total - soon) / (soon - self.first)
        return max(promised - (now - self.reported), overdue, 0.0)


class RunProgress:
    """Hands a task's reports to the run database, and the user's wish to stop to the task.

    A thread of its own does both, so ``report`` costs next to nothing and the last report before a long silence
    is shown too.
    """

    def __init__(self, database: Database, run_id: str) -> None:
        self._database = database
        self._run_id = run_id
        self._bars: dict[str, _Bar] = {}
        self._written: dict[str, _Bar] = {}
        self._next = 0.0
        self._stop = threading.Event()
        self._cancelled = False
        self._thread = threading.Thread(target=self._pump, daemon=True, name="progress")
        self._thread.start()

    def report(self, phase: str, step: float, total: float, **metrics: float | str) -> None:
        """See :class:`synth_core.progress.Progress`."""
        if self._cancelled:
            raise Cancelled("The run was cancelled.")
        now, step = time.monotonic(), float(step)
        shown = {k: v if isinstance(v, str) else float(v) for k, v in metrics.items()}
        old = self._bars.get(phase)
        began, first = (old.began, min(old.first, step)) if old else (now, step)
        last = max(0.0, step - old.step) if old else 0.0
        self._bars[phase] = _Bar(began, first, now, step, last, float(total), shown)

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
        bars, now = self._bars.copy(), time.monotonic()
        if bars == self._written and (now < self._next or all(b.step >= b.total for b in bars.values())):
            return
        phases = [Phase(name, b.step, b.total, b.remaining(now), b.metrics) for name, b in bars.items()]
        self._database.save_phases(self._run_id, phases)
        self._written, self._next = bars, now + _REFRESH

    def __reduce__(self) -> str | tuple:
        # Copied into a helper process it has no thread; nothing is shown from there.
        return (type(SILENT), ())
