"""Lines of copy from what people have: pasted text, text files, CSV, TSV, Excel and JSON Lines."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from synth_core import workbooks
from synth_core.errors import SynthError, VoiceError
from synth_core.voice.records import Line

_MOST_BYTES = 20 * 2**20
_MOST_LINES = 20_000
_MOST_CHARS = 2_000
_TEXT = (
    "text", "line", "lines", "copy", "headline", "tagline", "slogan", "caption", "message", "body", "content", "ad",
    "ad copy", "description", "title", "output", "completion", "response", "sentence", "post",
)  # fmt: skip
_BRIEF = ("brief", "topic", "theme", "about", "campaign", "category", "product", "subject", "content id", "context")
_SOURCE = ("voice", "brand", "competitor", "source", "company", "advertiser", "author")
_BULLET = re.compile(r"^\s*(?:[-*•–—·]\s+|\(?\d{1,4}[.)]\s+)")
_WRAPPED = {'"': '"', "“": "”", "«": "»", "„": "“"}


@dataclass(frozen=True)
class Reading:
    """Lines that were read.

    Attributes
    ----------
    lines : tuple of Line
        In the order of the file, none twice.
    columns : tuple of str
        Of the table; empty where there was none.
    text, brief, source : str
        The columns that were used; empty where none was.
    notes : tuple of str
        What was left out or guessed, in plain sentences.
    """

    lines: tuple[Line, ...]
    columns: tuple[str, ...] = ()
    text: str = ""
    brief: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()


def read_lines(data: str | bytes, *, name: str = "pasted text", source: str) -> list[Line]:
    """The lines of :func:`read`, all columns guessed."""
    return list(read(data, name=name, source=source).lines)


def read(
    data: str | bytes,
    *,
    name: str = "pasted text",
    source: str,
    text: str | None = None,
    brief: str | None = None,
    by: str | None = None,
    sheet: str | None = None,
) -> Reading:
    """Lines of copy from pasted text or an upload.

    Parameters
    ----------
    data : str or bytes
        Pasted text, or the content of a .txt, .csv, .tsv, .xlsx, .json or .jsonl file; told apart by content.
    name : str
        Of the file, for messages.
    source : str
        Who wrote the lines.
    text, brief, by : str or None
        Columns with the lines, with what each was written for, and with who wrote each; None: guessed by name, and
        the lines by length where no name fits. ``by`` is guessed only where ``source`` is empty: for a contrast.
    sheet : str or None
        Of a workbook; None: the first.

    Returns
    -------
    Reading

    Raises
    ------
    VoiceError
        Nothing can be read as lines; the text says what was found and what to do.
    """
    if len(data) > _MOST_BYTES:
        raise VoiceError(
            f"“{name}” is larger than {_MOST_BYTES // 2**20} MB. Approved lines need far less: check the file."
        )
    if isinstance(data, bytes) and data[:4] == b"PK\x03\x04":
        rows = _workbook(data, name, sheet)
    else:
        content = data if isinstance(data, str) else _decoded(data, name)
        rows = _json_rows(content, name) or _table_rows(content, name)
        if rows is None:
            raw = [(number, row, "", "") for number, row in enumerate(content.splitlines(), 1)]
            return _finish(raw, name, source, Reading(()), bullets=True)
    return _from_table(rows, name, source, text, brief, by)


def _from_table(
    rows: list[list[str]], name: str, source: str, text: str | None, brief: str | None, by: str | None
) -> Reading:
    header, *body = rows
    columns = tuple(title.strip() or f"column {i}" for i, title in enumerate(header, 1))
    for wanted in (text, brief, by):
        if wanted is not None and wanted not in columns:
            raise VoiceError(f"“{name}” has no column “{wanted}”. Choose one of: {', '.join(columns)}.")
    notes: list[str] = []
    chosen = text or _named(columns, _TEXT)
    if chosen is None:
        chosen = _longest(columns, body, name)
        if len(columns) > 1:
            notes.append(f"The lines were taken from the column “{chosen}”, whose texts are the longest.")
    brief = brief or _named(columns, _BRIEF, but=chosen)
    by = by or (_named(columns, _SOURCE, but=chosen) if not source else None)
    places = [columns.index(c) if c else None for c in (chosen, brief, by)]
    cells = [[row[p] if p is not None and p < len(row) else "" for p in places] for row in body]
    raw = [(number, *cell) for number, cell in enumerate(cells, 2)]
    return _finish(raw, name, source, Reading((), columns, chosen, brief or "", by or "", tuple(notes)))


def _finish(
    raw: Sequence[tuple[int, str, str, str]], name: str, source: str, so_far: Reading, *, bullets: bool = False
) -> Reading:
    lines: dict[str, Line] = {}
    twice = blank = 0
    long: list[int] = []
    for number, text, brief, by in raw:
        text = _tidy(_BULLET.sub("", text) if bullets else text)
        if not any(char.isalnum() for char in text):
            blank += bool(text)
            continue
        if len(text) > _MOST_CHARS:
            long.append(number)
            continue
        line = Line(text, _tidy(by) or source or name, _tidy(brief))
        twice += line.id in lines
        lines.setdefault(line.id, line)
    notes = list(so_far.notes)
    if twice:
        notes.append(
            "1 line was there twice and is kept once."
            if twice == 1
            else f"{twice:,} lines were there before and are kept once."
        )
    if long:
        notes.append(
            f"{len(long):,} texts of more than {_MOST_CHARS:,} characters were left out, the first in row {long[0]}."
        )
    if blank:
        notes.append(f"{blank:,} rows without a word were left out.")
    if not lines:
        what = f"the column “{so_far.text}” of " if so_far.text else ""
        raise VoiceError(f"No line of copy was found in {what}“{name}”. Give one line of copy per row.")
    if len(lines) > _MOST_LINES:
        raise VoiceError(
            f"“{name}” holds {len(lines):,} lines; at most {_MOST_LINES:,} can be used. Take the best ones."
        )
    return Reading(tuple(lines.values()), so_far.columns, so_far.text, so_far.brief, so_far.source, tuple(notes))


def _tidy(text: str) -> str:
    """White space squeezed, control characters out, quotation marks around the whole off."""
    text = unicodedata.normalize("NFC", text)
    shown = (c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    text = " ".join("".join(shown).split())
    if (
        len(text) > 2
        and _WRAPPED.get(text[0]) == text[-1]
        and text.count(text[0]) + text.count(text[-1]) == 2 + 2 * (text[0] == text[-1])
    ):
        return text[1:-1].strip()
    return text


def _decoded(data: bytes, name: str) -> str:
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise VoiceError(f"“{name}” is not a text file. Upload .txt, .csv, .tsv, .xlsx or .jsonl, or paste the lines.")
    try:
        return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        sample = data[:200_000]
        best = from_bytes(sample[: sample.rfind(b"\n") + 1] or sample).best()  # no character cut in two
        if best is None:
            raise VoiceError(
                f"The characters of “{name}” cannot be read. Save the file as UTF-8 and upload it again."
            ) from None
        return data.decode(best.encoding, errors="replace")


def _json_rows(content: str, name: str) -> list[list[str]] | None:
    """None where the content is not JSON."""
    start = content.lstrip()[:1]
    if start not in ("{", "["):
        return None
    items: list[object] = []
    try:
        whole = json.loads(content)
        items = whole if isinstance(whole, list) else [whole]
    except (ValueError, RecursionError):
        if start == "[":
            return None  # perhaps a line such as “[Spring] …”
        for number, row in enumerate(content.splitlines(), 1):
            if not row.strip():
                continue
            try:
                items.append(json.loads(row))
            except (ValueError, RecursionError):
                raise VoiceError(
                    f"Row {number} of “{name}” is not JSON: “{row.strip()[:40]}”. Each row needs one object."
                ) from None
    if all(isinstance(item, str) for item in items):
        return [["text"], *([item] for item in items)]
    records = [item for item in items if isinstance(item, dict)]
    if len(records) < len(items) or not records:
        raise VoiceError(
            f'“{name}” mixes objects with other values. Each row needs one object such as {{"text": "…"}}.'
        )
    if all(isinstance(record.get("messages"), list) for record in records):
        return [["brief", "text"], *(_chat(record["messages"]) for record in records)]
    columns = list(dict.fromkeys(key for record in records for key in record))
    return [columns, *([_cell(record.get(column)) for column in columns] for record in records)]


def _chat(messages: Sequence[object]) -> list[str]:
    """User turn and answer of one chat record."""
    said = {str(m.get("role")): _cell(m.get("content")) for m in messages if isinstance(m, dict)}
    return [said.get("user", ""), said.get("assistant", "")]


def _cell(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _table_rows(content: str, name: str) -> list[list[str]] | None:
    """Rows of a delimited table; None where the content is plain lines."""
    rows = [row for row in content.splitlines() if row.strip()]
    if not rows:
        raise VoiceError(f"“{name}” is empty. Give one line of copy per row.")
    content = "\n".join(content.splitlines())  # of all the marks that end a line the csv module knows two
    for separator in ("\t", ";", ","):
        try:
            found = [row for row in csv.reader(io.StringIO(content), delimiter=separator) if "".join(row).strip()]
        except csv.Error:
            return None
        if not found:
            return None
        header = [cell.strip() for cell in found[0]]
        known = _named(header, _TEXT) is not None
        if len(header) == 1 and known and separator == "," and _ragged(found[1:]) == 0:
            return found
        if len(header) > 1 and len(set(header)) == len(header) and (known or name.lower().endswith((".csv", ".tsv"))):
            if _ragged([row for row in found if len(row) != len(header)]) or _uneven(found) > 0.02:
                if known:
                    number = next(i for i, row in enumerate(found, 1) if len(row) != len(header))
                    raise VoiceError(
                        f"Row {number} of “{name}” has {len(found[number - 1])} cells, the header {len(header)}: "
                        f"“{separator.join(found[number - 1])[:60]}”. Put texts with “{separator}” in quotation marks."
                    )
                continue
            return found
    return None


def _ragged(rows: Sequence[Sequence[str]]) -> int:
    return sum(len(row) > 1 for row in rows)


def _uneven(rows: Sequence[Sequence[str]]) -> float:
    widths = Counter(len(row) for row in rows)
    return 1 - widths[len(rows[0])] / len(rows)


def _workbook(data: bytes, name: str, sheet: str | None) -> list[list[str]]:
    try:
        book = workbooks.open_workbook(data)
        if sheet is not None and sheet not in book.sheetnames:
            raise VoiceError(f"“{name}” has no sheet “{sheet}”. Choose one of: {', '.join(book.sheetnames)}.")
        page = book[sheet or book.sheetnames[0]]
        rows = [["" if cell is None else str(cell) for cell in row] for row in workbooks.rows(page)]
    except VoiceError:
        raise
    except SynthError as error:
        raise VoiceError(f"“{name}” cannot be opened. {error}") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise VoiceError(f"The sheet “{page.title}” of “{name}” is empty. Give one line of copy per row.")
    header = rows[0]
    if _named(header, _TEXT) is None and sum(bool(cell.strip()) for cell in header) == 1:
        return [["text"], *([next(c for c in row if c.strip())] for row in rows)]  # a column without a header
    return rows


def _named(columns: Sequence[str], names: Sequence[str], but: str | None = None) -> str | None:
    plain = {re.sub(r"[\W_]+", " ", column).strip().casefold(): column for column in reversed(columns) if column != but}
    return next((plain[name] for name in names if name in plain), None)


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(c[:40] for c in columns[:8]) + (", …" if len(columns) > 8 else "")


def _longest(columns: Sequence[str], body: Sequence[Sequence[str]], name: str) -> str:
    """The column whose texts have the most words, weighed by how few repeat."""

    def weight(place: int) -> float:
        cells = [row[place] for row in body if place < len(row)]
        return sum(len(set(re.findall(r"[^\W\d_]{2,}", cell))) for cell in cells) * len(set(cells)) / max(len(cells), 1)

    weights = [weight(i) for i in range(len(columns))]
    if not body or max(weights) == 0:
        raise VoiceError(f"“{name}” has no column with texts; there are {_listed(columns)}. Name the column “text”.")
    return columns[weights.index(max(weights))]
