"""Cells of text as values of a column whose kind is known from the training table."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from synth_core.errors import ScorerError
from synth_core.tables import Column, Kind, values
from synth_core.tables.dates import EPOCH_MILLISECONDS, EPOCH_SECONDS, EXCEL_SERIAL
from synth_core.tables.values import MISSING, MISSING_IN_NUMBERS

_TRUTH = {"true": "1", "false": "0"}
_MOST_WHOLE = 2.0**63  #: from here on no 64-bit whole number holds it
_FITTING = 0.9  #: share of the first dates that must fit the training column's format
_EPOCHS = {EPOCH_SECONDS: ("s", "unix"), EPOCH_MILLISECONDS: ("ms", "unix"), EXCEL_SERIAL: ("D", "1899-12-30")}


@dataclass
class Cells:
    """Reads one column, part by part; how numbers and dates are written is told by the first part that holds any.

    Attributes
    ----------
    column : Column
        Of the training table.
    levels : tuple of str or None
        That training rows have; None for a quantity.
    decimal_comma : bool
        Whether the file speaks for one, where the column itself does not.
    """

    column: Column
    levels: tuple[str, ...] | None
    decimal_comma: bool = False
    filled: int = 0
    lost: int = 0
    rounded: int = 0
    vast: int = 0
    spelt: int = 0
    _examples: dict[str, str] = field(default_factory=dict)
    _comma: bool | None = None
    _format: str | None = None

    def __post_init__(self) -> None:
        self._spelling = _spelling(self.levels or ()) if self.column.kind is Kind.TEXT else {}

    def read(self, texts: pa.Array) -> pd.Series:
        """The values of some rows, in the storage type of the column's kind.

        Raises
        ------
        ScorerError
            Most cells so far are of another kind.
        """
        if self.column.kind is Kind.TEXT:
            return self._text(texts)
        if self.column.kind is Kind.DATE:
            return self._dates(texts)
        return self._numbers(texts)

    def notes(self) -> list[str]:
        """What was changed in this column, in sentences."""
        name, out = self.column.name, []
        what = "date" if self.column.kind is Kind.DATE else "number"
        for count, key, one, many in (
            (self.lost, "lost", f"counts as missing, being no {what}.", f"count as missing, being no {what}s."),
            (
                self.rounded, "rounded", "was rounded: the training rows have whole numbers.",
                "were rounded: the training rows have whole numbers.",
            ),
            (
                self.vast, "vast", "is too large for a whole number and counts as missing.",
                "are too large for whole numbers and count as missing.",
            ),
            (self.spelt, "spelt", "was read as the level of the training rows that differs in case or blanks only.",
             "were read as the levels of the training rows that differ in case or blanks only."),
        ):  # fmt: skip
            if count:
                values = f"{count:,} value{'' if count == 1 else 's'} such as “{self._examples[key]}”"
                out.append(f"“{name}”: {values} {one if count == 1 else many}")
        return out

    def _text(self, texts: pa.Array) -> pd.Series:
        found, codes, counts = _distinct(texts)
        missing = _one_of(found, MISSING)
        out = np.array([*found, None], dtype=object)[:-1]
        for place, text in enumerate(found):
            if missing[place]:
                out[place] = None
            elif (known := self._spelling.get(text) or self._spelling.get(_key(text))) and known != text:
                out[place] = known
                self.spelt += int(counts[place])
                self._examples.setdefault("spelt", text)
        return pd.Series(out[codes], dtype="object")

    def _numbers(self, texts: pa.Array) -> pd.Series:
        numbers = None
        if not self._comma and self._comma is not None:
            numbers = _plain_numbers(texts)
        if numbers is None:
            found, codes, counts = _distinct(texts)
            levels = pa.array([_TRUTH.get(t.strip().lower(), t) for t in found], pa.string())
            missing = _one_of(found, MISSING_IN_NUMBERS)
            if self._comma is None:
                self._decide(levels, counts, missing)
            read = values.read_numbers(levels, decimal_comma=bool(self._comma))
            self._count(found, counts, missing, np.isnan(read))
            numbers = read[codes]
        if self.column.kind is Kind.FLOAT:
            return pd.Series(numbers, dtype="float64")
        if (vast := np.abs(numbers) >= _MOST_WHOLE).any():
            self.vast += int(vast.sum())
            self._examples.setdefault("vast", f"{numbers[vast][0]:g}")
            numbers = np.where(vast, np.nan, numbers)
        whole = np.round(numbers)
        if (broken := (whole != numbers) & ~np.isnan(numbers)).any():
            self.rounded += int(broken.sum())
            self._examples.setdefault("rounded", f"{numbers[broken][0]:g}")
        return pd.Series(whole, dtype="float64").astype("Int64")

    def _decide(self, levels: pa.Array, counts: np.ndarray, missing: np.ndarray) -> None:
        comma, point = values.comma_votes(levels, counts)
        if comma != point:
            self._comma = comma > point
        elif not missing.all():
            self._comma = self.decimal_comma

    def _dates(self, texts: pa.Array) -> pd.Series:
        found, codes, counts = _distinct(texts)
        missing = _one_of(found, MISSING_IN_NUMBERS)
        if self._format is None and not missing.all():
            self._format = self._date_format(found, missing, texts)
        trimmed = pd.Series([t.strip() for t in found], dtype="object").where(~missing)
        stamps = _stamps(trimmed, self._format)
        for pattern in (self._format, self.column.format, "ISO8601"):  # midnight may be written as the day alone
            for part in (pattern, (pattern or "").split("%H")[0].rstrip("T ")):
                if part and np.isnat(stamps[~missing]).any():
                    stamps = np.where(np.isnat(stamps), _stamps(trimmed, part), stamps)
        self._count(found, counts, missing, np.isnat(stamps))
        return pd.Series(stamps[codes]).astype("datetime64[ns]")

    def _date_format(self, found: list[str], missing: np.ndarray, texts: pa.Array) -> str:
        """The training column's format if nine in ten dates fit it, else the one that fits the column."""
        own = self.column.format or "ISO8601"
        trimmed = pd.Series([t.strip() for t in found], dtype="object")[~missing]
        if (~np.isnat(_stamps(trimmed, own))).sum() >= _FITTING * len(trimmed):
            return own
        parsed = values.parse(f"{self.column.name}: date", values.Texts.of(texts))
        return (parsed.format or own) if parsed.kind is Kind.DATE else own

    def _count(self, found: list[str], counts: np.ndarray, missing: np.ndarray, unread: np.ndarray) -> None:
        """Note texts that are neither blank nor read; refuse a column that mostly holds such texts."""
        lost = unread & ~missing
        self.filled += int(counts[~missing].sum())
        if not lost.any():
            return
        self.lost += int(counts[lost].sum())
        self._examples.setdefault("lost", found[int(lost.argmax())])
        if 2 * self.lost > self.filled:
            what = {Kind.FLOAT: "numbers", Kind.INTEGER: "whole numbers", Kind.DATE: "dates"}[self.column.kind]
            written = f" ({self.column.format})" if self.column.kind is Kind.DATE and self.column.format else ""
            raise ScorerError(
                f"“{self.column.name}” holds {what}{written} in the training rows, but “{self._examples['lost']}” in "
                f"these leads: {self.lost:,} of {self.filled:,} values cannot be read. Correct such values, leave them "
                "blank, or leave the column out: it then counts as missing."
            )


