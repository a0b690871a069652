"""Files that are whole or not there, and one writer at a time."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from synth_core.records import parse

_NUMBER = re.compile(r"(\d{6,})\.json")


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold ``path`` until the block ends; a killed process lets go of it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write(path: Path, data: bytes) -> None:
    """Whole or not at all, and on the disk when this returns."""
    draft = path.with_name(f".draft-{os.getpid()}-{path.name}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def write_json(path: Path, content: dict[str, Any]) -> None:
    write(path, json.dumps(content, ensure_ascii=False, indent=1).encode())


def read_json(path: Path) -> dict[str, Any]:
    return parse(path.read_text("utf-8"))


def sync(folder: Path) -> None:
    """Make renames in ``folder`` outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def records(folder: Path) -> list[Path]:
    """The JSON files of ``folder`` in the order they were added; what is half written has none yet."""
    found = [p for p in folder.iterdir() if _NUMBER.fullmatch(p.name)] if folder.is_dir() else []
    return sorted(found, key=lambda p: int(p.stem))


def append(folder: Path, rows: pd.DataFrame, record: dict[str, Any]) -> str:
    """Store rows and their record under the next number, and return it; the caller holds the lock.

    The rows are written first: a record without rows is never seen, and rows without a record (a process was killed
    between the two) are written over by the next one.
    """
    present = records(folder)
    number = f"{int(present[-1].stem) + 1 if present else 1:06d}"
    for leftover in folder.glob(".draft-*"):  # of a killed process: who holds the lock writes alone
        leftover.unlink(missing_ok=True)
    write(folder / f"{number}.parquet", rows.to_parquet(index=False))
    write_json(folder / f"{number}.json", record)
    return number
