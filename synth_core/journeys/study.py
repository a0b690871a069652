"""Grading models in simulated worlds, seed by seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from synth_core.journeys import budget, scoring
from synth_core.journeys.attribution import MODELS, attribute
from synth_core.journeys.results import Grades, Sample, Stress, StressCell
from synth_core.journeys.seen import seen
from synth_core.journeys.simulate import simulate
from synth_core.journeys.truth import truth
from synth_core.journeys.world import World
from synth_core.progress import SILENT, Progress
from synth_core.workers import in_workers

BUDGET_USERS = 40_000  #: simulated for the budget, whose random numbers are the same for all allocations


def study(
    world: World,
    *,
    users: int = 20_000,
    seeds: int = 10,
    seed: int = 7,
    models: Sequence[str] | None = None,
    resamples: int = 100,
    n_jobs: int = 2,
    progress: Progress = SILENT,
) -> Grades:
    """Simulate, attribute and grade.

    Parameters
    ----------
    world : World
    users : int
        Of each simulation.
    seeds, seed : int
        How many simulations; the first has ``seed``, the next one more.
    models : sequence of str, optional
        Keys of :data:`synth_core.journeys.attribution.MODELS`; all by default.
    resamples : int
        Bootstrap resamples behind each interval; 0: no intervals.
    n_jobs : int
        Worker processes, a simulation each.

    Raises
    ------
    JourneyError
        The world is too large to simulate, or there are no users.
    """
    chosen = list(models or MODELS)
    progress.report("attributing", 0, seeds)
    samples = []
    for sample in in_workers(_sample, [(world, users, seed + n, chosen, resamples) for n in range(seeds)], n_jobs):
        samples.append(sample)
        progress.report("attributing", len(samples), seeds)
    shapley = np.mean([s.truth.shapley for s in samples], axis=0)
    rows = [(samples[0].credits[m].name, [np.array(s.credits[m].credit) for s in samples]) for m in range(len(chosen))]
    return Grades(
        world=world,
        users=users,
        samples=tuple(samples),
        budget=budget.compare(
            world, rows, shapley, users=users, simulated=max(users, BUDGET_USERS), seed=seed, progress=progress
        ),
        seen=seen(simulate(world, users, seed=seed).observed),
        resamples=resamples,
        notes=_notes(samples),
    )


def _sample(world: World, users: int, seed: int, models: Sequence[str], resamples: int) -> Sample:
    simulation = simulate(world, users, seed=seed)
    found = attribute(simulation.observed, models, resamples=resamples, seed=seed)
    return Sample(seed, truth(simulation, seed=seed), found.credits, found.intervals)


def _notes(samples: Sequence[Sample]) -> tuple[str, ...]:
    notes = []
    if not all(s.truth.exact for s in samples):
        worst = max(max(s.truth.shapley_se) for s in samples)
        notes.append(
            "More than ten channels matter here, so the Shapley truth was computed along sampled orders; its standard "
            f"error is at most {worst:.2f} conversions."
        )
    if any(not sum(c.credit) for s in samples for c in s.credits):
        notes.append("Some models credited nothing at all: there were hardly any conversions. Simulate more users.")
    return tuple(notes)


def stress(
    worlds: Mapping[str, World],
    *,
    users: int = 20_000,
    seeds: int = 3,
    seed: int = 7,
    models: Sequence[str] | None = None,
    n_jobs: int = 2,
    progress: Progress = SILENT,
) -> Stress:
    """Grade all models in several worlds.

    Parameters
    ----------
    worlds : mapping of str to World
        By key, such as :data:`synth_core.journeys.presets.PRESETS`.
    users, seeds, seed, models, n_jobs
        As in :func:`study`, for every world.
    """
    chosen = list(models or MODELS)
    cells: list[StressCell] = []
    for n, (key, world) in enumerate(worlds.items()):
        progress.report("attributing", n, len(worlds), world=world.name)
        graded = study(
            world, users=users, seeds=seeds, seed=seed, models=chosen, resamples=0, n_jobs=n_jobs,
            progress=_Within(progress, n, len(worlds), world.name),
        )  # fmt: skip
        for line in scoring.league(graded).models:
            cells.append(StressCell(key, line.model, line.share_error, line.regret))
    progress.report("attributing", len(worlds), len(worlds))
    return Stress(
        presets=tuple((key, world.name) for key, world in worlds.items()),
        models=tuple((key, MODELS[key].name) for key in chosen),
        cells=tuple(cells),
        users=users,
        seeds=seeds,
        seed=seed,
    )


class _Within:
    """The progress of one world as a part of that of all."""

    def __init__(self, outer: Progress, world: int, worlds: int, name: str) -> None:
        self._outer, self._world, self._worlds, self._name = outer, world, worlds, name

    def report(self, phase: str, step: float, total: float, **metrics: float | str) -> None:
        share = min(step / total, 1.0) if total else 0.0
        done = {"attributing": 0.8 * share, "scoring": 0.8 + 0.2 * share}[phase]
        self._outer.report("attributing", self._world + done, self._worlds, world=self._name)
