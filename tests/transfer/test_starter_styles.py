from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from tests.factories import make_user
from transfer.models import Style
from transfer.services import load_starter_styles
from transfer.starter_styles import STARTER_STYLES, image_path
from transfer.starter_styles.__main__ import drawn

SLUGS = [style.slug for style in STARTER_STYLES]


def pixels(picture: Image.Image, size: int = 64) -> np.ndarray:
    return np.asarray(picture.convert("RGB").resize((size, size)), dtype=float) / 255


def test_every_style_has_a_name_and_a_description_of_its_own() -> None:
    assert len(set(SLUGS)) == len({style.name for style in STARTER_STYLES}) == len(STARTER_STYLES)
    assert all(style.description for style in STARTER_STYLES)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_style_comes_drawn(slug: str) -> None:
    picture = Image.open(image_path(slug))

    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (1024, 1024))
    assert image_path(slug).stat().st_size <= 300_000


@pytest.mark.parametrize("slug", SLUGS)
def test_drawing_a_style_again_gives_the_same_picture(slug: str) -> None:
    np.testing.assert_array_equal(np.asarray(drawn(slug, 96)), np.asarray(drawn(slug, 96)))


@pytest.mark.parametrize("slug", SLUGS)
def test_the_drawing_code_is_the_one_that_drew_the_picture(slug: str) -> None:
    """Compared small and blurred, since compression and the number of pixels change details."""
    difference = pixels(drawn(slug, 256), 12) - pixels(Image.open(image_path(slug)), 12)

    assert np.abs(difference).mean() < 0.08


@pytest.mark.parametrize("slug", SLUGS)
def test_a_style_is_textured_everywhere(slug: str) -> None:
    picture = np.asarray(Image.open(image_path(slug)).convert("L"), dtype=float)

    for part in (half for row in np.split(picture, 4) for half in np.split(row, 4, axis=1)):
        assert part.std() > 5


def test_no_two_styles_are_alike() -> None:
    pictures = {slug: pixels(Image.open(image_path(slug)), 32) for slug in SLUGS}

    for one, other in combinations(SLUGS, 2):
        assert np.abs(pictures[one] - pictures[other]).mean() > 0.08, (one, other)


@pytest.mark.django_db
def test_loading_fills_the_library_in_order_and_once() -> None:
    load_starter_styles()
    before = {style.slug: style.image.name for style in Style.objects.starters()}

    load_starter_styles()

    assert [style.slug for style in Style.objects.starters()] == SLUGS
    assert {style.slug: style.image.name for style in Style.objects.starters()} == before


@pytest.mark.django_db
def test_a_style_that_left_the_project_is_retired_and_peoples_own_stay() -> None:
    Style.objects.create(slug="forgotten", name="Forgotten", width=1, height=1)
    own = Style.objects.create(owner=make_user(), name="Mine", width=1, height=1)

    load_starter_styles()

    assert Style.objects.get(slug="forgotten").retired
    own.refresh_from_db()
    assert not own.retired
