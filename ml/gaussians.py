"""A layer's activations taken as a Gaussian, and how far a painting's are from a style's.

[OP82] Olkin, Pukelsheim: The Distance between Two Random Vectors with Given Dispersion Matrices, Linear Algebra and its
Applications 48, 1982.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor

# Added to every variance, as a share of the style's largest: in directions with less than that, float32 knows no root.
FLOOR = 1e-3


class Gaussian:
    """The Gaussian of a style picture's activations at a layer."""

    def __init__(self, mean: Tensor, gram: Tensor) -> None:
        """`mean`: `(C,)`; `gram`: `(C, C)`, averaged over positions as `losses.gram` is."""
        self.mean = mean
        covariance = gram - torch.outer(mean, mean)
        self.floor = FLOOR * torch.linalg.eigvalsh(covariance)[-1].clamp(min=1e-12)
        self.trace = covariance.trace() + self._floor_of_all
        values, vectors = torch.linalg.eigh(covariance)
        self.root = (vectors * (values.clamp(min=0) + self.floor).sqrt()) @ vectors.mT

    def distance(self, mean: Tensor, gram: Tensor) -> Tensor:
        """Squared Wasserstein-2 distance from the Gaussian with these moments, shaped as the style's; a scalar.
        [OP82] eq. 1: ‖μ − ν‖² + tr(Σ + T − 2 (T^½ Σ T^½)^½)."""
        variances = gram.trace() - mean @ mean + self._floor_of_all
        overlap = _RootTrace.apply(gram - torch.outer(mean, mean), self.root, self.floor)  # type: ignore[no-untyped-call]
        return (mean - self.mean).square().sum() + variances + self.trace - 2 * cast(Tensor, overlap)

    @property
    def _floor_of_all(self) -> Tensor:
        return self.floor * len(self.mean)


class _RootTrace(torch.autograd.Function):
    """tr (T^½ (Σ + εI) T^½)^½ for a symmetric Σ, with T^½ = `root`."""

    @staticmethod
    def forward(ctx: Any, covariance: Tensor, root: Tensor, floor: Tensor) -> Tensor:
        inner = root @ covariance @ root + floor * (root @ root)
        values, vectors = torch.linalg.eigh((inner + inner.mT) / 2)
        # Both factors have at least the floor; what is below is rounding.
        roots = values.clamp(min=float(floor) ** 2).sqrt()
        ctx.save_for_backward(root @ vectors, roots)
        return roots.sum()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        """d/dΣ = ½ T^½ (T^½ Σ T^½)^−½ T^½: of a trace of a function, no derivative of the eigenvectors is needed."""
        (turned, roots), (gradient,) = ctx.saved_tensors, gradients
        return gradient / 2 * (turned / roots) @ turned.mT, None, None
