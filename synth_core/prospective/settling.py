"""Outcomes put together, whatever order their files came in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_core.prospective.outcomes import counted, examples, fold


def match(ids: pd.Series, leads: pd.Index) -> pd.Series:
    """The lead that each id means, None where no lead or more than one does.

    An id as it was scored goes first; else one that differs in case or in leading zeros only, as
    spreadsheets drop them.
    """
    exact = ids.where(ids.isin(leads), None)
    if exact.notna().all():
        return exact
    folded = pd.Series(leads, index=[fold(i) for i in leads])
    folded = folded[~folded.index.duplicated(keep=False)]
    rest = ids[exact.isna()]
    found = exact.where(exact.notna(), rest.map(fold).map(folded).reindex(ids.index)).astype("object")
    return found.where(found.notna(), None)


def settle(leads: pd.Index, said: pd.DataFrame) -> pd.DataFrame:
    """What is known of every lead.

    The order of files does not matter, except among corrections: the last one stands, and stands above all others.

    Parameters
    ----------
    leads : Index of str
    said : DataFrame
        ``lead_id``, ``outcome``, ``received`` (Unix time), ``correction`` (bool) and ``file`` (int, in order of
        arrival) of every readable row.

    Returns
    -------
    DataFrame, index ``leads``
        ``outcome`` (1.0, 0.0, NaN), ``conflicting`` (bool), ``received`` (when the outcome was first told, or NaN).
    """
    lead = match(said["lead_id"], leads)
    said = said.assign(lead=lead)[lead.notna().to_numpy()]
    last = said[said["correction"]].groupby("lead")["file"].max()
    standing = said["lead"].map(last)
    counted = said[(standing.isna() & ~said["correction"]) | (said["correction"] & (said["file"] == standing))]
    by_lead = counted.groupby("lead")["outcome"].agg(["min", "max"]).reindex(leads)
    conflicting = by_lead["min"] < by_lead["max"]
    outcome = by_lead["min"].mask(conflicting)
    agreed = said[said["outcome"] == said["lead"].map(outcome)]
    received = agreed.groupby("lead")["received"].min().reindex(leads)
    return pd.DataFrame({"outcome": outcome, "conflicting": conflicting, "received": received}, index=leads)


@dataclass(frozen=True)
class Counts:
    """Rows of a file by what they bring; see :class:`~synth_core.prospective.results.OutcomeFile`."""

    matched: int
    unknown: int
    repeated: int
    conflicting: int
    notes: tuple[str, ...]


def count(leads: pd.Index, before: pd.DataFrame, rows: pd.DataFrame, *, correction: bool) -> Counts:
    """What a new file's readable rows bring to what was said ``before`` (columns as in :func:`settle`)."""
    lead = match(rows["lead_id"], leads)
    unknown = lead.isna()
    new = pd.DataFrame({"lead": lead, "outcome": rows["outcome"]})[~unknown.to_numpy()]
    earlier = before.assign(lead=match(before["lead_id"], leads)).dropna(subset=["lead"])
    corrected = set(earlier.loc[earlier["correction"], "lead"])
    repeated = conflicting = refused = 0
    told: dict[str, set[float]] = {} if correction else earlier.groupby("lead")["outcome"].agg(set).to_dict()
    if not correction:
        final = settle(leads, before)["outcome"]
        told |= {i: {final[i]} for i in corrected if not np.isnan(final[i])}
    for i, outcome in zip(new["lead"], new["outcome"], strict=True):
        so_far = told.setdefault(i, set())
        if so_far - {outcome}:
            conflicting += 1
            refused += i in corrected and not correction
        elif so_far:
            repeated += 1
        if not (i in corrected and not correction):
            so_far.add(outcome)
    notes = []
    if unknown.any():
        notes.append(
            f"{counted(int(unknown.sum()))} with an id that was not scored, such as "
            f"{examples(rows['lead_id'][unknown])}."
        )
    differs = lead[~unknown] != rows["lead_id"][~unknown]
    if differs.any():
        first = differs.index[differs][0]
        notes.append(
            f"{counted(int(differs.sum()))} matched in spite of another spelling: “{rows['lead_id'][first]}” is the "
            f"lead “{lead[first]}”."
        )
    if conflicting - refused:
        notes.append(
            f"{counted(conflicting - refused)} with another outcome than was said before. Such leads are left out "
            "until a correction says which is right."
        )
    if refused:
        notes.append(f"{counted(refused)} with another outcome than a correction said. The correction stands.")
    return Counts(len(new) - repeated - conflicting, int(unknown.sum()), repeated, conflicting, tuple(notes))
