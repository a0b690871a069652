"""What people said of the lines that passed: appended to a file per run, nothing ever overwritten."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from synth_core.errors import VoiceError
from synth_core.records import build
from synth_core.voice.records import Batch, Decision, Verdict

_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")

#: Offered as reasons for rejecting; any other text will do.
REASONS = ("Not our voice", "Makes no sense", "Says something untrue", "Too close to an old line", "Dull")


@dataclass(frozen=True)
class Tally:
    """How far a review has come.

    Attributes
    ----------
    kept, edited, rejected, pending : int
    """

    kept: int
    edited: int
    rejected: int
    pending: int


class Reviews:
    """Decisions on the lines of runs, one JSON Lines file per run.

    Parameters
    ----------
    folder : str or Path
        Created at the first decision.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def decide(
        self,
        run: str,
        line: str,
        verdict: Literal["keep", "edit", "reject"],
        *,
        text: str = "",
        reason: str = "",
        at: float | None = None,
    ) -> Decision:
        """Append a decision; it counts instead of an earlier one on the same line.

        Parameters
        ----------
        run : str
            Id of the run.
        line : str
            Id of the candidate.
        verdict : {"keep", "edit", "reject"}
        text : str
            New text of an edited line.
        reason : str
            Why it was rejected.
        at : float or None
            Unix time; None: now.

        Raises
        ------
        VoiceError
            An edit without a text, or an unknown verdict or run.
        """
        if verdict not in ("keep", "edit", "reject"):
            raise VoiceError(f"The decision {verdict!r} is not known. Keep, edit or reject a line.")
        text = " ".join(text.split())
        if verdict == "edit" and not text:
            raise VoiceError("The edited line is empty. Write its new text, or reject it.")
        decision = Decision(line, verdict, text if verdict == "edit" else "", reason.strip(), at or time.time())
        path = self._path(run)
        self.folder.mkdir(parents=True, exist_ok=True)
        row = json.dumps(asdict(decision), ensure_ascii=False).encode() + b"\n"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(handle).st_size
            torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"  # a crash in the middle of a row
            os.write(handle, b"\n" + row if torn else row)
            os.fsync(handle)
        finally:
            os.close(handle)
        return decision

    def undo(self, run: str, line: str) -> None:
        """Take the latest decision on a line back: the one before it counts again."""
        past = [decision for decision in self.history(run) if decision.line == line]
        if past:
            self._append_undo(run, line)

    def history(self, run: str) -> list[Decision]:
        """All decisions that still stand or were overtaken, in the order in which they were made."""
        found: list[Decision] = []
        for row in self._rows(run):
            if row.get("undo"):
                for place in range(len(found) - 1, -1, -1):
                    if found[place].line == row["undo"]:
                        del found[place]
                        break
                continue
            try:
                found.append(build(Decision, row))
            except TypeError:
                continue  # of another version
        return found

    def decisions(self, run: str) -> dict[str, Decision]:
        """The latest decision on each line, by the line's id."""
        return {decision.line: decision for decision in self.history(run)}

    def _append_undo(self, run: str, line: str) -> None:
        with self._path(run).open("ab") as file:
            file.write(json.dumps({"undo": line}).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _rows(self, run: str) -> Iterable[dict]:
        try:
            raw = self._path(run).read_bytes()
        except FileNotFoundError:
            return
        for part in raw.split(b"\n"):
            try:
                row = json.loads(part)
            except ValueError:  # empty, or torn by a crash
                continue
            if isinstance(row, dict):
                yield row

    def _path(self, run: str) -> Path:
        if not _RUN.fullmatch(run):
            raise VoiceError("This run's reviews cannot be found: its id is not one of ours.")
        return self.folder / f"{run}.jsonl"


def pending(batch: Batch, decisions: dict[str, Decision]) -> tuple[Verdict, ...]:
    """Lines that passed all gates and were not decided on, the least certain first: closest to the voice threshold."""
    waiting = [v for v in batch.verdicts if v.passed and v.candidate.id not in decisions]
    return tuple(sorted(waiting, key=lambda v: (abs((v.percentile or 0.0) - batch.threshold), v.candidate.id)))


def tally(batch: Batch, decisions: dict[str, Decision]) -> Tally:
    """Counts over the lines that passed all gates."""
    said = [decisions[v.candidate.id].verdict for v in batch.verdicts if v.passed and v.candidate.id in decisions]
    passed = sum(v.passed for v in batch.verdicts)
    return Tally(said.count("keep"), said.count("edit"), said.count("reject"), passed - len(said))


def kept(batch: Batch, decisions: dict[str, Decision]) -> Sequence[tuple[Verdict, str]]:
    """Lines that were kept or edited, with their final text, in the order of the batch; none twice."""
    found: dict[str, tuple[Verdict, str]] = {}
    for verdict in batch.verdicts:
        decision = decisions.get(verdict.candidate.id)
        if verdict.passed and decision is not None and decision.verdict != "reject":
            text = decision.text or verdict.candidate.text
            found.setdefault(" ".join(text.casefold().split()), (verdict, text))
    return tuple(found.values())
