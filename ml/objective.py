"""The objective of one scale: the terms of `losses`, put together with the weights of the settings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import torch
from torch import Tensor

from ml.errors import NotEnoughMemory
from ml.features import FeatureNetwork
from ml.frame import framed
from ml.losses import content_loss, total_variation
from ml.memory import shortage_in_words
from ml.regions import Region, blended, gram_of_part, mean_of_part
from ml.settings import Settings
from ml.styles import LEAST_ENERGY, LayerStyle, Moments, layer_style
from ml.tiling import Place, Tile, halo_of, in_turn, tiles

logger = logging.getLogger(__name__)
Made = TypeVar("Made")

# Style and total variation at weight 1, against content at weight 1, as the settings count them. Found by eye over
# paintings, hatching and flat paper cuts; `style_weight` and `tv_weight` multiply them.
STYLE = 12.0
TV = 3.0
# The larger the picture, the more detail of the photo there is to hold on to: from this long side in pixels on, the
# style's weight grows with it, so that a large painting is as much a painting as a small one.
DETAIL = 384

# Region number, layer and order → the moments of the region's windows.
Statistics = dict[tuple[int, str, int], Tensor]


@dataclass(frozen=True)
class Evaluation:
    """The objective at one picture: its weighted terms, their sum, and the gradient to the picture, shaped like it."""

    content: float
    style: float
    tv: float
    total: float
    gradient: Tensor

    @classmethod
    def of(cls, terms: Sequence[Tensor], gradient: Tensor) -> Evaluation:
        """Of content, style and total variation on their device, which is waited for once."""
        values = torch.stack(tuple(terms))
        content, style, tv, total = torch.cat([values, values.sum(0, keepdim=True)]).tolist()
        return cls(content, style, tv, total, gradient)


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
        most_pixels: int | None = None,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        """`content`: `(1, 3, H, W)` in 0–1; `styles`: weights that sum to 1, each with a picture of any size; `masks`:
        `(1, 1, H, W)` in 0–1, one a style, which is painted there alone; none: all styles everywhere. With
        `most_pixels`, no more of a picture is looked at at once, and the result is the same up to rounding; `pause` is
        called between the parts, here as in `evaluate`, and may raise."""
        self.network, self.settings, self.most_pixels, self.pause = network, settings, most_pixels, pause
        self.layers = {settings.content_layer, *dict(settings.style_layers)}
        photo = framed(content)
        self.tiles = self._tiles(*photo.shape[-2:])
        self.places = self._places(self.tiles[0].whole)
        with torch.no_grad():
            self.P, self.photo_moments = self._in_tiles_that_fit(lambda: self._of_photo(photo))
            self.regions = self._in_tiles_that_fit(lambda: self._regions(styles, masks))
        self.content_energy = max(float(self.P.square().sum(dtype=torch.float32)) / 2, LEAST_ENERGY)
        self.style_weight = settings.style_weight * STYLE * max(1.0, max(content.shape[-2:]) / DETAIL)

    def _tiles(self, height: int, width: int) -> list[Tile]:
        return tiles(height, width, self.most_pixels, halo_of(self.network.name, self.layers))

    def _places(self, tile: Tile) -> dict[str, Place]:
        return {layer: tile.at(layer) for layer in self.layers}

    def _features(self, picture: Tensor) -> dict[str, Tensor]:
        return self.network(picture, self.layers, self.settings.pooling)  # type: ignore[no-any-return]

    def _of_photo(self, photo: Tensor) -> tuple[Tensor, dict[str, Moments]]:
        """The photo's features at the content layer, and its moments."""
        layer = self.settings.content_layer
        channels, place = self.network.channels(layer), self.places[layer]
        P = torch.empty(
            (1, channels, place.height, place.width),
            dtype=self.network.precision.dtype,
            device=self.network.device_of(layer),
            memory_format=torch.channels_last,
        )
        moments: dict[str, Moments] = {}
        for tile in in_turn(self.tiles, self.pause):
            features, place = self._features(tile.seen(photo)), tile.at(layer)
            place.of_whole(P).copy_(place.of(features[layer]))
            self._add_moments(moments, features, tile)
        return P, moments

    def _regions(self, styles: Sequence[tuple[float, Tensor]], masks: Sequence[Tensor]) -> list[tuple[float, Region]]:
        """Each region with its weight, which is its area: a position counts alike in a small region and a large one."""
        weights = [weight for weight, _ in styles]
        moments = [self._moments(picture) for _, picture in styles]
        if not masks:
            return [(1.0, Region(self._styles(blended(moments, weights))))]
        regions = [Region(self._styles(style), framed(mask)) for style, mask in zip(moments, masks, strict=True)]
        return [(len(styles) * weight * region.area, region) for weight, region in zip(weights, regions, strict=True)]

    def _moments(self, picture: Tensor) -> dict[str, Moments]:
        """The moments of a whole picture, summed over its tiles."""
        moments: dict[str, Moments] = {}
        for tile in in_turn(self._tiles(*picture.shape[-2:]), self.pause):
            self._add_moments(moments, self._features(tile.seen(picture)), tile)
        return moments

    def _add_moments(self, moments: dict[str, Moments], features: dict[str, Tensor], tile: Tile) -> None:
        for layer, _ in self.settings.style_layers:
            place = tile.at(layer)
            part = Moments(
                gram_of_part(features[layer], place)[0].to(self.network.device),
                mean_of_part(features[layer], place)[0].to(self.network.device),
            )
            moments[layer] = moments[layer] + part if layer in moments else part

    def _styles(self, moments: dict[str, Moments]) -> dict[str, LayerStyle]:
        """What a style with these `moments` wants of each layer, by the layer's share."""
        shares = dict(self.settings.style_layers)
        return {
            layer: layer_style(
                self.settings.statistic, share / sum(shares.values()), moments[layer], self.photo_moments[layer]
            )
            for layer, share in shares.items()
        }

    def evaluate(self, image: Tensor) -> Evaluation:
        """Terms and gradient at `image`, a framed picture: one pass forward, one back; and where it is looked at in
        parts, one pass more forward. Raises NotEnoughMemory where the smallest parts are too large."""
        return self._in_tiles_that_fit(lambda: self._evaluated(image))

    def terms(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Weighted content, style and total variation of `image`, a framed `(1, 3, H, W)` in 0–1."""
        return self.terms_of(image, self._features(image))

    def terms_of(self, image: Tensor, features: dict[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """The `terms` of an `image` whose features are known."""
        return (
            self._content(features, self.places),
            self._style(self._statistics(features, self.places)),
            self._smoothness(image),
        )

    def _evaluated(self, image: Tensor) -> Evaluation:
        return evaluated(self.terms, image) if len(self.tiles) == 1 else self._in_parts(image)

    def _in_tiles_that_fit(self, work: Callable[[], Made]) -> Made:
        """What `work` makes: where memory turns out not to suffice for that, from now on in smaller tiles."""
        while True:
            try:
                with shortage_in_words():
                    return work()
            except NotEnoughMemory as shortage:
                if not self._divide():
                    raise
                logger.warning("%s; going on in %d tiles", shortage, len(self.tiles))

    def _divide(self) -> bool:
        """Look at half as much at once; False where tiles are as small as they get."""
        self.most_pixels = max(tile.pixels_seen for tile in self.tiles) // 2
        whole, before = self.tiles[0].whole, len(self.tiles)
        self.tiles = self._tiles(whole.height, whole.width)
        return len(self.tiles) > before

    def _in_parts(self, image: Tensor) -> Evaluation:
        """The same as `evaluated`, tile by tile: see `tiling`."""
        style, pull = self._pull(image)
        tv, gradient = _differentiated(self._smoothness, image)
        content = 0.0
        self.pause()
        for tile in in_turn(self.tiles, self.pause):
            own, change = _differentiated(partial(self._share, self._places(tile), pull), tile.seen(image))
            content += own
            tile.seen(gradient).add_(change)
        return Evaluation(content, style, tv, content + style + tv, gradient)

    def _pull(self, image: Tensor) -> tuple[float, Statistics]:
        """The weighted style term of `image`, and its derivative to the statistics that it is made of."""
        total: Statistics = {}
        for tile in in_turn(self.tiles, self.pause):
            with torch.no_grad():
                statistics = self._statistics(self._features(tile.seen(image)), self._places(tile))
            total = {key: total[key].add_(part) if key in total else part for key, part in statistics.items()}
        if not total:
            return 0.0, {}  # Every mask is black.
        leaves = [part.requires_grad_() for part in total.values()]
        style = self._style(total)
        return float(style.detach()), dict(zip(total, torch.autograd.grad(style, leaves), strict=True))

    def _share(self, places: dict[str, Place], pull: Statistics, image: Tensor) -> tuple[Tensor, Tensor]:
        """Of what a tile sees: its part of the content term, and a scalar with its part of the gradient."""
        features = self._features(image)
        content = self._content(features, places)
        target = content
        for key, part in self._statistics(features, places).items():
            target = target + (pull[key] * part).sum()
        return content, target

    def _content(self, features: dict[str, Tensor], places: dict[str, Place]) -> Tensor:
        layer = self.settings.content_layer
        place = places[layer]
        distance = content_loss(place.of(features[layer]), place.of_whole(self.P))
        return self.settings.content_weight * distance.to(self.network.device) / self.content_energy

    def _statistics(self, features: dict[str, Tensor], places: dict[str, Place]) -> Statistics:
        """All that the style term needs to know of a picture or of a tile's part of it."""
        return {
            (number, *of_what): part.to(self.network.device)
            for number, (_, region) in enumerate(self.regions)
            for of_what, part in region.moments(features, places, self.settings.evenness).items()
        }

    def _style(self, statistics: Statistics) -> Tensor:
        total = torch.zeros((), device=self.network.device)
        for number, (weight, region) in enumerate(self.regions):
            moments = {(layer, order): part for (owner, layer, order), part in statistics.items() if owner == number}
            total = total + weight * region.distance(moments, self.places, self.settings.evenness)
        return self.style_weight * total

    def _smoothness(self, image: Tensor) -> Tensor:
        return self.settings.tv_weight * TV * total_variation(image)


def evaluated(terms: Callable[[Tensor], tuple[Tensor, Tensor, Tensor]], image: Tensor) -> Evaluation:
    """The weighted content, style and total variation that `terms` finds at `image`, and the gradient of their sum."""
    image = image.detach().requires_grad_()
    found = terms(image)
    (gradient,) = torch.autograd.grad(torch.stack(found).sum(), image)
    return Evaluation.of(found, gradient)


def _differentiated(
    function: Callable[[Tensor], Tensor | tuple[Tensor, Tensor]], image: Tensor
) -> tuple[float, Tensor]:
    """A function's value at `image`, and its gradient; of two values, the first one and the second one's gradient."""
    image = image.detach().requires_grad_()
    found = function(image)
    value, target = found if isinstance(found, tuple) else (found, found)
    (gradient,) = torch.autograd.grad(target, image)
    return float(value.detach()), gradient
