"""Real values of identifiers, sensitive columns and free text among the synthetic rows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from synth_core.privacy.results import Overlap
from synth_core.tables import Kind, Schema
from synth_core.tables.release import repeated
from synth_core.tables.schema import RELEASES


def find(real: Sequence[pd.DataFrame], synthetic: pd.DataFrame, schema: Schema) -> list[Overlap]:
    """Set-aside columns, compared value by value, with the synthetic rows that repeat a real value (0 is clean).

    ``real`` are all real rows, unseen ones too: whoever they belong to, such values must not leave.
    """
    aside = [c for c in schema if c.role in RELEASES and c.name in synthetic]
    made = pd.DataFrame(
        {
            c.name: synthetic[c.name].astype("object").map(str, na_action="ignore").astype("object")
            if c.kind is Kind.TEXT
            else synthetic[c.name]
            for c in aside
        }
    )
    rows = repeated(pd.concat(real), made, Schema(tuple(aside)))
    return [Overlap(c.name, c.role.value, rows.get(c.name, 0)) for c in aside]
