"""How long a painting takes: `python -m benchmarks.stylize`.

Prints a line a preset and size (evaluations, seconds, the finished picture's content and style loss by the published
formulas, unweighted) and what an evaluation costs: in this machine's precision, in float32, and in float32 by direct
sums. Runs are on a drawn pair of pictures unless `--content` and `--style` name others.
"""

from __future__ import annotations

import argparse
import copy
import time
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor, nn

import ml
from benchmarks.pairs import Pair
from ml.evaluation import evaluate
from ml.features import FeatureNetwork
from ml.frame import framed
from ml.objective import Objective
from ml.winograd import WinogradConvolution

PRESET_SIZES = {"draft": 256, "standard": 512, "fine": 1024}
EVALUATIONS = 5


def main() -> None:
    chosen = arguments()
    content = ml.decode_picture(chosen.content) if chosen.content else drawn(seed=1)
    style = ml.decode_picture(chosen.style) if chosen.style else drawn(seed=2)
    print("preset      size  evaluations  seconds    content loss      style loss")
    for preset in chosen.presets:
        time_preset(preset, chosen.size or PRESET_SIZES[preset], content, style)
    print("\nprecision      size  ms an evaluation")
    best, exact = ml.load_network(), ml.load_network(precision="fp32")
    for name, network in {best.precision: best, "fp32": exact, "fp32, direct": directly(exact)}.items():
        milliseconds = time_evaluation(network, content, style)
        print(f"{name:13}  {PRESET_SIZES['standard']:4}  {milliseconds:16.0f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--content", type=Path)
    parser.add_argument("--style", type=Path)
    parser.add_argument("--presets", nargs="+", choices=ml.PRESETS, default=["draft", "standard"])
    parser.add_argument("--size", type=int, help="one size for all presets instead of each its own")
    return parser.parse_args()


def time_preset(preset: str, size: int, content: Image.Image, style: Image.Image) -> None:
    settings = ml.Settings.for_preset(preset, size=size)
    network = ml.load_network()
    started = time.perf_counter()
    painted = ml.stylize(content, [style], settings, network=network)
    seconds = time.perf_counter() - started
    losses = evaluate(ml.load_network(precision="fp32"), content, style, painted)
    figures = f"{settings.total_steps:11}  {seconds:7.1f}  {losses['content']:14.4g}  {losses['style']:14.4g}"
    print(f"{preset:10}  {size:4}  {figures}", flush=True)


def directly(network: FeatureNetwork) -> FeatureNetwork:
    """The same network with PyTorch's own convolutions everywhere."""
    direct = copy.deepcopy(network)
    for name, layer in network.named_children():
        if isinstance(layer, WinogradConvolution):
            convolution = nn.Conv2d(layer.in_channels, layer.out_channels, 3, padding=1)
            convolution.weight, convolution.bias = layer.weight, layer.bias
            direct.add_module(name, convolution)
    return direct


def time_evaluation(network: FeatureNetwork, content: Image.Image, style: Image.Image) -> float:
    """Milliseconds an evaluation at the standard size, the best of a few."""
    photo, picture = Pair(content, style).at(PRESET_SIZES["standard"], network.device)
    objective = Objective(network, photo, [(1.0, picture)], ml.Settings())
    return min(_milliseconds(objective, framed(photo)) for _ in range(EVALUATIONS))


def _milliseconds(objective: Objective, image: Tensor) -> float:
    started = time.perf_counter()
    objective.evaluate(image)
    return (time.perf_counter() - started) * 1000


def drawn(seed: int, width: int = 1024, height: int = 768) -> Image.Image:
    """A picture of smooth forms and fine texture."""
    rng = np.random.default_rng(seed)
    forms = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)).resize((width, height))
    texture = rng.normal(0, 25, (height, width, 3))
    return Image.fromarray((np.asarray(forms) + texture).clip(0, 255).astype(np.uint8))


if __name__ == "__main__":
    main()
