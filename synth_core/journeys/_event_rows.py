"""Journeys from one row per touch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth_core.errors import JourneyError
from synth_core.journeys import _times
from synth_core.journeys._cells import Cells
from synth_core.journeys._columns import Sheet
from synth_core.journeys._names import folded, merged
from synth_core.journeys.observed import Journeys

#: Names of events that are conversions.
_CONVERTING = frozenset({
    "conversion", "conversions", "convert", "converted", "purchase", "purchased", "order", "order_completed",
    "sale", "transaction", "booking", "booked", "checkout_completed", "lead", "generate_lead", "sign_up", "signup",
    "subscribe", "subscription", "install", "registration", "complete_registration",
})  # fmt: skip
_MARKS = frozenset({"conversion", "(conversion)", "(conv)"})  #: in the channel's column: no channel, but a conversion
_NEED = (
    "Needed are rows with a conversion: a column “conversion” that is 1 where one happened, or an event column with "
    "names such as “purchase”."
)


@dataclass(frozen=True, eq=False)
class _Rows:
    """One entry per event: whose, when, on which channel (−1: none) and what came of it."""

    user: np.ndarray
    time: np.ndarray
    channel: np.ndarray
    conversions: np.ndarray
    value: np.ndarray

    def __len__(self) -> int:
        return len(self.user)

    def at(self, index: np.ndarray) -> _Rows:
        return _Rows(*(getattr(self, name)[index] for name in ("user", "time", "channel", "conversions", "value")))


def read(sheet: Sheet, columns: dict[str, str], *, day_first: bool | None = None) -> Journeys:
    """Rows of touches and conversions as journeys; the rules are those of :func:`~.reading.read_journeys`.

    Raises
    ------
    JourneyError
        A column is missing or holds what cannot be read; the text says where.
    """
    notes = list(sheet.notes)
    channels, rows, daily = _rows(sheet, columns, notes, day_first)
    rows = _without_repeats(rows, daily, notes)
    if not rows.conversions.any():
        raise JourneyError(f"No row holds a conversion, so there is nothing to attribute. {_NEED}")
    if not (rows.channel >= 0).any():
        raise JourneyError("No row has a channel, so there is nothing to credit. Fill the column with the channels.")
    if rows.conversions.sum() > len(rows):
        raise JourneyError(
            f"The column “{columns['conversion']}” counts {rows.conversions.sum():,.0f} conversions in {len(rows):,} "
            "rows, more than one per row. Write 1 on the row of the conversion and 0 on the others; if the column "
            "holds amounts of money, name it “value”."
        )
    return _paths(channels, rows, notes)


def _rows(
    sheet: Sheet, columns: dict[str, str], notes: list[str], day_first: bool | None
) -> tuple[tuple[str, ...], _Rows, bool]:
    """Channels, the rows that can be used, and whether times are whole days."""
    users = sheet.cells(columns["user"])
    anonymous = users.blank(numbers=True)
    if anonymous.all():
        raise JourneyError(f"The column “{users.header}” names no user. Choose the column with a user or cookie id.")
    if anonymous.any():
        count = int(anonymous.sum())
        notes.append(f"{count:,} row{'s' * (count > 1)} without a user id {_were(count)} left out.")
    time = _times.days(sheet.cells(columns["time"]), notes, day_first=day_first)
    named = sheet.cells(columns["channel"])
    channel, converting, channels = _channels(named, notes)
    conversions = _conversions(sheet, columns, named, channel, converting, notes)
    value = sheet.cells(columns["value"]).money() if "value" in columns else np.zeros(len(users))
    if "value" not in columns:
        notes.append("There is no column with values: all values are 0.")
    idle = (channel < 0) & (conversions == 0)
    usable = ~anonymous & ~np.isnan(time)
    if (idle & usable).any():
        count = int((idle & usable).sum())
        notes.append(
            f"{count:,} row{'s' * (count > 1)} with neither a channel nor a conversion {_were(count)} left out; the "
            f"first is row {named.row(idle & usable)}."
        )
    stray = usable & (conversions == 0) & (value > 0)
    if stray.any():
        count = int(stray.sum())
        notes.append(
            f"{count:,} row{'s have' if count > 1 else ' has'} a value but no conversion (row {named.row(stray)}); "
            "such values were left out."
        )
        value = np.where(stray, 0.0, value)
    keep = np.flatnonzero(usable & ~idle)
    if not len(keep):
        raise JourneyError("No row has a user, a time and a channel or conversion. Check which column is which.")
    day = np.abs(time[keep] - np.round(time[keep])).max() < 1e-9
    return channels, _Rows(users.texts.codes[keep], time[keep], channel[keep], conversions[keep], value[keep]), day


def _were(count: int) -> str:
    return "were" if count > 1 else "was"


def _channels(cells: Cells, notes: list[str]) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Index of the channel per row (−1: none), which rows say “conversion” there, and the channels."""
    marks = np.array([folded(t) in _MARKS for t in cells.levels], bool)
    real = np.flatnonzero(~marks & ~cells.texts.missing)
    channels, index, told = merged([cells.levels[i] for i in real], cells.texts.counts[real])
    notes += told
    levels = np.full(len(cells.levels), -1, "int16")
    levels[real] = index
    tokens = [cells.levels[i] for i in np.flatnonzero(cells.texts.missing) if cells.levels[i]]
    if tokens:
        notes.append(f"“{'”, “'.join(tokens[:3])}” in the column “{cells.header}” counts as no channel.")
    return cells.spread(levels), cells.spread(marks), channels


