"""Damage to any bytes, to the text of a table, and to values of JSON."""

from __future__ import annotations

import codecs
import json
import random
import re
from typing import Any

from tests.fuzz import odd

#: Bytes that begin, end or separate something in one of the formats.
MARKS = (
    b"\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x80", b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06",
    b"PAR1", b"\x1f\x8b\x08", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, b"\r",
    b"\n",
    b'"', b",", b"]]>", b"<!--", b"&#0;", b"\xed\xa0\x80", b"\xc0\x80", b"\xf8\x88\x80\x80\x80",
)  # fmt: skip
ENCODINGS = (
    "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "cp1250", "cp1251", "shift_jis",
    "gb18030", "big5", "euc_kr", "cp037", "utf-7", "koi8-r",
)  # fmt: skip


LONGEST = 20_000_000  #: characters of a table; larger ones are honest work and no spoilt file


def bytes_of(rng: random.Random, data: bytes, other: bytes = b"") -> bytes:
    """One to four of: flipped bits, changed, removed, repeated and inserted bytes, a cut, a splice with ``other``."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(out) + 1)
        span = min(rng.choice((1, 4, 30, 1_000)), len(out) - at)
        kind = rng.randrange(8)
        if kind == 0 and out:
            for _ in range(rng.choice((1, 3, 20))):
                out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
        elif kind == 1:
            out[at : at + span] = rng.randbytes(span)
        elif kind == 2:
            del out[at : at + span]
        elif kind == 3:
            out[at:at] = out[at : at + span] * rng.choice((1, 2, 20))
        elif kind == 4:
            out[at:at] = rng.choice(MARKS)
        elif kind == 5:
            del out[at:]
        elif kind == 6:
            del out[:at]
        else:
            out[at:] = other[rng.randrange(len(other) + 1) :]
    return bytes(out)


def text_of(rng: random.Random, text: str) -> str:
    """A few changes to the text of a table, token by token."""
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        text = rng.choice(_TEXTS)(rng, text)[:LONGEST]
    return text


def _put_cell(rng: random.Random, text: str) -> str:
    """Odd cells instead of, or beside, cells that are there."""
    parts = re.split(r"([,;\t|\n])", text)
    for _ in range(rng.choice((1, 2, 8))):
        place = rng.randrange(len(parts))
        parts[place] = odd.cell(rng) if rng.random() < 0.8 else parts[place] + odd.cell(rng)
    return "".join(parts)


def _whole_column(rng: random.Random, text: str) -> str:
    """One column with the same odd cell, or with odd cells, in every row."""
    rows = [line.split(",") for line in text.split("\n")]
    place, one = rng.randrange(max(map(len, rows))), odd.cell(rng)
    same = rng.random() < 0.3
    for row in rows[rng.randrange(2) :]:
        if place < len(row):
            row[place] = one if same else odd.cell(rng)[:1_000]
    return "\n".join(map(",".join, rows))


def _delimiter(rng: random.Random, text: str) -> str:
    return text.replace(",", rng.choice((";", "\t", "|", ":", " ", "\x1f", "¦", ",,", "", ", ")))


def _line_ends(rng: random.Random, text: str) -> str:
    return text.replace("\n", rng.choice(("\r\n", "\r", "\n\n", "\n\r", "\r\r\n", "\u2028", "\x85", " \n", ",\n")))


def _rows(rng: random.Random, text: str) -> str:
    """Rows taken out, repeated, shuffled, cut short or made longer; the header among them."""
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    kind = rng.randrange(7)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines[at:at] = [lines[at]] * rng.choice((1, 10, 300))
    elif kind == 2:
        rng.shuffle(lines)
    elif kind == 3:
        lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
    elif kind == 4:
        lines[at] += rng.choice((",", ",x", ",,,,", ',"', "," * 3_000))
    elif kind == 5:
        lines[at:] = []
    else:
        lines[0:0] = [rng.choice(("Report of May", "sep=;", "sep=,", "# comment", "", '"Title, long"', "\ufeff"))] * (
            at % 12
        )
    return "\n".join(lines)


def _quotes(rng: random.Random, text: str) -> str:
    """Every cell in quotes, every quote gone, or one quote somewhere."""
    kind = rng.randrange(3)
    if kind == 0:
        return "\n".join(",".join(f'"{c}"' for c in line.split(",")) for line in text.split("\n"))
    if kind == 1:
        return text.replace('"', "")
    at = rng.randrange(len(text) + 1)
    return text[:at] + '"' + text[at:]


def _shape(rng: random.Random, text: str) -> str:
    """Very many columns, one column, very many short rows, or the table turned on its side."""
    lines = [line.split(",") for line in text.split("\n")]
    kind = rng.randrange(4)
    if kind == 0:
        times = rng.choice((3, 40, 300, 2_500))
        return "\n".join(",".join(row * times) for row in lines[: max(2, 400 // times)])
    if kind == 1:
        return "\n".join(row[0] for row in lines)
    if kind == 2:
        last = ",".join(lines[-1])
        return text + "\n" + "\n".join([last] * min(rng.choice((500, 5_000)), 1 + 10**7 // (1 + len(last))))
    width = max(map(len, lines))
    return "\n".join(",".join(row[i] if i < len(row) else "" for row in lines) for i in range(width))


def _headers(rng: random.Random, text: str) -> str:
    """Repeated, blank, numeric, huge or missing headers."""
    head, _, body = text.partition("\n")
    count = head.count(",") + 1
    made = rng.choice((
        ["a"] * count, [""] * count, [str(i) for i in range(count)], ["x" * 3_000, *["y"] * (count - 1)],
        [odd.cell(rng).replace(",", "") for _ in range(count)], ["A", *["a "] * (count - 1)],
        ["is_synthetic", "Unnamed: 0", *["column_1"] * (count - 2)], [],
    ))  # fmt: skip
    return ",".join(made) + ("\n" if made else "") + body


_TEXTS = (
    _put_cell,
    _put_cell,
    _whole_column,
    _whole_column,
    _delimiter,
    _line_ends,
    _rows,
    _rows,
    _quotes,
    _shape,
    _headers,
)


def encoded(rng: random.Random, text: str) -> bytes:
    """The text as bytes: mostly UTF-8, else one of the encodings that exports come in, right or mixed."""
    if rng.random() < 0.65:
        return text.encode("utf-8", errors="surrogatepass")
    data = text.encode(rng.choice(ENCODINGS), errors="replace")
    if rng.random() < 0.2:
        data = rng.choice((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) + data
    if rng.random() < 0.2:
        data += text[: rng.randrange(len(text) + 1)].encode(rng.choice(ENCODINGS), errors="replace")
    return data


def json_of(rng: random.Random, value: Any) -> Any:
    """A copy of ``value`` with one to five parts replaced, removed, added or renamed."""
    value = json.loads(json.dumps(value))
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        value = _json_part(rng, value)
    return value


def _json_part(rng: random.Random, value: Any) -> Any:
    holder, path = value, []
    while isinstance(holder, dict | list) and holder:
        key = rng.choice(list(holder)) if isinstance(holder, dict) else rng.randrange(len(holder))
        path.append((holder, key))
        holder = holder[key]
        if rng.random() < 0.3:
            break
    if not path:
        return odd.value(rng)
    inside, key = path[-1]
    kind = rng.randrange(6)
    if kind == 0:
        del inside[key]
    elif kind == 1 and isinstance(inside, dict):
        inside[rng.choice(("", "x", str(key) + "_", "__class__"))] = inside.pop(key)
    elif kind == 2:
        inside[key] = odd.deep(rng)
    elif kind == 3 and _is_plain_number(inside[key]):
        inside[key] = rng.choice(
            (-inside[key], inside[key] * 1_000_003, inside[key] + 0.5, inside[key] + 1, str(inside[key]))
        )
    elif kind == 4 and isinstance(inside, list):
        inside.insert(key, inside[key])
    else:
        inside[key] = odd.value(rng)
    return value


def _is_plain_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**300


def json_bytes(rng: random.Random, value: Any) -> bytes:
    """A value as a JSON file, at times damaged as text or nested far too deep."""
    if rng.random() < 0.03:
        return b"[" * rng.choice((1_000, 200_000))
    text = json.dumps(json_of(rng, value), ensure_ascii=rng.random() < 0.5)
    data = (
        text.encode("utf-8", errors="surrogatepass")
        if rng.random() < 0.9
        else text.encode(rng.choice(ENCODINGS), "replace")
    )
    return bytes_of(rng, data) if rng.random() < 0.25 else data
