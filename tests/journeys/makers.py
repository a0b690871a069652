"""Small journeys: written by hand, drawn by hypothesis, read from the real table, or simulated from a known hazard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from synth_core.journeys.observed import Journeys
from tests.tables.makers import REAL

CHANNELS = ("A", "B", "C", "Direct")


def paths(*rows: tuple, channels: Sequence[str] | None = None, value: float = 10.0) -> Journeys:
    """Journeys from ``("A > B > C", conversions, nulls)``; a fourth number is the value, else ``value`` per conversion.

    Channels are in order of the alphabet unless given; ``""`` is a path without a touch.
    """
    steps = [[s.strip() for s in row[0].split(">") if s.strip()] for row in rows]
    names = tuple(channels or sorted({s for path in steps for s in path}))
    index = {name: i for i, name in enumerate(names)}
    conversions = np.array([row[1] for row in rows], float)
    return Journeys(
        channels=names,
        starts=np.concatenate([[0], np.cumsum([len(s) for s in steps])]).astype(np.int64),
        channel=np.array([index[s] for path in steps for s in path], np.int16),
        conversions=conversions,
        nulls=np.array([row[2] for row in rows], float),
        value=np.array([row[3] if len(row) > 3 else row[1] * value for row in rows], float),
    )


def timed(
    *rows: tuple[Sequence[tuple[str, float]], float, bool], channels: Sequence[str] | None = None,
    begin: Sequence[float] | None = None, user: Sequence[int] | None = None, value: float = 10.0,
) -> Journeys:  # fmt: skip
    """Journeys with times from ``([("A", 0.5), ("B", 2.0)], end, converted)``; observed from day 0 unless told."""
    names = tuple(channels or sorted({name for touches, _, _ in rows for name, _ in touches}))
    index = {name: i for i, name in enumerate(names)}
    won = np.array([converted for _, _, converted in rows], float)
    return Journeys(
        channels=names,
        starts=np.concatenate([[0], np.cumsum([len(touches) for touches, _, _ in rows])]).astype(np.int64),
        channel=np.array([index[name] for touches, _, _ in rows for name, _ in touches], np.int16),
        conversions=won,
        nulls=1 - won,
        value=won * value,
        time=np.array([time for touches, _, _ in rows for _, time in touches], float),
        begin=np.zeros(len(rows)) if begin is None else np.array(begin, float),
        end=np.array([end for _, end, _ in rows], float),
        user=None if user is None else np.array(user, np.int64),
    )


@cache
def attribution_paths() -> Journeys:
    """The real table of 10,000 paths (use with ``needs_real``)."""
    table = pd.read_csv(REAL / "attribution_paths.csv.gz")
    columns = ["path", "total_conversions", "total_null", "total_conversion_value"]
    return paths(*table[columns].itertuples(index=False, name=None))


@st.composite
def path_rows(draw: st.DrawFn, *, most: int = 8, longest: int = 6, counts: int = 4, empty: bool = True) -> Journeys:
    """Path rows over four channels, some of which may never occur; a path may be empty and may be there twice."""
    path = st.lists(st.sampled_from(CHANNELS), min_size=0 if empty else 1, max_size=longest).map(" > ".join)
    count = st.integers(0, counts)
    return paths(*draw(st.lists(st.tuples(path, count, count), min_size=1, max_size=most)), channels=CHANNELS)


@st.composite
def timed_rows(draw: st.DrawFn, *, most: int = 12, longest: int = 6, horizon: float = 30.0) -> Journeys:
    """Journeys of single users with times; touches may coincide, and may be at the very moment of the conversion."""
    time = st.floats(0, horizon).map(lambda t: round(t, 2))

    @st.composite
    def row(inner: st.DrawFn) -> tuple[list[tuple[str, float]], float, bool]:
        touches = sorted(
            inner(st.lists(st.tuples(st.sampled_from(CHANNELS), time), max_size=longest)), key=lambda x: x[1]
        )
        least = touches[-1][1] if touches else 0.01
        return touches, max(0.01, least, inner(time)), inner(st.booleans())

    return timed(*draw(st.lists(row(), min_size=1, max_size=most)), channels=CHANNELS)


def hazard(
    users: int, *, baseline: float, effects: Sequence[float], decays: Sequence[float], reach: float = 0.05,
    horizon: float = 30.0, seed: int = 0, intent: float = 0.0, targeting: Sequence[float] | None = None,
) -> tuple[Journeys, np.ndarray]:  # fmt: skip
    """Journeys drawn from λ(t) = b + Σ β_c·exp(−(t − t_j) / τ_c), and the realised conversions by true cause.

    A plain thinning sampler, user by user: independent of the simulator. The last cause is "none of the channels".
    With ``intent`` b is log-normal over users, and channels with ``targeting`` meet those with a high one more often.
    """
    rng = np.random.default_rng(seed)
    names = tuple(f"c{i}" for i in range(len(effects)))
    effects, decays = np.array(effects, float), np.array(decays, float)
    aim = np.zeros(len(effects)) if targeting is None else np.array(targeting, float)
    rows, causes = [], np.zeros(len(effects) + 1)
    for _ in range(users):
        u = rng.standard_normal()
        own = baseline * np.exp(intent * u - intent**2 / 2)
        count = rng.poisson(reach * horizon * np.exp(aim * u - aim**2 / 2))
        when, which = rng.uniform(0, horizon, count.sum()), np.repeat(np.arange(len(effects)), count)
        order = np.argsort(when)
        when, which = when[order], which[order]
        bound, now = own + effects[which].sum(), 0.0
        while True:
            now += rng.exponential(1 / bound) if bound else np.inf
            if now >= horizon:
                end, converted = horizon, False
                break
            seen = when <= now
            parts = effects[which[seen]] * np.exp(-(now - when[seen]) / decays[which[seen]])
            if rng.uniform() * bound < own + parts.sum():
                pick = rng.uniform() * (own + parts.sum())
                cause = np.searchsorted(np.cumsum(parts), pick, side="right") if len(parts) else 0
                causes[which[seen][cause] if cause < len(parts) else -1] += 1
                end, converted = now, True
                break
        seen = when <= end
        rows.append(([(names[c], t) for c, t in zip(which[seen], when[seen], strict=True)], end, converted))
    return timed(*rows, channels=names), causes
