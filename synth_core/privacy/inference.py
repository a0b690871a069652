"""Attribute inference: guessing a secret column from what an outsider knows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synth_core.privacy.evidence import rates, wilson
from synth_core.privacy.finding import Finding, percent
from synth_core.privacy.neighbours import closest
from synth_core.privacy.population import Population
from synth_core.privacy.results import Secret
from synth_core.tables import Column, Kind, Schema
from synth_core.tables.alignment import is_quantity

_ATTACKS = 2_000
_NEAR = 0.05  #: of the interquartile range

FORMULA = (
    "An outsider looks up the synthetic row closest to a person in the known columns and takes its value of the secret "
    "column. Share of right guesses about training records (mean over the secret columns), beside the same about "
    "records that no generator saw: what general patterns tell anyway. Lower is better. Source: Giomi et al. "
    "(anonymeter), 2023."
)
_ADVICE = (
    "Values of single people can be read off. Leave the secret columns out, coarsen them, or coarsen the known columns "
    "before you share the rows."
)


def attack(
    population: Population, schema: Schema, known: Sequence[str], secret_columns: Sequence[str]
) -> tuple[list[Secret], Finding | None]:
    """Guesses per secret column, and the meter over all of them; None where nothing can be guessed."""
    secrets, hits = [], {"train": [], "holdout": []}
    for name in secret_columns:
        helpful = [n for n in known if n != name]
        if not helpful or population.train[name].nunique() < 2:
            continue
        near = _near(population.train[name].to_numpy())
        right = {key: _guessed(population, key, helpful, name, near) for key in hits}
        for key, successes in right.items():
            hits[key].append(successes)
        shares = [float(r.mean()) for r in right.values()]
        bounds = [wilson(s, len(r)) for s, r in zip(shares, right.values(), strict=True)]
        secrets.append(Secret(name, shares[0], *bounds[0], shares[1], *bounds[1], _rule(schema[name], near)))
    if not secrets:
        return [], None
    train, control = (np.mean(h, axis=0) for h in hits.values())
    evidence = rates(train, control)
    worst = max(secrets, key=lambda s: s.value - s.reference)
    finding = Finding(
        key="attribute",
        title="Attribute inference",
        unit="share",
        evidence=evidence,
        sentence=f"{percent(evidence.value)} of guesses about training records are right, "
        f"{percent(evidence.reference)} of those about unseen records; largest gap: {worst.name} "
        f"({percent(worst.value)} against {percent(worst.reference)}).",
        advice=_ADVICE,
        formula=FORMULA,
        attacks=len(train) * len(secrets),
        controls=len(control) * len(secrets),
    )
    return secrets, finding


def _guessed(population: Population, key: str, known: list[str], secret: str, near: float | None) -> np.ndarray:
    """1 for each guess that is right, else 0."""
    asked, points = population.queries(key, _ATTACKS), population.points
    _, places = closest(points.of("synthetic", known), points.of(key, known)[asked])
    guess = population.synthetic[secret].to_numpy()[places[:, 0]]
    truth = getattr(population, key)[secret].to_numpy()[asked]
    if near is None:  # a gap is a category too
        return (guess == truth).astype(float)
    return ((np.abs(guess - truth) <= near) | (np.isnan(guess) & np.isnan(truth))).astype(float)


def _near(values: np.ndarray) -> float | None:
    """How far off a guess may be; None for categories."""
    return _NEAR * float(np.subtract(*np.nanquantile(values, [0.75, 0.25]))) if is_quantity(values) else None


def _rule(column: Column, near: float | None) -> str:
    """When a guess counts as right, in words."""
    if near is None:
        return "the same category"
    if not near:
        return "the same value"
    amount = f"{near:,.0f}" if near >= 100 else f"{near:.3g}"
    return f"within {amount}{' days' if column.kind is Kind.DATE else ''} (5 % of the interquartile range)"
