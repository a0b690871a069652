"""Independent pieces of work in other processes: on this machine, or on a Dask cluster where one is configured."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from joblib import Parallel, delayed, parallel_config

from synth_core.errors import StudyError

#: Address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``; without it the work stays on this machine.
SCHEDULER = "STUDIO_DASK"


def in_workers(work: Callable, pieces: Iterable[tuple[Any, ...]], n_jobs: int) -> Iterator[Any]:
    """``work(*piece)`` for every piece, in order, as they come; one thread each.

    Raises
    ------
    StudyError
        The scheduler at ``$STUDIO_DASK`` does not answer, or ``dask.distributed`` is not installed.
    """
    address = os.environ.get(SCHEDULER)
    if address:
        yield from _on_dask(address, work, pieces)
        return
    with parallel_config(backend="loky", inner_max_num_threads=1):
        parallel = Parallel(n_jobs=n_jobs, return_as="generator", pre_dispatch="2*n_jobs", batch_size=1)
        yield from parallel(delayed(work)(*piece) for piece in pieces)


def _on_dask(address: str, work: Callable, pieces: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise StudyError(
            f"${SCHEDULER} names a Dask scheduler, but Dask is not installed: pip install "
            "'synthetic-data-studio[dask]', or unset the variable."
        ) from None
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise StudyError(f"The Dask scheduler at {address} (${SCHEDULER}) does not answer: {error}.") from None
    with client, client.as_current(), parallel_config(backend="dask"):
        pieces = iter(pieces)
        # In portions, because joblib hands over nothing from Dask until all is done: no progress, no way to cancel.
        while portion := list(islice(pieces, 2 * max(1, len(client.ncores())))):
            yield from Parallel(batch_size=1)(delayed(_alone)(work, *piece) for piece in portion)


def _alone(work: Callable, *piece: Any) -> Any:
    """``work`` in one thread: what a forest hands to joblib would go back to the busy cluster and wait for good."""
    with parallel_config(backend="sequential"):
        return work(*piece)
