"""Has a bug, or is short of memory."""

import sys


def run(spec, folder, progress):
    sys.stdout.write("about to break\n")
    if spec.get("memory"):
        raise MemoryError
    raise ZeroDivisionError("secret detail")
