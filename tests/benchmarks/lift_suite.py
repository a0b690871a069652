"""What Autopilot gains on ten real tables, and how much of what 4,000 more real rows would give.

For every table and seed: 960 training rows (600 of german_credit), Autopilot on those alone, its pick and the arms on
real rows scored on all remaining rows (20,000 at most). Two references, both printed: the one that the study itself
chose by cross-validation, and the best of R1, R2, W, D *by the scored rows*, averaged over seeds, which no one could
have known. ``mean_gain`` and ``worst_gain`` are against the first, ``…_hindsight`` against the second.

The ceiling is the best of R1, R2 and W trained on 4,000 more real rows (fewer where the table has none left); scored
rows and added rows never overlap: the remaining rows are cut into parts, each scored after training on the others.

Run with ``python -m tests.benchmarks.lift_suite``; ``--seeds 5 --repeats 2 --sets a,b``. The last line is one JSON
object: ``mean_gain``, ``worst_gain``, ``ceiling_recovery``, ``sets``.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

import numpy as np

from synth_core import lift
from synth_core.lift.learners import family
from synth_core.lift.scores import main_score
from synth_core.tables import Holdout, Split, Table, Train
from synth_core.tables.encoding import FeatureEncoder
from synth_core.tables.split import duplicate_groups
from tests.benchmarks.real_sets import SETS, RealSet

MORE, MOST = 4_000, 20_000


def cut(table: Table, rows: int, seed: int) -> Split:
    """``rows`` training rows, the rest for scoring; duplicates stay on one side."""
    groups, rng = duplicate_groups(table), np.random.default_rng([seed, 99])
    order = rng.permutation(groups.max() + 1)
    kept = order[: max(1, np.searchsorted(np.cumsum(np.bincount(groups)[order]), rows, side="right"))]
    inside = np.isin(groups, kept)
    table.outcome  # noqa: B018 - parts of the table keep its classes
    train, rest = np.flatnonzero(inside), rng.permutation(np.flatnonzero(~inside))
    return Split(Train(table.take(train), train), Holdout(table.take(rest[:MOST]), rest[:MOST]), seed, 0)


def ceiling(table: Table, split: Split, seed: int) -> tuple[float, int]:
    """Best mean score of R1, R2 and W trained on up to 4,000 more real rows, and how many rows those were."""
    target, models = table.outcome, family("lightgbm")
    rest = np.setdiff1d(np.arange(len(table)), split.train.row_ids)
    scored = split.holdout.row_ids
    spare = np.setdiff1d(rest, scored)
    parts = 1 if len(spare) >= MORE else max(2, min(5, -(-len(scored) // max(1, len(rest) - MORE))))
    found, added = {name: [] for name in ("R1", "R2", "W")}, []
    rng = np.random.default_rng(seed)
    for part in np.array_split(rng.permutation(scored), parts):
        extra = rng.permutation(spare if parts == 1 else np.setdiff1d(rest, part))[:MORE]
        ids = np.concatenate([split.train.row_ids, extra])
        train = Train(table.take(ids), ids)
        encoder, held = FeatureEncoder().fit(train), table.take(part)
        x, y = encoder.matrix(train.frame), train.outcomes()
        for name, learner in zip(found, (models.default, models.simple, models.weighted), strict=True):
            p = learner.fit(x, y, None, seed, target).predict(encoder.matrix(held.frame))
            found[name].append(main_score(target.codes(held.frame), p, target))
        added.append(len(extra))
    return max(float(np.nanmean(v)) for v in found.values()), round(np.mean(added))


def real_only(split: Split, rows: int, seed: int) -> dict[str, float]:
    """Scores of R1, R2, W and D (size-matched, with either learner) on the rest."""
    target, models = split.train.table.outcome, family("lightgbm")
    encoder = FeatureEncoder().fit(split.train)
    x, y = encoder.matrix(split.train.frame), split.train.outcomes()
    again = np.random.default_rng(seed).integers(len(y), size=rows)
    held, outcome = encoder.matrix(split.holdout.frame), target.codes(split.holdout.frame)
    doubled = np.vstack([x, x[again]]), np.concatenate([y, y[again]])
    arms = {
        "R1": (models.default, x, y),
        "R2": (models.simple, x, y),
        "W": (models.weighted, x, y),
        "D, default": (models.default, *doubled),
        "D, small trees": (models.simple, *doubled),
    }
    return {
        name: main_score(outcome, learner.fit(a, b, None, seed, target).predict(held), target)
        for name, (learner, a, b) in arms.items()
    }


def measure(table: Table, real: RealSet, seed: int, options: argparse.Namespace) -> dict:
    """One table, one seed."""
    split, start = cut(table, real.rows, seed), time.perf_counter()
    study = lift.autopilot(
        split, budget=options.budget, repeats=options.repeats, seed=seed, n_jobs=options.jobs
    )  # fmt: skip
    seconds = time.perf_counter() - start
    best = study.holdout
    picked = study.pick
    reference = best.scores_reference.main
    top, added = ceiling(table, split, seed)
    return {
        "set": real.name,
        "seed": seed,
        "pick": picked,
        "reference_arm": study.reference,
        "pick_score": best.scores_arm.main if picked == best.arm else reference,
        "reference": reference,
        "candidate_gain": best.delta,
        "expected_gain": study.verdict.delta,
        "word": study.verdict.word,
        "ceiling": top,
        "added": added,
        "real_only": real_only(split, study.rows, seed),
        "tried": len(study.trials),
        "folds": study.folds * study.repeats,
        "seconds": round(seconds),
    }


def summary(found: list[dict]) -> dict:
    """Figures per table and over tables."""
    sets = {}
    for name in dict.fromkeys(f["set"] for f in found):
        mine = [f for f in found if f["set"] == name]
        pick, reference = (float(np.mean([f[k] for f in mine])) for k in ("pick_score", "reference"))
        hindsight = max(float(np.mean([f["real_only"][arm] for f in mine])) for arm in mine[0]["real_only"])
        top = float(np.mean([f["ceiling"] for f in mine]))
        sets[name] = {
            "gain": round(pick - reference, 4),
            "gain_hindsight": round(pick - hindsight, 4),
            "reference": round(reference, 4),
            "hindsight": round(hindsight, 4),
            "ceiling_gain": round(top - reference, 4),
            "added_rows": round(np.mean([f["added"] for f in mine])),
            "picked_synthetic": sum(f["pick"] != f["reference_arm"] for f in mine),
            "helps": sum(f["word"] == "helps" for f in mine),
            "seeds": len(mine),
        }
    gains, top = ([s[k] for s in sets.values()] for k in ("gain", "ceiling_gain"))
    hindsight = [s["gain_hindsight"] for s in sets.values()]
    return {
        "mean_gain": round(float(np.mean(gains)), 4),
        "worst_gain": round(min(gains), 4),
        "ceiling_recovery": round(float(np.sum(gains) / np.sum(top)), 3),
        "mean_gain_hindsight": round(float(np.mean(hindsight)), 4),
        "worst_gain_hindsight": round(min(hindsight), 4),
        "above_ceiling": [n for n, s in sets.items() if s["gain"] > max(s["ceiling_gain"], 0)],
        "sets": sets,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--budget", type=float, default=600.0, help="seconds of each search; ample, so that all finish")
    parser.add_argument("--repeats", type=int, default=2, help="5 folds × this many for the finalists")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sets", default="", help="names, comma-separated; all if left out")
    options = parser.parse_args()
    chosen = [s for s in SETS if s.path.exists() and (not options.sets or s.name in options.sets.split(","))]
    if not chosen:
        sys.exit("The real tables are not in the shared data folder: nothing was measured.")
    tables = {s.name: s.table() for s in chosen}
    found = []
    for seed in range(options.seeds):
        for real in chosen:
            found.append(measure(tables[real.name], real, seed, options))
            print(json.dumps(found[-1]), flush=True)
    print(json.dumps(summary(found)))


if __name__ == "__main__":
    main()
