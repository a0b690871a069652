"""A histogram with the noise of differential privacy, by the mechanism that DP (MST) uses. It follows no seed."""

from __future__ import annotations

import numpy as np

from synth_core.advice.miniatures.records import Private
from synth_core.generators.dp.accountant import rho_of
from synth_core.generators.dp.noise import noisy_counts

DELTA = 1e-6
LABELS = ("18–29", "30–39", "40–49", "50–59", "60–69", "70+")
_SHARES = (0.18, 0.24, 0.22, 0.17, 0.12, 0.07)


def private(epsilon: float, people: int, *, seed: int = 7) -> Private:
    """Ages of ``people`` customers, drawn with ``seed``, and their histogram with noise for ``epsilon``.

    Each customer is in one bar, so that adding or removing one changes one count by one.
    """
    exact = np.random.default_rng(seed).multinomial(people, _SHARES)
    noisy = noisy_counts(exact, rho_of(epsilon, DELTA), 1)
    return Private(
        epsilon, LABELS, tuple(int(n) for n in exact), tuple(noisy.counts.tolist()), noisy.sigma,
        float(np.abs(noisy.counts - exact).mean()),
    )  # fmt: skip
