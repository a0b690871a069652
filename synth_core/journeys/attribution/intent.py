"""What touches say about a person's intent: who meets a channel more often than others is a different kind of person.

The touches of a person on channel c are taken as Poisson with rate r_c·z, where z is gamma with mean 1 and shape a_c
(the negative binomial model of repeat buying, Ehrenberg 1959). Having seen n touches in t days, the expected z is
(a_c + n) / (a_c + r_c·t): the intent that the person has shown so far. Where channels find people who would buy anyway,
the organic hazard follows that number. It stays with the person, while the effect of a touch fades with its age; that
difference in shape is what tells the two apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from synth_core.journeys.attribution.matrix import per_path
from synth_core.journeys.observed import Journeys

#: Standard errors by which the variance of touches must exceed that of chance before people are taken to differ.
SURE = 3.0


@dataclass(frozen=True, eq=False)
class Intent:
    """The organic columns of a hazard: one, then the shown intent of each channel whose touches vary between people.

    Attributes
    ----------
    at : numpy.ndarray
        float64 (converting, columns); their values at the conversions.
    days : numpy.ndarray
        float64 (paths, columns); their integrals over each path.
    """

    at: np.ndarray
    days: np.ndarray


def constant(rows: np.ndarray, days: np.ndarray) -> Intent:
    """The same organic hazard for all people at all times."""
    return Intent(np.ones((len(rows), 1)), days[:, None])


def shown(journeys: Journeys, rows: np.ndarray, days: np.ndarray) -> Intent:
    """Intent as far as touches have shown it.

    Parameters
    ----------
    journeys : Journeys
        Timed.
    rows : numpy.ndarray
        int64 (converting,); the paths that convert.
    days : numpy.ndarray
        float64 (paths,); observed.
    """
    path, channel, size = journeys.path, journeys.channel.astype(np.int64), len(journeys.channels)
    since = journeys.time - journeys.begin[path]
    weight = journeys.conversions + journeys.nulls
    known = since >= 0
    touches = per_path(journeys, known, channel, size)
    rate = (touches.T @ weight) / max(float(days @ weight), 1e-300)
    shape = _shapes(touches, rate, days, weight)
    varied = np.flatnonzero(np.isfinite(shape))
    pace, start = rate[varied], shape[varied]
    # A touch at s adds 1 / (a + r t) for all t from s on; the integral of that is a difference of logarithms.
    at_end = start + np.outer(days, pace)
    place = np.full(size, -1)
    place[varied] = np.arange(len(varied))
    kept = np.flatnonzero((place[channel] >= 0) & known)
    which = place[channel[kept]]
    gained = np.log(at_end[path[kept], which] / (start[which] + pace[which] * since[kept])) / pace[which]
    cell = path[kept] * len(varied) + which
    total = len(journeys) * len(varied)
    integral = (start / pace) * np.log(at_end / start)
    integral += np.bincount(cell, gained, minlength=total).reshape(at_end.shape)
    count = np.bincount(cell, minlength=total).reshape(at_end.shape)
    at = (start + count[rows]) / at_end[rows]
    return Intent(np.column_stack([np.ones(len(rows)), at]), np.column_stack([days, integral]))


def _shapes(touches: csr_array, rate: np.ndarray, days: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Gamma shape per channel by moments: Var n = r t + (r t)² / a; infinite where people do not surely differ.

    For Poisson counts with mean m the variance of (n − m)² − n is 2 m².
    """
    squares = touches.power(2).T @ weight  # of the touches per path and channel: entries for the same cell add up first
    expected = rate**2 * float((days**2) @ weight)
    beyond = squares - 2 * rate * (touches.T @ (weight * days)) + expected - touches.T @ weight
    sure = beyond > SURE * np.sqrt(2 * expected)
    return np.divide(expected, beyond, out=np.full(len(rate), np.inf), where=sure & (rate > 0))
