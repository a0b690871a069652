"""Seed and number in, one file as nobody should upload it out: the same file every time."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from synth_core.prospective import archive
from synth_core.reports import pack
from tests.fuzz import bases, odd, parquets, spoil, workbooks

#: How many of a hundred files go to each reader.
SHARES = {
    "table": 41, "journeys": 9, "credits": 4, "voice": 8, "blueprint": 9, "leads": 6, "outcomes": 4, "scorer": 4,
    "generator": 4, "world": 4, "stored": 4, "pack": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One file.

    Attributes
    ----------
    reader : str
        Who reads it, see :mod:`tests.fuzz.readers`.
    name : str
        Of the upload.
    data : bytes
    seed : int
        For what the reader's test does with a file that was read.
    """

    reader: str
    name: str
    data: bytes
    seed: int


def case(seed: int, number: int, home: Path, only: tuple[str, ...] = ()) -> Case:
    """File ``number`` of the corpus ``seed``; ``home`` is the folder of :func:`tests.fuzz.bases.prepare`."""
    rng = random.Random(f"{seed}/{number}")
    known = only or tuple(SHARES)
    reader = rng.choices(known, [SHARES.get(name, 4) for name in known])[0]
    name, data = _MAKERS[reader](rng, home)
    return Case(reader, name, data, rng.randrange(2**31))


def sheet(rng: random.Random, text: str) -> tuple[str, bytes]:
    """A table in one of the formats that uploads have, spoilt in its text, its bytes or its structure."""
    if rng.random() < 0.75:
        text = spoil.text_of(rng, text)
    kind = rng.choices(("text", "gz", "xlsx", "parquet", "bomb"), (52, 8, 24, 14.5, 1.5))[0]
    if kind == "text":
        data = spoil.encoded(rng, text)
        if rng.random() < 0.2:
            data = spoil.bytes_of(rng, data, rng.choice(bases.tables()).encode())
        return odd.name(rng, rng.choice((".csv", ".csv", ".tsv", ".txt"))), data
    if kind == "gz":
        return odd.name(rng, ".csv.gz"), _gzipped(rng, text)
    if kind == "xlsx":
        data = workbooks.workbook(rng, workbooks.rows_of(rng, text))
        roll = rng.random()
        if roll < 0.65:
            data = workbooks.spoilt(rng, data)
        elif roll < 0.8:
            data = spoil.bytes_of(rng, data)
        return odd.name(rng, ".xlsx"), data
    if kind == "parquet":
        data = parquets.parquet(rng, text)
        return odd.name(rng, ".parquet"), parquets.spoilt(rng, data) if rng.random() < 0.45 else data
    if rng.random() < 0.5:
        return odd.name(rng, ".csv.gz"), workbooks.gzip_bomb(rng)
    return odd.name(rng, ".parquet"), parquets.bomb(rng)


def _gzipped(rng: random.Random, text: str) -> bytes:
    data = spoil.encoded(rng, text)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):  # at times packed again and again
        data = gzip.compress(data, mtime=0)
    roll = rng.random()
    if roll < 0.3:
        return spoil.bytes_of(rng, data)
    if roll < 0.4:
        return data + gzip.compress(b"a,b\n1,2\n", mtime=0)
    if roll < 0.5:
        return data + rng.randbytes(30)
    return data


def _table(rng: random.Random, home: Path) -> tuple[str, bytes]:
    return sheet(rng, rng.choice(bases.tables()))


def _journeys(rng: random.Random, home: Path) -> tuple[str, bytes]:
    return sheet(rng, rng.choice(bases.journeys()))


def _credits(rng: random.Random, home: Path) -> tuple[str, bytes]:
    return sheet(rng, rng.choice(bases.credits()))


def _leads(rng: random.Random, home: Path) -> tuple[str, bytes]:
    return sheet(rng, bases.leads())


def _outcomes(rng: random.Random, home: Path) -> tuple[str, bytes]:
    return sheet(rng, bases.outcomes())


def _voice(rng: random.Random, home: Path) -> tuple[str, bytes]:
    text = rng.choice(bases.lines())
    if text[0] in "[{":
        values = [json.loads(line) for line in text.split("\n")]
        lines = [spoil.json_bytes(rng, v) if rng.random() < 0.3 else json.dumps(v).encode() for v in values]
        return odd.name(rng, rng.choice((".jsonl", ".json"))), b"\n".join(lines)
    return sheet(rng, text)


