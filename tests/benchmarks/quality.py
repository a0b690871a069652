"""How good synthetic rows are, measured the same way for every generator: fidelity, usefulness, copies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from synth_core import fidelity
from synth_core.fidelity.kl import STRICT
from synth_core.tables import Schema, Table, Train
from synth_core.tables.encoding import FeatureEncoder

_LIGHTGBM = {"n_jobs": 1, "verbose": -1, "deterministic": True, "force_row_wise": True}
_TWO_SAMPLE_ROWS = 5_000


@dataclass(frozen=True)
class Task:
    """Real rows to learn from, and real rows that no generator saw.

    ``real_auc`` is what a default LightGBM reaches on ``fresh`` after training on ``train``.
    """

    name: str
    train: Train
    fresh: Table
    real_auc: float


def task(name: str, table: Table, rows: int, *, seed: int) -> Task:
    """``rows`` training rows of a real table (at most 70 %); the others are fresh."""
    order = np.random.default_rng(seed).permutation(len(table))
    count = min(rows, round(0.7 * len(table)))
    table.outcome  # noqa: B018 - known before the table is cut, so that parts keep every class
    train, fresh = Train(table.take(order[:count]), order[:count]), table.take(order[count:])
    return Task(name, train, fresh, _auc(train, train.frame, fresh, seed))


def quality(task: Task, synthetic: pd.DataFrame, *, seed: int) -> dict[str, float | int]:
    """Figures of ``synthetic`` rows (at least as many as there are training rows).

    ``worst_kl``, ``columns_over_003``: KL(real training rows ‖ synthetic) over features and target, all rows given.
    ``pair_error``: mean absolute difference of the associations of all pairs of columns. ``tstr_gap``: AUC on fresh
    rows of a default LightGBM trained on the real rows, less that of one trained on as many synthetic rows.
    ``c2st_auc``: AUC of a LightGBM that tells synthetic from fresh real rows, 5-fold, equal sizes (0.5 = cannot).
    ``exact_copies``: share of synthetic rows that equal a training row; ``fresh_copies``: the same of fresh real rows.
    """
    report = fidelity.report(task.train, None, synthetic, seed=seed)
    divergences = [f.synthetic.kl for f in report.features]
    as_many = synthetic.head(len(task.train))
    return {
        "worst_kl": round(max(divergences), 4),
        "columns_over_003": sum(d > STRICT for d in divergences),
        "pair_error": round(_pair_error(report), 4),
        "tstr_gap": round(task.real_auc - _auc(task.train, as_many, task.fresh, seed), 4),
        "c2st_auc": round(two_sample_auc(task, synthetic, seed=seed), 3),
        "exact_copies": round(_share_in(synthetic, task.train.frame, task.train.schema), 4),
        "fresh_copies": round(_share_in(task.fresh.frame, task.train.frame, task.train.schema), 4),
    }


def two_sample_auc(task: Task, synthetic: pd.DataFrame, *, seed: int) -> float:
    """AUC of LightGBM telling synthetic from fresh real rows."""
    rows = min(len(task.fresh), len(synthetic), _TWO_SAMPLE_ROWS)
    encoder = FeatureEncoder().fit(task.train)
    parts = []
    for frame in (task.fresh.frame, synthetic):
        part = frame.sample(rows, random_state=seed)
        parts.append(np.column_stack([encoder.matrix(part), _outcomes(task.train, part)]))
    x, made = np.vstack(parts), np.repeat([0, 1], rows)
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    model = LGBMClassifier(random_state=seed, **_LIGHTGBM)
    return float(roc_auc_score(made, cross_val_predict(model, x, made, cv=folds, method="predict_proba")[:, 1]))


def _auc(train: Train, rows: pd.DataFrame, fresh: Table, seed: int) -> float:
    encoder = FeatureEncoder().fit(train)
    y = _outcomes(train, rows)
    if len(np.unique(y)) < 2:
        return 0.5
    model = LGBMClassifier(random_state=seed, **_LIGHTGBM).fit(encoder.matrix(rows), y)
    return float(roc_auc_score(fresh.labels(), model.predict_proba(encoder.matrix(fresh.frame))[:, 1]))


def _outcomes(train: Train, frame: pd.DataFrame) -> np.ndarray:
    return train.table.outcome.codes(frame)


def _pair_error(report: fidelity.FidelityReport) -> float:
    real, made = (np.array(m, dtype=float) for m in (report.associations.real, report.associations.synthetic))
    return float(np.nanmean(np.abs(real - made)[np.triu_indices(len(real), 1)]))


def _share_in(rows: pd.DataFrame, known: pd.DataFrame, schema: Schema) -> float:
    names = [*schema.features, schema.target]
    return float(_hashes(rows[names]).isin(_hashes(known[names])).mean())


def _hashes(frame: pd.DataFrame) -> pd.Series:
    return pd.util.hash_pandas_object(frame, index=False)
