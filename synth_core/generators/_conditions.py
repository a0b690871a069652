"""CTGAN's training by sampling: which level of which column the next rows must have."""

from __future__ import annotations

import numpy as np
import torch

from synth_core.generators._layout import Layout


class Conditions:
    """Draws condition vectors by the real frequencies of levels; all that generating rows needs.

    Xu et al. (2019) generate rows under the logarithms of the frequencies too, which makes too many rare levels.

    Parameters
    ----------
    layout : Layout
    counts : array of float, shape (width,)
        Training rows with each level, of all level variables together.

    Attributes
    ----------
    width : int
        Length of a condition vector (0 without level variables).
    """

    def __init__(self, layout: Layout, counts: np.ndarray) -> None:
        self.counts, self.device = counts, layout.device
        self.width = len(counts)
        self._real = torch.as_tensor(counts, dtype=torch.float64, device=self.device)

    def draw_real_frequencies(self, n: int) -> torch.Tensor:
        """Conditions for generating rows, shape (n, width)."""
        if not self.width:
            return torch.zeros(n, 0, device=self.device)
        return self._one_hot(torch.multinomial(self._real, n, replacement=True))

    def _one_hot(self, level: torch.Tensor) -> torch.Tensor:
        return torch.zeros(len(level), self.width, device=self.device).scatter_(1, level[:, None], 1.0)


class TrainingConditions(Conditions):
    """Conditions for training, each with a real row that meets it; thrown away after training.

    Parameters
    ----------
    layout : Layout
    hot : numpy.ndarray of int32, shape (n_rows, n_groups)
        See :class:`~synth_core.generators._layout.Coded`.
    """

    def __init__(self, layout: Layout, hot: np.ndarray) -> None:
        groups = layout.level_groups
        sizes = [layout.sizes[g] for g in groups]
        codes = [hot[:, g] - layout.starts[g] for g in groups]
        counts = [np.bincount(c, minlength=s) for c, s in zip(codes, sizes, strict=True)]
        super().__init__(layout, np.concatenate([np.zeros(0), *counts]))
        self._data_rows = len(hot)
        column = np.repeat(np.arange(len(groups)), sizes)
        # Columns are equally likely; within a column, levels by the logarithm of their frequency (Xu et al., 2019).
        log = np.log(self.counts + 1)
        total = np.bincount(column, log, minlength=len(groups))
        self._training = self._tensor(log / np.maximum(total[column], 1e-12), torch.float64)
        self._group = self._tensor(np.repeat(np.array(groups, dtype="int64"), sizes))
        outputs = [np.arange(s) + layout.starts[g] for g, s in zip(groups, sizes, strict=True)]
        self._output = self._tensor(np.concatenate([np.zeros(0, "int64"), *outputs]))
        self._count = self._tensor(self.counts.astype("int64"))
        self._first = self._tensor((np.cumsum(self.counts) - self.counts).astype("int64"))
        order = [np.argsort(c, kind="stable").astype("int32") for c in codes]
        self._rows = self._tensor(np.concatenate([np.zeros(0, "int32"), *order]))

    def _tensor(self, values: np.ndarray, dtype: torch.dtype | None = None) -> torch.Tensor:
        return torch.as_tensor(values, dtype=dtype, device=self.device)

    def draw(self, n: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Conditions (n, width), group and group output meant (n,) each, and a real row that meets each (n,)."""
        if not self.width:
            rows = torch.randint(self._data_rows, (n,), device=self.device)
            return torch.zeros(n, 0, device=self.device), rows[:0], rows[:0], rows
        level = torch.multinomial(self._training, n, replacement=True)
        within = (torch.rand(n, dtype=torch.float64, device=self.device) * self._count[level]).long()
        rows = self._rows[self._first[level] + within].long()
        return self._one_hot(level), self._group[level], self._output[level], rows
