"""A million rows: from the upload to a usable page, then rows, fidelity, a study and scores.

Writes a CSV of ``--rows`` × 20 (a million: 134 MB), uploads it in a real Chromium to a fresh server, and waits until
the page Data shows what each column is: ``upload_to_page_s``, and ``usable_s`` until everything on it is there.
``peak_mb`` is the most memory that the server's process had meanwhile. Then runs are submitted as the pages do:
``generate_s`` (Trees, 100,000 rows, fidelity report included), ``study_s`` (5 folds, Trees, on the stratified sample),
``freeze_s``, and ``score_s`` (both models on the same file as leads); ``run_peak_mb`` is the most memory of a run's
processes together. Run with ``python -m tests.benchmarks.big_table``; the last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
from playwright.sync_api import expect, sync_playwright

from synth_core.runs import ACTIVE, Run, Store, processes
from synth_core.tables import TableLibrary, set_target
from synth_core.tasks.score import stage
from tests.browser.conftest import BROWSERS, FLAGS, Server, settled


def write(path: Path, rows: int) -> None:
    """Bookings with an id, a date, 11 numbers, 6 categories and an outcome that follows two of them."""
    rng = np.random.default_rng(7)
    days = pd.to_datetime("2022-01-01") + pd.to_timedelta(rng.integers(0, 1_000, rows), unit="D")
    columns: dict[str, object] = {"booking_id": [f"B{i:07d}" for i in range(rows)], "booked_on": days}
    columns |= {f"amount_{i}": np.round(rng.gamma(2, 50 + i, rows), 2) for i in range(8)}
    columns |= {f"count_{i}": rng.integers(0, 1_000, rows) for i in range(3)}
    columns |= {f"group_{i}": rng.choice([f"level {k}" for k in range(4 + 3 * i)], rows) for i in range(6)}
    frame = pd.DataFrame(columns)
    signal = frame["amount_0"] / 100 + (frame["group_0"] == "level 1") - 3
    frame["booked"] = np.where(rng.random(rows) < 1 / (1 + np.exp(-signal)), "yes", "no")
    frame.loc[rng.random(rows) < 0.05, "amount_3"] = np.nan
    frame.to_csv(path, index=False)


class Peak:
    """The most memory (proportional set size) of the processes that ``members`` lists, in MB."""

    def __init__(self, members: Callable[[], list[psutil.Process]]) -> None:
        self._members, self.mb, self._stop = members, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.3):
            total = 0.0
            for process in self._members():
                try:
                    total += process.memory_full_info().pss / 1e6
                except psutil.Error:
                    continue
            self.mb = max(self.mb, total)


def upload(server: Server, file: Path) -> tuple[float, float, float]:
    """Seconds until the columns are shown, seconds until the page is complete, MB."""
    chromium = next(p for name in BROWSERS if (p := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        page.goto(f"{server.url}/Data")
        settled(page)
        with Peak(lambda: [psutil.Process(server.process.pid)]) as memory:
            began = time.perf_counter()
            page.locator("input[type=file]").first.set_input_files(file)
            expect(page.get_by_text("What each column is").first).to_be_visible(timeout=300_000)
            shown = time.perf_counter() - began
            settled(page)
            complete = time.perf_counter() - began
        browser.close()
    return shown, complete, memory.mb


def finished(store: Store, run: Run) -> tuple[Run, float, float]:
    """The run at its end, how long it worked, and its memory."""
    with Peak(lambda: processes.left(run.id)) as memory:
        while (now := store.get(run.id)).state in ACTIVE:
            time.sleep(0.5)
    if now.state != "succeeded":
        raise SystemExit(f"{run.title}: {now.state}. {now.error}\n{store.log(run.id)[-2_000:]}")
    print(f"{run.title}: {now.finished - now.started:.1f} s, {memory.mb:,.0f} MB", flush=True)
    return now, now.finished - now.started, memory.mb


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file, workspace = Path(folder) / "bookings.csv", Path(folder) / "workspace"
        workspace.mkdir()
        write(file, options.rows)
        megabytes = file.stat().st_size / 1e6
        server = Server(workspace)
        server.start()
        try:
            shown, complete, peak = upload(server, file)
        finally:
            server.kill()
        print(f"{megabytes:.0f} MB uploaded: page after {shown:.1f} s, {peak:,.0f} MB", flush=True)
        store, library = Store(workspace), TableLibrary(workspace / "datasets")
        (stored,) = library.list()
        dataset = library.add(set_target(library.get(stored.id), "booked", "yes"))

        def timed(task: str, title: str, **spec: object) -> tuple[Run, float, float]:
            return finished(store, store.submit(task, spec, title=title, dataset=dataset))

        common = {"dataset": dataset, "seed": 7, "holdout": 0.2}
        _, generate, first = timed("generate", "Trees", **common, generator="trees", settings={}, rows=100_000)
        asked = {"arms": ["trees"], "labels": ["own"], "rows": 4_000, "folds": 5, "repeats": 1}
        study, studied, second = timed("lift", "Study", **common, **asked)
        frozen, froze, third = timed("freeze", "Freeze", study=study.id, name="Big")
        with file.open("rb") as leads:
            staged = stage(workspace, leads)
        leads = {"scorer": frozen.id, "file": staged, "label": file.name, "id_column": "booking_id"}
        _, scored, fourth = timed("score", "Score", **leads)
    figures = {
        "rows": options.rows,
        "file_mb": round(megabytes),
        "upload_to_page_s": round(shown, 1),
        "usable_s": round(complete, 1),
        "peak_mb": round(peak),
        "generate_s": round(generate, 1),
        "study_s": round(studied, 1),
        "freeze_s": round(froze, 1),
        "score_s": round(scored, 1),
        "run_peak_mb": round(max(first, second, third, fourth)),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
