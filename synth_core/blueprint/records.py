"""One column as one record: a line of a data dictionary, an entry of a YAML file, a row on screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from synth_core.blueprint import words
from synth_core.blueprint.checks import check_column
from synth_core.blueprint.spec import Boolean, Category, ColumnSpec, Date, Faked, Identifier, Number
from synth_core.errors import BlueprintError
from synth_core.tables.fakes import WHAT

#: What a record may say. ``low`` and ``high`` of a date are its first and last day.
FIELDS = (
    "name", "type", "distribution", "low", "mean", "high", "sd", "decimals", "levels", "share", "labels", "weekdays",
    "months", "prefix", "zero", "missing", "description",
)  # fmt: skip
TYPES = ("number", "integer", "category", "boolean", "date", "id", *(w for w in WHAT if w != "id"))

_SYNONYMS = {
    "number": "numeric float decimal double real money currency continuous amount percentage ratio",
    "integer": "int count counts whole whole_number bigint smallint long discrete",
    "category": "categorical factor nominal ordinal enum choice list",
    "boolean": "bool flag yes_no binary logical dichotomous",
    "date": "datetime timestamp day time",
    "id": "identifier key primary_key index",
    "name": "full_name person",
    "email": "e_mail mail email_address",
    "phone": "telephone mobile phone_number tel",
    "street_address": "address street postal_address",
    "postcode": "zip zip_code postal_code zipcode",
    "ip": "ip_address",
    "url": "website web_address link",
    "text": "free_text comment",
}
_BY_WORD = {word: kind for kind, words_ in _SYNONYMS.items() for word in words_.split()}
_STRINGS = frozenset({"string", "str", "varchar", "char", "character", "object", "nvarchar"})
_DISTRIBUTIONS = {
    "gaussian": "normal", "log_normal": "lognormal", "log-normal": "lognormal", "range": "beta", "pert": "beta",
    "negative_binomial": "negative binomial", "nbinom": "negative binomial",
}  # fmt: skip


def column_from(
    record: Mapping[str, Any],
    *,
    comma: bool = False,
    percent: frozenset[str] = frozenset(),
    computed: frozenset[str] = frozenset(),
) -> ColumnSpec:
    """The column that ``record`` states, checked.

    Parameters
    ----------
    record : mapping
        Keys of ``FIELDS``; values as text, numbers, lists or mappings; blank ones may be left out.
    comma : bool
        Whether decimals are written with a comma.
    percent : frozenset of str
        Keys whose header says that shares are in per cent.
    computed : frozenset of str
        Columns that a rule computes, of which nothing but the type has to be stated.

    Raises
    ------
    BlueprintError
        The text names the column and quotes the value.
    """
    name = _text(record, "name")
    if not name:
        raise BlueprintError("There is a column without a name. Give it one, such as “spend”.")
    try:
        column = _column(name, record, comma, percent)
    except BlueprintError as error:
        raise BlueprintError(f"“{name}”: {error}") from None
    if name not in computed:
        check_column(column)
    return column


def _column(name: str, record: Mapping[str, Any], comma: bool, percent: frozenset[str]) -> ColumnSpec:
    kind = _type(name, record, comma)
    common = {"name": name, "description": _text(record, "description")}
    if kind == "id":
        return Identifier(**common, prefix=_text(record, "prefix"))
    common["missing"] = words.share(record.get("missing"), "share missing", comma=comma, percent="missing" in percent)
    if kind in ("number", "integer"):
        stated = {k: words.number(record.get(k), k, comma=comma) for k in ("mean", "sd", "low", "high")}
        zero = words.share(record.get("zero"), "share of zeros", comma=comma, percent="zero" in percent)
        decimals = words.number(record.get("decimals"), "number of decimals", comma=comma)
        distribution = _text(record, "distribution").lower()
        return Number(
            **common,
            **stated,
            whole=kind == "integer",
            distribution=_DISTRIBUTIONS.get(distribution, distribution),
            zero=zero,
            decimals=2 if decimals is None else int(decimals),
        )
    if kind == "category":
        levels, shares = words.levels(record.get("levels"), comma=comma)
        return Category(**common, levels=levels, shares=shares)
    if kind == "boolean":
        return _boolean(common, record, comma, percent)
    if kind == "date":
        return _date(common, record, comma)
    return Faked(**common, what=kind)


def _boolean(common: dict[str, Any], record: Mapping[str, Any], comma: bool, percent: frozenset[str]) -> Boolean:
    labels, shares = words.levels(record.get("labels"), comma=comma)
    if not labels:
        labels, shares = words.yes_last(*words.levels(record.get("levels"), comma=comma))
    stated = record.get("mean") if _blank(record.get("share")) else record.get("share")
    chance = 0.5 if _blank(stated) else words.share(stated, "share", comma=comma, percent="share" in percent)
    if len(shares) == 2:
        if abs(sum(shares) - 1) > 0.005:
            raise BlueprintError(f"the shares {shares[0]:g} and {shares[1]:g} do not add up to 1.")
        chance = shares[1]
    if labels and len(labels) != 2:
        raise BlueprintError(f"yes/no needs two labels; there are {len(labels)}: {', '.join(labels)}. Use “category”.")
    return Boolean(**common, share=chance, labels=(labels or ("no", "yes"))[:2])


def _date(common: dict[str, Any], record: Mapping[str, Any], comma: bool) -> Date:
    start, end = words.day(record.get("low"), "first day"), words.day(record.get("high"), "last day")
    if start is None or end is None:
        raise BlueprintError("a date needs its first and its last day in low and high, such as 2026-01-01.")
    weights = {k: _numbers(record.get(k), k, comma) for k in ("weekdays", "months")}
    return Date(**common, start=start, end=end, **weights)


def record_of(column: ColumnSpec) -> dict[str, Any]:
    """The record of ``column``, short: what is as usual is left out. Levels with shares are a mapping."""
    out: dict[str, Any] = {"name": column.name}
    if isinstance(column, Number):
        out["type"] = "integer" if column.whole else "number"
        stated = {k: getattr(column, k) for k in ("low", "mean", "high", "sd")}
        out |= {"distribution": column.distribution} | {k: _short(v) for k, v in stated.items() if v is not None}
        if not column.whole:
            out["decimals"] = column.decimals
        out["zero"] = column.zero
    elif isinstance(column, Category):
        out["type"] = "category"
        out["levels"] = dict(zip(column.levels, column.shares, strict=True)) if column.shares else list(column.levels)
    elif isinstance(column, Boolean):
        out |= {"type": "boolean", "share": column.share, "labels": list(column.labels)}
    elif isinstance(column, Date):
        out |= {"type": "date", "low": column.start, "high": column.end}
        out |= {"weekdays": list(column.weekdays), "months": list(column.months)}
    elif isinstance(column, Identifier):
        out |= {"type": "id", "prefix": column.prefix}
    else:
        out["type"] = column.what
    out["missing"] = getattr(column, "missing", 0.0)
    out["description"] = column.description
    return {k: v for k, v in out.items() if v not in ("", 0.0, []) or k in ("low", "mean", "high", "share", "decimals")}


def _type(name: str, record: Mapping[str, Any], comma: bool) -> str:
    written = re.sub(r"\(.*\)", "", _text(record, "type")).strip().lower()
    word = re.sub(r"[\s\-/]+", "_", written)
    has_levels = not _blank(record.get("levels"))
    if word in _STRINGS or (word == "text" and has_levels):
        return "category" if has_levels else _by_name(name)
    if word in TYPES or word in _BY_WORD:
        return _BY_WORD.get(word, word)
    if word:
        raise BlueprintError(f"there is no type “{written}”. Choose {', '.join(TYPES[:6])}, name, email or phone.")
    if has_levels:
        return "category"
    limits = [record.get(k) for k in ("low", "high", "mean") if not _blank(record.get(k))]
    if not limits:
        raise BlueprintError("there is neither a type nor a range nor levels. Fill in one of them.")
    try:
        numbers = [words.number(v, "value", comma=comma) for v in limits]
    except BlueprintError:
        return "date"
    return "integer" if all(v is None or v == int(v) for v in numbers) else "number"


def _by_name(name: str) -> str:
    """What a column of text without levels holds, by its name."""
    parts = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    for kind in (*TYPES[6:], *_BY_WORD):
        if re.search(rf"(^|[^a-z]){kind}($|[^a-z])", parts) and _BY_WORD.get(kind, kind) in TYPES[5:]:
            return _BY_WORD.get(kind, kind)
    return "text"


def _numbers(value: Any, what: str, comma: bool) -> tuple[float, ...]:
    if _blank(value):
        return ()
    parts = re.split(r"[;\s]+|,\s*", value.strip()) if isinstance(value, str) else value
    return tuple(words.number(v, what, comma=comma) or 0.0 for v in parts)


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    return "" if _blank(value) else str(value).strip()


def _blank(value: Any) -> bool:
    return value is None or value != value or (isinstance(value, str) and not value.strip()) or value == []


def _short(value: float) -> float | int:
    return int(value) if value == int(value) and abs(value) < 1e15 else value
