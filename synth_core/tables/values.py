"""From text to values: numbers, dates and levels, column by column, on the distinct texts only."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from synth_core.tables import dates
from synth_core.tables.schema import Kind

#: Texts that mean "no value" in any column, and the further ones that do in a column of numbers or dates.
MISSING = frozenset({"", "na", "n/a", "nan", "null", "#n/a", "<na>", "nat"})
MISSING_IN_NUMBERS = MISSING | {
    "none", "nil", "-", "--", "?", ".", "missing", "unknown", "n.a.", "not available", "not applicable", "undefined",
    "#value!", "#div/0!", "#ref!", "#name?", "#num!", "#null!", "inf", "-inf", "tbd", "tbc", "(not set)", "(none)",
}  # fmt: skip
_MISSING, _MISSING_IN_NUMBERS = pa.array(sorted(MISSING)), pa.array(sorted(MISSING_IN_NUMBERS))

_PLAIN = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?$"
_POINT_GROUPED = r"^[-+]?[1-9]\d{0,2}([,' ]\d{3})+(\.\d+)?$"
_COMMA = r"^[-+]?(\d+|[1-9]\d{0,2}([.' ]\d{3})+)(,\d+)?$"
_SIGNS = r"^([-+]?)\s*[$€£¥]\s*|\s*(?:[$€£¥%])$"
_UNUSUAL = "[$€£¥%\u00a0\u202f\u2212\u2019]"  #: what :func:`_bare` changes
_LEADING_ZERO = r"^[-+]?0\d[\d .,']*$"
_LARGEST = 1e100  #: numbers from here on are no amounts, and their squares and sums overflow
_CODE_WIDTH = 10  #: whole numbers all exactly this long or longer are codes, not amounts


@dataclass(frozen=True)
class Texts:
    """One column as text: ``levels[codes]``, with how often each level occurs."""

    levels: pa.Array
    codes: np.ndarray
    counts: np.ndarray
    missing: np.ndarray  # bool per level: blank or a text that means "no value"

    @classmethod
    def of(cls, column: pa.Array) -> Texts:
        encoded = column.dictionary_encode()
        codes = encoded.indices.to_numpy(zero_copy_only=False)
        levels = encoded.dictionary
        missing = _is_one_of(pc.utf8_trim_whitespace(levels), _MISSING)
        return cls(levels, codes, np.bincount(codes, minlength=len(levels)), missing)

    @cached_property
    def trimmed(self) -> pa.Array:
        """The levels without blanks around them."""
        return pc.utf8_trim_whitespace(self.levels)

    @cached_property
    def missing_in_numbers(self) -> np.ndarray:
        """Per level whether it means "no value" in a column of numbers or dates."""
        return _is_one_of(self.trimmed, _MISSING_IN_NUMBERS)

    def may_be_numbers(self) -> bool:
        """Whether any level has a digit; without one nothing is a number or a date."""
        return bool(pc.any(pc.match_substring_regex(self.levels, r"\pN")).as_py())

    def examples(self) -> tuple[str, ...]:
        return tuple(self.levels.filter(pa.array(~self.missing))[:3].to_pylist())

    def spread(self, values: np.ndarray) -> np.ndarray:
        return values[self.codes] if len(values) else values


@dataclass(frozen=True)
class Parsed:
    """A column's values and how they were read; ``texts`` says why, for the reader."""

    values: pd.Series
    kind: Kind
    format: str | None = None
    decimals: int | None = None
    missing_tokens: tuple[str, ...] = ()
    note: str = ""
    code: bool = False  #: digits kept as text on purpose
    warnings: list[str] = field(default_factory=list)


def parse(name: str, texts: Texts, *, decimal_comma: bool = False) -> Parsed:
    """Read one column: numbers if nearly all texts are numbers, else dates, else text kept exactly."""
    if texts.missing.all() or not texts.may_be_numbers():
        return _text(texts)
    code = _is_code(texts)
    as_date = dates.parse(name, texts.levels, texts.counts, texts.missing_in_numbers)
    if as_date is not None:
        return _date(name, texts, as_date)
    if code:
        return _text(texts, code=True)
    return numbers(texts, decimal_comma=decimal_comma) or _text(texts)


