"""Workers under limits of time and memory, and what came of every file."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.fuzz import bases

SECONDS = 10.0  #: of the worker's CPU for one file; on an idle machine that is time on the clock
CLOCK = 150.0  #: on the clock, for a worker that waits for something
MOST_MB = 2_048.0  #: of memory that a worker may hold, its libraries included
_TURNS = 400  #: files after which a worker is replaced
_ROOT = Path(__file__).resolve().parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass(frozen=True)
class Answer:
    """What came of one file.

    Attributes
    ----------
    asked : dict
        What the worker was asked to read.
    reader : str
    outcome : str
        accepted, refused, uncaught, hang, over memory, crash, or unmade where the corpus itself failed.
    text : str
        Of the refusal, or the traceback.
    where : str
        The exception and the place it came from; equal for failures of one kind.
    seconds, mb : float
        CPU time and most memory.
    """

    asked: dict
    reader: str
    outcome: str
    text: str = ""
    where: str = ""
    seconds: float = 0.0
    mb: float = 0.0

    @property
    def failed(self) -> bool:
        return self.outcome not in ("accepted", "refused")


class Worker:
    """A child process; replaced when it hangs, dies or has read enough."""

    def __init__(self, home: Path) -> None:
        self.home, self._process, self._turns = home, None, 0
        self._folder = Path(tempfile.mkdtemp(prefix="fuzz-worker-"))
        self._said = self._folder.with_suffix(".err")

    def ask(self, asked: dict) -> Answer:
        if self._process is None or self._turns >= _TURNS:
            self._start()
        self._turns += 1
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        if self._line(300, None) is None:  # making the file has no limits of its own
            return self._gave_up(asked, "unmade", f"the file could not be made: {self._said.read_text()[-1_500:]}")
        began = self._cpu()
        line = self._line(CLOCK, began)
        if isinstance(line, str):
            return self._gave_up(asked, line, began=began)
        if line is None:
            return self._gave_up(asked, "crash", f"exit code {self._process.wait()}", began)
        found = json.loads(line)
        outcome = found["outcome"]
        if outcome in ("accepted", "refused") and found["mb"] > MOST_MB:
            outcome = "over memory"
        if outcome in ("accepted", "refused") and found["cpu"] > SECONDS:
            outcome = "hang"
        return Answer(
            asked, found["reader"], outcome, found["text"], found.get("where", outcome), found["cpu"], found["mb"]
        )

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()
            self._process.stdout.close()
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)
        self._said.unlink(missing_ok=True)

    def _start(self) -> None:
        self.close()
        self._turns = 0
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "ARROW_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.worker", str(self.home), str(self._folder)],
            cwd=_ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said.open("w"),
        )  # fmt: skip
        self._buffer = b""

    def _line(self, clock: float, began: float | None) -> bytes | str | None:
        """The next answer; None when the process is gone, else the limit it went over."""
        until = time.monotonic() + clock
        while b"\n" not in self._buffer:
            if select.select([self._process.stdout], [], [], 0.02)[0]:
                more = os.read(self._process.stdout.fileno(), 1 << 20)
                if not more:
                    return None
                self._buffer += more
            elif began is not None and self._mb() > MOST_MB:
                return "over memory"
            elif time.monotonic() > until or (began is not None and self._cpu() - began > SECONDS):
                return "hang" if began is not None else None
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def _gave_up(self, asked: dict, outcome: str, text: str = "", began: float = 0.0) -> Answer:
        known = outcome != "unmade" and self._process.poll() is None
        seconds, mb = (self._cpu() - began, self._mb()) if known else (0.0, 0.0)
        self.close()
        self._folder.mkdir(exist_ok=True)
        told = text or f"after {seconds:.1f} s of CPU, {mb:.0f} MB"
        return Answer(asked, asked.get("reader", ""), outcome, told, outcome, seconds, mb)

    def _cpu(self) -> float:
        try:
            parts = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            return 0.0
        return (int(parts[11]) + int(parts[12])) / _TICKS if len(parts) > 12 else 0.0

    def _mb(self) -> float:
        try:
            return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * _PAGE_MB
        except (OSError, ValueError, IndexError):
            return 0.0


def run(asked: Iterable[dict], home: Path, workers: int = 1) -> Iterator[Answer]:
    """Answers in the order of the questions."""
    bases.prepare(home)
    idle: SimpleQueue[Worker] = SimpleQueue()
    every = [Worker(home) for _ in range(workers)]
    for worker in every:
        idle.put(worker)

    def ask(question: dict) -> Answer:
        worker = idle.get()
        try:
            return worker.ask(question)
        finally:
            idle.put(worker)

    try:
        with ThreadPoolExecutor(workers) as threads:
            yield from threads.map(ask, asked)
    finally:
        for worker in every:
            worker.close()


def numbers(corpus: int, files: int, only: tuple[str, ...] = (), first: int = 0) -> Iterator[dict]:
    """Questions for ``files`` files of a corpus, from number ``first`` on."""
    return ({"corpus": corpus, "number": i, "only": only} for i in range(first, first + files))
