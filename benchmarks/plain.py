"""The plain run to measure the engine against, written from the published formulas: `python -m benchmarks.plain`.

One scale, float32, from noise, with PyTorch's L-BFGS, on neural-style-pt's default layers and weights, but over VGG-16
as the engine: content at relu4_2 with weight 5, style at relu1_1 … relu5_1 with weight 100 each, total variation 0.001,
all of 0–255 pictures.

Prints iteration, seconds and the objective's value for a content and a style picture.

[G16] Gatys, Ecker, Bethge: Image Style Transfer Using Convolutional Neural Networks, CVPR 2016.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

import ml
from benchmarks.pairs import Pair
from ml.features import MEAN, FeatureNetwork
from ml.layers import ARCHITECTURES
from ml.objective import Evaluation, evaluated

CONTENT_WEIGHT, STYLE_WEIGHT, TV_WEIGHT = 5.0, 100.0, 1e-3
CONTENT_LAYER = "relu4_2"
STYLE_LAYERS = tuple(f"relu{block}_1" for block in range(1, 6))
HISTORY = 100
NOISE = 0.001


class PlainObjective:
    """The objective at one size. Pictures are `(1, 3, H, W)`, RGB in 0–1, and so are the gradients."""

    def __init__(self, network: FeatureNetwork, content: Tensor, style: Tensor) -> None:
        """`network` lends its weights."""
        self.network, self.shape = network, content.shape
        self.mean = 255 * torch.tensor(MEAN, device=content.device).view(1, 3, 1, 1)
        with torch.no_grad():
            self.P = self.features(content)[CONTENT_LAYER].float()
            seen = self.features(style)
            self.A = {layer: self.gram(seen[layer]) for layer in STYLE_LAYERS}

    def evaluate(self, image: Tensor) -> Evaluation:
        """Terms and gradient at `image`."""
        return evaluated(self.terms, image)

    def terms(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Weighted content, style and total variation."""
        features = self.features(image)
        content = CONTENT_WEIGHT * functional.mse_loss(features[CONTENT_LAYER].float(), self.P)
        style = [functional.mse_loss(self.gram(features[layer]), self.A[layer]) for layer in STYLE_LAYERS]
        pixels = 255 * image
        across = (pixels[..., :, 1:] - pixels[..., :, :-1]).abs().sum()
        down = (pixels[..., 1:, :] - pixels[..., :-1, :]).abs().sum()
        return content, STYLE_WEIGHT * torch.stack(style).sum(), TV_WEIGHT * (across + down)

    def features(self, image: Tensor) -> dict[str, Tensor]:
        """VGG's layers as they were trained: zeros round the border, the maximum of each pool."""
        x = 255 * image - self.mean
        activations = {}
        for layer in ARCHITECTURES[self.network.name]:
            if layer.endswith("_1") and layer != "conv1_1":
                x = functional.max_pool2d(x, 2)
            x = functional.relu_(self.convolved(x, layer))
            activations[layer.replace("conv", "relu")] = x
            if layer == "conv5_1":
                return activations
        raise ValueError("the network has no conv5_1")

    def convolved(self, x: Tensor, layer: str) -> Tensor:
        weight, bias = self.convolutions[layer]
        return functional.conv2d(x, weight, bias, padding=1)

    @cached_property
    def convolutions(self) -> dict[str, list[Tensor]]:
        """Weights and biases, laid out as PyTorch does it unasked."""
        return {
            layer: [parameter.contiguous() for parameter in self.network.get_submodule(layer).parameters()]
            for layer in ARCHITECTURES[self.network.name]
        }

    def gram(self, features: Tensor) -> Tensor:
        """F Fᵀ of `(1, C, H, W)`, over the number of its values: [G16] eq. 3 as neural-style normalises it."""
        F = features[0].flatten(1)
        return F @ F.T / F.numel()


@dataclass(frozen=True)
class Iteration:
    """Of the plain run: seconds since the start, the objective's value, and the picture `(1, 3, H, W)` there."""

    seconds: float
    value: float
    picture: Tensor


def noise(objective: PlainObjective, seed: int = 0) -> Tensor:
    """What the original starts from: an even grey, but for a breath."""
    return NOISE * torch.randn(objective.shape, generator=torch.Generator().manual_seed(seed))


def plain_run(objective: PlainObjective, values: Tensor, steps: int) -> Iterator[Iteration]:
    """Each of `steps` iterations of torch's L-BFGS, from `values`: as in the original, it is values of 0–255 less the
    mean that are optimised, and the first step's length depends on it."""
    values = values.requires_grad_()
    optimiser = torch.optim.LBFGS([values], max_iter=1, tolerance_grad=-1, tolerance_change=-1, history_size=HISTORY)
    value = float("nan")

    def picture() -> Tensor:
        return (values.detach() + objective.mean) / 255

    def closure() -> float:
        nonlocal value
        evaluation = objective.evaluate(picture())
        values.grad, value = evaluation.gradient / 255, evaluation.total
        return value

    started = time.perf_counter()
    for _ in range(steps):
        optimiser.step(closure)  # type: ignore[no-untyped-call]
        yield Iteration(time.perf_counter() - started, value, picture())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("style", type=Path)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    network = ml.load_network(device="cpu", precision="fp32")
    photo, style = Pair.read(chosen.content, chosen.style).at(chosen.size, network.device)
    objective = PlainObjective(network, photo, style)
    for step, found in enumerate(plain_run(objective, noise(objective, chosen.seed), chosen.steps), 1):
        print(f"{step} {found.seconds:.2f} {found.value:.6g}", flush=True)


if __name__ == "__main__":
    main()
