"""What ε costs: private rows beside independent columns and beside rows that promise nothing.

``python -m tests.benchmarks.dp`` measures ad_table_30k (30,000 × 9) and adult at ε = 0.1, 1 and 10, three times each,
since the noise follows no seed. The last line is one JSON object with the keys ``ad30k_eps1.tv2``,
``ad30k_eps1.fit_s``, ``adult_eps1.tstr`` and the same of every other ε and figure, ``…_spread`` (largest less
smallest), and the baselines ``ad30k_independent.tv2``, ``ad30k_trees.tv2``, ``adult_real.tstr`` … in their place.

tv2: half the L1 distance between the shares of all cells of two columns, averaged over all pairs; numbers are cut at
the deciles of the real rows. tstr: AUC on fresh real rows of a default LightGBM trained on the made rows. As many rows
are made as the noisy count says.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd

from synth_core.generators import create
from synth_core.tables import Role, Table, Train, read_table, set_roles
from tests.benchmarks.quality import Task, _auc, task
from tests.benchmarks.real_sets import FOLDER, SETS

CATEGORIES = ("ch", "dev", "reg", "aud", "conv")
EPSILONS = (0.1, 1.0, 10.0)


def ad_table() -> Table:
    """30,000 rows of an advertising account; channel, device, region, audience and conversion are categories."""
    table = read_table((FOLDER / "ad_table_30k.csv").read_bytes(), name="ad30k")
    return set_roles(table, dict.fromkeys(CATEGORIES, Role.CATEGORICAL))


def tv2(real: Table, made: pd.DataFrame) -> float:
    """Mean over all pairs of modelled columns, 0 (the same) to 1."""
    names = [*real.schema.features, *([real.target] if real.target else [])]
    codes = {n: _cells(real.frame[n], made[n], real.schema[n].role) for n in names}
    found = []
    for a, b in combinations(names, 2):
        pair = [x * (1 + max(map(np.max, codes[b]))) + y for x, y in zip(codes[a], codes[b], strict=True)]
        size = 1 + max(map(np.max, pair))
        shares = [np.bincount(cells, minlength=size) / len(cells) for cells in pair]
        found.append(0.5 * np.abs(shares[0] - shares[1]).sum())
    return float(np.mean(found))


def _cells(real: pd.Series, made: pd.Series, role: Role) -> tuple[np.ndarray, np.ndarray]:
    """Cells of one column in the real and in the made rows; missing is a cell."""
    if role in (Role.NUMERIC, Role.INTEGER):
        values = [s.to_numpy(dtype=float, na_value=np.nan) for s in (real, made)]
        edges = np.unique(np.nanquantile(values[0], np.arange(1, 10) / 10))
        return tuple(np.where(np.isnan(v), len(edges) + 1, np.searchsorted(edges, v, side="right")) for v in values)
    codes = pd.factorize(pd.concat([real, made], ignore_index=True).astype(str))[0]
    return codes[: len(real)], codes[len(real) :]


def independent(train: Train, seed: int) -> pd.DataFrame:
    """The training rows with every column shuffled by itself."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({n: train.frame[n].array[rng.permutation(len(train))] for n in train.frame})


def figures(found: Task, make: Callable[[int], pd.DataFrame], repeats: int) -> dict[str, float]:
    """Means and spreads over ``repeats`` fits; ``make`` fits and gives rows."""
    runs: list[dict[str, float]] = []
    for seed in range(repeats):
        rows = make(seed)
        runs.append({"tv2": tv2(found.train.table, rows), **rows.attrs})
        if found.train.schema.positive is not None:
            runs[-1]["tstr"] = _auc(found.train, rows, found.fresh, seed)
    out = {}
    for name in runs[0]:
        values = [r[name] for r in runs]
        out |= {name: round(float(np.mean(values)), 4), f"{name}_spread": round(max(values) - min(values), 4)}
    return out


def private(train: Train, epsilon: float) -> Callable[[int], pd.DataFrame]:
    """Fits DP (MST) anew each time, timed."""

    def make(seed: int) -> pd.DataFrame:
        start = time.perf_counter()
        generator = create("dp_mst", epsilon=epsilon).fit(train, seed=seed)
        seconds = time.perf_counter() - start
        rows = generator.sample(round(generator.release.rows), seed=seed)
        rows.attrs = {"fit_s": seconds}
        return rows

    return make


def trees(train: Train) -> Callable[[int], pd.DataFrame]:
    """Without any promise."""
    return lambda seed: create("trees").fit(train, seed=seed).sample(len(train), seed=seed)


def tasks() -> dict[str, Task]:
    """The tables: all 30,000 rows of one; of adult 70 % to learn from, as the others tell what the rows are worth."""
    ads, adult = ad_table(), next(s for s in SETS if s.name == "adult").table()
    everything = Train(ads, np.arange(len(ads)))
    return {
        "ad30k": Task("ad30k", everything, ads, float("nan")),
        "adult": task("adult", adult, len(adult), seed=7),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    private(tasks()["ad30k"].train.only(np.arange(30_000) < 300), 10.0)(0)  # libraries are loaded before the clock runs
    out: dict[str, float] = {}
    for name, found in tasks().items():
        arms = {f"eps{e:g}": private(found.train, e) for e in EPSILONS}
        arms |= {"independent": lambda seed, t=found.train: independent(t, seed), "trees": trees(found.train)}
        for arm, make in arms.items():
            measured = figures(found, make, options.repeats)
            print(f"{name}_{arm}", json.dumps(measured), flush=True)
            out |= {f"{name}_{arm}.{figure}": value for figure, value in measured.items()}
        if found.train.schema.positive is not None:
            out[f"{name}_real.tstr"] = round(found.real_auc, 4)
    print(json.dumps(out))


if __name__ == "__main__":
    main()
