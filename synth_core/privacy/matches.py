"""Training rows that stand verbatim among the synthetic rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_core.privacy.evidence import rates
from synth_core.privacy.finding import Finding
from synth_core.privacy.points import comparable
from synth_core.privacy.population import hashes, occurs_once
from synth_core.tables import Holdout, Train

FORMULA = (
    "Share of the training rows that occur once which equal a synthetic row in every modelled column, over all rows. "
    "The yardstick is the same share of real rows that no generator saw. Lower is better."
)
_ADVICE = (
    "Delete the rows that equal a unique training row before you share the file, and make the generator coarser: "
    "larger leaves, fewer epochs, fewer columns."
)


@dataclass(frozen=True)
class Matches:
    """Synthetic rows that equal any training row, and those that equal one which occurs once."""

    rows: int
    unique_rows: int
    finding: Finding | None


def find(train: Train, holdout: Holdout | None, synthetic: pd.DataFrame, names: list[str]) -> Matches:
    """Compare every synthetic row with every real one, by hash; ``finding`` is None without unseen rows."""
    alone, held_alone = occurs_once(train, holdout, names)
    real = hashes(comparable(train.frame, train.schema, names))
    made = hashes(comparable(synthetic, train.schema, names))
    unique = np.isin(made, real[alone])
    finding = None
    if held_alone.any() and alone.any() and len(made):
        held = hashes(comparable(holdout.frame, train.schema, names))
        hit, control = (np.isin(keys, made).astype(float) for keys in (real[alone], held[held_alone]))
        finding = Finding(
            key="matches",
            title="Exact matches",
            unit="share",
            evidence=rates(hit, control),
            sentence=f"{int(hit.sum()):,} of {len(hit):,} unique training rows stand verbatim among the synthetic "
            f"rows; of {len(control):,} unseen rows {int(control.sum()):,} do.",
            advice=_ADVICE,
            formula=FORMULA,
            attacks=len(hit),
            controls=len(control),
        )
    return Matches(int(np.isin(made, real).sum()), int(unique.sum()), finding)
