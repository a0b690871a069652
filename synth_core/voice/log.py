"""The request log: one JSON record a line, appended before anything is read; what makes a run resumable.

Records: ``{"is": "request", "prompt", "index", "attempt", "payload"}``, ``{"is": "response", …, "raw"}`` and
``{"is": "failure", …, "told", "raw"}``. ``(prompt, index)`` names a request.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from synth_core.errors import VoiceError


class RequestLog:
    """An append-only JSONL file, held by one run at a time.

    A record is one ``write`` to a file opened with O_APPEND, so a killed process leaves whole records and at most one
    torn last line, which readers pass over. :meth:`saved` makes them outlast a power cut too; requests that end at the
    same time share one ``fsync``, or a thousand of them would wait for the disk a thousand times.

    Raises
    ------
    VoiceError
        Another run writes to this log.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        # Prompts and answers are the brand's own: for this user's eyes only.
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise VoiceError(
                "Another run is asking for the same lines just now. Wait until it ends, or cancel it, then run again."
            ) from None
        self._appended = self._on_disk = 0
        self._saving = asyncio.Lock()
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            self._write(b"\n")  # a torn line is closed off, so that the next record stands on its own

    def append(self, record: dict[str, Any]) -> None:
        """Write one record: a killed process does not take it along."""
        self._write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        self._appended += 1

    async def saved(self) -> None:
        """Wait until everything appended so far is on the disk."""
        mine = self._appended
        async with self._saving:
            if self._on_disk < mine:
                until = self._appended
                await asyncio.to_thread(os.fsync, self._file)
                self._on_disk = until

    def records(self) -> Iterator[dict[str, Any]]:
        """Every whole record so far."""
        with self.path.open("rb") as file:
            for line in file:
                try:
                    record = json.loads(line)
                except ValueError:
                    continue
                if isinstance(record, dict) and "is" in record:
                    yield record

    def responses(self) -> dict[tuple[str, int], list[str]]:
        """Raw answers by (prompt hash, index), in the order they came."""
        found: dict[tuple[str, int], list[str]] = {}
        for record in self.records():
            if record["is"] == "response":
                found.setdefault((record["prompt"], record["index"]), []).append(record["raw"])
        return found

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)  # and with it the lock
            self._file = -1

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._file, data) :]

    def __enter__(self) -> RequestLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
