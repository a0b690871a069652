"""What the headers of an advertising report say: which metric a column is, and how metrics depend on each other."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = {
    "impressions": {"impression", "impressions", "impr", "imps"},
    "reach": {"reach"},
    "clicks": {"click", "clicks"},
    "sessions": {"session", "sessions", "visit", "visits"},
    "conversions": {
        "conversion", "conversions", "conv", "convs", "purchase", "purchases", "order", "orders", "lead", "leads",
        "booking", "bookings", "install", "installs", "signup", "signups", "acquisition", "acquisitions",
        "transaction", "transactions",
    },
    "spend": {"spend", "spent", "cost", "costs", "adspend"},
    "revenue": {"revenue", "rev", "turnover", "sales", "value"},
}  # fmt: skip
_RATIOS = {
    "ctr": "ctr", "cpc": "cpc", "cpm": "cpm", "cpa": "cpa", "cpl": "cpa", "cpo": "cpa", "cac": "cpa", "cpi": "cpa",
    "roas": "roas", "cvr": "cvr", "aov": "aov",
}  # fmt: skip
#: Ratio -> (numerator, denominator), and the factors it is reported with.
RATIO_OF = {
    "ctr": ("clicks", "impressions"),
    "cpc": ("spend", "clicks"),
    "cpm": ("spend", "impressions"),
    "cpa": ("spend", "conversions"),
    "roas": ("revenue", "spend"),
    "cvr": ("conversions", "clicks"),
    "aov": ("revenue", "conversions"),
}
FACTORS = (1.0, 100.0, 1000.0)
#: Metric -> those that it never exceeds.
_FUNNEL = {
    "reach": ("impressions",),
    "clicks": ("impressions",),
    "conversions": ("clicks", "sessions"),
}
_EARLIER = {
    "start", "begin", "from", "first", "min", "minimum", "low", "lowest", "open", "checkin", "created", "departure",
}  # fmt: skip
_LATER = {
    "end", "finish", "to", "until", "last", "max", "maximum", "high", "highest", "close", "checkout", "closed",
    "return",
}  # fmt: skip
_RATIO_WORDS = {"per", "rate", "ratio", "avg", "average", "share", "pct"}
_PART = {"approved", "unique", "net", "valid", "new", "paid", "confirmed", "qualified"}
_WHOLE = {"total", "all", "gross", "overall"}


@lru_cache(maxsize=4096)
def words(header: str) -> tuple[str, ...]:
    """The lower-case words of a header: ``"clickThrough_Rate"`` -> ``click, through, rate``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", header)
    return tuple(w for w in re.split(r"[^a-z0-9]+", spaced.lower()) if w)


@lru_cache(maxsize=4096)
def metric(header: str) -> str | None:
    """The count or amount that ``header`` names (``"clicks"``, ``"spend"`` …), or None."""
    found = words(header)
    if ratio(header) or {"per", "rate", "date", "day", "id", "type", "name", "pct"} & set(found):
        return None
    if "value" in found and len(found) > 1:
        return "revenue" if _WORDS["conversions"] & set(found) else None
    if found == ("value",):
        return None
    return next((m for m, known in _WORDS.items() if known & set(found)), None)


def ratio(header: str) -> str | None:
    """The ratio that ``header`` names (``"ctr"``, ``"cpc"`` …), or None."""
    found = words(header)
    for word in found:
        if word in _RATIOS:
            return _RATIOS[word]
    said = set(found)
    if {"click", "through"} <= said or "clickthrough" in said:
        return "ctr"
    if "per" in said and said & _WORDS["spend"]:
        below = {"clicks": "cpc", "impressions": "cpm", "conversions": "cpa"}
        return next((r for m, r in below.items() if said & _WORDS[m]), "cpm" if said & {"mille", "thousand"} else None)
    if "rate" in said and said & _WORDS["conversions"]:
        return "cvr"
    return None


def sounds_derived(header: str) -> bool:
    """Whether the header names a ratio of any sort."""
    return ratio(header) is not None or bool(_RATIO_WORDS & set(words(header)))


def sounds_total(header: str) -> bool:
    """Whether the header names a sum."""
    return bool({"total", "sum", "all", "overall", "gesamt"} & set(words(header)))


def sounds_ordered(low: str, high: str) -> bool:
    """Whether the headers say that ``low`` never exceeds ``high``."""
    a, b = words(low), words(high)
    if metric(high) in _FUNNEL.get(metric(low) or "", ()):
        return True
    if metric(low) and metric(low) == metric(high):
        return bool((_PART & set(a) or len(a) > len(b)) and not _PART & set(b) and not _WHOLE & set(a)) or bool(
            _PART & set(a) and _WHOLE & set(b)
        )
    first, second = _EARLIER & set(a), _LATER & set(b)
    return bool(first and second and set(a) - _EARLIER == set(b) - _LATER)
