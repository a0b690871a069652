"""Linkability: joining two halves of a person's record through the synthetic rows."""

from __future__ import annotations

import numpy as np

from synth_core.privacy.evidence import rates
from synth_core.privacy.finding import Finding, percent
from synth_core.privacy.neighbours import closest
from synth_core.privacy.population import Population

_ATTACKS = 2_000

FORMULA = (
    "Two parties hold one half of the columns each (dealt out by how many values they have). Share of training records "
    "whose halves have the same synthetic row as closest one, so that the two can be joined; yardstick: the same of "
    "records that no generator saw. Lower is better. Source: Giomi et al. (anonymeter), 2023."
)
_ADVICE = (
    "Two files about the same people could be joined through these rows. Give different partners different synthetic "
    "tables, each with only the columns they need."
)


def attack(population: Population) -> Finding | None:
    """The meter; None with fewer than two columns."""
    names = sorted(population.names, key=lambda n: -population.train[n].nunique())
    halves = names[::2], names[1::2]
    if not halves[1]:
        return None
    hit, control = (_linked(population, key, halves) for key in ("train", "holdout"))
    evidence = rates(hit, control)
    return Finding(
        key="linkability",
        title="Linkability",
        unit="share",
        evidence=evidence,
        sentence=f"{percent(evidence.value, 1)} of {len(hit):,} training records could be joined from two halves of "
        f"their columns; of {len(control):,} unseen records {percent(evidence.reference, 1)}.",
        advice=_ADVICE,
        formula=FORMULA,
        attacks=len(hit),
        controls=len(control),
    )


def _linked(population: Population, key: str, halves: tuple[list[str], list[str]]) -> np.ndarray:
    asked, points = population.queries(key, _ATTACKS), population.points
    first, second = (closest(points.of("synthetic", h), points.of(key, h)[asked])[1][:, 0] for h in halves)
    return (first == second).astype(float)