def _plain_numbers(texts: pa.Array) -> np.ndarray | None:
    """Numbers with a decimal point or blanks only; None where there is any other text."""
    try:
        known = pc.if_else(pc.equal(texts, ""), None, texts).cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    out = known.to_numpy(zero_copy_only=False).astype(float)
    return np.where(np.isinf(out), np.nan, out)


def _distinct(texts: pa.Array) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Distinct texts, the place of each cell's among them, and how many cells have each."""
    encoded = texts.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    found = encoded.dictionary.to_pylist()
    return found, codes, np.bincount(codes, minlength=len(found))


def _one_of(found: list[str], tokens: frozenset[str]) -> np.ndarray:
    return np.array([t.strip().lower() in tokens for t in found], dtype=bool)


def _stamps(texts: pd.Series, pattern: str | None) -> np.ndarray:
    """Dates of texts (missing = None), datetime64[ns]; with a time zone, in UTC."""
    if pattern in _EPOCHS:
        unit, origin = _EPOCHS[pattern]
        numbers = pd.to_numeric(texts, errors="coerce")
        return pd.to_datetime(numbers, unit=unit, origin=origin, errors="coerce").to_numpy().astype("datetime64[ns]")
    stamps = pd.to_datetime(texts, format=pattern, errors="coerce", utc=True)
    return stamps.dt.tz_localize(None).to_numpy().astype("datetime64[ns]")


def _spelling(levels: tuple[str, ...]) -> dict[str, str]:
    """Training levels by their own text, and by their key where only one has it."""
    keys = pd.Series([_key(level) for level in levels], dtype="object")
    single = {k: v for k, v, twice in zip(keys, levels, keys.duplicated(keep=False), strict=True) if not twice}
    return {**single, **{level: level for level in levels}}


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
