"""Odd pieces that files are spoiled with: cells, names of files, JSON values."""

from __future__ import annotations

import copy
import random

#: Cells that readers trip over: beyond a type's range, half a date, another alphabet, a formula, a sign of the format.
CELLS = (
    "", " ", '"', "'", ",", ";", "\t", "|", "\n", "\r", "\r\n", '""', '"a', 'a"b', "\\", "\x00", "\x07", "\x1a", "\x0b",
    "\x85", "\u2028", "\ufeff", "\ud7ff", "\U0001f600", "é", "ẞ", "中文", "ｱ", "עברית", "\u202e", "a\u0301",
    "0", "-0", "00", "007", "1e308", "1e309", "-1e309", "1e-400", "9" * 18, "9" * 19, "9" * 40, "9" * 400, "0.1" * 3,
    "-9223372036854775808", "9223372036854775808", "2e1000000", "1e5", "0x1F", "1_000", "1,5", "1.234,5", "1'000",
    "1 000", "12 %", "€ 5", "$-3", "--5", "+-1", ".", "-", "+", "e", "1.", ".5", "1e", "∞", "½", "٣", "１２",
    "nan", "NaN", "inf", "-inf", "Infinity", "null", "NULL", "None", "NA", "N/A", "<NA>", "NaT", "#REF!", "?",
    "true", "FALSE", "yes", "no", "Y", "2024-02-30", "2024-13-01", "0000-00-00", "0001-01-01", "9999-12-31",
    "1677-09-20", "2262-04-12", "12024-01-01", "31/12/1999", "12/31/1999", "31.12.99", "29 Feb 2023", "Feb 29, 2024",
    "2024-03-31T02:30:00+02:00", "2024-01-01 25:00", "24:00", "2024-01-01 00:00:60", "20240101", "19000000", "1e9",
    "1700000000", "1700000000000", "99999999999999", "45000", "60000.5", "=1+1", '=HYPERLINK("http://x.invalid";"x")',
    "=cmd|' /C calc'!A0", "@SUM(A1)", "+1+cmd", "-2+3", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}",
    "../../etc/passwd", "a" * 300, "A > B", "A>", "> B", "(no touch)", "(conversion)", "organic", "total", "50%",
)  # fmt: skip

#: Names as an upload may bear them; none may become a path.
NAMES = (
    "table", "../../evil", "/etc/passwd", "..\\..\\evil", "a\x00b", "con", "", ".", "..", "~root", "%2e%2e%2f",
    "a" * 300,
    "name with blanks", "emoji \U0001f600", "-rf", "$(touch x)", "a\nb", "<b>x</b>",
)  # fmt: skip
SUFFIXES = (
    ".csv",
    ".tsv",
    ".txt",
    ".csv.gz",
    ".gz",
    ".xlsx",
    ".parquet",
    ".XLSX",
    ".yaml",
    ".json",
    ".zip",
    "",
    ".csv.",
)

#: Values that a JSON file may hold where another kind is expected.
VALUES = (
    None, True, False, 0, 1, -1, 2, 10**400, -(10**18), 2**63, 1e308, -1e-300, float("nan"), float("inf"), 0.5, "",
    "x", "0", "yes", "../../etc/passwd", "a" * 5_000, "\x00", "\ud800", [], [[]], {}, {"": {}}, [None], [1, "a", None],
    [0] * 1_000, {"__array__": "a0"}, {"a": 1},
)  # fmt: skip


def cell(rng: random.Random) -> str:
    """A cell, now and then a very long one."""
    roll = rng.random()
    if roll < 0.02:
        return rng.choice(("x", "9", "\u00e9", "ab ", '""', "1;")) * rng.choice((5_000, 40_000, 140_000))
    if roll < 0.1:
        return "".join(
            chr(rng.choice((rng.randrange(32, 127), rng.randrange(1, 0xD800)))) for _ in range(rng.randrange(9))
        )
    return rng.choice(CELLS)


def name(rng: random.Random, suffix: str) -> str:
    """A file's name: mostly plain, at times hostile, at times with a suffix that does not fit the content."""
    stem = rng.choice(NAMES) if rng.random() < 0.2 else "upload"
    return stem + (rng.choice(SUFFIXES) if rng.random() < 0.15 else suffix)


def value(rng: random.Random) -> object:
    """One of :data:`VALUES`, of its own."""
    return copy.deepcopy(rng.choice(VALUES))


def deep(rng: random.Random) -> object:
    """A value of some depth."""
    out = value(rng)
    for _ in range(rng.choice((1, 3, 60))):
        out = [out] if rng.random() < 0.5 else {"k": out}
    return out
