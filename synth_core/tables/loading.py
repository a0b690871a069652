"""``read_table`` and the edits an analyst makes to what it proposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from synth_core.errors import SchemaError, TableError
from synth_core.tables import reading, values
from synth_core.tables.columnar import read_frame
from synth_core.tables.excel import sheet_names
from synth_core.tables.roles import propose
from synth_core.tables.rules.edit import refit
from synth_core.tables.schema import Column, Kind, Role, Schema
from synth_core.tables.table import Table

#: ``Column.reason`` of a role that an analyst set.
CHOSEN = "chosen by you"

#: Labels of the outcome of interest, where the other label is one of ``_NEGATIVE`` (so {1, 2} is left open).
_POSITIVE = ("1", "1.0", "yes", "true", "y", "t", "positive", "pos", "on")
_NEGATIVE = ("0", "0.0", "-1", "no", "false", "n", "f", "negative", "neg", "off")
_KINDS = {Role.NUMERIC: (Kind.FLOAT, Kind.INTEGER), Role.INTEGER: (Kind.INTEGER,), Role.DATE: (Kind.DATE,)}


def read_table(
    source: str | Path | bytes,
    target: str | None = None,
    *,
    name: str | None = None,
    sheet: str | None = None,
    positive: object = None,
    roles: dict[str, Role] | None = None,
    drop_missing_target: bool = False,
) -> Table:
    """Read a CSV, TSV, Excel or Parquet file and propose what each column is.

    Everything is read as text first: ``06520`` stays text, and a column of numbers with a few "N/A" is numeric with
    those tokens treated as missing. What was decided is in ``Table.notes`` and in each ``Column.reason``.

    Parameters
    ----------
    source : str, Path or bytes
        A path, or the content of the file.
    target : str, optional
        Column to predict.
    name : str, optional
        For display; the file's name without its suffix if left out.
    sheet : str, optional
        Sheet of an Excel file; the first if left out (see :func:`synth_core.tables.excel.sheet_names`).
    positive : optional
        The target's positive class, for a two-class target.
    roles : dict of str to Role, optional
        Roles to use instead of the proposed ones.
    drop_missing_target : bool
        Leave out rows whose target is missing instead of refusing them.

    Raises
    ------
    TableError
        The file cannot be read as a table.
    SchemaError
        The target or a role does not fit the data.
    """
    if target is None and (positive is not None or drop_missing_target):
        given = "A positive class" if positive is not None else "Leaving out rows without an outcome"
        raise SchemaError(f"{given} needs a target: say which column is to be predicted.")
    data = reading.load_bytes(source)
    if sheet is not None and not sheet_names(data):
        raise TableError(f"The file has no sheets, so “{sheet}” cannot be picked. Leave the sheet out.")
    raw = reading.read_raw(data, sheet)
    if name is None:
        name = "table" if isinstance(source, (bytes, bytearray, memoryview)) else Path(source).name.split(".")[0]
    table = _build(raw.columns, raw.headers, name, raw.decimal_comma, raw.notes)
    if roles:
        table = set_roles(table, roles)
    if target is not None:
        table = set_target(table, target, positive, drop_missing_target=drop_missing_target)
    return table


def table_from_frame(frame: pd.DataFrame, name: str = "table", notes: Sequence[str] = ()) -> Table:
    """A table from a frame in memory, through the same text-first reading as a file."""
    raw = read_frame(frame)
    return _build(raw.columns, raw.headers, name, raw.decimal_comma, [*notes, *raw.notes])


def set_target(table: Table, name: str, positive: object = None, *, drop_missing_target: bool = False) -> Table:
    """The table with ``name`` as the column to predict; the former target gets its proposed role back.

    Parameters
    ----------
    positive : optional
        The positive class of a two-class target. If left out: 1, yes or true where the other class is 0, −1, no or
        false; a label that starts with ">"; else the rarer class.
    drop_missing_target : bool
        Leave out rows whose target is missing.

    Raises
    ------
    SchemaError
        No such column, missing target values, fewer than two classes, or no class ``positive``.
    """
    column = table.schema[name]
    if len(table.schema.columns) == 1:
        raise SchemaError(f"“{name}” is the only column: there is nothing to predict it from. Add more columns.")
    missing = table.frame[name].isna().to_numpy()
    if missing.all():
        raise SchemaError(f"Target “{name}” has no values at all. Choose another column.")
    if missing.any():
        if not drop_missing_target:
            raise SchemaError(
                f"Target “{name}” is missing in {missing.sum():,} of {len(table):,} rows, first in row "
                f"{int(missing.argmax()) + 1:,} of the data. Fill in the outcome, or choose to leave those rows out."
            )
        table = replace(
            table.take(np.flatnonzero(~missing)),
            notes=(*table.notes, f"{missing.sum():,} rows without a value in “{name}” were left out."),
        )
    labels = table.frame[name].astype(str)
    classes = labels.value_counts()
    if len(classes) < 2:
        raise SchemaError(
            f"Target “{name}” has the same value in every row ({classes.index[0]}): there is nothing to learn. "
            "Choose another column, or add rows with another outcome."
        )
    chosen = _positive(name, classes, positive)
    schema = table.schema
    if schema.target is not None and schema.target != name:
        role, reason = _propose(schema[schema.target], table.frame[schema.target])
        schema = schema.replace_column(schema.target, role=role, reason=reason)
    reason = f"the column to predict; positive class {chosen}" if chosen else "the column to predict"
    schema = schema.replace_column(column.name, role=Role.TARGET, reason=reason)
    return refit(replace(table, schema=replace(schema, target=name, positive=chosen)))


def _positive(name: str, classes: pd.Series, wanted: object) -> str | None:
    labels = list(classes.index)
    if wanted is not None:
        match = [c for c in labels if c == str(wanted) or _same_number(c, wanted)]
        if not match or len(labels) != 2:
            raise SchemaError(
                f"Target “{name}” has no two classes of which one is “{wanted}”: its values are "
                f"{', '.join(labels[:5])}{' …' if len(labels) > 5 else ''}. Choose the positive class among two."
            )
        return match[0]
    if len(labels) != 2:
        return None
    plain = [label.strip(" '\"").lower() for label in labels]
    for label, own, other in zip(labels, plain, reversed(plain), strict=True):
        if (own in _POSITIVE and other in _NEGATIVE) or own.startswith(">"):
            return label
    return str(classes.idxmin()) if classes.iloc[0] != classes.iloc[1] else max(labels)


def _same_number(label: str, wanted: object) -> bool:
    try:
        return float(label) == float(str(wanted))
    except ValueError:
        return False


def set_roles(table: Table, roles: dict[str, Role]) -> Table:
    """The table with the roles an analyst chose; values are read anew where the role needs another kind.

    Raises
    ------
    SchemaError
        No such column, the target's role, or values that do not fit the role (one is quoted).
    """
    frame, schema = table.frame, table.schema
    for name, role in roles.items():
        column, role = schema[name], Role(role)
        if role is column.role:
            continue
        if Role.TARGET in (role, column.role):
            raise SchemaError(f"“{name}”: the target is chosen with the target picker, not as a role.")
        observed = frame[name].dropna()
        if role is Role.EMPTY and len(observed):
            raise SchemaError(f"“{name}” is not empty: it holds “{observed.iloc[0]}”. Use “free text” to set it aside.")
        if role is Role.CONSTANT and observed.nunique() > 1:
            raise SchemaError(
                f"“{name}” has {observed.nunique():,} different values, such as “{observed.iloc[0]}”. "
                "Use “identifier” to set it aside."
            )
        if role is Role.BOOLEAN and observed.nunique() > 2:
            raise SchemaError(
                f"“{name}” has {observed.nunique():,} different values, such as “{observed.iloc[0]}”. "
                "Use “categorical”."
            )
        changes, series = _as_role(column, frame[name], role)
        if series is not None:
            frame = frame.assign(**{name: series})
        schema = schema.replace_column(name, role=role, reason=CHOSEN, **changes)
    return refit(replace(table, frame=frame[schema.names], schema=schema))


def _as_role(column: Column, stored: pd.Series, role: Role) -> tuple[dict, pd.Series | None]:
    """Column changes and re-read values (None = keep) for a new role."""
    wanted = _KINDS.get(role)
    if wanted is None or column.kind in wanted:
        return {}, None
    if not stored.notna().any():
        raise SchemaError(f"“{column.name}” has no values, so it cannot be read as {role}.")
    from synth_core.tables.export import as_text

    texts = values.Texts.of(pa.array(as_text(stored, column).fillna("").tolist(), pa.string()))
    if role is Role.DATE:
        parsed = values.parse(f"{column.name}: date", texts)
    else:
        parsed = values.numbers(texts, strict=True)
    if parsed is None or parsed.kind not in wanted:
        raise SchemaError(
            f"“{column.name}” cannot be read as {role}: for example “{_misfit(texts, parsed, role)}”. "
            "Correct such values in the file, or choose “categorical”."
        )
    changes = {
        "kind": parsed.kind,
        "format": parsed.format,
        "decimals": parsed.decimals,
        "missing_tokens": tuple(dict.fromkeys((*column.missing_tokens, *parsed.missing_tokens))),
    }
    return changes, parsed.values


def _misfit(texts: values.Texts, parsed: values.Parsed | None, role: Role) -> str:
    levels = pd.Series(texts.levels.to_pylist(), dtype="object")[~texts.missing]
    numbers = pd.to_numeric(levels, errors="coerce")
    bad = levels[numbers.isna() if role is not Role.INTEGER else numbers.isna() | (numbers % 1 != 0)]
    return str((bad if len(bad) else levels).iloc[0])


def _build(
    texts: Sequence[pa.Array], headers: list[str] | None, name: str, decimal_comma: bool, notes: list[str]
) -> Table:
    originals = headers if headers is not None else [f"column_{i + 1}" for i in range(len(texts))]
    names, renamed = unique_names(originals)
    notes = list(notes)
    if renamed:
        notes.append(f"Blank or repeated headers were named: {', '.join(renamed[:10])}{' …' if renamed[10:] else ''}.")
    columns, data = [], {}
    for header, original, text in zip(names, originals, texts, strict=True):
        levels = values.Texts.of(text)
        parsed = values.parse(header, levels, decimal_comma=decimal_comma)
        role, reason = propose(original, parsed.values, parsed.kind, code=parsed.code)
        if parsed.note:
            reason = parsed.note if role is Role.DATE else f"{reason}; {parsed.note}"
            if parsed.kind is not Kind.DATE or "could not" in parsed.note or "both orders" in parsed.note:
                notes.append(f"“{header}”: {parsed.note}.")
        elif parsed.kind is Kind.TEXT and parsed.missing_tokens:
            shown = ", ".join(f"“{t}”" for t in parsed.missing_tokens[:5])
            notes.append(f"“{header}”: {shown} counts as missing.")
        data[header] = parsed.values
        columns.append(
            Column(
                header, original, parsed.kind, role, reason, levels.examples(), parsed.format, parsed.decimals,
                parsed.missing_tokens,
            )
        )  # fmt: skip
    if not any(c.role is not Role.EMPTY for c in columns):
        raise TableError("No column holds a value. Export the table again with its data.")
    return Table(pd.DataFrame(data), Schema(tuple(columns)), name, tuple(notes))


def _propose(column: Column, stored: pd.Series) -> tuple[Role, str]:
    code = column.kind is Kind.TEXT and bool(column.examples) and column.examples[0].strip().isdigit()
    return propose(column.original, stored, column.kind, code=code)


def unique_names(headers: Sequence[str]) -> tuple[list[str], list[str]]:
    """Unique, non-blank names for ``headers``, and those that had to be made up."""
    cleaned = [" ".join(h.split()) for h in headers]
    taken = {h for h in cleaned if h}
    seen: set[str] = set()
    names, renamed = [], []
    for position, header in enumerate(cleaned, 1):
        blank = not header or header.lower().startswith("unnamed:")
        base = f"column_{position}" if blank else header
        name, number = base, 2
        while name in seen or ((blank or name != header) and name in taken):
            name, number = f"{base}_{number}", number + 1
        seen.add(name)
        names.append(name)
        if name != header:
            renamed.append(name)
    return names, renamed
