"""One process that reads files one after the other and says after each how that went.

It may not reach the network, start programs, unpickle, or write outside its folder: a reader that tries has failed.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

from synth_core.errors import SynthError
from tests.fuzz import bases, corpus, keeping, readers

DISK = 512 * 2**20  #: largest file that may be written, bytes
_FORBIDDEN = (
    "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn",
    "pickle.find_class",
)  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Guard:
    """Remembers what was tried and is not allowed while a file is read."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder.resolve())
        self.on = False
        self.seen: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple) -> None:
        if not self.on:
            return
        if event in _FORBIDDEN:
            self.seen.append(f"{event} {str(arguments)[:120]}")
        elif event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            path, _, flags = arguments
            place = os.path.abspath(os.fsdecode(path))
            if isinstance(flags, int) and flags & _WRITES and not place.startswith((self.folder, "/dev/")):
                self.seen.append(f"writes {place[:120]}")


def peak_mb() -> float:
    """Most memory the process has held since the last :func:`reset_peak`."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def reset_peak() -> None:
    with contextlib.suppress(OSError):  # not on every system: the peak then grows from file to file
        Path("/proc/self/clear_refs").write_text("5")


def one(case: corpus.Case, home: Path, folder: Path, guard: Guard) -> dict:
    """Read one file in an empty folder; what it leaves in the folder for temporary files counts as a failure."""
    own, scratch = folder / "own", folder / "tmp"
    own.mkdir()
    scratch.mkdir()
    tempfile.tempdir = str(scratch)
    guard.seen.clear()
    reset_peak()
    wall, cpu = time.perf_counter(), time.process_time()
    out = {"reader": case.reader, "outcome": "accepted", "text": ""}
    guard.on = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            readers.read(case, home, own)
    except SynthError as error:
        out |= {"outcome": "refused", "text": str(error)}
        try:
            readers.plain(error)
        except readers.UnclearError as unclear:
            out |= _failed(unclear)
    except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for
        out |= _failed(error)
    finally:
        guard.on = False
        tempfile.tempdir = str(folder)
    left = [str(p.relative_to(folder)) for p in (*scratch.rglob("*"), *own.rglob(".draft-*"), *own.rglob("*.tmp"))]
    if left or guard.seen:
        out |= {"outcome": "uncaught", "text": f"left {left[:3]}" if left else guard.seen[0], "where": "guard"}
    out |= {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "mb": peak_mb()}
    shutil.rmtree(own)
    shutil.rmtree(scratch)
    return out


def _failed(error: BaseException) -> dict:
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "synth_core" in f.filename] or frames
    where = f"{type(error).__name__} {Path(own[-1].filename).name}:{own[-1].name}:{own[-1].lineno}"
    return {"outcome": "uncaught", "text": "".join(traceback.format_exception(error))[-4_000:], "where": where}


def main() -> None:
    home, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, DISK))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    guard = Guard(folder)
    warnings.simplefilter("ignore")  # zip files with a name twice are made on purpose
    bases.tables()
    for line in sys.stdin:
        asked = json.loads(line)
        case = keeping.case_of(asked, home)
        answers.write("{}\n")  # the file is made; the clock starts
        answers.flush()
        answers.write(json.dumps(one(case, home, folder, guard)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
