"""Keeps joblib's worker processes busy."""

import time

from joblib import Parallel, delayed


def run(spec, folder, progress):
    jobs = Parallel(n_jobs=2, return_as="generator")(delayed(time.sleep)(0.5) for _ in range(1_000))
    for done, _ in enumerate(jobs):
        progress.report("fitting", done, 1_000)
