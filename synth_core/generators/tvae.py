"""TVAE: a variational auto-encoder for tables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import ClassVar

import numpy as np
import pandas as pd
import torch
from ctgan import TVAE
from ctgan.data_transformer import DataTransformer
from ctgan.synthesizers.tvae import Decoder, Encoder, _loss_function
from torch import nn
from torch.optim import Adam

from synth_core.generators._neural import NeuralGenerator, Plan


class Tvae(NeuralGenerator):
    """TVAE with small-table presets.

    Source: Xu et al., "Modeling Tabular Data using Conditional GAN", NeurIPS 2019; networks and losses are those of
    the ``ctgan`` library.
    """

    name: ClassVar[str] = "tvae"
    title: ClassVar[str] = "TVAE"
    preset_steps: ClassVar[int] = 3_000

    def _model_for(self, plan: Plan) -> _Model:
        return _Model(
            batch_size=plan.batch_size,
            compress_dims=(256, 256),
            decompress_dims=(256, 256),
            loss_factor=5,
            enable_gpu=False,
        )


class _Model(TVAE):
    """The library's model with its training loop opened up: it has no callback, so no progress and no cancel."""

    def set_device(self, device: torch.device) -> None:
        """Stay on the processor; the library would move a loaded model to a GPU, away from its noise."""

    @property
    def network(self) -> nn.Module:
        return self.decoder

    def train(self, transformer: DataTransformer, rows: np.ndarray, updates: int) -> Iterator[dict[str, float]]:
        """Train as ``TVAE.fit`` does; yields the loss after each update."""
        self.transformer = transformer
        data = torch.from_numpy(rows)
        width, spans = transformer.output_dimensions, transformer.output_info_list
        encoder = Encoder(width, self.compress_dims, self.embedding_dim)
        self.decoder = Decoder(self.embedding_dim, self.decompress_dims, width)
        optimizer = Adam([*encoder.parameters(), *self.decoder.parameters()], weight_decay=self.l2scale)
        for batch in islice(self._batches(len(data)), updates):
            real = data[batch]
            mean, spread, log_variance = encoder(real)
            rebuilt, sigmas = self.decoder(torch.randn_like(spread) * spread + mean)
            losses = _loss_function(rebuilt, real, sigmas, mean, log_variance, spans, self.loss_factor)
            optimizer.zero_grad()
            sum(losses).backward()
            optimizer.step()
            self.decoder.sigma.data.clamp_(0.01, 1.0)
            yield {"loss": sum(losses).item()}

    def _batches(self, rows: int) -> Iterator[torch.Tensor]:
        """Row numbers of one batch after the other, in a new order at each pass, without end."""
        while True:
            yield from torch.randperm(rows).split(self.batch_size)

    def draw(self, rows: int) -> pd.DataFrame:
        """``rows`` rows. Levels are drawn by their probabilities, as the paper says.

        The library takes the most probable level instead, which loses rare levels and makes frequent ones too common.
        """
        with torch.no_grad():
            raw, sigmas = self.decoder(torch.randn(rows, self.embedding_dim))
            parts, start = [], 0
            for span in chain.from_iterable(self.transformer.output_info_list):
                part = raw[:, start : start + span.dim]
                parts.append(_drawn(part) if span.activation_fn == "softmax" else torch.tanh(part))
                start += span.dim
        return self.transformer.inverse_transform(torch.cat(parts, dim=1).numpy(), sigmas.detach().numpy())


def _drawn(logits: torch.Tensor) -> torch.Tensor:
    """One level per row by its probability, as indicators."""
    level = torch.multinomial(logits.softmax(dim=1), 1)
    return torch.zeros_like(logits).scatter_(1, level, 1.0)
