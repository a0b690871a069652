"""Times of events as days: dates in the usual notations, with one time zone or none, or plain day numbers."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from synth_core.errors import JourneyError
from synth_core.journeys._cells import Cells
from synth_core.tables import dates

_DAY_NS = 86_400 * 10**9
_CLOCK = r"\d{1,2}:\d\d\S*"
_OFFSET = rf"{_CLOCK}\s?(Z|[+-]\d\d(:?\d\d)?)$"
_ZONE_NAME = rf"{_CLOCK}(\s[AaPp][Mm])?\s?([A-Z]{{3,5}}|[A-Z][a-z]+/[A-Za-z_]+)$"
_ISO = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?([+-]\d\d(:?\d\d)?)?)?$"
_UNREAD = 0.05  #: share of rows whose time may be missing or unreadable: they are left out and counted
#: Plain numbers: (least, most, nanoseconds, what they are called).
_NUMBERS = (
    (-1e5, 1e5, _DAY_NS, "day numbers"),
    (3e8, 4e9, 10**9, "Unix seconds"),
    (3e11, 4e12, 10**6, "Unix milliseconds"),
    (3e14, 4e15, 10**3, "Unix microseconds"),
    (3e17, 4e18, 1, "Unix nanoseconds"),
)


def days(cells: Cells, notes: list[str], *, day_first: bool | None = None) -> np.ndarray:
    """Days since the first time in the column; float64 (rows,), NaN for the few rows left out.

    Parameters
    ----------
    cells : Cells
    notes : list of str
        What was decided is added here.
    day_first : bool, optional
        Order of dates such as 03/04/2024; told by the data where left out.

    Raises
    ------
    JourneyError
        Not times, or some with a time zone and some without, or too many that cannot be read.
    """
    blank = np.array([t.lower() in {"", "na", "n/a", "nan", "null", "none", "nat", "<na>"} for t in cells.levels], bool)
    if blank.all():
        raise JourneyError(f"The column of times “{cells.header}” is empty. Fill it, or upload paths (A > B > C).")
    levels = _one_zone(cells, blank, notes)
    stamps = _stamps(cells, levels, blank, notes, day_first)
    unread = cells.spread(np.isnan(stamps))
    if unread.mean() > _UNREAD:
        raise JourneyError(
            f"{cells.at(unread)}, which cannot be read as a time, like {int(unread.sum()) - 1:,} others. Write "
            "times as 2024-03-31 14:05:00, all in the same form."
        )
    if unread.any():
        count = int(unread.sum())
        notes.append(
            f"{count:,} row{'s have' if count > 1 else ' has'} no readable time and "
            f"{'were' if count > 1 else 'was'} left out; the first: {_lower(cells.at(unread))}."
        )
    return cells.spread(stamps - np.nanmin(stamps))


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _one_zone(cells: Cells, blank: np.ndarray, notes: list[str]) -> pa.Array:
    """The texts with “Z” and “UTC” as +0000; refused where only some have a zone."""
    levels = pc.replace_substring_regex(cells.texts.levels, rf"({_CLOCK}(\s[AaPp][Mm])?)\s?(UTC|GMT|Z)$", r"\1+0000")
    levels = pc.replace_substring_regex(levels, rf"^(.*{_CLOCK})\s([+-]\d\d(:?\d\d)?)$", r"\1\2")
    named = _matches(levels, _ZONE_NAME) & ~_matches(levels, r"\s?[AaPp][Mm]$")
    if named.any():
        raise JourneyError(
            f"{cells.at(cells.spread(named))}, with a time zone by name, which may mean several offsets. Write the "
            "offset instead, such as 2024-03-31 14:05:00+02:00, or bring all times to UTC."
        )
    zoned = _matches(levels, _OFFSET)
    bare = ~zoned & ~blank
    if zoned.any() and bare.any():
        raise JourneyError(
            f"{cells.at(cells.spread(zoned))}, with a time zone, but {_lower(cells.at(cells.spread(bare)))}, without "
            "one: hours would be compared with other hours. Give all times an offset, or none."
        )
    if zoned.any():
        offsets = pc.unique(pc.extract_regex(levels.filter(pa.array(zoned)), r"(?P<o>[+-]\d\d(?::?\d\d)?)$").field(0))
        shown = sorted({o.replace(":", "").ljust(5, "0") for o in offsets.to_pylist()})
        if shown != ["+0000"]:
            told = ", ".join(f"{o[:3]}:{o[3:]}" for o in shown[:4])
            notes.append(
                f"Times with {'different offsets' if len(shown) > 1 else 'an offset'} ({told}) were brought to UTC."
            )
    return levels


def _stamps(cells: Cells, levels: pa.Array, blank: np.ndarray, notes: list[str], day_first: bool | None) -> np.ndarray:
    """Days since 1970, or of plain day numbers, per distinct text; NaN where unread."""
    filled = levels.filter(pa.array(~blank))
    digits = _matches(levels, r"^-?\d+(\.\d*)?([eE][-+]?\d+)?$")
    if digits[~blank].mean() >= 1 - _UNREAD and not _matches(filled, r"^(19|20)\d\d[01]\d[0-3]\d$").all():
        return _numbered(cells, levels, digits, notes)
    texts = pd.Series(levels.to_pylist(), dtype="object").where(~blank)
    if _matches(filled, _ISO).mean() >= 1 - _UNREAD:
        parsed = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
        stamps, told = parsed.dt.tz_localize(None).to_numpy().astype("datetime64[ns]"), ""
    else:
        stamps, told = _by_format(cells, levels, blank, texts, day_first)
    if np.isnat(stamps).all():
        raise JourneyError(
            f"{cells.at(cells.spread(~blank))}, which is no date between 1678 and 2261. Write times as "
            "2024-03-31 14:05:00."
        )
    first, last = pd.Timestamp(np.nanmin(stamps)), pd.Timestamp(np.nanmax(stamps))
    notes.append(f"Times run from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}{told}; day 0 is the first.")
    return np.where(np.isnat(stamps), np.nan, stamps.astype("int64") / _DAY_NS)


def _by_format(
    cells: Cells, levels: pa.Array, blank: np.ndarray, texts: pd.Series, day_first: bool | None
) -> tuple[np.ndarray, str]:
    found = dates.parse("timestamp", levels, cells.texts.counts, blank)
    if found is None:
        bad = cells.spread(pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce").isna().to_numpy())
        raise JourneyError(
            f"{cells.at(bad)}, which cannot be read as a time. Write times as 2024-03-31 14:05:00, all in the same "
            "form, or choose another column for the time."
        )
    stamps, told = found.values, found.remark
    if day_first is not None and re.match(r"%[dm][/.-]%[dm]", found.format):
        if found.format.startswith("%d") != day_first:
            swapped = found.format.translate(str.maketrans("dm", "md")).replace("Z", "%z")
            parsed = pd.to_datetime(texts, format=swapped, errors="coerce", utc=True)
            bad = cells.spread(parsed.isna().to_numpy() & ~np.isnat(stamps))
            if bad.any():
                order = "day" if day_first else "month"
                raise JourneyError(f"{cells.at(bad)}, which is no date with the {order} first. Choose the other order.")
            stamps = parsed.dt.tz_localize(None).to_numpy().astype("datetime64[ns]")
        told = f" (the {'day' if day_first else 'month'} first, as chosen)"
    return stamps, told


def _numbered(cells: Cells, levels: pa.Array, digits: np.ndarray, notes: list[str]) -> np.ndarray:
    numbers = np.full(len(levels), np.nan)
    numbers[digits] = levels.filter(pa.array(digits)).cast(pa.float64()).to_numpy(zero_copy_only=False)
    low, high = np.nanmin(numbers), np.nanmax(numbers)
    for least, most, unit, called in _NUMBERS:
        if least <= low and high <= most:
            if called == "day numbers":
                notes.append(f"Times are plain numbers from {low:g} to {high:g}, taken as days; day 0 is the first.")
            else:
                first, last = pd.Timestamp(int(low * unit)), pd.Timestamp(int(high * unit))
                notes.append(
                    f"Times are {called}, from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}; day 0 is the first."
                )
            return numbers * (unit / _DAY_NS)
    finite = np.where(np.isfinite(numbers), numbers, 0.0)
    odd = np.where(np.isnan(numbers), -1.0, np.where(np.isinf(numbers), np.inf, np.abs(finite - np.median(finite))))
    bad = cells.texts.codes == np.argmax(odd)
    raise JourneyError(
        f"{cells.at(bad)}: the numbers from {low:g} to {high:g} are neither days nor Unix time. Write times as "
        "2024-03-31 14:05:00."
    )


def _matches(levels: pa.Array, pattern: str) -> np.ndarray:
    return pc.match_substring_regex(levels, pattern).to_numpy(zero_copy_only=False).astype(bool)
