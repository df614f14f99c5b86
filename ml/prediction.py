"""What a painting will cost, told before it begins."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from math import prod

import torch
from torch import Tensor

from ml.features import FeatureNetwork
from ml.frame import framed, framed_size
from ml.memory import most_pixels, needed, usable
from ml.objective import Objective
from ml.pyramid import Scale, scales
from ml.settings import Settings
from ml.tiling import halo_of, tiles

# Sides in pixels of the pictures that the pace is measured on, and evaluations of each; the first one warms up.
SMALL, LARGE, TRIALS = 96, 192, 5


@dataclass(frozen=True)
class Prediction:
    """Time and memory of a painting that nothing else competes with."""

    seconds: float
    memory: int
    """Bytes at the peak, over what the process took before."""
    parts: int
    """Into how many tiles its largest scale is divided."""


@dataclass(frozen=True)
class Pace:
    """An evaluation takes `fixed` seconds, and `a_pixel` more for each pixel that it sees."""

    fixed: float
    a_pixel: float

    def seconds(self, pixels: int) -> float:
        return self.fixed + self.a_pixel * pixels


def predict(
    photo: tuple[int, int], settings: Settings, network: FeatureNetwork, memory: int | None = None, masks: int = 0
) -> Prediction:
    """For a photo of (width, height) with so many `masks`, within `memory` bytes (None: as `stylize` has it). The first
    prediction of a process takes a moment, for it measures how fast `network` is here, as does the first of each other
    kind of painting."""
    memory = usable(network.devices) if memory is None else memory
    pyramid = scales(photo, settings.long_sides, settings.steps_per_scale)
    looks = [_looks(scale, settings, network, memory) for scale in pyramid]
    pace = pace_of(network, settings, masks)
    seconds = sum(scale.steps * _seconds(look, pace) for scale, look in zip(pyramid, looks, strict=True))
    height, width = framed_size(pyramid[-1].height, pyramid[-1].width)
    return Prediction(seconds, needed(height * width, max(looks[-1]), network.precision), len(looks[-1]))


def _looks(scale: Scale, settings: Settings, network: FeatureNetwork, memory: int) -> list[int]:
    """The pixels that each tile of a scale sees."""
    height, width = framed_size(scale.height, scale.width)
    layers = {settings.content_layer, *dict(settings.style_layers)}
    most = most_pixels(scale.pixels, memory, network.precision, network.devices)
    return [tile.pixels_seen for tile in tiles(height, width, most, halo_of(network.name, layers))]


def _seconds(looks: list[int], pace: Pace) -> float:
    """Of one evaluation. Where there are tiles each is looked at once more forwards, which is half of a look both
    ways."""
    return sum(map(pace.seconds, looks)) * (1.0 if len(looks) == 1 else 1.5)


def pace_of(network: FeatureNetwork, settings: Settings | None = None, masks: int = 0) -> Pace:
    """Of a painting with `settings` (None: the usual ones) and so many `masks`."""
    return measured(network, _kind(settings or Settings()), masks)


def _kind(settings: Settings) -> Settings:
    """Only what an evaluation takes longer or shorter for: a layer costs the same whatever its share, and evenness
    however little of it is wanted."""
    return Settings(
        network=settings.network,
        pooling=settings.pooling,
        statistic=settings.statistic,
        content_layer=settings.content_layer,
        style_layers=tuple((layer, 1.0) for layer, _ in settings.style_layers),
        evenness=float(settings.evenness > 0),
    )


@cache
def measured(network: FeatureNetwork, kind: Settings, masks: int) -> Pace:
    """The pace on noise of two sizes, once a process."""
    small, large = _fastest([_evaluation(network, kind, masks, side) for side in (SMALL, LARGE)])
    small_pixels, large_pixels = (prod(framed_size(side, side)) for side in (SMALL, LARGE))
    a_pixel = max(large - small, 0) / (large_pixels - small_pixels)
    return Pace(max(small - a_pixel * small_pixels, 0), a_pixel)


def _fastest(evaluations: Sequence[Callable[[], object]]) -> list[float]:
    """Seconds of each, the fastest of a few. They take turns, so that a machine which is busy for a moment is so for
    all of them, and the difference between them stays that of their sizes."""
    rounds = [[_timed(evaluation) for evaluation in evaluations] for _ in range(TRIALS)]
    return [min(seconds) for seconds in zip(*rounds, strict=True)]


def _evaluation(network: FeatureNetwork, kind: Settings, masks: int, side: int) -> Callable[[], object]:
    """Of noise in a picture of `side`, painted in the style of itself, or in as many as there are masks."""
    noise = torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(0)).to(network.device)
    count = max(masks, 1)
    styles = [(1 / count, noise)] * count
    return partial(Objective(network, noise, styles, kind, _stripes(masks, noise)).evaluate, framed(noise))


def _stripes(masks: int, picture: Tensor) -> list[Tensor]:
    """Masks that share the picture among them."""
    height, width = picture.shape[-2:]
    stripe = torch.arange(width, device=picture.device) * masks // width
    return [(stripe == number).float().expand(1, 1, height, width) for number in range(masks)]


def _timed(evaluation: Callable[[], object]) -> float:
    started = time.perf_counter()
    evaluation()
    return time.perf_counter() - started
