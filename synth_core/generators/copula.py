"""Gaussian copula: each column's own distribution, joined by correlations (SDV)."""

from __future__ import annotations

from typing import ClassVar

import pandas as pd
from sdv.single_table import GaussianCopulaSynthesizer

from synth_core.generators._sdv import TABLE, metadata, seeded, whole_codes
from synth_core.generators.base import Generator
from synth_core.generators.prepare import Encoded
from synth_core.progress import Progress


class GaussianCopula(Generator):
    """SDV's Gaussian copula on the encoded variables.

    Fast, needs few rows, keeps pairwise correlations and nothing beyond them. Source: Patki, Wedge &
    Veeramachaneni, "The Synthetic Data Vault", DSAA 2016.
    """

    name: ClassVar[str] = "copula"
    title: ClassVar[str] = "Gaussian copula"
    max_levels: ClassVar[int | None] = 1_000
    min_rows: ClassVar[int] = 2

    def _fit(self, encoded: Encoded, *, seed: int, progress: Progress) -> None:
        progress.report("fitting", 0, 1)
        self._variables = encoded.variables
        with seeded(seed):
            # Rounding and bounds are the shared layer's work.
            self._model = GaussianCopulaSynthesizer(
                metadata(encoded.variables), enforce_min_max_values=False, enforce_rounding=False
            )
            self._model.fit({TABLE: encoded.frame.copy()})

    def _sample(self, rows: int, *, seed: int, progress: Progress) -> pd.DataFrame:
        with seeded(seed):
            self._model.reset_sampling()
            # Without this SDV samples from one built-in seed, so every first sample would be the same.
            self._model._set_random_state(seed % 2**32)
            return whole_codes(self._model.sample(rows)[TABLE], self._variables)
