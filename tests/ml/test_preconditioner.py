from __future__ import annotations

import pytest
import torch
from torch import Tensor

from ml.lbfgs import LBFGS
from ml.preconditioner import Preconditioner, SpectralPreconditioner

HEIGHT, WIDTH = 24, 33


def spectral() -> SpectralPreconditioner:
    return SpectralPreconditioner(HEIGHT, WIDTH, torch.device("cpu"))


def sharpened(values: Tensor) -> Tensor:
    """A Hessian: waves count the more, the shorter they are, by up to a thousand times."""
    down, across = torch.fft.fftfreq(HEIGHT)[:, None], torch.fft.rfftfreq(WIDTH)[None, :]
    curvature = 1e-3 + (down.square() + across.square()) / 0.5
    waves = torch.fft.rfft2(values.view(3, HEIGHT, WIDTH)) * curvature
    return torch.fft.irfft2(waves, s=(HEIGHT, WIDTH)).flatten()


def taught() -> SpectralPreconditioner:
    preconditioner, generator = spectral(), torch.Generator().manual_seed(0)
    for _ in range(20):
        s = torch.randn(3 * HEIGHT * WIDTH, generator=generator)
        preconditioner.learn(s, sharpened(s))
    return preconditioner


def test_before_anything_was_learnt_it_changes_nothing() -> None:
    q = torch.randn(3 * HEIGHT * WIDTH)

    assert torch.equal(spectral().apply(q), q)


def test_it_undoes_what_it_was_taught() -> None:
    s = torch.randn(3 * HEIGHT * WIDTH, generator=torch.Generator().manual_seed(9))

    restored = taught().apply(sharpened(s))

    # A band holds waves of up to √2 times each other's length, hence of twice each other's curvature.
    assert float(torch.cosine_similarity(restored, s, dim=0)) > 0.97
    assert float(torch.cosine_similarity(sharpened(s), s, dim=0)) < 0.9
    assert float(restored.norm() / s.norm()) == pytest.approx(1, abs=0.2)


def test_it_is_symmetric_and_positive() -> None:
    """Without which the directions taken from it would not lead downhill."""
    preconditioner, generator = taught(), torch.Generator().manual_seed(1)
    a, b = (torch.randn(3 * HEIGHT * WIDTH, generator=generator) for _ in range(2))

    assert float(preconditioner.apply(a) @ b) == pytest.approx(float(a @ preconditioner.apply(b)), rel=1e-4)
    assert float(preconditioner.apply(a) @ a) > 0


def test_a_colour_that_hardly_varies_is_not_divided_by_nothing() -> None:
    preconditioner = spectral()
    grey = torch.randn(HEIGHT * WIDTH).repeat(3)
    preconditioner.learn(grey, grey)

    assert preconditioner.apply(torch.randn(3 * HEIGHT * WIDTH)).isfinite().all()


def test_the_optimiser_gets_further_with_it() -> None:
    answer = torch.randn(3 * HEIGHT * WIDTH, generator=torch.Generator().manual_seed(2))

    def after(steps: int, preconditioner: Preconditioner | None) -> float:
        optimiser = LBFGS(torch.zeros_like(answer), preconditioner=preconditioner)
        for _ in range(steps):
            gradient = sharpened(optimiser.proposal - answer)
            optimiser.tell(float(gradient @ (optimiser.proposal - answer)) / 2, gradient)
        return optimiser.loss

    assert after(40, spectral()) < after(40, None) / 2
