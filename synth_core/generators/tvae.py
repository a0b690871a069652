"""TVAE: a variational auto-encoder for tables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar

import pandas as pd
import torch
from torch import nn
from torch.optim import Adam

from synth_core.generators._layout import Coded, Layout
from synth_core.generators._networks import from_arrays, perceptron, to_arrays
from synth_core.generators._neural import NeuralGenerator

_CODE = 128  # length of the latent code
_LOSS_FACTOR = 5.0  # weight of the reconstruction against the latent code's divergence
_SIGMA = (0.01, 1.0)


class Tvae(NeuralGenerator):
    """TVAE with presets for tables of advertisers' sizes.

    Own implementation after Xu et al., "Modeling Tabular Data using Conditional GAN", NeurIPS 2019, with small batches
    and raking (see :class:`~synth_core.generators._raking.Raking`). Levels are drawn by their probabilities, as the
    paper says; taking the most probable one loses rare levels.
    """

    name: ClassVar[str] = "tvae"
    title: ClassVar[str] = "TVAE"

    def _model_for(self, layout: Layout, batch_size: int) -> _Model:
        return _Model(layout, batch_size)

    def _model_state(self) -> dict[str, Any]:
        return {"network": to_arrays(self._model.network)}

    def _model_from(self, layout: Layout, state: dict[str, Any]) -> _Model:
        model = _Model(layout)
        from_arrays(model.network, state["network"])
        return model


class _Decoder(nn.Module):
    """Latent codes to raw outputs, and the deviation of each place."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self.layers = perceptron(_CODE, layout.width)
        self.sigma = nn.Parameter(torch.full((len(layout.quantities),), 0.1))

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        return self.layers(codes)


class _Model:
    """Encoder, decoder and how they are trained.

    Attributes
    ----------
    network : torch.nn.Module
        The decoder: makes the rows.
    """

    def __init__(self, layout: Layout, batch_size: int = 0) -> None:
        self._layout, self._batch_size, self._device = layout, batch_size, layout.device
        self.network = _Decoder(layout).to(self._device)

    def train(self, rows: Coded, updates: int) -> Iterator[dict[str, float]]:
        """See :class:`~synth_core.generators._loop.Model`."""
        encoder = perceptron(self._layout.width, 2 * _CODE).to(self._device)
        weights = [*encoder.parameters(), *self.network.parameters()]
        optimizer = Adam(weights, weight_decay=1e-5, fused=True)
        places, hot = (torch.from_numpy(a).to(self._device) for a in (rows.places, rows.hot))
        for which in islice(self._batches(len(hot)), updates):
            place, level = places[which], hot[which]
            mean, log_variance = encoder(self._layout.widen(place, level)).chunk(2, dim=1)
            codes = mean + torch.randn_like(mean) * (log_variance / 2).exp()
            divergence = (mean**2 + log_variance.exp() - 1 - log_variance).sum(dim=1) / 2
            loss = (_LOSS_FACTOR * self._rebuilt(codes, place, level) + divergence).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            self.network.sigma.data.clamp_(*_SIGMA)
            yield {"loss": loss.item()}

    def _rebuilt(self, codes: torch.Tensor, places: torch.Tensor, hot: torch.Tensor) -> torch.Tensor:
        """Negative log-likelihood of each row given its code, up to a constant; shape (n_rows,)."""
        raw, sigma = self.network(codes), self.network.sigma
        away = (places - self._layout.places(raw).tanh()) / sigma
        levels = self._layout.log_softmax(self._layout.logits(raw)).gather(1, hot.long())
        return (away**2 / 2 + sigma.log()).sum(dim=1) - levels.sum(dim=1)

    def _batches(self, rows: int) -> Iterator[torch.Tensor]:
        """Row numbers of one batch after the other, in a new order at each pass, without end."""
        while True:
            yield from torch.randperm(rows, device=self._device).split(self._batch_size)

    @torch.no_grad()
    def draw(self, rows: int) -> pd.DataFrame:
        """``rows`` rows from standard normal codes."""
        return self._layout.draw(self.network(torch.randn(rows, _CODE, device=self._device)), self.network.sigma)
