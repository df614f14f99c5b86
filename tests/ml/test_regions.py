"""Styles for parts of the picture: the guided Gram matrices against NumPy in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ml.regions import Region, blended
from ml.styles import GramStyle, LayerStyle, Moments
from ml.tiling import tiles

WEIGHTS = {"relu1_1": 0.6, "relu3_1": 0.4}
SHAPES = {"relu1_1": (2, 16, 24), "relu3_1": (3, 4, 6)}


@pytest.fixture
def features() -> dict[str, np.ndarray]:
    generator = np.random.default_rng(0)
    return {layer: generator.standard_normal(shape) for layer, shape in SHAPES.items()}


@pytest.fixture
def wanted() -> dict[str, np.ndarray]:
    generator = np.random.default_rng(1)
    halves = {layer: generator.standard_normal((shape[0], shape[0])) for layer, shape in SHAPES.items()}
    return {layer: half + half.T for layer, half in halves.items()}


@pytest.fixture
def mask() -> np.ndarray:
    """Black, then a soft edge, then white; three columns of `relu3_1` see white alone."""
    return np.tile(np.repeat([0.0, 0.25, 0.5, 1, 1, 1], 4), (16, 1))


def tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(array).float()


def tensors(arrays: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    return {layer: tensor(array)[None] for layer, array in arrays.items()}


def loss(region: Region, features: dict[str, torch.Tensor], evenness: float) -> torch.Tensor:
    """What the region asks of a whole picture with these features."""
    (whole,) = tiles(16, 24)
    places = {layer: whole.at(layer) for layer in features}
    return region.distance(region.moments(features, places, evenness), places, evenness)


def wanting(grams: dict[str, np.ndarray], **weights: float) -> dict[str, LayerStyle]:
    return {layer: GramStyle(weight, tensor(grams[layer])) for layer, weight in (weights or WEIGHTS).items()}


def by_definition(features: dict[str, np.ndarray], wanted: dict[str, np.ndarray], mask: np.ndarray) -> float:
    """Σ_l w_l ‖Σ_k T_k F_k F_kᵀ / Σ_k T_k − A_l‖², T being the mask averaged over each position."""
    total = 0.0
    for layer, w_l in WEIGHTS.items():
        channels, height, width = features[layer].shape
        T = mask.reshape(height, 16 // height, width, 24 // width).mean((1, 3)).ravel()
        F = features[layer].reshape(channels, -1)
        G, A = (F * T) @ F.T / T.sum(), wanted[layer]
        total += w_l * np.sum((G - A) ** 2)
    return total


def test_a_regions_loss_is_that_of_its_guided_gram_matrices(
    features: dict[str, np.ndarray], wanted: dict[str, np.ndarray], mask: np.ndarray
) -> None:
    region = Region(wanting(wanted), torch.from_numpy(mask).float()[None, None])

    assert region.area == pytest.approx(mask.mean())
    assert float(loss(region, tensors(features), 0)) == pytest.approx(by_definition(features, wanted, mask), rel=1e-5)


@pytest.mark.parametrize("evenness", [0, 0.3])
def test_a_white_mask_is_no_mask(
    features: dict[str, np.ndarray], wanted: dict[str, np.ndarray], evenness: float
) -> None:
    everywhere, white = Region(wanting(wanted)), Region(wanting(wanted), torch.ones(1, 1, 16, 24))

    losses = [float(loss(region, tensors(features), evenness)) for region in (everywhere, white)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_nothing_is_asked_where_the_mask_is_black(
    features: dict[str, np.ndarray], wanted: dict[str, np.ndarray], mask: np.ndarray
) -> None:
    F = tensors(features)["relu3_1"].requires_grad_()
    region = Region(wanting(wanted, relu3_1=1.0), torch.from_numpy(mask).float()[None, None])

    loss(region, {"relu3_1": F}, 0.3).backward()

    assert F.grad is not None
    assert not F.grad[..., 0].any()
    assert F.grad[..., 1:].all()


def test_a_black_mask_asks_for_nothing(features: dict[str, np.ndarray], wanted: dict[str, np.ndarray]) -> None:
    region = Region(wanting(wanted), torch.zeros(1, 1, 16, 24))

    assert float(loss(region, tensors(features), 0.3)) == 0


def test_blended_styles_are_averaged_by_weight() -> None:
    styles = [{"relu1_1": Moments(torch.full((2, 2), value), torch.full((2,), value))} for value in (1.0, 5.0)]

    blend = blended(styles, [0.75, 0.25])["relu1_1"]

    assert torch.equal(blend.gram, torch.full((2, 2), 2.0))
    assert torch.equal(blend.mean, torch.full((2,), 2.0))
