"""How long work tells what it is doing, and learns that it should stop."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

#: The named phases a run may go through, in the order they are shown.
PHASES = (
    "reading", "encoding", "simulating", "fitting", "searching", "sampling", "checking", "attacking", "testing",
    "attributing", "curves", "writing", "scoring",
)  # fmt: skip


@runtime_checkable
class Progress(Protocol):
    """Receives progress; raises :class:`synth_core.errors.Cancelled` when the work should stop."""

    def report(self, phase: str, step: float, total: float, **metrics: float | str) -> None:
        """Say that ``step`` of ``total`` in ``phase`` is done; ``metrics`` are shown beside the bar."""


class Silent:
    """A progress that listens to nothing: the default in notebooks and inside worker processes."""

    def report(self, phase: str, step: float, total: float, **metrics: float | str) -> None:
        return None


SILENT = Silent()
