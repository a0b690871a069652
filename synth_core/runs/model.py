"""What is known about a run, and which states may follow which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ACTIVE = ("queued", "running")
TERMINAL = ("succeeded", "failed", "cancelled", "interrupted")

#: Every transition there is. Terminal states have no successor.
TRANSITIONS = {
    ("queued", "running"),
    ("queued", "cancelled"),
    ("queued", "interrupted"),
    *(("running", state) for state in TERMINAL),
}

UNEXPECTED = "Something unexpected went wrong; the log has the details."


@dataclass(frozen=True)
class Phase:
    """One progress bar.

    Attributes
    ----------
    name : str
        One of :data:`synth_core.progress.PHASES`.
    step, total : float
        ``step`` of ``total`` is done.
    remaining : float or None
        Estimated seconds left in this phase; None while unknown.
    metrics : dict
        Shown beside the bar.
    """

    name: str
    step: float
    total: float
    remaining: float | None
    metrics: dict[str, float | str]


@dataclass(frozen=True)
class Run:
    """One piece of work and how it stands; times are Unix seconds.

    Attributes
    ----------
    id : str
    task : str
        Module of the task package that does the work.
    spec : dict
        Everything the task needs, seed included: the same spec gives the same result.
    title : str
        Name on screen.
    dataset : str or None
        Id of the table it works on.
    state : str
        ``queued``, ``running``, ``succeeded``, ``failed``, ``cancelled`` or ``interrupted``.
    created, started, finished : float or None
    error : str or None
        One plain sentence, where it failed or was killed.
    phases : tuple of Phase
        In the order they began.
    cancelling : bool
        Still running, but asked to stop.
    """

    id: str
    task: str
    spec: dict[str, Any]
    title: str
    dataset: str | None
    state: str
    created: float
    started: float | None
    finished: float | None
    error: str | None
    phases: tuple[Phase, ...]
    cancelling: bool = False
