"""How far one set of pictures is from another, as a network sees them.

[H17] Heusel et al.: GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium, NIPS 2017, which
looks through Inception; here it is VGG-16's deepest layer, averaged over positions. Distances by different networks, or
of different numbers of pictures, cannot be compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from ml.features import FeatureNetwork

LAYER = "relu5_3"


@dataclass(frozen=True, eq=False)
class Statistics:
    """Mean `(C,)` and covariance `(C, C)` of a set's features, in float64."""

    mean: Tensor
    covariance: Tensor

    @property
    def spread(self) -> float:
        """How much the pictures differ among themselves: the sum of the features' variances."""
        return float(self.covariance.trace())


def statistics(network: FeatureNetwork, batches: Iterable[Tensor]) -> Statistics:
    """Of two or more pictures in batches `(N, 3, H, W)` in 0–1."""
    features = torch.cat([_features(network, batch) for batch in batches]).cpu().double()
    return Statistics(features.mean(0), features.T.cov())


@torch.no_grad()
def _features(network: FeatureNetwork, pictures: Tensor) -> Tensor:
    """`(N, 3, H, W) → (N, C)`. The network halves by averages: all distances measured so far are by these."""
    return network(pictures.to(network.device), {LAYER}, "average")[LAYER].float().mean((2, 3))  # type: ignore[no-any-return]


def frechet_distance(a: Statistics, b: Statistics) -> float:
    """‖μ_a − μ_b‖² + Tr(Σ_a + Σ_b − 2 (Σ_a Σ_b)^½): [H17] eq. 6.

    The trace of (Σ_a Σ_b)^½ is taken of Σ_a^½ Σ_b Σ_a^½, which has the same eigenvalues and is symmetric.
    """
    root = _root(a.covariance)
    eigenvalues = torch.linalg.eigvalsh(root @ b.covariance @ root)
    overlap = eigenvalues.clamp(min=0).sqrt().sum()
    return float((a.mean - b.mean).square().sum() + a.spread + b.spread - 2 * overlap)


def _root(covariance: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(covariance)
    return (vectors * values.clamp(min=0).sqrt()) @ vectors.T
