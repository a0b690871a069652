"""How many rows of the rarest class a sampling ratio stands for."""

from __future__ import annotations

from synth_core.errors import GeneratorError
from synth_core.tables import Train


def rows_for_ratio(train: Train, ratio: float) -> int:
    """Rows of the rarest class to add so that it holds ``ratio`` rows for each row of the largest class.

    Raises
    ------
    GeneratorError
        ``ratio`` is not in (0, 1], or the class already has that share.
    """
    counts = train.frame[train.schema.target].value_counts()
    rows = round(ratio * counts.iloc[0]) - counts.iloc[-1]
    if not 0 < ratio <= 1:
        raise GeneratorError(f"A sampling ratio of {ratio} is not possible: choose more than 0 and at most 1.")
    if rows < 1:
        raise GeneratorError(
            f"The rarest class already has {counts.iloc[-1] / counts.iloc[0]:.2f} rows for each row of the largest: "
            f"choose a sampling ratio above that."
        )
    return int(rows)
