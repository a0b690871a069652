"""Graded worlds, stress tests, attributed and calibrated journeys written by hand: plausible figures, no simulation."""

from __future__ import annotations

from dataclasses import replace
from math import sin

from synth_core.journeys.results import (
    Allocation,
    Attributed,
    Budget,
    Calibration,
    Credits,
    Grades,
    Interval,
    Mean,
    Moment,
    Sample,
    Seen,
    Stress,
    StressCell,
    Truth,
)
from synth_core.journeys.world import Channel, World
from synth_core.runs import Run, Store
from synth_core.runs.database import insert, move
from synth_core.tasks.places import write_json

MODELS = {
    "first": "First touch",
    "last": "Last touch",
    "linear": "Linear",
    "time_decay": "Time decay, half-life 7 days",
    "markov1": "Markov removal effect, order 1",
    "shapley": "Shapley of channel sets",
    "additive_hazard": "Additive hazard (ours)",
}
NAMES = ("Search", "Display", "Social", "Email", "Brand search", "Direct")
LONG = tuple(f"<b channel &amp; {i:02d} of a campaign with a very long name" for i in range(20))


def world(names: tuple[str, ...] = NAMES, *, paid: bool = True, **changes) -> World:
    """The last channel causes nothing and costs nothing."""
    size = len(names)
    channels = tuple(
        Channel(n, 0.02 + 0.005 * i, 0.0 if i == size - 1 else 0.004 * (1 + i % 3), 5.0 + i, 0.8, 0.2 * (i % 3),
                0.0 if i == size - 1 or not paid else 0.5 + 0.1 * i)
        for i, n in enumerate(names)
    )  # fmt: skip
    zeros = tuple((0.0,) * size for _ in names)
    return World("Full scenario", channels, zeros, zeros, 0.002).changed(**changes)


def truth(names: tuple[str, ...] = NAMES, *, shift: float = 0.0, free: bool = False) -> Truth:
    """Falls from the first channel to the last, which caused nothing."""
    size = len(names)
    row = tuple(0.0 if i == size - 1 else 120.0 / (1 + 0.4 * i) + shift for i in range(size))
    paid = [i < size - 1 and not free for i in range(size)]
    return Truth(
        names,
        expected=600.0 + sum(row),
        organic=600.0,
        realised=603.0 + sum(row),
        shapley=row,
        shapley_se=(0.0,) * size,
        removal=tuple((1.1 + 0.1 * (i % 2)) * v for i, v in enumerate(row)),
        event=tuple((0.97 - 0.1 * (i % 2)) * v for i, v in enumerate(row)),
        event_organic=611.0,
        marginal=tuple(0.02 / (1 + i) + shift / 1e4 if p else None for i, p in enumerate(paid)),
        marginal_se=tuple(0.001 if p else None for p in paid),
        coalitions=2**size,
        exact=size <= 10,
    )


def credits(found: Truth, seed: int = 0, models: dict[str, str] = MODELS) -> tuple[Credits, ...]:
    """Each model is wrong in its own way; the last only a little."""
    size = len(found.channels)
    made = []
    for k, (key, name) in enumerate(models.items()):
        wrong = 60.0 if k < len(models) - 1 else 8.0
        row = tuple(max(0.0, v + 70 + wrong * sin(1.7 * k + 2.3 * i + seed)) for i, v in enumerate(found.shapley))
        organic = 590.0 + seed if key == "additive_hazard" else None
        made.append(Credits(key, name, found.channels, row, organic, tuple(100 * v for v in row)))
    assert all(len(c.credit) == size for c in made)
    return tuple(made)


def interval(found: Credits) -> Interval:
    """Three points to each side."""
    return Interval(tuple(max(0.0, s - 0.03) for s in found.share), tuple(s + 0.03 for s in found.share))


def sample(seed: int, names: tuple[str, ...] = NAMES, *, free: bool = False) -> Sample:
    held = truth(names, shift=float(seed % 3), free=free)
    made = credits(held, seed)
    return Sample(seed, held, made, tuple(interval(c) for c in made))


def seen(names: tuple[str, ...] = NAMES) -> Seen:
    size = len(names)
    paths = tuple(
        (tuple(names[(i * j + i + j) % size] for j in range(1 + i % 5)), 40.0 - 3 * i, 900.0 - 60 * i)
        for i in range(10)
    )
    mix = tuple((i + 1) / (size * (size + 1) / 2) for i in range(size))
    return Seen(
        paths,
        lengths=tuple((n, 4_000.0 / n, 100.0 / (1 + abs(n - 3))) for n in range(1, 9)),
        days=tuple((float(d), d + 3.0, 120.0 / (1 + d / 4)) for d in range(0, 30, 3)),
        mix=mix,
        mix_converted=mix[::-1],
        users=20_000,
        touches=61_234,
        conversions=1_041.0,
        untouched=212.0,
        value=104_100.0,
        steps=tuple((steps[:3], won + lost) for steps, won, lost in paths),
    )


