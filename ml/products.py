"""Sums of products of features, which Gram matrices are made of, in float32 whatever the precision of the features."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

# Positions taken together: their float32 copies stay in the processor's cache.
AT_ONCE = 2**14


def summed_products(F: Tensor, weight: Tensor | None = None, out: Tensor | None = None) -> Tensor:
    """Σ_k T_k F_k F_kᵀ over positions k, `(M, C) → (C, C)` in float32; `weight`: T, `(M,)`, none: 1 everywhere. Written
    to `out` where that is given."""
    total = torch.empty(F.shape[1], F.shape[1], device=F.device) if out is None else out
    with _multiplying_in(F.dtype):
        for start in range(0, max(len(F), 1), AT_ONCE):
            part = F[start : start + AT_ONCE].float()
            weighted = part if weight is None else part * weight[start : start + AT_ONCE, None]
            total.addmm_(weighted.mT, part, beta=min(start, 1))
    return total


@contextmanager
def _multiplying_in(dtype: torch.dtype) -> Iterator[None]:
    """Have a CPU multiply float32 matrices in bfloat16, if that is `dtype`, and sum in float32: for values that came
    from bfloat16 nothing is lost, and it takes half the time. (A product of bfloat16 matrices would round its sums.)"""
    matmul = torch.backends.mkldnn.matmul  # type: ignore[attr-defined]
    before = matmul.fp32_precision
    matmul.fp32_precision = "bf16" if dtype == torch.bfloat16 else before
    try:
        yield
    finally:
        matmul.fp32_precision = before