def _conversions(
    sheet: Sheet, columns: dict[str, str], named: Cells, channel: np.ndarray, marked: np.ndarray, notes: list[str]
) -> np.ndarray:
    """Conversions per row. On rows that an event column or a mark makes conversions, ``channel`` becomes −1."""
    if "conversion" in columns:
        found = sheet.cells(columns["conversion"]).counts("conversions")
        if "event" in columns:
            notes.append(f"The column “{columns['event']}” was not used: “{columns['conversion']}” says what converts.")
        return np.where(marked & (found == 0), 1.0, found)
    if "event" in columns:
        events = sheet.cells(columns["event"])
        levels = np.array([t.lower().replace(" ", "_") in _CONVERTING for t in events.levels], bool)
        if levels.any():
            shown = ", ".join(f"“{t}”" for t, hit in zip(events.levels, levels, strict=True) if hit)
            notes.append(f"Rows whose “{events.header}” is {shown} are conversions, and no touches.")
            converting = events.spread(levels)
            channel[converting] = -1
            return converting.astype(float)
        if not marked.any():
            shown = ", ".join(f"“{t}”" for t in events.levels[:6])
            raise JourneyError(f"No event of “{events.header}” is known as a conversion: it holds {shown}. {_NEED}")
    if marked.any():
        notes.append(f"Rows with “conversion” in the column “{named.header}” are conversions, and no touches.")
        return marked.astype(float)
    blank = named.blank()
    if blank.any() and not blank.all():
        notes.append(f"Rows without a channel in “{named.header}” were taken as conversions, since no column says so.")
        return blank.astype(float)
    raise JourneyError(f"No column says which rows are conversions. {_NEED} The columns are {sheet.shown}.")


def _without_repeats(rows: _Rows, daily: bool, notes: list[str]) -> _Rows:
    """Sorted by user and time, without rows that stand there twice.

    At the same time, touches keep the order of the file and come before conversions that have a row of their own.
    """
    own = rows.channel < 0
    rows = rows.at(np.lexsort((own, rows.time, rows.user)))  # stable, so the order of the file is kept
    if len(rows) < 2:
        return rows
    # Equal rows are neighbours once sorted by all columns.
    order = np.lexsort((rows.value, rows.conversions, rows.channel, rows.time, rows.user))
    sorted_ = rows.at(order)
    same = np.ones(len(rows) - 1, bool)
    for name in ("user", "time", "channel", "conversions", "value"):
        entries = getattr(sorted_, name)
        same &= entries[1:] == entries[:-1]
    again = order[1:][same]
    if len(again) and daily:
        notes.append(
            f"{len(again):,} row{'s repeat' if len(again) > 1 else ' repeats'} another one to the day; "
            "since times are whole days, they may be further touches and were kept."
        )
        return rows
    if len(again):
        notes.append(
            f"{len(again):,} row{'s that repeat' if len(again) > 1 else ' that repeats'} another one to the second "
            f"{_were(len(again))} left out."
        )
    return rows.at(np.setdiff1d(np.arange(len(rows)), again, assume_unique=True))


def _paths(channels: tuple[str, ...], rows: _Rows, notes: list[str]) -> Journeys:
    """Cut each user's rows into paths: after a conversion a new one begins. Paths without a touch are left out."""
    first = np.concatenate([[True], rows.user[1:] != rows.user[:-1]])
    after = np.concatenate([[False], rows.conversions[:-1] > 0]) & ~first
    path = np.cumsum(first | after) - 1
    touched = np.bincount(path, rows.channel >= 0) > 0
    returned = after[np.flatnonzero(first | after)] & touched
    if returned.any():
        back = returned[path] & (rows.channel >= 0)
        touches, users = int(back.sum()), len(np.unique(rows.user[back]))
        notes.append(
            f"{touches:,} touch{'es' * (touches > 1)} of {users:,} user{'s' * (users > 1)} came after a conversion: "
            "they begin a new path."
        )
    if not touched.all():
        organic = int(rows.conversions[~touched[path]].sum())
        notes.append(
            f"{organic:,} conversion{'s have' if organic > 1 else ' has'} no touch of the same user before "
            f"{'them' if organic > 1 else 'it'} and {_were(organic)} left out: no channel can be credited."
        )
        rows, path = rows.at(touched[path]), np.cumsum(touched)[path[touched[path]]] - 1
    paths, last_time = int(touched.sum()), float(rows.time.max(initial=0.0))
    conversions = np.bincount(path, rows.conversions, minlength=paths)
    if not conversions.any():
        raise JourneyError(
            "No conversion has a touch of the same user before it, so no channel can be credited. Check that touches "
            "and conversions have the same user ids."
        )
    heads = np.searchsorted(path, np.arange(paths))
    lasts = np.concatenate([heads[1:], [len(rows)]]) - 1
    touch = rows.channel >= 0
    used, channel = np.unique(rows.channel[touch], return_inverse=True)
    return Journeys(
        channels=tuple(channels[i] for i in used),
        starts=np.concatenate([[0], np.cumsum(np.bincount(path[touch], minlength=paths))]),
        channel=channel.astype("int16"),
        conversions=conversions,
        nulls=(conversions == 0).astype(float),
        value=np.bincount(path, rows.value, minlength=paths),
        time=rows.time[touch],
        begin=rows.time[heads],
        end=np.where(conversions > 0, rows.time[lasts], last_time),
        user=np.unique(rows.user[heads], return_inverse=True)[1],
        notes=tuple(notes),
    )
