"""Several paintings at once, by the real network on tiny pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any
from weakref import ref

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

import ml
from ml.batch import evaluated_together
from ml.features import FeatureNetwork
from ml.memory import usable
from ml.settings import STATISTICS
from ml.transfer import painted

# Grey levels that a dozen steps make of the last bits of the first gradient.
ROUNDING = 0.5
Outcomes = dict[int, Image.Image | ml.EngineError]
Commissioned = Callable[..., ml.Commission]


@pytest.fixture
def commissioned(content: Image.Image, style: Image.Image) -> Commissioned:
    """The usual pair with some settings, and whatever else a commission holds."""

    def commissioned(
        photo: Image.Image = content,
        observer: Callable[[ml.Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        **settings: object,
    ) -> ml.Commission:
        chosen = ml.Settings(**({"size": 64, "coarse_steps": 12} | settings))  # type: ignore[arg-type]
        return ml.Commission(photo, [style], chosen, observer=observer, should_stop=should_stop)

    return commissioned


def alone(commission: ml.Commission, network: FeatureNetwork) -> Image.Image:
    return ml.stylize(commission.content, commission.styles, commission.settings, network=network)


def distance(one: Image.Image | ml.EngineError, other: Image.Image) -> float:
    """Mean difference in grey levels of 255."""
    assert isinstance(one, Image.Image)
    return float(np.abs(np.asarray(one, float) - np.asarray(other, float)).mean())


def test_the_gradients_are_those_of_each_alone(network: FeatureNetwork, commissioned: Commissioned) -> None:
    commissions = [commissioned(seed=seed, statistic=statistic) for seed, statistic in enumerate(STATISTICS)]
    questions = [next(painted(commission, network, usable(network.devices))) for commission in commissions]

    for question, found in zip(questions, evaluated_together(questions), strict=True):
        wanted = question.answer()
        assert found.total == pytest.approx(wanted.total, rel=1e-5)
        assert float((found.gradient - wanted.gradient).norm() / wanted.gradient.norm()) < 1e-4


def test_each_painting_is_what_it_would_be_alone(
    network: FeatureNetwork, commissioned: Commissioned, content: Image.Image
) -> None:
    """Of several sizes, lengths, layers, poolings, statistics and scales."""
    commissions = [
        commissioned(seed=1),
        commissioned(seed=1, pooling="average"),
        commissioned(content.transpose(Image.Transpose.FLIP_LEFT_RIGHT), coarse_steps=5, statistic="gaussian"),
        commissioned(content.rotate(90, expand=True)),
        commissioned(size=128, coarsest=64, coarse_steps=6, fine_steps=3, style_layers=(("relu3_1", 1.0),)),
    ]

    outcomes = dict(ml.stylize_batch(commissions, network=network))

    assert sorted(outcomes) == [0, 1, 2, 3, 4]
    for number, commission in enumerate(commissions):
        assert distance(outcomes[number], alone(commission, network)) < ROUNDING


def test_pictures_of_one_size_go_through_the_network_together(
    network: FeatureNetwork, commissioned: Commissioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    forward = FeatureNetwork.forward

    def counting(self: FeatureNetwork, image: Tensor, *how: Any) -> dict[str, Tensor]:
        seen.append(len(image))
        return forward(self, image, *how)

    monkeypatch.setattr(FeatureNetwork, "forward", counting)

    list(ml.stylize_batch([commissioned(seed=seed, coarse_steps=4) for seed in range(3)], network=network))

    assert seen.count(3) == 4
    assert seen.count(1) == 6  # Each photo's and each style's features.


def test_what_ends_one_is_nothing_to_the_others(network: FeatureNetwork, commissioned: Commissioned) -> None:
    answers = iter([False, False, True])
    commissions = [
        commissioned(should_stop=lambda: next(answers)),
        commissioned(blend=(1.0, 2.0)),
        commissioned(seed=7),
    ]

    outcomes: Outcomes = dict(ml.stylize_batch(commissions, network=network))

    assert isinstance(outcomes[0], ml.Stopped)
    assert isinstance(outcomes[1], ml.SettingsError)
    assert distance(outcomes[2], alone(commissions[2], network)) < ROUNDING


def test_one_may_be_stopped_between_its_tiles(
    network: FeatureNetwork, commissioned: Commissioned, content: Image.Image
) -> None:
    large = {"photo": content.resize((440, 420)), "size": 440, "coarsest": 440, "coarse_steps": 1}
    asked = count()
    stopped = commissioned(**large, should_stop=lambda: next(asked) == 6)  # In the middle of an evaluation.

    outcomes: Outcomes = dict(ml.stylize_batch([stopped, commissioned(**large)], network=network, memory=1))

    assert isinstance(outcomes[0], ml.Stopped)
    assert isinstance(outcomes[1], Image.Image)


def test_what_is_too_much_together_is_painted_one_by_one(
    network: FeatureNetwork, commissioned: Commissioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what they had taken together is free by then."""
    forward = FeatureNetwork.forward
    taken: list[ref[Tensor]] = []

    def short_of_memory(self: FeatureNetwork, image: Tensor, *how: Any) -> dict[str, Tensor]:
        if len(image) > 1:
            activations = torch.zeros(8)
            taken.append(ref(activations))
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        assert all(activations() is None for activations in taken)
        return forward(self, image, *how)

    monkeypatch.setattr(FeatureNetwork, "forward", short_of_memory)
    commissions = [commissioned(seed=seed, coarse_steps=3) for seed in range(2)]

    outcomes = dict(ml.stylize_batch(commissions, network=network))

    for number, commission in enumerate(commissions):
        assert distance(outcomes[number], alone(commission, network)) == 0
    assert len(taken) == 1


def test_each_painting_reports_to_its_own_observer(network: FeatureNetwork, commissioned: Commissioned) -> None:
    told: dict[str, list[int]] = {"short": [], "long": []}

    def note(name: str) -> Callable[[ml.Progress], None]:
        return lambda progress: told[name].append(progress.step)

    commissions = [
        commissioned(coarse_steps=2, observer=note("short")),
        commissioned(coarse_steps=4, observer=note("long")),
    ]
    order = [number for number, _ in ml.stylize_batch(commissions, network=network)]

    assert told == {"short": [1, 2], "long": [1, 2, 3, 4]}
    assert order == [0, 1]


def test_too_little_memory_makes_tiles_of_each(
    network: FeatureNetwork, commissioned: Commissioned, content: Image.Image
) -> None:
    large = content.resize((440, 420))
    one: list[ml.Progress] = []
    other: list[ml.Progress] = []
    for_one = commissioned(large, observer=one.append, size=440, coarsest=440, coarse_steps=1)
    for_other = replace(for_one, observer=other.append)

    list(ml.stylize_batch([for_one, for_other], network=network, memory=1))

    whole = next(painted(for_one, network, usable(network.devices))).answer()
    for (told,) in (one, other):
        assert told.total == pytest.approx(whole.total, rel=1e-4)


def test_one_batch_is_seen_by_one_network(commissioned: Commissioned) -> None:
    with pytest.raises(ml.SettingsError, match="vgg16 and vgg19"):
        list(ml.stylize_batch([commissioned(network="vgg19"), commissioned()]))


def test_an_empty_batch_is_done_at_once() -> None:
    assert list(ml.stylize_batch([])) == []
