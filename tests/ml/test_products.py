"""Sums of products against float64, in either precision and whatever the number of positions."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from ml.products import AT_ONCE, summed_products


def in_float64(F: Tensor, weight: Tensor) -> Tensor:
    return (F.double() * weight.double()[:, None]).mT @ F.double()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize("positions", [0, 7, AT_ONCE + 3])
def test_the_sum_is_as_exact_as_float32_of_the_features_as_they_are(dtype: torch.dtype, positions: int) -> None:
    F = torch.randn(positions, 8, generator=torch.Generator().manual_seed(0)).to(dtype)

    found = summed_products(F)

    assert found.dtype == torch.float32
    expected = in_float64(F, torch.ones(positions))
    assert float((found - expected).norm()) <= 1e-5 * float(expected.norm())


@pytest.mark.parametrize(("dtype", "exact"), [(torch.float32, 1e-5), (torch.bfloat16, 1e-3)], ids=str)
def test_positions_count_by_their_weight(dtype: torch.dtype, exact: float) -> None:
    random = torch.Generator().manual_seed(0)
    F, weight = torch.randn(AT_ONCE + 3, 8, generator=random).to(dtype), torch.rand(AT_ONCE + 3, generator=random)

    expected = in_float64(F, weight)
    assert float((summed_products(F, weight) - expected).norm() / expected.norm()) < exact


def test_other_products_are_left_in_the_precision_they_had() -> None:
    before = torch.backends.mkldnn.matmul.fp32_precision

    summed_products(torch.ones(4, 2, dtype=torch.bfloat16))

    assert torch.backends.mkldnn.matmul.fp32_precision == before
