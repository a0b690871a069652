"""The meters tried on rows whose answer is known, made of the user's own real rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from synth_core.privacy.audit import report
from synth_core.privacy.knowledge import modelled
from synth_core.privacy.results import Meter, PrivacyReport, Scenario, SelfTest
from synth_core.progress import SILENT, Progress
from synth_core.tables import Holdout, Kind, Schema, Table, Train
from synth_core.tables.schema import QUANTITIES

_MOST_ROWS = 6_000  #: real rows that take part
_ASIDE = 0.4  #: of them that play unseen rows and the independent sample, half each
_NOISE = 0.05  #: of the interquartile range, and share of categories drawn anew
_SAMPLES = 5  #: independent samples; one alone is flagged by chance once in 50 times

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
    """Read the meters on a verbatim copy, a noisy copy and independent samples of the real rows.

    No generator takes part, so the real rows are divided anew: 60 % play the training rows, 20 % the unseen rows, and
    20 % are handed in as if they were synthetic, which gives nobody away. The last is done with five divisions.

    Parameters
    ----------
    train, holdout : Train, Holdout
        At most 6,000 of their rows take part.
    seed : int
        For the divisions, the noise and the attacks.
    known, secret_columns : sequence of str, optional
        As in :func:`~synth_core.privacy.report`.
    progress : Progress

    Raises
    ------
    TableError
        Too few rows to divide.
    """
    table, total, done = _pool(train, holdout, seed), 2 + _SAMPLES, 0

    def read(train: Train, unseen: Holdout, rows: pd.DataFrame) -> PrivacyReport:
        nonlocal done
        progress.report("testing", done, total)
        done += 1
        return report(train, unseen, rows, seed=seed, known=known, secret_columns=secret_columns)

    first, unseen, _ = _division(table, seed)
    copy = read(first, unseen, first.frame)
    near = read(first, unseen, noisy(first.frame, table.schema, seed=seed))
    samples = [read(*_division(table, seed + i)) for i in range(_SAMPLES)]
    progress.report("testing", total, total)
    scenarios = (
        _bad("copy", "A verbatim copy", copy.meters, {*_BY_DISTANCE, *(m.key for m in copy.meters)}),
        _bad("noisy", "A noisy copy", near.meters, _BY_DISTANCE),
        _neutral(samples),
    )
    return SelfTest(
        _headline(scenarios),
        scenarios,
        copy.unavailable,
        copy.train_rows,
        copy.holdout_rows,
        samples[0].synthetic_rows,
        seed,
    )


def noisy(frame: pd.DataFrame, schema: Schema, *, seed: int) -> pd.DataFrame:
    """Every number moved by noise of 5 % of its interquartile range, 5 % of the categories drawn anew."""
    rng = np.random.default_rng(seed)
    out = {}
    for name in modelled(schema):
        values, column = frame[name], schema[name]
        if column.role in QUANTITIES and column.kind is not Kind.DATE and values.notna().any():
            low, high = np.nanquantile(values.to_numpy(dtype=float, na_value=np.nan), [0.25, 0.75])
            moved = values.astype("Float64") + rng.normal(0, _NOISE * (high - low), len(values))
            decimals = 0 if column.kind is Kind.INTEGER else column.decimals
            out[name] = (moved if decimals is None else moved.round(decimals)).astype(values.dtype)
        else:
            drawn = values.sample(len(values), replace=True, random_state=seed).set_axis(values.index)
            out[name] = values.where(rng.random(len(values)) >= _NOISE, drawn)
    return frame.assign(**out)


def _pool(train: Train, holdout: Holdout, seed: int) -> Table:
    """All real rows as one table, at most 6,000 of them."""
    both = pd.concat([train.frame, holdout.frame], ignore_index=True)
    kept = np.sort(np.random.default_rng(seed).permutation(len(both))[:_MOST_ROWS])
    return replace(train.table, frame=both.iloc[kept].reset_index(drop=True))


def _division(table: Table, seed: int) -> tuple[Train, Holdout, pd.DataFrame]:
    """Rows that play training rows, unseen rows and synthetic ones; twins stay together."""
    split = table.split(holdout=_ASIDE, seed=seed)
    halves = split.holdout.table.split(holdout=0.5, seed=seed)
    return split.train, halves.holdout, halves.train.frame


def _bad(key: str, title: str, meters: tuple[Meter, ...], must: Collection[str]) -> Scenario:
    """Passed where every meter of ``must`` could be read and flags."""
    missed = [m.title for m in meters if m.key in must and not m.flagged]
    said = f"{sum(m.flagged for m in meters)} of {len(meters)} meters flag it."
    if not meters:
        said = "No meter could be read."
    elif missed:
        said += f" Missed by {', '.join(missed)}: with these rows, such a leak cannot be told from chance."
    passed = not missed and set(must) <= {m.key for m in meters}
    return Scenario(key, title, BAD, meters, passed, said)


def _neutral(samples: list[PrivacyReport]) -> Scenario:
    """Passed where at most one sample is flagged; the meters of the middle one are shown."""
    ordered = sorted(samples, key=lambda r: len(r.flagged))
    shown, alarms = ordered[len(ordered) // 2], sum(bool(r.flagged) for r in samples)
    passed = bool(shown.meters) and alarms <= 1
    said = f"No meter flags any of {len(samples)} samples."
    if not shown.meters:
        said = "No meter could be read."
    elif alarms:
        said = f"{alarms} of {len(samples)} samples {'is' if alarms == 1 else 'are'} flagged by a meter"
        said += "; one in 50 is by chance." if passed else ": on this table, take single flags with care."
    return Scenario("independent", "Independent samples", NEUTRAL, shown.meters, passed, said)


def _headline(scenarios: Sequence[Scenario]) -> str:
    failed = [s.title.lower() for s in scenarios if not s.passed]
    if not failed:
        return "The meters can be trusted on this table: copies read bad, independent rows read neutral."
    return f"Take the meters with care on this table: {' and '.join(failed)} did not read as expected."
