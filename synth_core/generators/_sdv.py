"""What the SDV-based generators share: metadata from our own variables, whole codes, local seeds."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
import torch
from ctgan.synthesizers.base import set_random_states
from sdv.metadata import Metadata

from synth_core.generators.prepare import Variable

TABLE = "table"


def metadata(variables: tuple[Variable, ...]) -> Metadata:
    """SDV metadata for the encoded frame. Nothing is detected, so no column is mistaken for an address or a key."""
    columns = {v.key: {"sdtype": "numerical" if v.is_quantity else "categorical"} for v in variables}
    return Metadata.load_from_dict({"tables": {TABLE: {"columns": columns}}, "relationships": []})


def whole_codes(frame: pd.DataFrame, variables: tuple[Variable, ...]) -> pd.DataFrame:
    """The variables' keys in order: float64 quantities, int64 codes within 0…levels−1; a fresh index."""
    data = {}
    for variable in variables:
        values = frame[variable.key].to_numpy(dtype="float64")
        if not variable.is_quantity:
            values = np.clip(np.rint(values), 0, variable.levels - 1).astype("int64")
        data[variable.key] = values
    return pd.DataFrame(data)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed numpy's and torch's global generators and use one torch thread; put everything back afterwards.

    One thread on purpose: workers run side by side, and two busy threads on two busy cores are many times slower.
    """
    threads = torch.get_num_threads()
    states = (np.random.RandomState(seed % 2**32), torch.Generator().manual_seed(seed))
    torch.set_num_threads(1)
    try:
        with set_random_states(states, lambda _: None), warnings.catch_warnings():
            # Mixture fits that stop at their iteration limit are good enough to normalise a column.
            warnings.filterwarnings("ignore", category=UserWarning, module=r"sklearn\.mixture")
            yield
    finally:
        torch.set_num_threads(threads)
