"""What a pack says about its runs, and reading records whose author is not trusted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, is_dataclass
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from synth_core.generators.training import Training

Record = TypeVar("Record")
_ID, _DATASET = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class TableFacts:
    """What pages say of the real table, where it is not at hand.

    ``rows`` is None where the exact number is outside a guarantee.
    """

    name: str
    rows: int | None
    features: int
    target: str | None
    positive: str | None


@dataclass(frozen=True)
class RunRecord:
    """One run of a pack: ``id`` is the one it had where it was made, ``finished`` Unix seconds."""

    task: Literal["generate", "privacy", "lift"]
    id: str
    title: str
    finished: float
    spec: dict[str, Any]
    table: TableFacts

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError("a run's id is 32 hexadecimal digits")


@dataclass(frozen=True)
class GenerateSpec:
    """See :func:`synth_core.tasks.generate.run`."""

    dataset: str
    generator: str
    settings: dict[str, Any]
    rows: int
    seed: int
    holdout: float
    where: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _DATASET.fullmatch(self.dataset):
            raise ValueError("a table's id is 64 hexadecimal digits")


@dataclass(frozen=True)
class PrivacySpec:
    """See :func:`synth_core.tasks.privacy.run`; the run and the table are those of the pack."""

    seed: int
    known: tuple[str, ...] | None
    secret_columns: tuple[str, ...] | None


@dataclass(frozen=True)
class LiftSpec:
    """See :func:`synth_core.tasks.lift.run`; the table is that of the pack."""

    arms: tuple[Any, ...]
    labels: tuple[str, ...]
    folds: int
    repeats: int
    seed: int
    holdout: float
    rows: int | None = None
    learner: str = "lightgbm"
    by_date: str | None = None
    curves: bool = False
    budget: float | None = None

    def __post_init__(self) -> None:
        for arm in self.arms:
            named = isinstance(arm, list) and len(arm) == 2 and isinstance(arm[0], str) and isinstance(arm[1], dict)
            if not isinstance(arm, str) and not named:
                raise TypeError("an arm is a generator's name, alone or with its settings")


@dataclass(frozen=True)
class SchemaRecord:
    """See :class:`synth_core.tables.Schema`, which reads the columns."""

    columns: tuple[dict[str, Any], ...]
    target: str | None
    positive: str | None
    rules: tuple[Any, ...] = ()


@dataclass(frozen=True)
class RuleOutcome:
    """How real and synthetic rows keep one rule; see :func:`synth_core.tables.rules.compare`."""

    short: str
    real_tested: int
    real_broken: int
    synthetic_tested: int
    synthetic_broken: int


@dataclass(frozen=True)
class Summary:
    """What of a run's ``summary.json`` a pack holds; numbers of real rows are None outside a guarantee."""

    delivered: int
    train_rows: int | None
    holdout_rows: int | None
    holdout_fingerprint: str | None
    notes: tuple[str, ...]
    training: Training | None
    rules: tuple[RuleOutcome, ...]
    seconds: float


def read(cls: type[Record], data: Any) -> Record:
    """``cls`` from JSON, every value of the type that its field states.

    Raises
    ------
    ValueError, TypeError
        Something is missing, unknown or of another type.
    """
    return _value(cls, data)


def _value(hint: Any, value: Any) -> Any:
    kind, inner = get_origin(hint), get_args(hint)
    if kind in (Union, UnionType):
        optional = type(None) in inner
        return None if value is None and optional else _value(next(h for h in inner if h is not type(None)), value)
    if kind is Literal:
        if value not in inner:
            raise ValueError(f"{value!r} is none of {inner}")
        return value
    if is_dataclass(hint):
        if not isinstance(value, dict) or (unknown := set(value) - {f.name for f in fields(hint) if f.init}):
            raise TypeError(
                f"no {hint.__name__}, or it has unknown fields {unknown if isinstance(value, dict) else ''}"
            )
        hints = get_type_hints(hint)
        return hint(**{name: _value(hints[name], v) for name, v in value.items()})
    if kind is tuple:
        parts = [inner[0]] * len(_of(list, value)) if inner[-1] is Ellipsis else inner
        return tuple(_value(h, v) for h, v in zip(parts, value, strict=True))
    if kind is dict or hint is dict:
        return {_of(str, k): _value(inner[1] if inner else Any, v) for k, v in _of(dict, value).items()}
    if hint is Any:
        return value
    if hint is int and isinstance(value, float) and value.is_integer():
        return int(value)
    return _of((int, float) if hint is float else hint, value)


def _of(kind: Any, value: Any) -> Any:
    """``value``, which must be of ``kind``; yes and no are no numbers."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{type(value).__name__} in place of {kind}")
    return value
