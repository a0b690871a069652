"""What private runs have spent on each table: one small file per entry, written before anything is measured.

Kept apart from the runs, so that deleting a run gives nothing back; and found by the rows of the table, so that new
roles, another target or a few rows less do not start a new account.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from synth_core.errors import RunError
from synth_core.generators.dp import accountant
from synth_core.generators.dp.declaring import from_dict
from synth_core.generators.registry import CATALOGUE
from synth_core.records import build
from synth_core.tables import Schema
from synth_core.tasks.identity import Identity
from synth_core.tasks.places import write_json

_CAP = "cap.json"
_ROWS = "rows.json"
_ROUNDING = 1e-9  #: sums of decimals such as 0.1 + 0.2 do not break a cap
_TOGETHER = "Another private run on this table started at the same moment. Start this one again."


@dataclass(frozen=True)
class Entry:
    """One expense.

    Attributes
    ----------
    run : str
        Id of the run that spent it, whatever became of it.
    what : str
    epsilon, delta : float
        The guarantee of that run by itself.
    rho : float
        The same in zero-concentrated DP, which adds up more tightly.
    conversion : float
        The part of ``delta`` that turns ``rho`` into ``epsilon``.
    unit : str or None
        Person-id column; None where one row is one person.
    unit_rows : int
        Most rows per person that were used.
    exported : bool
        False for studies inside the tool, whose results must not be handed out.
    time : float
        Unix seconds.
    """

    run: str
    what: str
    epsilon: float
    delta: float
    rho: float
    conversion: float
    unit: str | None = None
    unit_rows: int = 1
    exported: bool = True
    time: float = 0.0


@dataclass(frozen=True)
class Ledger:
    """The account of one table, newest entry first."""

    entries: tuple[Entry, ...] = ()
    cap: float | None = None

    @property
    def charged(self) -> tuple[Entry, ...]:
        """What may have left the tool, and counts against the cap."""
        return tuple(e for e in self.entries if e.exported)

    @property
    def inside(self) -> tuple[Entry, ...]:
        """Studies inside the tool, outside the guarantee."""
        return tuple(e for e in self.entries if not e.exported)

    @property
    def epsilon(self) -> float:
        """Sum of ε: basic composition, and what the cap is held against."""
        return sum(e.epsilon for e in self.charged)

    @property
    def delta(self) -> float:
        """Sum of δ, which goes with either ε."""
        return sum(e.delta for e in self.charged)

    @property
    def tight(self) -> float:
        """ε of the sum of ρ at the summed δ; never below the largest single ε."""
        if not self.charged:
            return 0.0
        together = accountant.epsilon_of(sum(e.rho for e in self.charged), sum(e.conversion for e in self.charged))
        return min(self.epsilon, max(together, *(e.epsilon for e in self.charged)))

    @property
    def left(self) -> float | None:
        """ε below the cap; None without one."""
        return None if self.cap is None else max(self.cap - self.epsilon, 0.0)

    def refusal(self, epsilon: float) -> str | None:
        """Why ``epsilon`` more cannot be spent, in plain words; None where it can."""
        if self.cap is None or self.epsilon + epsilon <= self.cap + _ROUNDING:
            return None
        return (
            f"ε = {epsilon:g} would exceed the cap of {self.cap:g} for this table: {self.epsilon:.4g} is spent, "
            f"{self.left:.4g} is left. Choose a smaller ε, or raise the cap on the page Budget."
        )


def read(workspace: Path, table: Identity) -> Ledger:
    """The account of ``table``, or of one with most of its rows; empty where nothing was spent and no cap set.

    Raises
    ------
    RunError
        A file of it is damaged: then nobody knows what is left.
    """
    folder = _folder(workspace, table)
    entries = (p for p in folder.glob("*.json") if p.name not in (_CAP, _ROWS))
    try:
        found = [build(Entry, json.loads(t)) for p in entries if (t := _text(p))]
        cap = json.loads((folder / _CAP).read_text("utf-8"))["epsilon"] if (folder / _CAP).exists() else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            "The record of the privacy budget of this table is damaged, so nobody can tell what is left. Restore the "
            f"folder “ledger/{folder.name[:12]}…” of the workspace from a copy."
        ) from error
    return Ledger(tuple(sorted(found, key=lambda e: -e.time)), cap)


def set_cap(workspace: Path, table: Identity, epsilon: float | None) -> None:
    """Set the most ε that runs on this table may spend together; None = no cap."""
    folder = _opened(workspace, table)
    write_json(folder / _CAP, {"epsilon": epsilon})


def charge(workspace: Path, table: Identity, entry: Entry) -> None:
    """Write ``entry`` down, before anything is measured.

    Raises
    ------
    RunError
        It would exceed the cap; nothing is spent then.
    """
    folder = _opened(workspace, table)
    path = folder / f"{uuid.uuid4().hex}.json"
    write_json(path, asdict(entry))
    # Written first and looked at then: of two runs that start together, neither can miss the other's entry.
    account = read(workspace, table)
    if entry.exported and account.cap is not None and account.epsilon > account.cap + _ROUNDING:
        path.unlink()
        raise RunError(read(workspace, table).refusal(entry.epsilon) or _TOGETHER)


def entry_of(
    run: str, what: str, generator: str, settings: Mapping[str, Any], schema: Schema, *, exported: bool = True
) -> Entry:
    """The expense of one fit of a private generator, known before it starts.

    Parameters
    ----------
    run : str
        Id of the run.
    what : str
    generator : str
        Its name in the catalogue.
    settings : mapping
        Those that were chosen; the others have their defaults.
    schema : Schema
        Of the table.
    exported : bool
        False for studies inside the tool.
    """
    full = {s.name: s.default for s in CATALOGUE[generator].settings} | dict(settings)
    unit = full["person"] or None
    spent = accountant.split(full["epsilon"], full["delta"], schema, from_dict(full["declared"] or {}), unit)
    return Entry(
        run,
        what,
        float(full["epsilon"]),
        float(full["delta"]),
        rho=sum(s.rho for s in spent),
        conversion=sum(s.delta for s in spent if s.what == accountant.CONVERSION),
        unit=unit,
        unit_rows=int(full["person_rows"]) if unit else 1,
        exported=exported,
        time=time.time(),
    )


def _folder(workspace: Path, table: Identity) -> Path:
    """Of the table itself, else of the first that shares most of its rows; it need not exist."""
    own = workspace / "ledger" / table.key
    if own.is_dir():
        return own
    others = sorted((workspace / "ledger").glob(f"*/{_ROWS}"))
    return next((p.parent for p in others if table.same_people(json.loads(_text(p) or "[]"))), own)


def _opened(workspace: Path, table: Identity) -> Path:
    """The folder, made if it is missing."""
    folder = _folder(workspace, table)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / _ROWS).exists():
        write_json(folder / _ROWS, list(table.rows))
    return folder


def _text(path: Path) -> str:
    """Empty where a refused run has just taken its entry back."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
