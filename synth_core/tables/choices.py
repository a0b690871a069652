"""What an analyst chose for a table, kept for the next file with the same headers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from synth_core.errors import SchemaError
from synth_core.tables.date_order import ambiguous, chosen_orders, set_day_first
from synth_core.tables.loading import CHOSEN, set_roles, set_target
from synth_core.tables.release import set_releases
from synth_core.tables.rules import Rule, adopt, rule_from_dict
from synth_core.tables.schema import Release, Role
from synth_core.tables.table import Table

#: Note on a table whose earlier choices are damaged.
DAMAGED = (
    "What was chosen for an earlier file with these headers is damaged and was not taken over. Check roles and target "
    "below; they are stored anew with your next change."
)


@dataclass(frozen=True)
class Choices:
    """Roles, releases and the order of day and month by column, the target, its positive class, rules."""

    roles: dict[str, Role]
    releases: dict[str, Release]
    target: str | None
    positive: str | None
    rules: tuple[Rule, ...]
    day_first: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Table) -> Choices:
        """What was chosen for ``table``, and not proposed."""
        return cls(
            {c.name: c.role for c in table.schema if c.reason == CHOSEN},
            {c.name: c.release for c in table.schema if c.release},
            table.target,
            table.schema.positive,
            table.schema.rules,
            chosen_orders(table),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-ready form; :meth:`from_dict` reads it back."""
        return {
            "roles": {name: role.value for name, role in self.roles.items()},
            "target": self.target,
            "positive": self.positive,
            "rules": [r.to_dict() for r in self.rules],
            "releases": {name: release.value for name, release in self.releases.items()},
            "day_first": self.day_first,
        }

    @classmethod
    def from_dict(cls, data: Any) -> Choices:
        """The inverse of :meth:`to_dict`.

        Raises
        ------
        ValueError
            ``data`` is none of these.
        """
        try:
            target, positive = data["target"], data["positive"]
            if not isinstance(target, str | None) or not isinstance(positive, str | None):
                raise TypeError("target and positive class are text")
            roles = {name: Role(role) for name, role in data["roles"].items()}
            releases = {name: Release(release) for name, release in data.get("releases", {}).items()}
            orders = {str(name): bool(first) for name, first in data.get("day_first", {}).items()}
            return cls(roles, releases, target, positive, tuple(map(rule_from_dict, data.get("rules", ()))), orders)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("these are no choices") from error

    def applied(self, table: Table) -> Table:
        """``table`` with these choices; those that do not fit are left as proposed, and notes say which."""
        taken: list[str] = []
        refused: list[str] = []
        steps = [
            *((name, lambda t, n=name, r=role: set_roles(t, {n: r})) for name, role in self.roles.items()),
            *((name, lambda t, n=name, r=release: set_releases(t, {n: r})) for name, release in self.releases.items()),
        ]
        either = ambiguous(table)
        steps += [
            (name, lambda t, n=name, f=first: set_day_first(t, {n: f}))
            for name, first in self.day_first.items()
            if name in either  # where one order only fits, there is no choice
        ]
        if self.target is not None:
            steps.append((self.target, lambda t: set_target(t, self.target, self.positive)))
        for name, step in steps:
            try:
                table = step(table)
                taken += [name] if name not in taken else []
            except SchemaError as error:
                refused.append(str(error))
        table = adopt(table, self.rules)
        said = [f"Roles and target were taken over from an earlier file: {', '.join(taken)}."] if taken else []
        if table.schema.rules:
            rules = "; ".join(r.short for r in table.schema.rules)
            said.append(f"Rules were taken over from an earlier file: {rules}.")
        said += [f"An earlier choice was not taken over: {reason}" for reason in refused]
        return replace(table, notes=(*table.notes, *said))
