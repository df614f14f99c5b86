"""A quarter of the multiplications give the convolution and its gradient."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from ml import winograd
from ml.features import FeatureNetwork
from ml.winograd import WinogradConvolution

# A single pixel, sides that tiles divide, and sides that they do not.
SIZES = [(1, 1), (7, 9), (16, 16), (13, 15), (37, 75)]
# What float32 loses in it, to the largest value.
ROUNDING = 3e-5
BANDS = pytest.mark.parametrize("in_a_band", [winograd.IN_A_BAND, 8, 1])


def parameters(channels: int = 5, made: int = 3) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(made, channels, 3, 3, generator=generator), torch.randn(made, generator=generator)


def images(height: int, width: int, count: int = 1, channels: int = 5) -> Tensor:
    return torch.randn(count, channels, height, width, generator=torch.Generator().manual_seed(1))


def directly(image: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return functional.conv2d(image, weight, bias, padding=1)


def largest_difference(found: Tensor, expected: Tensor) -> float:
    return float((found - expected).abs().max() / expected.abs().max())


@BANDS
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("size", SIZES)
def test_it_is_the_convolution(
    size: tuple[int, int], layout: torch.memory_format, in_a_band: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(winograd, "IN_A_BAND", in_a_band)
    weight, bias = parameters()
    image = images(*size).to(memory_format=layout)

    made = WinogradConvolution(weight, bias)(image)

    assert largest_difference(made, directly(image.double(), weight.double(), bias.double())) < ROUNDING


@BANDS
@pytest.mark.parametrize("size", SIZES)
def test_its_gradient_is_that_of_the_convolution(
    size: tuple[int, int], in_a_band: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(winograd, "IN_A_BAND", in_a_band)
    weight, bias = parameters()
    image, exact = images(*size).requires_grad_(), images(*size).double().requires_grad_()
    gradient = images(*size, channels=3)

    WinogradConvolution(weight, bias)(image).backward(gradient)
    directly(exact, weight.double(), bias.double()).backward(gradient.double())

    assert image.grad is not None
    assert exact.grad is not None
    assert largest_difference(image.grad, exact.grad) < ROUNDING


@pytest.mark.parametrize("size", SIZES)
def test_images_side_by_side_have_the_results_that_they_have_alone(size: tuple[int, int]) -> None:
    convolution = WinogradConvolution(*parameters())
    together = images(*size, count=3)

    made = convolution(together)

    assert all(torch.equal(convolution(one[None])[0], beside) for one, beside in zip(together, made, strict=True))


def test_many_small_images_are_convolved_directly() -> None:
    weight, bias = parameters()
    samples = images(8, 8, count=winograd.MANY_IMAGES)

    assert torch.equal(WinogradConvolution(weight, bias)(samples), directly(samples, weight, bias))


def test_it_is_for_many_channels_in_float32_on_x86(monkeypatch: pytest.MonkeyPatch) -> None:
    many = torch.zeros(128, 128, 3, 3)

    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "AVX2")
    assert winograd.pays(many)
    assert not winograd.pays(many.bfloat16())
    assert not winograd.pays(torch.zeros(128, 64, 3, 3))
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "SVE256")
    assert not winograd.pays(many)


def test_the_network_sees_the_same_by_it(network: FeatureNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = {name: value for name, value in network.state_dict().items() if name.startswith("conv")}
    image = torch.rand(1, 3, 132, 148, generator=torch.Generator().manual_seed(0))
    results = {}

    for faster in (True, False):
        monkeypatch.setattr(
            winograd, "pays", (lambda weight: weight.shape[1] >= 128) if faster else lambda weight: False
        )
        made = FeatureNetwork(network.name, weights, network.devices)
        assert isinstance(made.get_submodule("conv4_2"), WinogradConvolution) is faster
        results[faster] = seen_and_gradient(made, image)

    for found, expected in zip(results[True], results[False], strict=True):
        assert float((found - expected).norm() / expected.norm()) < 1e-3


def seen_and_gradient(network: FeatureNetwork, image: Tensor) -> tuple[Tensor, Tensor]:
    """The features of a deep layer, and the gradient of their energy."""
    image = image.clone().requires_grad_()
    features = network(image, ["relu5_1"])["relu5_1"]
    (gradient,) = torch.autograd.grad(features.square().sum(), image)
    return features.detach(), gradient