def budget(names: tuple[str, ...] = NAMES, seeds: int = 3) -> Budget:
    size = len(names)
    today = tuple(0.0 if i == size - 1 else 1_000.0 / (1 + 0.1 * i) for i in range(size))
    best = tuple(1.4 * v if i % 2 else 0.6 * v for i, v in enumerate(today))

    def follow(k: int, name: str) -> tuple[Allocation, ...]:
        rows = (tuple(v * (1 + 0.5 * sin(k + i + s)) for i, v in enumerate(today)) for s in range(seeds))
        return tuple(Allocation(name, row, 1_020.0 - 9 * k - s) for s, row in enumerate(rows))

    return Budget(
        total=sum(today),
        users=20_000,
        simulated=50_000,
        most=3.0,
        today=Allocation("Today", today, 1_000.0),
        best=Allocation("Best found", best, 1_045.0),
        truth=Allocation("True Shapley", today, 1_030.0),
        models=tuple(follow(k, name) for k, name in enumerate(MODELS.values())),
    )


def grades(names: tuple[str, ...] = NAMES, *, seeds: int = 3, paid: bool = True, **changes) -> Grades:
    """A world graded over some seeds."""
    return replace(
        Grades(
            world(names, paid=paid),
            20_000,
            tuple(sample(7 + s, names, free=not paid) for s in range(seeds)),
            budget(names, seeds) if paid else None,
            seen(names),
            200,
        ),
        **changes,
    )


def nothing() -> Grades:
    """Two channels that reach nobody, cost nothing and get no credit; one seed."""
    names = ("Search", "Display")
    none = (0.0, 0.0)
    truth = Truth(names, 0.0, 0.0, 0.0, none, none, none, none, 0.0, (None, None), (None, None), 4, True)
    made = tuple(Credits(key, name, names, none) for key, name in MODELS.items())
    sample = Sample(7, truth, made, (None,) * len(made))
    seen = Seen((), ((0, 100.0, 0.0),), (), none, none, 100, 0, 0.0, 0.0, 0.0, ())
    return Grades(world(names, paid=False), 100, (sample,), None, seen, 0, ("There were hardly any conversions.",))


PRESETS = {
    "clean": "Clean", "targeting": "Targeting", "upstream": "Upstream triggers", "synergy": "Order synergy",
    "saturation": "Saturation", "long_decay": "Long decay", "high_organic": "High organic",
    "tracking_loss": "Tracking loss", "delayed": "Delayed effect", "brand_trap": "Brand search trap",
    "full": "Full scenario",
}  # fmt: skip


def stress(presets: dict[str, str] = PRESETS, *, seeds: int = 3) -> Stress:
    """Errors that grow from the last model to the first; one preset without a paid channel."""
    cells = tuple(
        StressCell(p, m, Mean(0.01 + 0.01 * ((i + 2 * k) % 7), 0.002 if seeds > 1 else None),
                   None if p == "clean" else Mean(0.02 + 0.01 * ((2 * i + k) % 8), 0.004 if seeds > 1 else None))
        for i, p in enumerate(presets) for k, m in enumerate(MODELS)
    )  # fmt: skip
    return Stress(tuple(presets.items()), tuple(MODELS.items()), cells, 20_000, seeds, 7)


def attributed(names: tuple[str, ...] = NAMES, **changes) -> Attributed:
    made = credits(truth(names))
    return replace(
        Attributed(made, tuple(interval(c) for c in made), 12_000, 31_000, 840.0, 60.0, 200, 7,
                   ("“Time decay” needs times, and these journeys have none.",)),
        **changes,
    )  # fmt: skip


def calibration(names: tuple[str, ...] = NAMES, **changes) -> Calibration:
    moments = (Moment("Conversion rate", 0.042, 0.0415), *(Moment(f"Touches per user on {n}", 0.8, 0.7) for n in names))
    return replace(
        Calibration(world(names, name="Calibrated to paths"), moments, 0.11, 12,
                    ("Effects are those of the world it started from: journeys cannot tell them.",), 7),
        **changes,
    )  # fmt: skip


def store_result(store: Store, task: str, name: str, found, spec: dict) -> Run:
    """``found`` as the result of a run of ``task`` that succeeded."""
    run = store_run(store, task, spec)
    folder = store.layout.published(run.id)
    folder.mkdir(parents=True)
    write_json(folder / name, found.to_dict())
    return run


def store_run(store: Store, task: str, spec: dict, *, state: str = "succeeded", error: str | None = None) -> Run:
    """A run that ended, without files; ids count up, so that runs are told apart."""
    run = f"{len(store.list()) + 1:032x}"
    with store.database.transaction() as connection:
        insert(connection, run, task, spec, f"a stored {task}", None, (0, 0.0))
        move(connection, run, "queued", "running")
        move(connection, run, "running", state, error)
    return store.get(run)


def store_grades(store: Store, found: Grades) -> Run:
    """``found`` as the result of a ``journeys`` run."""
    spec = {"world": found.world.to_dict(), "users": found.users, "seeds": len(found.samples), "seed": 7,
            "models": list(MODELS), "resamples": found.resamples}  # fmt: skip
    return store_result(store, "journeys", "grades.json", found, spec)
