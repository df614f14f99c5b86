"""The faster way to the weights' gradient gives the gradient that PyTorch's own layers give."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from ml import convolutions
from ml.convolutions import Convolution, TransposedConvolution

LAYERS = [
    pytest.param(Convolution, nn.Conv2d, (64, 70), (12, 18), 1, id="a discriminator's"),
    pytest.param(TransposedConvolution, nn.ConvTranspose2d, (70, 64), (6, 9), 1, id="a single generator's"),
    pytest.param(TransposedConvolution, nn.ConvTranspose2d, (70, 64), (6, 9), 2, id="a field generator's"),
]


@pytest.fixture
def products(monkeypatch: pytest.MonkeyPatch) -> list[Tensor]:
    """The gradients found by the faster way."""
    found: list[Tensor] = []
    matrix_product = convolutions._of_weight

    def listened(*given: object) -> Tensor:
        found.append(matrix_product(*given))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr(convolutions, "_of_weight", listened)
    return found


def trained(layer: nn.Module, image: Tensor, bfloat16: bool) -> tuple[Tensor, Tensor, Tensor]:
    """The output, and the gradients of the image and the weights."""
    image = image.clone().requires_grad_()
    with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
        output = layer(image)
    (output.float() * torch.linspace(-1, 1, output.numel()).view(output.shape)).sum().backward()  # type: ignore[no-untyped-call]
    return output.float(), image.grad, layer.weight.grad  # type: ignore[return-value]


@pytest.mark.parametrize(("faster", "plain", "channels", "sides", "padding"), LAYERS)
def test_gradients_in_bfloat16_are_those_of_float32_up_to_its_rounding(
    faster: type[nn.Module],
    plain: type[nn.Module],
    channels: tuple[int, int],
    sides: tuple[int, int],
    padding: int,
    products: list[Tensor],
) -> None:
    torch.manual_seed(0)
    layer, reference = (kind(*channels, 4, 2, padding, bias=False) for kind in (faster, plain))
    reference.load_state_dict(layer.state_dict())
    image = torch.randn(3, channels[0], *sides)

    results = trained(layer.to(memory_format=torch.channels_last), image, bfloat16=True)  # type: ignore[call-overload]

    assert len(products) == 1
    for result, expected in zip(results, trained(reference, image, bfloat16=False), strict=True):
        assert torch.linalg.vector_norm(result - expected) < 0.01 * torch.linalg.vector_norm(expected)


def test_float32_is_computed_as_ever(products: list[Tensor]) -> None:
    trained(Convolution(64, 70, 4, 2, 1, bias=False), torch.randn(2, 64, 8, 8), bfloat16=False)

    assert not products


def test_weights_that_stand_still_cost_no_gradient(products: list[Tensor]) -> None:
    layer = Convolution(64, 70, 4, 2, 1, bias=False).requires_grad_(False)
    image = torch.randn(2, 64, 8, 8, requires_grad=True)

    with torch.autocast("cpu", torch.bfloat16):
        layer(image).float().sum().backward()

    assert image.grad is not None
    assert not products
