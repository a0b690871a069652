"""Which column of an uploaded file is which: told by its name, or stated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from synth_core.errors import JourneyError, TableError
from synth_core.journeys._cells import Cells
from synth_core.tables.loading import unique_names
from synth_core.tables.reading import load_bytes, read_raw

#: Names that columns usually have, the most telling first; compared in lower case, with “_” for anything else.
EVENT_NAMES: dict[str, tuple[str, ...]] = {
    "user": (
        "user", "user_id", "userid", "user_pseudo_id", "customer", "customer_id", "customerid", "client", "client_id",
        "visitor", "visitor_id", "fullvisitorid", "cookie", "cookie_id", "person", "person_id", "uid", "member_id",
        "profile_id", "contact_id", "lead_id", "device_id", "journey_id", "id",
    ),
    "time": (
        "time", "timestamp", "datetime", "date_time", "event_time", "event_timestamp", "event_date", "touch_time",
        "touchpoint_time", "visit_time", "session_start", "occurred_at", "created_at", "ts", "date", "day",
    ),
    "channel": (
        "channel", "channel_name", "marketing_channel", "channel_grouping", "default_channel_group", "channelgrouping",
        "touchpoint", "touch_point", "touch", "source_medium", "source", "utm_source", "medium", "utm_medium",
        "campaign",
    ),
    "conversion": (
        "conversion", "conversions", "converted", "is_conversion", "is_converted", "conversion_flag", "convert", "conv",
        "total_conversions",
    ),
    "event": ("event", "event_name", "event_type", "interaction", "interaction_type", "type", "action"),
    "value": (
        "value", "conversion_value", "revenue", "purchase_revenue", "order_value", "amount", "sales", "price",
        "total_conversion_value",
    ),
}  # fmt: skip
PATH_NAMES: dict[str, tuple[str, ...]] = {
    "path": (
        "path", "paths", "journey", "journeys", "conversion_path", "channel_path", "customer_journey", "touchpoints",
        "channels", "path_to_conversion", "sequence",
    ),
    "conversions": (
        "total_conversions", "total_conversion", "conversions", "conversion", "conversion_count", "converted", "conv",
        "count_conversions", "n_conversions",
    ),
    "value": (
        "total_conversion_value", "total_conversions_value", "conversion_value", "conversions_value", "total_value",
        "value", "revenue", "total_revenue",
    ),
    "nulls": (
        "total_null", "total_nulls", "null", "nulls", "null_conversions", "non_conversions", "nonconversions",
        "total_non_conversions", "no_conversion", "no_conversions", "not_converted", "non_converted",
    ),
    "total": ("total_paths", "occurrences", "path_count", "total", "users", "people", "frequency", "count", "n"),
}  # fmt: skip
CREDIT_NAMES: dict[str, tuple[str, ...]] = {
    "channel": EVENT_NAMES["channel"],
    "credit": (
        "credit", "credits", "attributed_conversions", "conversions", "total_conversions", "conversion", "attribution",
        "credit_share", "share", "weight", "percent", "percentage", "contribution",
    ),
    "value": ("credit_value", "attributed_value", "attributed_revenue", *EVENT_NAMES["value"]),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Sheet:
    """The file as text, with the names of its columns and what the reader has to know."""

    names: list[str]
    columns: list[pa.Array]
    first_row: int
    decimal_comma: bool
    notes: list[str]

    def cells(self, name: str) -> Cells:
        return Cells.of(name, self.columns[self.names.index(name)], self.first_row, self.decimal_comma)

    @property
    def shown(self) -> str:
        """The columns, each with an example, for messages."""
        listed = []
        for name, column in list(zip(self.names, self.columns, strict=True))[:12]:
            filled = column.filter(pc.not_equal(column, ""))
            listed.append(f"“{name}”" + (f" (such as “{filled[0].as_py()[:30]}”)" if len(filled) else " (blank)"))
        return ", ".join(listed) + (" …" if len(self.names) > 12 else "")


def read_sheet(data: bytes, sheet: str | None) -> Sheet:
    """Any file that the tables room reads, cell by cell as text.

    Raises
    ------
    JourneyError
        It is no table, has no rows, or is damaged.
    """
    try:
        raw = read_raw(load_bytes(data), sheet)
    except TableError as error:
        raise JourneyError(str(error)) from error
    headers = raw.headers if raw.headers is not None else [f"column_{i + 1}" for i in range(len(raw.columns))]
    names, _ = unique_names(headers)
    return Sheet(names, raw.columns, 1 if raw.headers is None else 2, raw.decimal_comma, list(raw.notes))


def guess(sheet: Sheet, known: Mapping[str, tuple[str, ...]], taken: Mapping[str, str]) -> dict[str, str]:
    """Which column plays which part: those in ``taken``, then by name; a column plays one part only."""
    found = dict(taken)
    plain = {re.sub(r"[^a-z0-9]+", "_", _split_case(name)).strip("_"): name for name in reversed(sheet.names)}
    for part, usual in known.items():
        if part not in found:
            name = next((plain[u] for u in usual if u in plain and plain[u] not in found.values()), None)
            if name is not None:
                found[part] = name
    return found


def stated(sheet: Sheet, columns: Mapping[str, str] | None, allowed: tuple[str, ...]) -> dict[str, str]:
    """``columns`` as they are called in the file.

    Raises
    ------
    JourneyError
        A part is unknown, or no column has that name, or one column plays two parts.
    """
    found: dict[str, str] = {}
    for part, name in (columns or {}).items():
        if part not in allowed:
            raise JourneyError(f"A column cannot be “{part}”. Choose among {', '.join(allowed)}.")
        match = [n for n in sheet.names if n == name] or [n for n in sheet.names if n == " ".join(str(name).split())]
        if not match:
            raise JourneyError(f"The file has no column “{name}” for the {part}. Its columns are {sheet.shown}.")
        if match[0] in found.values():
            raise JourneyError(f"The column “{name}” was chosen twice. Choose another one for the {part}.")
        found[part] = match[0]
    return found


def _split_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
