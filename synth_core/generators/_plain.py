"""Nested dicts and lists with arrays in them, as JSON and a separate set of arrays, and back."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np

_KEY = "__array__"
_KINDS = "biuf"  #: booleans and numbers; nothing that would need pickle


def pack(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    """``value`` with every array replaced by a reference; the arrays are added to ``arrays``.

    Raises
    ------
    TypeError
        Something else than dicts with text keys, lists, tuples, plain values and arrays of numbers.
    """
    if isinstance(value, dict):
        if not all(isinstance(k, str) and k != _KEY for k in value):
            raise TypeError("Only text can be a key.")
        return {k: pack(v, arrays) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [pack(v, arrays) for v in value]
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in _KINDS:
            raise TypeError(f"An array of {value.dtype} cannot be stored.")
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {_KEY: name}
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"A {type(value).__name__} cannot be stored.")


def unpack(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    """What :func:`pack` was given, lists for tuples."""
    if isinstance(value, dict):
        if set(value) == {_KEY}:
            return arrays[value[_KEY]]
        return {k: unpack(v, arrays) for k, v in value.items()}
    if isinstance(value, list):
        return [unpack(v, arrays) for v in value]
    return value


def read_arrays(content: bytes, limit: int) -> dict[str, np.ndarray]:
    """Arrays of an ``.npz`` file that nobody vouches for.

    Raises
    ------
    ValueError
        Not an ``.npz`` file of numbers, or more than ``limit`` bytes unpacked.
    """
    out = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(i.file_size for i in archive.infolist()) > limit:
            raise ValueError("too large")
        for info in archive.infolist():
            out[info.filename.removesuffix(".npy")] = _array(read_member(archive, info))
    return out


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A part of a zip file; never more of it is unpacked than its listed size."""
    with archive.open(info) as part:
        return part.read(info.file_size)


def _array(content: bytes) -> np.ndarray:
    """One array; its header must not promise more than there is, since memory is set aside by the header."""
    stream = io.BytesIO(content)
    major = np.lib.format.read_magic(stream)[0]
    header = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
    shape, _, dtype = header(stream)
    count = 1
    for length in shape:
        count *= int(length)
    if dtype.kind not in _KINDS or any(n < 0 for n in shape) or count * dtype.itemsize != len(content) - stream.tell():
        raise ValueError("not an array of numbers, or not complete")
    return np.load(io.BytesIO(content), allow_pickle=False)
