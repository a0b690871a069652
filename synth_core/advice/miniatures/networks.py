"""A small GAN and a small VAE that learn points in the plane: what CTGAN and TVAE do, in a few seconds."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn.functional import softplus
from torch.optim import Adam

from synth_core.advice.miniatures.points import draw, shaped
from synth_core.advice.miniatures.records import Trained
from synth_core.generators._neural import running

NETWORKS = {"gan": "GAN", "vae": "VAE"}
UPDATES = 600
_MOMENTS = (UPDATES // 20, UPDATES // 4, UPDATES)
_BATCH, _HIDDEN, _SHOWN = 200, 64, 400
_NOISE, _CODE = 8, 2
_BLUR, _PENALTY = 0.05, 0.5  # keep the discriminator from winning at once


def train(kind: str, shape: str, *, seed: int = 7) -> Trained:
    """Learn a shape with one of :data:`NETWORKS`; points after 30, 150 and 600 updates."""
    real = draw(shape, seed)
    with running(seed, torch.device("cpu")):
        points = torch.tensor(real, dtype=torch.float32)
        shots = (_gan if kind == "gan" else _vae)(points)
    named = (shaped(f"After {n} updates", real, s) for n, s in zip(_MOMENTS, shots, strict=True))
    return Trained(NETWORKS[kind], _MOMENTS, tuple(named))


def _layers(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inputs, _HIDDEN), nn.LeakyReLU(0.2), nn.Linear(_HIDDEN, _HIDDEN), nn.LeakyReLU(0.2),
        nn.Linear(_HIDDEN, outputs),
    )  # fmt: skip


def _batch(points: torch.Tensor) -> torch.Tensor:
    return points[torch.randint(len(points), (_BATCH,))]


def _gan(points: torch.Tensor) -> list[np.ndarray]:
    """Non-saturating loss with a penalty on the discriminator's slope at real points (Mescheder et al., ICML 2018)."""
    maker, judge = _layers(_NOISE, 2), _layers(2, 1)
    for_maker, for_judge = (Adam(n.parameters(), 1e-3, (0.5, 0.9), fused=True) for n in (maker, judge))
    shots = []
    for update in range(1, UPDATES + 1):
        real = (_batch(points) + _BLUR * torch.randn(_BATCH, 2)).requires_grad_()
        says = judge(real)
        (slope,) = torch.autograd.grad(says.sum(), real, create_graph=True)
        made = maker(torch.randn(_BATCH, _NOISE))
        loss = softplus(-says).mean() + softplus(judge(made.detach())).mean()
        _step(loss + _PENALTY * (slope**2).sum(dim=1).mean(), for_judge)
        _step(softplus(-judge(maker(torch.randn(_BATCH, _NOISE)))).mean(), for_maker)
        if update in _MOMENTS:
            with torch.no_grad():
                shots.append(maker(torch.randn(_SHOWN, _NOISE)).numpy().astype(float))
    return shots


def _vae(points: torch.Tensor) -> list[np.ndarray]:
    """Gaussian decoder with one learned spread (Kingma & Welling, ICLR 2014)."""
    encoder, decoder = _layers(2, 2 * _CODE), _layers(_CODE, 2)
    spread = nn.Parameter(torch.tensor(-1.0))
    optimizer = Adam([*encoder.parameters(), *decoder.parameters(), spread], 5e-3, fused=True)
    shots = []
    for update in range(1, UPDATES + 1):
        real = _batch(points)
        mean, log_variance = encoder(real).chunk(2, dim=1)
        codes = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        rebuilt = (((decoder(codes) - real) / spread.exp()) ** 2 / 2 + spread).sum(dim=1)
        divergence = ((mean**2 + log_variance.exp() - 1 - log_variance) / 2).sum(dim=1)
        _step((rebuilt + divergence).mean(), optimizer)
        if update in _MOMENTS:
            with torch.no_grad():
                made = decoder(torch.randn(_SHOWN, _CODE))
                shots.append((made + torch.randn_like(made) * spread.exp()).numpy().astype(float))
    return shots


def _step(loss: torch.Tensor, optimizer: Adam) -> None:
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
