"""What is told of a painting before it begins."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

import ml
from ml import prediction
from ml.features import FeatureNetwork
from ml.prediction import Pace, measured, pace_of, predict
from ml.settings import STATISTICS, Statistic

GIB = 2**30


@pytest.mark.parametrize("statistic", STATISTICS)
def test_a_painting_takes_about_as_long_as_predicted(
    network: FeatureNetwork, content: Image.Image, style: Image.Image, statistic: Statistic
) -> None:
    """Within a factor of two of what is predicted before it or after it, on a machine that other tests may be using."""
    settings = ml.Settings(size=160, coarse_steps=12, fine_steps=8, statistic=statistic)

    before = _predicted_now(content.size, settings, network)
    started = time.perf_counter()
    ml.stylize(content, [style], settings, network=network)
    taken = time.perf_counter() - started
    after = _predicted_now(content.size, settings, network)

    assert min(before, after) / 2 < taken < max(before, after) * 2


@pytest.mark.parametrize(
    ("settings", "masks"), [({"statistic": "gaussian"}, 0), ({}, 8)], ids=["Gaussians", "a region for each of 8 masks"]
)
def test_what_takes_longer_is_predicted_to_take_longer(
    network: FeatureNetwork, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], masks: int
) -> None:
    """By a pace measured on small pictures, where Gaussians take about twice as long, as eight masks do on all."""
    monkeypatch.setattr(prediction, "SMALL", 48)
    monkeypatch.setattr(prediction, "LARGE", 96)
    usual, other = ml.Settings(size=64), ml.Settings(size=64, **settings)

    before = _predicted_now((64, 48), usual, network)
    longer = _predicted_now((64, 48), other, network, masks)
    after = _predicted_now((64, 48), usual, network)
    measured.cache_clear()

    assert longer > 1.1 * min(before, after)


def _predicted_now(photo: tuple[int, int], settings: ml.Settings, network: FeatureNetwork, masks: int = 0) -> float:
    """Seconds, by a pace measured at this moment."""
    measured.cache_clear()
    return predict(photo, settings, network, masks=masks).seconds


def test_it_grows_with_the_pixels_and_with_the_steps(network: FeatureNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a given pace, for that measured beside other tests may put more of an evaluation down to what is fixed."""
    monkeypatch.setattr(prediction, "pace_of", lambda *kind: Pace(fixed=0.02, a_pixel=3e-6))

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
    assert pace is pace_of(network, ml.Settings(size=999, coarse_steps=1, tv_weight=2, style_weight=3, evenness=0.1))
    assert pace.a_pixel > 0 <= pace.fixed
    assert replace(pace, fixed=1.0).seconds(0) == 1
    assert Pace(1, 2).seconds(3) == pytest.approx(7)
