"""Which style is painted where.

[G17] Gatys, Ecker, Bethge, Hertzmann, Shechtman: Controlling Perceptual Factors in Neural Style Transfer, CVPR 2017.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from ml.evenness import ACROSS, Windows
from ml.layers import depth
from ml.losses import gram

# Evenness is asked of the layers from this block on, which see whole strokes and are small enough to look at twice.
EVEN_FROM_BLOCK = 3


class Region:
    """A part of the picture, or all of it, and the Gram matrices wanted there ([G17] §4, spatial control)."""

    def __init__(self, w: dict[str, float], A: dict[str, Tensor], mask: Tensor | None = None) -> None:
        """`w`: layer → its weight; `A`: layer → `(1, C, C)`; `mask`: `(1, 1, H, W)` in 0–1, framed as the picture is;
        None for all of it."""
        self.w, self.A, self.mask = w, A, mask
        self.area = 1.0 if mask is None else float(mask.mean())
        self._masked: dict[str, Windows | None] = {}

    def loss(self, features: dict[str, Tensor], evenness: float) -> Tensor:
        """Weighted distance of all layers from the style, with `evenness` times the spread over the region."""
        terms = [w_l * self._distance(layer, features[layer], evenness) for layer, w_l in self.w.items()]
        return torch.stack(terms).sum()

    def _distance(self, layer: str, F: Tensor, evenness: float) -> Tensor:
        even = evenness > 0 and depth(layer)[0] >= EVEN_FROM_BLOCK
        if self.mask is None and not even:
            return (gram(F) - self.A[layer]).square().sum()
        windows = self._windows(layer, F, ACROSS if even else 1)
        if windows is None:
            return F.new_zeros((), dtype=torch.float32)
        distance, spread = windows.compare(F, self.A[layer])
        return distance + evenness * spread

    def _windows(self, layer: str, F: Tensor, across: int) -> Windows | None:
        """The windows over a layer; None where the region is smaller than a position of it."""
        if self.mask is None:
            return Windows.over(F, across)
        if layer not in self._masked:
            mask = functional.interpolate(self.mask, F.shape[-2:], mode="area")[0, 0]
            self._masked[layer] = Windows.over(F, across).within(mask) if float(mask.sum()) > 0 else None
        return self._masked[layer]


def blended(grams: Sequence[dict[str, Tensor]], weights: Sequence[float]) -> dict[str, Tensor]:
    """The Gram matrices of several styles, averaged by weight, layer by layer."""
    pairs = list(zip(weights, grams, strict=True))
    return {layer: torch.stack([weight * A[layer] for weight, A in pairs]).sum(0) for layer in grams[0]}
