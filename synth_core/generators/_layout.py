"""Rows as a network reads and writes them: a scalar and a mode per quantity, an indicator per level."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import BayesianGaussianMixture

from synth_core.generators.prepare import Variable

MOST_MODES = 10
_LEAST_WEIGHT = 0.005
_REACH = 4.0  # a mode covers its mean ± this many deviations
_SAMPLE = 2_000  # enough for a mixture of normal scores; its time grows with the rows


@dataclass(frozen=True)
class Modes:
    """A mixture of normal distributions over one quantity's normal scores; three arrays of shape (n_modes,)."""

    means: np.ndarray
    deviations: np.ndarray
    weights: np.ndarray

    @classmethod
    def of(cls, scores: np.ndarray, rng: np.random.Generator) -> Modes:
        """Fitted on at most 2,000 of ``scores``, drawn at random.

        Source: mode-specific normalisation, Xu et al., "Modeling Tabular Data using Conditional GAN", NeurIPS 2019.
        """
        if len(scores) > _SAMPLE:
            scores = rng.choice(scores, _SAMPLE, replace=False)
        distinct = len(np.unique(scores))
        if distinct < 2:
            return cls(np.array([scores[0]]), np.array([1e-3]), np.array([1.0]))
        mixture = BayesianGaussianMixture(
            n_components=min(MOST_MODES, distinct),
            weight_concentration_prior=1e-3,
            random_state=int(rng.integers(2**31)),
        )
        with warnings.catch_warnings():
            # A mixture that stops at its iteration limit is good enough to normalise a column.
            warnings.filterwarnings("ignore", category=ConvergenceWarning)
            mixture.fit(scores[:, None])
        kept = mixture.weights_ > _LEAST_WEIGHT
        weights = mixture.weights_[kept]
        return cls(mixture.means_[kept, 0], np.sqrt(mixture.covariances_[kept, 0, 0]), weights / weights.sum())

    def encode(self, scores: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """For each score a mode, drawn by its probability, and the place within it (−1…1)."""
        away = (scores[:, None] - self.means) / self.deviations
        density = np.log(self.weights / self.deviations) - away**2 / 2
        mode = (density + rng.gumbel(size=density.shape)).argmax(axis=1)
        place = away[np.arange(len(scores)), mode] / _REACH
        return mode, np.clip(place, -0.99, 0.99).astype("float32")

    def decode(self, mode: np.ndarray, place: np.ndarray) -> np.ndarray:
        """Scores back from modes and places within them."""
        return self.means[mode] + self.deviations[mode] * _REACH * np.clip(place, -1, 1)


@dataclass(frozen=True)
class Coded:
    """Rows in compact form; a batch is widened when it is needed, so memory does not grow with the width.

    Attributes
    ----------
    places : numpy.ndarray of float32, shape (n_rows, n_quantities)
    hot : numpy.ndarray of int32, shape (n_rows, n_groups)
        Output of each group that is 1, counted from the first group's first output.
    """

    places: np.ndarray
    hot: np.ndarray


class Layout:
    """Which output of a network means what.

    The first outputs are places, one per quantity; then come groups of outputs of which one is on: the modes of each
    quantity and the levels of each level variable, in the order of the variables.

    Attributes
    ----------
    width : int
        Outputs in all.
    """

    def __init__(self, variables: tuple[Variable, ...], modes: dict[str, Modes], device: torch.device) -> None:
        self.variables, self.modes = variables, modes
        self.device = torch.device(device)
        self.quantities = [v.key for v in variables if v.is_quantity]
        sizes = [len(modes[v.key].means) if v.is_quantity else v.levels for v in variables]
        ends = np.cumsum(sizes)
        #: First output of each group, counted from the first group.
        self.starts = ends - sizes
        self.sizes = sizes
        #: Groups that hold levels.
        self.level_groups = [g for g, v in enumerate(variables) if not v.is_quantity]
        self.groups = int(ends[-1])  # outputs in groups
        self.width = len(self.quantities) + self.groups
        group = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
        self._group = group.to(self.device)
        self._member = torch.nn.functional.one_hot(group).float().to(self.device)
        padded = torch.full((len(sizes), max(sizes)), self.groups)  # beyond a group's end: a column of −∞
        for g, (start, size) in enumerate(zip(self.starts, sizes, strict=True)):
            padded[g, :size] = torch.arange(start, start + size)
        self._padded = padded.to(self.device)

    def encode(self, scores: pd.DataFrame, rng: np.random.Generator) -> Coded:
        """Rows of quantities' normal scores and level codes."""
        places = np.empty((len(scores), len(self.quantities)), dtype="float32")
        hot = np.empty((len(scores), len(self.variables)), dtype="int32")
        for g, variable in enumerate(self.variables):
            values = scores[variable.key].to_numpy()
            if variable.is_quantity:
                values, places[:, self.quantities.index(variable.key)] = self.modes[variable.key].encode(values, rng)
            hot[:, g] = self.starts[g] + values
        return Coded(places, hot)

    def widen(self, places: torch.Tensor, hot: torch.Tensor) -> torch.Tensor:
        """Network rows, shape (n, width), from compact ones."""
        out = torch.zeros(len(hot), self.width, device=self.device)
        out[:, : places.shape[1]] = places
        return out.scatter_(1, hot.long() + places.shape[1], 1.0)

    def places(self, raw: torch.Tensor) -> torch.Tensor:
        """The outputs for places, before tanh."""
        return raw[:, : len(self.quantities)]

    def logits(self, raw: torch.Tensor) -> torch.Tensor:
        """The outputs for groups."""
        return raw[:, len(self.quantities) :]

    def activate(self, raw: torch.Tensor, temperature: float) -> torch.Tensor:
        """Places by tanh, groups by a Gumbel softmax at ``temperature``."""
        logits = self.logits(raw)
        return torch.cat([self.places(raw).tanh(), self._softmax((logits + _gumbel(logits)) / temperature)], dim=1)

    def log_softmax(self, logits: torch.Tensor) -> torch.Tensor:
        """Logarithms of each group's probabilities."""
        shifted = logits - self._highest(logits)
        return shifted - (shifted.exp() @ self._member).log() @ self._member.T

    def _softmax(self, logits: torch.Tensor) -> torch.Tensor:
        powers = (logits - self._highest(logits)).exp()
        return powers / (powers @ self._member @ self._member.T)

    def _highest(self, logits: torch.Tensor) -> torch.Tensor:
        return self._by_group(logits.detach()).amax(dim=2)[:, self._group]

    def _by_group(self, logits: torch.Tensor) -> torch.Tensor:
        low = torch.full((len(logits), 1), -torch.inf, device=self.device)
        return torch.cat([logits, low], dim=1)[:, self._padded]

    def members(self, group: torch.Tensor) -> torch.Tensor:
        """For each row's ``group`` (n,): which group outputs belong to it, shape (n, groups)."""
        return self._group[None, :] == group[:, None]

    @torch.no_grad()
    def draw(self, raw: torch.Tensor, noise: torch.Tensor | None = None) -> pd.DataFrame:
        """Rows from raw outputs: levels and modes drawn by their probabilities; quantities as normal scores.

        Parameters
        ----------
        raw : torch.Tensor, shape (n_rows, width)
        noise : torch.Tensor or None, shape (n_quantities,)
            Deviations of the places around their means.
        """
        places, logits = self.places(raw).tanh(), self.logits(raw)
        if noise is not None:
            places = places + torch.randn_like(places) * noise
        codes = self._by_group(logits + _gumbel(logits)).argmax(dim=2).cpu().numpy()
        places, out, q = places.cpu().numpy().astype("float64"), {}, 0
        for g, variable in enumerate(self.variables):
            out[variable.key] = codes[:, g]
            if variable.is_quantity:
                out[variable.key] = self.modes[variable.key].decode(codes[:, g], places[:, q])
                q += 1
        return pd.DataFrame(out)

    def to_state(self) -> dict[str, np.ndarray]:
        """The mixtures as arrays: all modes after each other, and where each quantity's begin."""
        found = [self.modes[key] for key in self.quantities]
        joined = {n: np.concatenate([np.zeros(0), *(getattr(m, n) for m in found)]) for n in _ARRAYS}
        return {**joined, "modes": np.cumsum([0, *(len(m.means) for m in found)])}

    @classmethod
    def from_state(cls, state: dict[str, np.ndarray], variables: tuple[Variable, ...], device: torch.device) -> Layout:
        """As :meth:`to_state` left it."""
        keys = [v.key for v in variables if v.is_quantity]
        spans = [slice(a, b) for a, b in pairwise(state["modes"])]
        modes = {k: Modes(*(np.asarray(state[n])[s] for n in _ARRAYS)) for k, s in zip(keys, spans, strict=True)}
        return cls(variables, modes, device)


_ARRAYS = ("means", "deviations", "weights")


def _gumbel(like: torch.Tensor) -> torch.Tensor:
    return -torch.empty_like(like).exponential_().log()
