"""Lines of copy on screen: a box to paste or upload them, a grid to edit them, and what was made of them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import text
from synth_core.errors import VoiceError
from synth_core.voice.reading import Reading, read
from synth_core.voice.records import Line

TYPES = ["txt", "csv", "tsv", "xlsx", "json", "jsonl"]
_MOST_COUNTED = 5_000  #: lines whose families are counted while a person waits
_GUESS = "found by itself"


def box(label: str, key: str, *, source: str, about: str) -> Reading | None:
    """One box to paste or upload into; the lines in it, and below it what was read.

    Parameters
    ----------
    source : str
        Who wrote the lines; empty: read from the file where it says so.
    """
    pasted = st.text_area(f"{label}: paste, one per row", height=180, key=f"{key}-pasted", placeholder=about)
    file = st.file_uploader(f"{label}: or upload a file", type=TYPES, key=f"{key}-file", max_upload_size=20)
    if file is not None and pasted.strip():
        st.warning("There are pasted lines and a file: the file is used. Remove it to use the pasted lines.")
    if file is None and not pasted.strip():
        return None
    try:
        if file is None:
            found = read(pasted, source=source)
        else:
            found = _of_file(file, key, source)
    except VoiceError as error:
        st.error(text.literal(str(error)), icon=":material/error:")
        return None
    st.caption(told(found.lines))
    notes = list(found.notes)
    if found.text and file is not None:
        parts = [("lines", found.text), ("subjects", found.brief), ("authors", found.source)]
        notes.insert(0, "Columns used: " + ", ".join(f"{what} from “{name}”" for what, name in parts if name) + ".")
    for note in notes:
        st.caption(text.literal(note))
    return found


def _of_file(file, key: str, source: str) -> Reading:
    """Read an upload; where it is a table, its columns can be chosen."""
    data = file.getvalue()
    first = read(data, name=file.name, source=source)
    if len(first.columns) < 2:
        return first
    asked = {}
    places = st.columns(3)
    for place, (part, label) in zip(places, (("text", "Lines"), ("brief", "Subjects"), ("by", "Authors")), strict=True):
        if part == "by" and source:
            continue
        picked = place.selectbox(
            f"Column: {label.lower()}", [_GUESS, *first.columns], key=f"{key}-{part}-{file.file_id}"
        )
        asked[part] = None if picked == _GUESS else picked
    return read(data, name=file.name, source=source, **asked)


def told(lines: tuple[Line, ...]) -> str:
    """How many lines, from whom, how long, and how many families they make."""
    if not lines:
        return "No lines yet."
    sizes = sorted(len(line.text) for line in lines)
    parts = [f"**{text.count(len(lines))} different line{'s' * (len(lines) != 1)}**"]
    parts.append(f"{sizes[0]} to {sizes[-1]} characters, usually {sizes[len(sizes) // 2]}")
    if len(lines) <= _MOST_COUNTED:
        count = families_in(tuple(line.text for line in lines))
        near = len(lines) - count
        families = "1 family" if count == 1 else f"{text.count(count)} families"
        parts.append(families + (f" ({text.count(near)} near-duplicate{'s' * (near > 1)})" if near else ""))
    named = {line.brief for line in lines if line.brief}
    if named:
        parts.append(f"{len(named)} subject{'s' * (len(named) > 1)}")
    return " · ".join(parts)


@st.cache_data(max_entries=32, show_spinner=False)
def families_in(texts: tuple[str, ...]) -> int:
    """How many groups of nearly equal texts there are."""
    from synth_core.voice.families import families  # scipy and rapidfuzz: only where lines are counted

    return len(set(families([Line(t, "") for t in texts], list(texts)).tolist()))


def merged(old: tuple[Line, ...], new: tuple[Line, ...]) -> tuple[Line, ...]:
    """``old`` with the lines of ``new`` that are not in it."""
    known = {line.id for line in old}
    return (*old, *(line for line in new if line.id not in known))


def grid(lines: tuple[Line, ...], key: str, *, authors: bool, source: str) -> tuple[Line, ...]:
    """A grid in which lines are changed, added and deleted; what it holds now, none twice."""
    frame = pd.DataFrame(
        {"Line": [x.text for x in lines], "Subject": [x.brief for x in lines], "Written by": [x.source for x in lines]},
        dtype="object",
    )
    edited = st.data_editor(
        frame,
        key=key,
        num_rows="dynamic",
        hide_index=True,
        height=420 if len(lines) > 10 else "content",
        column_order=["Line", "Subject", *(["Written by"] if authors else [])],
        column_config={
            "Line": st.column_config.TextColumn(width="large", required=True),
            "Subject": st.column_config.TextColumn(help="What it was written for, such as “breakfast”. May be empty."),
            "Written by": st.column_config.TextColumn(help="Name of the competitor."),
        },
        alt="Lines with what they were written for",
    )
    found: dict[str, Line] = {}
    for words, brief, by in edited[["Line", "Subject", "Written by"]].fillna("").astype(str).itertuples(index=False):
        line = Line(" ".join(words.split()), " ".join(by.split()) or source, " ".join(brief.split()))
        if any(c.isalnum() for c in line.text):
            found.setdefault(line.id, line)
    return tuple(found.values())
