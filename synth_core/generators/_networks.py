"""The networks of CTGAN and TVAE, after the paper.

Source: Xu, Skoularidou, Cuesta-Infante & Veeramachaneni, "Modeling Tabular Data using Conditional GAN", NeurIPS 2019,
sections 4.4 and 4.5.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

HIDDEN = 128
NOISE = 128


class _Residual(nn.Module):
    """A layer whose input is handed on beside its output."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(width, HIDDEN), nn.BatchNorm1d(HIDDEN), nn.ReLU())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.layers(x), x], dim=1)


def generator(inputs: int, outputs: int) -> nn.Sequential:
    """CTGAN's generator: noise and condition in, raw outputs out."""
    return nn.Sequential(_Residual(inputs), _Residual(inputs + HIDDEN), nn.Linear(inputs + 2 * HIDDEN, outputs))


def discriminator(inputs: int, dropout: float = 0.5) -> nn.Sequential:
    """CTGAN's discriminator: one score per row."""
    layers: list[nn.Module] = []
    for width in (inputs, HIDDEN):
        layers += [nn.Linear(width, HIDDEN), nn.LeakyReLU(0.2), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(HIDDEN, 1))


def perceptron(inputs: int, outputs: int) -> nn.Sequential:
    """Two hidden layers: TVAE's encoder and decoder."""
    return nn.Sequential(
        nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, outputs)
    )


def to_arrays(network: nn.Module) -> dict[str, np.ndarray]:
    """A network's weights as arrays."""
    return {name: value.detach().cpu().numpy() for name, value in network.state_dict().items()}


def from_arrays(network: nn.Module, arrays: dict[str, np.ndarray]) -> None:
    """Load what :func:`to_arrays` gave."""
    network.load_state_dict({name: torch.as_tensor(np.asarray(value)) for name, value in arrays.items()})
