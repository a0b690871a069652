"""What frozen result records share: reading them back from JSON by their type hints, and what was not measured."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


@dataclass(frozen=True)
class Unavailable:
    """A comparison that was not made, and why."""

    name: str
    reason: str


def parse(text: str | bytes) -> Any:
    """The value of a JSON text that nobody vouches for.

    Raises
    ------
    ValueError
        No JSON, nested too deep, or with half a character in it, which no file and no page can show.
    """
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    json.dumps(found, ensure_ascii=False).encode()  # half a character (a lone surrogate) fails here
    return found


def build(cls: type[Record], data: dict[str, Any]) -> Record:
    """``cls`` from what ``dataclasses.asdict`` made of it, lists turned back into tuples.

    Raises
    ------
    TypeError
        A field is unknown, or one without a default is missing.
    """
    hints = get_type_hints(cls)
    if unknown := set(data) - {f.name for f in fields(cls)}:
        raise TypeError(f"{cls.__name__} has no field {sorted(unknown)}.")
    return cls(**{name: _value(hints[name], value) for name, value in data.items()})


def _value(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    kind, inner = get_origin(hint), get_args(hint)
    if kind in (Union, UnionType):
        return _value(next(h for h in inner if h is not type(None)), value)
    if is_dataclass(hint):
        return build(hint, value)
    if kind is tuple:
        parts = [inner[0]] * len(value) if len(inner) == 2 and inner[1] is Ellipsis else inner
        return tuple(_value(h, v) for h, v in zip(parts, value, strict=True))
    if kind is dict:
        return {k: _value(inner[1], v) for k, v in value.items()}
    return value
