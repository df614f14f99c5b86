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

from ml.products import summed_products

# Windows along the longer side.
ACROSS = 3
# Up to so many positions a channel, a layer's positions are compared with each other instead of its channels by window.
FEW_POSITIONS = 2


@dataclass(frozen=True, eq=False)
class Window:
    """A soft-edged part of a layer: where it lies, and the weight of each position there, `(h, w)` in 0–1."""

    rows: slice
    columns: slice
    weight: Tensor

    def of(self, features: Tensor) -> Tensor:
        """The features inside, one position a row: `(1, C, H, W) → (h·w, C)`."""
        return _by_row(features[..., self.rows, self.columns])


class Windows:
    """Overlapping windows over an H×W layer, whose weights sum to 1 at every position, or to a mask's value there."""

    def __init__(self, windows: Sequence[Window], sums: Tensor | None = None) -> None:
        """`sums`: the whole weight of each window, `(R,)`, where `windows` are only what a tile sees of them. Raises
        ValueError where there is nothing in any window."""
        if sums is None:
            weighty = [(window, total) for window in windows if (total := float(window.weight.sum())) > 0]
            if not weighty:
                raise ValueError("the windows hold nothing")
            windows = [window for window, _ in weighty]
            sums = torch.tensor([total for _, total in weighty], device=windows[0].weight.device)
        self.windows, self.sums = windows, sums
        self.shares = sums / sums.sum()
        self._by_position: tuple[Tensor, Tensor] | None = None

    @staticmethod
    def over(height: int, width: int, across: int, device: torch.device) -> Windows:
        """A grid for a layer of `height`×`width`, with `across` windows along the longer side."""
        return _grid(height, width, across, device)

    def within(self, mask: Tensor) -> Windows:
        """These windows where `mask`, `(H, W)` in 0–1, lets see. Raises ValueError where it lets nothing be seen."""
        return Windows(
            [
                Window(window.rows, window.columns, window.weight * mask[window.rows, window.columns])
                for window in self.windows
            ]
        )

    def part(self, rows: slice, columns: slice) -> Windows:
        """What lies of these windows in a part of the layer, counted from the part's own corner. The Gram matrices of
        parts that make up the layer sum to those of the layer."""
        return Windows([_cut(window, rows, columns) for window in self.windows], self.sums)

    def mean_and_spread(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """`mean_and_spread` of the Gram matrices of a whole layer, `(1, C, H, W)`, in the way that is faster for it."""
        channels, height, width = features.shape[1:]
        if height * width > FEW_POSITIONS * channels:
            return mean_and_spread(self.grams(features), self.shares)
        return cast(tuple[Tensor, Tensor], _ByPosition.apply(features, self))  # type: ignore[no-untyped-call]

    def by_position(self, height: int, width: int) -> tuple[Tensor, Tensor]:
        """What `_ByPosition` calls t, `(H·W,)`, and A, `(H·W, H·W)`."""
        if self._by_position is None:
            whole = self.sums.new_zeros(len(self.windows), height, width)
            for layer, window, total in zip(whole, self.windows, self.sums, strict=True):
                layer[window.rows, window.columns] = window.weight / total
            t_r = whole.flatten(1)
            t = self.shares @ t_r
            self._by_position = t, (t_r.mT * self.shares) @ t_r - torch.outer(t, t)
        return self._by_position

    def grams(self, features: Tensor) -> Tensor:
        """Each window's guided Gram matrix G_r = Σ_k T_k F_k F_kᵀ / Σ_k T_k, `(1, C, H, W) → (R, C, C)` ([G17] eq. 4,
        with the window's weights T in place of the paper's T²)."""
        return cast(Tensor, _Grams.apply(features, self))  # type: ignore[no-untyped-call]

    def means(self, features: Tensor) -> Tensor:
        """Each window's mean Σ_k T_k F_k / Σ_k T_k, `(1, C, H, W) → (R, C)`."""
        parts = zip(self.windows, self.sums, strict=True)
        return torch.stack([window.weight.flatten() @ window.of(features).float() / total for window, total in parts])


def mean_and_spread(grams: Tensor, shares: Tensor) -> tuple[Tensor, Tensor]:
    """Of a layer's Gram matrices `(R, C, C)`, each with its share m_r of the layer, `(R,)`, sum 1: their mean
    G = Σ_r m_r G_r `(C, C)`, and their spread Σ_r m_r ‖G_r − G‖²_F, a scalar."""
    return cast(tuple[Tensor, Tensor], _MeanAndSpread.apply(grams, shares))  # type: ignore[no-untyped-call]


class _Grams(torch.autograd.Function):
    """Window by window: autograd would copy the layer for every window."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, grid: Windows) -> Tensor:
        ctx.save_for_backward(features)
        ctx.grid = grid
        channels = features.shape[1]
        grams = torch.empty(len(grid.windows), channels, channels, device=features.device)
        for window, total, gram in zip(grid.windows, grid.sums, grams, strict=True):
            summed_products(window.of(features), (window.weight / total).flatten(), out=gram)
        return grams

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        """dL/dF = 2 Σ_r T_r D_r F / Σ T_r with D_r = dL/dG_r, which is symmetric as all that is made of G_r here is."""
        (features,), (D,) = ctx.saved_tensors, gradients
        total = torch.zeros_like(features, memory_format=torch.channels_last)
        for window, D_r, whole in zip(ctx.grid.windows, D, ctx.grid.sums, strict=True):
            part = total[0].permute(1, 2, 0)[window.rows, window.columns]
            product = (window.of(features) @ (2 / whole * D_r).to(features.dtype)).view(part.shape)
            part.addcmul_(product, window.weight.unsqueeze(-1).to(features.dtype))
        return total, None


class _MeanAndSpread(torch.autograd.Function):
    """Both at once: autograd's derivative needs several passes over all Gram matrices where one does."""

    @staticmethod
    def forward(ctx: Any, grams: Tensor, shares: Tensor) -> tuple[Tensor, Tensor]:
        """The spread as Σ_r m_r ‖G_r‖² − ‖G‖², for which the deviations need not be laid out."""
        G = (shares @ grams.flatten(1)).view_as(grams[0])
        ctx.save_for_backward(grams, G, shares)
        squares = torch.linalg.vector_norm(grams, dim=(1, 2)).square()
        return G, (shares @ squares - G.square().sum()).clamp(min=0)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        """dL/dG_r = m_r (D + 2 b (G_r − G)), with D and b the gradients to the two: what G changes in the spread
        cancels, because G is the mean."""
        grams, G, shares = ctx.saved_tensors
        D, b = gradients
        return torch.addcmul(D - 2 * b * G, 2 * b, grams).mul_(shares.view(-1, 1, 1)), None


class _ByPosition(torch.autograd.Function):
    """The mean and the spread of windows over few positions, without any window's Gram matrix.

    With K = F Fᵀ, all positions by all positions, ⟨G_r, G_s⟩ = Σ_kl t_rk t_sl K_kl². So the spread, which is
    Σ_r m_r ‖G_r‖² − ‖G‖², is Σ_kl A_kl K_kl² with t_r = T_r / Σ_k T_rk, t = Σ_r m_r t_r and
    A = Σ_r m_r t_r t_rᵀ − t tᵀ.
    """

    @staticmethod
    def forward(ctx: Any, features: Tensor, grid: Windows) -> tuple[Tensor, Tensor]:
        F = _by_row(features)
        t, A = grid.by_position(*features.shape[2:])
        K = summed_products(F.mT)
        AK = A * K
        ctx.save_for_backward(features, t, AK)
        return summed_products(F, t), (AK * K).sum().clamp(min=0)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        """dL/dF = 2 t F D + 4 b (A ∘ K) F, with D and b the gradients to the two; D is symmetric, as in `_Grams`."""
        features, t, AK = ctx.saved_tensors
        D, b = gradients
        F = _by_row(features)
        total = t[:, None] * (F @ (2 * D).to(F.dtype)) + (4 * b * AK).to(F.dtype) @ F
        return total.to(F.dtype).view(*features.shape[2:], -1).permute(2, 0, 1)[None], None


def _by_row(features: Tensor) -> Tensor:
    """One position a row, `(1, C, H, W) → (H·W, C)`."""
    return features[0].permute(1, 2, 0).flatten(0, 1)


def _cut(window: Window, rows: slice, columns: slice) -> Window:
    (down, own_rows), (across, own_columns) = _overlap(window.rows, rows), _overlap(window.columns, columns)
    return Window(down, across, window.weight[own_rows, own_columns])


def _overlap(one: slice, other: slice) -> tuple[slice, slice]:
    """Where two stretches meet, counted from the start of `other` and from the start of `one`."""
    start = max(one.start, other.start)
    stop = max(start, min(one.stop, other.stop))
    return slice(start - other.start, stop - other.start), slice(start - one.start, stop - one.start)


@lru_cache(maxsize=16)
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
    """`count` overlapping windows over `length` positions (fewer where positions are few), each fading in a line up to
    the middles of its neighbours, because where it faded faster a straight edge would be painted; the outermost stay
    at 1 from their middles on."""
    count = max(1, min(count, length // 2))
    place = ((torch.arange(length) + 0.5) * count / length - 0.5).clamp(0, count - 1)
    hats = []
    for middle in range(count):
        hat = (1 - (place - middle).abs()).clamp(min=0)
        first, last = hat.nonzero()[[0, -1], 0].tolist()
        part = slice(first, last + 1)
        hats.append((part, hat[part]))
    return hats
