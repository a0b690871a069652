"""Journeys from one row per path: ``A > B > C`` with how often it converted and how often it did not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synth_core.errors import JourneyError
from synth_core.journeys._cells import Cells
from synth_core.journeys._columns import Sheet
from synth_core.journeys._names import folded, merged
from synth_core.journeys.observed import Journeys

#: Written where people were seen whom no channel reached.
UNTOUCHED = "(no touch)"

#: What may stand between two steps, and what it is called; the first that occurs is taken.
_SEPARATORS = ((r"\s*(?:-+>|=+>|→|»|>)\s*", "“>”"), (r"\s*\|\s*", "“|”"), (r"\s*;\s*", "“;”"), (r"\s*,\s*", "“,”"))
_MARKS = frozenset({"(start)", "(conversion)", "(conv)", "(null)", "(end)"})


def looks_like_paths(cells: Cells) -> bool:
    """Whether some text holds an arrow between two steps."""
    return bool(pc.any(pc.match_substring_regex(cells.texts.levels, rf"\S{_SEPARATORS[0][0]}\S")).as_py())


def read(sheet: Sheet, columns: dict[str, str], *, separator: str | None = None) -> Journeys:
    """Rows of paths as journeys; the rules are those of :func:`~.reading.read_journeys`.

    Raises
    ------
    JourneyError
        A column is missing or holds what cannot be read; the text says where.
    """
    notes = list(sheet.notes)
    cells = sheet.cells(columns["path"])
    conversions, nulls = _counts(sheet, columns, cells, notes)
    value = sheet.cells(columns["value"]).money() if "value" in columns else np.zeros(len(cells))
    if "value" not in columns:
        notes.append("There is no column with values: all values are 0.")
    stray = (conversions == 0) & (value > 0)
    if stray.any():
        raise JourneyError(
            f"Row {cells.row(stray)}, column “{columns['value']}”: a value of {value[stray][0]:g}, but no conversion. "
            "Write how many conversions brought it, or take it out."
        )
    channels, lengths, steps = _steps(cells, separator, notes)
    idle = conversions + nulls == 0
    if idle.any():
        count = int(idle.sum())
        notes.append(
            f"{count:,} row{'s that count' if count > 1 else ' that counts'} neither conversions nor others "
            f"{'were' if count > 1 else 'was'} left out; the first is row {cells.row(idle)}."
        )
    if not conversions.any():
        raise JourneyError(
            f"No path converts: the column “{columns['conversions']}” is 0 everywhere, so there is nothing to "
            "attribute. Export paths with their conversions."
        )
    if not lengths.any():
        raise JourneyError("No path has a step, so there is nothing to credit. Export the channels of each path.")
    keep = np.flatnonzero(~idle)
    return Journeys(
        channels=channels,
        starts=np.concatenate([[0], np.cumsum(lengths[keep])]),
        channel=steps[np.repeat(~idle, lengths)],
        conversions=conversions[keep],
        nulls=nulls[keep],
        value=value[keep],
        notes=tuple(notes),
    )


def _counts(sheet: Sheet, columns: dict[str, str], paths: Cells, notes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Conversions and non-conversions per row."""
    if "conversions" not in columns:
        raise JourneyError(
            "No column counts conversions. Name it “conversions”, or choose it; needed is how often each path "
            f"converted. The columns are {sheet.shown}."
        )
    converted = sheet.cells(columns["conversions"])
    conversions = converted.counts("conversions")
    if "nulls" in columns:
        nulls = sheet.cells(columns["nulls"]).counts("paths without conversion")
        if "total" in columns:
            notes.append(f"The column “{columns['total']}” was not used: “{columns['nulls']}” counts the others.")
        return conversions, nulls
    if "total" in columns:
        total = sheet.cells(columns["total"]).counts("paths")
        more = conversions > total
        if more.any():
            raise JourneyError(
                f"Row {paths.row(more)}: {conversions[more][0]:,.0f} conversions in “{converted.header}”, but the path "
                f"occurred {total[more][0]:,.0f} times in “{columns['total']}”. A path cannot convert more often than "
                "it occurs: check whether the two columns are swapped, or count people instead of orders."
            )
        notes.append(f"Paths without conversion are “{columns['total']}” less “{converted.header}”.")
        return conversions, total - conversions
    if (conversions == 0).any() and conversions.max(initial=0) <= 1:
        notes.append(f"“{converted.header}” is 0 or 1 only: each row was taken as one person's path.")
        return conversions, 1 - conversions
    notes.append(
        "No column counts paths without conversion. Models that compare converting paths with others (Markov, "
        "logistic) then know only those that convert; name the column “nulls” if there is one."
    )
    return conversions, np.zeros(len(conversions))


