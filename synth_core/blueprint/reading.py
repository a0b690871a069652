"""Blueprints as YAML files, and any uploaded file by what it is."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

import yaml

from synth_core.blueprint import rules, words
from synth_core.blueprint.checks import check
from synth_core.blueprint.dictionary import read_dictionary
from synth_core.blueprint.records import FIELDS, column_from, record_of
from synth_core.blueprint.spec import Blueprint, ColumnSpec, Correlation, TargetSpec
from synth_core.errors import BlueprintError, TableError
from synth_core.tables import sniffing

MOST_BYTES = 2_000_000
_DEEPEST = 50
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the former is ten times faster and not everywhere
_TOP = ("blueprint", "description", "rows", "columns", "correlations", "rules", "target")
_TARGET = ("name", "labels", "prevalence", "drivers")


class _Entry(dict):
    """A mapping of the file that knows its line."""

    line: int


def read_blueprint(data: bytes, file_name: str) -> tuple[Blueprint, tuple[str, ...]]:
    """The blueprint in a YAML file or a CSV data dictionary, and what to know about how it was read.

    Raises
    ------
    BlueprintError
        The text names the line and the column.
    """
    if len(data) > MOST_BYTES:
        raise BlueprintError("This file is larger than 2 MB: it holds rows, not a description of columns.")
    if file_name.lower().endswith((".yaml", ".yml")):
        try:
            return from_yaml(sniffing.decode(data)[0]), ()
        except TableError:
            raise BlueprintError("This file is not text. Upload a blueprint as YAML.") from None
    return read_dictionary(data, file_name.rsplit(".", 1)[0].strip() or "Blueprint")


def from_yaml(text: str) -> Blueprint:
    """The blueprint in a YAML text, checked.

    Every value is read as the text that stands there, so that ``no`` is a label and not a truth value.

    Raises
    ------
    BlueprintError
    """
    top = _read(text)
    if not isinstance(top, _Entry) or "columns" not in top:
        raise BlueprintError("This is no blueprint: the file has no “columns:”. Save one to see how it is written.")
    _known(top, _TOP, "The blueprint")
    if not isinstance(top["columns"], list):
        raise BlueprintError("“columns:” must be a list: one “- name: …” per column.")
    rows = _at(top, lambda: words.number(top.get("rows") or "5000", "number of rows"))
    target = top.get("target")
    lines = _listed(top, "rules")
    if any(not isinstance(line, str) for line in lines):
        raise BlueprintError(f"Rules are written as one line of text each, such as {rules.EXAMPLES}.")
    computed = rules.computed_names(lines)
    columns = tuple(_column(entry, place, computed) for place, entry in enumerate(top["columns"], 1))
    blueprint = Blueprint(
        str(top.get("blueprint") or "Blueprint"),
        columns,
        int(rows),
        tuple(_pair(entry) for entry in _listed(top, "correlations")),
        _target(target) if target else None,
        tuple(rules.parse(line, [c.name for c in columns]) for line in lines),
        str(top.get("description") or ""),
    )
    check(blueprint)
    return blueprint


def to_yaml(blueprint: Blueprint) -> str:
    """``blueprint`` as :func:`from_yaml` reads it back."""
    out: dict[str, Any] = {"blueprint": blueprint.name}
    if blueprint.description:
        out["description"] = blueprint.description
    out |= {"rows": blueprint.rows, "columns": [record_of(c) for c in blueprint.columns]}
    if blueprint.correlations:
        out["correlations"] = [[c.first, c.second, c.value] for c in blueprint.correlations]
    if blueprint.rules:
        out["rules"] = [rules.text_of(r) for r in blueprint.rules]
    if target := blueprint.target:
        drivers = {k: dict(v) if isinstance(v, Mapping) else v for k, v in target.drivers.items()}
        out["target"] = {
            "name": target.name, "labels": list(target.labels), "prevalence": target.prevalence, "drivers": drivers,
        }  # fmt: skip
    return yaml.safe_dump(out, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)


def _read(text: str) -> Any:
    if _nesting(text) > _DEEPEST:
        raise BlueprintError(
            f"The file cannot be read as YAML: more than {_DEEPEST} brackets are open at once. Close them, or save a "
            "blueprint to see how it is written."
        )
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_LOADER)):
            raise BlueprintError("The file uses references (*name), which are not followed. Write the values out.")
        node = yaml.compose(text, Loader=_LOADER)
        return None if node is None else _plain(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BlueprintError(
            f"Line {line} of the file cannot be read ({error.problem}). Check its indentation, colons and quotes."
        ) from None
    except (yaml.YAMLError, RecursionError):
        raise BlueprintError("The file cannot be read as YAML. Save a blueprint to see how it is written.") from None


def _nesting(text: str) -> int:
    """Most brackets that are open at once, those in quotes among them; parsers take very long on thousands."""
    depth = most = 0
    for sign in re.findall(r"[\[\]{}]", text):
        depth = max(0, depth + (1 if sign in "[{" else -1))
        most = max(most, depth)
    return most


def _plain(node: yaml.Node) -> Any:
    """Texts, lists and mappings; nothing is converted."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child) for child in node.value]
    if isinstance(node, yaml.MappingNode):
        entry = _Entry()
        entry.line = node.start_mark.line + 1
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise BlueprintError(f"Line {key.start_mark.line + 1}: a name is expected before the colon.")
            if key.value in entry:
                raise BlueprintError(f"Line {key.start_mark.line + 1}: “{key.value}” is stated twice. Keep one.")
            entry[key.value] = _plain(value)
        return entry
    return None if node.tag == "tag:yaml.org,2002:null" and node.style is None else node.value


