"""What the computer ran out of or refuses, in plain words."""

from __future__ import annotations

import errno
import sqlite3

_FULL = (
    "The disk is full. Delete tables or runs that are no longer needed, or free space elsewhere, and try again. "
    "Nothing that was stored is lost."
)
_CLOSED = (
    "The workspace folder cannot be written to. Make it writable, or choose another folder with STUDIO_WORKSPACE, and "
    "start again. Nothing that was stored is lost."
)
_HELD = (
    "Another program holds the list of runs (runs.db in the workspace folder). Close it, or wait a moment, and try "
    "again. Nothing that was stored is lost."
)
_DAMAGED = (
    "The list of runs (runs.db in the workspace folder) is damaged. Put back a copy of it, or move it away: then the "
    "tables are still there, but the runs are not listed any more."
)
_FAILING = (
    "The disk could not be written: most often it is full. Free space, and try again. Nothing that was stored is lost."
)
_MEMORY = "The computer ran out of memory. Close other programs, or use fewer rows."

_SYSTEM = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EIO: _FAILING,
    errno.EROFS: _CLOSED,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
}
#: By a word of SQLite's own messages, which have no other stable mark.
_SQLITE = {
    "full": _FULL,
    "disk I/O": _FAILING,
    "locked": _HELD,
    "busy": _HELD,
    "readonly": _CLOSED,
    "unable to open": _CLOSED,
    "malformed": _DAMAGED,
    "not a database": _DAMAGED,
}


def trouble(error: BaseException) -> str | None:
    """A sentence for ``error`` where the computer is to blame; None where it is not."""
    if isinstance(error, MemoryError):
        return _MEMORY
    if isinstance(error, OSError):
        return _SYSTEM.get(error.errno)
    if isinstance(error, sqlite3.Error):
        return next((sentence for word, sentence in _SQLITE.items() if word in str(error)), None)
    return None
