"""Recognising dates: ISO, day-first and month-first, names of months, YYYYMMDD, Unix time, Excel serials."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

#: ``Column.format`` of dates that are written as a plain count; every other format is a strftime pattern.
EPOCH_SECONDS, EPOCH_MILLISECONDS, EXCEL_SERIAL = "epoch s", "epoch ms", "excel serial"

_TIMES = {
    r"\d{1,2}:\d\d": "%H:%M",
    r"\d{1,2}:\d\d:\d\d": "%H:%M:%S",
    r"\d{1,2}:\d\d:\d\d\.\d+": "%H:%M:%S.%f",
    r"\d{1,2}:\d\d [AaPp][Mm]": "%I:%M %p",
    r"\d{1,2}:\d\d:\d\d [AaPp][Mm]": "%I:%M:%S %p",
}
# Whole words of a header, camel case split: "candidate" and "lifetime" speak of no date.
_NAME = re.compile(
    r"(^|[^a-z])(date|time|datetime|timestamp|epoch|created|updated|ts|dt|dob|since|until)($|[^a-z])|_at$"
)
_DAY_NAME = re.compile(r"(?<!to[_ -])(?<![a-z])(date|dt|dob|birthday|birthdate)($|[^a-z])")
_LONGEST = 60  #: characters of a text that may be a date
_MONTH = r"[A-Za-z]{3,9}\.?"
_SHAPES = [
    (r"\d{4}-\d{1,2}-\d{1,2}", ("%Y-%m-%d",)),
    (r"\d{4}/\d{1,2}/\d{1,2}", ("%Y/%m/%d",)),
    (r"\d{4}\.\d{1,2}\.\d{1,2}", ("%Y.%m.%d",)),
    *((rf"\d{{1,2}}{re.escape(s)}\d{{1,2}}{re.escape(s)}\d{{4}}", (f"%d{s}%m{s}%Y", f"%m{s}%d{s}%Y")) for s in "/-."),
    *((rf"\d{{1,2}}{re.escape(s)}\d{{1,2}}{re.escape(s)}\d{{2}}", (f"%d{s}%m{s}%y", f"%m{s}%d{s}%y")) for s in "/-."),
    (rf"\d{{1,2}} {_MONTH} \d{{4}}", ("%d %b %Y", "%d %B %Y")),
    (rf"\d{{1,2}}-{_MONTH}-\d{{4}}", ("%d-%b-%Y", "%d-%B-%Y")),
    (rf"\d{{1,2}}-{_MONTH}-\d{{2}}", ("%d-%b-%y",)),
    (rf"{_MONTH} \d{{1,2}}, \d{{4}}", ("%b %d, %Y", "%B %d, %Y")),
]


@dataclass(frozen=True)
class Found:
    """A date per distinct text (datetime64[ns], NaT where unread), the format and what to say about it."""

    values: np.ndarray
    format: str
    remark: str = ""

    @property
    def first(self) -> str:
        return str(pd.Timestamp(np.nanmin(self.values)).date())

    @property
    def last(self) -> str:
        return str(pd.Timestamp(np.nanmax(self.values)).date())


def parse(name: str, levels: pa.Array, counts: np.ndarray, missing: np.ndarray) -> Found | None:
    """Dates for ``levels`` if at least 90 % of the rows that hold a value are dates, else None."""
    trimmed = pc.utf8_trim_whitespace(levels)
    present = trimmed.filter(pa.array(~missing))
    if not len(present):
        return None
    sample = present[:: max(1, len(present) // 200)].to_pylist()
    if all(re.fullmatch(r"\d+(\.\d+)?", t) for t in sample[:20]):
        return _counted(name, trimmed, missing, present)
    candidates = _candidates(sample)
    if not candidates:
        return None
    texts = pd.Series(trimmed.to_pylist(), dtype="object").where(~missing)
    found = []
    for pattern in candidates:
        stamps = _stamps(texts, pattern)
        day = re.split("[T ]%[HI]", pattern)[0]
        if day != pattern and np.isnat(stamps).any():  # spreadsheets write midnight as the day alone
            stamps = np.where(np.isnat(stamps), _stamps(texts, day), stamps)
        if counts[~np.isnat(stamps)].sum() >= 0.9 * counts[~missing].sum():
            found.append(Found(stamps, pattern))
    return _choose(found, counts)


def _candidates(sample: list[str]) -> list[str]:
    """Formats whose shape fits at least a tenth of the sample."""
    votes: dict[str, int] = {}
    for text in sample:
        if len(text) > _LONGEST:
            continue
        match = re.fullmatch(r"(.*?)(?:([T ])(\d{1,2}:.*?))?(Z|[+-]\d\d:?\d\d)?", text)
        day, gap, time, zone = match.groups() if match else (text, None, None, None)
        suffix = ""
        if time is not None:
            clock = next((f for p, f in _TIMES.items() if re.fullmatch(p, time)), None)
            if clock is None:
                continue
            suffix = f"{gap}{clock}" + ("" if zone is None else "Z" if zone == "Z" else "%z")
        elif zone is not None:
            day += zone
        for shape, patterns in _SHAPES:
            if re.fullmatch(shape, day):
                for pattern in patterns:
                    votes[pattern + suffix] = votes.get(pattern + suffix, 0) + 1
    return [p for p, n in votes.items() if n >= 0.1 * len(sample)]


def _stamps(texts: pd.Series, pattern: str) -> np.ndarray:
    utc = "%z" in pattern
    stamps = pd.to_datetime(texts, format=pattern, errors="coerce", utc=utc)
    return (stamps.dt.tz_localize(None) if utc else stamps).to_numpy().astype("datetime64[ns]")


def _choose(found: list[Found], counts: np.ndarray) -> Found | None:
    if not found:
        return None
    read = [counts[~np.isnat(f.values)].sum() for f in found]
    best = [f for f, n in zip(found, read, strict=True) if n == max(read)]
    orders = {f.format.startswith("%m") for f in best}
    if len(orders) == 2:
        # Both orders fit every row: the wrong one scatters neighbouring days over the year, so the shorter span wins.
        best = sorted(best, key=lambda f: np.nanmax(f.values) - np.nanmin(f.values))
        order = "month" if best[0].format.startswith("%m") else "day"
        return Found(best[0].values, best[0].format, f" (the {order} was taken as first; both orders fit)")
    chosen = best[0]
    if "%z" in chosen.format:
        return Found(chosen.values, chosen.format.replace("%z", "Z"), " (times were brought to UTC)")
    return chosen


def _counted(name: str, levels: pa.Array, missing: np.ndarray, present: pa.Array) -> Found | None:
    """Dates written as digits: YYYYMMDD by itself, Unix time and Excel serials where the header speaks of dates."""
    if not pc.all(pc.match_substring_regex(present, r"^\d{5,13}(\.\d+)?$")).as_py():
        return None
    header = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    if pc.all(pc.match_substring_regex(present, r"^(19|20)\d\d[01]\d[0-3]\d$")).as_py():
        stamps = _stamps(pd.Series(levels.to_pylist(), dtype="object").where(~missing), "%Y%m%d")
        if not np.isnat(stamps[~missing]).any() and (len(present) > 2 or _NAME.search(header)):
            return Found(stamps, "%Y%m%d", " (written as YYYYMMDD)")
    if not _NAME.search(header) and not _DAY_NAME.search(header):
        return None
    numbers = np.full(len(levels), np.nan)
    numbers[~missing] = present.cast(pa.float64()).to_numpy(zero_copy_only=False)
    low, high = np.nanmin(numbers), np.nanmax(numbers)
    whole = bool((numbers[~missing] % 1 == 0).all())
    for label, unit, least, most, remark in (
        (EPOCH_SECONDS, "s", 3e8, 4e9, " (written as Unix seconds)"),
        (EPOCH_MILLISECONDS, "ms", 3e11, 4e12, " (written as Unix milliseconds)"),
    ):
        if whole and least <= low and high <= most:
            stamps = pd.to_datetime(pd.Series(numbers), unit=unit).to_numpy().astype("datetime64[ns]")
            return Found(stamps, label, remark)
    if _DAY_NAME.search(header) and low >= 20_000 and high <= 60_000 and whole:
        stamps = pd.to_datetime(pd.Series(numbers), unit="D", origin="1899-12-30").to_numpy().astype("datetime64[ns]")
        return Found(stamps, EXCEL_SERIAL, " (written as Excel day numbers)")
    return None


def format_dates(values: pd.Series, pattern: str | None) -> pd.Series:
    """Dates as they stood in the file, missing = None; integers (Int64) where the file held counts."""
    if pattern in (EPOCH_SECONDS, EPOCH_MILLISECONDS, EXCEL_SERIAL):
        unit = {EPOCH_SECONDS: 10**9, EPOCH_MILLISECONDS: 10**6, EXCEL_SERIAL: 86_400 * 10**9}[pattern]
        stamps = values.to_numpy().astype("datetime64[ns]").astype("int64") // unit
        if pattern == EXCEL_SERIAL:
            stamps = stamps + 25_569  # days from 1899-12-30 to 1970-01-01
        return pd.Series(stamps, index=values.index).astype("Int64").mask(values.isna())
    if pattern is None:
        midnight = (values.dropna() == values.dropna().dt.normalize()).all()
        pattern = "%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M:%S"
    text = values.dt.strftime(pattern).astype("object")
    return text.where(values.notna(), None)
