"""A vendor's own credits: one row per channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow.compute as pc

from synth_core.errors import JourneyError
from synth_core.journeys._cells import Cells
from synth_core.journeys._columns import CREDIT_NAMES, Sheet, guess, stated
from synth_core.journeys._names import folded
from synth_core.journeys.results import Credits

#: Rows for what no channel caused; only where no channel has that name.
_ORGANIC = frozenset({
    "organic (no touch)", "organic conversions", "(organic)", "organic", "baseline", "base", "(base)", "unattributed",
    "(unattributed)", "no touch", "(no touch)", "intercept",
})  # fmt: skip
_TOTALS = frozenset({"total", "sum", "grand total", "all"})


def read(
    sheet: Sheet, channels: Sequence[str], name: str, columns: Mapping[str, str] | None, total: float | None
) -> Credits:
    """The credits in the order of ``channels``; the rules are those of :func:`~.reading.read_credits`."""
    notes = list(sheet.notes)
    found = guess(sheet, CREDIT_NAMES, stated(sheet, columns, tuple(CREDIT_NAMES)))
    for part, what in (("channel", "the channel"), ("credit", "its credit")):
        if part not in found:
            raise JourneyError(f"No column holds {what}. Name it “{part}”, or choose it. Columns: {sheet.shown}.")
    named, credited = sheet.cells(found["channel"]), sheet.cells(found["credit"])
    credit = credited.amounts("Write the credit as a plain number, such as 12.5.")
    blank = credited.blank(numbers=True) & ~named.blank()
    if blank.any():
        raise JourneyError(f"{credited.at(blank)}: this channel has no credit. Write 0 if the model gives it none.")
    value = sheet.cells(found["value"]).amounts("Write the value as a plain number.") if "value" in found else None
    place, organic = _places(named, channels, notes)
    own = np.bincount(place[place >= 0], credit[place >= 0], minlength=len(channels))
    base = float(credit[organic].sum()) if organic.any() else None
    own, base = _as_conversions(own, base, credited, total, notes)
    if own.sum() <= 0:
        raise JourneyError(
            f"The credits in “{credited.header}” sum to {own.sum():g}, so no channel has a share. Check the column."
        )
    if (own < 0).any():
        shown = ", ".join(f"“{channels[i]}”" for i in np.flatnonzero(own < 0)[:3])
        notes.append(f"The credit of {shown} is negative. It is kept and counts against the model as any error does.")
    values = None
    if value is not None:
        values = tuple(np.bincount(place[place >= 0], value[place >= 0], minlength=len(channels)).tolist())
    return Credits("own", name, tuple(channels), tuple(own.tolist()), base, values, tuple(notes))


def _places(named: Cells, channels: Sequence[str], notes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Index of each row's channel (−1: none), and which rows are organic."""
    keys = {folded(c): i for i, c in enumerate(channels)}
    texts = [named.levels[code] for code in named.texts.codes]
    place = np.array([keys.get(folded(t), -1) for t in texts])
    organic = np.array([folded(t) in _ORGANIC for t in texts], bool) & (place < 0)
    summed = np.array([folded(t) in _TOTALS for t in texts], bool) & (place < 0)
    blank = named.blank() & (place < 0)
    if summed.any():
        notes.append(f"Row {named.row(summed)} (“{texts[int(np.argmax(summed))]}”) is a sum and was left out.")
    if blank.any():
        raise JourneyError(f"{named.at(blank)}: a credit without a channel. Write its channel, or take the row out.")
    unknown = (place < 0) & ~organic & ~summed
    if unknown.any():
        missing = [c for i, c in enumerate(channels) if i not in place]
        left = f" Without a credit so far: {_listed(missing)}." if missing else ""
        raise JourneyError(
            f"{named.at(unknown)}, which is no channel of these journeys. They have {_listed(channels)}.{left} "
            "Write the names alike; merge or take out channels that the journeys lack."
        )
    counts = np.bincount(place[place >= 0], minlength=len(channels))
    if (counts > 1).any():
        twice = place == int(np.argmax(counts > 1))
        again = np.flatnonzero(twice)
        raise JourneyError(
            f"“{channels[int(np.argmax(counts > 1))]}” is there {counts.max()} times, in rows "
            f"{again[0] + named.first_row} and {again[1] + named.first_row}. Give each channel one row."
        )
    missing = [c for c, n in zip(channels, counts, strict=True) if not n]
    if missing:
        notes.append(f"No credit is given for {_listed(missing)}: counted as 0.")
    return place, organic


def _as_conversions(
    own: np.ndarray, base: float | None, cells: Cells, total: float | None, notes: list[str]
) -> tuple[np.ndarray, float | None]:
    """Shares and percentages as conversions where their number is known; counts as they are."""
    summed = own.sum() + (base or 0.0)
    percent = bool(pc.any(pc.match_substring(cells.texts.levels, "%")).as_py())
    counted = "conversion" in cells.header.lower() or (total is not None and abs(summed - total) <= 0.02 * total)
    if percent or (abs(summed - 100) <= 0.5 and not counted):
        unit, called = 100.0, "percentages"
    elif abs(summed - 1) <= 0.02 and not counted:
        unit, called = 1.0, "shares"
    else:
        return own, base
    said = f"The credits sum to {summed:.4g} and were taken as {called}"
    if total is None:
        notes.append(f"{said}. How many conversions they stand for is not known.")
        return own / unit, None if base is None else base / unit
    notes.append(f"{said} of {total:,.0f} conversions.")
    return own / unit * total, None if base is None else base / unit * total


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{n}”" for n in list(names)[:12])
    return shown + (f" and {len(names) - 12} more" if len(names) > 12 else "")
