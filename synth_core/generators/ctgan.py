"""CTGAN: a conditional generator trained against a discriminator."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.optim import Adam

from synth_core.generators._conditions import Conditions, TrainingConditions
from synth_core.generators._layout import Coded, Layout
from synth_core.generators._networks import NOISE, discriminator, from_arrays, generator, to_arrays
from synth_core.generators._neural import NeuralGenerator

_SAMPLING_BATCH = 500
_AVERAGE = 0.01  # weight of the newest state in the running average
_TEMPERATURE = 0.2  # of the Gumbel softmax
_PENALTY = 10.0  # weight of the gradient penalty
_RATE = 5e-4
_DISCRIMINATOR_STEPS = 1


class Ctgan(NeuralGenerator):
    """CTGAN with presets for tables of advertisers' sizes.

    Own implementation after Xu et al., "Modeling Tabular Data using Conditional GAN", NeurIPS 2019, with three
    changes: small batches and a higher learning rate, rows from the running average of the generator's weights (Yazıcı
    et al., "The Unusual Effectiveness of Averaging in GAN Training", ICLR 2019), and raking (see
    :class:`~synth_core.generators._raking.Raking`).
    """

    name: ClassVar[str] = "ctgan"
    title: ClassVar[str] = "CTGAN"

    def _model_for(self, layout: Layout, batch_size: int) -> _Model:
        return _Model(layout, batch_size)

    def _model_state(self) -> dict[str, Any]:
        return {"network": to_arrays(self._model.network), "counts": self._model.conditions.counts}

    def _model_from(self, layout: Layout, state: dict[str, Any]) -> _Model:
        model = _Model(layout)
        model.conditions = Conditions(layout, np.asarray(state["counts"]))
        model.network = model.new_generator()
        from_arrays(model.network, state["network"])
        return model


class _Model:
    """Generator, discriminator and how they are trained (Wasserstein loss with gradient penalty).

    Attributes
    ----------
    network : torch.nn.Module
        Running average of the generator: makes the rows.
    conditions : Conditions
    """

    network: nn.Module
    conditions: Conditions

    def __init__(self, layout: Layout, batch_size: int = 0) -> None:
        self._layout, self._batch_size, self._device = layout, batch_size, layout.device

    def new_generator(self) -> nn.Module:
        """An untrained generator of the right size."""
        return generator(NOISE + self.conditions.width, self._layout.width).to(self._device)

    def train(self, rows: Coded, updates: int) -> Iterator[dict[str, float]]:
        """See :class:`~synth_core.generators._loop.Model`."""
        conditions = TrainingConditions(self._layout, rows.hot)
        self.conditions = Conditions(self._layout, conditions.counts)
        self._generator = self.new_generator()
        self.network = copy.deepcopy(self._generator)
        self._discriminator = discriminator(self._layout.width + conditions.width).to(self._device)
        mine, theirs = list(self._generator.parameters()), list(self._discriminator.parameters())
        for_generator, for_discriminator = (
            Adam(p, _RATE, (0.5, 0.9), weight_decay=1e-6, fused=True) for p in (mine, theirs)
        )
        places, hot = (torch.from_numpy(a).to(self._device) for a in (rows.places, rows.hot))
        for update in range(updates):
            for _ in range(_DISCRIMINATOR_STEPS):
                condition, _, _, which = conditions.draw(self._batch_size)
                real = torch.cat([self._layout.widen(places[which], hot[which]), condition], dim=1)
                lost = self._discriminator_step(real, condition, for_discriminator)
            loss = self._generator_step(conditions, for_generator)
            with torch.no_grad():
                torch._foreach_lerp_(list(self.network.parameters()), mine, max(_AVERAGE, 1 / (update + 1)))
            yield {"generator_loss": loss.item(), "discriminator_loss": lost.item()}
        del self._generator, self._discriminator

    def _discriminator_step(self, real: torch.Tensor, condition: torch.Tensor, optimizer: Adam) -> torch.Tensor:
        with torch.no_grad():
            fake = torch.cat([self._made(self._generator, condition)[1], condition], dim=1)
        score = self._discriminator(torch.cat([fake, real]))
        loss = score[: len(fake)].mean() - score[len(fake) :].mean()
        between = torch.rand(len(real), 1, device=self._device)
        mixed = (between * real + (1 - between) * fake).requires_grad_()
        (slope,) = torch.autograd.grad(self._discriminator(mixed).sum(), mixed, create_graph=True)
        penalty = ((slope.norm(2, dim=1) - 1) ** 2).mean() * _PENALTY
        optimizer.zero_grad()
        (loss + penalty).backward()
        optimizer.step()
        return loss.detach()

    def _generator_step(self, conditions: TrainingConditions, optimizer: Adam) -> torch.Tensor:
        condition, group, output, _ = conditions.draw(self._batch_size)
        raw, fake = self._made(self._generator, condition)
        self._discriminator.requires_grad_(False)  # saves its gradients, which nobody needs here
        loss = -self._discriminator(torch.cat([fake, condition], dim=1)).mean()
        self._discriminator.requires_grad_(True)
        if conditions.width:  # rows must have the level they were asked for: cross-entropy of that column
            logits = self._layout.logits(raw)
            column = logits.masked_fill(~self._layout.members(group), -torch.inf)
            loss = loss + (column.logsumexp(dim=1) - logits.gather(1, output[:, None])[:, 0]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.detach()

    def _made(self, network: nn.Module, condition: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Output of ``network`` for one row per condition, before and after activation."""
        noise = torch.randn(len(condition), NOISE, device=self._device)
        raw = network(torch.cat([noise, condition], dim=1))
        return raw, self._layout.activate(raw, _TEMPERATURE)

    @torch.no_grad()
    def draw(self, rows: int) -> pd.DataFrame:
        """``rows`` rows from the averaged generator, in batches of one size: it normalises by batch."""
        parts = []
        for _ in range(-(-rows // _SAMPLING_BATCH)):
            condition = self.conditions.draw_real_frequencies(_SAMPLING_BATCH)
            noise = torch.randn(len(condition), NOISE, device=self._device)
            parts.append(self._layout.draw(self.network(torch.cat([noise, condition], dim=1))))
        return pd.concat(parts, ignore_index=True).head(rows)
