"""A synthetic table made elsewhere, turned into the real table's columns and kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pyarrow as pa

from synth_core.errors import SchemaError, TableError
from synth_core.tables import values
from synth_core.tables.export import FLAG, as_text, export_headers
from synth_core.tables.rules.edit import refit
from synth_core.tables.schema import SET_ASIDE, Column, Kind, Schema
from synth_core.tables.table import DTYPES, Table

_MARKED = ("true", "1", "1.0", "yes")
_TRUTH = {"true": "1", "false": "0"}
_READABLE = 0.9  #: share of dates that must fit the real column's format; otherwise other formats are tried
_NAMED = 8  #: columns named in a sentence


def conform(synthetic: Table, real: Table) -> Table:
    """``synthetic`` with the real table's columns, kinds, order and spelling of levels.

    Columns are found by name or original header, without regard to case and outer blanks. Of a table with a column
    ``is_synthetic`` only the marked rows are kept. What was changed is in the notes.

    Parameters
    ----------
    synthetic : Table
        As :func:`synth_core.tables.read_table` read it.
    real : Table

    Returns
    -------
    Table
        Columns that ``synthetic`` lacks are not in it; its schema is the real one's without them.

    Raises
    ------
    TableError
        No column in common, no row marked as synthetic, or values that cannot be of the real column's kind.
    """
    table, notes = _marked(synthetic, real.schema)
    found, extra = _matches(table.schema, real.schema)
    if not any(real.schema[name].role not in SET_ASIDE for name in found):
        raise TableError(
            f"None of the columns of “{real.name}” is in “{synthetic.name}”: it has {_listed(table.schema.names)}, the "
            f"real one {_listed(real.schema.names)}. Use the headers of the real table."
        )
    if extra:
        notes.append(f"Columns that the real table does not have are ignored: {_listed(extra)}.")
    data = {}
    for column in real.schema:
        if column.name not in found:
            continue
        source = table.schema[found[column.name]]
        series, said = _as_kind(table.frame[source.name], source, column, real.frame[column.name])
        if series is not None:
            data[column.name] = series
        elif column.role in SET_ASIDE:
            said += " The column is left out."
        else:
            raise SchemaError(f"{said} Correct such values in the file, or leave them blank.")
        notes += [said] if said else []
    if absent := [name for name in real.schema.names if name not in found]:
        notes.append(f"Columns that “{synthetic.name}” does not have cannot be compared: {_listed(absent)}.")
    part = only_columns(real, [*data])
    frame = pd.DataFrame(data, index=table.frame.index).reset_index(drop=True)
    return Table(frame, part.schema, synthetic.name, (*synthetic.notes, *notes))


def only_columns(table: Table, names: list[str]) -> Table:
    """``table`` with the columns ``names``, in its own order, and the rules that they still fit."""
    schema = table.schema
    kept = tuple(c for c in schema if c.name in names)
    if len(kept) == len(schema.columns):
        return table
    has_target = schema.target in names
    part = replace(
        schema,
        columns=kept,
        target=schema.target if has_target else None,
        positive=schema.positive if has_target else None,
    )
    return refit(replace(table, frame=table.frame[part.names], schema=part))


def _marked(table: Table, real: Schema) -> tuple[Table, list[str]]:
    """The rows that a flag column marks as synthetic, without that column; all rows where there is none."""
    flag = next((c.name for c in table.schema if _key(c.original) == FLAG), None)
    if flag is None or flag in real:
        return table, []
    marked = table.frame[flag].astype(str).str.strip().str.lower().isin(_MARKED).to_numpy()
    if not marked.any():
        raise TableError(
            f"“{flag}” marks no row of “{table.name}” as synthetic: its first value is “{table.frame[flag].iloc[0]}”. "
            "Write “true” where a row is synthetic, or leave the column out if all rows are."
        )
    others = int((~marked).sum())
    kept = only_columns(table.take(marked.nonzero()[0]), [n for n in table.schema.names if n != flag])
    count = f"{others:,} row{'s' if others != 1 else ''}"
    return kept, [f"{count} that “{flag}” does not mark as synthetic are left out."] if others else []


def _matches(given: Schema, real: Schema) -> tuple[dict[str, str], list[str]]:
    """Real name → the given table's name for it, and the given columns that match none; exact headers go first."""
    wanted = [
        (column.name, {column.name, column.original, header})
        for column, header in zip(real, export_headers(real), strict=True)
    ]
    found: dict[str, str] = {}
    used: set[str] = set()
    steps: tuple[Callable[[str], str], ...] = (str, _key)
    for same in steps:
        for name, headers in wanted:
            known = {same(h) for h in headers if h.strip()}
            match = next(
                (c.name for c in given if c.name not in used and {same(c.name), same(c.original)} & known), None
            )
            if name not in found and match is not None:
                found[name] = match
                used.add(match)
    return found, [c.name for c in given if c.name not in used]


