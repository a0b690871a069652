"""Other projects' generators on the same rows and by the same figures; each runs in an environment of its own.

    python -m venv PEER && PEER/bin/pip install arfpy "pandas<3" pyarrow
    python -m tests.benchmarks.peers --peer arfpy --python PEER/bin/python

``--peer mostlyai`` needs ``pip install "mostlyai-engine[cpu]"`` there. Trees are measured beside the peer in the same
call. The last line is one JSON object as in :mod:`tests.benchmarks.generators`; the peer's ``fit_s`` is fit and sample
together, without the imports.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from synth_core.tables import Schema
from synth_core.tables.schema import QUANTITIES
from tests.benchmarks.generators import LEAST_ROWS, NAMES, _as_stored, _modelled, measure, summary
from tests.benchmarks.quality import Task, quality, task
from tests.benchmarks.real_sets import SETS

SCRIPTS = {
    "arfpy": """
import sys, time, numpy as np, pandas as pd
np.in1d = np.isin  # arfpy asks for the name that NumPy has dropped
from arfpy import arf
train, out, rows, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
frame = pd.read_parquet(train)
for name in frame.select_dtypes(exclude="number"):
    frame[name] = frame[name].astype("object").fillna("(missing)")
frame = frame.fillna(frame.median(numeric_only=True))
np.random.seed(seed)
start = time.perf_counter()
model = arf.arf(x=frame, random_state=seed, verbose=False)
model.forde()
made = model.forge(n=rows)
print(time.perf_counter() - start)
for name in made.select_dtypes(exclude="number"):
    made[name] = made[name].astype("object").astype(str).where(made[name].astype(str) != "(missing)", None)
made.to_parquet(out)
""",
    "mostlyai": """
import sys, tempfile, time, pandas as pd
from pathlib import Path
from mostlyai import engine
train, out, rows, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
frame = pd.read_parquet(train)
engine.set_random_state(seed)
start = time.perf_counter()
place = Path(tempfile.mkdtemp())
engine.split(workspace_dir=place, tgt_data=frame, model_type="TABULAR")
engine.analyze(workspace_dir=place)
engine.encode(workspace_dir=place)
engine.train(workspace_dir=place)
engine.generate(workspace_dir=place, sample_size=rows)
print(time.perf_counter() - start)
pd.read_parquet(place / "SyntheticData").to_parquet(out)
""",
}


def peer(name: str, python: str, found: Task, seed: int) -> dict[str, Any]:
    """Figures of one peer on one task."""
    schema = found.train.schema
    rows = max(LEAST_ROWS, len(found.train))
    with tempfile.TemporaryDirectory() as folder:
        train, out = Path(folder) / "train.parquet", Path(folder) / "out.parquet"
        plain(found.train.frame, schema).to_parquet(train)
        done = subprocess.run(
            [python, "-c", SCRIPTS[name], str(train), str(out), str(rows), str(seed)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{name} failed: {done.stderr[-2_000:]}")
        made = pd.read_parquet(out)
    made = pd.DataFrame({n: _as_stored(_typed(made[n], found.train.frame[n]), found.train.frame[n]) for n in made})
    seconds = float(done.stdout.split()[-1])
    return {
        "fit_s": round(seconds, 2),
        "sample_s": 0.0,
        **quality(found, made.reindex(columns=schema.names), seed=seed),
    }


def plain(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The modelled columns in types that every project reads: floats, whole numbers, text, dates."""
    out = {}
    for name in _modelled(schema):
        values = frame[name]
        if values.dtype == "Int64":
            values = values.astype("float64") if values.isna().any() else values.astype("int64")
        is_level = values.dtype == object or name == schema.target or name not in _quantities(schema)
        out[name] = values.astype(str).where(values.notna(), None) if is_level else values
    return pd.DataFrame(out)


def _quantities(schema: Schema) -> list[str]:
    return [c.name for c in schema if c.role in QUANTITIES]


def _typed(values: pd.Series, real: pd.Series) -> pd.Series:
    if real.dtype == object:
        return values.astype(object).map(str, na_action="ignore")
    if str(real.dtype).startswith("datetime"):
        return pd.to_datetime(values)
    return pd.to_numeric(values.astype(object), errors="coerce")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", required=True, choices=SCRIPTS)
    parser.add_argument("--python", required=True, help="interpreter of the environment where the peer is installed")
    parser.add_argument("--sets", nargs="+", default=NAMES, choices=NAMES)
    parser.add_argument("--rows", nargs="+", type=int, default=[960])
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    by_set: dict[str, dict[str, dict[str, Any]]] = {}
    for real in SETS:
        if real.name not in options.sets or not real.path.exists():
            continue
        for rows in options.rows:
            found = task(real.name, real.table(), rows, seed=options.seed)
            by_set[f"{real.name}@{rows}"] = figures = {
                "trees": measure("trees", found, options.seed),
                options.peer: peer(options.peer, options.python, found, options.seed),
            }
            print(real.name, rows, json.dumps(figures), flush=True)
    print(json.dumps({**summary(by_set), "by_set": by_set}))


if __name__ == "__main__":
    main()
