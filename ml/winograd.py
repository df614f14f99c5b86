"""Convolutions of 3 × 3 with a quarter of the multiplications, for x86 CPUs that compute in float32.

There, convolutions take three quarters of an evaluation, as fast as the processor multiplies, so that only fewer
products make them faster. [LG16] makes tiles of four by four values from the six by six that they see, F(4×4, 3×3) of
§4.3. It rounds to about 10⁻⁵ of the largest value where the direct sum rounds to some 10⁻⁶.

[LG16] Lavin, Gray: Fast Algorithms for Convolutional Neural Networks, CVPR 2016.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional

# Values that a tile makes along a side, that it sees there, and that only its neighbours make.
MADE, SEEN = 4, 6
BEYOND = SEEN - MADE
# [LG16] eq. 8: Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A, with the matrices of §4.3.
BT = torch.tensor(
    [
        [4.0, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ]
)
G = torch.tensor(
    [
        [1 / 4, 0, 0],
        [-1 / 6, -1 / 6, -1 / 6],
        [-1 / 6, 1 / 6, -1 / 6],
        [1 / 24, 1 / 12, 1 / 6],
        [1 / 24, -1 / 12, 1 / 6],
        [0, 0, 1],
    ]
)
AT = torch.tensor(
    [
        [1.0, 1, 1, 1, 1, 0],
        [0, 1, -1, 2, -2, 0],
        [0, 1, 1, 4, 4, 0],
        [0, 1, -1, 8, -8, 1],
    ]
)
# The same for tiles as columns: a matrix from the left and its transpose from the right at once.
BT_BT, G_G, AT_AT = (torch.kron(matrix, matrix) for matrix in (BT, G, AT))
# Tiles of a band: enough for large products, few enough to take little memory.
IN_A_BAND = 256
# With fewer channels, the transformations take longer than the products they save.
FEWEST_CHANNELS = 128
# Where this many images have fewer tiles each, to read U for every one does.
MANY_IMAGES, FEWEST_TILES = 8, 16


def pays(weight: Tensor) -> bool:
    """Whether the convolution with `weight`, `(O, I, 3, 3)`, is faster by this module: for many channels in float32 on
    an x86 CPU, whose oneDNN knows the direct sum alone."""
    computed_here = weight.device.type == "cpu" and torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")
    return computed_here and weight.dtype == torch.float32 and min(weight.shape[:2]) >= FEWEST_CHANNELS


class WinogradConvolution(nn.Conv2d):
    """A frozen convolution of what has zeros around it, in float32 on a CPU; of many small images, as a GAN's samples,
    the direct sum."""

    U: Tensor

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        """`weight`: `(O, I, 3, 3)`; `bias`: `(O,)`."""
        super().__init__(weight.shape[1], weight.shape[0], 3, padding=1)
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)
        self.register_buffer("U", transformed(weight), persistent=False)
        self.requires_grad_(False)

    def forward(self, images: Tensor) -> Tensor:
        count, _, height, width = images.shape
        if count >= MANY_IMAGES and _tiles_over(height) * _tiles_over(width) < FEWEST_TILES:
            return super().forward(images)
        return cast(Tensor, _Winograd.apply(images, self.U, self.bias))  # type: ignore[no-untyped-call]


def transformed(weight: Tensor) -> Tensor:
    """U = G g Gᵀ of the kernels: `(36, I, O)` of `(O, I, 3, 3)`."""
    filters, channels = weight.shape[:2]
    kernels = weight.detach().permute(2, 3, 1, 0).reshape(-1, channels * filters)
    return (G_G @ kernels).view(SEEN**2, channels, filters)


class _Winograd(torch.autograd.Function):
    """Images are taken one by one: each has the result that it has alone."""

    @staticmethod
    def forward(ctx: Any, images: Tensor, U: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(U)
        results = _empty(images, channels=U.shape[2])
        for image, result in zip(_by_position(images), _by_position(results), strict=True):
            _convolve(image, U, bias, result)
        return results

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradients: Tensor) -> tuple[Tensor, None, None]:
        (U,) = ctx.saved_tensors
        results = _empty(gradients, channels=U.shape[1])
        for gradient, result in zip(_by_position(gradients), _by_position(results), strict=True):
            _convolve_adjointly(gradient, U, result)
        return results, None, None


def _empty(like: Tensor, channels: int) -> Tensor:
    count, _, height, width = like.shape
    return torch.empty((count, channels, height, width), memory_format=torch.channels_last)


def _by_position(images: Tensor) -> Tensor:
    return images.permute(0, 2, 3, 1)


def _convolve(image: Tensor, U: Tensor, bias: Tensor, result: Tensor) -> None:
    """`image`: `(h, w, I)`; `result`: `(h, w, O)`."""
    height, width, filters = result.shape
    rows, columns = _tiles_over(height), _tiles_over(width)
    whole = image.new_empty(rows, MADE, columns, MADE, filters)
    for band in _bands(rows, columns):
        V = BT_BT @ _seen(image, band, columns)
        M = torch.bmm(V.view(SEEN**2, -1, U.shape[1]), U)
        Y = (AT_AT @ M.view(SEEN**2, -1)).view(MADE, MADE, -1, columns, filters)
        torch.add(Y.permute(2, 0, 3, 1, 4), bias, out=whole[band])
    result.copy_(whole.view(rows * MADE, columns * MADE, filters)[:height, :width])


def _convolve_adjointly(gradient: Tensor, U: Tensor, result: Tensor) -> None:
    """The gradient to an image, `(h, w, I)`, of `gradient`, `(h, w, O)`, to what was made of it."""
    height, width, channels = result.shape
    rows, columns = _tiles_over(height), _tiles_over(width)
    # One more tile each way for what the last ones see beyond themselves.
    whole = gradient.new_empty(rows + 1, MADE, columns + 1, MADE, channels)
    whole[-1], whole[:, :, -1] = 0, 0
    # From below, so that a band adds to the one beneath after that was written.
    for band in reversed(_bands(rows, columns)):
        M = AT_AT.T @ _made(gradient, band, columns)
        V = torch.bmm(M.view(SEEN**2, -1, U.shape[2]), U.transpose(1, 2))
        d = (BT_BT.T @ V.view(SEEN**2, -1)).view(SEEN, SEEN, -1, columns, channels).permute(2, 0, 3, 1, 4)
        beneath = slice(band.start + 1, band.stop + 1)
        whole[band, :, :-1] = d[:, :MADE, :, :MADE]
        whole[band, :, 1:, :BEYOND] += d[:, :MADE, :, MADE:]
        whole[beneath, :BEYOND, :-1] += d[:, MADE:, :, :MADE]
        whole[beneath, :BEYOND, 1:, :BEYOND] += d[:, MADE:, :, MADE:]
    padded = whole.view((rows + 1) * MADE, (columns + 1) * MADE, channels)
    result.copy_(padded[1 : height + 1, 1 : width + 1])


def _tiles_over(side: int) -> int:
    return -(-side // MADE)


def _bands(rows: int, columns: int) -> list[slice]:
    """Rows of tiles that are transformed together."""
    step = max(1, IN_A_BAND // columns)
    return [slice(first, min(first + step, rows)) for first in range(0, rows, step)]


def _seen(image: Tensor, band: slice, columns: int) -> Tensor:
    """What the tiles of `band` see, place by place, zeros around the image: `(36, T · I)`."""
    first, last = band.start * MADE - 1, band.stop * MADE + 1
    seen = _padded(image, first, last, -1, columns * MADE + 1)
    row, column, _ = seen.stride()
    places = (SEEN, SEEN, band.stop - band.start, columns, image.shape[2])
    return seen.as_strided(places, (row, column, MADE * row, MADE * column, 1)).reshape(SEEN**2, -1)


def _made(gradient: Tensor, band: slice, columns: int) -> Tensor:
    """The gradient to what the tiles of `band` make, place by place, zeros beyond its ends: `(16, T · O)`."""
    padded = _padded(gradient, band.start * MADE, band.stop * MADE, 0, columns * MADE)
    return padded.view(-1, MADE, columns, MADE, gradient.shape[2]).permute(1, 3, 0, 2, 4).reshape(MADE**2, -1)


def _padded(image: Tensor, top: int, bottom: int, left: int, right: int) -> Tensor:
    """The rows and columns between these of `image`, `(h, w, C)`, zeros where it has none, channels contiguous."""
    height, width, _ = image.shape
    around = (0, 0, -left, right - width, max(0, -top), max(0, bottom - height))
    return functional.pad(image[max(0, top) : bottom], around).contiguous()
