"""Works for ``seconds`` and reports often; the result is many files."""

import time


def run(spec, folder, progress):
    steps = int(spec["seconds"] * 50)
    for step in range(steps):
        (folder / f"{step}.txt").write_text(str(step), "utf-8")
        progress.report("fitting", step, steps)
        time.sleep(0.02)
