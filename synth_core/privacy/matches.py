"""Training rows that stand verbatim among the synthetic rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth_core.privacy.census import Census
from synth_core.privacy.evidence import rates
from synth_core.privacy.finding import Finding
from synth_core.tables.row_keys import row_keys

FORMULA = (
    "Share of the training rows that occur once which equal a synthetic row in every modelled column, over all rows. "
    "The yardstick is the same share of real rows that no generator saw. Lower is better. "
    "Source: as the identical match share of Platzer and Reutterer, 2021."
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


def find(counted: Census) -> Matches:
    """Compare every synthetic row with every real one; ``finding`` is None where no row can be judged."""
    real, held, made = (row_keys(frame) for frame in (counted.train, counted.holdout, counted.synthetic))
    unique, unseen = real[counted.train_alone], held[counted.holdout_alone]
    finding = None
    if len(unique) and len(unseen) and len(made):
        hit, control = (np.isin(keys, made).astype(float) for keys in (unique, unseen))
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
    return Matches(int(np.isin(made, real).sum()), int(np.isin(made, unique).sum()), finding)
