"""Writes down what it found around it when it began."""

import json
import os
import sys
import tempfile


def run(spec, folder, progress):
    heavy = [m for m in ("numpy", "pandas", "sklearn", "torch", "streamlit") if m in sys.modules]
    found = {"heavy": heavy, "threads": os.environ["OMP_NUM_THREADS"], "tmp": tempfile.mkdtemp()}
    (folder / "found.json").write_text(json.dumps(found), "utf-8")
