"""Membership inference: telling from the synthetic rows who was in training."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import roc_curve

from synth_core.privacy.evidence import auc, wilson
from synth_core.privacy.finding import Finding, percent
from synth_core.privacy.neighbours import closest
from synth_core.privacy.population import Population
from synth_core.privacy.results import Membership

_FALSE = 0.01  #: false positive rate at which the sharpest guesses are judged
_POINTS = 200
_NEAR = 1e-3  #: distances below this are alike, so that a ratio stays finite

FORMULAS = {
    "mia_distance": "AUC of guessing that a real record was in training because a synthetic row lies near it: minus "
    "its distance to the closest synthetic row, training records against records that no generator saw. 0.5 is chance, "
    "lower is better. Source: Chen et al. (GAN-Leaks), 2020.",
    "mia_density": "The same, but near for its surroundings: the log of the distance to the closest of other real "
    "records that the attacker holds (half of the unseen ones), over the distance to the closest synthetic row, judged "
    "on training records and the other half. 0.5 is chance, lower is better. Source: van Breugel et al. 2023.",
}
_TITLES = {"mia_distance": "Membership by distance", "mia_density": "Membership by density ratio"}
_ADVICE = (
    "Someone who holds a person's record could tell that it was in your data. Where being in the data is itself a "
    "secret (patients, debtors), do not share these rows; make the generator coarser or train it on more rows."
)


def attack(population: Population) -> tuple[list[Membership], list[Finding]]:
    """Both attacks: their ROC curves and meters."""
    points = population.points
    made, members = points.of("synthetic"), points.of("train")[population.queries("train")]
    others = points.of("holdout")[population.queries("holdout")]
    near_members, near_others = (closest(made, rows)[0][:, 0] for rows in (members, others))
    half = len(others) // 2
    held, judged = others[:half], slice(half, None)
    around_members, around_others = (closest(held, rows)[0][:, 0] for rows in (members, others[judged]))
    scores = {
        "mia_distance": (-near_members, -near_others),
        "mia_density": (_ratio(around_members, near_members), _ratio(around_others, near_others[judged])),
    }
    curves, findings = [], []
    for key, (inside, outside) in scores.items():
        curve = _curve(key, inside, outside)
        curves.append(curve)
        findings.append(_finding(key, inside, outside, curve))
    return curves, findings


def _ratio(around: np.ndarray, near: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(around, _NEAR) / np.maximum(near, _NEAR))


def _finding(key: str, inside: np.ndarray, outside: np.ndarray, curve: Membership) -> Finding:
    evidence = auc(inside, outside)
    return Finding(
        key=key,
        title=_TITLES[key],
        unit="AUC",
        evidence=evidence,
        sentence=f"Guessing who was in training works with an AUC of {evidence.value:.2f} (95 % interval "
        f"{evidence.low:.2f} to {evidence.high:.2f}; chance 0.50). While 1 % of outsiders are wrongly called members, "
        f"{percent(curve.tpr_at_1, 1)} of members are found.",
        advice=_ADVICE,
        formula=FORMULAS[key],
        attacks=len(inside),
        controls=len(outside),
    )


def _curve(key: str, inside: np.ndarray, outside: np.ndarray) -> Membership:
    truth = np.repeat([1, 0], [len(inside), len(outside)])
    fpr, tpr, _ = roc_curve(truth, np.concatenate([inside, outside]))
    found = float(tpr[fpr <= _FALSE].max())
    shown = np.unique(np.linspace(0, len(fpr) - 1, _POINTS).round().astype(int))
    return Membership(
        key,
        _TITLES[key],
        tuple(map(float, fpr[shown])),
        tuple(map(float, tpr[shown])),
        float(np.trapezoid(tpr, fpr)),
        found,
        *wilson(found, len(inside)),
    )
