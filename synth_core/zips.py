"""What reading a zip that nobody vouches for raises."""

from __future__ import annotations

import zipfile
import zlib

#: By zipfile and zlib: damaged, cut off, locked, or packed in a way that is not supported (a RuntimeError).
DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError)
