from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch._subclasses import FakeTensorMode

import ml
from ml.features import MEAN, STD, FeatureNetwork, kept_a_pixel, spread
from ml.layers import ARCHITECTURES, Pooling
from ml.objective import Objective
from ml.styles import Moments
from ml.tiling import tiles

LAYERS = tuple(f"relu{block}_1" for block in range(1, 6))


def picture(height: int = 12, width: int = 10, seed: int = 0) -> torch.Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed))


def convolved(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """A 3×3 convolution of (C, H+2, W+2) and the rectifier, in float64."""
    height, width = x.shape[1] - 2, x.shape[2] - 2
    patches = np.stack([x[:, i : i + height, j : j + width] for i in range(3) for j in range(3)])
    kernel = weight.transpose(2, 3, 0, 1).reshape(9, *weight.shape[:2])
    return np.maximum(np.einsum("koc,kchw->ohw", kernel, patches) + bias[:, None, None], 0)


def padded(x: np.ndarray, mode: str) -> np.ndarray:
    return np.pad(x, ((0, 0), (1, 1), (1, 1)), mode=mode)  # type: ignore[call-overload]


def parameters(network: FeatureNetwork, layer: str) -> tuple[np.ndarray, np.ndarray]:
    convolution = network.get_submodule(layer)
    return tuple(p.detach().double().numpy() for p in (convolution.weight, convolution.bias))  # type: ignore[union-attr, return-value]


@pytest.mark.parametrize(("pooling", "pool"), [("max", np.max), ("average", np.mean)])
def test_the_first_three_layers_are_convolutions_rectifiers_and_a_pool(
    network: FeatureNetwork, pooling: Pooling, pool: Callable[..., np.ndarray]
) -> None:
    image = picture()
    activations = network(image, ["relu1_1", "relu1_2", "relu2_1"], pooling)

    x = (image[0].double().numpy() - np.array(MEAN)[:, None, None]) / STD
    relu1_1 = convolved(padded(x, "edge"), *parameters(network, "conv1_1"))
    relu1_2 = convolved(padded(relu1_1, "constant"), *parameters(network, "conv1_2"))
    pooled = pool(relu1_2.reshape(64, 6, 2, 5, 2), axis=(2, 4))
    relu2_1 = convolved(padded(pooled, "constant"), *parameters(network, "conv2_1"))
    for name, expected in {"relu1_1": relu1_1, "relu1_2": relu1_2, "relu2_1": relu2_1}.items():
        np.testing.assert_allclose(activations[name][0], expected, rtol=1e-3, atol=1e-2)


def test_a_layer_is_the_same_whether_asked_for_alone_or_among_others(network: FeatureNetwork) -> None:
    alone, among = network(picture(), ["relu2_1"]), network(picture(), LAYERS)

    assert set(alone) == {"relu2_1"}
    assert set(among) == set(LAYERS)
    torch.testing.assert_close(alone["relu2_1"], among["relu2_1"])


def test_bfloat16_sees_nearly_the_same(network: FeatureNetwork) -> None:
    short = ml.load_network("vgg16", "cpu", "bf16")
    image = picture(64, 64)

    for layer in LAYERS:
        full, brief = network(image, [layer])[layer].flatten(), short(image, [layer])[layer].float().flatten()
        assert torch.cosine_similarity(full, brief, dim=0) > 0.999


@pytest.mark.parametrize(("height", "width"), [(1, 1), (17, 16), (33, 5)])
def test_any_size_passes_through(network: FeatureNetwork, height: int, width: int) -> None:
    deepest = network(picture(height, width), ["relu5_1"])["relu5_1"]

    assert deepest.shape == (1, 512, -(-height // 16), -(-width // 16))


def test_the_weights_are_frozen(network: FeatureNetwork) -> None:
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_layers_are_spread_over_devices_in_stretches_of_about_the_same_share(network: FeatureNetwork) -> None:
    devices = [torch.device("cuda", number) for number in range(2)]
    kept = {layer: kept_a_pixel(layer, network.channels(layer)) for layer in ARCHITECTURES["vgg16"]}

    places = spread(kept, devices)

    assert list(places) == list(ARCHITECTURES["vgg16"])
    numbers = [device.index for device in places.values()]
    assert numbers == sorted(numbers)
    shares = [sum(kept[layer] for layer in places if places[layer] == device) for device in devices]
    assert max(shares) < 0.55 * sum(kept.values())


def test_a_picture_goes_from_device_to_device_and_its_statistics_come_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """With devices that PyTorch only pretends to have: it refuses to compute with tensors of two of them."""
    monkeypatch.setattr("ml.features.digest", lambda weights: "")
    home, other = torch.device("cuda", 0), torch.device("cuda", 1)
    shapes = {name: p.shape for name, p in ml.load_network("vgg16", "cpu", "fp32").named_parameters()}
    with FakeTensorMode(), torch.no_grad():
        network = FeatureNetwork("vgg16", {name: torch.empty(shape) for name, shape in shapes.items()}, [home, other])
        features = network(torch.empty(1, 3, 64, 64, device=home), dict(ml.Settings().style_layers))
        objective = object.__new__(Objective)
        objective.network, objective.settings = network, ml.Settings()
        moments: dict[str, Moments] = {}
        objective._add_moments(moments, features, tiles(64, 64)[0])

    assert {feature.device for feature in features.values()} == {home, other}
    assert {part.gram.device for part in moments.values()} == {home}
