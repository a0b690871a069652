"""Read thousands of spoilt files under limits, and count what comes of them.

Run with ``python -m tests.benchmarks.fuzz --files 10000 --seed 1``. Each file is made from the seed and its number, and
read in a child process with 10 s of CPU, 2 GB of memory and a folder of its own; everything but success and a plain
refusal is a failure. Failing files are minimised and kept outside the repository (``--keep``); ``--again FILE`` reads
one of them again. The last line is one JSON object: ``files``, ``refused``, ``accepted``, ``uncaught`` (crashes and
unreadable refusals among them), ``hangs``, ``over_memory``, ``slowest_s`` (CPU), ``peak_mb``, ``files_per_s``, and
``readers`` with the same counts for each kind of upload.
"""

from __future__ import annotations

import argparse
import collections
import json
import tempfile
import time
from pathlib import Path

from tests.fuzz import corpus, keeping, pool


def figures(answers: list[pool.Answer], seconds: float) -> dict:
    """Counts over all answers, and for each reader."""
    counts = collections.Counter(a.outcome for a in answers)
    by_reader = collections.defaultdict(collections.Counter)
    for answer in answers:
        by_reader[answer.reader or "?"][answer.outcome] += 1
    return {
        "files": len(answers),
        "refused": counts["refused"],
        "accepted": counts["accepted"],
        "uncaught": counts["uncaught"] + counts["crash"] + counts["unmade"],
        "hangs": counts["hang"],
        "over_memory": counts["over memory"],
        "slowest_s": round(max((a.seconds for a in answers), default=0.0), 2),
        "peak_mb": round(max((a.mb for a in answers), default=0.0)),
        "files_per_s": round(len(answers) / seconds, 1),
        "readers": {name: dict(found) for name, found in sorted(by_reader.items())},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first file, for runs in pieces")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--readers", default="", help=f"only these, with commas: {', '.join(corpus.SHARES)}")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "studio-fuzz")
    parser.add_argument("--minimise", type=float, default=20.0, help="seconds for each kind of failure")
    parser.add_argument("--again", type=Path, nargs="*", help="kept files to read again")
    parser.add_argument("--refusals", type=int, default=0, help="print so many of the refusals")
    given = parser.parse_args()
    home = given.keep / "home"
    only = tuple(filter(None, given.readers.split(",")))
    asked = (
        map(keeping.question, given.again) if given.again else pool.numbers(given.seed, given.files, only, given.first)
    )
    began, answers, kinds = time.perf_counter(), [], {}
    for answer in pool.run(asked, home, given.workers):
        answers.append(answer)
        if not answer.failed:
            continue
        new = answer.where not in kinds or given.again
        text = "\n" + answer.text[-1_500:] if new else answer.text.strip().split("\n")[-1]
        print(f"{answer.outcome}: {answer.reader} {answer.asked}: {answer.where} {text}", flush=True)
        kinds.setdefault(answer.where, answer)
    seconds = time.perf_counter() - began
    for where, count in collections.Counter(a.where for a in answers if a.failed).most_common():
        print(f"{count} × {where}")
    for answer in () if given.again else (a for a in kinds.values() if a.outcome != "unmade"):
        path = keeping.keep(answer, home, given.keep, seconds=given.minimise)
        print(f"kept: python -m tests.benchmarks.fuzz --again {path}", flush=True)
    texts = sorted({a.text for a in answers if a.outcome == "refused"})
    for text in texts[:: max(1, len(texts) // given.refusals)] if given.refusals else ():
        print(f"- {text}")
    print(json.dumps(figures(answers, seconds)))


if __name__ == "__main__":
    main()
