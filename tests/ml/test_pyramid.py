from __future__ import annotations

import pytest
from PIL import Image

from ml.pyramid import brush_size, fitted, long_sides, resampled, scales


def test_scales_grow_by_the_root_of_two_up_to_the_size_asked_for() -> None:
    assert long_sides(512, 128) == (128, 181, 256, 362, 512)
    assert long_sides(1024, 128) == (128, 181, 256, 362, 512, 724, 1024)


@pytest.mark.parametrize("size", [32, 90, 128, 180])
def test_a_small_picture_has_one_scale(size: int) -> None:
    assert long_sides(size, 128) == (size,)


def test_every_scale_keeps_the_pictures_proportions() -> None:
    pyramid = scales((1600, 1200), long_sides(512, 128), (5, 4, 3, 2, 1))

    assert [(scale.width, scale.height) for scale in pyramid][-1] == (512, 384)
    assert all(abs(scale.width / scale.height - 4 / 3) < 0.02 for scale in pyramid)
    assert [scale.steps for scale in pyramid] == [5, 4, 3, 2, 1]


def test_a_ribbon_keeps_at_least_one_pixel() -> None:
    assert fitted((4000, 2), 100) == (100, 1)


def test_a_style_picture_is_shrunk_but_never_enlarged() -> None:
    assert brush_size((1000, 500), 400) == (400, 200)
    assert brush_size((100, 50), 400) == (100, 50)


def test_a_picture_of_the_right_size_is_left_untouched() -> None:
    picture = Image.new("RGB", (30, 20))

    assert resampled(picture, (30, 20)) is picture
