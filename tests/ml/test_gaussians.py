"""The distance of two Gaussians against NumPy in float64, and its derivative."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ml.features import FeatureNetwork
from ml.gaussians import FLOOR, Gaussian
from ml.losses import gram

Moments = tuple[np.ndarray, np.ndarray]


def moments(seed: int, channels: int = 4, positions: int = 50) -> Moments:
    """Mean and Gram matrix of random activations."""
    random = np.random.default_rng(seed)
    F = random.standard_normal((channels, channels)) @ random.standard_normal((channels, positions)) + 0.5
    return F.mean(1), F @ F.T / positions


def root(matrix: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(values)) @ vectors.T


def by_definition(painting: Moments, style: Moments) -> float:
    """‖μ − ν‖² + tr(Σ + T − 2 (T^½ Σ T^½)^½), with the floor under both."""
    (mean, gram), (wanted_mean, wanted_gram) = painting, style
    T = wanted_gram - np.outer(wanted_mean, wanted_mean)
    floor = FLOOR * np.linalg.eigvalsh(T)[-1] * np.eye(len(mean))
    S, T = gram - np.outer(mean, mean) + floor, T + floor
    overlap = root(root(T) @ S @ root(T))
    return float(np.sum((mean - wanted_mean) ** 2) + np.trace(S + T - 2 * overlap))


def tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(array).float()


def test_the_distance_is_that_of_the_definition() -> None:
    painting, style = moments(1), moments(2)

    found = Gaussian(*map(tensor, style)).distance(*map(tensor, painting))

    assert float(found) == pytest.approx(by_definition(painting, style), rel=1e-4)


def test_a_gaussian_is_at_no_distance_from_itself() -> None:
    style = [tensor(moment) for moment in moments(1, channels=64, positions=4000)]

    found = float(Gaussian(*style).distance(*style))

    assert abs(found) < 1e-5 * float(style[1].trace())


def test_the_gradient_is_its_derivative() -> None:
    (mean, gram), style = moments(1), moments(2)
    leaves = [tensor(mean).requires_grad_(), tensor(gram).requires_grad_()]

    Gaussian(*map(tensor, style)).distance(*leaves).backward()

    for leaf, moment in zip(leaves, (mean, gram), strict=True):
        # A Gram matrix is symmetric, and so is every change of it.
        direction = np.random.default_rng(3).standard_normal(moment.shape)
        direction = direction + direction.T
        step = 1e-6 * direction
        up, down = (
            by_definition((mean + sign * step, gram) if moment is mean else (mean, gram + sign * step), style)
            for sign in (1, -1)
        )
        assert leaf.grad is not None
        assert float((leaf.grad * tensor(direction)).sum()) == pytest.approx((up - down) / 2e-6, rel=1e-3)


def test_flat_activations_have_a_gradient() -> None:
    """A picture of one colour has no covariance: the root's derivative must not be infinite there."""
    mean = torch.ones(8, requires_grad=True)
    gram = torch.ones(8, 8, requires_grad=True)

    Gaussian(*map(tensor, moments(1, channels=8))).distance(mean, gram).backward()

    assert gram.grad is not None
    assert gram.grad.isfinite().all()


def test_a_flat_style_can_be_wanted() -> None:
    flat = Gaussian(torch.ones(4), torch.ones(4, 4))

    assert torch.isfinite(flat.distance(*map(tensor, moments(1))))


@pytest.mark.parametrize("nothing", [np.nan, np.inf])
def test_activations_that_are_no_numbers_have_a_distance_that_is_none(nothing: float) -> None:
    """By which the optimiser knows to go back; an error would end the painting."""
    gram = torch.full((4, 4), nothing, requires_grad=True)

    distance = Gaussian(*map(tensor, moments(1))).distance(torch.zeros(4), gram)
    distance.backward()

    assert distance.isnan()


@pytest.mark.parametrize("layer", ["relu5_1", "relu5_2", "relu5_3"])
@pytest.mark.parametrize("side", [24, 48, 96])
def test_a_style_with_far_fewer_positions_than_channels_can_be_wanted(
    network: FeatureNetwork, layer: str, side: int
) -> None:
    """Most of its covariance's eigenvalues are 0, over which LAPACK gives up in float32."""
    noise = torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(1))
    F = network(noise, [layer])[layer]

    moments = F.mean((2, 3))[0].requires_grad_(), gram(F)[0].requires_grad_()
    distance = Gaussian(*(moment.detach() for moment in moments)).distance(*moments)
    distance.backward()

    assert distance.isfinite()
    assert all(moment.grad is not None and moment.grad.isfinite().all() for moment in moments)
