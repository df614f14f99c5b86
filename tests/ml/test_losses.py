"""Each formula against a few lines of float64 NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ml.losses import content_loss, gram, style_loss, total_variation


def random(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


def tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(array).float()


def gram_by_definition(features: np.ndarray) -> np.ndarray:
    """G_ij = Σ_k F_ik F_jk / M."""
    F = features.reshape(features.shape[0], -1)
    return np.array([[np.sum(a * b) for b in F] for a in F]) / F.shape[1]


def test_gram_is_the_mean_product_of_two_channels() -> None:
    features = random(5, 4, 7)

    np.testing.assert_allclose(gram(tensor(features)[None])[0], gram_by_definition(features), rtol=1e-5, atol=1e-6)


def test_gram_does_not_depend_on_the_pictures_size() -> None:
    features = random(3, 4, 5)
    twice = np.concatenate([features, features], axis=2)

    np.testing.assert_allclose(gram(tensor(twice)[None]), gram(tensor(features)[None]), rtol=1e-5)


def test_the_gradient_of_gram_is_its_derivative() -> None:
    features, wanted = random(3, 2, 4), random(3, 3, seed=1)
    F = tensor(features)[None].requires_grad_()

    (gram(F)[0] * tensor(wanted)).sum().backward()

    numeric = np.zeros_like(features)
    for index in np.ndindex(features.shape):
        up, down = features.copy(), features.copy()
        up[index] += 1e-6
        down[index] -= 1e-6
        difference = gram_by_definition(up) - gram_by_definition(down)
        numeric[index] = np.sum(wanted * difference) / 2e-6
    assert F.grad is not None
    np.testing.assert_allclose(F.grad[0], numeric, rtol=1e-4, atol=1e-6)


def test_gram_of_bfloat16_features_is_summed_in_float32() -> None:
    ones = torch.ones(1, 2, 100, 100, dtype=torch.bfloat16)

    # Summed in bfloat16, ten thousand ones would stop growing at 256.
    assert gram(ones).dtype == torch.float32
    assert torch.equal(gram(ones), torch.ones(1, 2, 2))


def test_content_loss_is_half_the_squared_distance() -> None:
    F, P = random(1, 4, 3, 5), random(1, 4, 3, 5, seed=1)

    assert float(content_loss(tensor(F), tensor(P))) == pytest.approx(0.5 * np.sum((F - P) ** 2), rel=1e-5)


def test_style_loss_is_the_weighted_sum_over_layers() -> None:
    G, A = [random(1, 3, 3), random(1, 5, 5)], [random(1, 3, 3, seed=1), random(1, 5, 5, seed=2)]
    w = [0.5, 2.0]

    expected = sum(w_l * np.sum((G_l - A_l) ** 2) for w_l, G_l, A_l in zip(w, G, A, strict=True))
    assert float(style_loss(list(map(tensor, G)), list(map(tensor, A)), w)) == pytest.approx(expected, rel=1e-5)


def test_total_variation_is_the_mean_squared_step_to_the_next_pixel() -> None:
    x = random(1, 3, 6, 5)

    across, down = np.diff(x, axis=3), np.diff(x, axis=2)
    expected = (np.sum(across**2) + np.sum(down**2)) / x.size
    assert float(total_variation(tensor(x))) == pytest.approx(expected, rel=1e-5)


def test_a_flat_picture_has_no_variation() -> None:
    assert float(total_variation(torch.full((1, 3, 8, 8), 0.4))) == 0
