"""The objective of one scale: the terms of `losses`, put together with the weights of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ml.evenness import Windows
from ml.features import FeatureNetwork
from ml.frame import framed
from ml.layers import depth
from ml.losses import content_loss, gram, total_variation
from ml.settings import Settings

# Style and total variation at weight 1, against content at weight 1, as the settings count them. Found by eye over
# paintings, hatching and flat paper cuts; `style_weight` and `tv_weight` multiply them.
STYLE = 12.0
TV = 3.0
# The larger the picture, the more detail of the photo there is to hold on to: from this long side in pixels on, the
# style's weight grows with it, so that a large painting is as much a painting as a small one.
DETAIL = 384
# Evenness is asked of the layers from this block on, which see whole strokes and are small enough to look at twice.
EVEN_FROM_BLOCK = 3
# No sum that a term is divided by is taken as smaller than this: a black picture has nothing to be relative to.
LEAST_ENERGY = 1e-6


@dataclass(frozen=True)
class Evaluation:
    """The objective at one picture: its weighted terms, their sum, and the gradient to the picture, shaped like it."""

    content: float
    style: float
    tv: float
    total: float
    gradient: Tensor


class Objective:
    """Content, style and smoothness wanted of a picture of one size.

    The published terms are made relative here, and nowhere else: the content term to the photo's own features, ½ Σ P²,
    and each layer's style term to the style's own Gram matrix, ‖A‖²_F. A woodcut's Gram matrices are twenty times as
    large as an ink wash's and would drown any photo at the weight that suits the other; relative terms let one weight
    hold for all pictures, and at every scale from the smallest to the largest. The spread of the style over the picture
    (see `evenness`) is added to the deeper layers' distances.
    """

    def __init__(
        self, network: FeatureNetwork, content: Tensor, styles: Sequence[tuple[float, Tensor]], settings: Settings
    ) -> None:
        """`content`: `(1, 3, H, W)` in 0–1; `styles`: weights that sum to 1, each with a picture of any size."""
        self.network, self.settings = network, settings
        self.layers = {settings.content_layer, *dict(settings.style_layers)}
        with torch.no_grad():
            self.P = network(framed(content), [settings.content_layer])[settings.content_layer]
            self.A = self._blended(styles)
        self.content_energy = max(float(self.P.float().square().sum()) / 2, LEAST_ENERGY)
        self.w = self._relative_weights()
        self.style_weight = settings.style_weight * STYLE * max(1.0, max(content.shape[-2:]) / DETAIL)

    def _relative_weights(self) -> list[float]:
        """Each layer's share of the style, over the energy of what is wanted there."""
        shares = [weight for _, weight in self.settings.style_layers]
        energies = [max(float(A_l.square().sum()), LEAST_ENERGY) for A_l in self.A]
        return [share / sum(shares) / energy for share, energy in zip(shares, energies, strict=True)]

    def _blended(self, styles: Sequence[tuple[float, Tensor]]) -> list[Tensor]:
        """The styles' Gram matrices, averaged by weight, layer by layer."""
        grams = [
            [weight * A_l for A_l in self._grams(self.network(picture, self.layers))] for weight, picture in styles
        ]
        return [torch.stack(layer).sum(0) for layer in zip(*grams, strict=True)]

    def _grams(self, features: dict[str, Tensor]) -> list[Tensor]:
        return [gram(features[layer]) for layer, _ in self.settings.style_layers]

    def terms(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Weighted content, style and total variation of `image`, a framed `(1, 3, H, W)` in 0–1."""
        features = self.network(image, self.layers)
        F = features[self.settings.content_layer]
        content = self.settings.content_weight * content_loss(F, self.P) / self.content_energy
        style = self.style_weight * self._style(features)
        tv = self.settings.tv_weight * TV * total_variation(image)
        return content, style, tv

    def _style(self, features: dict[str, Tensor]) -> Tensor:
        """Relative distance of all layers from the style, with the spread over the picture where it is asked for."""
        layers = zip(self.settings.style_layers, self.w, self.A, strict=True)
        return torch.stack([w_l * self._distance(layer, features[layer], A_l) for (layer, _), w_l, A_l in layers]).sum()

    def _distance(self, layer: str, F: Tensor, A: Tensor) -> Tensor:
        if self.settings.evenness == 0 or depth(layer)[0] < EVEN_FROM_BLOCK:
            return (gram(F) - A).square().sum()
        distance, spread = Windows.over(F).compare(F, A)
        return distance + self.settings.evenness * spread

    def evaluate(self, image: Tensor) -> Evaluation:
        """Terms and gradient at `image`, a framed picture: one pass forward, one back."""
        image = image.detach().requires_grad_()
        terms = self.terms(image)
        total = torch.stack(terms).sum()
        (gradient,) = torch.autograd.grad(total, image)
        content, style, tv = (float(term.detach()) for term in terms)
        return Evaluation(content, style, tv, float(total.detach()), gradient)
