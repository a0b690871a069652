"""Fitted generators as files: plain values and arrays in a zip, no pickle, no real row inside.

``model.json`` holds what the shared layer and the generator learned, with arrays by name; ``arrays.npz`` the arrays;
``card.json`` and ``card.md`` say what it is. A file from anybody can be opened: nothing in it is ever executed, and
how much of it is read is limited.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from synth_core.errors import GeneratorError
from synth_core.generators import _plain
from synth_core.generators._constraints import Constraints
from synth_core.generators.base import Generator
from synth_core.generators.card import Card
from synth_core.generators.registry import CATALOGUE, create
from synth_core.records import parse

FORMAT = "synthetic-data-studio generator"
VERSION = 1
MAX_BYTES = 512 * 2**20  #: of all parts together, unpacked
_TRIAL_ROWS = 50
_MEMBERS = ("model.json", "arrays.npz", "card.json", "card.md")
_DAMAGED = "This file of a generator is damaged or not complete. Save the generator again."
_FOREIGN = "This is not a file of a saved generator. Choose a .zip that came from “Save generator”."


def save(
    generator: Generator, path: str | Path | BinaryIO, *, table: str, seed: int, fidelity: str | None = None
) -> Card:
    """Write a fitted generator.

    Parameters
    ----------
    generator : Generator
    path : str, Path or binary file
    table : str
        Name of the training table, for the card.
    seed : int
        The seed it was fitted with, for the card.
    fidelity : str, optional
        How close its rows were, in a sentence, for the card.

    Raises
    ------
    GeneratorError
        It is not fitted, it cannot be saved (the text says why), or it is too large.
    """
    if not hasattr(generator, "_preparer"):
        raise GeneratorError(f"{generator.title} has not been fitted yet: there is nothing to save.")
    preparer = generator._preparer
    card = Card.of(generator, table=table, seed=seed, fidelity=fidelity)
    arrays: dict[str, np.ndarray] = {}
    model = {
        "format": FORMAT,
        "version": VERSION,
        "generator": generator.name,
        "settings": _settings(generator),
        "notes": list(generator.notes),
        "preparer": preparer._state(),
        "rules": generator._constraints._state() if generator._constraints else None,
        "state": generator._state() if preparer.variables else None,
    }
    text = json.dumps(_plain.pack(model, arrays), ensure_ascii=False)
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **arrays)
    parts = {
        "model.json": text.encode(),
        "arrays.npz": packed.getvalue(),
        "card.json": json.dumps(card.to_dict(), ensure_ascii=False, indent=1).encode(),
        "card.md": card.to_markdown().encode(),
    }
    if sum(map(len, parts.values())) > MAX_BYTES:
        raise GeneratorError(f"The fitted {generator.title} is larger than {MAX_BYTES >> 20} MB: it cannot be saved.")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return card


def load(path: str | Path | BinaryIO) -> Generator:
    """A saved generator, ready to ``sample``: the same rows for the same seed.

    Raises
    ------
    GeneratorError
        The file is no saved generator, is damaged, or comes from a newer version.
    """
    parts = _parts(path)
    model = _json(parts["model.json"])
    _check_head(model)
    try:
        model = _plain.unpack(model, _plain.read_arrays(parts["arrays.npz"], MAX_BYTES))
        generator = create(model["generator"], **model["settings"])
        generator.notes = [str(n) for n in model["notes"]]
        rules = model.get("rules")  # files from before there were rules have none
        generator._constraints = Constraints._from_state(rules) if rules else None
        generator._preparer = generator.layer._from_state(model["preparer"])
        if model["state"] is not None:
            generator._set_state(model["state"])
        generator.sample(_TRIAL_ROWS, seed=0)  # what does not fit together shows now, not in the middle of a run
        generator.notes = [str(n) for n in model["notes"]]
    except (
        AttributeError, KeyError, IndexError, TypeError, ValueError, ArithmeticError, RecursionError, RuntimeError,
        OSError, EOFError, MemoryError, zipfile.BadZipFile, zlib.error,
    ) as error:  # fmt: skip
        raise GeneratorError(_DAMAGED) from error
    return generator


def read_card(path: str | Path | BinaryIO) -> Card:
    """The card of a saved generator.

    Raises
    ------
    GeneratorError
        The file is no saved generator, or is damaged.
    """
    try:
        return Card.from_dict(_json(_parts(path)["card.json"]))
    except (KeyError, TypeError, ValueError) as error:
        raise GeneratorError(_DAMAGED) from error


def _settings(generator: Generator) -> dict[str, Any]:
    """What the constructor was given; settings left empty are left out."""
    found = {}
    for setting in CATALOGUE[generator.name].settings:
        value = getattr(generator, setting.name, getattr(generator, f"_{setting.name}", None))
        if value is not None:
            found[setting.name] = value
    return found


def _parts(path: str | Path | BinaryIO) -> dict[str, bytes]:
    """The parts of the file, none larger than it says and all together not too large."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
            if sorted(i.filename for i in listed) != sorted(_MEMBERS):
                raise GeneratorError(_FOREIGN)
            if sum(i.file_size for i in listed) > MAX_BYTES:
                raise GeneratorError(f"Unpacked, this file is larger than {MAX_BYTES >> 20} MB: it is not opened.")
            return {i.filename: _plain.read_member(archive, i) for i in listed}
    except zipfile.BadZipFile as error:
        raise GeneratorError(_FOREIGN if "not a zip" in str(error) else _DAMAGED) from error
    except (OSError, EOFError, ValueError, RuntimeError, zlib.error) as error:
        if isinstance(error, FileNotFoundError):
            raise GeneratorError("There is no file of a saved generator at this place.") from error
        raise GeneratorError(_DAMAGED) from error


def _json(content: bytes) -> Any:
    try:
        return parse(content.decode("utf-8"))
    except ValueError as error:
        raise GeneratorError(_DAMAGED) from error


def _check_head(model: Any) -> None:
    if not isinstance(model, dict) or model.get("format") != FORMAT:
        raise GeneratorError(_FOREIGN)
    version = model.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise GeneratorError(
            "A newer version of this app saved this generator. Update the app, or save the generator with this one."
        )
    if not isinstance(model.get("generator"), str) or model["generator"] not in CATALOGUE:
        raise GeneratorError(
            "This file holds a generator that this version does not have. Update the app, or choose another file."
        )
