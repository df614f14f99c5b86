"""A margin to paint over the edge on, cut off in the end.

The network pads its layers with zeros, so what it sees at a border is unlike anything inside, and a line or a band is
painted along it. On a canvas that is larger than the picture all round, that happens where nobody will look.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

MARGIN = 16


def framed(picture: Tensor) -> Tensor:
    """`picture` with a margin m of its mirror image, `(1, 3, H, W) → (1, 3, H + 2m, W + 2m)`."""
    return functional.pad(picture, (_margin(picture.shape[-2], picture.shape[-1]),) * 4, mode="reflect")


def framed_size(height: int, width: int) -> tuple[int, int]:
    """Height and width of a picture in its margin."""
    m = _margin(height, width)
    return height + 2 * m, width + 2 * m


def unframed(canvas: Tensor, height: int, width: int) -> Tensor:
    """The `height`×`width` picture inside its margin; the inverse of `framed`."""
    m = _margin(height, width)
    return canvas[..., m : m + height, m : m + width]


def _margin(height: int, width: int) -> int:
    """A mirror image cannot be wider than what it mirrors."""
    return min(MARGIN, height - 1, width - 1)
