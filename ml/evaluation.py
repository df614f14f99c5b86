"""How good a picture is by the published formulas, whichever program painted it."""

from __future__ import annotations

from typing import Any

import torch
from PIL import Image

from ml.features import FeatureNetwork
from ml.losses import content_loss, gram, style_loss, total_variation
from ml.pyramid import brush_size, resampled
from ml.tensors import to_tensor

CONTENT_LAYER = "relu4_2"
STYLE_LAYERS = tuple(f"relu{block}_1" for block in range(1, 6))


@torch.no_grad()
def evaluate(network: FeatureNetwork, content: Image.Image, style: Image.Image, image: Image.Image) -> dict[str, Any]:
    """Content, style and total variation of `image` at its own size, unweighted.

    The content picture is resampled to the size of `image`, the style picture to its long side (never enlarged).
    Content: ½ Σ (F − P)² at relu4_2 (Gatys et al. 2016, eq. 1). Style: E_l = ‖G − A‖²_F / (4 C²) for each of relu1_1 …
    relu5_1 with G averaged over positions (eq. 4, whose 1/M² is in the average), and their mean (eq. 5 with equal
    weights). The network averages where it halves its layers (§2), however the picture was painted. Give a float32
    `network` for figures that two programs can compare.
    """
    layers = {CONTENT_LAYER, *STYLE_LAYERS}
    F = network(to_tensor(image, network.device), layers, "average")
    P = network(to_tensor(resampled(content, image.size), network.device), [CONTENT_LAYER], "average")
    S = network(
        to_tensor(resampled(style, brush_size(style.size, max(image.size))), network.device), STYLE_LAYERS, "average"
    )
    by_layer = {layer: _style_of_layer(F[layer], S[layer]) for layer in STYLE_LAYERS}
    return {
        "width": image.width,
        "height": image.height,
        "content": float(content_loss(F[CONTENT_LAYER], P[CONTENT_LAYER])),
        "style": sum(by_layer.values()) / len(by_layer),
        "style_layers": by_layer,
        "tv": float(total_variation(to_tensor(image))),
    }


def _style_of_layer(F: torch.Tensor, S: torch.Tensor) -> float:
    channels = F.shape[1]
    return float(style_loss([gram(F)], [gram(S)], [1 / (4 * channels**2)]))