def numbers(texts: Texts, *, decimal_comma: bool = False, strict: bool = False) -> Parsed | None:
    """The column as numbers, or None when it is not one.

    A few other texts are treated as missing and listed: any that usually mean "no value" (up to half of the rows),
    or at most five others in at most 5 % of the rows. ``strict`` allows only the former. So are numbers of 1e100 and
    more.
    """
    trimmed = texts.trimmed
    bare = _bare(trimmed)
    ready, fits = _decimal_texts(bare, decimal_comma)
    fits &= ~texts.missing
    usual = texts.missing_in_numbers
    known = texts.counts[fits].sum()
    other = ~fits & ~usual
    filled = texts.counts[fits | other].sum()
    if not known or (other.any() and (strict or other.sum() > 5 or texts.counts[other].sum() > 0.05 * filled)):
        return None
    if texts.counts[~fits & ~texts.missing].sum() > known:
        return None
    values = np.full(len(fits), np.nan)
    values[fits] = ready.filter(pa.array(fits)).cast(pa.float64()).to_numpy(zero_copy_only=False)
    fits &= np.abs(values) < _LARGEST
    values[~fits] = np.nan
    good = ready.filter(pa.array(fits))
    tokens = tuple(texts.levels.filter(pa.array(~fits & _non_blank(texts.levels))).to_pylist())
    note = "; ".join(_number_notes(texts, trimmed.filter(pa.array(fits)), fits, tokens))
    whole = bool(pc.all(pc.match_substring_regex(good, r"^[-+]?\d+(\.0)?$")).as_py())
    if whole and np.nanmax(np.abs(values), initial=0) < 2**53:
        integers = pd.Series(texts.spread(values)).astype("Int64")
        return Parsed(integers, Kind.INTEGER, missing_tokens=tokens, note=note)
    return Parsed(pd.Series(texts.spread(values), dtype="float64"), Kind.FLOAT, None, _decimals(good), tokens, note)


