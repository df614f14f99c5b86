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
        # Of a small style's deep layers most variances are zero; in float32 their eigenvectors are often not found.
        values, vectors = torch.linalg.eigh(_covariance(mean, gram).double())
        floor = FLOOR * values[-1].clamp(min=1e-12)
        variances = values.clamp(min=0) + floor
        self.floor, self.trace = floor.to(gram.dtype), variances.sum().to(gram.dtype)
        self.root = ((vectors * variances.sqrt()) @ vectors.mT).to(gram.dtype)

    def distance(self, mean: Tensor, gram: Tensor) -> Tensor:
        """Squared Wasserstein-2 distance from the Gaussian with these moments, shaped as the style's; a scalar.
        [OP82] eq. 1: ‖μ − ν‖² + tr(Σ + T − 2 (T^½ Σ T^½)^½)."""
        covariance = _covariance(mean, gram) + self.floor * torch.eye(len(mean), device=mean.device)
        overlap = _RootTrace.apply(covariance, self.root, self.floor.square())  # type: ignore[no-untyped-call]
        return (mean - self.mean).square().sum() + covariance.trace() + self.trace - 2 * cast(Tensor, overlap)


class _RootTrace(torch.autograd.Function):
    """tr (T^½ Σ T^½)^½ for a symmetric Σ, with T^½ = `root`; eigenvalues under `least` are rounding."""

    @staticmethod
    def forward(ctx: Any, covariance: Tensor, root: Tensor, least: Tensor) -> Tensor:
        inner = root @ covariance @ root
        values, vectors = _eigen((inner + inner.mT) / 2)
        roots = values.clamp(min=least).sqrt()
        ctx.save_for_backward(root @ vectors, roots)
        return roots.sum()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        """d/dΣ = ½ T^½ (T^½ Σ T^½)^−½ T^½: of a trace of a function, no derivative of the eigenvectors is needed."""
        (turned, roots), (gradient,) = ctx.saved_tensors, gradients
        return gradient / 2 * (turned / roots) @ turned.mT, None, None


def _eigen(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues and vectors of a symmetric matrix, in float64 where float32 does not find them; of one that is not
    finite, as an exploded step has, no numbers, by which the optimiser knows to go back."""
    try:
        values, vectors = torch.linalg.eigh(matrix)
    except torch.linalg.LinAlgError:  # type: ignore[attr-defined]
        if not matrix.isfinite().all():
            return torch.full_like(matrix[0], torch.nan), torch.full_like(matrix, torch.nan)
        values, vectors = torch.linalg.eigh(matrix.double())
    return values.to(matrix.dtype), vectors.to(matrix.dtype)


def _covariance(mean: Tensor, gram: Tensor) -> Tensor:
    return gram - torch.outer(mean, mean)
