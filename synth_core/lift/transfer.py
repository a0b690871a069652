"""Train on synthetic rows, test on real ones: what a model learns from them alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_core.lift.learners import family
from synth_core.lift.scores import main_score
from synth_core.tables import Holdout, Train
from synth_core.tables.encoding import FeatureEncoder


def trained_on(rows: pd.DataFrame, train: Train, holdout: Holdout, *, seed: int) -> float:
    """Main score on the holdout of a default LightGBM trained on ``rows`` (AUC, macro AUC or R²).

    Parameters
    ----------
    rows : pandas.DataFrame
        Synthetic or real, in the columns of ``train``; those without an outcome are left out.
    train : Train
        Says which classes there are, and how features become numbers.
    holdout : Holdout
    seed : int

    Returns
    -------
    float
        NaN where ``rows`` have a single outcome, or the holdout cannot tell.
    """
    target = train.table.outcome
    rows = rows[rows[target.name].notna().to_numpy()]
    y = target.codes(rows)
    if len(np.unique(y)) < 2:
        return float("nan")
    encoder = FeatureEncoder().fit(train)
    model = family("lightgbm", target.task).default.fit(encoder.matrix(rows), y, None, seed, target)
    return main_score(holdout.outcomes(), model.predict(encoder.matrix(holdout.frame)), target)
