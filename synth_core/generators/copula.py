"""Gaussian copula: each column's own distribution, joined by correlations (SDV)."""

from __future__ import annotations

from typing import ClassVar

import pandas as pd
from sdv.single_table import GaussianCopulaSynthesizer

from synth_core.generators._quantiles import Quantiles
from synth_core.generators._sdv import TABLE, metadata, seeded, whole_codes
from synth_core.generators.base import Generator
from synth_core.generators.prepare import Encoded
from synth_core.progress import Progress


class GaussianCopula(Generator):
    """SDV's Gaussian copula on the encoded variables, with empirical distributions.

    Keeps each column's distribution and pairwise correlations, nothing beyond them. SDV would fit a beta distribution
    to each quantity, which few real columns follow; quantities are handed over as normal scores instead and come back
    through their own quantiles. Source: Patki, Wedge & Veeramachaneni, "The Synthetic Data Vault", DSAA 2016; normal
    scores: Liu, Lafferty & Wasserman, "The Nonparanormal", JMLR 2009.
    """

    name: ClassVar[str] = "copula"
    title: ClassVar[str] = "Gaussian copula"
    max_levels: ClassVar[int | None] = 1_000
    min_rows: ClassVar[int] = 2

    def _fit(self, encoded: Encoded, *, seed: int, progress: Progress) -> None:
        progress.report("fitting", 0, 1)
        self._variables = encoded.variables
        self._quantiles = {key: Quantiles.of(encoded.frame[key].to_numpy()) for key in encoded.quantities}
        scores = {key: q.to_scores(encoded.frame[key].to_numpy()) for key, q in self._quantiles.items()}
        # Ties share one score, so scores of a column with spikes are not standard normal, but what SDV draws is normal
        # with their mean and deviation: standardised, it covers the column's quantiles evenly again.
        self._moments = {key: (s.mean(), s.std() or 1.0) for key, s in scores.items()}
        with seeded(seed):
            # Rounding and bounds are the shared layer's work. Levels reach the copula spread evenly over 0…1.
            self._model = GaussianCopulaSynthesizer(
                metadata(encoded.variables),
                enforce_min_max_values=False,
                enforce_rounding=False,
                numerical_distributions=dict.fromkeys(self._quantiles, "norm"),
                default_distribution="uniform",
            )
            self._model.fit({TABLE: encoded.frame.assign(**scores)})

    def _sample(self, rows: int, *, seed: int, progress: Progress) -> pd.DataFrame:
        with seeded(seed):
            self._model.reset_sampling()
            # Without this SDV samples from one built-in seed, so every first sample would be the same.
            self._model._set_random_state(seed % 2**32)
            made = self._model.sample(rows)[TABLE]
        values = {}
        for key, quantiles in self._quantiles.items():
            mean, deviation = self._moments[key]
            values[key] = quantiles.to_values((made[key].to_numpy() - mean) / deviation)
        return whole_codes(made.assign(**values), self._variables)
