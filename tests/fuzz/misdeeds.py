"""What no reader may do, done on purpose: whether the harness notices is tested with these."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from synth_core.errors import SynthError


def commit(data: bytes, folder: Path) -> None:
    """Do each deed whose name stands in ``data``."""
    for deed, act in _DEEDS.items():
        if deed.encode() in data:
            act(folder)


def _refuse(text: str) -> None:
    raise SynthError(text)


def _stray(folder: Path) -> None:
    path = folder.parent.parent / f"fuzz-stray-{os.getpid()}"
    path.write_text("x")
    path.unlink()


def _connect(folder: Path) -> None:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", 9), timeout=0.1)


def _hang(folder: Path) -> None:
    while True:
        pass


_DEEDS: dict[str, Callable[[Path], object]] = {
    "refuse": lambda folder: _refuse("The column “a” holds nothing. Fill it in."),
    "raise": lambda folder: 1 / 0,
    "mumble": lambda folder: _refuse("dtype('O') error"),
    "litter": lambda folder: tempfile.mkstemp(),
    "stray": _stray,
    "connect": _connect,
    "run": lambda folder: subprocess.run(["true"], check=True),
    "unpickle": lambda folder: pickle.loads(b"cbuiltins\nlen\n."),
    "die": lambda folder: os.kill(os.getpid(), signal.SIGKILL),
    "swell": lambda folder: [bytearray(b"x" * 2**26) for _ in range(64)],
    "hang": _hang,
}
