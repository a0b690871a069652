"""``kill -9`` at random moments of a study: nothing published is lost, and every run ends in a true state.

Each kill starts a study on the travel sample from a process that stands for the server (it submits and keeps asking how
the run is), waits a random while, and kills one of: the work, the run's own process, the server, all of them, or the
whole of the run. Afterwards the workspace is opened anew, as by a restarted server. ``lost`` counts results published
before whose files changed, and tables that changed; ``untrue_states`` runs that did not end, ended in a state that
contradicts what is on the disk, left a process or a half result behind, or can no longer be run again with the same
figures. Run with ``python -m tests.benchmarks.faults --kills 50 --seed 7``; the last line is one JSON object.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from synth_core.errors import SynthError
from synth_core.runs import ACTIVE, Run, Store, processes
from synth_core.tables import TableLibrary, load_sample
from synth_core.tasks import results

SPEC = {"arms": ["smotenc"], "labels": ["own"], "rows": 200, "folds": 5, "repeats": 1, "seed": 7, "holdout": 0.2}
VICTIMS = ("work", "run's process", "server", "server and run", "whole run")

SERVER = """
import json, sys, time
from pathlib import Path
from synth_core.runs import Store
store = Store(Path(sys.argv[1]))
run = store.submit("lift", json.loads(sys.argv[2]), title="killed", dataset=sys.argv[3])
print(run.id, flush=True)
while True:
    store.list()
    time.sleep(0.2)
"""


def fingerprint(folder: Path) -> str:
    """Of every file below ``folder``."""
    found = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()


def figures_of(store: Store, run: Run) -> str:
    """What a finished study found, without how long it took."""
    study = results.load_study(store.folder(run.id)).to_dict()
    arms = [(a["key"], a["fold_scores"]) for a in study["arms"]]
    return json.dumps([study["verdict"]["word"], study["holdout_fingerprint"], arms])


def wait(store: Store, run: Run, seconds: float = 180.0) -> Run:
    deadline = time.monotonic() + seconds
    while (now := store.get(run.id)).state in ACTIVE and time.monotonic() < deadline:
        time.sleep(0.2)
    return now


def kill(store: Store, run_id: str, server: subprocess.Popen, victim: str) -> None:
    """``kill -9`` of ``victim``, as far as it still lives."""
    parent = (store.database.row(run_id) or {"pid": None})["pid"]
    whole = processes.left(run_id)
    doomed = {
        "work": [p.pid for p in whole if p.pid != parent],
        "run's process": [parent],
        "server": [server.pid],
        "server and run": [server.pid, *(p.pid for p in whole)],
        "whole run": [p.pid for p in whole],
    }[victim]
    for pid in doomed:
        with suppress(ProcessLookupError, TypeError):
            os.kill(pid, signal.SIGKILL)


def untruths(store: Store, run: Run, victim: str, expected: str) -> list[str]:
    """What is wrong with how ``run`` ended."""
    found = []
    if run.state in ACTIVE:
        return ["did not end"]
    published = store.layout.published(run.id).exists()
    if (run.state == "succeeded") != published:
        found.append(f"{run.state} although its result is {'there' if published else 'missing'}")
    if run.state == "succeeded":
        try:
            if figures_of(store, run) != expected:
                found.append("other figures")
        except SynthError as error:
            found.append(str(error))
    elif run.state != "interrupted":
        found.append(f"{run.state}: {run.error} {store.log(run.id)[-600:]}")
    if victim == "server" and run.state != "succeeded":
        found.append("did not outlive the server")
    if processes.left(run.id):
        found.append("left a process")
    if run.id in store.layout.unfinished():
        found.append("left a half result")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        tables = TableLibrary(workspace / "datasets")
        dataset = tables.add(load_sample("travel"))
        spec = {**SPEC, "dataset": dataset}
        store = Store(workspace)
        began = time.monotonic()
        first = wait(store, store.submit("lift", spec, title="first", dataset=dataset))
        usual, expected = time.monotonic() - began, figures_of(store, first)
        kept = {first.id: fingerprint(store.folder(first.id))}
        table = fingerprint(tables.folder / dataset)
        wrong: list[str] = []
        ended, lost = Counter(), 0
        for number in range(options.kills):
            victim = rng.choice(VICTIMS)
            command = [sys.executable, "-c", SERVER, str(workspace), json.dumps(spec), dataset]
            server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            run_id = server.stdout.readline().strip()
            time.sleep(rng.uniform(0.0, 1.1 * usual))
            kill(store, run_id, server, victim)
            if victim != "server":  # it goes on for a moment, as a real one would
                time.sleep(rng.uniform(0.0, 0.5))
            server.kill()
            server.communicate()
            store = Store(workspace)
            run = wait(store, store.get(run_id))
            time.sleep(0.5)  # the run's own process leaves after the state is written
            wrong += (found := untruths(store, run, victim, expected))
            if run.state == "succeeded" and not found:
                kept[run.id] = fingerprint(store.folder(run.id))
            lost += sum(fingerprint(store.layout.published(i)) != seal for i, seal in kept.items())
            lost += fingerprint(tables.folder / dataset) != table
            ended[f"{victim}: {run.state}"] += 1
            print(f"{number + 1:3} {victim:15} {run.state:12} {'; '.join(found)}", flush=True)
        interrupted = [r for r in store.list() if r.state == "interrupted"]
        again = wait(store, store.rerun(interrupted[0].id)) if interrupted else first
        if figures_of(store, again) != expected:
            wrong.append("run again with other figures")
        left = sum(len(processes.left(r.id)) for r in store.list())
    figures = {
        "kills": options.kills,
        "lost": lost,
        "untrue_states": len(wrong),
        "ended": dict(sorted(ended.items())),
        "study_s": round(usual, 1),
        "processes_left": left,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