def _blueprint(rng: random.Random, home: Path) -> tuple[str, bytes]:
    if rng.random() < 0.4:
        return sheet(rng, bases.dictionary())
    text = rng.choice(bases.blueprints())
    for _ in range(rng.choice((1, 1, 2, 4))):
        text = rng.choice(_YAML)(rng, text)
    data = spoil.encoded(rng, text)
    return odd.name(rng, rng.choice((".yaml", ".yml"))), spoil.bytes_of(rng, data) if rng.random() < 0.2 else data


def _yaml_value(rng: random.Random, text: str) -> str:
    """The value behind one colon replaced."""
    lines = text.split("\n")
    spots = [i for i, line in enumerate(lines) if ": " in line]
    if not spots:
        return text
    at = rng.choice(spots)
    head, _, tail = lines[at].partition(": ") if rng.random() < 0.5 else lines[at].rpartition(": ")
    closing = tail[tail.index("}") :] if "}" in tail else ""
    new = rng.choice((
        "", "~", "[]", "{}", "[1, [2, [3]]]", "{a: {b: c}}", "&a [*a]", "*a",
        "!!python/object/apply:os.system ['true']",
        "!!binary aGk=", "!!int x", "|", ">", "'", '"', "1e400", "-1", "0", "nan", "inf", "99999999999",
        "150 %", "-5 %",
        "2026-13-40", "0001-01-01", "yes", "x" * 20_000, "[" * 2_000, "{a: " * 500, odd.cell(rng)[:2_000],
    ))  # fmt: skip
    lines[at] = f"{head}: {new}{closing}"
    return "\n".join(lines)


def _yaml_line(rng: random.Random, text: str) -> str:
    """A line taken out, repeated, indented otherwise, or put elsewhere."""
    lines = text.split("\n")
    at, kind = rng.randrange(len(lines)), rng.randrange(4)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines[at:at] = [lines[at]] * rng.choice((1, 3, 400))
    elif kind == 2:
        lines[at] = rng.choice((" ", "  ", "\t", "- ")) + lines[at]
    else:
        lines.insert(rng.randrange(len(lines)), lines.pop(at))
    return "\n".join(lines)


def _yaml_bomb(rng: random.Random, text: str) -> str:
    """References that refer to references."""
    grow = "".join(f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 9)}]\n" for i in range(1, 9))
    return f"x0: &x0 [lol]\n{grow}{text}"


_YAML = (_yaml_value, _yaml_value, _yaml_value, _yaml_line, _yaml_line, spoil.text_of, _yaml_bomb)


def _world(rng: random.Random, home: Path) -> tuple[str, bytes]:
    return odd.name(rng, ".json"), spoil.json_bytes(rng, rng.choice(bases.worlds()))


@cache
def _parts(path: Path) -> tuple[tuple[str, bytes], ...]:
    return tuple(workbooks.unzip(path.read_bytes()))


def _scorer(rng: random.Random, home: Path) -> tuple[str, bytes]:
    """Changed parts under a right seal, so that what lies behind the seal is reached; or the file itself damaged."""
    parts = dict(_parts(home / f"scorer-{rng.choice(('lightgbm', 'logistic'))}.zip"))
    if rng.random() < 0.3:
        return odd.name(rng, ".zip"), _damaged_zip(rng, list(parts.items()))
    parts.pop(archive.MANIFEST)
    for name in rng.sample(sorted(parts), rng.choice((1, 1, 2))):
        parts[name] = _part(rng, name, parts[name])
    return odd.name(rng, ".zip"), archive.pack(parts)


def _generator(rng: random.Random, home: Path) -> tuple[str, bytes]:
    parts = dict(_parts(home / "generator-trees.zip"))
    if rng.random() < 0.3:
        return odd.name(rng, ".zip"), _damaged_zip(rng, list(parts.items()))
    for name in rng.sample(sorted(parts), rng.choice((1, 1, 2))):
        parts[name] = _part(rng, name, parts[name])
    return odd.name(rng, ".zip"), workbooks.zipped(list(parts.items()))


