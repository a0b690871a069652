"""How often a prospective test errs when one looks every week, how soon it is right, how fast leads are scored.

Run: ``python -m tests.benchmarks.prospective [--replays 500] [--power 200] [--rows 1000000]``. Last line: one JSON
object.

``false_helps``, ``false_hurts``: share of replays of 12 weeks without a true difference in which the word was ever
"helps" or "hurts" at a weekly look; the worst of the designs, of which each is told in ``nulls``. Both arms have
exactly the same true AUC in each, never the same scores: one signal with noise of its own in either arm (60 and 400
leads a week, base rate 17 %; 400 a week, 3 %; 10 a week, 30 %: the burn-in; strong scores, AUC 0.95), outcomes told
late and positives sooner, an arm whose AUC differs between weeks (SD 0.02, mean 0), a base rate that the training rows
got wrong, and two real models (LightGBM on two halves of the travel sample) of which a coin picks, lead by lead, which
one is the arm. ``naive_false_helps``: what DeLong's ordinary interval would have said. ``no_burn_in_false``: how often
the always-valid interval, with DeLong's error alone, ever leaves out 0 at a look after every positive lead from the
10th to the 60th, where the product says nothing before the 30th.

``weeks_to_find_0_03``: median weeks until "helps" where the arm's true AUC is 0.78 against 0.75 (base rate 17 %, scores
correlated 0.8 within a class, 400 leads a week), with the share found within 12, 26 and 52 weeks in ``power``; other
correlations beside it.

``rows_per_s``, ``peak_mb``: a CSV file of 1,000,000 leads of the travel sample scored by both models in a process of
its own, its peak memory with all libraries; ``base_mb``: the same process before it reads. The fastest of three times
counts, and ``rows_per_cpu_s`` leaves out waiting for other work on the machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy.stats import norm

from synth_core import lift
from synth_core.lift import delong
from synth_core.lift.learners import family
from synth_core.prospective import scorer, sequential
from synth_core.prospective.standing import decide, gain
from synth_core.tables import load_sample, travel_leads
from synth_core.tables.encoding import FeatureEncoder

WEEKS, LONG = 12, 52
_TRIES = 3  #: at scoring; the fastest counts, as other work on the machine only slows it down
BASE, AUC, SHARED = 0.17, 0.75, 0.8
Draw = Callable[[np.random.Generator], pd.DataFrame]


@dataclass(frozen=True)
class Binormal:
    """Leads in order of arrival, with scores that are normal within a class and correlated ``shared`` there."""

    per_week: int
    base: float = BASE
    reference: float = AUC
    arm: float = AUC
    shared: float = SHARED
    weeks: int = WEEKS
    uneven: float = 0.0  #: standard deviation of the arm's AUC between weeks
    delays: tuple[float, float] = (0.0, 0.0)  #: mean days until a positive, a negative outcome is told

    def __call__(self, rng: np.random.Generator) -> pd.DataFrame:
        week = np.repeat(np.arange(self.weeks), rng.poisson(self.per_week, self.weeks))
        y = (rng.random(len(week)) < self.base).astype(float)
        common = np.sqrt(self.shared) * rng.standard_normal(len(y))
        by_week = (self.arm + self.uneven * rng.standard_normal(self.weeks))[week]
        scores = {
            name: y * norm.ppf(auc) * np.sqrt(2) + common + np.sqrt(1 - self.shared) * rng.standard_normal(len(y))
            for name, auc in (("score_reference", self.reference), ("score_arm", by_week))
        }
        told = week + 1 + rng.exponential(np.where(y == 1, *self.delays)) / 7
        return pd.DataFrame({"outcome": y, **scores, "week": week, "told": told})


class RealModels:
    """Two models trained on two halves of the travel sample; for each lead a coin picks which one is the arm."""

    def __init__(self, per_week: int) -> None:
        self.per_week = per_week
        table = load_sample("travel", 7)
        order = np.random.default_rng(7).permutation(len(table))
        pool = travel_leads(11, 1, 150_000)[0]
        self.y = table.outcome.codes(pool)
        self.scores = []
        for half in np.array_split(order, 2):
            train = table.take(half).split(0.1, seed=7).train
            encoder = FeatureEncoder().fit(train)
            model = family("lightgbm").simple.fit(encoder.matrix(train.frame), train.outcomes(), None, 7, table.outcome)
            self.scores.append(model.predict(encoder.matrix(pool)))

    def __call__(self, rng: np.random.Generator) -> pd.DataFrame:
        week = np.repeat(np.arange(WEEKS), rng.poisson(self.per_week, WEEKS))
        rows = rng.choice(len(self.y), len(week), replace=False)
        first, second = (s[rows] for s in self.scores)
        coin = rng.random(len(rows)) < 0.5
        return pd.DataFrame({
            "outcome": self.y[rows], "score_reference": np.where(coin, first, second),
            "score_arm": np.where(coin, second, first), "week": week, "told": week + 1.0,
        })  # fmt: skip


def looks(leads: pd.DataFrame, weeks: int) -> Iterator[pd.DataFrame]:
    """What is known at the end of each week."""
    leads = leads.sort_values("told", kind="stable")
    ends = np.searchsorted(leads["told"].to_numpy(), np.arange(1, weeks + 1), side="right")
    return (leads.iloc[:end] for end in ends)


def words(draw: Draw, base: float, seed: int) -> dict[str, bool]:
    """Whether a word was ever said at a weekly look, and whether the ordinary interval would have said it."""
    tightest, said = sequential.tightest_at(base), set()
    for known in looks(draw(np.random.default_rng([20, seed])), WEEKS):
        found = gain(known, tightest)
        said.add(decide(found))
        if found.low is not None and found.low > 0:
            said.add("naive")
    return {word: word in said for word in ("helps", "hurts", "naive")}


def weeks_until(draw: Binormal, seed: int) -> int:
    """The first week with "helps", or one more than were looked at."""
    tightest = sequential.tightest_at(draw.base)
    for week, known in enumerate(looks(draw(np.random.default_rng([30, seed])), draw.weeks), 1):
        if decide(gain(known, tightest)) == "helps":
            return week
    return draw.weeks + 1


def crossed_early(seed: int, base: float = 0.1) -> bool:
    """Whether the interval ever leaves out 0 at a look after every positive lead from the 10th to the 60th."""
    leads = Binormal(round(90 / base), base, weeks=1)(np.random.default_rng([40, seed]))
    y, p, q = (leads[c].to_numpy() for c in ("outcome", "score_arm", "score_reference"))
    tightest = sequential.tightest_at(base)
    for n in np.flatnonzero(y)[9:60] + 1:
        delta, error = delong.auc_difference(y[:n], p[:n], q[:n])
        if abs(delta) > sequential.half_width(error, int(n), tightest):
            return True
    return False


def nulls() -> dict[str, tuple[Draw, float]]:
    """Designs without a true difference, each with the base rate that its training rows would have had."""
    return {
        "400 a week": (Binormal(400), BASE),
        "60 a week": (Binormal(60), BASE),
        "rare": (Binormal(400, 0.03, shared=0.5), 0.03),
        "few": (Binormal(10, 0.3), 0.3),
        "strong": (Binormal(400, 0.1, 0.95, 0.95, 0.9), 0.1),
        "uneven weeks": (Binormal(400, uneven=0.02), BASE),
        "late": (Binormal(400, delays=(5.0, 25.0)), BASE),
        "wrong base rate": (Binormal(400), 0.01),
        "real models": (RealModels(400), 0.3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replays", type=int, default=500)
    parser.add_argument("--power", type=int, default=200)
    parser.add_argument("--rows", type=int, default=1_000_000, help="leads to score; 0 leaves that out")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    workers = Parallel(options.jobs)
    figures = {**_wrong(options.replays, workers), **_right(options.power, workers)}
    if options.rows:
        figures |= _speed(options.rows)
    print(json.dumps(figures))


def _wrong(replays: int, workers: Parallel) -> dict:
    told = {}
    for name, (draw, base) in nulls().items():
        found = pd.DataFrame(workers(delayed(words)(draw, base, s) for s in range(replays)))
        told[name] = {word: round(float(share), 4) for word, share in found.mean().items()}
        print(f"null, {name}: {told[name]}", flush=True)
    early = float(np.mean(workers(delayed(crossed_early)(s) for s in range(replays))))
    print(f"a look after every positive lead, 10 to 60 of them: {early:.4f}", flush=True)
    worst = {word: max(t[word] for t in told.values()) for word in ("helps", "hurts", "naive")}
    return {
        "replays": replays,
        "false_helps": worst["helps"],
        "false_hurts": worst["hurts"],
        "naive_false_helps": worst["naive"],
        "no_burn_in_false": round(early, 4),
        "burn_in": sequential.FEWEST,
        "burn_in_weeks": sequential.FEWEST_WEEKS,
        "nulls": told,
    }


def _right(runs: int, workers: Parallel) -> dict:
    power = {}
    for shared in (SHARED, 0.5, 0.95):
        draw = Binormal(400, arm=AUC + 0.03, shared=shared, weeks=LONG)
        weeks = np.array(workers(delayed(weeks_until)(draw, s) for s in range(runs)))
        power[f"correlation {shared}"] = {
            "median": float(np.median(weeks)),
            "90 %": round(float(np.quantile(weeks, 0.9)), 1),
            **{f"within {w}": round(float((weeks <= w).mean()), 3) for w in (12, 26, 52)},
        }
        print(f"true gain 0.03, correlation {shared}: {power[f'correlation {shared}']}", flush=True)
    return {
        "weeks_to_find_0_03": power[f"correlation {SHARED}"]["median"],
        "power": power,
        "base_rate": BASE,
        "correlation": SHARED,
    }


_CHILD = """
import json, re, sys, time
from pathlib import Path
from synth_core.prospective import scorer
from synth_core.prospective.batch import score_file
def peak():
    # ru_maxrss would hold the memory of the process that started this one, too
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
frozen = scorer.load(sys.argv[1])
base, began, cpu = peak(), time.perf_counter(), time.process_time()
found = score_file(Path(sys.argv[2]), frozen, Path(sys.argv[3]), id_column="enquiry_id")
seconds = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
print(json.dumps({"rows": found.rows, **seconds, "peak": peak(), "base": base}))
"""


def _child(arguments: list[str]) -> dict:
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _speed(rows: int) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        split = load_sample("travel").split(seed=7)
        study = lift.study(split, arms=["trees"], labels=["own"], rows=1_500, folds=3, repeats=1, seed=7, n_jobs=1)
        scorer.save(scorer.freeze(split, study, name="Benchmark"), place / "scorer.zip")
        _write_leads(place / "leads.csv", rows)
        arguments = [sys.executable, "-c", _CHILD, *(str(place / n) for n in ("scorer.zip", "leads.csv", "scores.csv"))]
        tries = [_child(arguments) for _ in range(_TRIES)]
        found = min(tries, key=lambda t: t["seconds"])
        lines = sum(1 for _ in (place / "scores.csv").open("rb"))
        print(f"{found['rows']:,} leads in", ", ".join(f"{t['seconds']:.1f} s ({t['cpu']:.1f} s CPU)" for t in tries))
    if found["rows"] != rows or lines != rows + 1:
        raise SystemExit(f"{rows:,} leads were written, {found['rows']:,} read, {lines - 1:,} scored")
    return {
        "rows_per_s": round(rows / found["seconds"]),
        "rows_per_cpu_s": round(rows / found["cpu"]),
        "peak_mb": round(max(t["peak"] for t in tries)),
        "base_mb": round(found["base"]),
    }


def _write_leads(path: Path, rows: int) -> None:
    """Leads of the travel sample, ids in a row."""
    pool = travel_leads(11, 1, min(rows, 200_000))[0].drop(columns="booked")
    for first in range(0, rows, len(pool)):
        part = pool.head(min(len(pool), rows - first))
        part = part.assign(enquiry_id=[f"ENQ-{first + i:09d}" for i in range(len(part))])
        part.to_csv(path, mode="a", index=False, header=first == 0)


if __name__ == "__main__":
    main()
