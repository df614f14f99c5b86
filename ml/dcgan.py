"""The two networks of a deep convolutional GAN, and what each of them wants.

[G14] Goodfellow et al.: Generative Adversarial Nets, NIPS 2014.
[R16] Radford, Metz, Chintala: Unsupervised Representation Learning with Deep Convolutional GANs, ICLR 2016.
[J16] Jetchev, Bergmann, Vollgraf: Texture Synthesis with Spatial Generative Adversarial Networks, 2016.
[M18] Miyato et al.: Spectral Normalization for Generative Adversarial Networks, ICLR 2018.
"""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from ml.convolutions import Convolution, TransposedConvolution
from ml.gan_settings import FIRST_MAP, GanSettings

LATENT = 100
KERNEL = 4
SLOPE = 0.2
# [R16] §3: weights from N(0, 0.02); those that scale a normalised map lie round 1.
SPREAD = 0.02
# Latents along a side of a field beyond its cells: each position of the first map sees four of them, and one position
# of margin on either side is used up by the layers that follow.
BEYOND = 5


class Generator(nn.Module):
    """Latents to pictures: transposed convolutions, each doubling the map, with batch norm and ReLU, and tanh at last
    ([R16] §3).

    Of a `single` latent comes one picture, as in the paper. A `field` of latents ([J16]) is taken through the same
    layers without their padding: every position is made of a full neighbourhood, so that pictures have no border, and
    a part of a field gives that part of its picture.
    """

    def __init__(self, settings: GanSettings) -> None:
        super().__init__()
        self.settings = settings
        first, middle, last = (KERNEL - 1, 2, 3) if settings.kind == "field" else (0, 1, 1)
        inner = settings.channels
        self.layers = nn.Sequential(_up(LATENT, inner[0], 1, first))
        for before, after in pairwise(inner):
            self.layers.append(_up(before, after, 2, middle))
        self.layers.append(nn.Sequential(_transposed(inner[-1], 3, 2, last), nn.Tanh()))
        self.apply(_drawn)

    def forward(self, z: Tensor) -> Tensor:
        """`z`: `(N, 100, h, w)`, with h = w = 1 for single ones. Returns `(N, 3, H, W)` in −1–1; the sides of a field's
        picture are `(h − 5) · cell` pixels."""
        return cast(Tensor, self.layers(z))

    def latents(self, count: int, width: int, height: int, random: torch.Generator) -> Tensor:
        """Latents from N(0, 1) for `count` pictures of at least `width`×`height` pixels, `(count, 100, h, w)`."""
        sides = (height, width) if self.settings.kind == "field" else ()
        h, w = (ceil(side / self.settings.cell) + BEYOND for side in sides) if sides else (1, 1)
        return torch.randn(count, LATENT, h, w, generator=random)


class Discriminator(nn.Module):
    """Pictures to a number that is positive for real ones: the generator's mirror image, with LeakyReLU ([R16] §3)."""

    def __init__(self, settings: GanSettings) -> None:
        super().__init__()
        inner = tuple(reversed(settings.channels))
        self.layers = nn.Sequential(_down(3, inner[0], normalised=False))
        for before, after in pairwise(inner):
            self.layers.append(_down(before, after, normalised=True))
        self.layers.append(nn.Conv2d(inner[-1], 1, FIRST_MAP, bias=False))
        self.apply(_drawn)
        if settings.spectral_norm:
            self.apply(_bounded)

    def forward(self, image: Tensor) -> Tensor:
        """`(N, 3, H, W)` in −1–1 → logits `(N, 1, h, w)`, one for each place where `size`×`size` pixels fit, a cell
        apart."""
        return cast(Tensor, self.layers(image))


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """J_D = −E[log D(x)] − E[log(1 − D(G(z)))] of logits, with D = σ(logit): [G14] eq. 1. A scalar.

    −log σ(a) = softplus(−a) and −log(1 − σ(a)) = softplus(a), which stay finite where the logarithms do not.
    """
    return functional.softplus(-real.float()).mean() + functional.softplus(fake.float()).mean()


def generator_loss(fake: Tensor) -> Tensor:
    """J_G = −E[log D(G(z))] of logits: the form of [G14] §3 whose gradient does not vanish early on. A scalar."""
    return functional.softplus(-fake.float()).mean()


def _up(before: int, after: int, stride: int, padding: int) -> nn.Sequential:
    return nn.Sequential(_transposed(before, after, stride, padding), nn.BatchNorm2d(after), nn.ReLU(inplace=True))


def _transposed(before: int, after: int, stride: int, padding: int) -> TransposedConvolution:
    return TransposedConvolution(before, after, KERNEL, stride, padding, bias=False)


def _down(before: int, after: int, normalised: bool) -> nn.Sequential:
    layer = nn.Sequential(Convolution(before, after, KERNEL, 2, 1, bias=False))
    if normalised:
        layer.append(nn.BatchNorm2d(after))
    return layer.append(nn.LeakyReLU(SLOPE, inplace=True))


def _drawn(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0, SPREAD)
    if isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, SPREAD)


def _bounded(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d):
        spectral_norm(module)
