"""Distance to the closest record, and how much closer that is than the next one."""

from __future__ import annotations

import numpy as np

from synth_core.privacy.evidence import Evidence, nearest_share
from synth_core.privacy.finding import Finding, percent
from synth_core.privacy.neighbours import closest
from synth_core.privacy.points import FORMULA as SPACE
from synth_core.privacy.population import Population
from synth_core.privacy.results import Distances

_BINS = 30

FORMULA_DCR = (
    "Share of synthetic rows whose closest real record is a training record rather than one that no generator saw; "
    "both sides count as if they were of equal size, equally near records draw lots. 0.5 is neutral, 1 is a copy; "
    "lower is better. Source: Platzer and Reutterer, 2021. " + SPACE
)
FORMULA_NNDR = (
    "Share of synthetic rows whose closest real record is a training record, as for DCR, but each counts 1 − d₁/d₂: "
    "how much nearer its closest record is than its second closest. Rows in a crowd count little, near-copies fully. "
    "0.5 is neutral, 1 is a copy; lower is better. Source: distance ratio of Lowe, 2004; share as for DCR. " + SPACE
)
_ADVICE = (
    "The generator has learned single rows. Make it coarser (larger leaves, fewer epochs, more rows or fewer columns), "
    "or hand out fewer rows."
)


def measure(population: Population) -> tuple[Distances, list[Finding]]:
    """Distances for the picture, and the two meters."""
    points, asked = population.points, population.queries("synthetic")
    train, holdout = points.of("train"), points.of("holdout")
    made = points.of("synthetic")[asked]
    both, places = closest(np.vstack([train, holdout]), made, k=2)
    in_train = np.repeat([True, False], [len(train), len(holdout)])
    nearness = 1 - np.divide(both[:, 0], both[:, 1], out=np.ones(len(both)), where=both[:, 1] > 0)
    count = len(in_train)
    plain = nearest_share(np.bincount(places[:, 0], minlength=count).astype(float), in_train)
    findings = [_finding("dcr", "Distance to the closest record (DCR)", plain, FORMULA_DCR, population, len(made))]
    if nearness.any():
        weighted = nearest_share(np.bincount(places[:, 0], nearness, minlength=count), in_train)
        findings.append(
            _finding("nndr", "Nearest-neighbour distance ratio (NNDR)", weighted, FORMULA_NNDR, population, len(made))
        )
    return _picture(train, made, holdout[population.queries("holdout")]), findings


def _finding(key: str, title: str, evidence: Evidence, formula: str, population: Population, asked: int) -> Finding:
    subject = "Synthetic rows" if key == "dcr" else "Synthetic rows that lie close to a single record"
    return Finding(
        key=key,
        title=title,
        unit="share",
        evidence=evidence,
        sentence=f"{subject} are nearest to a training record in {percent(evidence.value)} of cases, where 50 % would "
        f"be neutral (95 % interval {percent(evidence.low)} to {percent(evidence.high)}).",
        advice=_ADVICE,
        formula=formula,
        attacks=asked,
        controls=len(population.holdout),
    )


def _picture(train: np.ndarray, made: np.ndarray, held: np.ndarray) -> Distances:
    found = [closest(train, rows, k=min(2, len(train)))[0] for rows in (made, held)]
    first = [d[:, 0] for d in found]
    ratios = [np.divide(d[:, 0], d[:, -1], out=np.ones(len(d)), where=d[:, -1] > 0) for d in found]
    top = float(np.quantile(np.concatenate(first), 0.995)) or 1.0
    edges = np.linspace(0, top, _BINS + 1)
    shares = [np.histogram(np.minimum(d, top), edges)[0] / len(d) for d in first]

    def quantiles(values: np.ndarray) -> tuple[float, float]:
        return tuple(map(float, np.quantile(values, [0.05, 0.5])))

    return Distances(
        tuple(map(float, edges)),
        tuple(map(float, shares[0])),
        tuple(map(float, shares[1])),
        float((first[0] == 0).mean()),
        float((first[1] == 0).mean()),
        quantiles(first[0]),
        quantiles(first[1]),
        quantiles(ratios[0]),
        quantiles(ratios[1]),
    )
