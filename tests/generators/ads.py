"""A simulated advertising report whose columns depend on each other, with a few rows that break the rules."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_core.tables import Train, set_target, table_from_frame
from synth_core.tables.rules import propose, set_rules


def ads_frame(rows: int, *, seed: int = 0, missing: float = 0.03) -> pd.DataFrame:
    """Impressions, clicks, conversions, money, ratios, dates, places, and a rare class in ``segment``."""
    rng = np.random.default_rng(seed)
    impressions = np.rint(rng.lognormal(8, 1.5, rows)) * (rng.random(rows) > 0.05)
    clicks = rng.binomial(impressions.astype(int), rng.beta(1, 40, rows))
    conversions = rng.binomial(clicks, 0.1)
    spend = (clicks * rng.lognormal(0, 0.5, rows)).round(2)
    revenue = (conversions * rng.lognormal(3, 0.5, rows)).round(2)
    start = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 300, rows), unit="D")
    place = rng.integers(0, 12, rows)
    frame = pd.DataFrame(
        {
            "impressions": impressions,
            "clicks": clicks,
            "conversions": conversions,
            "spend": spend,
            "revenue": revenue,
            "start": start,
            "end": start + pd.to_timedelta(rng.integers(0, 60, rows), unit="D"),
            "city": np.array([f"city {c}" for c in range(12)])[place],
            "region": np.array(["N", "E", "S", "W"])[place % 4],
            "ctr": _over(100 * clicks, impressions, np.nan).round(2),
            "cpc": _over(spend, clicks, np.nan).round(2),
            "roas": _over(revenue, spend, 0.0).round(4),
            "search": rng.lognormal(2, 1, rows).round(1),
            "social": rng.lognormal(2, 1, rows).round(1),
        }
    )
    frame["total_media"] = (frame["search"] + frame["social"]).round(1)
    frame["segment"] = np.where(rng.random(rows) < 0.02, "vip", np.where(rng.random(rows) < 0.5, "a", "b"))
    frame = frame.mask((rng.random(frame.shape) < missing) & (frame.columns != "segment"))
    bad = rng.choice(rows, 8, replace=False)
    frame.loc[bad[:5], ["impressions", "clicks"]] = [200.0, 205.0]
    frame.loc[bad[5:], "spend"] = -4.5
    return frame


def _over(above: np.ndarray, below: np.ndarray, otherwise: float) -> np.ndarray:
    return np.where(below == 0, otherwise, above / np.where(below == 0, 1, below))


def ads_train(rows: int, *, seed: int = 0) -> Train:
    """Training rows with every rule that their data suggest."""
    table = set_target(table_from_frame(ads_frame(rows, seed=seed)), "segment")
    return Train(set_rules(table, [p.rule for p in propose(table)]), np.arange(rows))
