"""Awkward tables, as training rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from synth_core.generators import Generator, create
from synth_core.tables import Train, set_target, table_from_frame

#: Rows of a case: above every generator's floor, and divisible by no batch size or pac.
ROWS = 127
NEURAL = ("ctgan", "tvae")
#: Two checks of the distance; fewer than a user may ask for. Quality is tested elsewhere.
UPDATES = 10


def quick(name: str, updates: int = UPDATES) -> Generator:
    """Unfitted, with just enough training to be a trained generator, or a budget for 127 rows."""
    generator = create(name, **({"epsilon": 100.0} if name == "dp_mst" else {}))
    if name in NEURAL:
        generator.steps = updates
    return generator


def train_rows(frame: pd.DataFrame, target: str | None = None) -> Train:
    """All rows of ``frame`` as training rows."""
    table = table_from_frame(frame)
    return Train(set_target(table, target) if target else table, np.arange(len(table)))


def _plain(rng: np.random.Generator, rows: int = ROWS) -> pd.DataFrame:
    x = rng.normal(size=rows)
    return pd.DataFrame(
        {
            "spend": np.exp(3 + x).round(2),
            "visits": rng.poisson(3, rows),
            "city": rng.choice(["Köln", "Paris", "Rome"], rows, p=[0.5, 0.3, 0.2]),
            "booked": np.where(x + rng.normal(size=rows) > 0.5, "yes", "no"),
        }
    )


def _holes(frame: pd.DataFrame, rng: np.random.Generator, share: float) -> pd.DataFrame:
    """Missing cells everywhere but in the target."""
    holes = rng.random(frame.shape) < share
    holes[:, frame.columns.get_loc("booked")] = False
    return frame.mask(holes)


def _numeric(rng):
    return _plain(rng).drop(columns="city")


def _categorical(rng):
    rows = _plain(rng)[["city", "booked"]]
    return rows.assign(channel=rng.choice(list("abcd"), ROWS))


def _one_column(rng):
    return _plain(rng)[["spend", "booked"]]


def _single_minority_row(rng):
    frame = _plain(rng)
    return frame.assign(booked=["yes", *["no"] * (ROWS - 1)])


def _constant(rng):
    return _plain(rng).assign(country="DE", year=2026)


def _empty(rng):
    return _plain(rng).assign(nothing=None, nothing_here=np.nan)


def _missing(rng):
    frame = _plain(rng)
    days = pd.date_range("2024-01-01", periods=ROWS)
    return _holes(frame.assign(day=days, vip=rng.choice(["yes", "no"], ROWS)), rng, 0.3)


def _mostly_missing(rng):
    frame = _plain(rng)
    frame["discount"] = np.where(np.arange(ROWS) == 5, 2.5, np.nan)
    return frame


def _ids(rng):
    return _plain(rng).assign(
        customer_id=[f"C{n:05d}" for n in rng.permutation(ROWS)], order_id=rng.permutation(ROWS) + 5_000
    )


def _sensitive(rng):
    return _plain(rng).assign(email=[f"person{n}@agency.example" for n in range(ROWS)])


def _dates(rng):
    days = pd.Timestamp("2023-03-01") + pd.to_timedelta(rng.integers(0, 700, ROWS), unit="D")
    moments = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 10**6, ROWS), unit="s")
    return _plain(rng).assign(day=days, moment=moments)


def _booleans(rng):
    return _plain(rng).assign(
        vip=rng.random(ROWS) < 0.3, consent=pd.array(rng.choice([True, False, None], ROWS), dtype="boolean")
    )


def _nullable(rng):
    frame = _holes(_plain(rng), rng, 0.2)
    return frame.astype({"spend": "Float64", "visits": "Int64", "city": "string", "booked": "category"})


def _leading_zeros(rng):
    return _plain(rng).assign(postcode=rng.choice(["06520", "00123", "10115"], ROWS))


def _unicode_headers(rng):
    return _plain(rng).rename(columns={"spend": "Ausgaben (€)", "visits": "访问", "city": "città 🏙"})


def _duplicate_headers(rng):
    frame = _plain(rng)
    frame.columns = ["value", "value", "city", "booked"]
    return frame


def _integer_headers(rng):
    frame = _plain(rng)
    frame.columns = [0, 1, 2, "booked"]
    return frame


def _emails_opened(rng):
    return _plain(rng).assign(emails_opened=rng.poisson(2, ROWS), phone_calls=rng.poisson(1, ROWS))


def _many_categories(rng):
    """10,000 different values in 12,000 rows: a column that nobody can one-hot encode."""
    rows = 12_000
    levels = [f"sku {n % 10_000}" for n in rng.permutation(rows)]
    return _plain(rng, rows).assign(sku=levels)


def _tiny_numbers(rng):
    return _plain(rng).assign(rate=rng.lognormal(-16, 1, ROWS).round(9), money=rng.integers(10**11, 10**12, ROWS))


#: Case → frame with the two-class column ``booked``.
CASES: dict[str, Callable[[np.random.Generator], pd.DataFrame]] = {
    "plain": _plain,
    "all numeric": _numeric,
    "all categorical": _categorical,
    "one column": _one_column,
    "a 1-row minority": _single_minority_row,
    "constant columns": _constant,
    "empty columns": _empty,
    "missing values everywhere": _missing,
    "one value in a column": _mostly_missing,
    "ids": _ids,
    "sensitive": _sensitive,
    "dates": _dates,
    "booleans": _booleans,
    "nullable dtypes": _nullable,
    "leading zeros": _leading_zeros,
    "unicode headers": _unicode_headers,
    "duplicate headers": _duplicate_headers,
    "integer headers": _integer_headers,
    "emails_opened": _emails_opened,
    "tiny and huge numbers": _tiny_numbers,
    "10,000 categories": _many_categories,
}


def case(name: str) -> Train:
    """Training rows of a case, with ``booked`` as the target; the same every time."""
    return train_rows(CASES[name](np.random.default_rng(11)), "booked")