def _column(entry: Any, place: int, computed: frozenset[str]) -> ColumnSpec:
    if not isinstance(entry, _Entry):
        raise BlueprintError(f"Column {place} is “{entry}”: write it as “- name: …”, with its type below.")
    synonyms = {"from": "low", "to": "high", "share_missing": "missing", "share_zero": "zero", "start": "low",
                "end": "high", "min": "low", "max": "high", "std": "sd"}  # fmt: skip
    record = _Entry({synonyms.get(k, k): v for k, v in entry.items()})
    record.line = entry.line
    _known(record, FIELDS, f"“{entry.get('name', place)}”")
    for key, value in record.items():
        listed = key in ("levels", "labels", "weekdays", "months")
        if isinstance(value, list | dict) and (not listed or (isinstance(value, dict) and key != "levels")):
            raise BlueprintError(f"Line {entry.line}: “{key}” of “{entry.get('name')}” takes one value, not several.")
        if isinstance(value, list) and any(isinstance(v, list | dict) for v in value):
            raise BlueprintError(f"Line {entry.line}: “{key}” of “{entry.get('name')}” is a plain list: [a, b, c].")
    return _at(entry, lambda: column_from(record, computed=computed))


def _pair(entry: Any) -> Correlation:
    if isinstance(entry, _Entry) and {"first", "second", "value"} <= set(entry):
        entry = [entry["first"], entry["second"], entry["value"]]
    if not isinstance(entry, list) or len(entry) != 3 or any(isinstance(v, list | dict) for v in entry):
        raise BlueprintError(f"A correlation is written as [first column, second column, 0.4]; there is “{entry}”.")
    what = f"correlation of “{entry[0]}” and “{entry[1]}”"
    try:
        return Correlation(str(entry[0]), str(entry[1]), words.number(entry[2], what) or 0.0)
    except BlueprintError as error:
        raise BlueprintError(_sentence(error)) from None


def _target(entry: Any) -> TargetSpec:
    if not isinstance(entry, _Entry) or not entry.get("name"):
        raise BlueprintError("The target needs a name: write “target:” and below it “name: …”, “prevalence: …”.")
    _known(entry, _TARGET, "The target")
    labels = entry.get("labels") or ["no", "yes"]
    drivers = entry.get("drivers") or {}
    if not isinstance(labels, list) or not isinstance(drivers, dict):
        raise BlueprintError(f"Line {entry.line}: write labels as [no, yes], and drivers as one “column: 0.5” a line.")
    return TargetSpec(
        str(entry["name"]),
        _at(entry, lambda: words.share(entry.get("prevalence") or "0.1", "prevalence")),
        tuple(map(str, labels)),
        {name: _at(entry, lambda n=name, v=value: _strength(n, v)) for name, value in drivers.items()},
    )


def _strength(name: str, value: Any) -> float | dict[str, float]:
    if isinstance(value, dict):
        return {str(k): words.number(v, f"strength of “{name}: {k}”") or 0.0 for k, v in value.items()}
    return words.number(value, f"strength of “{name}”") or 0.0


def _listed(entry: _Entry, key: str) -> list:
    value = entry.get(key) or []
    if not isinstance(value, list):
        raise BlueprintError(f"“{key}:” must be a list, one “- …” a line.")
    return value


def _known(entry: _Entry, keys: tuple[str, ...], whose: str) -> None:
    for key in entry:
        if key not in keys:
            close = difflib.get_close_matches(key, keys, 1)
            hint = f"Did you mean “{close[0]}”?" if close else f"There are: {', '.join(keys)}."
            raise BlueprintError(f"Line {entry.line}: {whose} says “{key}”, which is not known. {hint}")


def _at(entry: _Entry, work):
    try:
        return work()
    except BlueprintError as error:
        raise BlueprintError(f"Line {entry.line}: {error}") from None


def _sentence(error: BlueprintError) -> str:
    text = str(error)
    return text[0].upper() + text[1:]
