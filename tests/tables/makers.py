"""Small files in the formats people upload."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

from synth_core.tables import Table, read_table

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"

needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real tables (../shared/data) are not on this machine")


def csv(text: str, encoding: str = "utf-8", **options) -> Table:
    """Read ``text`` as if it were an uploaded file."""
    return read_table(text.encode(encoding), **options)


def xlsx(**sheets: pd.DataFrame) -> bytes:
    """A workbook with these sheets, headers in the first row."""
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer) as writer:
        for name, frame in sheets.items():
            frame.to_excel(writer, sheet_name=name, index=False)
    return buffer.getvalue()
