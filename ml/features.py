"""What is seen: the convolutional layers of VGG, as deep as asked and no deeper.

[SZ15] Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, ICLR 2015.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from ml.devices import Precision
from ml.layers import ARCHITECTURES, depth

# What [SZ15] subtracted from its training pictures, RGB; the networks then see differences of 0–255 values.
MEAN = (0.48235, 0.45882, 0.40784)
STD = 1 / 255


def digest(weights: Mapping[str, Tensor]) -> str:
    """SHA-256 over names, shapes and little-endian float32 values, in the order of the names."""
    total = hashlib.sha256()
    for name in sorted(weights):
        total.update(f"{name} {tuple(weights[name].shape)}\n".encode())
        total.update(weights[name].contiguous().numpy().astype("<f4").tobytes())
    return total.hexdigest()


class FeatureNetwork(nn.Module):
    """A frozen VGG without its classifier. Calling it gives the activations of the layers asked for.

    Two deviations from [SZ15]: pooling averages instead of taking the maximum, which Gatys et al. 2016 (§2) found to
    give better pictures; and the picture's border is repeated, not zero, under the first convolution, because a black
    frame around the picture is an edge that the style would answer to.
    """

    mean: Tensor

    def __init__(
        self, name: str, weights: Mapping[str, Tensor], device: torch.device, precision: Precision = Precision.FP32
    ) -> None:
        """`weights` holds `conv1_1.weight` (O, I, 3, 3), `conv1_1.bias` (O,) and so on, input channels RGB."""
        super().__init__()
        self.name, self.device, self.precision, self.digest = name, device, precision, digest(weights)
        for layer in ARCHITECTURES[name]:
            self._add(layer, weights[f"{layer}.weight"], weights[f"{layer}.bias"])
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1))
        self.to(device)
        self.requires_grad_(False)

    def _add(self, layer: str, weight: Tensor, bias: Tensor) -> None:
        convolution = nn.Conv2d(weight.shape[1], weight.shape[0], 3, padding=0 if layer == "conv1_1" else 1)
        convolution.weight, convolution.bias = nn.Parameter(weight), nn.Parameter(bias)
        # Channels last is what oneDNN and the tensor cores work in; bfloat16 without it is no faster than float32.
        convolution.to(dtype=self.precision.dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.add_module(layer, convolution)

    def channels(self, layer: str) -> int:
        """How many channels `layer` (`relu1_1` …) has."""
        return int(self.get_submodule(layer.replace("relu", "conv")).weight.shape[0])  # type: ignore[index, union-attr]

    def forward(self, image: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        """`image`: `(N, 3, H, W)`, RGB in 0–1. Returns layer name (`relu1_1` … ) → activation `(N, C, h, w)` in the
        network's precision, where h and w are halved (rounded up) before each block but the first."""
        activations = {}
        for layer, activation in self._activations(image, deepest=max(layers, key=depth)):
            if layer in layers:
                activations[layer] = activation
        return activations

    def _activations(self, image: Tensor, deepest: str) -> Iterator[tuple[str, Tensor]]:
        x = functional.pad((image - self.mean) / STD, (1, 1, 1, 1), mode="replicate")
        x = x.to(dtype=self.precision.dtype, memory_format=torch.channels_last)
        for layer in ARCHITECTURES[self.name]:
            if layer.endswith("_1") and layer != "conv1_1":
                # Rounding up keeps the last row of an odd side in the picture, and the smallest pictures possible.
                x = functional.avg_pool2d(x, 2, ceil_mode=True)
            x = functional.relu_(self.get_submodule(layer)(x))
            name = layer.replace("conv", "relu")
            yield name, x
            if name == deepest:
                return
