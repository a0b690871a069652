"""Do the privacy meters read what is known to be there? Copies, half copies and independent rows of real tables.

    python -m tests.benchmarks.privacy_meters [--repeats 40] [--sets travel_package_18f …]

Every repeat divides a table (at most 4,000 rows) anew into training, unseen and further rows. Handed in as synthetic:
the training rows (``copies_flagged``: share of meters that flag them), further rows that nobody learned from
(``independent_clear``: share of repeats in which no meter flags), training and further rows in equal parts
(``half_copies_flagged``: share of repeats in which a meter flags; ``half_copies_meters``: of meters) and one copy in
ten (``tenth_copies_flagged``). ``leaf_order``: share of tables on which Trees that may end in single rows are nearer to
their training rows (NNDR) than Trees with 15 rows a leaf. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from synth_core import privacy
from synth_core.generators.trees import Trees
from synth_core.privacy import PrivacyReport
from synth_core.tables import Holdout, Table, Train
from tests.benchmarks.real_sets import SETS

NAMES = ("travel_package_18f", "bank_full", "telco_churn", "german_credit", "adult")
MOST_ROWS = 4_000


def division(table: Table, seed: int) -> tuple[Train, Holdout, pd.DataFrame]:
    """Training rows (60 %), unseen rows (20 %), and further rows (20 %)."""
    rows = np.random.default_rng(seed).permutation(len(table))[:MOST_ROWS]
    split = table.take(rows).split(holdout=0.4, seed=seed)
    halves = split.holdout.table.split(holdout=0.5, seed=seed)
    return split.train, halves.holdout, halves.train.frame


def mixed(train: Train, further: pd.DataFrame, share: float, seed: int) -> pd.DataFrame:
    """As many rows as ``further``, ``share`` of them copies of training rows."""
    copies = round(share * len(further))
    parts = [train.frame.sample(copies, random_state=seed), further.head(len(further) - copies)]
    return pd.concat(parts, ignore_index=True)


def repeats(table: Table, count: int) -> Iterator[dict[str, PrivacyReport]]:
    """Reports by what was handed in."""
    for seed in range(count):
        train, unseen, further = division(table, seed)
        cases = {
            "independent": further,
            "half": mixed(train, further, 0.5, seed),
            "tenth": mixed(train, further, 0.1, seed),
        }
        if seed < 3:
            cases["copy"] = train.frame
        yield {key: privacy.report(train, unseen, rows, seed=seed) for key, rows in cases.items()}


def leaves(table: Table, seed: int = 0) -> dict[int, PrivacyReport]:
    """Reports on Trees by the fewest rows a leaf may hold."""
    train, unseen, _ = division(table, seed)
    made = {n: Trees(min_leaf=n).fit(train, seed=seed).sample(len(train), seed=seed) for n in (1, 15)}
    return {n: privacy.report(train, unseen, rows, seed=seed) for n, rows in made.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--sets", nargs="+", default=NAMES)
    args = parser.parse_args()
    began = time.monotonic()
    shares: dict[str, list[float]] = {k: [] for k in ("copy", "clear", "half", "half_meters", "tenth", "order")}
    for found in SETS:
        if found.name not in args.sets:
            continue
        table, own = found.table(), {k: [] for k in shares}
        for reports in repeats(table, args.repeats):
            own["clear"].append(not reports["independent"].flagged)
            own["half"].append(bool(reports["half"].flagged))
            own["half_meters"] += [m.flagged for m in reports["half"].meters]
            own["tenth"].append(bool(reports["tenth"].flagged))
            own["copy"] += [m.flagged for m in reports["copy"].meters] if "copy" in reports else []
        fine, coarse = leaves(table).values()
        own["order"].append(fine.meter("nndr").value > coarse.meter("nndr").value)
        print(
            found.name,
            {k: round(float(np.mean(v)), 3) for k, v in own.items()},
            "leaf 1:",
            {m.key: round(m.risk, 2) for m in fine.meters},
            "leaf 15:",
            {m.key: round(m.risk, 2) for m in coarse.meters},
            flush=True,
        )
        for key, values in own.items():
            shares[key] += values
    figures = {key: round(float(np.mean(values)), 4) for key, values in shares.items()}
    print(
        json.dumps(
            {
                "copies_flagged": figures["copy"],
                "independent_clear": figures["clear"],
                "half_copies_flagged": figures["half"],
                "half_copies_meters": figures["half_meters"],
                "tenth_copies_flagged": figures["tenth"],
                "leaf_order": figures["order"],
                "repeats": len(shares["clear"]),
                "seconds": round(time.monotonic() - began, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
