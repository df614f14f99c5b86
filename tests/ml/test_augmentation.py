"""Differentiable augmentation."""

from __future__ import annotations

import torch

from ml.augmentation import augmented


def drawn(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_each_picture_is_changed_in_its_own_way_and_the_same_seed_changes_alike() -> None:
    picture = torch.rand(1, 3, 32, 32, generator=drawn(0)).expand(4, -1, -1, -1)

    changed = augmented(picture, drawn(1))

    assert torch.equal(changed, augmented(picture, drawn(1)))
    assert len({float(each.sum()) for each in changed}) == 4


def test_the_gradient_goes_through_to_what_can_still_be_seen() -> None:
    picture = torch.rand(8, 3, 32, 32, generator=drawn(0)).requires_grad_()

    changed = augmented(picture, drawn(1))
    (gradient,) = torch.autograd.grad(changed.square().sum(), picture)

    assert gradient.isfinite().all()
    # At most a quarter is cut out, and an eighth of either side shifted away.
    assert float((gradient.abs().sum(1) > 0).float().mean()) > 0.5


def test_pictures_are_moved_by_an_eighth_at_most() -> None:
    dot = torch.zeros(64, 3, 32, 32)
    dot[:, :, 16, 16] = 1

    changed = augmented(dot, drawn(2))

    for each in changed:
        brightest = (each - each.median()).abs().sum(0)
        row, column = divmod(int(brightest.argmax()), 32)
        cut_out = float(brightest[row, column]) < 1e-3 or bool((each == 0).all(0).any())
        assert cut_out or (abs(row - 16) <= 4 and abs(column - 16) <= 4)
