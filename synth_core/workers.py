"""Independent pieces of work in other processes: on this machine, or on a Dask cluster where one is configured."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from joblib import Parallel, delayed, parallel_config

from synth_core.cluster import on_cluster

#: Address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``; without it the work stays on this machine.
SCHEDULER = "STUDIO_DASK"


def in_workers(
    work: Callable, pieces: Iterable[tuple[Any, ...]], n_jobs: int, *, shared: tuple[Any, ...] = ()
) -> Iterator[Any]:
    """``work(*shared, *piece)`` for every piece, in order, as they come; one thread each.

    Parameters
    ----------
    work : callable
        Importable by name where the work is done.
    pieces : iterable of tuple
        Taken a few at a time, as they are needed.
    n_jobs : int
        Processes on this machine; a cluster uses all its workers.
    shared : tuple
        What all pieces need, such as the table: a cluster is sent it once.

    Raises
    ------
    StudyError
        The cluster at ``$STUDIO_DASK`` cannot do the work: see :func:`synth_core.cluster.on_cluster`.
    """
    if address := os.environ.get(SCHEDULER):
        yield from on_cluster(address, work, pieces, shared)
        return
    with parallel_config(backend="loky", inner_max_num_threads=1):
        parallel = Parallel(n_jobs=n_jobs, return_as="generator", pre_dispatch="2*n_jobs", batch_size=1)
        yield from parallel(delayed(work)(*shared, *piece) for piece in pieces)
