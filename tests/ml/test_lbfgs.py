from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from ml.errors import Diverged
from ml.lbfgs import LBFGS
from ml.preconditioner import Preconditioner, SpectralPreconditioner

Function = Callable[[Tensor], Tensor]


def evaluate(function: Function, x: Tensor) -> tuple[float, Tensor]:
    x = x.detach().requires_grad_()
    value = function(x)
    (gradient,) = torch.autograd.grad(value, x)
    return float(value.detach()), gradient


def bowl(x: Tensor) -> Tensor:
    """A quadratic with its minimum of 1 at 0.5 and curvatures from 1 to 100."""
    curvature = torch.logspace(0, 2, x.numel(), dtype=x.dtype)
    return (curvature * (x - 0.5).square()).sum() / 2 + 1


def minimised(function: Function, start: Tensor, steps: int, preconditioner: Preconditioner | None = None) -> LBFGS:
    optimiser = LBFGS(start, preconditioner=preconditioner)
    for _ in range(steps):
        optimiser.tell(*evaluate(function, optimiser.proposal))
    return optimiser


def test_a_quadratic_is_solved() -> None:
    optimiser = minimised(bowl, torch.zeros(20, dtype=torch.float64), 120)

    torch.testing.assert_close(optimiser.accepted, torch.full((20,), 0.5, dtype=torch.float64), atol=1e-3, rtol=0)
    assert optimiser.loss == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("steps", [3, 5, 14])
def test_the_inverse_hessian_is_that_of_bfgs(steps: int) -> None:
    """Against the update of the full matrix (Nocedal & Wright 2006, eq. 6.17) in NumPy, from a diagonal H⁰; the last
    case has forgotten its oldest pairs."""
    optimiser = minimised(bowl, torch.zeros(6, dtype=torch.float64), steps)
    rough = np.linspace(1, 3, 6)

    pairs = [(s.numpy(), y.numpy()) for s, y in optimiser.pairs]
    s, y = pairs[-1]
    H = np.diag(rough) * (s @ y) / (y @ (rough * y))
    for s, y in pairs:
        rho, identity = 1 / (y @ s), np.eye(6)
        H = (identity - rho * np.outer(s, y)) @ H @ (identity - rho * np.outer(y, s)) + rho * np.outer(s, s)
    direction = optimiser.pairs.inverse_hessian(optimiser.gradient, lambda q: torch.from_numpy(rough) * q)
    np.testing.assert_allclose(direction, H @ optimiser.gradient.numpy(), rtol=1e-7)


@pytest.mark.parametrize("poison", [float("nan"), float("inf"), 1e30])
def test_an_explosion_is_rolled_back_and_never_reaches_the_answer(poison: float) -> None:
    optimiser = minimised(bowl, torch.zeros(10), 5)
    good, loss = optimiser.accepted.clone(), optimiser.loss

    assert not optimiser.tell(poison, torch.full((10,), poison))

    assert torch.equal(optimiser.accepted, good)
    assert optimiser.proposal.isfinite().all()
    for _ in range(150):
        optimiser.tell(*evaluate(bowl, optimiser.proposal))
    assert optimiser.loss < loss
    assert optimiser.loss == pytest.approx(1, abs=0.01)


def test_a_gradient_that_is_not_finite_is_rolled_back_even_where_the_loss_is_good() -> None:
    optimiser = minimised(bowl, torch.zeros(10), 3)

    assert not optimiser.tell(1.0, torch.full((10,), float("nan")))
    assert optimiser.proposal.isfinite().all()


def test_a_start_that_cannot_be_evaluated_is_reported() -> None:
    with pytest.raises(Diverged, match="starting picture"):
        LBFGS(torch.zeros(3)).tell(float("nan"), torch.zeros(3))


def test_a_function_that_only_explodes_is_given_up() -> None:
    optimiser = minimised(bowl, torch.zeros(3), 2)

    def explode() -> None:
        for _ in range(100):
            optimiser.tell(float("inf"), torch.ones(3))

    with pytest.raises(Diverged, match="however short"):
        explode()


def test_the_minimum_itself_stays_where_it_is() -> None:
    optimiser = minimised(bowl, torch.full((4,), 0.5), 3)

    assert torch.equal(optimiser.accepted, torch.full((4,), 0.5))


@pytest.mark.parametrize("steps", [4, 9, 23])
def test_a_restored_optimiser_takes_the_very_same_steps(steps: int) -> None:
    def spectral() -> Preconditioner:
        return SpectralPreconditioner(2, 2, torch.device("cpu"))

    original = minimised(bowl, torch.zeros(12), steps, spectral())
    restored = LBFGS(torch.zeros(12), preconditioner=spectral())
    restored.load_state_dict(copy.deepcopy(original.state_dict()))

    for optimiser in (original, restored):
        for _ in range(9):
            optimiser.tell(*evaluate(bowl, optimiser.proposal))

    assert torch.equal(original.proposal, restored.proposal)