def _steps(cells: Cells, separator: str | None, notes: list[str]) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Channels, steps per row, and the channel of every step."""
    levels = cells.texts.levels
    empty = np.array([not t or t.lower() in {"nan", "null", "<na>", "#n/a"} for t in cells.levels], bool)
    if empty.any():
        raise JourneyError(
            f"{cells.at(cells.spread(empty))}: the path is empty. Take such rows out; or write “{UNTOUCHED}” where "
            "they count people whom no channel reached."
        )
    pattern, called = _separator(levels, separator)
    untouched = np.array([folded(t) == UNTOUCHED for t in cells.levels], bool)
    parts = pc.split_pattern_regex(levels, pattern)
    sizes = pc.list_value_length(parts).to_numpy(zero_copy_only=False).astype("int64")
    words = pc.utf8_trim_whitespace(parts.flatten()).dictionary_encode()
    names, codes = words.dictionary.to_pylist(), words.indices.to_numpy(zero_copy_only=False).astype("int64")
    owner = np.repeat(np.arange(len(levels)), sizes)
    blank = np.array([not n for n in names], bool)[codes]
    if blank.any():
        bad = np.zeros(len(levels), bool)
        bad[owner[blank]] = True
        raise JourneyError(
            f"{cells.at(cells.spread(bad))}: a step of the path is empty (between two {called}, or at an end). "
            "Write the missing channel there, or take the extra sign out."
        )
    marks = np.array([folded(n) in _MARKS for n in names], bool)
    if marks.any():
        shown = ", ".join(f"“{n}”" for n, mark in zip(names, marks, strict=True) if mark)
        notes.append(f"{shown} in the paths mark their ends and are no channels: left out.")
    keep = ~marks[codes] & ~untouched[owner]
    lengths = np.bincount(owner[keep], minlength=len(levels))
    hollow = (lengths == 0) & ~untouched
    if hollow.any():
        raise JourneyError(
            f"{cells.at(cells.spread(hollow))}: the path has no channel. Take such rows out, or write “{UNTOUCHED}”."
        )
    if untouched.any():
        count = int(cells.spread(untouched).sum())
        notes.append(f"{count:,} row{'s' * (count > 1)} “{UNTOUCHED}” count people whom no channel reached.")
    if called != "“>”" and sizes.max() > 1:
        notes.append(f"Steps of a path are separated by {called}.")
    return _per_row(cells, names, codes[keep], lengths, notes)


def _per_row(
    cells: Cells, names: list[str], codes: np.ndarray, lengths: np.ndarray, notes: list[str]
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """From distinct paths to rows, and from spellings to channels."""
    starts = np.concatenate([[0], np.cumsum(lengths)])
    rows = lengths[cells.texts.codes]
    begins = np.concatenate([[0], np.cumsum(rows)])
    within = np.arange(begins[-1]) - np.repeat(begins[:-1], rows)
    spelt = codes[np.repeat(starts[cells.texts.codes], rows) + within]
    used = np.unique(spelt)
    counts = np.bincount(spelt, minlength=len(names))
    channels, index, told = merged([names[i] for i in used], counts[used])
    notes += told
    of = np.full(len(names), -1, "int16")
    of[used] = index
    return channels, rows, of[spelt]


def _separator(levels: pa.Array, separator: str | None) -> tuple[str, str]:
    if separator is not None:
        sign = separator.strip() or separator
        hits = pc.any(pc.match_substring(levels, sign)).as_py()
        if not sign or not hits:
            raise JourneyError(f"No path holds “{separator}”. Choose the sign that stands between the steps.")
        return rf"\s*\Q{sign}\E\s*", f"“{sign}”"
    for pattern, called in _SEPARATORS:
        if pc.any(pc.match_substring_regex(levels, pattern)).as_py():
            return pattern, called
    return _SEPARATORS[0]
