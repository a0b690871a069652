"""Files that a nightly job drops into a test's folder."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from synth_core.errors import SynthError
from synth_core.prospective import files

if TYPE_CHECKING:
    from synth_core.prospective.log import TestLog

Kind = Literal["leads", "outcomes", "corrections"]
KINDS: tuple[Kind, ...] = ("leads", "outcomes", "corrections")
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")


@dataclass(frozen=True)
class Taken:
    """What became of a file in the inbox.

    Attributes
    ----------
    kind : {"leads", "outcomes", "corrections"}
    name : str
    taken : bool
    told : str
        A sentence: what it brought, or why it failed.
    """

    kind: Kind
    name: str
    taken: bool
    told: str


def take(log: TestLog, *, now: float | None = None, settle: float = 0.0) -> list[Taken]:
    """Add every complete file of the inbox: leads first, then outcomes, then corrections, each by name.

    A file goes to ``inbox/done/<kind>/``, or to ``inbox/failed/<kind>/`` with the reason in a text file beside it. A
    file that was added before, byte for byte, counts as done: a job that was killed between adding and moving goes on
    where it stopped.

    Parameters
    ----------
    settle : float
        Seconds for which a file must not have changed; younger ones are left for the next time.

    Raises
    ------
    ScorerError
        The test's scorer cannot be used; the files stay in the inbox.
    """
    inbox = log.folder / "inbox"
    inbox.mkdir(exist_ok=True)
    found = []
    with files.lock(inbox / ".lock"):
        waiting = [(kind, path) for kind in KINDS for path in _waiting(inbox / kind, settle)]
        if waiting:
            _ = log.scorer  # without it no file is to blame, and all stay where they are
        for kind, path in waiting:
            found.append(_one(log, kind, path, now))
    return found


def _waiting(folder: Path, settle: float) -> list[Path]:
    if not folder.is_dir():
        return []
    complete = [
        p
        for p in folder.iterdir()
        if not p.name.startswith(".") and p.suffix.lower() not in _UNFINISHED and p.is_file() and not p.is_symlink()
    ]
    return sorted(p for p in complete if not settle or time.time() - p.stat().st_mtime >= settle)


def _one(log: TestLog, kind: Kind, path: Path, now: float | None) -> Taken:
    try:
        told = _add(log, kind, path, now)
    except SynthError as error:
        _move(path, "failed", kind, reason=str(error))
        return Taken(kind, path.name, False, str(error))
    _move(path, "done", kind)
    return Taken(kind, path.name, True, told)


def _add(log: TestLog, kind: Kind, path: Path, now: float | None) -> str:
    from synth_core.tables.reading import load_bytes

    data = load_bytes(path)
    if log.holds(data, kind):
        return "This file was added before; nothing was changed."
    if kind == "leads":
        cohort = log.add_leads(data, label=path.name, now=now)
        return f"{cohort.leads.rows:,} rows, scored for the week of {cohort.week}."
    found = log.add_outcomes(data, label=path.name, now=now, correction=kind == "corrections")
    return (
        f"{found.rows:,} rows: {found.matched:,} matched, {found.repeated:,} repeated, {found.conflicting:,} "
        f"conflicting, {found.unknown:,} with an unknown id, {found.unreadable:,} unreadable."
    )


def _move(path: Path, where: str, kind: Kind, reason: str = "") -> None:
    folder = path.parent.parent / where / kind
    folder.mkdir(parents=True, exist_ok=True)
    target, number = folder / path.name, 2
    while target.exists():
        target, number = folder / f"{path.stem}-{number}{path.suffix}", number + 1
    if reason:  # first, so that a failed file never lies there without one
        files.write(target.with_name(f"{target.name}.reason.txt"), f"{reason}\n".encode())
    path.rename(target)
