"""CTGAN: a conditional generator trained against a discriminator."""

from __future__ import annotations

import copy
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
_AVERAGE = 0.01  # weight of the newest state in the running average


class Ctgan(NeuralGenerator):
    """CTGAN with small-table presets.

    Source: Xu et al., "Modeling Tabular Data using Conditional GAN", NeurIPS 2019; networks, mode-specific
    normalisation and losses are those of the ``ctgan`` library.
    """

    name: ClassVar[str] = "ctgan"
    title: ClassVar[str] = "CTGAN"
    preset_steps: ClassVar[int] = 1_000
    # 8,000 rows: 64 s of one core and worst KL .03 with 200, 25 passes over the rows.
    largest_batch: ClassVar[int] = 200

    def _model_for(self, plan: Plan) -> _Model:
        return _Model(
            batch_size=plan.batch_size,
            pac=1,
            generator_lr=5e-4,
            discriminator_lr=5e-4,
            discriminator_steps=3,
            enable_gpu=False,
        )


class _Model(CTGAN):
    """The library's model with its training loop opened up: it has no callback, so no progress and no cancel.

    Rows are made by the running average of the generator's weights: single states swing from one side to the other
    (worst KL .05 instead of .2 to .8 on 960 rows). Source: Yazıcı et al., "The Unusual Effectiveness of Averaging in
    GAN Training", ICLR 2019.
    """

    def set_device(self, device: torch.device) -> None:
        """Stay on the processor; the library would move a loaded model to a GPU, away from its noise."""

    @property
    def network(self) -> nn.Module:
        return self._average

    def train(self, transformer: DataTransformer, rows: np.ndarray, updates: int) -> Iterator[dict[str, float]]:
        """Train as ``CTGAN.fit`` does; yields the losses after each update."""
        self._transformer = transformer
        self._conditions = Conditions(rows, transformer.output_info_list)
        width, conditions = rows.shape[1], self._conditions.width
        self._generator = GeneratorNetwork(self._embedding_dim + conditions, self._generator_dim, width)
        self._average = copy.deepcopy(self._generator)
        discriminator = Discriminator(width + conditions, self._discriminator_dim, pac=self.pac)
        for_generator = Adam(
            self._generator.parameters(), self._generator_lr, (0.5, 0.9), weight_decay=self._generator_decay
        )
        for_discriminator = Adam(
            discriminator.parameters(), self._discriminator_lr, (0.5, 0.9), weight_decay=self._discriminator_decay
        )
        data = torch.from_numpy(rows)
        for update in range(updates):
            for _ in range(self._discriminator_steps):
                discriminator_loss = self._discriminator_step(data, discriminator, for_discriminator)
            generator_loss = self._generator_step(discriminator, for_generator)
            self._add_to_average(max(_AVERAGE, 1 / (update + 1)))
            yield {"generator_loss": generator_loss.item(), "discriminator_loss": discriminator_loss.item()}

    @torch.no_grad()
    def _add_to_average(self, weight: float) -> None:
        for mean, now in zip(self._average.parameters(), self._generator.parameters(), strict=True):
            mean.lerp_(now, weight)

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

    def _generate(self, condition: torch.Tensor, network: nn.Module | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """Output of ``network`` (the generator) for one row per condition, before and after activation."""
        noise = torch.randn(len(condition), self._embedding_dim)
        raw = (network or self._generator)(torch.cat([noise, condition], dim=1))
        return raw, self._apply_activate(raw)

    def draw(self, rows: int) -> pd.DataFrame:
        """``rows`` rows from the averaged generator."""
        with torch.no_grad():
            made = [
                self._generate(self._conditions.draw_real_frequencies(_SAMPLING_BATCH), self._average)[1].numpy()
                for _ in range(-(-rows // _SAMPLING_BATCH))
            ]
        return self._transformer.inverse_transform(np.concatenate(made)[:rows])
