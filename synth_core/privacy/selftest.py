"""The meters tried on rows whose answer is known, made of the user's own real rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from synth_core.privacy.audit import report
from synth_core.privacy.knowledge import modelled
from synth_core.privacy.results import Meter, Scenario, SelfTest
from synth_core.progress import SILENT, Progress
from synth_core.tables import Holdout, Schema, Table, Train
from synth_core.tables.schema import QUANTITIES, Kind

_MOST_ROWS = 6_000  #: real rows that take part
_ASIDE = 0.4  #: of them that play unseen rows and the independent sample, half each
_NOISE = 0.05  #: of the interquartile range, and share of categories drawn anew

BAD, NEUTRAL = "bad", "neutral"
_BY_DISTANCE = ("dcr", "nndr", "mia_distance", "mia_density")


def self_test(
    train: Train,
    holdout: Holdout,
    *,
    seed: int,
    known: Sequence[str] | None = None,
    secret_columns: Sequence[str] | None = None,
    progress: Progress = SILENT,
) -> SelfTest:
    """Read the meters on a verbatim copy, a noisy copy and an independent sample of the real rows.

    No generator takes part, so the real rows are divided anew: 60 % play the training rows, 20 % the unseen rows, and
    20 % are handed in as if they were synthetic, which gives nobody away.

    Parameters
    ----------
    train, holdout : Train, Holdout
        At most 6,000 of their rows take part.
    seed : int
        For the division, the noise and the attacks.
    known, secret_columns : sequence of str, optional
        As in :func:`~synth_core.privacy.report`.
    progress : Progress

    Raises
    ------
    TableError
        Too few rows to divide.
    """
    table = _pool(train, holdout, seed)
    split = table.split(holdout=_ASIDE, seed=seed)
    halves = split.holdout.table.split(holdout=0.5, seed=seed)  # again so that twins stay together
    control, fresh = halves.holdout, halves.train
    cases = {
        "copy": ("A verbatim copy", BAD, split.train.frame),
        "noisy": ("A noisy copy", BAD, noisy(split.train.frame, table.schema, seed=seed)),
        "independent": ("An independent sample", NEUTRAL, fresh.frame),
    }
    scenarios, unavailable = [], []
    for done, (key, (title, expected, rows)) in enumerate(cases.items()):
        progress.report("testing", done, len(cases))
        found = report(split.train, control, rows, seed=seed, known=known, secret_columns=secret_columns)
        unavailable += [u for u in found.unavailable if u not in unavailable]
        scenarios.append(_scenario(key, title, expected, found.meters))
    progress.report("testing", len(cases), len(cases))
    return SelfTest(
        _headline(scenarios),
        tuple(scenarios),
        tuple(unavailable),
        len(split.train),
        len(control),
        len(fresh),
        seed,
    )


def noisy(frame: pd.DataFrame, schema: Schema, *, seed: int) -> pd.DataFrame:
    """Every number moved by noise of 5 % of its interquartile range, 5 % of the categories drawn anew."""
    rng = np.random.default_rng(seed)
    out = {}
    for name in modelled(schema):
        values, column = frame[name], schema[name]
        if column.role in QUANTITIES and column.kind is not Kind.DATE:
            low, high = np.nanquantile(values.to_numpy(dtype=float, na_value=np.nan), [0.25, 0.75])
            moved = values.astype("Float64") + rng.normal(0, _NOISE * max(high - low, 0), len(values))
            out[name] = moved.round(0 if column.kind is Kind.INTEGER else column.decimals or 6).astype(values.dtype)
        else:
            drawn = values.sample(len(values), replace=True, random_state=seed).set_axis(values.index)
            out[name] = values.where(rng.random(len(values)) >= _NOISE, drawn)
    return frame.assign(**out)


def _pool(train: Train, holdout: Holdout, seed: int) -> Table:
    """All real rows as one table, at most 6,000 of them."""
    both = pd.concat([train.frame, holdout.frame], ignore_index=True)
    kept = np.sort(np.random.default_rng(seed).permutation(len(both))[:_MOST_ROWS])
    return replace(train.table, frame=both.iloc[kept].reset_index(drop=True))


def _scenario(key: str, title: str, expected: str, meters: tuple[Meter, ...]) -> Scenario:
    flagged = [m for m in meters if m.flagged]
    if expected == NEUTRAL:
        passed = bool(meters) and not flagged
    else:
        must = [m for m in meters if key == "copy" or m.key in _BY_DISTANCE]
        passed = bool(must) and all(m.flagged for m in must)
    said = f"{len(flagged)} of {len(meters)} meters flag it"
    if not meters:
        said = "No meter could be read"
    elif expected == BAD and not passed:
        missed = ", ".join(m.title for m in must if not m.flagged)
        said += f"; missed by {missed}: with these rows a leak of that kind cannot be told from chance"
    elif expected == NEUTRAL and not passed:
        said += ", though these rows know nothing about the training rows: take single flags with care"
    return Scenario(key, title, expected, meters, passed, f"{said}.")


def _headline(scenarios: list[Scenario]) -> str:
    failed = [s.title.lower() for s in scenarios if not s.passed]
    if not failed:
        return "The meters can be trusted on this table: copies read bad, independent rows read neutral."
    return f"Take the meters with care on this table: {' and '.join(failed)} did not read as it must."
