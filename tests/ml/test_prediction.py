"""What is told of a painting before it begins."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PIL import Image

import ml
from ml import prediction
from ml.features import FeatureNetwork
from ml.prediction import Pace, pace_of, predict

GIB = 2**30


def test_a_painting_takes_about_as_long_as_predicted(
    network: FeatureNetwork, content: Image.Image, style: Image.Image
) -> None:
    """Within a factor of two of what is predicted before it or after it, on a machine that other tests may be using."""
    settings = ml.Settings(size=160, coarse_steps=12, fine_steps=8)

    before = _predicted_now(content.size, settings, network)
    started = time.perf_counter()
    ml.stylize(content, [style], settings, network=network)
    taken = time.perf_counter() - started
    after = _predicted_now(content.size, settings, network)

    assert min(before, after) / 2 < taken < max(before, after) * 2


def _predicted_now(photo: tuple[int, int], settings: ml.Settings, network: FeatureNetwork) -> float:
    """Seconds, by a pace measured at this moment."""
    pace_of.cache_clear()
    return predict(photo, settings, network).seconds


def test_it_grows_with_the_pixels_and_with_the_steps(network: FeatureNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a given pace, for that measured beside other tests may put more of an evaluation down to what is fixed."""
    monkeypatch.setattr(prediction, "pace_of", lambda network: Pace(fixed=0.02, a_pixel=3e-6))

    small = predict((400, 300), ml.Settings(size=256), network)
    large = predict((400, 300), ml.Settings(size=512), network)
    thorough = predict((400, 300), ml.Settings.for_preset("fine", size=256), network)

    assert 3 * small.seconds < large.seconds < 4 * small.seconds
    assert large.memory > small.memory
    assert thorough.seconds > 1.5 * small.seconds


def test_what_memory_does_not_hold_is_predicted_in_tiles(network: FeatureNetwork) -> None:
    settings = ml.Settings(size=4096)

    bounded = predict((4000, 3000), settings, network, memory=16 * GIB)
    whole = predict((4000, 3000), settings, network, memory=1000 * GIB)

    assert bounded.parts > whole.parts == 1
    assert bounded.memory <= 16 * GIB < whole.memory
    assert bounded.seconds > whole.seconds


def test_the_pace_is_measured_once_and_never_negative(network: FeatureNetwork) -> None:
    pace = pace_of(network)

    assert pace is pace_of(network)
    assert pace.a_pixel > 0 <= pace.fixed
    assert replace(pace, fixed=1.0).seconds(0) == 1
    assert Pace(1, 2).seconds(3) == pytest.approx(7)
