"""What leaves instead of real identifiers, sensitive values and free text: nothing, invented values, or codes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from synth_core.errors import SchemaError
from synth_core.tables._sources import Source, as_kind, choices, chosen, code_of, texts_of
from synth_core.tables.schema import RELEASES, Column, Kind, Release, Schema

if TYPE_CHECKING:
    from synth_core.tables.table import Table

_LOOK = 50_000  #: values that show what a column looks like

__all__ = [
    "Source", "as_kind", "choices", "chosen", "examples", "repeated", "set_releases", "without_real_values",
    "without_repeats",
]  # fmt: skip


def set_releases(table: Table, releases: dict[str, Release]) -> Table:
    """The table with what an analyst chose to come out of set-aside columns.

    Raises
    ------
    SchemaError
        No such column, a column that is not set aside, or a choice that its kind does not allow.
    """
    schema = table.schema
    for name, release in releases.items():
        column, release = schema[name], Release(release)
        if column.role not in RELEASES:
            raise SchemaError(
                f"“{name}” is {column.role}: its values are sampled. Make it sensitive first to choose what comes out."
            )
        if release not in choices(column):
            offered = " or ".join(f"“{c}”" for c in choices(column))
            raise SchemaError(f"“{name}” holds {column.kind} values and cannot come out as “{release}”: use {offered}.")
        default = chosen(replace(column, release=None))
        schema = schema.replace_column(name, release=None if release is default else release)
    return table if schema == table.schema else replace(table, schema=schema)


def examples(column: Column, values: pd.Series, *, seed: int = 0) -> tuple[str, ...]:
    """Two values as they would come out, none of the real ones; empty where the column comes out blank."""
    source = Source.of(column, values.dropna().head(_LOOK))
    if source.release is Release.DROP:
        return ()
    made = pd.Series(source.values(2, seed=seed))
    if len(values) > _LOOK and values.isin(made).any():  # a real value that stands further down
        made = pd.Series(Source.of(column, values).values(2, seed=seed))
    return tuple(texts_of(made, column.kind))


def without_real_values(real: pd.DataFrame, schema: Schema, *, beside: pd.DataFrame | None = None) -> pd.DataFrame:
    """Real rows that may leave: set-aside columns blank, invented or hashed, as chosen for each.

    The same real value gets the same stand-in within one call, another one in the next: the key is thrown away.

    Parameters
    ----------
    real : pandas.DataFrame
    schema : Schema
    beside : pandas.DataFrame, optional
        Rows that leave together with them; no stand-in equals a value there.
    """
    out = {}
    for column in schema:
        if column.comes_out is None:
            continue
        source = Source.of(column, real[column.name])
        codes, distinct = pd.factorize(real[column.name])
        if source.release is Release.DROP:
            stand_ins: list = [None] * len(distinct)
        elif source.release is Release.HASH:
            key = secrets.token_bytes(32)
            digests = (hashlib.blake2b(t.encode(), key=key, digest_size=16) for t in texts_of(distinct, column.kind))
            stand_ins = [code_of(d.hexdigest(), column.kind) for d in digests]
        else:
            taken = set(beside[column.name].dropna()) if beside is not None else set()
            made = source.values(len(distinct) + len(taken), seed=secrets.randbits(63))
            stand_ins = [v for v in made if v not in taken][: len(distinct)]
        values = np.array([*stand_ins, None], dtype=object)[codes]  # a missing value has code −1
        out[column.name] = as_kind(values, column.kind).set_axis(real.index)
    return real.assign(**out)


def repeated(real: pd.DataFrame, synthetic: pd.DataFrame, schema: Schema) -> dict[str, int]:
    """Synthetic rows that hold a real value of an identifier, a sensitive column or free text, by column.

    Texts are compared without regard to case and outer blanks. Columns without any are left out.
    """
    found = {}
    for column in schema:
        if column.role in RELEASES:
            known = set(_compared(real[column.name], column.kind))
            count = int(_compared(synthetic[column.name], column.kind).isin(known).sum())
            if count:
                found[column.name] = count
    return found


def without_repeats(real: pd.DataFrame, synthetic: pd.DataFrame, schema: Schema) -> tuple[pd.DataFrame, dict[str, int]]:
    """The synthetic rows with every value that :func:`repeated` would count left blank, and the counts.

    New values are compared with the rows that a generator learned from; among all real rows, the holdout too, one may
    still be there by chance.
    """
    found = repeated(real, synthetic, schema)
    for name in found:
        known = set(_compared(real[name], schema[name].kind))
        compared = _compared(synthetic[name], schema[name].kind)
        values = synthetic[name].astype("object").where(synthetic[name].notna(), None)
        values.loc[compared.index[compared.isin(known)]] = None
        synthetic = synthetic.assign(**{name: as_kind(values.to_numpy(), schema[name].kind).set_axis(values.index)})
    return synthetic, found


def _compared(values: pd.Series, kind: Kind) -> pd.Series:
    values = values.dropna()
    return values.str.strip().str.casefold() if kind is Kind.TEXT else values
