"""Needs a key: says whether it has the right one, and fails with it in the text of an exception when asked to."""

import hashlib
import os

from synth_core.errors import VoiceError


def run(spec, folder, progress):
    key = os.environ.get("OPENAI_API_KEY", "")
    (folder / "digest.txt").write_text(hashlib.sha256(key.encode()).hexdigest(), "utf-8")
    progress.report("writing", 1, 1)
    if spec.get("fail") == "plainly":
        raise VoiceError(f"The server refused {key}.")
    if spec.get("fail"):
        try:
            raise KeyError(f"Authorization: Bearer {key}")
        except KeyError as error:
            raise ValueError(f"header {key!r}") from error