def _pack(rng: random.Random, home: Path) -> tuple[str, bytes]:
    """As :func:`_scorer`: parts changed under a right manifest, or the file itself damaged."""
    parts = dict(_parts(home / "pack.zip"))
    if rng.random() < 0.3:
        return odd.name(rng, ".zip"), _damaged_zip(rng, list(parts.items()))
    parts.pop(pack.MANIFEST)
    for name in rng.sample(sorted(parts), rng.choice((1, 1, 2))):
        damage = (
            parquets.spoilt if name.endswith(".parquet") else lambda rng, content, name=name: _part(rng, name, content)
        )
        parts[name] = damage(rng, parts[name])
    return odd.name(rng, ".zip"), pack.sealed(parts, product="fuzz")


def _part(rng: random.Random, name: str, content: bytes) -> bytes:
    if name.endswith(".json"):
        return spoil.json_bytes(rng, json.loads(content))
    if name.endswith(".npz"):
        return _arrays(rng, content)
    if name.endswith(".txt") and rng.random() < 0.7:  # a model's own text: numbers replaced
        lines = content.split(b"\n")
        for _ in range(rng.choice((1, 2, 5))):
            at = rng.randrange(len(lines))
            head, sign, tail = lines[at].partition(b"=")
            words = tail.split(b" ")
            words[rng.randrange(len(words))] = rng.choice(
                (b"0", b"-1", b"-99", b"9999", b"2147483648", b"nan", b"inf", b"", b"x")
            )
            lines[at] = head + sign + b" ".join(words)
        return b"\n".join(lines)
    return spoil.bytes_of(rng, content)


def _arrays(rng: random.Random, content: bytes) -> bytes:
    if rng.random() < 0.3:
        return spoil.bytes_of(rng, content)
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    if not arrays:
        return content
    name = rng.choice(sorted(arrays))
    array = arrays[name]
    arrays[name] = rng.choice((
        array[:0], array.ravel()[: max(1, array.size // 2)], array.astype("float16"), array[None], array * 0 - 1,
        np.full_like(array, 127), np.array("text"), np.array(3),
        np.concatenate([array, array]) if array.ndim else array,
        np.full(array.shape, np.nan), np.zeros(array.shape, "complex64"), np.zeros(array.shape, bool),
    ))  # fmt: skip
    if rng.random() < 0.1:
        del arrays[name]
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    out = buffer.getvalue()
    return out.replace(b"'shape': (", b"'shape': (9", 1) if rng.random() < 0.1 else out


def _damaged_zip(rng: random.Random, parts: list[tuple[str, bytes]]) -> bytes:
    kind = rng.randrange(4)
    if kind == 0:
        return spoil.bytes_of(rng, workbooks.zipped(parts))
    if kind == 1:
        return workbooks.listed_otherwise(rng, workbooks.zipped(parts))
    name, content = parts[rng.randrange(len(parts))]
    if kind == 2:
        parts = [*parts, (rng.choice((name, "../../evil", "/abs", "x.pkl", "")), content)]
    else:
        parts = [
            (n, b"0" * rng.choice((2**20, 600 * 2**20)) if n == name and rng.random() < 0.3 else c) for n, c in parts
        ]
    return workbooks.zipped(parts, rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA)))


def _stored(rng: random.Random, home: Path) -> tuple[str, bytes]:
    """A stored table's folder as an archive, one file of it damaged."""
    folder = home / "stored"
    files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    for name in rng.sample(sorted(files), rng.choice((1, 1, 2))):
        if name.endswith(".json"):
            files[name] = spoil.json_bytes(rng, json.loads(files[name]))
        else:
            files[name] = rng.choice((parquets.spoilt, spoil.bytes_of))(rng, files[name])
        if rng.random() < 0.05:
            del files[name]
    return "stored.zip", workbooks.zipped(list(files.items()), zipfile.ZIP_STORED)


_MAKERS: dict[str, Callable[[random.Random, Path], tuple[str, bytes]]] = {
    "table": _table, "journeys": _journeys, "credits": _credits, "voice": _voice, "blueprint": _blueprint,
    "leads": _leads,
    "outcomes": _outcomes, "scorer": _scorer, "generator": _generator, "world": _world, "stored": _stored,
    "pack": _pack,
}  # fmt: skip