def _as_kind(given: pd.Series, source: Column, column: Column, real: pd.Series) -> tuple[pd.Series | None, str]:
    """The values in the kind of ``column`` (None: they cannot be), and what is to be said (empty: nothing)."""
    if column.kind is Kind.TEXT:
        texts = as_text(given, source)
        return _spelt(texts, column, real) if column.role not in SET_ASIDE else (texts, "")
    if not given.notna().any():
        return pd.Series(None, index=given.index, dtype=DTYPES[column.kind]), ""
    if column.kind is Kind.DATE:
        return _dates(as_text(given, source), column)
    if source.kind in (Kind.FLOAT, Kind.INTEGER):
        return _numbers(given, column)
    texts = as_text(given, source)
    parsed = values.numbers(_texts(texts.map(lambda t: _TRUTH.get(_key(t), t), na_action="ignore")))
    if parsed is None:
        return None, _difference(column, texts[pd.to_numeric(texts, errors="coerce").isna()].dropna())
    number, said = _numbers(parsed.values.set_axis(given.index), column)
    return number, " ".join(filter(None, (_lost(column, "number", texts[number.isna()].dropna()), said)))


def _numbers(given: pd.Series, column: Column) -> tuple[pd.Series, str]:
    number = given.astype("float64")
    if column.kind is Kind.FLOAT:
        return number, ""
    broken = number[number % 1 != 0].dropna()
    said = ""
    if len(broken):
        said = f"“{column.name}” has whole numbers in the real table: {_count(broken)} such as “{broken.iloc[0]:g}” "
        said += "was rounded." if len(broken) == 1 else "were rounded."
    return number.round().astype("Int64"), said


def _dates(texts: pd.Series, column: Column) -> tuple[pd.Series | None, str]:
    """Dates in the real column's format, else in one that fits."""
    stamps = pd.Series(pd.NaT, index=texts.index)
    if "%" in (column.format or ""):
        stamps = pd.to_datetime(texts, format=column.format, errors="coerce")
    if stamps.notna().sum() < _READABLE * texts.notna().sum():
        parsed = values.parse(f"{column.name}: date", _texts(texts))
        if parsed.kind is not Kind.DATE:
            return None, _difference(column, texts.dropna())
        stamps = parsed.values.set_axis(texts.index)
    return stamps.astype(DTYPES[Kind.DATE]), _lost(column, "date", texts[stamps.isna()].dropna())


def _spelt(texts: pd.Series, column: Column, real: pd.Series) -> tuple[pd.Series, str]:
    """Levels in the real column's spelling where only case or outer blanks differ."""
    levels = pd.Series(real.dropna().unique(), dtype="object")
    single = levels[~levels.map(_key).duplicated(keep=False)]
    spelling = dict(zip(single.map(_key), single, strict=True))
    known = set(levels)
    spelt = texts.map(lambda t: t if t in known else spelling.get(_key(t), t), na_action="ignore")
    changed = texts[texts.notna() & (texts != spelt)]
    if not len(changed):
        return texts, ""
    first, are = changed.index[0], "is" if len(changed) == 1 else "are"
    example = f"such as “{changed[first]}” {are} read as the real “{spelt[first]}”"
    return spelt, f"“{column.name}”: {_count(changed)} {example}."


def _lost(column: Column, what: str, texts: pd.Series) -> str:
    if not len(texts):
        return ""
    counted = "counts" if len(texts) == 1 else "count"
    return f"“{column.name}”: {_count(texts)} such as “{texts.iloc[0]}” {counted} as missing, being no {what}."


def _difference(column: Column, texts: pd.Series) -> str:
    what = {Kind.FLOAT: "numbers", Kind.INTEGER: "whole numbers", Kind.DATE: "dates"}[column.kind]
    known = f" such as “{column.examples[0]}”" if column.examples else ""
    return f"“{column.name}” holds {what}{known} in the real table, but “{texts.iloc[0]}” in the synthetic one."


def _count(found: pd.Series) -> str:
    return f"{len(found):,} value{'' if len(found) == 1 else 's'}"


def _texts(texts: pd.Series) -> values.Texts:
    return values.Texts.of(pa.array(texts.fillna("").tolist(), pa.string()))


def _key(header: str) -> str:
    return " ".join(header.split()).casefold()


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if names[_NAMED:] else "")
