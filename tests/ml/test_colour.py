"""Whose colours a painting has."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from PIL import Image

import ml
from ml.colour import COLOURS, finisher, prepared, seen
from ml.features import FeatureNetwork


def noise(mean: tuple[float, float, float], deviation: float, seed: int) -> Image.Image:
    """Colours that vary together, well inside 0–255."""
    generator = np.random.default_rng(seed)
    mixed = generator.standard_normal((60, 80, 3)) @ generator.standard_normal((3, 3))
    return Image.fromarray((mean + deviation * mixed).clip(0, 255).astype(np.uint8))


@pytest.fixture
def photo() -> Image.Image:
    return noise((150, 110, 90), 14, seed=1)


@pytest.fixture
def painting() -> Image.Image:
    return noise((90, 120, 160), 10, seed=2)


def colours_of(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, np.float64).reshape(-1, 3)


def test_the_styles_colours_are_left_alone(photo: Image.Image, painting: Image.Image) -> None:
    assert prepared("style", photo, painting) is painting
    assert seen("style", photo) is photo
    assert finisher("style", photo)(painting) is painting


def test_matched_colours_have_the_photos_mean_and_covariance(photo: Image.Image, painting: Image.Image) -> None:
    matched, wanted = colours_of(prepared("matched", photo, painting)), colours_of(photo)

    np.testing.assert_allclose(matched.mean(0), wanted.mean(0), atol=0.5)
    np.testing.assert_allclose(np.cov(matched, rowvar=False), np.cov(wanted, rowvar=False), rtol=0.03, atol=4)


def test_the_photos_colours_come_back_under_the_paintings_brightness(photo: Image.Image, painting: Image.Image) -> None:
    finished = finisher("photo", photo)(painting)

    brightness, *chroma = (np.asarray(band, int) for band in finished.convert("YCbCr").split())
    assert np.abs(brightness - np.asarray(painting.convert("L"), int)).mean() < 1.5
    for band, wanted in zip(chroma, photo.convert("YCbCr").split()[1:], strict=True):
        assert np.abs(band - np.asarray(wanted, int)).mean() < 1.5


def test_a_grey_painting_is_matched_to_the_photos_brightness(photo: Image.Image, painting: Image.Image) -> None:
    grey, wanted = colours_of(prepared("photo", photo, painting)), np.asarray(photo.convert("L"), float)

    assert (grey[:, 0] == grey[:, 1]).all()
    assert (grey[:, 0] == grey[:, 2]).all()
    assert (grey.mean(), grey.std()) == pytest.approx((wanted.mean(), wanted.std()), abs=0.7)


@pytest.mark.parametrize("colours", COLOURS)
def test_flat_and_grey_pictures_are_taken(colours: ml.settings.Colours) -> None:
    flat, grey = Image.new("RGB", (40, 40), (9, 99, 199)), noise((128, 128, 128), 20, 3).convert("L").convert("RGB")

    for photo, style in [(flat, grey), (grey, flat), (flat, flat)]:
        assert prepared(colours, photo, style).size == style.size


@pytest.mark.parametrize("colours", COLOURS)
def test_a_single_pixel_is_taken(colours: ml.settings.Colours, painting: Image.Image) -> None:
    pixel = Image.new("RGB", (1, 1), (9, 99, 199))

    assert prepared(colours, painting, pixel).size == (1, 1)
    assert colours_of(prepared("matched", pixel, painting)).mean(0) == pytest.approx((9, 99, 199), abs=2)


def test_a_large_picture_takes_little_memory_to_be_matched(photo: Image.Image, painting: Image.Image) -> None:
    """Ten times its own bytes would be two gigabytes of a picture of today's telephones."""
    large = painting.resize((1000, 800))
    tracemalloc.start()
    try:
        prepared("matched", photo, large)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 10 * 3 * 1000 * 800


def test_a_painting_in_the_photos_colours_shows_them_in_its_previews_too(
    network: FeatureNetwork, content: Image.Image, style: Image.Image
) -> None:
    previews: list[Image.Image] = []

    painted = ml.stylize(
        content,
        [style],
        ml.Settings(size=64, coarse_steps=4, colours="photo"),
        network=network,
        observer=lambda progress: previews.append(progress.preview()),
    )

    wanted = np.asarray(content.resize(painted.size, Image.Resampling.LANCZOS).convert("YCbCr"), int)[..., 1:]
    for picture in (previews[0], painted):
        assert np.abs(np.asarray(picture.convert("YCbCr"), int)[..., 1:] - wanted).mean() < 4
