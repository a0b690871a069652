"""Makes its result, then cannot leave: a library faults, or waits for ever, at the interpreter's exit."""

import atexit
import ctypes
import time


def run(spec, folder, progress):
    (folder / "result.txt").write_text("whole", "utf-8")
    if spec["leave"] == "fault":
        atexit.register(ctypes.string_at, 0)
    else:
        atexit.register(time.sleep, 600)
