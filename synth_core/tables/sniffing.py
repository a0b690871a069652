"""What a text file is made of: encoding, delimiter, decimal comma, and whether its first row is a header."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence

import charset_normalizer

from synth_core.errors import TableError

DELIMITERS = (",", ";", "\t", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Left free, the detector names rare code pages for short Western text; these are the ones spreadsheets save in.
_CODE_PAGES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030", "big5", "euc_kr"]
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_][¹³¿¼¾]|[£¥¯¿][^\W\d_]")  # Polish letters, read as Western
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_LONGEST = 100  #: characters of a number
_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\d*[.,]\d+)([eE][-+]?\d+)?\s*")
# Three digits after the sign may be a group of thousands, unless a group came before or the number starts with 0.
_DECIMAL_COMMA = re.compile(r"\s*[-+]?(\d+,(\d{1,2}|\d{4,})|[1-9]\d{0,2}(\.\d{3})+,\d+|0,\d+)\s*")
_DECIMAL_POINT = re.compile(r"\s*[-+]?(\d+\.(\d{1,2}|\d{4,})|[1-9]\d{0,2}(,\d{3})+\.\d+|0\.\d+)\s*")


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the encoding it was read with.

    Raises
    ------
    TableError
        The bytes are not text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return _checked(data.decode(encoding)), encoding
            except UnicodeDecodeError:
                raise _not_text() from None
    try:
        return _checked(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        pass
    if b"\x00" in data[:100_000]:
        raise _not_text()
    encoding = _code_page(_whole_lines(data[:200_000]))
    try:
        return _checked(data.decode(encoding)), encoding
    except UnicodeDecodeError:
        raise _not_text() from None


def _whole_lines(sample: bytes) -> bytes:
    """Without the last line where it may be cut off in the middle of a character."""
    return sample[: sample.rfind(b"\n") + 1] or sample


def _code_page(sample: bytes) -> str:
    """The 8-bit or East Asian encoding; Western (cp1252) where Central European (cp1250) fits no better."""
    guesses = charset_normalizer.from_bytes(sample, cp_isolation=_CODE_PAGES)
    best = guesses.best()
    if best is None or best.encoding not in ("cp1250", "cp1252"):
        return best.encoding if best else "cp1252"
    if _SYMBOL_IN_WORD.search(sample.decode("cp1252", errors="ignore")):
        return "cp1250"
    western = next((g for g in guesses if g.encoding == "cp1252"), None)
    fits = western is not None and (western.chaos, -western.coherence) <= (best.chaos, -best.coherence)
    return "cp1252" if fits or "cp1252" in best.could_be_from_charset else "cp1250"


def _checked(text: str) -> str:
    sample = text[:100_000]
    if "\x00" in text or len(_CONTROL.findall(sample)) > len(sample) / 200:
        raise _not_text()
    return text


def _not_text() -> TableError:
    return TableError("This file is not a table: it holds binary data. Upload a CSV, TSV, .xlsx or Parquet file.")


def named_delimiter(text: str) -> tuple[str, str | None]:
    """Excel's first line ``sep=;`` taken off, and the delimiter it names (None without such a line)."""
    match = re.match(r'"?sep=(.)"?\n', text)
    if match and match[1] in DELIMITERS:
        return text[match.end() :], match[1]
    return text, None


def delimiter(text: str) -> str:
    """The delimiter under which most of the first 200 rows have as many cells as the first (see :func:`preamble`).

    A file in which no delimiter splits the first row has one column; a delimiter that never occurs is returned.
    """
    sample = text[:500_000]
    best, best_score = None, (0.0, 0)
    for candidate in DELIMITERS:
        widths = [len(row) for row in _rows(sample, candidate, 200) if row]
        widths = widths[preamble(widths) :]
        if not widths or widths[0] < 2:
            continue
        score = (round(sum(w == widths[0] for w in widths) / len(widths), 2), widths[0])
        if score > best_score:
            best, best_score = candidate, score
    return best or next((d for d in ("\t", "|", ";", "\x1f") if d not in text), "\x1f")


def preamble(widths: Sequence[int]) -> int:
    """Rows above the header: up to ten of a single cell, before rows that nearly all have the same three or more."""
    skip = next((i for i, width in enumerate(widths) if width > 1), 0)
    body = widths[skip:]
    even = sum(width == body[0] for width in body) >= 0.9 * len(body) if body else False
    return skip if 0 < skip <= 10 and even and body[0] >= 3 and len(body) >= 3 else 0


def without_preamble(text: str, separator: str) -> tuple[str, list[str]]:
    """The text from the header on, and the lines above it (titles and dates that reporting tools write there)."""
    skip = preamble([len(row) for row in _rows(text[:500_000], separator, 200) if row])
    lines = []
    while len(lines) < skip:
        line, _, text = text.partition("\n")
        if line:
            lines.append(line.strip('"'))
    return text, lines


def first_width(text: str, separator: str) -> int:
    """Number of cells in the first row."""
    rows = _rows(text[:2_000_000], separator, 0)
    return len(rows[0]) if rows else 1


def _rows(sample: str, separator: str, limit: int) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) > limit:
                break
    except csv.Error:  # a cell over the csv module's size limit; the rows before it are enough to judge by
        pass
    return rows


def uses_decimal_comma(rows: Sequence[Sequence[str]]) -> bool:
    """Whether numbers such as ``12,5`` or ``1.234,5`` outnumber ``12.5`` and ``1,234.5``."""
    cells = [cell for row in rows for cell in row]
    return sum(_is(_DECIMAL_COMMA, c) for c in cells) > sum(_is(_DECIMAL_POINT, c) for c in cells)


def _is(pattern: re.Pattern[str], cell: str) -> bool:
    """Whether a cell is a number of this form; endless ones, on which patterns take very long, are none."""
    return len(cell) <= _LONGEST and bool(pattern.fullmatch(cell))


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of ``rows`` (cells as text, up to a few hundred rows) names the columns.

    Each column votes: numbers under a text are for a header, a number over numbers is against, and so is a first
    cell that comes back as a value further down. Whole numbers that count up (0, 1, 2 … or years) are headers.
    """
    if len(rows) < 2:
        return True
    first, body = rows[0], rows[1:]
    if _counts_up(first):
        return True
    votes = 0.0
    for position, cell in enumerate(first):
        values = [row[position].strip() for row in body if position < len(row) and row[position].strip()]
        cell = cell.strip()
        if not values or not cell:
            continue
        if sum(_is(_NUMBER, v) for v in values) >= 0.9 * len(values):
            votes += -1 if _is(_NUMBER, cell) else 1
        elif cell in values:
            votes -= 1
        elif len(set(values)) <= len(values) / 2:
            votes += 0.5
    return votes >= 0


def _counts_up(cells: Sequence[str]) -> bool:
    if len(cells) < 2 or not all(re.fullmatch(r"\d{1,4}", c.strip()) for c in cells):
        return False
    numbers = [int(c) for c in cells]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and (
        numbers[0] in (0, 1) or 1900 <= numbers[0] <= 2100
    )
