"""A data dictionary: a CSV or Excel file with one line per column of the table to come."""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import replace

from synth_core.blueprint.checks import check
from synth_core.blueprint.records import FIELDS, column_from
from synth_core.blueprint.spec import Blueprint, Boolean, Category, ColumnSpec, TargetSpec
from synth_core.errors import BlueprintError, TableError
from synth_core.tables import sniffing
from synth_core.tables.reading import read_raw

_HEADERS = {
    "name": "name column field variable feature attribute column_name field_name variable_name feature_name spalte",
    "type": "type data_type dtype kind format datatype field_type variable_type typ",
    "distribution": "distribution shape verteilung",
    "low": "low min minimum from lower lowest start min_value minimum_value lower_bound von",
    "mean": "mean average avg expected mean_value mittelwert",
    "high": "high max maximum to upper highest end max_value maximum_value upper_bound bis",
    "range": "range value_range bereich",
    "sd": "sd std stdev stddev std_dev standard_deviation standardabweichung",
    "decimals": "decimals digits precision scale",
    "levels": "levels values categories allowed_values valid_values possible_values codes options value_labels enum "
    "werte",
    "share": "share share_yes probability rate",
    "prefix": "prefix",
    "zero": "zero zeros share_zero share_of_zeros zero_share zero_rate",
    "missing": "missing share_missing missing_share missing_rate share_of_missing nulls null null_rate blank fehlend",
    "role": "role use usage",
    "description": "description meaning definition label notes note comment comments details beschreibung",
}
_BY_HEADER = {word: field for field, names in _HEADERS.items() for word in names.split()}
_TARGET = ("target", "outcome", "label", "dependent", "response", "y")
_TITLES = 10  #: lines above which the header is looked for
_RANGE = re.compile(r"\s*([+-]?[\d.,]+)\s*(?:-|–|to|bis|\.\.+|…)\s*([+-]?[\d.,]+)\s*")


def read_dictionary(data: bytes, name: str = "Blueprint") -> tuple[Blueprint, tuple[str, ...]]:
    """A blueprint from a data dictionary (CSV, or the first sheet of an .xlsx), and what to know about how it was read.

    Separator, encoding and decimal comma are found out; headers may go by their usual names (minimum, average, allowed
    values …); only the column's name is needed beside anything that says what it holds. Titles above the header are
    left out.

    Raises
    ------
    BlueprintError
        With the line and the column that are wrong.
    """
    excel = data.startswith(b"PK\x03\x04")
    lines = _sheet_lines(data) if excel else _text_lines(data)
    at = next((i for i, (_, cells) in enumerate(lines[:_TITLES]) if "name" in _fields(cells)[0]), 0)
    lines = lines[at:]
    if len(lines) < 2:
        raise BlueprintError("The data dictionary has no lines below its header. Add one line per column.")
    (_, header), body = lines[0], lines[1:]
    fields, percent, unknown = _fields(header)
    if "name" not in fields:
        raise BlueprintError(
            "Line 1: no header names the columns. One of “name”, “column”, “field” or “variable” is needed; there are: "
            f"{', '.join(h for h in header if h)}."
        )
    if excel:  # a cell that shows 5 % holds 0.05
        percent = frozenset(f for f in percent if _above_one(cells[fields.index(f)] for _, cells in body))
    comma = sniffing.uses_decimal_comma([cells for _, cells in body])
    columns, targets = [], []
    for line, cells in body:
        if any(cells[len(header) :]):
            raise BlueprintError(
                f"Line {line} has {len(cells)} cells, the header {len(header)}. Put cells that hold the separator in "
                "double quotes."
            )
        record = {f: c.strip() for f, c in zip(fields, cells, strict=False) if f is not None and c.strip()}
        columns.append(_column(line, record, comma, percent))
        if record.get("role", "").lower() in _TARGET:
            targets.append((line, columns[-1]))
    notes = [f"Not used: {', '.join(f'“{h}”' for h in unknown)}."] if unknown else []
    blueprint = _with_target(Blueprint(name, tuple(columns)), targets)
    check(blueprint)
    return blueprint, tuple(notes)


