"""Parquet files with every type that one can hold, and with damage in pages, footer and lengths."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import random
import struct

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.fuzz import odd, spoil

_WIDEST = 20_000  #: columns; each takes kilobytes in the footer
_CODECS = ("none", "snappy", "gzip", "zstd", "brotli", "lz4")


def parquet(rng: random.Random, text: str) -> bytes:
    """Some columns of the table as text, and some of odd types."""
    rows = [line.split(",") for line in text.strip("\n").split("\n")][:80]
    count = max(1, len(rows) - 1)
    width = min(_WIDEST, *map(len, rows))
    columns = [[row[i] for row in rows[1:]] or ["x"] for i in range(width)]
    names, arrays = list(rows[0][:width]), [pa.array(c, pa.string()) for c in columns]
    for _ in range(rng.choice((0, 1, 2, 5))):
        names.append(rng.choice(("x", "x", "date", "Ünï", "", "a" * 2_000, "0", odd.cell(rng)[:50])))
        arrays.append(_column(rng, count))
    if not names:
        names, arrays = ["x"], [_column(rng, count)]
    return written(rng, pa.Table.from_arrays(arrays, names))


def written(rng: random.Random, table: pa.Table) -> bytes:
    """A Parquet file of ``table`` with options that few writers use."""
    buffer = io.BytesIO()
    options = {
        "compression": rng.choice(_CODECS),
        "use_dictionary": rng.random() < 0.7,
        "row_group_size": rng.choice((None, 1, 7)),
        "data_page_size": rng.choice((None, 64)),
        "version": rng.choice(("1.0", "2.6")),
        "data_page_version": rng.choice(("1.0", "2.0")),
        "write_statistics": rng.random() < 0.8,
    }
    try:
        pq.write_table(table, buffer, **options)
    except (pa.ArrowException, ValueError):  # a type this version of the format does not have
        buffer = io.BytesIO()
        pq.write_table(pa.table({"x": [1, 2]}), buffer)
    return buffer.getvalue()


def _column(rng: random.Random, count: int) -> pa.Array:
    return rng.choice(_COLUMNS)(rng, count)


def _of(kind: pa.DataType, values: list):
    def column(rng: random.Random, count: int) -> pa.Array:
        return pa.array([rng.choice(values) for _ in range(count)], kind)

    return column


def _dictionary(rng: random.Random, count: int) -> pa.Array:
    levels = rng.choice((["a", "b"], [""], [None, "x"], ["x" * 100_000]))
    codes = pa.array([rng.randrange(len(levels)) for _ in range(count)], rng.choice((pa.int8(), pa.int32())))
    return pa.DictionaryArray.from_arrays(codes, pa.array(levels, pa.string()))


def _days(rng: random.Random, count: int) -> pa.Array:
    kind = rng.choice((
        pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("us"), pa.timestamp("ns"),
        pa.timestamp("us", "UTC"), pa.timestamp("ms", "Europe/Berlin"), pa.timestamp("us", "+05:30"), pa.time32("s"),
        pa.time64("ns"), pa.duration("ns"),
    ))  # fmt: skip
    width = 32 if kind in (pa.date32(), pa.time32("s")) else 64
    most = 2 ** (width - 1) - 1
    numbers = [rng.choice((0, 1, -1, 86_399, 20_000, most, -most, rng.randrange(-most, most))) for _ in range(count)]
    return pa.array(np.array(numbers, f"int{width}"), pa.int32() if width == 32 else pa.int64()).view(kind)


_COLUMNS = (
    _days,
    _days,
    _dictionary,
    _of(pa.float64(), [1.5, float("nan"), float("inf"), -float("inf"), 5e-324, 1e308, None, -0.0]),
    _of(pa.float32(), [1.5, 3.4e38, None]),
    _of(pa.float16(), [np.float16(1.5), np.float16(6e4), None]),
    _of(pa.int64(), [0, 2**63 - 1, -(2**63), None]),
    _of(pa.uint64(), [0, 2**64 - 1, None]),
    _of(pa.int8(), [0, 127, None]),
    _of(pa.bool_(), [True, False, None]),
    _of(pa.string(), [None, "", "x", "é\U0001f600", "\x00", "a\nb", "=1+1", "9" * 60, "y" * 70_000]),
    _of(pa.large_string(), ["a", None]),
    _of(pa.string_view(), ["a", "b" * 40, None]),
    _of(pa.binary(), [b"\xff\xfe", b"ok", None]),
    _of(pa.binary(4), [b"\xff\xfe\x00\x01", None]),
    _of(pa.decimal128(38, 10), [decimal.Decimal("1.5"), decimal.Decimal("9" * 28), None]),
    _of(pa.decimal256(60, 3), [decimal.Decimal("9" * 50), None]),
    _of(pa.list_(pa.int32()), [[1, 2], [], None]),
    _of(pa.struct([("a", pa.int32())]), [{"a": 1}, None]),
    _of(pa.map_(pa.string(), pa.int32()), [[("a", 1)], None]),
    _of(pa.null(), [None]),
    _of(pa.time64("us"), [dt.time(23, 59, 59, 999_999), None]),
)


def spoilt(rng: random.Random, data: bytes) -> bytes:
    """Damage in the pages, in the footer, in its length, or a footer of another file."""
    kind = rng.randrange(5)
    length = struct.unpack("<I", data[-8:-4])[0]
    footer = slice(max(4, len(data) - 8 - length), len(data) - 8)
    if kind == 0:
        return data[: footer.start] + spoil.bytes_of(rng, data[footer]) + data[-8:]
    if kind == 1:
        out = bytearray(data)
        for _ in range(rng.choice((1, 2, 5))):
            out[rng.randrange(footer.start, footer.stop)] ^= 1 << rng.randrange(8)
        return bytes(out)
    if kind == 2:
        return data[:-8] + struct.pack("<I", rng.choice((0, 1, length - 1, length + 1, 2**31, 2**32 - 1))) + b"PAR1"
    if kind == 3:
        out = bytearray(data)
        for _ in range(rng.choice((1, 3, 10))):
            out[rng.randrange(4, max(5, footer.start))] ^= 1 << rng.randrange(8)
        return bytes(out)
    return spoil.bytes_of(rng, data)


def bomb(rng: random.Random) -> bytes:
    """A small file that unpacks to very much: equal cells, one long text in every row, or texts with one beginning."""
    buffer, kind = io.BytesIO(), rng.randrange(4)
    if kind == 0:
        with pq.ParquetWriter(buffer, pa.schema([("x", pa.int64()), ("y", pa.bool_())])) as writer:
            part = pa.table({"x": pa.array([7] * 500_000), "y": pa.array([True] * 500_000)})
            for _ in range(rng.choice((4, 40))):
                writer.write_table(part)
        return buffer.getvalue()
    if kind == 1:
        codes = pa.array(np.zeros(rng.choice((2_000, 200_000)), "int32"))
        table = pa.table({"x": pa.DictionaryArray.from_arrays(codes, pa.array(["long " * 20_000])), "y": codes})
        pq.write_table(table, buffer, compression="zstd")
        return buffer.getvalue()
    if kind == 2:
        begin = "long " * 4_000
        table = pa.table({"x": [f"{begin}{i % 7}" for i in range(3_000)] * rng.choice((1, 4))})
        pq.write_table(table, buffer, use_dictionary=False, column_encoding="DELTA_BYTE_ARRAY", compression="zstd")
        return buffer.getvalue()
    pq.write_table(
        pa.table({"x": ["a" * 30_000_000] * rng.choice((1, 4))}), buffer, use_dictionary=False, compression="zstd"
    )
    return buffer.getvalue()
