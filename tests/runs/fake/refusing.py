"""Refuses its spec with a plain sentence, after it has written half a result."""

from synth_core.errors import TableError


def run(spec, folder, progress):
    (folder / "result.txt").write_text("half", "utf-8")
    raise TableError("Column “age” has no values. Choose another target.")
