"""CTGAN's training by sampling: which level of which column the next rows must have."""

from __future__ import annotations

import numpy as np
import torch


class Conditions:
    """Draws condition vectors and real rows that meet them.

    As the ``ctgan`` library's ``DataSampler``, with two differences: a whole batch is drawn at once, and rows are
    generated under the real frequencies of levels, where the library uses their logarithms and so makes too many
    rare levels.

    Parameters
    ----------
    data : numpy.ndarray, shape (n_rows, n_outputs)
        Transformed training rows.
    spans : list
        ``DataTransformer.output_info_list``.

    Attributes
    ----------
    width : int
        Length of a condition vector: levels of all level columns together (0 without level columns).
    """

    def __init__(self, data: np.ndarray, spans: list) -> None:
        ends = np.cumsum([sum(s.dim for s in column) for column in spans])
        starts = ends - [sum(s.dim for s in column) for column in spans]
        columns = [range(a, b) for a, b, spans_ in zip(starts, ends, spans, strict=True) if len(spans_) == 1]
        rows = [np.flatnonzero(data[:, output]) for column in columns for output in column]
        sizes = [len(column) for column in columns]
        self.width = sum(sizes)
        self._data_rows = len(data)
        self._columns = len(columns)
        self._column = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes, dtype=torch.int64))
        count = torch.tensor([len(r) for r in rows], dtype=torch.float64)
        # Columns are equally likely; within a column, levels by the logarithm of their frequency (Xu et al., 2019).
        log = torch.log(count + 1)
        total = torch.zeros(len(sizes), dtype=torch.float64).index_add_(0, self._column, log)
        self._training = log / total[self._column]
        self._real = count
        self._count, self._first = count.long(), (torch.cumsum(count, 0) - count).long()
        self._rows = torch.from_numpy(np.concatenate(rows)) if rows else torch.empty(0, dtype=torch.int64)

    def draw(self, n: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Conditions (n, width), masks of the column meant (n, n_columns), and a real row that meets each (n,)."""
        if not self.width:
            return torch.zeros(n, 0), torch.zeros(n, 0), torch.randint(self._data_rows, (n,))
        level = torch.multinomial(self._training, n, replacement=True)
        mask = torch.zeros(n, self._columns)
        mask[torch.arange(n), self._column[level]] = 1
        within = (torch.rand(n, dtype=torch.float64) * self._count[level]).long()
        return self._one_hot(level), mask, self._rows[self._first[level] + within]

    def draw_real_frequencies(self, n: int) -> torch.Tensor:
        """Conditions for generating rows, shape (n, width)."""
        if not self.width:
            return torch.zeros(n, 0)
        return self._one_hot(torch.multinomial(self._real, n, replacement=True))

    def _one_hot(self, level: torch.Tensor) -> torch.Tensor:
        out = torch.zeros(len(level), self.width)
        out[torch.arange(len(level)), level] = 1
        return out
