from __future__ import annotations

import pytest
import torch

from ml.frame import MARGIN, framed, unframed


@pytest.mark.parametrize(("height", "width"), [(40, 60), (17, 90), (5, 7), (1, 9)])
def test_what_is_framed_is_found_again_inside(height: int, width: int) -> None:
    picture = torch.rand(1, 3, height, width)

    assert torch.equal(unframed(framed(picture), height, width), picture)


def test_the_margin_mirrors_the_picture() -> None:
    picture = torch.rand(1, 3, 40, 60)

    assert framed(picture).shape == (1, 3, 40 + 2 * MARGIN, 60 + 2 * MARGIN)
    assert torch.equal(framed(picture)[..., MARGIN - 1, MARGIN:-MARGIN], picture[..., 1, :])
