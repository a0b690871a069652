"""Take the files that were dropped for all prospective tests of a workspace.

Run by a scheduler with ``python -m synth_core.prospective.nightly <workspace>``. One line per file, with the time, the
test, the kind, the file and what became of it, goes to the standard output and to
``<workspace>/prospective/nightly.log``, fields parted by tabs. Exit code 0: all taken; 1: a file or a test failed (the
reason lies beside the file in ``inbox/failed``); 2: no such workspace.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

from synth_core.errors import SynthError
from synth_core.prospective.library import Tests

SETTLE = 10.0  #: seconds for which a file must not have changed, or it may still be copied


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m synth_core.prospective.nightly", description="Take the files dropped for prospective tests."
    )
    parser.add_argument("workspace", type=Path)
    parser.add_argument(
        "--settle", type=float, default=SETTLE, metavar="SECONDS",
        help="leave files that changed within this time for the next run (default: %(default)g)",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    if not options.workspace.is_dir():
        sys.stderr.write(f"There is no workspace “{options.workspace}”.\n")
        return 2
    tests = Tests(options.workspace / "prospective")
    failed = False
    for test_id in tests.ids():
        try:
            log = tests.get(test_id)
            for found in log.take_inbox(settle=options.settle):
                failed |= not found.taken
                state = "done" if found.taken else "failed"
                _tell(tests.folder, test_id, log.settings.name, found.kind, found.name, state, found.told)
        except (SynthError, OSError) as error:  # the other tests go on
            failed = True
            _tell(tests.folder, test_id, "", "test", "", "failed", str(error))
    return int(failed)


def _tell(folder: Path, *fields: str) -> None:
    """One line in one write, so that two jobs at once do not tear each other's lines."""
    stamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    line = "\t".join(" ".join(f.split()) for f in (stamp, *fields)) + "\n"
    sys.stdout.write(line)
    with (folder / "nightly.log").open("a", encoding="utf-8") as file:
        file.write(line)


if __name__ == "__main__":
    sys.exit(main())
