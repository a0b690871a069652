"""Failing files, made as small as they can be while they still fail in the same way, and kept."""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.fuzz import corpus
from tests.fuzz.pool import Answer, Worker
from tests.fuzz.readers import fingerprint


def keep(answer: Answer, home: Path, folder: Path, *, seconds: float = 60.0) -> Path:
    """Store the file behind ``answer``, minimised; its place is what ``--again`` takes."""
    case = case_of(answer.asked, home)
    folder.mkdir(parents=True, exist_ok=True)
    worker = Worker(home)
    try:
        data = smaller(case, answer, worker, folder, seconds)
    finally:
        worker.close()
    path = folder / f"{case.reader}-{fingerprint(data)}.bin"
    path.write_bytes(data)
    about = {"reader": case.reader, "name": case.name, "seed": case.seed, "where": answer.where, "from": answer.asked}
    path.with_suffix(".json").write_text(
        json.dumps({**about, "outcome": answer.outcome, "text": answer.text}, indent=1)
    )
    return path


def case_of(asked: dict, home: Path) -> corpus.Case:
    if "path" in asked:
        return corpus.Case(asked["reader"], asked["name"], Path(asked["path"]).read_bytes(), asked["seed"])
    return corpus.case(asked["corpus"], asked["number"], home, tuple(asked["only"]))


def question(path: Path) -> dict:
    """What to ask a worker about a kept file."""
    about = json.loads(path.with_suffix(".json").read_text())
    return {"path": str(path), "reader": about["reader"], "name": about["name"], "seed": about["seed"]}


def smaller(case: corpus.Case, answer: Answer, worker: Worker, folder: Path, seconds: float) -> bytes:
    """Leave out ever smaller pieces as long as the same failure remains (ddmin on bytes)."""
    until = time.monotonic() + seconds
    draft = folder / ".draft.bin"

    def same(data: bytes) -> bool:
        draft.write_bytes(data)
        again = worker.ask({"path": str(draft), **{k: getattr(case, k) for k in ("reader", "name", "seed")}})
        return again.failed and again.where == answer.where

    data, piece = case.data, max(1, len(case.data) // 2)
    while time.monotonic() < until:
        at, shrunk = 0, False
        while at < len(data) and time.monotonic() < until:
            fewer = data[:at] + data[at + piece :]
            if len(fewer) < len(data) and fewer and same(fewer):
                data, shrunk = fewer, True
            else:
                at += piece
        if piece == 1 and not shrunk:
            break
        piece = max(1, piece // 2)
    draft.unlink(missing_ok=True)
    return data
