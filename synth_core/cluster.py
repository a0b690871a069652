"""Pieces of work on a Dask cluster: data sent once, lost workers made up for, every refusal in words."""

from __future__ import annotations

import pickle
import platform
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from typing import Any

from joblib import parallel_config
from threadpoolctl import threadpool_limits

from synth_core.errors import StudyError

#: Packages whose versions decide figures, or whether what is sent can be read.
MUST_MATCH = (
    "synthetic-data-studio", "numpy", "pandas", "scipy", "scikit-learn", "lightgbm", "imbalanced-learn", "torch", "sdv",
)  # fmt: skip

#: Seconds that a cluster may be without any worker: time for one to start, or to come back.
PATIENCE = 60.0

_STEP = 2.0  # seconds between looks at whether there are workers
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class _Sent:
    """What every piece needs. Pickled, so that the scheduler carries it without reading it."""

    content: bytes
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Held:
    """What was sent, as a worker holds it."""

    work: Callable
    shared: tuple[Any, ...]


def on_cluster(
    address: str, work: Callable, pieces: Iterable[tuple[Any, ...]], shared: tuple[Any, ...] = ()
) -> Iterator[Any]:
    """``work(*shared, *piece)`` for every piece, in order, as they come; one piece per worker process at a time.

    ``shared`` is sent once. It travels as a task and not as scattered data, which die with the worker that holds them.
    A piece whose worker is lost is given to another; when this iterator is closed, the cluster drops what is waiting.

    Raises
    ------
    StudyError
        Dask is not installed, the scheduler does not answer or is lost, no worker comes, workers have other versions
        of the packages in :data:`MUST_MATCH`, or a piece ends every worker that takes it.
    """
    try:
        import cloudpickle
        from distributed import Client
    except ImportError:
        raise StudyError(
            "$STUDIO_DASK names a Dask scheduler, but Dask is not installed: pip install "
            "'synthetic-data-studio[dask]', or unset the variable."
        ) from None
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise StudyError(
            f"The Dask scheduler at {address} ($STUDIO_DASK) does not answer: {error}. Start it, correct the address, "
            "or unset the variable to work on this computer alone."
        ) from None
    with client:
        yield from _Hand(client, address, cloudpickle.dumps).over(work, pieces, shared)


@dataclass
class _Hand:
    """Hands pieces to the workers of one client, and takes results back."""

    client: Any
    address: str
    packed: Callable[[Any], bytes]

    def over(self, work: Callable, pieces: Iterable[tuple[Any, ...]], shared: tuple[Any, ...]) -> Iterator[Any]:
        sent = _Sent(self.packed(_Held(work, shared)), _versions())
        held = self._submit(_hold, sent)
        pieces, waiting = iter(pieces), deque()
        while True:
            # Two per worker: one in work, one to go on with. More would be cut from large tables for nothing.
            room = 2 * max(1, self._workers()) - len(waiting)
            waiting += [self._submit(_do, held, self.packed(p)) for p in islice(pieces, max(0, room))]
            if not waiting:
                return
            yield self._result(waiting.popleft())

    def _submit(self, *call: Any) -> Any:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sending large graph")  # on purpose: see on_cluster
            return self.client.submit(*call, pure=False)

    def _workers(self) -> int:
        try:
            return len(self.client.ncores())
        except (OSError, RuntimeError, TimeoutError, CancelledError):
            raise self._lost() from None

    def _result(self, future: Any) -> Any:
        from distributed import wait
        from distributed.scheduler import KilledWorker

        seen = time.monotonic()
        while not future.done():
            try:
                with self.client.as_current():
                    wait([future], timeout=_STEP)
            except TimeoutError:
                if self._workers():
                    seen = time.monotonic()
                elif time.monotonic() - seen > PATIENCE:
                    raise StudyError(
                        f"The Dask scheduler at {self.address} has had no worker for {PATIENCE:.0f} seconds. Start "
                        f"workers (dask worker {self.address} --nworkers auto --nthreads 1) and run the study again."
                    ) from None
            except CancelledError:
                break
        try:
            return future.result()
        except CancelledError:
            raise self._lost() from None
        except KilledWorker as error:
            raise StudyError(
                f"A piece of this study ended {error.allowed_failures + 1} workers one after the other, the last at "
                f"{error.last_worker.address}. Most often their memory was too small: give each more, start fewer per "
                "machine, or study fewer rows."
            ) from None
        except (ModuleNotFoundError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and "deserialization" not in str(error):
                raise
            reason = error if isinstance(error, ModuleNotFoundError) else error.__cause__ or error
            raise StudyError(
                f"The scheduler or a worker of {self.address} cannot read what it is sent ({reason}): install the "
                f"same synthetic-data-studio {dict(_versions())['synthetic-data-studio']} on every machine."
            ) from None

    def _lost(self) -> StudyError:
        return StudyError(
            f"The Dask scheduler at {self.address} was lost while the study ran. Start it and its workers again, "
            "then run the study again: the same seed gives the same result."
        )


def _hold(sent: _Sent) -> _Held:
    _refuse_other_versions(sent.versions)
    return pickle.loads(sent.content)


def _do(held: _Held, piece: bytes) -> Any:
    """One piece, alone in its process and in one thread.

    Generators seed global random states, and what a forest hands to joblib would go back to the busy cluster and wait
    for good.
    """
    with _one_at_a_time, threadpool_limits(1), parallel_config(backend="sequential"):
        return held.work(*held.shared, *pickle.loads(piece))


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    """Of this process."""
    found = [("Python", ".".join(platform.python_version_tuple()[:2]))]
    for name in MUST_MATCH:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            found.append((name, "none"))
    return tuple(found)


def _refuse_other_versions(expected: tuple[tuple[str, str], ...]) -> None:
    own = dict(_versions())
    other = [f"{name} {own.get(name, 'none')} instead of {v}" for name, v in expected if own.get(name, "none") != v]
    if other:
        raise StudyError(
            f"A worker on {platform.node()} has {', '.join(other)}: figures could differ. Install the versions of this "
            "computer there, then run the study again."
        )
