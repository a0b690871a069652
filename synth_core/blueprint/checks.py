"""What a blueprint must not say, each told in one sentence that names the column."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping

from synth_core.blueprint.marginals import limits
from synth_core.blueprint.rules import check_rules
from synth_core.blueprint.spec import (
    COUNTS,
    DISTRIBUTIONS,
    Blueprint,
    Boolean,
    Category,
    ColumnSpec,
    Correlation,
    Date,
    Faked,
    Identifier,
    Modelled,
    Number,
    TargetSpec,
)
from synth_core.errors import BlueprintError

MOST_ROWS = 5_000_000
_LARGEST = 1e15
_TOLERANCE = 0.005  #: shares written with two decimals may add up to 0.995


def check(blueprint: Blueprint) -> None:
    """Refuse a blueprint that cannot be drawn.

    Raises
    ------
    BlueprintError
        The first thing that is wrong, in plain words.
    """
    if not blueprint.columns:
        raise BlueprintError("The blueprint has no columns. Add at least one.")
    if not 1 <= blueprint.rows <= MOST_ROWS:
        raise BlueprintError(f"{blueprint.rows:,} rows cannot be made: ask for 1 to {MOST_ROWS:,}.")
    names = [c.name for c in blueprint.columns] + ([blueprint.target.name] if blueprint.target else [])
    for position, name in enumerate(names, 1):
        if not name.strip():
            raise BlueprintError(f"Column {position} has no name. Give it one, such as “spend”.")
        if names.count(name) > 1:
            raise BlueprintError(f"Two columns are called “{name}”. Give each its own name.")
    for column in blueprint.columns:
        if column.name not in blueprint.computed:
            check_column(column)
    _check_correlations(blueprint)
    if blueprint.target:
        _check_target(blueprint, blueprint.target)
    check_rules(blueprint)


def check_column(column: ColumnSpec) -> None:
    """Refuse a column that contradicts itself or lacks something.

    Raises
    ------
    BlueprintError
    """
    if not isinstance(column, Identifier):
        _share(column.name, "share missing", column.missing, below_one=True)
    if isinstance(column, Number):
        _check_number(column)
    elif isinstance(column, Category):
        _check_category(column)
    elif isinstance(column, Boolean):
        _share(column.name, f"share of “{column.labels[1]}”", column.share)
        _two_labels(column.name, column.labels)
    elif isinstance(column, Date):
        _check_date(column)
    elif isinstance(column, Faked):
        from synth_core.tables.fakes import WHAT

        if column.what not in WHAT:
            raise BlueprintError(f"“{column.name}”: “{column.what}” cannot be made up. Choose {', '.join(WHAT)}.")


def _check_number(column: Number) -> None:
    name, kind = column.name, column.chosen()
    for what in ("mean", "sd", "low", "high"):
        value = getattr(column, what)
        if value is not None and not abs(value) <= _LARGEST:
            raise BlueprintError(f"“{name}”: the {what} is {value:g}. Write a number of at most 15 digits.")
    _share(name, "share of zeros", column.zero, below_one=True)
    if not 0 <= column.decimals <= 9:
        raise BlueprintError(f"“{name}”: {column.decimals} decimals cannot be kept. Choose 0 to 9.")
    if kind not in DISTRIBUTIONS:
        raise BlueprintError(
            f"“{name}”: there is no distribution called “{kind}”. Choose one of {', '.join(DISTRIBUTIONS)}."
        )
    lacking = [what for what in DISTRIBUTIONS[kind] if getattr(column, what) is None]
    if lacking:
        raise BlueprintError(
            f"“{name}”: the {kind} distribution needs {' and '.join(lacking)}. Fill in what is missing."
            if column.distribution or lacking != ["mean"]
            else f"“{name}” says nothing about its values. Fill in low and high, or a mean."
        )
    if column.low is not None and column.high is not None and not column.low < column.high:
        raise BlueprintError(f"“{name}”: low ({column.low:g}) must be below high ({column.high:g}).")
    if operator.gt(*limits(column)):
        what = "whole number" if column.whole else f"number with {column.decimals} decimals"
        raise BlueprintError(f"“{name}”: from {column.low:g} to {column.high:g} there is no {what}. Move one of them.")
    if column.sd is not None and column.sd <= 0:
        raise BlueprintError(f"“{name}”: the sd is {column.sd:g}. It must be above 0.")
    if kind in COUNTS | {"lognormal", "gamma", "exponential"} and column.mean <= 0:
        raise BlueprintError(f"“{name}”: the mean is {column.mean:g}; the {kind} distribution needs one above 0.")
    if kind == "negative binomial" and column.sd**2 <= column.mean:
        raise BlueprintError(
            f"“{name}”: counts with mean {column.mean:g} scatter by at least {math.sqrt(column.mean):.3g}; the sd is "
            f"{column.sd:g}. Raise it, or choose poisson."
        )
    if kind == "beta":
        _check_beta(column)


def _check_beta(column: Number) -> None:
    if not column.low < column.mean < column.high:
        raise BlueprintError(
            f"“{column.name}”: the mean ({column.mean:g}) must lie between low ({column.low:g}) and high "
            f"({column.high:g})."
        )
    most = math.sqrt((column.mean - column.low) * (column.high - column.mean))
    if column.sd is not None and column.sd >= most:
        raise BlueprintError(
            f"“{column.name}”: between {column.low:g} and {column.high:g} with mean {column.mean:g} the sd is below "
            f"{most:.4g}; it is stated as {column.sd:g}."
        )


def _check_category(column: Category) -> None:
    name = column.name
    if not column.levels:
        raise BlueprintError(f"“{name}” is a category without levels. List them, such as “Search 60 %, Social 40 %”.")
    for level in column.levels:
        if not level.strip():
            raise BlueprintError(f"“{name}” has a level without a name. Take it out; use the share missing for blanks.")
        if column.levels.count(level) > 1:
            raise BlueprintError(f"“{name}” lists the level “{level}” twice. Keep it once.")
    if not column.shares:
        return
    if len(column.shares) != len(column.levels):
        raise BlueprintError(f"“{name}” has {len(column.levels)} levels and {len(column.shares)} shares.")
    for level, share in zip(column.levels, column.shares, strict=True):
        _share(name, f"share of “{level}”", share)
    if abs(sum(column.shares) - 1) > _TOLERANCE:
        listed = ", ".join(f"{v} {s:g}" for v, s in list(zip(column.levels, column.shares, strict=True))[:6])
        raise BlueprintError(
            f"The shares of “{name}” add up to {sum(column.shares):.4g} instead of 1 ({listed}"
            f"{', …' if len(column.levels) > 6 else ''}). Change one of them."
        )


def _check_date(column: Date) -> None:
    if column.start > column.end:
        raise BlueprintError(f"“{column.name}”: the first day ({column.start}) comes after the last ({column.end}).")
    for what, weights, count in (("weekdays", column.weekdays, 7), ("months", column.months, 12)):
        if weights and (len(weights) != count or min(weights) < 0 or not 0 < sum(weights) < math.inf):
            raise BlueprintError(
                f"“{column.name}”: {what} takes {count} numbers of 0 or more, such as {', '.join(['1'] * count)}."
            )


def _check_correlations(blueprint: Blueprint) -> None:
    seen: set[frozenset[str]] = set()
    for pair in blueprint.correlations:
        for name in (pair.first, pair.second):
            _modelled(blueprint, name, "A correlation")
        if pair.first == pair.second:
            raise BlueprintError(f"“{pair.first}” cannot be correlated with itself. Choose another column.")
        if not -1 < pair.value < 1:
            raise BlueprintError(f"The correlation of {_named(pair)} is {pair.value:g}: choose one between −1 and 1.")
        if frozenset((pair.first, pair.second)) in seen:
            raise BlueprintError(f"The correlation of {_named(pair)} is stated twice. Keep one.")
        seen.add(frozenset((pair.first, pair.second)))


def _check_target(blueprint: Blueprint, target: TargetSpec) -> None:
    _two_labels(target.name, target.labels)
    if not 0 < target.prevalence < 1:
        raise BlueprintError(
            f"The prevalence of “{target.name}” is {target.prevalence:g}: choose a share between 0 and 1, such as 0.1."
        )
    for name, strength in target.drivers.items():
        column = _modelled(blueprint, name, f"A driver of “{target.name}”")
        strengths = strength if isinstance(strength, Mapping) else {None: strength}
        if isinstance(strength, Mapping):
            known = _levels(column)
            unknown = [level for level in strength if level not in known]
            if unknown:
                raise BlueprintError(
                    f"The driver “{name}” names the level “{unknown[0]}”, which the column does not have: "
                    f"{', '.join(known[:8]) or 'it is a number, so give one strength'}."
                )
        elif isinstance(column, Category):
            raise BlueprintError(
                f"The driver “{name}” is a category: give a strength per level, such as "
                f"“{column.levels[-1]}: {strength:g}”."
            )
        for value in strengths.values():
            if not abs(value) <= 20:
                raise BlueprintError(f"The strength of the driver “{name}” is {value:g}: choose one from −20 to 20.")


def _modelled(blueprint: Blueprint, name: str, what: str) -> Modelled:
    column = blueprint.column(name)
    if column is None:
        raise BlueprintError(
            f"{what} names “{name}”, which is no column of the blueprint. The columns are: "
            f"{', '.join(c.name for c in blueprint.columns[:12])}{', …' if len(blueprint.columns) > 12 else ''}."
        )
    if not isinstance(column, Modelled):
        raise BlueprintError(f"{what} names “{name}”, whose values are made up and say nothing. Choose another column.")
    return column


def _levels(column: Modelled) -> tuple[str, ...]:
    if isinstance(column, Category):
        return column.levels
    return column.labels if isinstance(column, Boolean) else ()


def _share(name: str, what: str, value: float, *, below_one: bool = False) -> None:
    if not (0 <= value < 1 if below_one else 0 <= value <= 1):
        raise BlueprintError(
            f"“{name}”: the {what} is {value:g}. Write a share from 0 to {'just below 1' if below_one else '1'}, such "
            "as 0.05 or 5 %."
        )


def _two_labels(name: str, labels: tuple[str, ...]) -> None:
    if len(labels) != 2 or labels[0] == labels[1] or not all(label.strip() for label in labels):
        raise BlueprintError(f"“{name}” needs two different labels, such as no and yes; it has {', '.join(labels)}.")


def _named(pair: Correlation) -> str:
    return f"“{pair.first}” and “{pair.second}”"
