"""What people write into cells: numbers, shares, days, and levels with their shares."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence

import pandas as pd

from synth_core.errors import BlueprintError

_DIGITS = r"\d+(?:[.,]\d+)?"
_LEVEL = re.compile(
    rf"(?P<label>.+?)\s*(?:[:=]\s*(?P<a>{_DIGITS})\s*(?P<ap>%?)|\(\s*(?P<b>{_DIGITS})\s*(?P<bp>%?)\s*\)"
    rf"|\s(?P<c>{_DIGITS})\s*(?P<cp>%))"
)
_CODE = re.compile(r"(\w+)\s*[=:]\s*(\D.*)")  # 1 = male
_LONGEST = 300  #: characters of a level
_YES = ("yes", "y", "true", "t", "1", "ja", "oui", "si", "sí")


def number(text: object, what: str, *, comma: bool = False) -> float | None:
    """The number in a cell, None where it is blank.

    Parameters
    ----------
    what : str
        For the error: ``"mean"``.
    comma : bool
        Whether the file writes decimals with a comma.

    Raises
    ------
    BlueprintError
    """
    if text is None or isinstance(text, int | float):
        return None if text is None or text != text else float(text)
    plain = re.sub(r"[\s€$£'_]", "", str(text)).replace("−", "-")
    if plain in ("", "-", "–"):
        return None
    plain = plain.replace(".", "").replace(",", ".") if comma and "," in plain else plain
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    try:
        value = float(plain)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BlueprintError(f"the {what} is “{text}”. Write a number, such as 12.5.")
    return value


def share(text: object, what: str, *, comma: bool = False, percent: bool = False) -> float:
    """A share such as ``0.05`` or ``5 %``; 0 where the cell is blank. ``percent``: the header says per cent."""
    raw = str(text).strip() if text is not None else ""
    in_percent = percent or raw.endswith("%")
    value = number(raw.rstrip("% ") if isinstance(text, str) else text, what, comma=comma) or 0.0
    return value / 100 if in_percent else value


def day(text: object, what: str) -> dt.date | None:
    """The day in a cell, None where it is blank.

    Raises
    ------
    BlueprintError
    """
    if isinstance(text, dt.date):
        return text.date() if isinstance(text, dt.datetime) else text
    raw = str(text).strip() if text is not None else ""
    if not raw:
        return None
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        found = pd.to_datetime(raw, format=pattern, errors="coerce")
        if not pd.isna(found):
            return found.date()
    raise BlueprintError(f"the {what} is “{raw}”. Write a day as 2026-01-31.")


def levels(text: object, *, comma: bool = False) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Levels and their shares (empty where none are stated).

    Understands ``Search 40 %, Social 60 %``, ``Search=0.4|Social=0.6``, ``Search; Social``, ``1 = male, 2 = female``
    (the codes are the levels), and lists and mappings from YAML.

    Raises
    ------
    BlueprintError
    """
    if isinstance(text, Mapping):
        return tuple(map(str, text)), tuple(share(v, f"share of “{k}”", comma=comma) for k, v in text.items())
    if isinstance(text, Sequence) and not isinstance(text, str):
        return tuple(str(v) for v in text), ()
    items = _split(str(text or "").strip())
    if long := [item for item in items if len(item) > _LONGEST]:
        raise BlueprintError(
            f"the level “{long[0][:60]}…” has {len(long[0]):,} characters; at most {_LONGEST} are read."
        )
    found = [_LEVEL.fullmatch(item) for item in items]
    if any(found):
        if not all(found):
            without = items[[m is None for m in found].index(True)]
            raise BlueprintError(f"“{without}” has no share while others do. Give each level one, such as 40 %.")
        return tuple(m["label"].strip() for m in found), tuple(_level_share(m) for m in found)
    codes = [_CODE.fullmatch(item) for item in items]
    return tuple(m[1] for m in codes) if items and all(codes) else tuple(items), ()


def levels_text(names: Sequence[str], shares: Sequence[float]) -> str:
    """Levels as :func:`levels` reads them back."""
    joined = "".join(names)
    separator = " | " if ";" in joined or "\n" in joined else "; " if "," in joined else ", "
    parts = [f"{n} {100 * s:.10g} %" for n, s in zip(names, shares, strict=True)] if shares else list(names)
    # A single level that holds a comma is told from two by the separator behind it.
    return separator.join([*parts, ""] if len(parts) == 1 and separator != ", " else parts).strip()


def yes_last(names: tuple[str, ...], shares: tuple[float, ...]) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Two labels with the one that means yes in second place."""
    if len(names) == 2 and names[0].lower() in _YES and names[1].lower() not in _YES:
        return names[::-1], shares[::-1]
    return names, shares


def _split(text: str) -> list[str]:
    for separator in ("|", "\n", ";"):
        if separator in text:
            return [part.strip() for part in text.split(separator) if part.strip()]
    parts = re.split(r",\s+|,(?!\d)", text) if re.search(r"\d,\d", text) else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def _level_share(match: re.Match[str]) -> float:
    digits, percent = next((match[k], match[f"{k}p"]) for k in "abc" if match[k] is not None)
    value = float(digits.replace(",", "."))
    return value / 100 if percent else value
