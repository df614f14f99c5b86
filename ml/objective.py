"""The objective of one scale: the terms of `losses`, put together with the weights of the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ml.features import FeatureNetwork
from ml.frame import framed
from ml.losses import content_loss, gram, total_variation
from ml.regions import Region, blended
from ml.settings import Settings

# Style and total variation at weight 1, against content at weight 1, as the settings count them. Found by eye over
# paintings, hatching and flat paper cuts; `style_weight` and `tv_weight` multiply them.
STYLE = 12.0
TV = 3.0
# The larger the picture, the more detail of the photo there is to hold on to: from this long side in pixels on, the
# style's weight grows with it, so that a large painting is as much a painting as a small one.
DETAIL = 384
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
    and each layer's style term to the style's own Gram matrix, ‖A‖²_F, or to the photo's where that is larger. A
    woodcut's Gram matrices are twenty times as large as an ink wash's and would drown any photo at the weight that
    suits the other, and a photo's are so much larger than an ink wash's that matching them would wipe it out. Relative
    terms let one weight hold for all pictures, and at every scale. The style term is that of `regions`.
    """

    def __init__(
        self,
        network: FeatureNetwork,
        content: Tensor,
        styles: Sequence[tuple[float, Tensor]],
        settings: Settings,
        masks: Sequence[Tensor] = (),
    ) -> None:
        """`content`: `(1, 3, H, W)` in 0–1; `styles`: weights that sum to 1, each with a picture of any size; `masks`:
        `(1, 1, H, W)` in 0–1, one a style, which is painted there alone; none: all styles everywhere."""
        self.network, self.settings = network, settings
        self.layers = {settings.content_layer, *dict(settings.style_layers)}
        with torch.no_grad():
            photo = network(framed(content), self.layers)
            self.P = photo[settings.content_layer]
            self.photo_grams = self._grams(photo)
            self.regions = self._regions(styles, masks)
        self.content_energy = max(float(self.P.float().square().sum()) / 2, LEAST_ENERGY)
        self.style_weight = settings.style_weight * STYLE * max(1.0, max(content.shape[-2:]) / DETAIL)

    def _regions(self, styles: Sequence[tuple[float, Tensor]], masks: Sequence[Tensor]) -> list[tuple[float, Region]]:
        """Each region with its weight, which is its area: a position counts alike in a small region and a large one."""
        weights = [weight for weight, _ in styles]
        grams = [self._grams(self.network(picture, self.layers)) for _, picture in styles]
        if not masks:
            A = blended(grams, weights)
            return [(1.0, Region(self._relative(A), A))]
        regions = [Region(self._relative(A), A, framed(mask)) for A, mask in zip(grams, masks, strict=True)]
        return [(len(styles) * weight * region.area, region) for weight, region in zip(weights, regions, strict=True)]

    def _grams(self, features: dict[str, Tensor]) -> dict[str, Tensor]:
        return {layer: gram(features[layer]) for layer, _ in self.settings.style_layers}

    def _relative(self, A: dict[str, Tensor]) -> dict[str, float]:
        """Each layer's share of the style, over what the style or the photo holds there, whichever is more."""
        shares = dict(self.settings.style_layers)
        energies = {layer: max(_energy(A[layer]), _energy(self.photo_grams[layer]), LEAST_ENERGY) for layer in shares}
        return {layer: share / sum(shares.values()) / energies[layer] for layer, share in shares.items()}

    def terms(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Weighted content, style and total variation of `image`, a framed `(1, 3, H, W)` in 0–1."""
        features = self.network(image, self.layers)
        F = features[self.settings.content_layer]
        content = self.settings.content_weight * content_loss(F, self.P) / self.content_energy
        style = self.style_weight * self._style(features)
        tv = self.settings.tv_weight * TV * total_variation(image)
        return content, style, tv

    def _style(self, features: dict[str, Tensor]) -> Tensor:
        terms = [weight * region.loss(features, self.settings.evenness) for weight, region in self.regions]
        return torch.stack(terms).sum()

    def evaluate(self, image: Tensor) -> Evaluation:
        """Terms and gradient at `image`, a framed picture: one pass forward, one back."""
        return evaluated(self.terms, image)


def evaluated(terms: Callable[[Tensor], tuple[Tensor, Tensor, Tensor]], image: Tensor) -> Evaluation:
    """The weighted content, style and total variation that `terms` finds at `image`, and the gradient of their sum."""
    image = image.detach().requires_grad_()
    found = terms(image)
    total = torch.stack(found).sum()
    (gradient,) = torch.autograd.grad(total, image)
    content, style, tv = (float(term.detach()) for term in found)
    return Evaluation(content, style, tv, float(total.detach()), gradient)


def _energy(A: Tensor) -> float:
    return float(A.square().sum())
