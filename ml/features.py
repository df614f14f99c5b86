"""What is seen: the convolutional layers of VGG, as deep as asked and no deeper.

[SZ15] Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, ICLR 2015.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from ml import winograd
from ml.devices import Precision
from ml.layers import ARCHITECTURES, Pooling, depth

# What [SZ15] subtracted from its training pictures, RGB; the networks then see differences of 0–255 values.
MEAN = (0.48235, 0.45882, 0.40784)
STD = 1 / 255
POOLS: Mapping[Pooling, Callable[..., Tensor]] = {"max": functional.max_pool2d, "average": functional.avg_pool2d}


def digest(weights: Mapping[str, Tensor]) -> str:
    """SHA-256 over names, shapes and little-endian float32 values, in the order of the names."""
    total = hashlib.sha256()
    for name in sorted(weights):
        total.update(f"{name} {tuple(weights[name].shape)}\n".encode())
        total.update(weights[name].contiguous().numpy().astype("<f4").tobytes())
    return total.hexdigest()


def kept_a_pixel(layer: str, channels: int) -> float:
    """How many numbers an evaluation keeps of a convolution for its way back, a pixel of the picture."""
    return channels / 4 ** (depth(layer)[0] - 1)


def spread(kept: Mapping[str, float], devices: Sequence[torch.device]) -> dict[str, torch.device]:
    """Convolution → device, in order: each device gets a stretch of the network, of about the same share of what is
    `kept`."""
    places, before = {}, 0.0
    for layer, amount in kept.items():
        middle = (before + amount / 2) / sum(kept.values())
        places[layer] = devices[int(middle * len(devices))]
        before += amount
    return places


class FeatureNetwork(nn.Module):
    """A frozen VGG without its classifier. Calling it gives the activations of the layers asked for.

    It deviates from [SZ15] where the picture's border is repeated, not zero, under the first convolution, because a
    black frame around the picture is an edge that the style would answer to; and where averages are asked for.
    """

    mean: Tensor

    def __init__(
        self,
        name: str,
        weights: Mapping[str, Tensor],
        devices: Sequence[torch.device],
        precision: Precision = Precision.FP32,
    ) -> None:
        """`weights` holds `conv1_1.weight` (O, I, 3, 3), `conv1_1.bias` (O,) and so on, input channels RGB. Over
        several `devices` the layers are spread: a picture that is too large for one goes through them in turn."""
        super().__init__()
        self.name, self.devices, self.precision, self.digest = name, tuple(devices), precision, digest(weights)
        kept = {layer: kept_a_pixel(layer, len(weights[f"{layer}.bias"])) for layer in ARCHITECTURES[name]}
        for layer, device in spread(kept, self.devices).items():
            self._add(layer, weights[f"{layer}.weight"].to(device), weights[f"{layer}.bias"].to(device))
        self.register_buffer("mean", torch.tensor(MEAN, device=self.device).view(1, 3, 1, 1))
        self.requires_grad_(False)

    @property
    def device(self) -> torch.device:
        """Where pictures go in, and where all that is made of their features comes together."""
        return self.devices[0]

    def device_of(self, layer: str) -> torch.device:
        """Where the activations of `layer` (`relu1_1` …) are."""
        return self._convolution(layer).weight.device

    def _convolution(self, layer: str) -> nn.Conv2d:
        return cast(nn.Conv2d, self.get_submodule(layer.replace("relu", "conv")))

    def _add(self, layer: str, weight: Tensor, bias: Tensor) -> None:
        # Channels last is what oneDNN and the tensor cores work in; bfloat16 without it is no faster than float32.
        weight = weight.to(dtype=self.precision.dtype, memory_format=torch.channels_last)
        bias = bias.to(self.precision.dtype)
        if winograd.pays(weight):
            convolution: nn.Conv2d = winograd.WinogradConvolution(weight, bias)
        else:
            convolution = nn.Conv2d(weight.shape[1], weight.shape[0], 3, padding=0 if layer == "conv1_1" else 1)
            convolution.weight, convolution.bias = nn.Parameter(weight), nn.Parameter(bias)
        self.add_module(layer, convolution)

    def channels(self, layer: str) -> int:
        """How many channels `layer` (`relu1_1` …) has."""
        return self._convolution(layer).out_channels

    def forward(self, image: Tensor, layers: Collection[str], pooling: Pooling = "max") -> dict[str, Tensor]:
        """`image`: `(N, 3, H, W)`, RGB in 0–1. Returns layer name (`relu1_1` … ) → activation `(N, C, h, w)` in the
        network's precision, where h and w are halved (rounded up) before each block but the first, by `pooling`."""
        activations = {}
        for layer, activation in self._activations(image, max(layers, key=depth), POOLS[pooling]):
            if layer in layers:
                activations[layer] = activation
        return activations

    def _activations(self, image: Tensor, deepest: str, pool: Callable[..., Tensor]) -> Iterator[tuple[str, Tensor]]:
        x = functional.pad((image - self.mean) / STD, (1, 1, 1, 1), mode="replicate")
        x = x.to(dtype=self.precision.dtype, memory_format=torch.channels_last)
        for layer in ARCHITECTURES[self.name]:
            if layer.endswith("_1") and layer != "conv1_1":
                # Rounding up keeps the last row of an odd side in the picture, and the smallest pictures possible.
                x = pool(x, 2, ceil_mode=True)
            convolution = self._convolution(layer)
            x = functional.relu_(convolution(x.to(convolution.weight.device)))
            name = layer.replace("conv", "relu")
            yield name, x
            if name == deepest:
                return
