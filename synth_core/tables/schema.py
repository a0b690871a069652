"""What each column is: its storage kind, its role, and why that role was proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from synth_core.errors import SchemaError

if TYPE_CHECKING:
    from synth_core.tables.rules import Rule


class Kind(StrEnum):
    """How a column's values are stored in ``Table.frame``."""

    FLOAT = "float"  #: float64, NaN = missing
    INTEGER = "integer"  #: Int64, <NA> = missing
    TEXT = "text"  #: object holding str, None = missing
    DATE = "date"  #: datetime64[ns], NaT = missing


class Role(StrEnum):
    """What a column is used for."""

    NUMERIC = "numeric"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CATEGORICAL = "categorical"
    DATE = "date"
    IDENTIFIER = "identifier"
    SENSITIVE = "sensitive"
    FREE_TEXT = "free text"
    CONSTANT = "constant"
    EMPTY = "empty"
    TARGET = "target"


class Release(StrEnum):
    """What becomes of the real values of an identifier, a sensitive column or free text in rows that leave."""

    DROP = "drop"  #: blank
    FAKE = "fake"  #: new ids, or invented values; one real value is always the same invented one
    HASH = "hash"  #: random-looking codes; one real value is always the same code


#: Columns whose real values never leave, and what becomes of them unless the analyst says otherwise.
RELEASES = {Role.IDENTIFIER: Release.FAKE, Role.SENSITIVE: Release.DROP, Role.FREE_TEXT: Release.DROP}

#: Roles whose columns are modelled as an ordered quantity / as unordered levels / never shown to a model.
QUANTITIES = frozenset({Role.NUMERIC, Role.INTEGER, Role.DATE})
LEVELS = frozenset({Role.BOOLEAN, Role.CATEGORICAL})
SET_ASIDE = frozenset({Role.IDENTIFIER, Role.SENSITIVE, Role.FREE_TEXT, Role.CONSTANT, Role.EMPTY})


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        Unique, non-blank header used in ``Table.frame``.
    original : str
        The header as it stood in the file (may be blank or repeated); used on export.
    kind : Kind
        Storage kind.
    role : Role
        Use of the column; the target's role is ``Role.TARGET`` whatever its kind.
    reason : str
        One plain sentence: why this role was proposed (or "chosen by you").
    examples : tuple of str
        Up to three values as they stood in the file.
    format : str or None
        Date format for export (strftime), where ``kind`` is DATE.
    decimals : int or None
        Most decimals seen, where ``kind`` is FLOAT.
    missing_tokens : tuple of str
        Texts that were read as missing in this column (for example ``"N/A"``).
    release : Release or None
        What the analyst chose for the real values, where the role is one of ``RELEASES``; None = the role's default.
    """

    name: str
    original: str
    kind: Kind
    role: Role
    reason: str = ""
    examples: tuple[str, ...] = ()
    format: str | None = None
    decimals: int | None = None
    missing_tokens: tuple[str, ...] = ()
    release: Release | None = None

    @property
    def comes_out(self) -> Release | None:
        """What becomes of the real values in rows that leave; None where the role is not set aside for that."""
        return (self.release or RELEASES[self.role]) if self.role in RELEASES else None


@dataclass(frozen=True)
class Schema:
    """The columns of a table, in file order, which of them is the target, and the rules between them."""

    columns: tuple[Column, ...]
    target: str | None = None
    positive: str | None = None  #: label of the positive class, for a two-class target
    rules: tuple[Rule, ...] = ()
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {c.name: c for c in self.columns})

    def __getitem__(self, name: str) -> Column:
        try:
            return self._by_name[name]
        except KeyError:
            raise SchemaError(
                f"There is no column called “{name}”. The columns are: {', '.join(self.names[:12])}"
                f"{', …' if len(self.names) > 12 else ''}."
            ) from None

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @property
    def names(self) -> list[str]:
        return [c.name for c in self.columns]

    def with_roles(self, *roles: Role) -> list[str]:
        """Names of the columns that have one of ``roles``, in file order."""
        return [c.name for c in self.columns if c.role in roles]

    @property
    def features(self) -> list[str]:
        """Columns a model may look at: quantities and levels, without the target."""
        return [c.name for c in self.columns if c.role in QUANTITIES or c.role in LEVELS]

    def replace_column(self, name: str, **changes: Any) -> Schema:
        """A copy in which column ``name`` has ``changes`` applied."""
        self[name]
        return replace(self, columns=tuple(replace(c, **changes) if c.name == name else c for c in self.columns))

    def without_examples(self) -> Schema:
        """A copy without any value of the file as an example, for what may leave the workspace."""
        return replace(self, columns=tuple(replace(c, examples=()) for c in self.columns))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-ready form; :meth:`from_dict` reads it back."""
        return {
            "target": self.target,
            "positive": self.positive,
            "columns": [
                {
                    "name": c.name,
                    "original": c.original,
                    "kind": c.kind.value,
                    "role": c.role.value,
                    "reason": c.reason,
                    "examples": list(c.examples),
                    "format": c.format,
                    "decimals": c.decimals,
                    "missing_tokens": list(c.missing_tokens),
                    "release": c.release.value if c.release else None,
                }
                for c in self.columns
            ],
            "rules": [r.to_dict() for r in self.rules],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Schema:
        """The inverse of :meth:`to_dict`.

        Raises
        ------
        KeyError, TypeError, ValueError
            ``data`` is no schema's.
        """
        from synth_core.tables.rules import rule_from_dict  # which needs this module

        columns = tuple(map(_column_from, data["columns"]))
        names = [c.name for c in columns]
        target, positive = data["target"], data["positive"]
        if len(set(names)) < len(names) or not (target is None or target in names):
            raise ValueError("a column is there twice, or the target is none of them")
        if not isinstance(positive, str | None):
            raise TypeError("the positive class is no text")
        rules = tuple(map(rule_from_dict, data.get("rules", ())))  # files from before there were rules have none
        if any(name not in names for rule in rules for name in rule.columns):
            raise ValueError("a rule speaks of a column that is not there")
        return cls(columns, target, positive, rules)


def _column_from(stored: dict[str, Any]) -> Column:
    texts = [stored["name"], stored["original"], stored["reason"], *stored["examples"], *stored["missing_tokens"]]
    decimals = stored["decimals"]
    whole = isinstance(decimals, int) and not isinstance(decimals, bool) and 0 <= decimals <= 15
    if not all(isinstance(t, str) for t in texts) or not isinstance(stored["format"], str | None):
        raise TypeError("text is expected in a column's name, reason, examples and format")
    if not stored["name"] or not (decimals is None or whole):
        raise ValueError("a column without a name, or with an odd number of decimals")
    return Column(
        **{
            **stored,
            "kind": Kind(stored["kind"]),
            "role": Role(stored["role"]),
            "examples": tuple(stored["examples"]),
            "missing_tokens": tuple(stored["missing_tokens"]),
            "release": Release(stored["release"]) if stored.get("release") else None,  # older files have none
        }
    )
