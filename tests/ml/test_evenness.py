"""The windows and their Gram matrices, against NumPy in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ml.evenness import ACROSS, Window, Windows

# Channels, height and width; with few positions a layer is looked at in another way.
MANY_POSITIONS, FEW_POSITIONS = (3, 9, 16), (8, 3, 5)


@pytest.fixture(params=[MANY_POSITIONS, FEW_POSITIONS], ids=["many positions", "few positions"])
def features(request: pytest.FixtureRequest) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(request.param)


@pytest.fixture
def wanted(features: np.ndarray) -> np.ndarray:
    half = np.random.default_rng(1).standard_normal((len(features), len(features)))
    return half + half.T


def tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(array).float()[None]


def over(height: int, width: int) -> Windows:
    return Windows.over(height, width, ACROSS, torch.device("cpu"))


def seen(F: torch.Tensor, A: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Distance and spread of a layer's features, as the engine comes to them."""
    G, spread = over(*F.shape[-2:]).mean_and_spread(F)
    return (G - A).square().sum(), spread


def spread_out(window: Window, height: int, width: int) -> np.ndarray:
    """The window's weights on the whole layer."""
    layer = np.zeros((height, width))
    layer[window.rows, window.columns] = window.weight.numpy()
    return layer


def by_definition(features: np.ndarray, wanted: np.ndarray) -> tuple[float, float]:
    """‖G − A‖² and Σ_r m_r ‖G_r − G‖² by definition."""
    size = features.shape[1:]
    F = features.reshape(len(features), -1)
    T = [spread_out(window, *size).ravel() for window in over(*size).windows]
    G = F @ F.T / F.shape[1]
    local = [(F * T_r) @ F.T / T_r.sum() for T_r in T]
    spread = sum(T_r.sum() / F.shape[1] * np.sum((G_r - G) ** 2) for T_r, G_r in zip(T, local, strict=True))
    return float(np.sum((G - wanted) ** 2)), float(spread)


@pytest.mark.parametrize("size", [(9, 16), (1, 1), (1, 40), (2, 3), (64, 64), (50, 20)])
def test_the_windows_weights_sum_to_one_everywhere(size: tuple[int, int]) -> None:
    total = torch.zeros(size)
    for window in over(*size).windows:
        total[window.rows, window.columns] += window.weight

    torch.testing.assert_close(total, torch.ones(size))


def test_the_windows_are_square_and_three_along_the_longer_side() -> None:
    windows = over(40, 60).windows

    assert len({window.columns.start for window in windows}) == 3
    assert len({window.rows.start for window in windows}) == 2


def test_no_window_has_an_edge() -> None:
    """Where windows give way to each other faster, a line is painted."""
    for window in over(40, 60).windows:
        weights = spread_out(window, 40, 60)
        changes = [np.abs(np.diff(weights, axis=axis)).max() for axis in (0, 1)]
        assert max(changes) <= 1 / 20 + 1e-6


def test_distance_and_spread_are_those_of_the_definition(features: np.ndarray, wanted: np.ndarray) -> None:
    F = tensor(features)

    distance, spread = seen(F, tensor(wanted))

    assert (float(distance), float(spread)) == pytest.approx(by_definition(features, wanted), rel=1e-5)


def test_the_windows_means_average_to_that_of_the_layer(features: np.ndarray) -> None:
    windows = over(*features.shape[1:])

    mean = windows.shares @ windows.means(tensor(features))

    np.testing.assert_allclose(mean, features.mean((1, 2)), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("a", "b"), [(1.0, 0.0), (0.0, 1.0), (0.7, 0.3)])
def test_the_gradient_is_their_derivative(features: np.ndarray, wanted: np.ndarray, a: float, b: float) -> None:
    F = tensor(features).requires_grad_()
    distance, spread = seen(F, tensor(wanted))
    (a * distance + b * spread).backward()

    numeric = np.zeros_like(features)
    for index in np.ndindex(features.shape):
        up, down = features.copy(), features.copy()
        up[index] += 1e-6
        down[index] -= 1e-6
        numeric[index] = np.dot([a, b], np.subtract(by_definition(up, wanted), by_definition(down, wanted))) / 2e-6
    assert F.grad is not None
    np.testing.assert_allclose(F.grad[0], numeric, rtol=1e-3, atol=1e-4)


def test_a_texture_that_fills_the_layer_has_no_spread() -> None:
    F = torch.ones(1, 2, 32, 32)

    assert float(seen(F, torch.ones(1, 2, 2))[1]) == pytest.approx(0, abs=1e-10)
