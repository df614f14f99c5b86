"""Which style is painted where.

[G17] Gatys, Ecker, Bethge, Hertzmann, Shechtman: Controlling Perceptual Factors in Neural Style Transfer, CVPR 2017.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from ml.evenness import ACROSS, Windows, compared
from ml.layers import depth
from ml.losses import gram
from ml.tiling import Place

# Evenness is asked of the layers from this block on, which see whole strokes and are small enough to look at twice.
EVEN_FROM_BLOCK = 3


class Region:
    """A part of the picture, or all of it, and the Gram matrices wanted there ([G17] §4, spatial control)."""

    def __init__(self, w: dict[str, float], A: dict[str, Tensor], mask: Tensor | None = None) -> None:
        """`w`: layer → its weight; `A`: layer → `(1, C, C)`; `mask`: `(1, 1, H, W)` in 0–1, framed as the picture is;
        None for all of it."""
        self.w, self.A, self.mask = w, A, mask
        self.area = 1.0 if mask is None else float(mask.mean())
        self._masked: dict[tuple[str, int], Windows | None] = {}

    def grams(self, features: dict[str, Tensor], places: dict[str, Place], evenness: float) -> dict[str, Tensor]:
        """Layer → the Gram matrices of its windows, `(R, C, C)`. Those of a tile's features are the tile's part of
        them, and sum over all tiles to the whole picture's. A region smaller than a position of a layer has none."""
        grams = {}
        for layer in self.w:
            place, F = places[layer], features[layer]
            windows = self._windows(layer, place, evenness, F.device)
            if windows is not None:
                grams[layer] = windows.part(place.whole_rows, place.whole_columns).grams(place.of(F))
            elif self.mask is None:
                grams[layer] = gram_of_part(F, place)
        return grams

    def distance(self, grams: dict[str, Tensor], places: dict[str, Place], evenness: float) -> Tensor:
        """Weighted distance of all layers from the style, with `evenness` times the spread over the region, of a whole
        picture that has these Gram matrices."""
        terms = [self.w[layer] * self._distance(layer, G, places[layer], evenness) for layer, G in grams.items()]
        return torch.stack(terms).sum() if terms else next(iter(self.A.values())).new_zeros(())

    def _distance(self, layer: str, grams: Tensor, place: Place, evenness: float) -> Tensor:
        windows = self._windows(layer, place, evenness, grams.device)
        if windows is None:
            return (grams - self.A[layer]).square().sum()
        distance, spread = compared(grams, self.A[layer], windows.shares)
        return distance + evenness * spread

    def _windows(self, layer: str, place: Place, evenness: float, device: torch.device) -> Windows | None:
        """The windows over a layer; None where it is looked at as a whole, or the region has no position in it."""
        even = evenness > 0 and depth(layer)[0] >= EVEN_FROM_BLOCK
        across = ACROSS if even else 1
        if self.mask is None:
            return Windows.over(place.height, place.width, across, device) if even else None
        if (layer, across) not in self._masked:
            mask = functional.interpolate(self.mask, (place.height, place.width), mode="area")[0, 0]
            grid = Windows.over(place.height, place.width, across, device)
            self._masked[layer, across] = grid.within(mask) if float(mask.sum()) > 0 else None
        return self._masked[layer, across]


def gram_of_part(features: Tensor, place: Place) -> Tensor:
    """What a part of a picture adds to the Gram matrix of the whole, `(1, C, h, w) → (1, C, C)`."""
    F = place.of(features)
    return gram(F) * (F[0, 0].numel() / (place.height * place.width))


def blended(grams: Sequence[dict[str, Tensor]], weights: Sequence[float]) -> dict[str, Tensor]:
    """The Gram matrices of several styles, averaged by weight, layer by layer."""
    pairs = list(zip(weights, grams, strict=True))
    return {layer: torch.stack([weight * A[layer] for weight, A in pairs]).sum(0) for layer in grams[0]}
