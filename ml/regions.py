"""Which style is painted where.

[G17] Gatys, Ecker, Bethge, Hertzmann, Shechtman: Controlling Perceptual Factors in Neural Style Transfer, CVPR 2017.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add

import torch
from torch import Tensor
from torch.nn import functional

from ml.evenness import ACROSS, Windows, mean_and_spread
from ml.layers import depth
from ml.losses import gram
from ml.styles import LayerStyle, Moments
from ml.tiling import Place

# Evenness is asked of the layers from this block on, which see whole strokes and are small enough to look at twice.
EVEN_FROM_BLOCK = 3

# Layer and kind → what a region's style term is made of there: its windows' means `(R, C)`; their Gram matrices
# `(R, C, C)`, or, of a whole picture, the mean of these `(1, C, C)` and their spread, a scalar.
RegionMoments = dict[tuple[str, int], Tensor]
MEANS, GRAMS, SPREAD = 1, 2, 3


class Region:
    """A part of the picture, or all of it, and the style wanted there ([G17] §4, spatial control)."""

    def __init__(self, styles: Mapping[str, LayerStyle], mask: Tensor | None = None) -> None:
        """`styles`: layer → what is wanted of it; `mask`: `(1, 1, H, W)` in 0–1, framed as the picture is; None for all
        of it."""
        self.styles, self.mask = styles, mask
        self.area = 1.0 if mask is None else float(mask.mean())
        self._masked: dict[tuple[str, int], Windows | None] = {}

    def moments(self, features: dict[str, Tensor], places: dict[str, Place], evenness: float) -> RegionMoments:
        """The moments that the styles ask for. Those of a tile's features are the tile's part of them, and sum over all
        tiles to the whole picture's. A region smaller than a position of a layer has none."""
        found: RegionMoments = {}
        for layer, style in self.styles.items():
            place, F = places[layer], features[layer]
            windows = self._windows(layer, place, evenness, F.device)
            if windows is not None:
                if place.is_whole:
                    seen = windows
                    mean, found[layer, SPREAD] = seen.mean_and_spread(F)
                    found[layer, GRAMS] = mean.unsqueeze(0)
                else:
                    seen = windows.part(place.whole_rows, place.whole_columns)
                    found[layer, GRAMS] = seen.grams(place.of(F))
                if style.wants_means:
                    found[layer, MEANS] = seen.means(place.of(F))
            elif self.mask is None:
                found[layer, GRAMS] = gram_of_part(F, place)
                if style.wants_means:
                    found[layer, MEANS] = mean_of_part(F, place)
        return found

    def distance(self, moments: RegionMoments, places: dict[str, Place], evenness: float) -> Tensor:
        """Weighted distance of all layers from the style, with `evenness` times the spread over the region, of a whole
        picture that has these moments; nothing where there are none."""
        terms = [
            self._distance(layer, moments, places[layer], evenness)
            for layer in self.styles
            if (layer, GRAMS) in moments
        ]
        return sum(terms, torch.zeros(()))

    def _distance(self, layer: str, moments: RegionMoments, place: Place, evenness: float) -> Tensor:
        grams, means = moments[layer, GRAMS], moments.get((layer, MEANS))
        windows = self._windows(layer, place, evenness, grams.device)
        shares = grams.new_ones(1) if windows is None else windows.shares.to(grams.device)
        if (layer, SPREAD) in moments:
            gram, spread = grams[0], moments[layer, SPREAD]
        else:
            gram, spread = mean_and_spread(grams, shares)
        mean = grams.new_empty(0) if means is None else shares @ means
        style = self.styles[layer]
        return style.distance(gram, mean) + evenness * style.weight * spread

    def _windows(self, layer: str, place: Place, evenness: float, device: torch.device) -> Windows | None:
        """The windows over a layer; None where it is looked at as a whole, or the region has no position in it."""
        even = evenness > 0 and depth(layer)[0] >= EVEN_FROM_BLOCK
        across = ACROSS if even else 1
        if self.mask is None:
            return Windows.over(place.height, place.width, across, device) if even else None
        if (layer, across) not in self._masked:
            mask = functional.interpolate(self.mask, (place.height, place.width), mode="area")[0, 0].to(device)
            grid = Windows.over(place.height, place.width, across, device)
            self._masked[layer, across] = grid.within(mask) if float(mask.sum()) > 0 else None
        return self._masked[layer, across]


def gram_of_part(features: Tensor, place: Place) -> Tensor:
    """What a part of a picture adds to the Gram matrix of the whole, `(1, C, h, w) → (1, C, C)`."""
    F = place.of(features)
    return gram(F) * _share(F, place)


def mean_of_part(features: Tensor, place: Place) -> Tensor:
    """What a part of a picture adds to the mean of the whole, `(1, C, h, w) → (1, C)`."""
    F = place.of(features)
    return F.float().mean((2, 3)) * _share(F, place)


def blended(styles: Sequence[dict[str, Moments]], weights: Sequence[float]) -> dict[str, Moments]:
    """The moments of several styles, averaged by weight, layer by layer."""
    pairs = list(zip(weights, styles, strict=True))
    return {layer: reduce(add, (weight * style[layer] for weight, style in pairs)) for layer in styles[0]}


def _share(part: Tensor, place: Place) -> float:
    return part[0, 0].numel() / (place.height * place.width)
