from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import ml
from ml.features import FeatureNetwork


@pytest.fixture(scope="session")
def network() -> FeatureNetwork:
    """The real network in float32, so that figures can be compared."""
    return ml.load_network("vgg16", "cpu", "fp32")


@pytest.fixture(scope="session")
def content() -> Image.Image:
    """A white house on a green hill under a blue sky."""
    picture = np.zeros((72, 96, 3), dtype=np.uint8)
    picture[:] = np.linspace((90, 150, 220), (190, 220, 250), 72).astype(np.uint8)[:, None]
    picture[48:] = (60, 130, 60)
    picture[26:52, 36:64] = (240, 235, 225)
    picture[34:42, 44:50] = (60, 50, 60)
    return Image.fromarray(picture)


@pytest.fixture(scope="session")
def style() -> Image.Image:
    """Crossing red and yellow waves."""
    y, x = np.mgrid[0:80, 0:80] / 80
    waves = np.sin(40 * (x + 0.1 * np.sin(9 * y))) * np.sin(31 * (y - 0.1 * np.sin(7 * x)))
    picture = np.stack([200 + 50 * waves, 110 + 100 * waves, 40 + 20 * waves], axis=-1)
    return Image.fromarray(picture.clip(0, 255).astype(np.uint8))
