from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

import ml
from ml.features import FeatureNetwork
from ml.timelapse import TimeLapse


def test_a_time_lapse_ends_in_the_painting(
    network: FeatureNetwork, content: Image.Image, style: Image.Image, tmp_path: Path
) -> None:
    time_lapse = TimeLapse(frames=4)
    settings = ml.Settings(size=64, coarsest=32, coarse_steps=6, fine_steps=3)
    painted = ml.stylize(content, [style], settings, network=network, observer=time_lapse)

    time_lapse.save(tmp_path / "run.webp")

    with Image.open(tmp_path / "run.webp") as animation:
        assert animation.size == painted.size
        assert 4 <= animation.n_frames <= 5
        animation.seek(animation.n_frames - 1)
        last = animation.convert("RGB")
    assert max(abs(a - b) for a, b in zip(mean(last), mean(painted), strict=True)) < 4


def mean(picture: Image.Image) -> tuple[int, ...]:
    return picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[return-value]


def test_a_time_lapse_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no frames"):
        TimeLapse().save(tmp_path / "run.webp")
