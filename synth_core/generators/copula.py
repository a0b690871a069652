"""Gaussian copula: each column's own distribution, joined by correlations (fitted by SDV)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy.stats import norm
from sdv.single_table import GaussianCopulaSynthesizer

from synth_core.generators._quantiles import Quantiles
from synth_core.generators._sdv import TABLE, metadata, seeded
from synth_core.generators.base import Generator
from synth_core.generators.prepare import Encoded
from synth_core.progress import Progress

_CHUNK = 100_000  #: rows drawn at a time


class GaussianCopula(Generator):
    """SDV's Gaussian copula on the encoded variables, with empirical distributions.

    Keeps each column's distribution and pairwise correlations, nothing beyond them. SDV would fit a beta distribution
    to each quantity, which few real columns follow; quantities are handed over as normal scores instead and come back
    through their own quantiles. What SDV learned, correlations and the order and shares of levels, is kept, and
    rows are drawn from it here. Source: Patki, Wedge & Veeramachaneni, "The Synthetic Data Vault", DSAA 2016; normal
    scores: Liu, Lafferty & Wasserman, "The Nonparanormal", JMLR 2009.
    """

    name: ClassVar[str] = "copula"
    title: ClassVar[str] = "Gaussian copula"
    max_levels: ClassVar[int | None] = 1_000
    min_rows: ClassVar[int] = 2

    def _fit(self, encoded: Encoded, *, seed: int, progress: Progress) -> None:
        progress.report("fitting", 0, 1)
        quantiles = {key: Quantiles.of(encoded.frame[key].to_numpy()) for key in encoded.quantities}
        scores = {key: q.to_scores(encoded.frame[key].to_numpy()) for key, q in quantiles.items()}
        self._quantiles = {key: q.thinned() for key, q in quantiles.items()}
        with seeded(seed):
            # Rounding and bounds are the shared layer's work. Levels reach the copula spread evenly over 0…1.
            model = GaussianCopulaSynthesizer(
                metadata(encoded.variables),
                enforce_min_max_values=False,
                enforce_rounding=False,
                numerical_distributions=dict.fromkeys(quantiles, "norm"),
                default_distribution="uniform",
            )
            model.fit({TABLE: encoded.frame.assign(**scores)})
        learned = model._model.correlation
        values, vectors = np.linalg.eigh(learned.to_numpy())
        self._columns = list(learned.columns)
        self._root = vectors * np.sqrt(np.clip(values, 0, None))
        encoders = model._data_processor._hyper_transformer.field_transformers
        self._levels = {key: _edges(encoders[key].intervals) for key in encoded.levels}

    def _sample(self, rows: int, *, seed: int, progress: Progress) -> pd.DataFrame:
        rng, parts = np.random.default_rng(seed), []
        for start in range(0, rows, _CHUNK):
            noise = rng.standard_normal((min(_CHUNK, rows - start), len(self._columns)))
            scores = dict(zip(self._columns, (noise @ self._root.T).T, strict=True))
            made = {}
            for key, score in scores.items():
                if key in self._quantiles:
                    made[key] = self._quantiles[key].to_values(score)
                else:
                    codes, ends = self._levels[key]
                    made[key] = codes[np.searchsorted(ends[:-1], norm.cdf(score), "right")]
            parts.append(pd.DataFrame(made))
            progress.report("sampling", start + len(noise), rows)
        return pd.concat(parts, ignore_index=True)

    def _state(self) -> dict[str, Any]:
        return {
            "columns": self._columns,
            "root": self._root,
            "quantiles": {key: q.to_state() for key, q in self._quantiles.items()},
            "levels": {key: {"codes": codes, "ends": ends} for key, (codes, ends) in self._levels.items()},
        }

    def _set_state(self, state: dict[str, Any]) -> None:
        self._columns, self._root = list(state["columns"]), np.asarray(state["root"])
        self._quantiles = {key: Quantiles.from_state(q) for key, q in state["quantiles"].items()}
        self._levels = {key: (np.asarray(v["codes"]), np.asarray(v["ends"])) for key, v in state["levels"].items()}


def _edges(intervals: dict[Any, tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Codes in the order in which they share 0…1, and where each one's share ends."""
    ordered = sorted((float(end), int(code)) for code, (_, end) in intervals.items())
    return np.array([c for _, c in ordered], dtype="int64"), np.array([e for e, _ in ordered])
