"""Speed of the simulator, its truth and the attribution models, and who comes closest to the truth in which world.

Run: ``python -m tests.benchmarks.journeys [--seeds 10] [--large]``. Last line: one JSON object.

``users_per_s``, ``truth_s``, ``models_s``: 200,000 users on 8 channels (preset *Targeting*; ``full`` holds the same for
*Everything at once*, the slowest). ``markov1_s``: exact Markov-1 on the real 10,000 paths. ``linear``: seconds per user
at 2,000,000 users ÷ at 200,000 (``--large``), with the peak of memory. ``mae``: share MAE in percentage points of
the additive hazards, last touch and Markov-1 per preset.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from multiprocessing import get_context

import numpy as np

from synth_core.journeys.attribution import MODELS
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.reading import read_journeys
from synth_core.journeys.simulate import simulate
from synth_core.journeys.study import stress
from synth_core.journeys.truth import truth
from tests.tables.makers import REAL

USERS = 200_000
SHOWN = ("additive_hazard", "additive_hazard_intent", "last", "markov1")
#: Worlds in which the additive hazard's own assumptions hold.
SPECIFIED = ("clean", "upstream", "long_decay", "high_organic")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--large", action="store_true", help="2,000,000 users, in a process of their own")
    options = parser.parse_args()
    figures = {**_speed("targeting"), "full": _speed("full"), "markov1_s": _markov()}
    if options.large:
        figures |= _large()
    found = stress(PRESETS, seeds=options.seeds)
    figures["mae"] = _table(found)
    figures["specified_won"] = all(
        figures["mae"][p]["additive_hazard"] < min(figures["mae"][p][m] for m in ("last", "markov1")) for p in SPECIFIED
    )
    print(json.dumps(figures))


def _speed(preset: str, users: int = USERS) -> dict[str, float]:
    world = PRESETS[preset]
    simulate(world, 1_000, seed=1)
    began = time.perf_counter()
    simulation = simulate(world, users, seed=7)
    made = time.perf_counter()
    truth(simulation)
    known = time.perf_counter()
    for model in MODELS.values():
        model.prepare(simulation.observed)(np.ones(len(simulation.observed)))
    ended = time.perf_counter()
    print(
        f"{preset}: {len(simulation.exposures):,} touches; simulated {made - began:.2f} s, truth {known - made:.2f} s, "
        f"models {ended - known:.2f} s"
    )
    return {
        "users_per_s": round(users / (made - began)),
        "truth_s": round(known - made, 2),
        "models_s": round(ended - known, 2),
    }


def _markov() -> float:
    path = REAL / "attribution_paths.csv.gz"
    journeys = read_journeys(path.read_bytes(), name=path.name)
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        answer = MODELS["markov1"].prepare(journeys)(np.ones(len(journeys)))
        seconds.append(time.perf_counter() - began)
    print("Markov-1:", dict(zip(journeys.channels, np.round(answer.credit, 2).tolist(), strict=True)))
    return round(float(np.median(seconds)), 4)


def _large() -> dict[str, float]:
    with get_context("spawn").Pool(1) as pool:
        small, large = pool.apply(_whole, (USERS,)), pool.apply(_whole, (10 * USERS,))
        peak = pool.apply(_peak)
    print(f"200,000 users {small:.1f} s, 2,000,000 users {large:.1f} s, peak {peak:.1f} GB")
    return {"linear": round(large / small / 10, 2), "peak_gb": round(peak, 2)}


def _whole(users: int) -> float:
    """Seconds for simulation, truth and all models."""
    began = time.perf_counter()
    _speed("full", users)
    return time.perf_counter() - began


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _table(found) -> dict[str, dict[str, float]]:
    cells = {(c.preset, c.model): c for c in found.cells}
    print(f"\nShare MAE in percentage points (regret in %), {found.seeds} seeds of {found.users:,} users")
    for preset, name in found.presets:
        print(f"\n{name}")
        for model, title in sorted(found.models, key=lambda m: cells[preset, m[0]].share_error.mean):
            cell = cells[preset, model]
            regret = f"{100 * cell.regret.mean:5.1f}" if cell.regret else "    –"
            print(
                f"  {title:24s} {100 * cell.share_error.mean:5.2f} ± {100 * (cell.share_error.se or 0):.2f}   {regret}"
            )
    return {p: {m: round(100 * cells[p, m].share_error.mean, 2) for m in SHOWN} for p, _ in found.presets}


if __name__ == "__main__":
    main()