def is_number(text: str) -> bool:
    """Whether Python reads a number, of any size."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def comma_votes(levels: pa.Array, counts: np.ndarray) -> tuple[int, int]:
    """How many cells are numbers with a decimal comma only, and with a decimal point only."""
    plain, grouped, comma = _notations(_bare(pc.utf8_trim_whitespace(levels)))
    return int(counts[comma & ~plain & ~grouped].sum()), int(counts[(plain | grouped) & ~comma].sum())


def read_numbers(levels: pa.Array, *, decimal_comma: bool) -> np.ndarray:
    """Each text by itself as a number, shape (n_levels,), NaN where it is none.

    A text that fits one notation only is read by that one; ``decimal_comma`` decides about such as ``1,234``.
    """
    bare = _bare(pc.utf8_trim_whitespace(levels))
    plain, grouped, comma = _notations(bare)
    as_comma = comma & (decimal_comma | ~(plain | grouped))
    as_point = (plain | grouped) & ~as_comma
    out = np.full(len(levels), np.nan)
    with_comma = pc.replace_substring(pc.replace_substring_regex(bare, r"[.' ]", ""), ",", ".")
    for chosen, ready in ((as_comma, with_comma), (as_point, pc.replace_substring_regex(bare, r"[,' ]", ""))):
        out[chosen] = ready.filter(pa.array(chosen)).cast(pa.float64()).to_numpy(zero_copy_only=False)
    out[np.isinf(out)] = np.nan
    return out


def _bare(trimmed: pa.Array) -> pa.Array:
    """Numbers without signs of currency, typeset blanks and minus signs made plain."""
    if not pc.any(pc.match_substring_regex(trimmed, _UNUSUAL)).as_py():
        return trimmed
    bare = pc.replace_substring_regex(trimmed, _SIGNS, r"\1")
    for typeset, plain in (("\u00a0", " "), ("\u202f", " "), ("\u2212", "-"), ("\u2019", "'")):
        bare = pc.replace_substring(bare, typeset, plain)
    return bare


def _notations(bare: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return _matches(bare, _PLAIN), _matches(bare, _POINT_GROUPED), _matches(bare, _COMMA)


def _number_notes(texts: Texts, read: pa.Array, fits: np.ndarray, tokens: tuple[str, ...]) -> list[str]:
    notes = []
    if tokens:
        count = int(texts.counts[~fits & _non_blank(texts.levels)].sum())
        shown = ", ".join(f"“{t}”" for t in tokens[:5])
        notes.append(f"numeric with {count:,} token{'s' * (count != 1)} treated as missing ({shown})")
    if signs := [sign for sign in "$€£¥%" if pc.any(pc.match_substring(read, sign)).as_py()]:
        notes.append(f"the sign {' '.join(signs)} was left out")
    return notes


def _decimal_texts(bare: pa.Array, decimal_comma: bool) -> tuple[pa.Array, np.ndarray]:
    """Texts with a plain decimal point, and which of them are numbers, under the notation that fits the column."""
    plain, grouped, comma = _notations(bare)
    only_comma = (comma & ~plain & ~grouped).sum()
    only_point = ((plain & ~comma) | (grouped & ~comma)).sum()
    use_comma = only_comma > only_point or (only_comma == only_point and decimal_comma)
    if use_comma and (comma & ~plain).any():
        text = pc.replace_substring(pc.replace_substring_regex(bare, r"[.' ]", ""), ",", ".")
        return text, comma
    if use_comma and decimal_comma and (comma & plain).any() and not only_point:
        return pc.replace_substring_regex(bare, r"[.' ]", ""), comma
    return pc.replace_substring_regex(bare, r"[,' ]", ""), plain | grouped


def _decimals(texts: pa.Array) -> int | None:
    if pc.any(pc.match_substring(texts, "e", ignore_case=True)).as_py():
        return None
    parts = pc.utf8_length(pc.replace_substring_regex(texts, r"^[^.]*\.?", ""))
    most = pc.max(parts).as_py() or 0
    return int(most) if most <= 15 else None


def _is_code(texts: Texts) -> bool:
    """Digits that name something: a leading zero, or all of one long width."""
    levels = texts.trimmed.filter(pa.array(~texts.missing))
    if pc.any(pc.match_substring_regex(levels, _LEADING_ZERO)).as_py():
        return True
    if not pc.all(pc.match_substring_regex(levels, r"^\d+$")).as_py():
        return bool(pc.any(pc.match_substring_regex(levels, r"^[-+]?\d{16,}$")).as_py())
    widths = pc.utf8_length(levels)
    longest = pc.max(widths).as_py()
    return longest > 15 or (len(levels) > 1 and longest >= _CODE_WIDTH and pc.min(widths).as_py() == longest)


def _text(texts: Texts, *, code: bool = False) -> Parsed:
    levels = np.array([*texts.levels.to_pylist(), None], dtype=object)[:-1]
    levels[texts.missing] = None
    tokens = tuple(texts.levels.filter(pa.array(texts.missing & _non_blank(texts.levels))).to_pylist())
    return Parsed(pd.Series(texts.spread(levels), dtype="object"), Kind.TEXT, missing_tokens=tokens, code=code)


def _date(name: str, texts: Texts, found: dates.Found) -> Parsed:
    unread = np.isnat(found.values) & _non_blank(texts.levels)
    count = int(texts.counts[unread].sum())
    tokens = tuple(texts.levels.filter(pa.array(unread))[:20].to_pylist())
    note = f"dates from {found.first} to {found.last}{found.remark}"
    if count:
        note += f"; {count:,} row{'s' * (count != 1)} could not be read as a date and count as missing"
    values = pd.Series(texts.spread(found.values)).astype("datetime64[ns]")
    return Parsed(values, Kind.DATE, found.format, None, tokens, note)


def _matches(levels: pa.Array, pattern: str) -> np.ndarray:
    return pc.match_substring_regex(levels, pattern).to_numpy(zero_copy_only=False).astype(bool)


def _non_blank(levels: pa.Array) -> np.ndarray:
    return pc.not_equal(levels, "").to_numpy(zero_copy_only=False).astype(bool)


def _is_one_of(levels: pa.Array, tokens: pa.Array) -> np.ndarray:
    return pc.is_in(pc.utf8_lower(levels), tokens).to_numpy(zero_copy_only=False).astype(bool)
