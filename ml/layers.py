"""The names of the networks' layers, for those who need names and not numbers: this imports no PyTorch."""

from __future__ import annotations

from typing import Literal, get_args

# What stands for each square of four positions where a network halves its layers: their maximum, or their average.
Pooling = Literal["max", "average"]
POOLINGS: tuple[Pooling, ...] = get_args(Pooling)

_BLOCKS = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}

# Network → its convolutions in order: conv1_1, conv1_2, conv2_1, …
ARCHITECTURES = {
    network: tuple(f"conv{block}_{i}" for block, count in enumerate(counts, 1) for i in range(1, count + 1))
    for network, counts in _BLOCKS.items()
}


def layer_names(network: str) -> tuple[str, ...]:
    """The activations that `network` can give, shallow to deep: relu1_1, relu1_2, relu2_1, …"""
    return tuple(layer.replace("conv", "relu") for layer in ARCHITECTURES[network])


def depth(layer: str) -> tuple[int, int]:
    """Order of layers by depth: `relu4_2 → (4, 2)`, and so for `conv4_2`."""
    block, position = layer.removeprefix("relu").removeprefix("conv").split("_")
    return int(block), int(position)
