"""Strided convolutions whose weights learn faster on a CPU that computes in bfloat16.

The gradient of the weights is a matrix product: of the smaller map's positions with the patch of the larger map that
belongs to each. oneDNN's own kernel for it, by contrast with the two other passes, reaches half of what the processor
can multiply, and less where its memory happens to lie badly. Elsewhere, and in float32, nothing is different.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional
from torch.nn.grad import conv2d_input

STRIDE = 2
# With fewer channels in the larger map, its patches take longer to gather than the product saves.
WORTHWHILE = 64


class Convolution(nn.Conv2d):
    def forward(self, image: Tensor) -> Tensor:
        if self.stride[0] != STRIDE or not _pays(image, self.weight, self.in_channels):
            return super().forward(image)
        return _applied(image, self.weight, self.padding[0], transposed=False)


class TransposedConvolution(nn.ConvTranspose2d):
    def forward(self, image: Tensor, output_size: list[int] | None = None) -> Tensor:
        if self.stride[0] != STRIDE or output_size or not _pays(image, self.weight, self.out_channels):
            return super().forward(image, output_size)
        return _applied(image, self.weight, self.padding[0], transposed=True)


def _pays(image: Tensor, weight: Tensor, channels: int) -> bool:
    bfloat16 = torch.is_autocast_enabled("cpu") and torch.get_autocast_dtype("cpu") is torch.bfloat16
    return image.device.type == "cpu" and bfloat16 and weight.requires_grad and channels >= WORTHWHILE


def _applied(image: Tensor, weight: Tensor, padding: int | str, transposed: bool) -> Tensor:
    operands = (image.bfloat16(), weight.bfloat16())
    return cast(Tensor, _Strided.apply(*operands, padding, transposed))  # type: ignore[no-untyped-call]


class _Strided(torch.autograd.Function):
    """Both kinds in one: what is a transposed convolution forwards is a convolution backwards."""

    @staticmethod
    def forward(ctx: Any, image: Tensor, weight: Tensor, padding: int, transposed: bool) -> Tensor:
        ctx.save_for_backward(image, weight)
        ctx.padding, ctx.transposed = padding, transposed
        convolve = functional.conv_transpose2d if transposed else functional.conv2d
        return convolve(image, weight, None, STRIDE, padding)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None, None]:
        image, weight = ctx.saved_tensors
        of_image = of_weight = None
        if ctx.needs_input_grad[0]:
            of_image = _of_image(gradient, image.shape, weight, ctx.padding, ctx.transposed)
        if ctx.needs_input_grad[1]:
            small, large = (image, gradient) if ctx.transposed else (gradient, image)
            of_weight = _of_weight(small, large, weight, ctx.padding)
        return of_image, of_weight, None, None


def _of_image(gradient: Tensor, shape: torch.Size, weight: Tensor, padding: int, transposed: bool) -> Tensor:
    if transposed:
        return functional.conv2d(gradient, weight, None, STRIDE, padding)
    return cast(Tensor, conv2d_input(shape, weight, gradient, STRIDE, padding))  # type: ignore[no-untyped-call]


def _of_weight(small: Tensor, large: Tensor, weight: Tensor, padding: int) -> Tensor:
    """Σ small[n, a, i, j] · large[n, b, 2i + u − padding, 2j + v − padding] over n, i and j: `(a, b, u, v)`.

    `small`: `(N, a, h, w)`; `large`: `(N, b, H, W)`.
    """
    a, b, u, v = weight.shape
    by_position = small.permute(0, 2, 3, 1).reshape(-1, a)
    patches = _patches(large, u, v, padding, small.shape[2:])
    return (by_position.T @ patches.reshape(-1, u * v * b)).view(a, u, v, b).permute(0, 3, 1, 2)


def _patches(large: Tensor, u: int, v: int, padding: int, places: torch.Size) -> Tensor:
    """The u × v patch of each place, channels last: `(N, h, w, u, v · b)`, a view."""
    padded = functional.pad(large.permute(0, 2, 3, 1), (0, 0, padding, padding, padding, padding)).contiguous()
    count, _, _, b = padded.shape
    n, row, column, _ = padded.stride()
    return padded.as_strided((count, *places, u, v * b), (n, STRIDE * row, STRIDE * column, row, 1))
