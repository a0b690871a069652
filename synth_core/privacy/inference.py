"""Attribute inference: guessing a secret column from what an outsider knows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synth_core.privacy.evidence import rates, wilson
from synth_core.privacy.finding import Finding
from synth_core.privacy.neighbours import closest
from synth_core.privacy.population import Population
from synth_core.privacy.results import Secret
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
    population: Population, known: Sequence[str], secret_columns: Sequence[str]
) -> tuple[list[Secret], Finding | None]:
    """Guesses per secret column, and the meter over all of them; None where nothing can be guessed."""
    secrets, hits = [], {"train": [], "holdout": []}
    for name in secret_columns:
        helpful = [n for n in known if n != name]
        if not helpful or population.train[name].nunique() < 2:
            continue
        right, rule = {}, ""
        for key in hits:
            right[key], rule = _guessed(population, key, helpful, name)
            hits[key].append(right[key])
        shares = [float(r.mean()) for r in right.values()]
        bounds = [wilson(s, len(r)) for s, r in zip(shares, right.values(), strict=True)]
        secrets.append(Secret(name, shares[0], *bounds[0], shares[1], *bounds[1], rule))
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
        sentence=f"{evidence.value:.0%} of guesses about training records are right, {evidence.reference:.0%} of those "
        f"about unseen records; largest gap: {worst.name} ({worst.value:.0%} against {worst.reference:.0%}).",
        advice=_ADVICE,
        formula=FORMULA,
        attacks=len(train) * len(secrets),
        controls=len(control) * len(secrets),
    )
    return secrets, finding


def _guessed(population: Population, key: str, known: list[str], secret: str) -> tuple[np.ndarray, str]:
    """Whether each guess is right, and when it counts as right."""
    asked, points = population.queries(key, _ATTACKS), population.points
    _, places = closest(points.of("synthetic", known), points.of(key, known)[asked])
    guess = population.synthetic[secret].to_numpy()[places[:, 0]]
    truth = getattr(population, key)[secret].to_numpy()[asked]
    if not is_quantity(truth):  # a gap is a level too
        return (guess == truth).astype(float), "the same category"
    low, high = np.nanquantile(population.train[secret], [0.25, 0.75])
    near = _NEAR * (high - low)
    rule = f"within {near:.3g} (5 % of the interquartile range)" if near else "the same number"
    right = (np.abs(guess - truth) <= near) | (np.isnan(guess) & np.isnan(truth))
    return right.astype(float), rule
