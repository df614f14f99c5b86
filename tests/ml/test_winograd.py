"""A quarter of the multiplications give the convolution and its gradient."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from ml import winograd
from ml.features import FeatureNetwork
from ml.winograd import WinogradConvolution

# A single pixel, sides that tiles divide and that they do not, more than one band of tiles.
SIZES = [(1, 1), (2, 3), (8, 8), (7, 13), (37, 75)]
# What float32 loses in it, to the largest value.
ROUNDING = 1e-4


def parameters(channels: int = 5, made: int = 3) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(made, channels, 3, 3, generator=generator), torch.randn(made, generator=generator)


def images(height: int, width: int, count: int = 1, channels: int = 5) -> Tensor:
    return torch.randn(count, channels, height, width, generator=torch.Generator().manual_seed(1))


def directly(image: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return functional.conv2d(image, weight, bias, padding=1)


def largest_difference(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).abs().max() / expected.abs().max())


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("size", SIZES)
def test_it_is_the_convolution(size: tuple[int, int], layout: torch.memory_format) -> None:
    weight, bias = parameters()
    image = images(*size).to(memory_format=layout)

    made = WinogradConvolution(weight, bias)(image)

    assert made.is_contiguous(memory_format=torch.channels_last)
    assert largest_difference(made, directly(image.double(), weight.double(), bias.double())) < ROUNDING


@pytest.mark.parametrize("size", SIZES)
def test_its_gradient_is_that_of_the_convolution(size: tuple[int, int]) -> None:
    weight, bias = parameters()
    image, exact = images(*size).requires_grad_(), images(*size).double().requires_grad_()
    gradient = images(*size, channels=3)

    WinogradConvolution(weight, bias)(image).backward(gradient)
    directly(exact, weight.double(), bias.double()).backward(gradient.double())

    assert image.grad is not None
    assert exact.grad is not None
    assert largest_difference(image.grad, exact.grad) < ROUNDING


def test_images_side_by_side_have_the_results_that_they_have_alone() -> None:
    convolution = WinogradConvolution(*parameters())
    together = images(9, 14, count=3)

    made = convolution(together)

    assert all(torch.equal(convolution(one[None])[0], beside) for one, beside in zip(together, made, strict=True))


def test_it_is_for_many_channels_in_float32() -> None:
    many = torch.zeros(128, 128, 3, 3)

    assert winograd.pays(many)
    assert not winograd.pays(many.bfloat16())
    assert not winograd.pays(torch.zeros(128, 64, 3, 3))


def test_the_network_sees_the_same_by_it(network: FeatureNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = "relu5_1"
    image = torch.rand(1, 3, 44, 60, generator=torch.Generator().manual_seed(0))
    weights = {name: value for name, value in network.state_dict().items() if name.startswith("conv")}
    monkeypatch.setattr(winograd, "pays", lambda weight: False)

    direct = FeatureNetwork(network.name, weights, network.devices)

    assert isinstance(network.get_submodule("conv3_2"), WinogradConvolution)
    assert not isinstance(direct.get_submodule("conv3_2"), WinogradConvolution)
    assert largest_difference(network(image, [layer])[layer], direct(image, [layer])[layer]) < ROUNDING
