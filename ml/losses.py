"""What is wanted of the picture: the terms of the objective, as published.

[G16] Gatys, Ecker, Bethge: Image Style Transfer Using Convolutional Neural Networks, CVPR 2016.
[MV15] Mahendran, Vedaldi: Understanding Deep Image Representations by Inverting Them, CVPR 2015.

Features come as the network gives them, possibly in bfloat16; every sum here is taken in float32, because a Gram
matrix of a wide layer needs more than bfloat16's eight bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor

from ml.products import summed_products


def gram(features: Tensor) -> Tensor:
    """Gram matrix of a layer, `(N, C, H, W) → (N, C, C)`, averaged over the H·W positions so that it does not depend
    on the picture's size. [G16] eq. 3, which sums instead."""
    return cast(Tensor, _Gram.apply(features))  # type: ignore[no-untyped-call]


class _Gram(torch.autograd.Function):
    """G = F Fᵀ / M. Autograd's own derivative would take two float32 products of F where one in F's precision does."""

    @staticmethod
    def forward(ctx: Any, features: Tensor) -> Tensor:
        ctx.save_for_backward(features)
        F = features.permute(0, 2, 3, 1).flatten(1, 2)
        return torch.stack([summed_products(picture) for picture in F]) / F.shape[1]

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        """dL/dF = (D + Dᵀ) F / M with D = dL/dG, taken with positions as rows, as channels-last features lie."""
        (features,), (D,) = ctx.saved_tensors, gradients
        F = features.permute(0, 2, 3, 1)
        symmetric = (D + D.mT) / (F.shape[1] * F.shape[2])
        product = F.flatten(1, 2) @ symmetric.to(F.dtype)
        return product.view(F.shape).permute(0, 3, 1, 2)


def content_loss(F: Tensor, P: Tensor) -> Tensor:
    """Half the squared distance of the picture's features `F` from the photo's `P`, both `(N, C, H, W)`; a scalar.
    [G16] eq. 1: ½ Σ (F − P)²."""
    return (F.float() - P.float()).square().sum() / 2


def style_loss(G: Sequence[Tensor], A: Sequence[Tensor], w: Sequence[float]) -> Tensor:
    """Weighted squared distance of the picture's Gram matrices `G` from the style's `A`, one `(N, C, C)` a layer; a
    scalar. [G16] eq. 4 and 5: Σ_l w_l ‖G_l − A_l‖²_F, with the paper's 1/(4·N_l²) left to `w`."""
    terms = [w_l * (G_l - A_l).square().sum() for G_l, A_l, w_l in zip(G, A, w, strict=True)]
    return torch.stack(terms).sum()


def total_variation(image: Tensor) -> Tensor:
    """Mean squared difference of neighbouring pixels, `(N, C, H, W) →` a scalar. [MV15] eq. 5 with β = 2, averaged."""
    across = (image[..., :, 1:] - image[..., :, :-1]).square().sum()
    down = (image[..., 1:, :] - image[..., :-1, :]).square().sum()
    return (across + down) / image.numel()
