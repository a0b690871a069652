"""Journeys and credits from uploaded files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synth_core.errors import JourneyError
from synth_core.journeys import _credit_rows, _event_rows, _path_rows
from synth_core.journeys._columns import EVENT_NAMES, PATH_NAMES, Sheet, guess, read_sheet, stated
from synth_core.journeys.observed import Journeys
from synth_core.journeys.results import Credits

#: Parts that columns can play: of event rows, and of path rows.
EVENT_PARTS, PATH_PARTS = tuple(EVENT_NAMES), tuple(PATH_NAMES)


def read_journeys(
    data: bytes,
    *,
    name: str,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    day_first: bool | None = None,
    separator: str | None = None,
) -> Journeys:
    """Journeys from a CSV, TSV, Excel or Parquet file (also gzipped): event rows or path rows, whichever it holds.

    **Event rows** have a user, a time and a channel each, and may have a conversion and a value.

    * A conversion is a row whose ``conversion`` is 1 (or a count, or yes): with a channel the row is a touch that
      converts at once; without one it is the conversion alone. Without such a column, rows whose ``event`` is called
      “purchase”, “conversion” and the like are conversions and no touches; without that too, rows without a channel
      are conversions.
    * Touches after a conversion begin a new path of the same user. Rows at the same time keep the order of the file;
      conversions with a row of their own come last.
    * A path is observed from its first touch (delayed entry) to its conversion, or to the last time in the file. Only
      people who were reached are in such a file, so the days before the first touch are days without a conversion by
      selection: counted as time at risk, they would make the organic hazard far too small (in a simulated file with
      2,800 conversions, 1,350 of them organic, the additive hazard then finds none; so it finds 1,330).
    * Conversions without a touch of the same user before them are left out and counted in the notes: no channel can be
      credited, and people with neither touch nor conversion, against whom they would be held, are in no file.
    * Times are days since the first one. Explicit time zones are brought to UTC; rows that repeat another one exactly
      are left out, unless times are whole days.

    **Path rows** have a ``path`` such as ``A > B > C`` and how often it converted (``conversions``), and may have a
    ``value`` and how often the path did not convert (``nulls``), or how often it occurred at all (``total``). A channel
    may stand in a path several times. “(no touch)” counts people whom no channel reached.

    Parameters
    ----------
    data : bytes
        Content of the file.
    name : str
        Of the file, for messages.
    columns : mapping of str to str, optional
        Which column plays which part (:data:`EVENT_PARTS` or :data:`PATH_PARTS`); others are guessed by name.
    sheet : str, optional
        Of a workbook; the first if left out.
    day_first : bool, optional
        Order of dates such as 03/04/2024; told by the data if left out, and said in the notes where both fit.
    separator : str, optional
        What stands between the steps of a path; guessed among ``>``, ``→``, ``|``, ``;`` and ``,`` if left out.

    Returns
    -------
    Journeys
        With what was decided or left out in ``notes``.

    Raises
    ------
    JourneyError
        The file cannot be used; the text names the row and the column, shows what stands there and says what to do.
    """
    table = read_sheet(data, sheet)
    allowed = tuple(dict.fromkeys((*EVENT_PARTS, *PATH_PARTS)))
    chosen = stated(table, columns, allowed)
    path = _path_column(table, chosen)
    if path is not None:
        parts = guess(table, PATH_NAMES, {**_only(chosen, PATH_PARTS, "paths"), "path": path})
        return _path_rows.read(table, parts, separator=separator)
    parts = guess(table, EVENT_NAMES, _only(chosen, EVENT_PARTS, "events"))
    missing = [part for part in ("user", "time", "channel") if part not in parts]
    if missing:
        raise JourneyError(
            f"“{name}” holds no journeys that can be recognised: no column is the {' or the '.join(missing)}. Needed "
            "are rows of touches (user, time, channel, conversion) or rows of paths (path as A > B > C, conversions). "
            f"Choose the columns by hand; there are {table.shown}."
        )
    return _event_rows.read(table, parts, day_first=day_first)


def read_credits(
    data: bytes,
    *,
    name: str,
    channels: Sequence[str],
    columns: Mapping[str, str] | None = None,
    total: float | None = None,
) -> Credits:
    """A model's own credits from a file with one row per channel: ``channel``, ``credit`` and perhaps ``value``.

    Credits that sum to 1 (within 0.02) are taken as shares, those that sum to 100 (within 0.5) or bear a “%” as
    percentages, others as conversions; so are those whose column is called conversions, or whose sum is that of the
    journeys (``total``). A row called “organic” or “baseline” is what the model credits to no channel,
    unless that is the name of a channel. Negative credits are kept: regression models give them, and hiding them would
    flatter such a model.

    Parameters
    ----------
    data : bytes
    name : str
        Of the file; the model is shown under it.
    channels : sequence of str
        Of the journeys; compared without regard to case and spaces.
    columns : mapping of str to str, optional
        Which column is the ``channel``, ``credit`` or ``value``.
    total : float, optional
        Conversions that shares and percentages stand for; they stay shares if left out.

    Raises
    ------
    JourneyError
        A channel is unknown or there twice, a credit is missing or no number, or the credits sum to nothing.
    """
    return _credit_rows.read(read_sheet(data, None), channels, name.rsplit(".", 1)[0], columns, total)


def _path_column(table: Sheet, chosen: Mapping[str, str]) -> str | None:
    """The column that holds whole paths; None where rows are events."""
    if "path" in chosen:
        return chosen["path"]
    if "user" in chosen or "time" in chosen:
        return None
    events = guess(table, EVENT_NAMES, {p: n for p, n in chosen.items() if p in EVENT_NAMES})
    if all(part in events for part in ("user", "time", "channel")):
        return None
    named = guess(table, {"path": PATH_NAMES["path"]}, chosen).get("path")
    if named is not None:
        return named
    return next((n for n in table.names if _path_rows.looks_like_paths(table.cells(n))), None)


def _only(chosen: Mapping[str, str], allowed: tuple[str, ...], what: str) -> dict[str, str]:
    """``chosen``, refused where a part belongs to the other kind of rows."""
    for part, name in chosen.items():
        if part not in allowed:
            raise JourneyError(
                f"“{name}” was chosen as the {part}, which rows of {what} do not have. Choose among "
                f"{', '.join(allowed)}."
            )
    return dict(chosen)
