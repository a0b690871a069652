"""How many values a generator made outside the real range, which the shared layer then brings back."""

from __future__ import annotations

import numpy as np

_TOLD = 0.001  #: share from which it is said


class Outside:
    """Counts by column, from one call of ``sample`` to the next."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, int]] = {}

    def clear(self) -> None:
        self._counts = {}

    def add(self, name: str, values: np.ndarray, low: float, high: float) -> None:
        """Count ``values`` of column ``name``, whose real ones lie in ``low`` … ``high``."""
        slack = 1e-9 * max(abs(low), abs(high), 1.0)
        beyond, made = self._counts.get(name, (0, 0))
        out = int(((values < low - slack) | (values > high + slack)).sum())
        self._counts[name] = (beyond + out, made + len(values))

    def notes(self) -> list[str]:
        """A sentence for each column where it was one value in a thousand or more."""
        return [
            f"“{name}”: {100 * beyond / made:.1f} % of {made:,} values made lay outside the real range and were set to "
            "its nearest end."
            for name, (beyond, made) in self._counts.items()
            if beyond >= _TOLD * made > 0
        ]
