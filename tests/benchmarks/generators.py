"""Every generator side by side on real tables, with SDV's defaults run in the same process as the baseline.

``python -m tests.benchmarks.generators`` measures six tables at 960 and at 10,000 training rows (70 % of the table
where it has fewer) and takes about two hours of one core, most of it SDV's; ``--sets``, ``--rows`` and
``--generators`` narrow it down, and ``STUDIO_DASK`` spreads it over a cluster whose workers can import ``tests`` (times
are then those of the workers). As many rows are made as there are training rows, but at least 4,000. The last line is
one JSON object: per generator the figures of :func:`tests.benchmarks.quality.quality` averaged over the tables
(``tstr_gap_960``, ``tstr_gap_10000``, ``c2st_auc_10000`` …; ``worst_kl`` is the largest of all),
``speedup_over_sdv_ctgan`` (fit time, the smallest over tables), ``prep_speedup_over_sdv`` (CTGAN's preparation on the
whole adult table) and everything ``by_set``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import torch

from synth_core.generators import create
from synth_core.generators._sdv import seeded
from synth_core.tables import Kind, Role, Schema, Train
from synth_core.workers import in_workers
from tests.benchmarks.preparation import prep_seconds
from tests.benchmarks.quality import Task, quality, task
from tests.benchmarks.real_sets import SETS

NAMES = ("travel_package_18f", "bank_full", "online_shoppers", "telco_churn", "adult", "caravan")
OURS = ("trees", "copula", "simulation", "ctgan", "tvae")
PEERS = ("sdv_ctgan", "sdv_tvae", "sdv_copula")
LEAST_ROWS = 4_000

Sampler = Callable[[int], pd.DataFrame]


def ours(name: str, train: Train, seed: int) -> Sampler:
    """Fit one of our generators; returns what makes rows."""
    fitted = create(name).fit(train, seed=seed)
    return lambda rows: fitted.sample(rows, seed=seed)


def sdv_defaults(name: str, train: Train, seed: int) -> Sampler:
    """Fit SDV's synthesizer with its defaults, its metadata made from our roles; returns what makes rows."""
    from sdv.metadata import Metadata
    from sdv.single_table import CTGANSynthesizer, GaussianCopulaSynthesizer, TVAESynthesizer

    cls = {"sdv_ctgan": CTGANSynthesizer, "sdv_tvae": TVAESynthesizer, "sdv_copula": GaussianCopulaSynthesizer}[name]
    names = _modelled(train.schema)
    columns = {n: {"sdtype": _sdtype(train.schema, n)} for n in names}
    metadata = Metadata.load_from_dict({"tables": {"rows": {"columns": columns}}, "relationships": []})
    frame = train.frame[names].copy()
    for n in names:
        if frame[n].dtype == "Int64":
            frame[n] = frame[n].astype("float64")
        if columns[n]["sdtype"] == "categorical":
            frame[n] = frame[n].astype(object).where(frame[n].notna(), None).map(str, na_action="ignore")
    with seeded(seed):
        fitted = cls(metadata, **({"enable_gpu": False} if name != "sdv_copula" else {}))
        fitted.fit({"rows": frame})

    def rows_of(count: int) -> pd.DataFrame:
        with seeded(seed):
            made = fitted.sample(count)["rows"]
        return pd.DataFrame({n: _as_stored(made[n], train.frame[n]) for n in names}).reindex(
            columns=train.schema.names
        )  # fmt: skip

    return rows_of


def _modelled(schema: Schema) -> list[str]:
    return [n for n in schema.names if n in schema.features or n == schema.target]


def _sdtype(schema: Schema, name: str) -> str:
    column = schema[name]
    if column.role in (Role.NUMERIC, Role.INTEGER):
        return "numerical"
    return "datetime" if column.kind is Kind.DATE else "categorical"


def _as_stored(values: pd.Series, real: pd.Series) -> pd.Series:
    """SDV's values in the dtype of the table."""
    if real.dtype == "Int64":
        return pd.to_numeric(values).round().astype("Int64")
    if real.dtype == object:
        return values.astype(object).where(values.notna(), None)
    return values.astype(real.dtype)


def measure(name: str, task: Task, seed: int) -> dict[str, Any]:
    """Fit, sample and judge one generator on one table."""
    start = time.perf_counter()
    rows_of = (sdv_defaults if name in PEERS else ours)(name, task.train, seed)
    fitted = time.perf_counter()
    made = rows_of(max(LEAST_ROWS, len(task.train)))
    sampled = time.perf_counter()
    return {
        "fit_s": round(fitted - start, 2),
        "sample_s": round(sampled - fitted, 2),
        **quality(task, made, seed=seed),
    }


def summary(by_set: dict[str, dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """Means over the tables of each generator's figures, by number of training rows where that matters."""
    out: dict[str, Any] = {}
    for name in dict.fromkeys(g for found in by_set.values() for g in found):
        cells = {key: found[name] for key, found in by_set.items() if name in found}
        figures = {"worst_kl": max(c["worst_kl"] for c in cells.values())}
        for rows in dict.fromkeys(key.split("@")[1] for key in cells):
            these = [c for key, c in cells.items() if key.endswith(f"@{rows}")]
            for figure in ("worst_kl", "pair_error", "tstr_gap", "c2st_auc", "exact_copies", "fresh_copies", "fit_s"):
                mean = float(np.mean([c[figure] for c in these]))
                figures[f"{'mean_worst_kl' if figure == 'worst_kl' else figure}_{rows}"] = round(mean, 4)
        baseline = {key: found["sdv_ctgan"]["fit_s"] for key, found in by_set.items() if "sdv_ctgan" in found}
        pairs = [(baseline[key], c["fit_s"]) for key, c in cells.items() if key in baseline]
        if pairs and name != "sdv_ctgan":
            figures["speedup_over_sdv_ctgan"] = round(min(theirs / max(own, 0.01) for theirs, own in pairs), 1)
        out[name] = figures
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", nargs="+", default=NAMES, choices=NAMES)
    parser.add_argument("--rows", nargs="+", type=int, default=[960, 10_000])
    parser.add_argument("--generators", nargs="+", default=[*OURS, *PEERS], choices=[*OURS, *PEERS])
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in options.generators:  # libraries are loaded before anything is timed
        if name not in PEERS:
            create(name)
    by_set: dict[str, dict[str, dict[str, Any]]] = {}
    under_way: list[tuple[str, int, str]] = []

    def pieces() -> Iterator[tuple[str, Task, int]]:
        for real in SETS:
            if real.name not in options.sets:
                continue
            if not real.path.exists():
                print(f"{real.file} is not in the shared data folder: left out.")
                continue
            table = real.table()
            for rows in options.rows:
                found = task(real.name, table, rows, seed=options.seed)
                for name in options.generators:
                    under_way.append((f"{real.name}@{rows}", len(found.train), name))
                    yield name, found, options.seed

    for n, figures in enumerate(in_workers(measure, pieces(), 1)):
        key, rows, name = under_way[n]
        by_set.setdefault(key, {})[name] = figures
        print(key, rows, name, json.dumps(figures), flush=True)
    adult = next(real for real in SETS if real.name == "adult")
    prepared = prep_seconds(adult.table()) if "sdv_ctgan" in options.generators and adult.path.exists() else {}
    speedup = {k: v for k, v in prepared.items() if k == "prep_speedup_over_sdv"}
    print(json.dumps({**summary(by_set), **speedup, "by_set": by_set}))


if __name__ == "__main__":
    main()
