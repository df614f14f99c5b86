"""What is wanted of a layer: the style term's statistics, each made once of a style picture's moments there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from ml.gaussians import Gaussian
from ml.settings import Statistic

# No sum that a term is divided by is taken as smaller than this: a black picture has nothing to be relative to.
LEAST_ENERGY = 1e-6
# How much the Gaussians' distance counts where the Gram matrices' counts 1: one strength leaves about as much of the
# photo with either (docs/engine.md).
GAUSSIAN = 1.0


@dataclass(frozen=True)
class Moments:
    """Of a layer's activations over a picture: `gram` `(C, C)` as in `losses.gram`, and `mean` `(C,)`."""

    gram: Tensor
    mean: Tensor

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.gram + other.gram, self.mean + other.mean)

    def __rmul__(self, weight: float) -> Moments:
        return Moments(weight * self.gram, weight * self.mean)


class LayerStyle(Protocol):
    """A layer's share of the style."""

    weight: float
    """Of the squared distance of two Gram matrices, for the spread is always one of Gram matrices."""
    wants_means: bool

    def distance(self, gram: Tensor, mean: Tensor) -> Tensor:
        """The weighted distance of a painting with these moments, a scalar. `mean` is empty where none is wanted."""


def layer_style(statistic: Statistic, share: float, style: Moments, photo: Moments) -> LayerStyle:
    """The style's `share` at a layer, relative to what the style or the photo holds there, whichever is more."""
    weight = share / _energy(_squares(style), _squares(photo))
    if statistic == "gram":
        return GramStyle(weight, style.gram)
    return GaussianStyle(weight, GAUSSIAN * share / _energy(_trace(style), _trace(photo)), style)


class GramStyle:
    """‖G − A‖²_F: Gatys et al. 2016, eq. 4."""

    wants_means = False

    def __init__(self, weight: float, A: Tensor) -> None:
        self.weight, self.A = weight, A

    def distance(self, gram: Tensor, mean: Tensor) -> Tensor:
        return self.weight * (gram - self.A).square().sum()


class GaussianStyle:
    """The activations as a Gaussian, and its squared Wasserstein-2 distance: see `gaussians`."""

    wants_means = True

    def __init__(self, weight: float, own_weight: float, style: Moments) -> None:
        self.weight, self.own_weight = weight, own_weight
        self.gaussian = Gaussian(style.mean, style.gram)

    def distance(self, gram: Tensor, mean: Tensor) -> Tensor:
        return self.own_weight * self.gaussian.distance(mean, gram)


def _energy(style: float, photo: float) -> float:
    return max(style, photo, LEAST_ENERGY)


def _squares(moments: Moments) -> float:
    return float(moments.gram.square().sum())


def _trace(moments: Moments) -> float:
    return float(moments.gram.trace())
