"""Does the private measurement keep its promise? The strongest guess at one person, against the ε that is claimed.

    python -m tests.benchmarks.dp_audit [--runs 20000]

World 0 is a table of equal rows, world 1 the same and one person more, unlike all others. Each is measured many times;
whoever knows both tables guesses the world from the likelihood ratio of all noisy counts. A threshold is chosen on half
of the runs; on the other half the rates of right and wrong guesses bound ε from below (Clopper–Pearson, 95 %). Cases:
``declared`` labels, ``open`` ones with a number of unknown range, and ``persons`` with more rows than are kept.
``broken_rho`` and ``broken`` must be caught: the same measurement with 16 × its ρ and 16 × its ε, still claiming ε = 1.
The last line is one JSON object: the lower bounds, and ``kept`` and ``caught`` (1 = as it must be).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import beta

from synth_core.generators.dp.accountant import ROWS, epsilon_of, rho_of
from synth_core.generators.dp.columns import Declared, kind_of
from synth_core.generators.dp.encode import cells_of, plain
from synth_core.generators.dp.measure import measure
from synth_core.generators.dp.release import Release
from synth_core.tables import Table, table_from_frame

CLAIM, DELTA = 1.0, 1e-6
ALIKE = 2_000  #: equal rows in world 0
RUNS = 20_000  #: of each world
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Case:
    """Two tables that differ by one person, and how they are measured."""

    name: str
    usual: Mapping[str, Any]
    target: Mapping[str, Any]
    declared: Mapping[str, Declared] = field(default_factory=dict)
    rows: int = 1  #: of the target person in world 1
    kept: int = 1

    def worlds(self) -> tuple[Table, Table]:
        """With the roles and kinds that world 1 is read with."""
        frame = pd.DataFrame([self.usual] * ALIKE + [self.target] * self.rows)
        if self.rows > 1:
            frame["person"] = [f"p{min(i, ALIKE)}" for i in range(len(frame))]
        world = table_from_frame(frame)
        return world.take(np.arange(ALIKE)), world

    def release(self, world: Table, epsilon: float) -> Release:
        unit = "person" if self.rows > 1 else None
        return measure(
            world, epsilon=epsilon, delta=DELTA, unit=unit, unit_rows=self.kept, declared=dict(self.declared)
        )


_LABELS = {"a": Declared(labels=("no", "yes")), "b": Declared(labels=("x", "y"))}
_A, _B = {"a": "no", "b": "x"}, {"a": "yes", "b": "y"}
CASES = (
    Case("declared", _A, _B, _LABELS),
    Case("open", {**_A, "n": 5.5}, {**_B, "n": 1e9}),
    Case("persons", _A, _B, _LABELS, rows=5, kept=3),
)


def scores(case: Case, epsilon: float, runs: int) -> tuple[np.ndarray, np.ndarray]:
    """Log-likelihood ratio of world 1 to world 0 in ``runs`` releases of either."""
    worlds = case.worlds()
    two = worlds[1].take(np.array([0, ALIKE]))  # a usual row and the target
    plains = {
        c.name: plain(two.frame[c.name], c.kind, as_levels=kind_of(c, two.schema) == "levels") for c in two.schema
    }
    zero, one = (np.array([_score(case, case.release(w, epsilon), plains) for _ in range(runs)]) for w in worlds)
    return zero, one


def _score(case: Case, release: Release, plains: Mapping[str, np.ndarray]) -> float:
    if any(str(case.target[a.name]) in a.labels and not a.declared for a in release.axes):
        return np.inf  # a label that one person alone has
    cells = [cells_of(plains[a.name], a) for a in release.axes]
    sigma = case.kept / np.sqrt(2 * next(s.rho for s in release.spent if s.what == ROWS))
    total = _ratio(release.rows - ALIKE, sigma, case.kept)
    for (usual, target), counts, noise in zip(cells, release.ones, release.sigma_ones, strict=True):
        total += _ratio(counts[target] - ALIKE * (usual == target), noise, case.kept)
    for (i, j), counts, noise in zip(release.pairs, release.twos, release.sigma_twos, strict=True):
        same = cells[i][0] == cells[i][1] and cells[j][0] == cells[j][1]
        total += _ratio(counts[cells[i][1]][cells[j][1]] - ALIKE * same, noise, case.kept)
    return float(total)


def _ratio(above: float, sigma: float, shift: int) -> float:
    """Log-likelihood ratio of a count that is ``above`` what world 0 has, where world 1 has ``shift`` more."""
    return (2 * above - shift) * shift / (2 * sigma**2)


def lower_bound(zero: np.ndarray, one: np.ndarray) -> float:
    """ε that the mechanism surely exceeds, from scores of both worlds; 0 if nothing can be said."""
    half = len(zero) // 2
    thresholds = np.quantile(one[:half], np.arange(0.02, 1, 0.02))
    guesses = [(threshold, alarm) for threshold in thresholds for alarm in (True, False)]
    best = max(guesses, key=lambda guess: _bound(zero[:half], one[:half], *guess))
    return max(_bound(zero[half:], one[half:], *best), 0.0)


def _bound(zero: np.ndarray, one: np.ndarray, threshold: float, alarm: bool) -> float:
    """From right and wrong alarms at ``threshold``, or from right and wrong all-clears."""
    return _log_ratio(one >= threshold, zero >= threshold) if alarm else _log_ratio(zero < threshold, one < threshold)


def _log_ratio(often: np.ndarray, seldom: np.ndarray) -> float:
    tail = (1 - _CONFIDENCE) / 2
    low = beta.ppf(tail, often.sum(), len(often) - often.sum() + 1) if often.any() else 0.0
    high = beta.ppf(1 - tail, seldom.sum() + 1, len(seldom) - seldom.sum()) if not seldom.all() else 1.0
    return float(np.log(max(low - DELTA, 1e-300) / high))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs
    found = {case.name: lower_bound(*scores(case, CLAIM, runs)) for case in CASES}
    result: dict[str, float] = {"kept": int(max(found.values()) <= CLAIM)}
    broken = {
        "broken_rho": epsilon_of(16 * rho_of(CLAIM, DELTA), DELTA),
        "broken": 16 * CLAIM,
    }
    caught = {name: lower_bound(*scores(CASES[0], epsilon, runs)) for name, epsilon in broken.items()}
    result["caught"] = int(min(caught.values()) > CLAIM)
    for name, bound in {**found, **caught}.items():
        print(f"{name:12} ε ≥ {bound:.2f}, claimed {CLAIM:g}")
        result[name] = round(bound, 3)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
