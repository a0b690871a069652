"""An interval for the gain that stays valid however often one looks, and how long until it decides.

Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, "Time-uniform central limit theory and asymptotic confidence
sequences", Annals of Statistics 2024 (arXiv 2103.06476), theorem 2.2, with the variance of the AUC difference by
DeLong, or with weeks as clusters where that is larger (:mod:`synth_core.prospective.comparison`).
"""

from __future__ import annotations

import math

from scipy.special import lambertw

ALPHA = 0.05
#: Leads of the rarer outcome below which the interval is not given. DeLong's variance is too small on a handful of
#: leads; tests/benchmarks/prospective.py measures that from here on the interval holds at all looks together.
FEWEST = 30
#: Weeks with outcomes below which it is not given: in fewer, a gain cannot be told from the luck of a week.
FEWEST_WEEKS = 4
#: Leads of the rarer outcome at which the interval is tightest. It must be fixed before the first outcome.
TIGHTEST = 200
_LONGEST = 104  #: weeks


def tightest_at(base_rate: float) -> int:
    """Leads at which the interval is tightest, from what is known before the test: the training rows' base rate."""
    rarer = min(max(min(base_rate, 1 - base_rate), 0.001), 0.5)
    return round(TIGHTEST / rarer)


def half_width(error: float, leads: int, tightest: int, *, alpha: float = ALPHA) -> float:
    """Half the width of the always-valid interval.

    Parameters
    ----------
    error : float
        Standard error of the difference on these leads.
    leads : int
        With a known outcome.
    tightest : int
        Leads at which the interval is to be tightest; any fixed number keeps it valid.

    Notes
    -----
    ``error · sqrt((nρ² + 1)/(nρ²) · log((nρ² + 1)/α²))`` for n leads. ρ minimises it at n = ``tightest``: then nρ² =
    −W₋₁(−α²/e) − 1 with Lambert's W.
    """
    x = leads / tightest * _mixing(alpha)
    return error * math.sqrt((x + 1) / x * math.log((x + 1) / alpha**2))


def weeks_needed(delta: float, error: float, leads: int, per_week: float, tightest: int) -> int | None:
    """Further weeks until the interval leaves 0 out, if the gain stays as it is.

    Parameters
    ----------
    delta, error : float
        The difference now and its standard error.
    leads : int
        With a known outcome now.
    per_week : float
        Further ones per week.

    Returns
    -------
    int or None
        0 where it leaves out 0 already; None where it would take more than two years.
    """
    if leads < 1 or per_week <= 0:
        return None
    for week in range(_LONGEST + 1):
        then = leads + week * per_week
        if abs(delta) > half_width(error * math.sqrt(leads / then), then, tightest):
            return week
    return None


def _mixing(alpha: float) -> float:
    """nρ² at which the half-width is least."""
    return float(-lambertw(-(alpha**2) / math.e, -1).real - 1)
