"""Everything that decides the result of a transfer, in one place. Importing it imports no PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, get_args

from ml.colour import COLOURS, Colours
from ml.errors import SettingsError
from ml.layers import ARCHITECTURES, POOLINGS, Pooling, layer_names
from ml.pyramid import long_sides, pixel_steps, scales
from ml.ranges import check_range

Init = Literal["photo", "noise", "gan"]
INITS: tuple[Init, ...] = get_args(Init)
# Whose colours a generator's picture has when a painting starts from it.
GanColours = Literal["style", "own"]
GAN_COLOURS: tuple[GanColours, ...] = get_args(GanColours)
# What of a layer's activations is compared with the style's: their Gram matrices, or the Gaussians that they make.
Statistic = Literal["gram", "gaussian"]
STATISTICS: tuple[Statistic, ...] = get_args(Statistic)

SMALLEST, LARGEST = 32, 8192
HEAVIEST = 1e6


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a transfer shall do. Raises SettingsError, naming the wrong value, when it is made.

    Two runs with equal settings and pictures on one kind of machine give the same picture.
    """

    size: int = 512
    """Long side of the result in pixels."""
    coarsest: int = 128
    """Long side of the smallest scale of the pyramid in pixels; the painting starts there, or at the next above it."""
    coarse_steps: int = 150
    """Evaluations at the smallest scale …"""
    fine_steps: int = 50
    """… and at the result's own size; the scales between get a geometric series from one to the other."""
    colours: Colours = "style"
    """Whose colours the painting has: the style's; the photo's, by matching the style's colours to them; or the photo's
    own, of which only the brightness is painted."""
    init: Init = "photo"
    """What the painting starts from, unless a picture to start from is given: the photo, noise, or a generator's
    picture."""
    gan_strength: float = 0.5
    """The generator's share of the start, where it starts from one; the rest is the photo."""
    gan_colours: GanColours = "style"
    """The generator's picture in the mean and covariance of the first style's colours, or in its own."""
    seed: int = 0
    """Seed of the noise that the start is made of, or strewn with, and of the generator's picture."""
    content_weight: float = 1.0
    """How much the photo's forms count."""
    style_weight: float = 1.0
    """How much the style counts, as a multiple of the balance that suits most pairs."""
    statistic: Statistic = "gram"
    """What the style is taken to be at each layer."""
    evenness: float = 0.3
    """How much it counts that every part of the picture has the style, and not only the picture as a whole."""
    tv_weight: float = 1.0
    """How much smoothness counts."""
    style_scale: float = 1.0
    """Brush size: the style picture's long side relative to the result's."""
    content_layer: str = "relu4_2"
    style_layers: tuple[tuple[str, float], ...] = (
        ("relu1_1", 1.0),
        ("relu2_1", 1.0),
        ("relu3_1", 1.0),
        ("relu4_1", 0.5),
        ("relu5_1", 0.2),
    )
    """Layers whose Gram matrices are matched, with their shares of the style. More of the deep ones would carry over
    the style picture's things (its sun, its houses) with its brushwork."""
    blend: tuple[float, ...] = ()
    """Weights of several style pictures, in their order; empty: all alike."""
    network: str = "vgg16"
    pooling: Pooling = "max"
    """How the network halves its layers: by maxima, as it was trained, or by averages, as Gatys et al. have it."""

    def __post_init__(self) -> None:
        check_range(self, "size", SMALLEST, LARGEST)
        check_range(self, "coarsest", SMALLEST, LARGEST)
        check_range(self, "coarse_steps", 1, 100_000)
        check_range(self, "fine_steps", 1, 100_000)
        check_range(self, "seed", 0, 2**63 - 1)
        check_range(self, "content_weight", 0, HEAVIEST)
        check_range(self, "style_weight", 0, HEAVIEST)
        check_range(self, "evenness", 0, 1)
        check_range(self, "tv_weight", 0, HEAVIEST)
        check_range(self, "style_scale", 0.1, 4)
        check_range(self, "gan_strength", 0, 1)
        self._check_choice("init", INITS)
        self._check_choice("gan_colours", GAN_COLOURS)
        self._check_choice("colours", COLOURS)
        self._check_choice("statistic", STATISTICS)
        self._check_choice("pooling", POOLINGS)
        self._check_layers()
        self._check_blend()

    @classmethod
    def for_preset(cls, name: str, **overrides: Any) -> Settings:
        """The settings of a preset (draft, standard or fine) with some of them replaced."""
        if name not in PRESETS:
            raise SettingsError(f"there is no preset {name!r}; there are {', '.join(PRESETS)}")
        return cls(**{**PRESETS[name], **overrides})

    @property
    def long_sides(self) -> tuple[int, ...]:
        """The long side of each scale in pixels, coarse to fine."""
        return long_sides(self.size, self.coarsest)

    @property
    def steps_per_scale(self) -> tuple[int, ...]:
        """Evaluations at each scale, coarse to fine."""
        scales = len(self.long_sides)
        if scales == 1:
            return (self.coarse_steps,)
        ratio = self.fine_steps / self.coarse_steps
        return tuple(round(self.coarse_steps * ratio ** (k / (scales - 1))) for k in range(scales))

    @property
    def total_steps(self) -> int:
        """Evaluations over all scales."""
        return sum(self.steps_per_scale)

    def pixel_steps(self, photo: tuple[int, int]) -> int:
        """The work of painting a photo of (width, height): the pixels of each evaluation, summed."""
        return pixel_steps(scales(photo, self.long_sides, self.steps_per_scale))

    def blend_of(self, styles: int) -> tuple[float, ...]:
        """The weights of `styles` style pictures, summing to 1. Raises SettingsError where the blend is of another
        number."""
        weights = self.blend or (1.0,) * styles
        if len(weights) != styles:
            raise SettingsError(f"blend has {len(weights)} weights for {styles} style pictures")
        return tuple(weight / sum(weights) for weight in weights)

    def _check_choice(self, name: str, choices: tuple[str, ...]) -> None:
        if getattr(self, name) not in choices:
            raise SettingsError(f"{name} is {getattr(self, name)!r}; it must be {' or '.join(choices)}")

    def _check_layers(self) -> None:
        if self.network not in ARCHITECTURES:
            raise SettingsError(f"network is {self.network!r}; it must be {' or '.join(ARCHITECTURES)}")
        if not self.style_layers or sum(weight for _, weight in self.style_layers) <= 0:
            raise SettingsError(f"style_layers is {self.style_layers}; at least one layer with a weight is needed")
        if len(dict(self.style_layers)) < len(self.style_layers):
            raise SettingsError(f"style_layers is {self.style_layers}; it must name each layer once")
        known = layer_names(self.network)
        if not all(0 <= weight <= HEAVIEST for _, weight in self.style_layers):
            raise SettingsError(f"style_layers is {self.style_layers}; it must hold weights from 0 to {HEAVIEST:g}")
        for layer in (self.content_layer, *(name for name, _ in self.style_layers)):
            if layer not in known:
                raise SettingsError(f"{self.network} has no layer {layer!r}; it has {', '.join(known)}")

    def _check_blend(self) -> None:
        if not all(0 <= weight <= HEAVIEST for weight in self.blend) or (self.blend and not sum(self.blend)):
            raise SettingsError(
                f"blend is {self.blend}; it must hold weights from 0 to {HEAVIEST:g} that are not all 0"
            )


PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "draft": MappingProxyType({"coarse_steps": 30, "fine_steps": 22}),
        "standard": MappingProxyType({"coarse_steps": 80, "fine_steps": 60}),
        "fine": MappingProxyType({"coarse_steps": 300, "fine_steps": 200}),
    }
)
"""Speed against finish. A preset names only what differs from the defaults."""
