"""A user's own rows as training rows, and synthetic rows back in the user's types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.tables import Train, set_roles, set_target, table_from_frame
from synth_core.tables.export import as_text
from synth_core.tables.schema import LEVELS, QUANTITIES, SET_ASIDE, Column, Kind, Role


def train_rows(frame: pd.DataFrame, codes: np.ndarray, roles: Mapping[str, str] | None) -> Train:
    """All rows as training rows; the last column is the class, as text that sorts like the classes."""
    target = "class"
    while target in map(str, frame.columns):
        target += "_"
    dense = {n: v.sparse.to_dense() if isinstance(v.dtype, pd.SparseDtype) else v for n, v in frame.items()}
    texts = np.array([f"class {i:05d}" for i in range(codes.max() + 1)], dtype=object)
    table = table_from_frame(pd.DataFrame({**dense, target: texts[codes]}, copy=False))
    names = dict(zip(map(str, frame.columns), table.schema.names, strict=False))
    # A pandas category takes no values between its own, whatever they look like.
    chosen = {
        names[str(name)]: Role.CATEGORICAL
        for name, values in frame.items()
        if isinstance(values.dtype, pd.CategoricalDtype) and table.schema[names[str(name)]].role in QUANTITIES
    }
    for name, role in (roles or {}).items():
        if role not in {*QUANTITIES, *LEVELS, *SET_ASIDE}:
            raise GeneratorError(f"There is no role called “{role}” for column “{name}”. Try numeric or categorical.")
        chosen[names.get(str(name), str(name))] = Role(role)
    table = set_target(set_roles(table, chosen), table.schema.names[-1])
    return Train(table, np.arange(len(table)))


def number(text: str) -> int:
    """The class number in a target cell of :func:`train_rows`."""
    return int(text.removeprefix("class "))


def restored(made: pd.Series, column: Column, read: pd.Series, real: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Synthetic table values as the user's column holds them: its dtype, its cells' own objects, its marks for missing.

    Raises
    ------
    GeneratorError
        The dtype cannot hold the values.
    """
    if real.dtype.kind == "f" and column.kind in (Kind.FLOAT, Kind.INTEGER):  # most columns: no detour over objects
        return pd.Series(made.to_numpy("float64", na_value=np.nan)).astype(real.dtype)
    known, missing = made.notna().to_numpy(), read.isna().to_numpy()
    cells = real.astype(object).to_numpy()
    values = np.full(len(made), np.nan if real.dtype == object else None, dtype=object)
    values[known] = _cells(made[known], column, read, real)
    if not known.all() and missing.any():  # "N/A" stays "N/A", None stays None
        values[~known] = rng.choice(cells[missing], int((~known).sum()))
    try:
        typed = pd.Series(values, dtype=object).astype(real.dtype)
        held = typed[known].notna().to_numpy()
        if real.dtype.kind in "iu":  # −1 would become 255
            held = typed[known].astype(object).to_numpy() == values[known]
    except (TypeError, ValueError, OverflowError):
        held = np.zeros(1, dtype=bool)
    if not held.all():
        example = "no value" if not known.all() else f"“{values[0]}”"
        raise GeneratorError(
            f"Column “{real.name}” was read as {column.role}, so its synthetic cells hold {example}, which "
            f"{real.dtype} cannot. Take the column out before, or set what it is with roles."
        )
    return typed


def _cells(made: pd.Series, column: Column, read: pd.Series, real: pd.Series) -> np.ndarray:
    """Values without gaps as objects like the ones in the user's column, shape (n_rows,)."""
    if column.kind is Kind.TEXT or column.role in LEVELS:  # they occur in the real rows, but for made-up ids
        first = ~read.duplicated() & read.notna()
        own = dict(zip(read[first], real.astype(object)[first], strict=True))
        return _array([own.get(value, value) for value in made])
    example = real.dropna().iloc[0] if real.notna().any() else None
    if isinstance(example, str):
        return as_text(made, column).to_numpy(dtype=object)
    if column.kind is Kind.DATE:
        if isinstance(real.dtype, pd.DatetimeTZDtype):
            made = made.dt.tz_localize("UTC").dt.tz_convert(real.dtype.tz)
        elif isinstance(example, date) and not isinstance(example, datetime):
            made = made.dt.date
    return _array(made.astype(object).tolist())


def _array(values: list) -> np.ndarray:
    """One object a cell, whatever it is."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out
