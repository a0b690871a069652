"""CTGAN: a conditional generator trained against a discriminator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import pandas as pd
import torch
from ctgan import CTGAN
from ctgan.data_transformer import DataTransformer
from ctgan.synthesizers.ctgan import Discriminator
from ctgan.synthesizers.ctgan import Generator as GeneratorNetwork
from torch import nn
from torch.optim import Adam

from synth_core.generators._conditions import Conditions
from synth_core.generators._neural import NeuralGenerator, Plan

_SAMPLING_BATCH = 500


class Ctgan(NeuralGenerator):
    """CTGAN with small-table presets.

    Source: Xu et al., "Modeling Tabular Data using Conditional GAN", NeurIPS 2019; networks, mode-specific
    normalisation and losses are those of the ``ctgan`` library.
    """

    name: ClassVar[str] = "ctgan"
    title: ClassVar[str] = "CTGAN"

    def _model_for(self, plan: Plan) -> _Model:
        return _Model(
            batch_size=plan.batch_size,
            pac=1,
            generator_lr=5e-4,
            discriminator_lr=5e-4,
            discriminator_steps=3,
            enable_gpu=False,
        )

    def _preset_steps(self, rows: int) -> int:
        return 1_600


class _Model(CTGAN):
    """The library's model with its training loop opened up: it has no callback, so no progress and no cancel."""

    @property
    def network(self) -> nn.Module:
        return self._generator

    def train_epochs(self, train: pd.DataFrame, discrete: list[str], epochs: int) -> Iterator[dict[str, float]]:
        """Train as ``CTGAN.fit`` does; yields the losses after each epoch."""
        self._transformer = DataTransformer()
        self._transformer.fit(train, discrete)
        data = self._transformer.transform(train).astype("float32")
        self._conditions = Conditions(data, self._transformer.output_info_list)
        width, conditions = data.shape[1], self._conditions.width
        self._generator = GeneratorNetwork(self._embedding_dim + conditions, self._generator_dim, width)
        discriminator = Discriminator(width + conditions, self._discriminator_dim, pac=self.pac)
        for_generator = Adam(
            self._generator.parameters(), self._generator_lr, (0.5, 0.9), weight_decay=self._generator_decay
        )
        for_discriminator = Adam(
            discriminator.parameters(), self._discriminator_lr, (0.5, 0.9), weight_decay=self._discriminator_decay
        )
        rows = torch.from_numpy(data)
        for _ in range(epochs):
            for _ in range(-(-len(data) // self._batch_size)):
                for _ in range(self._discriminator_steps):
                    discriminator_loss = self._discriminator_step(rows, discriminator, for_discriminator)
                generator_loss = self._generator_step(discriminator, for_generator)
            yield {"generator_loss": generator_loss.item(), "discriminator_loss": discriminator_loss.item()}

    def _discriminator_step(self, rows: torch.Tensor, discriminator: Discriminator, optimizer: Adam) -> torch.Tensor:
        condition, _, matching = self._conditions.draw(self._batch_size)
        with torch.no_grad():
            fake = torch.cat([self._generate(condition)[1], condition], dim=1)
        order = torch.randperm(self._batch_size)
        real = torch.cat([rows[matching[order]], condition[order]], dim=1)
        loss = discriminator(fake).mean() - discriminator(real).mean()
        # The penalty differentiates the mixed rows, which need a gradient (in the library they get it through `fake`).
        penalty = discriminator.calc_gradient_penalty(real, fake.requires_grad_(), "cpu", self.pac)
        optimizer.zero_grad()
        (loss + penalty).backward()
        optimizer.step()
        return loss.detach()

    def _generator_step(self, discriminator: Discriminator, optimizer: Adam) -> torch.Tensor:
        condition, mask, _ = self._conditions.draw(self._batch_size)
        raw, fake = self._generate(condition)
        loss = -discriminator(torch.cat([fake, condition], dim=1)).mean()
        if self._conditions.width:
            loss = loss + self._cond_loss(raw, condition, mask)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach()

    def _generate(self, condition: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Network output for one row per condition, before and after activation."""
        raw = self._generator(torch.cat([torch.randn(len(condition), self._embedding_dim), condition], dim=1))
        return raw, self._apply_activate(raw)

    def draw(self, rows: int) -> pd.DataFrame:
        """``rows`` rows."""
        with torch.no_grad():
            made = [
                self._generate(self._conditions.draw_real_frequencies(_SAMPLING_BATCH))[1].numpy()
                for _ in range(-(-rows // _SAMPLING_BATCH))
            ]
        return self._transformer.inverse_transform(np.concatenate(made)[:rows])
