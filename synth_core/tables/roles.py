"""The role proposed for each column, with the reason in one sentence."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from synth_core.tables.schema import Kind, Role

# The camel-case endings mind their case: "clientId" is an id, "paid" is not.
_ID_TEXT = re.compile(r"(?i:(^|[_\s\-.])(ids?|uuid|guid|key|index|nr|no|number|ref|reference))$|[a-z](ID|Id|Key|Ref)$")
_ID_NUMBER = re.compile(
    r"(?i:^(id|index|rownum|row_?id|row)|[_\s\-.](id|uuid|guid|key|no|nr|number|ref))$|[a-z](ID|Id)$"
)
_CLICK_ID = re.compile(r"(^|_)(gclid|fbclid|msclkid|dclid|wbraid|gbraid|ttclid|click_?id|cookie_?id|idfa|gaid)$", re.I)
_PERSON = re.compile(
    r"^(first|last|full|sur|family|given|customer|client|contact|guest|person|traveller|traveler|passenger|user|"
    r"employee|lead)[_\s\-]?name$|^surname$",
    re.I,
)
_MAYBE_PERSON = re.compile(r"^(names?|customer|guest|contact|client|traveller|traveler|passenger)$", re.I)
_PHONE_NAME = re.compile(r"(phone|mobile|(^|_)(tel|cell)|msisdn|whatsapp)([_\s\-]?(no|nr|number|\d))?$", re.I)
_ADDRESS = re.compile(r"(^|_)(street|address|addr)(_|$|\d)|street_?address", re.I)

_VALUES = {
    "e-mail addresses": re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"),
    "web addresses": re.compile(r"(https?://|www\.)\S+", re.I),
    "IP addresses": re.compile(r"(\d{1,3}\.){3}\d{1,3}|([0-9a-f]{0,4}:){4,7}[0-9a-f]{0,4}", re.I),
    "phone numbers": re.compile(r"\+\d[\d ()./\-]{6,18}\d|\(\d{2,4}\)[\d ./\-]{5,12}\d|\d{3}[-. ]\d{3}[-. ]\d{4}"),
    "bank accounts": re.compile(r"[A-Z]{2}\d{2}([ ]?[A-Z0-9]{4}){3,7}[ ]?[A-Z0-9]{0,3}"),
}
_LOOKED = 300  #: characters of a value that are looked at: patterns take very long on endless ones
_DIGITS = re.compile(r"[+(]?\d[\d ()./\-]{5,18}\d")
_UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.I)
_TWO_NAMES = re.compile(r"[^\W\d_]+['’\-]?[^\W\d_]*( [^\W\d_]\.?)?( [^\W\d_]+['’\-]?[^\W\d_]*){1,2}")
_BOOLEANS = ({"yes", "no"}, {"true", "false"}, {"y", "n"}, {"t", "f"}, {"on", "off"}, {"0", "1"})


def propose(original: str, values: pd.Series, kind: Kind, *, code: bool = False) -> tuple[Role, str]:
    """Role of a column that is not the target, and why.

    Parameters
    ----------
    original : str
        Header in the file.
    values : pandas.Series, shape (n_rows,)
        Stored values of ``kind``.
    code : bool
        The values are digits that were kept as text on purpose.
    """
    observed = values.dropna()
    if not len(observed):
        return Role.EMPTY, "no value in any row"
    distinct = observed.drop_duplicates()
    if len(distinct) == 1 and len(values) > 1:
        return Role.CONSTANT, f"the same value in every filled row ({distinct.iloc[0]})"
    header = original.strip()
    if _CLICK_ID.search(header):
        return Role.SENSITIVE, "the header names a click or device id"
    if kind is Kind.DATE:
        return Role.DATE, "dates"
    texts = distinct.astype(str) if kind is not Kind.TEXT else distinct
    if reason := _sensitive(header, texts, kind):
        return Role.SENSITIVE, reason
    if {t.strip().lower() for t in texts.head(3)} in _BOOLEANS:
        return Role.BOOLEAN, f"two values: {' and '.join(sorted(texts))}"
    if kind is Kind.TEXT:
        return _text_role(header, observed, distinct, code)
    if kind is Kind.INTEGER:
        return _integer_role(header, values, observed, distinct)
    return Role.NUMERIC, "numbers with decimals"


def _sensitive(header: str, texts: pd.Series, kind: Kind) -> str | None:
    if kind is Kind.FLOAT:
        return None
    sample = texts.iloc[:: max(1, len(texts) // 500)].tolist()
    if _PHONE_NAME.search(header) and _share(_DIGITS, sample) >= 0.6:
        return "phone numbers"
    if kind is not Kind.TEXT:
        return None
    for what, pattern in _VALUES.items():
        if _share(pattern, sample) >= 0.6:
            return f"values look like {what}"
    letters = np.mean([not any(ch.isdigit() for ch in t) and len(t) <= 60 for t in sample])
    if _PERSON.search(header) and letters >= 0.8 and len(texts) > 2:
        return "the header and the values look like names of people"
    if _MAYBE_PERSON.search(header) and _share(_TWO_NAMES, sample) >= 0.9 and len(texts) > 2:
        return "values look like names of people"
    if _ADDRESS.search(header) and np.mean([any(ch.isdigit() for ch in t) for t in sample]) >= 0.6:
        return "values look like postal addresses"
    return None


def _share(pattern: re.Pattern[str], sample: list[str]) -> float:
    return sum(bool(pattern.fullmatch(t.strip()[:_LOOKED])) for t in sample) / len(sample)


def _text_role(header: str, observed: pd.Series, distinct: pd.Series, code: bool) -> tuple[Role, str]:
    kept = "digits with leading zeros or of one long width, kept as text; " if code else ""
    unique = len(distinct) / len(observed)
    sample = distinct.iloc[:: max(1, len(distinct) // 500)].tolist()
    words = np.mean([len(t.split()) for t in sample])
    if _share(_UUID, sample) >= 0.9:
        return Role.IDENTIFIER, "values are UUIDs"
    if words >= 4 and unique > 0.2 and len(distinct) > 20:
        return Role.FREE_TEXT, f"long, varied text ({words:.0f} words on average)"
    if unique == 1 and len(observed) >= 20 and words < 4:
        return Role.IDENTIFIER, f"{kept}a different value in every filled row"
    if _ID_TEXT.search(header) and unique > 0.5 and len(observed) >= 20:
        return Role.IDENTIFIER, f"{kept}the header names an id and {unique:.0%} of the values differ"
    if unique > 0.9 and len(observed) >= 100:
        return Role.IDENTIFIER, f"{kept}{unique:.0%} of the values differ"
    return Role.CATEGORICAL, f"{kept}{len(distinct):,} different values"


def _integer_role(header: str, values: pd.Series, observed: pd.Series, distinct: pd.Series) -> tuple[Role, str]:
    if len(distinct) == len(values) and len(values) > 2:
        numbers = distinct.to_numpy(dtype="int64")
        steps = np.diff(numbers)
        unnamed = not header or header.lower().startswith("unnamed:")
        counts = (steps == 1).all() and numbers[0] in (0, 1) and len(values) >= 20
        if counts or (unnamed and (steps > 0).all()):  # an index that was saved along, possibly after a filter
            return Role.IDENTIFIER, "counts the rows"
        if _ID_NUMBER.search(header):
            return Role.IDENTIFIER, "the header names an id and every row has a different number"
    if _ID_NUMBER.search(header) and len(observed) >= 20:
        if len(distinct) > 0.5 * len(observed):
            share = len(distinct) / len(observed)
            return Role.IDENTIFIER, f"the header names an id and {share:.0%} of the values differ"
        if len(distinct) <= 50 and re.search(r"id$", header, re.I):
            return Role.CATEGORICAL, f"the header names an id, and {len(distinct):,} different values repeat"
    return Role.INTEGER, f"whole numbers from {distinct.min():,} to {distinct.max():,}"
