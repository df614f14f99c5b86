"""How evenly the style lies over the picture.

The Gram matrices of a whole picture are matched as well by half of it in full style as by all of it in a fainter one,
and the first costs the content less: what is left over stays a photograph. So the picture is also seen through
overlapping windows, and the spread of their Gram matrices is a cost of its own.

[G17] Gatys, Ecker, Bethge, Hertzmann, Shechtman: Controlling Perceptual Factors in Neural Style Transfer, CVPR 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import torch
from torch import Tensor

# Windows along the longer side, and the part of a window's width over which it fades into the next.
ACROSS = 4
FADE = 0.5


@dataclass(frozen=True, eq=False)
class Window:
    """A soft-edged part of a layer: where it lies, and the weight of each position there, `(h, w)` in 0–1."""

    rows: slice
    columns: slice
    weight: Tensor

    def of(self, features: Tensor) -> Tensor:
        """The features inside, one position a row: `(1, C, H, W) → (h·w, C)`."""
        return features[0].permute(1, 2, 0)[self.rows, self.columns].reshape(-1, features.shape[1])


class Windows:
    """Overlapping windows over an H×W layer, whose weights sum to 1 at every position, or to a mask's value there."""

    def __init__(self, windows: Sequence[Window]) -> None:
        """Raises ValueError where there is nothing in any window."""
        weighty = [(window, total) for window in windows if (total := float(window.weight.sum())) > 0]
        if not weighty:
            raise ValueError("the windows hold nothing")
        self.windows = [window for window, _ in weighty]
        sums = torch.tensor([total for _, total in weighty], device=windows[0].weight.device)
        self.total = float(sums.sum())
        self.shares = sums / self.total

    @classmethod
    def over(cls, features: Tensor, across: int = ACROSS) -> Windows:
        """A grid for `features`, `(1, C, H, W)`, with `across` windows along the longer side."""
        return _grid(features.shape[2], features.shape[3], across, features.device)

    def within(self, mask: Tensor) -> Windows:
        """These windows where `mask`, `(H, W)` in 0–1, lets see. Raises ValueError where it lets nothing be seen."""
        return Windows(
            [
                Window(window.rows, window.columns, window.weight * mask[window.rows, window.columns])
                for window in self.windows
            ]
        )

    def compare(self, features: Tensor, A: Tensor) -> tuple[Tensor, Tensor]:
        """Two scalars for `features`, `(1, C, H, W)`: distance from the style, and how its parts differ.

        The distance is ‖G − A‖²_F from the Gram matrix wanted, A `(1, C, C)`; the spread is Σ_r m_r ‖G_r − G‖²_F with
        m_r the window's share of the layer, and G_r = Σ_k T_k F_k F_kᵀ / Σ_k T_k its guided Gram matrix ([G17] eq. 4,
        with the window's weights in place of the paper's T²), whose mean is G.
        """
        return cast(tuple[Tensor, Tensor], _Compare.apply(features, A, self))  # type: ignore[no-untyped-call]


class _Compare(torch.autograd.Function):
    """Both at once, window by window: autograd would copy the layer for every window, and its derivative needs several
    passes over all Gram matrices where one does."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, A: Tensor, grid: Windows) -> tuple[Tensor, Tensor]:
        grams = torch.stack([_gram(window.of(features), window.weight) for window in grid.windows])
        G = (grid.shares @ grams.flatten(1)).view_as(A)
        deviations = grams.sub_(G)
        ctx.save_for_backward(features, G - A, deviations)
        ctx.grid = grid
        return (G - A).square().sum(), grid.shares @ torch.linalg.vector_norm(deviations, dim=(1, 2)).square()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        """dL/dF = (4 / M) Σ_r T_r (a (G − A) + b (G_r − G)) F, with a and b the gradients to the two scalars.

        It follows from m_r = Σ T_r / M, with M the sum of all weights, and from all these matrices being symmetric.
        """
        features, distance, deviations = ctx.saved_tensors
        a, b = (4 * gradient / ctx.grid.total for gradient in gradients)
        total = torch.zeros_like(features, memory_format=torch.channels_last)
        for window, deviation in zip(ctx.grid.windows, deviations, strict=True):
            D = torch.add(a * distance[0], b * deviation).to(features.dtype)
            part = total[0].permute(1, 2, 0)[window.rows, window.columns]
            product = (window.of(features) @ D).view(part.shape)
            part.addcmul_(product, window.weight.unsqueeze(-1).to(features.dtype))
        return total, None, None


def _gram(F: Tensor, weight: Tensor) -> Tensor:
    return (F * weight.view(-1, 1)).mT @ F.float() / weight.sum()


@lru_cache(maxsize=64)
def _grid(height: int, width: int, across: int, device: torch.device) -> Windows:
    size = max(height, width) / across
    return Windows(
        [
            Window(rows, columns, (down[:, None] * across).to(device))
            for rows, down in _hats(height, round(height / size))
            for columns, across in _hats(width, round(width / size))
        ]
    )


def _hats(length: int, count: int) -> list[tuple[slice, Tensor]]:
    """`count` overlapping windows over `length` positions (fewer where positions are few), each fading in a line into
    its neighbours; the outermost stay at 1 up to the edge."""
    count = max(1, min(count, length // 2))
    place = ((torch.arange(length) + 0.5) * count / length - 0.5).clamp(0, count - 1)
    hats = []
    for middle in range(count):
        hat = ((0.5 - (place - middle).abs()) / FADE + 0.5).clamp(0, 1)
        first, last = hat.nonzero()[[0, -1], 0].tolist()
        part = slice(first, last + 1)
        hats.append((part, hat[part]))
    return hats
