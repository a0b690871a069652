"""A process that writes lines, to be killed: ``python -m tests.voice.writer URL LOG COUNT CONCURRENCY``."""

import json
import sys
from pathlib import Path

from synth_core.voice.providers import make
from synth_core.voice.records import Brand, Line
from synth_core.voice.writing import Patience, write

BRAND = Brand("Tide House", tuple(Line(f"Line {i} of the house.", "Tide") for i in range(60)))
QUICK = Patience(base=0.01, cap=0.2)


def run(url, log, count, concurrency, **kwargs):
    made = make("openai", brand=BRAND, model="tiny", base_url=url, **kwargs.pop("provider", {"api_key": "sk-test"}))
    options = {"per_request": 2, "seed": 4, "patience": QUICK, **kwargs}
    return write(BRAND, made, count=count, concurrency=concurrency, log_path=Path(log), **options)


if __name__ == "__main__":
    written = run(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), provider={})
    sys.stdout.write(json.dumps([c.text for c in written.candidates]))