def _text_lines(data: bytes) -> list[tuple[int, list[str]]]:
    try:
        text, _ = sniffing.decode(data)
    except TableError:
        raise BlueprintError(
            "This file is not text. Upload a data dictionary as CSV or Excel, or a YAML file."
        ) from None
    text, separator = sniffing.named_delimiter(text.replace("\r\n", "\n").replace("\r", "\n"))
    if separator is None:  # the one under which most headers are known; the usual guess among equals
        guesses = dict.fromkeys((sniffing.delimiter(text), *sniffing.DELIMITERS))
        separator = max(guesses, key=lambda guess: _known_headers(text, guess))
    return list(_lines(text, separator))


def _known_headers(text: str, separator: str) -> int:
    try:
        lines = itertools.islice(_lines(text, separator), _TITLES)
        return max((len([f for f in _fields(cells)[0] if f]) for _, cells in lines), default=0)
    except BlueprintError:
        return 0


def _sheet_lines(data: bytes) -> list[tuple[int, list[str]]]:
    raw = read_raw(data)
    head = [raw.headers] if raw.headers is not None else []
    rows = [*head, *zip(*(column.to_pylist() for column in raw.columns), strict=True)]
    return [(number, [cell.strip() for cell in row]) for number, row in enumerate(rows, 1)]


def _above_one(cells) -> bool:
    return any(re.fullmatch(r"\d+(\.\d+)?", cell) and float(cell) > 1 for cell in cells)


def _lines(text: str, separator: str):
    """Line number and cells of every line that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start = 1
    try:
        for cells in reader:
            if any(c.strip() for c in cells):
                yield start, [c.strip() for c in cells]
            start = reader.line_num + 1
    except csv.Error:
        raise BlueprintError(f"Line {start} cannot be read: a cell is too long, or a quote is not closed.") from None


def _fields(header: list[str]) -> tuple[list[str | None], frozenset[str], list[str]]:
    """The field of each header (None = not used), the fields in per cent, and the headers that say nothing."""
    fields: list[str | None] = []
    percent, unknown = set(), []
    for title in header:
        plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", title).lower()
        in_percent = bool(re.search(r"%|percent|pct|prozent", plain))
        word = re.sub(r"[^\w]+", "_", re.sub(r"%|percent|pct|prozent", " ", plain)).strip("_")
        field = _BY_HEADER.get(word) or (word if word in FIELDS else None)
        if field is None or field in fields:
            unknown += [title] if title else []
            field = None
        elif in_percent:
            percent.add(field)
        fields.append(field)
    return fields, frozenset(percent), unknown


def _column(line: int, record: dict[str, str], comma: bool, percent: frozenset[str]) -> ColumnSpec:
    span = record.pop("range", "")
    if match := _RANGE.fullmatch(span):
        record = {"low": match[1], "high": match[2]} | record
    elif span and "levels" not in record:
        record["levels"] = span
    try:
        return column_from(record, comma=comma, percent=percent)
    except BlueprintError as error:
        raise BlueprintError(f"Line {line}: {error}") from None


def _with_target(blueprint: Blueprint, targets: list[tuple[int, ColumnSpec]]) -> Blueprint:
    if not targets:
        return blueprint
    if len(targets) > 1:
        raise BlueprintError(f"Line {targets[1][0]}: there is a second target, “{targets[1][1].name}”. Keep one.")
    line, column = targets[0]
    if isinstance(column, Boolean):
        target = TargetSpec(column.name, column.share, column.labels)
    elif isinstance(column, Category) and len(column.levels) == 2:
        target = TargetSpec(column.name, column.shares[1] if column.shares else 0.5, column.levels)
    else:
        raise BlueprintError(
            f"Line {line}: the target “{column.name}” needs two levels, such as “no 90 %, yes 10 %”. Change its type "
            "to boolean."
        )
    return replace(blueprint, columns=tuple(c for c in blueprint.columns if c is not column), target=target)
