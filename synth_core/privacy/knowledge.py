"""What an outsider may know, and what they would like to learn: presets by the names of columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from synth_core.tables import Schema
from synth_core.tables.schema import QUANTITIES

_MOST_SECRETS = 5

_SEEN_BY_PLATFORMS = (
    r"device|browser|operating|os|platform|geo|country|region|city|state|zip|postcode|area|campaign|channel|source|medium|"
    r"keyword|creative|ad|utm|traffic|visitor|date|day|month|week|weekend|weekday|hour|time|language|lang|impression|"
    r"click|session|page|referr?er|segment|contact|newbie"
)
_SEEN_BY_ACQUAINTANCES = (
    r"age|gender|sex|marital|married|education|degree|occupation|job|profession|designation|employment|children|kids|"
    r"dependents?|partner|family|household|senior|city|country|region|state|native|nationality|race|birth|car|passport|"
    r"property|housing|home|destination|party|travell?er|person|trip"
)
_WANTED = (
    r"income|salary|wage|revenue|spend|spent|spending|price|quote|amount|balance|credit|loan|debt|default|payment|paid|charge|"
    r"cost|budget|value|order|purchase|premium|claim|diagnosis|condition|gain|loss"
)


@dataclass(frozen=True)
class Preset:
    """An outsider: what they know and what they want.

    Attributes
    ----------
    key, title, about : str
    known, secret_columns : tuple of str
        Modelled columns. A secret that is among the known ones is left out while it is being guessed.
    """

    key: str
    title: str
    about: str
    known: tuple[str, ...]
    secret_columns: tuple[str, ...]


def presets(schema: Schema) -> tuple[Preset, ...]:
    """Outsiders that make sense for these columns, the worst case first; empty with fewer than two modelled columns."""
    names = modelled(schema)
    if len(names) < 2:
        return ()
    wanted = _wanted(schema, names)
    found = [
        Preset(
            "worst",
            "Knows everything but one value",
            "The worst case: every column of a person is known but the one that is guessed.",
            tuple(names),
            tuple(wanted[:_MOST_SECRETS]),
        )
    ]
    for key, title, about, pattern in (
        (
            "platform",
            "Knows what an ad platform sees",
            "Device, place, time, campaign and behaviour are known; money and outcome are secret.",
            _SEEN_BY_PLATFORMS,
        ),
        (
            "acquaintance",
            "Knows what an acquaintance knows",
            "Age, family, work and home are known; money and outcome are secret.",
            _SEEN_BY_ACQUAINTANCES,
        ),
    ):
        known = tuple(
            n for n in names if n != schema.target and _names(schema, n, pattern) and not _names(schema, n, _WANTED)
        )
        secret = tuple(n for n in wanted if n not in known)[:_MOST_SECRETS]
        if len(known) >= 2 and secret:
            found.append(Preset(key, title, about, known, secret))
    return tuple(found)


def modelled(schema: Schema) -> list[str]:
    """Features and the target, in table order."""
    return [c.name for c in schema if c.name in schema.features or c.name == schema.target]


def _wanted(schema: Schema, names: list[str]) -> list[str]:
    """Columns an outsider would like to learn, most wanted first: outcome, money, other numbers, the rest."""

    def rank(name: str) -> int:
        if name == schema.target:
            return 0
        if _names(schema, name, _WANTED):
            return 1
        return 2 if schema[name].role in QUANTITIES else 3

    return sorted(names, key=rank)


def _names(schema: Schema, name: str, pattern: str) -> bool:
    """Whether one word of the header is in ``pattern``: words end at blanks, signs and capitals."""
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", schema[name].original or name)
    return re.search(rf"(?<![a-z])({pattern})s?(?![a-z])", words.lower()) is not None
