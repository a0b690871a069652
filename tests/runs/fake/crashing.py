"""Ends its own process: by a fault in a C library, or by a signal."""

import ctypes
import os


def run(spec, folder, progress):
    if "signal" in spec:
        os.kill(os.getpid(), spec["signal"])
    ctypes.string_at(0)
