"""The layer every generator shares: a table goes in, clean numbers come out, and the way back.

Generators see *variables*: quantities (float64) and levels (integer codes), none of them missing, under neutral
keys. Everything else happens here once: ids set aside, missing values and their rates, integers and decimals,
bounds, dates, constant and empty columns, column order and dtypes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from synth_core.generators._aside import Aside, from_plain, to_plain
from synth_core.generators._outside import Outside
from synth_core.tables import Column, Kind, Role, Schema, Table, release
from synth_core.tables.target import MANY_VALUES

_DAY = 86_400 * 10**9  # nanoseconds
_FEW = 5


@dataclass(frozen=True)
class Variable:
    """One column of the encoded frame.

    Attributes
    ----------
    key : str
        Neutral column name in the encoded frame (``"v3"``, or ``"m3"`` for "v3 is missing").
    source : str
        Column of the table it came from.
    levels : int or None
        Number of codes (0…levels−1) for a level variable; None for a quantity.
    is_target : bool
    missing_flag : str or None
        For a quantity with missing values: key of the level variable that is 1 where it is missing. Where the flag
        is 1 the quantity holds a stand-in drawn from the observed values, to be ignored.
    """

    key: str
    source: str
    levels: int | None
    is_target: bool = False
    missing_flag: str | None = None

    @property
    def is_quantity(self) -> bool:
        return self.levels is None


@dataclass(frozen=True)
class Encoded:
    """What a generator is fitted on: ``frame[variables]``, float64 quantities and int64 codes, nothing missing."""

    frame: pd.DataFrame
    variables: tuple[Variable, ...]

    @property
    def target(self) -> Variable | None:
        return next((v for v in self.variables if v.is_target), None)

    @property
    def quantities(self) -> list[str]:
        return [v.key for v in self.variables if v.is_quantity]

    @property
    def levels(self) -> list[str]:
        return [v.key for v in self.variables if not v.is_quantity]


@dataclass(frozen=True)
class Quantity:
    """Restores one quantity: bounds, grid and type."""

    low: float
    high: float
    decimals: int | None
    step: int  #: for whole numbers and dates (ns): every observed value is ``low`` plus a multiple of it

    def restore(self, values: np.ndarray, column: Column) -> pd.Series:
        values = np.clip(values, self.low, self.high)
        if column.kind in (Kind.INTEGER, Kind.DATE):
            whole = int(self.low) + np.rint((values - self.low) / self.step).astype("int64") * self.step
            if column.kind is Kind.INTEGER:
                return pd.Series(whole).astype("Int64")
            return pd.Series(pd.to_datetime(whole, unit="ns")).astype("datetime64[ns]")
        return pd.Series(values if self.decimals is None else np.round(values, self.decimals), dtype="float64")


class Preparer:
    """Encodes a table for a generator and turns generated variables back into table rows.

    Parameters
    ----------
    max_levels : int or None
        Most levels a column may keep; rarer ones are pooled for the generator and drawn back by their real
        frequency afterwards, so no placeholder ever leaves.
    """

    def __init__(self, max_levels: int | None = None) -> None:
        self.max_levels = max_levels
        self.notes: list[str] = []
        self.outside = Outside()

    def fit(self, table: Table) -> Preparer:
        self._schema = table.schema
        self._rows = len(table)
        self._levels: dict[str, list] = {}  # level column -> values by code, missing as None
        self._pooled: dict[str, tuple[np.ndarray, np.ndarray]] = {}  # column -> (codes pooled, their frequency)
        self._quantities: dict[str, Quantity] = {}
        self._aside = Aside().fit(table)
        variables: list[Variable] = []
        for position, column in enumerate(table.schema):
            values = table.frame[column.name]
            observed = values.dropna()
            if column.role not in _MODELLED or (not len(observed) and column.role is not Role.TARGET):
                continue
            key = f"v{position}"
            if is_modelled_as_quantity(column, table, observed):
                self._quantities[column.name] = quantity_of(column, observed)
                flag = f"m{position}" if len(observed) < len(values) else None
                if flag:
                    variables.append(Variable(flag, column.name, 2))
                variables.append(Variable(key, column.name, None, column.role is Role.TARGET, flag))
            else:
                count = self._fit_levels(column, values)
                variables.append(Variable(key, column.name, count, column.role is Role.TARGET))
        self.variables = tuple(variables)
        self.notes += self._aside.notes
        return self

    def _fit_levels(self, column: Column, values: pd.Series) -> int:
        counts = values.value_counts(dropna=True)
        levels: list = sorted(counts.index, key=str)
        if values.isna().any():
            levels.append(None)
        self._levels[column.name] = levels
        if self.max_levels is None or len(levels) <= self.max_levels or column.role is Role.TARGET:
            return len(levels)
        kept = set(counts.index[: self.max_levels - 2])
        keep = [v for v in levels if v is None or v in kept]
        pooled = [v for v in levels if v is not None and v not in kept]
        self._levels[column.name] = keep + pooled  # codes ≥ len(keep) share one code for the generator
        share = counts[pooled].to_numpy(dtype=float)
        self._pooled[column.name] = (np.arange(len(keep), len(keep) + len(pooled)), share / share.sum())
        self.notes.append(
            f"“{column.name}” has {len(levels):,} different values; the {len(pooled):,} rarest were learned as one "
            "group and are drawn back by their real frequency."
        )
        return len(keep) + 1

    def levels(self, name: str) -> list:
        """Values of a level column by code, missing as None; pooled ones come last."""
        return self._levels[name]

    def encode(self, table: Table, *, seed: int) -> Encoded:
        """Encode the fitted table (or rows of the same schema); stand-ins for missing quantities use ``seed``."""
        rng = np.random.default_rng(seed)
        data: dict[str, np.ndarray] = {}
        for variable in self.variables:
            values = table.frame[variable.source]
            if variable.key.startswith("m"):
                data[variable.key] = values.isna().to_numpy().astype("int64")
            elif variable.is_quantity:
                numbers = as_float(values)
                missing = np.isnan(numbers)
                if missing.any():
                    numbers[missing] = rng.choice(numbers[~missing], int(missing.sum()))
                data[variable.key] = numbers
            else:
                codes = {v: i for i, v in enumerate(self._levels[variable.source])}
                data[variable.key] = np.minimum(_codes(values, codes), variable.levels - 1).astype("int64")
        return Encoded(pd.DataFrame(data, index=range(len(table))), self.variables)

    def code(self, column: str, value: object) -> tuple[str, int] | None:
        """Key and code of a level of ``column``; None if the generator does not see it as a level of its own."""
        variable = next((v for v in self.variables if v.source == column and v.levels), None)
        if variable is None or variable.key.startswith("m") or value not in self._levels[column]:
            return None
        code = self._levels[column].index(value)
        return None if column in self._pooled and code >= variable.levels - 1 else (variable.key, code)

    def on_grid(self, variable: Variable, values: np.ndarray) -> np.ndarray:
        """Values of a quantity as :meth:`restore` will round and bound them, float64, shape (n_rows,)."""
        column = self._schema[variable.source]
        return as_float(self._quantities[variable.source].restore(values, column))

    def restore(self, generated: pd.DataFrame, rows: int, *, seed: int) -> pd.DataFrame:
        """Table rows from generated variables; exactly the training columns, dtypes and order."""
        rng, seeds = np.random.default_rng(seed), self._aside_seeds(seed)
        by_source = {v.source: v for v in self.variables if not v.key.startswith("m")}
        out: dict[str, pd.Series] = {}
        for column in self._schema:
            variable = by_source.get(column.name)
            if variable is None:
                out[column.name] = self._aside.restore(column, rows, seeds=seeds)
            elif variable.is_quantity:
                values = generated[variable.key].to_numpy(dtype="float64")
                grid = self._quantities[column.name]
                restored = grid.restore(values, column)
                self.outside.add(column.name, values, grid.low, grid.high)
                if variable.missing_flag:
                    restored = restored.mask(generated[variable.missing_flag].to_numpy() == 1)
                out[column.name] = restored
            else:
                out[column.name] = self._restore_levels(column, generated[variable.key].to_numpy(), rng)
        return pd.DataFrame(out, index=range(rows), columns=self._schema.names)

    def renew_aside(self, rows: pd.DataFrame, *, seed: int) -> pd.DataFrame:
        """The rows with their set-aside columns made anew, for rows put together from several samples."""
        seeds = self._aside_seeds(seed)
        aside = [c for c in self._schema if c.role not in _MODELLED]
        new = {c.name: self._aside.restore(c, len(rows), seeds=seeds).set_axis(rows.index) for c in aside}
        return rows.assign(**new)

    def _aside_seeds(self, seed: int) -> dict[str, int]:
        """A seed per column, so that none depends on what is drawn for another."""
        drawn = np.random.default_rng([seed, 1]).integers(2**31, size=len(self._schema.names))
        return dict(zip(self._schema.names, map(int, drawn), strict=True))

    def _state(self) -> dict[str, Any]:
        """What :meth:`restore` needs, as plain values and arrays: bounds, levels, shares, no row and no example."""
        schema = Schema(
            tuple(replace(c, examples=()) for c in self._schema), self._schema.target, self._schema.positive
        )
        kinds = {c.name: c.kind for c in schema}
        return {
            "max_levels": self.max_levels,
            "notes": self.notes,
            "schema": schema.to_dict(),
            "rows": self._rows,
            "levels": {n: [to_plain(v, kinds[n]) for v in levels] for n, levels in self._levels.items()},
            "pooled": {n: list(pair) for n, pair in self._pooled.items()},
            "quantities": {n: asdict(q) for n, q in self._quantities.items()},
            "aside": self._aside.to_plain(kinds),
            "variables": [asdict(v) for v in self.variables],
        }

    @classmethod
    def _from_state(cls, state: dict[str, Any]) -> Preparer:
        new = cls(state["max_levels"])
        new.notes = list(state["notes"])
        new._schema = Schema.from_dict(state["schema"])
        new._rows = state["rows"]
        kinds = {c.name: c.kind for c in new._schema}
        new._levels = {n: [from_plain(v, kinds[n]) for v in levels] for n, levels in state["levels"].items()}
        new._pooled = {n: (np.asarray(codes), np.asarray(share)) for n, (codes, share) in state["pooled"].items()}
        new._quantities = {n: Quantity(**q) for n, q in state["quantities"].items()}
        new._aside = Aside.from_plain(state["aside"], kinds)
        new.variables = tuple(Variable(**v) for v in state["variables"])
        return new

    def _restore_levels(self, column: Column, codes: np.ndarray, rng: np.random.Generator) -> pd.Series:
        levels = np.empty(len(self._levels[column.name]), dtype=object)
        levels[:] = self._levels[column.name]
        codes = codes.astype("int64")
        if column.name in self._pooled:
            choices, share = self._pooled[column.name]
            pooled = codes == choices[0]
            codes = codes.copy()
            codes[pooled] = rng.choice(choices, int(pooled.sum()), p=share)
        return as_kind(levels[codes], column)


_MODELLED = frozenset({Role.NUMERIC, Role.INTEGER, Role.BOOLEAN, Role.CATEGORICAL, Role.DATE, Role.TARGET})


def is_modelled_as_quantity(column: Column, table: Table, observed: pd.Series) -> bool:
    if column.role is Role.TARGET:
        return table.schema.positive is None and column.kind is not Kind.TEXT and observed.nunique() > MANY_VALUES
    return column.role in (Role.NUMERIC, Role.INTEGER, Role.DATE)


def quantity_of(column: Column, observed: pd.Series) -> Quantity:
    """Bounds and grid of a number or date column's observed values (at least one)."""
    numbers = as_float(observed)
    step = 1
    if column.kind in (Kind.INTEGER, Kind.DATE):  # prices in hundreds stay in hundreds, dates stay whole days
        step = max(int(np.gcd.reduce((numbers - numbers.min()).astype("int64"))), 1)
        if observed.nunique() < _FEW:  # a common divisor of a few values says little
            step = min(step, _DAY if column.kind is Kind.DATE else 1)
    return Quantity(numbers.min(), numbers.max(), column.decimals, step)


def as_float(values: pd.Series) -> np.ndarray:
    """Numbers, or dates as nanoseconds, as float64 with NaN where missing; a copy."""
    if str(values.dtype).startswith("datetime64"):
        numbers = values.to_numpy().astype("datetime64[ns]").astype("int64").astype("float64")
        numbers[values.isna().to_numpy()] = np.nan
        return numbers
    return values.to_numpy(dtype="float64", na_value=np.nan).copy()


def _codes(values: pd.Series, codes: dict) -> np.ndarray:
    missing = codes.get(None, 0)
    return np.array([missing if pd.isna(v) else codes.get(v, missing) for v in values], dtype="int64")


def as_kind(values: np.ndarray, column: Column) -> pd.Series:
    """An object array (None = missing) as a series of the column's storage dtype."""
    return release.as_kind(values, column.kind)
