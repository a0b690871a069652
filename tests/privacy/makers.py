"""Small tables with known answers for the privacy meters."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_core.tables import Holdout, Train, set_target, table_from_frame


def people(rows: int, seed: int = 0) -> pd.DataFrame:
    """Mixed columns with some structure; nearly every row is unique."""
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 90, rows)
    income = (20_000 + 600 * age * rng.lognormal(0, 0.4, rows)).round(2)
    return pd.DataFrame(
        {
            "age": age,
            "income": income,
            "region": rng.choice(["North", "South", "East", "West"], rows),
            "channel": np.where(rng.random(rows) < 0.1, None, rng.choice(["Web", "Shop", "Phone"], rows)),
            "visits": rng.poisson(3, rows),
            "bought": np.where(rng.random(rows) < income / 200_000, "yes", "no"),
        }
    )


def divided(frame: pd.DataFrame, seed: int = 0, target: str | None = "bought") -> tuple[Train, Holdout, pd.DataFrame]:
    """Training rows (60 %), unseen rows (20 %) and further rows (20 %) that nobody learned from."""
    table = table_from_frame(frame)
    split = (set_target(table, target) if target else table).split(holdout=0.4, seed=seed)
    halves = split.holdout.table.split(holdout=0.5, seed=seed)
    return split.train, halves.holdout, halves.train.frame
