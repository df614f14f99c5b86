"""The Fréchet distance between two sets of pictures."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ml.features import FeatureNetwork
from ml.frechet import LAYER, Statistics, frechet_distance, statistics
from ml.tensors import to_tensor
from tests.factories import make_image


def gaussian(mean: list[float], covariance: list[list[float]]) -> Statistics:
    return Statistics(torch.tensor(mean).double(), torch.tensor(covariance).double())


def test_it_is_the_formula_where_the_covariances_commute() -> None:
    a = gaussian([1.0, 2.0], [[4.0, 0.0], [0.0, 9.0]])
    b = gaussian([0.0, 4.0], [[1.0, 0.0], [0.0, 16.0]])

    # |μ|²: 1 + 4; of each variance (√a − √b)²: (2 − 1)² + (3 − 4)².
    assert frechet_distance(a, b) == pytest.approx(7)


def test_it_is_the_formula_where_they_do_not() -> None:
    """Tr (Σ_a Σ_b)^½ through the eigenvalues of the product itself, in NumPy."""
    rng = np.random.default_rng(0)
    A, B = (part @ part.T for part in rng.normal(size=(2, 5, 5)))
    roots = np.sqrt(np.linalg.eigvals(A @ B).real)

    distance = frechet_distance(gaussian([0.0] * 5, A.tolist()), gaussian([0.0] * 5, B.tolist()))

    assert distance == pytest.approx(float(np.trace(A) + np.trace(B) - 2 * roots.sum()), rel=1e-6)


def test_it_is_nothing_from_itself_and_grows_with_the_difference(network: FeatureNetwork) -> None:
    pictures = torch.cat([to_tensor(make_image(48, 48, seed)) for seed in range(8)])
    real = statistics(network, [pictures])

    same = frechet_distance(real, statistics(network, pictures.split(3)))
    faded, more_faded = (
        frechet_distance(real, statistics(network, [torch.lerp(pictures, pictures.mean(), share)]))
        for share in (0.3, 0.9)
    )

    assert same == pytest.approx(0, abs=1e-3 * real.spread)
    assert 0 < faded < more_faded


def test_pictures_are_seen_as_the_mean_of_the_deepest_layer(network: FeatureNetwork) -> None:
    pictures = torch.cat([to_tensor(make_image(48, 48, seed)) for seed in range(3)])

    seen = network(pictures, {LAYER}, "average")[LAYER].double().mean((2, 3))

    torch.testing.assert_close(statistics(network, [pictures]).mean, seen.mean(0))
    covariance = statistics(network, [pictures]).covariance
    torch.testing.assert_close(covariance, seen.T.cov(), rtol=1e-3, atol=1e-5)
