"""Whole transfers with the real network on tiny pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps
from torch import Tensor

import ml
from ml import memory, transfer
from ml.evaluation import evaluate
from ml.features import FeatureNetwork
from ml.masks import with_bare_parts
from ml.settings import STATISTICS

Paint = Callable[..., Image.Image]
DOORS = ("masks", "start", "generator", "network", "observer", "should_stop", "checkpoint")


@pytest.fixture
def paint(network: FeatureNetwork, content: Image.Image, style: Image.Image) -> Paint:
    """Paint the usual pair with some settings, and whatever else `stylize` takes."""

    def paint(
        photo: Image.Image = content, styles: tuple[Image.Image, ...] = (style,), **options: object
    ) -> Image.Image:
        doors = {name: options.pop(name) for name in DOORS if name in options}
        settings = ml.Settings(**({"size": 64, "coarse_steps": 12, "fine_steps": 6} | options))  # type: ignore[arg-type]
        return ml.stylize(photo, styles, settings, **({"network": network} | doors))  # type: ignore[arg-type]

    return paint


def same(one: Image.Image, other: Image.Image) -> bool:
    return bool(np.array_equal(np.asarray(one), np.asarray(other)))


@pytest.mark.parametrize("statistic", STATISTICS)
def test_the_picture_takes_on_the_style_and_keeps_the_content(
    paint: Paint, network: FeatureNetwork, content: Image.Image, style: Image.Image, statistic: str
) -> None:
    painted, careless = (
        paint(size=96, coarse_steps=40, statistic=statistic, content_weight=weight) for weight in (1, 0)
    )

    before, after, without = (evaluate(network, content, style, picture) for picture in (content, painted, careless))
    assert after["style"] < before["style"] / 10
    assert after["content"] < without["content"]


@pytest.mark.parametrize("init", ["photo", "noise"])
def test_the_same_seed_gives_the_same_picture_and_another_seed_another(paint: Paint, init: str) -> None:
    first = paint(init=init, seed=3)

    assert same(first, paint(init=init, seed=3))
    assert not same(first, paint(init=init, seed=4))


def test_layers_spread_over_several_devices_paint_the_same_picture(paint: Paint) -> None:
    split = ml.load_network("vgg16", "cpu,cpu", "fp32")

    assert len(split.devices) == 2
    assert same(paint(evenness=1.0), paint(evenness=1.0, network=split))


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> ml.TrainedGenerator:
    """A generator of stripes, trained for a moment."""
    folder = tmp_path_factory.mktemp("generator")
    stripes = [ImageOps.colorize(Image.linear_gradient("L").rotate(90 * turn), "navy", "gold") for turn in range(4)]
    settings = ml.GanSettings(size=32, width=8, steps=4, batch=4, evaluate_every=4, judged=4)
    images = ml.TrainingImages.of(stripes, settings)
    ml.train_gan(images, settings, folder / "model.safetensors", run=folder / "run", device="cpu")
    return ml.load_generator(folder / "model.safetensors", device="cpu")


def test_a_generators_picture_is_what_the_painting_starts_from(
    paint: Paint, generator: ml.TrainedGenerator, content: Image.Image, style: Image.Image
) -> None:
    def first_picture(**options: object) -> np.ndarray:
        """As it stands before anything was learnt of the objective."""
        return np.asarray(paint(init="gan", generator=generator, coarse_steps=1, coarsest=64, **options), float)

    own = np.asarray(ml.sample(generator, 64, 48, seed=5), float)
    whole = first_picture(seed=5, gan_strength=1.0, gan_colours="own")
    none = first_picture(seed=5, gan_strength=0.0)
    tinted = first_picture(seed=5, gan_strength=1.0)
    photo = np.asarray(content.resize((64, 48), Image.Resampling.LANCZOS), float)

    assert abs(whole - own).mean() < 4
    assert abs(none - photo).mean() < 4
    wanted = np.asarray(style, float).mean((0, 1))
    assert abs(tinted.mean((0, 1)) - wanted).max() < 12
    assert abs(whole.mean((0, 1)) - wanted).max() > 12


def test_a_start_from_a_generator_needs_one(paint: Paint) -> None:
    with pytest.raises(ml.SettingsError, match="there is no generator"):
        paint(init="gan")


def test_another_generator_is_another_painting_to_a_checkpoint(
    paint: Paint, generator: ml.TrainedGenerator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    checkpoint = ml.Checkpoint(tmp_path / "checkpoint", every_seconds=0)
    paint(init="gan", generator=generator, checkpoint=checkpoint)

    paint(init="gan", generator=replace(generator, digest="another"), checkpoint=checkpoint)

    assert "of other settings or pictures" in caplog.text


@pytest.mark.parametrize(("width", "height"), [(97, 61), (61, 97), (40, 33), (200, 40)])
def test_the_result_has_the_size_asked_for_and_the_photos_proportions(
    paint: Paint, content: Image.Image, width: int, height: int
) -> None:
    painted = paint(content.resize((width, height)), coarse_steps=2)

    assert painted.mode == "RGB"
    assert max(painted.size) == 64
    assert abs(painted.width / painted.height - width / height) < 0.1 * width / height


def test_an_observer_is_told_of_every_evaluation(paint: Paint) -> None:
    seen: list[ml.Progress] = []

    paint(size=192, coarse_steps=4, fine_steps=3, observer=seen.append)

    assert [progress.step for progress in seen] == list(range(1, 8))
    assert {(progress.scale, progress.width) for progress in seen} == {(0, 136), (1, 192)}
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert seen[-1].seconds_left == 0
    assert seen[-1].total == pytest.approx(seen[-1].content + seen[-1].style + seen[-1].tv, rel=1e-5)


def test_a_preview_is_a_small_picture_of_the_painting_so_far(paint: Paint) -> None:
    seen: list[ml.Progress] = []

    painted = paint(observer=seen.append)

    assert seen[0].preview(32).size == (32, 24)
    assert same(seen[-1].preview(1000), painted)


@pytest.mark.parametrize("steps_before", [1, 5, 6, 8])
def test_a_run_that_was_stopped_goes_on_to_the_very_same_picture(
    paint: Paint, tmp_path: Path, steps_before: int
) -> None:
    """Across the change of scales too, which comes after five steps."""
    pyramid = {"size": 182, "coarse_steps": 5, "fine_steps": 4}
    whole = paint(**pyramid)
    answers = iter([False] * steps_before + [True])

    with pytest.raises(ml.Stopped):
        paint(**pyramid, should_stop=lambda: next(answers), checkpoint=ml.Checkpoint(tmp_path / "run"))
    seen: list[ml.Progress] = []
    resumed = paint(**pyramid, observer=seen.append, checkpoint=ml.Checkpoint(tmp_path / "run"))

    assert seen[0].step == steps_before + 1
    assert same(resumed, whole)


def test_a_checkpoint_of_other_settings_is_not_resumed(paint: Paint, tmp_path: Path) -> None:
    checkpoint = ml.Checkpoint(tmp_path / "run", every_seconds=0)
    paint(seed=1, checkpoint=checkpoint)
    seen: list[ml.Progress] = []

    paint(seed=2, checkpoint=checkpoint, observer=seen.append)

    assert seen[0].step == 1


def test_a_checkpoint_of_another_precision_is_not_resumed(paint: Paint, tmp_path: Path) -> None:
    checkpoint = ml.Checkpoint(tmp_path / "run", every_seconds=0)
    paint(coarse_steps=2, checkpoint=checkpoint)
    seen: list[ml.Progress] = []

    paint(coarse_steps=2, network=ml.load_network("vgg16", "cpu", "bf16"), checkpoint=checkpoint, observer=seen.append)

    assert seen[0].step == 1


def test_a_checkpoint_of_another_version_is_not_resumed(
    paint: Paint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The painting's record would tell of one version alone."""
    checkpoint = ml.Checkpoint(tmp_path / "run", every_seconds=0)
    paint(coarse_steps=2, checkpoint=checkpoint)
    seen: list[ml.Progress] = []

    monkeypatch.setattr(transfer, "VERSION", "another")
    paint(coarse_steps=2, checkpoint=checkpoint, observer=seen.append)

    assert seen[0].step == 1


def test_two_styles_blend(paint: Paint, style: Image.Image) -> None:
    other = Image.fromarray(255 - np.asarray(style))

    mostly_first = paint(styles=(style, other), blend=(9.0, 1.0))
    mostly_second = paint(styles=(style, other), blend=(1.0, 9.0))

    warmth = [float(np.asarray(picture, dtype=float)[..., 0].mean()) for picture in (mostly_first, mostly_second)]
    assert warmth[0] > warmth[1] + 10


def test_a_stronger_style_moves_further_from_the_photo(paint: Paint, content: Image.Image) -> None:
    small = np.asarray(content.resize((64, 48)), dtype=float)

    weak, strong = (np.asarray(paint(style_weight=weight), dtype=float) for weight in (0.001, 10))

    assert np.abs(strong - small).mean() > 2 * np.abs(weak - small).mean()


def test_more_weight_on_smoothness_paints_more_smoothly(paint: Paint) -> None:
    rough, usual, smooth = (roughness(paint(tv_weight=weight)) for weight in (0, 1, 30))

    assert rough > 1.4 * usual > 1.4 * 1.4 * smooth


def test_a_smaller_brush_paints_finer_strokes(paint: Paint) -> None:
    fine, coarse = (paint(style_scale=scale, coarse_steps=20) for scale in (0.4, 1.25))

    contrasts = [np.asarray(painted, float).var((0, 1)).mean() for painted in (fine, coarse)]
    assert roughness(fine) / contrasts[0] > 1.5 * roughness(coarse) / contrasts[1]


def test_the_layer_with_more_weight_is_the_nearer_to_the_style(
    paint: Paint, network: FeatureNetwork, content: Image.Image, style: Image.Image
) -> None:
    shallow, deep = (
        evaluate(network, content, style, paint(coarse_steps=20, style_layers=shares))["style_layers"]
        for shares in ((("relu1_1", 1.0), ("relu3_1", 0.05)), (("relu1_1", 0.05), ("relu3_1", 1.0)))
    )

    assert shallow["relu1_1"] < deep["relu1_1"] / 1.5
    assert deep["relu3_1"] < shallow["relu3_1"] / 1.5


def roughness(painted: Image.Image) -> float:
    """Mean squared difference of neighbouring pixels."""
    x = np.asarray(painted, float)
    return float(np.square(np.diff(x, axis=0)).mean() + np.square(np.diff(x, axis=1)).mean())


@pytest.mark.parametrize("statistic", STATISTICS)
def test_bfloat16_paints_nearly_what_float32_paints(
    paint: Paint, network: FeatureNetwork, content: Image.Image, style: Image.Image, statistic: str
) -> None:
    """Nearer to it than to what another seed's noise grows into."""
    pyramid = {"coarsest": 45, "coarse_steps": 12, "fine_steps": 8, "statistic": statistic}
    short = ml.load_network("vgg16", "cpu", "bf16")

    full, brief, other = paint(**pyramid), paint(**pyramid, network=short), paint(**pyramid, seed=1)

    assert distance(full, brief) < distance(full, other) / 2
    wanted, found = (evaluate(network, content, style, painted) for painted in (full, brief))
    for term in ("content", "style"):
        assert found[term] == pytest.approx(wanted[term], rel=0.2)


@pytest.mark.parametrize(("statistic", "poisoned"), [("gram", 2), ("gram", 15), ("gaussian", 7)])
def test_an_evaluation_that_is_not_finite_spoils_nothing(
    paint: Paint, network: FeatureNetwork, statistic: str, poisoned: int
) -> None:
    """The picture stays what it was for one step, and ends about as good as one that nothing happened to."""
    whole: list[ml.Progress] = []
    seen: list[ml.Progress] = []
    shown: list[Image.Image] = []

    def watch(progress: ml.Progress) -> None:
        seen.append(progress)
        shown.append(progress.preview())

    paint(coarse_steps=20, statistic=statistic, observer=whole.append)
    with failing(network, poisoned):
        painted = paint(coarse_steps=20, statistic=statistic, observer=watch)

    assert [progress.step for progress in seen] == list(range(1, len(whole) + 1))
    assert [n for n, (one, other) in enumerate(pairwise(seen), 2) if one.total == other.total] == [poisoned]
    assert same(shown[poisoned - 1], shown[poisoned - 2])
    assert same(shown[-1], painted)
    assert seen[-1].total < 1.15 * whole[-1].total
    assert all(distance(*pair) < 40 for pair in pairwise(shown))


@contextmanager
def failing(network: FeatureNetwork, evaluation: int) -> Iterator[None]:
    """Has the network give features that are no numbers in one evaluation, and the right ones in all others."""
    number = count(1)

    def poison(network: FeatureNetwork, given: tuple[Tensor, ...], features: dict[str, Tensor]) -> dict[str, Tensor]:
        # Photo and style are looked at without a gradient.
        broken = given[0].requires_grad and next(number) == evaluation
        return {layer: F * float("nan") for layer, F in features.items()} if broken else features

    with network.register_forward_hook(poison):
        yield


def test_without_a_style_there_is_nothing_to_paint(paint: Paint) -> None:
    with pytest.raises(ml.EngineError, match="0 style pictures"):
        paint(styles=())


@pytest.mark.parametrize("statistic", STATISTICS)
def test_black_and_flat_pictures_give_no_trouble(paint: Paint, statistic: str) -> None:
    black, red = Image.new("RGB", (64, 48)), Image.new("RGB", (24, 18), "red")

    for photo, style in [(black, black), (red, black), (black, red)]:
        assert paint(photo, styles=(style,), statistic=statistic, coarse_steps=4).size == (64, 48)


def test_evenness_brings_the_style_into_every_part(
    paint: Paint, network: FeatureNetwork, content: Image.Image, style: Image.Image
) -> None:
    uneven, even = (paint(size=96, coarse_steps=40, evenness=evenness) for evenness in (0, 1))

    assert worst_part(network, content, style, even) < worst_part(network, content, style, uneven)


def worst_part(network: FeatureNetwork, content: Image.Image, style: Image.Image, painted: Image.Image) -> float:
    """The style loss of the quarter of `painted` that is farthest from the style."""
    w, h = painted.width // 2, painted.height // 2
    quarters = [(x, y, x + w, y + h) for x in (0, w) for y in (0, h)]
    return max(evaluate(network, content, style, painted.crop(quarter))["style"] for quarter in quarters)


def half_masks(content: Image.Image) -> tuple[Image.Image, Image.Image]:
    """White on the left, and white on the right."""
    left = Image.new("L", content.size)
    left.paste(255, (0, 0, content.width // 2, content.height))
    return left, ImageOps.invert(left)


def test_a_style_is_painted_where_its_mask_is_white_and_nowhere_else(paint: Paint, content: Image.Image) -> None:
    left, _ = half_masks(content)

    painted = np.asarray(paint(size=96, coarse_steps=30, masks=(left,)), int)

    changes = np.abs(painted - np.asarray(content, int)).mean((0, 2))
    assert changes[:44].min() > 5
    assert changes[52:].max() == 0


def test_each_style_has_its_own_part(
    paint: Paint, network: FeatureNetwork, content: Image.Image, style: Image.Image
) -> None:
    grey = style.convert("L").convert("RGB")

    painted = paint(styles=(style, grey), size=96, coarse_steps=40, style_weight=10, masks=half_masks(content))

    colourfulness = np.ptp(np.asarray(painted, int), axis=2).mean(0)
    assert colourfulness[:40].mean() > 1.5 * colourfulness[56:].mean()


def test_a_black_mask_leaves_the_photo(paint: Paint, content: Image.Image) -> None:
    painted = paint(size=96, coarse_steps=4, masks=(Image.new("L", content.size),))

    assert same(painted, content)


def test_a_mask_may_have_another_size(paint: Paint, content: Image.Image) -> None:
    left, _ = half_masks(content)

    assert paint(masks=(left.resize((48, 36)),), coarse_steps=2).size == (64, 48)


@pytest.mark.parametrize(
    ("sizes", "problem"),
    [
        ([(96, 72), (96, 72)], "there are 2 masks for 1 style pictures"),
        ([(72, 96)], "a mask of 72×96 does not fit the photo of 96×72"),
    ],
)
def test_masks_that_do_not_fit_are_refused(paint: Paint, sizes: list[tuple[int, int]], problem: str) -> None:
    with pytest.raises(ml.SettingsError, match=problem):
        paint(masks=[Image.new("L", size) for size in sizes])


def test_a_mask_that_is_not_all_numbers_is_refused(paint: Paint, content: Image.Image) -> None:
    values = np.full((content.height, content.width), 255, np.float32)
    values[3, 4] = np.nan

    with pytest.raises(ml.SettingsError, match="not finite"):
        paint(masks=[Image.fromarray(values)])


def test_soft_edges_that_meet_leave_no_seam_of_the_photo() -> None:
    painting, photo = Image.new("RGB", (64, 64), "white"), Image.new("RGB", (64, 64), "black")
    soft = Image.linear_gradient("L").resize((64, 64))

    shown = with_bare_parts(painting, photo, [soft, ImageOps.invert(soft)])

    assert np.asarray(shown).min() > 250


def test_what_no_machine_could_paint_is_refused_at_once(
    paint: Paint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "limit").write_text("1000000000")
    monkeypatch.setattr(memory, "LIMITS", (tmp_path / "limit",))

    with pytest.raises(ml.NotEnoughMemory, match="GiB at least"):
        paint(size=2048)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 bytes."),
    ],
)
def test_running_out_of_memory_is_told_in_words(
    paint: Paint, monkeypatch: pytest.MonkeyPatch, error: RuntimeError
) -> None:
    def exhausted(*_: object) -> None:
        raise error

    monkeypatch.setattr(FeatureNetwork, "forward", exhausted)

    with pytest.raises(ml.NotEnoughMemory, match="did not suffice"):
        paint()


def test_an_earlier_result_is_gone_on_with(paint: Paint, network: FeatureNetwork, content: Image.Image) -> None:
    """One more step of a painting is still that painting; one step from the photo is still the photo."""
    earlier = paint(coarse_steps=40)

    started, fresh = paint(start=earlier, coarse_steps=1), paint(coarse_steps=1)

    assert distance(started, earlier) < distance(fresh, earlier) / 4


def test_a_picture_to_start_from_may_have_another_shape(paint: Paint, style: Image.Image) -> None:
    assert paint(start=style.resize((7, 90)), coarse_steps=2).size == (64, 48)


def distance(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(np.asarray(one, float) - np.asarray(other, float)).mean())


def test_painting_begins_at_the_coarsest_scale_asked_for(paint: Paint) -> None:
    seen: list[ml.Progress] = []

    paint(size=64, coarsest=32, coarse_steps=2, fine_steps=1, observer=seen.append)

    assert [progress.width for progress in seen] == [32, 32, 45, 64]


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (400, 3)])
def test_the_smallest_and_thinnest_pictures_are_painted(paint: Paint, size: tuple[int, int]) -> None:
    painted = paint(Image.new("RGB", size, "teal"), coarse_steps=3)

    assert max(painted.size) == 64
    assert np.asarray(painted).std() > 0


@pytest.mark.parametrize("size", [(1, 1), (2, 50), (9, 9)])
def test_a_style_smaller_than_the_network_sees_is_learnt_all_the_same(
    paint: Paint, style: Image.Image, size: tuple[int, int]
) -> None:
    assert paint(styles=(style.resize(size),), coarse_steps=3).size == (64, 48)


def test_what_is_transparent_is_white(paint: Paint, content: Image.Image) -> None:
    """The colours hidden under transparent pixels, black in most files, are nobody's wish."""
    clear = content.convert("RGBA")
    clear.putalpha(Image.new("L", content.size))
    white = Image.new("RGB", content.size, "white")

    assert same(paint(clear, coarse_steps=2), paint(white, coarse_steps=2))


def test_a_grey_picture_is_painted_as_its_own_in_three_channels(paint: Paint, content: Image.Image) -> None:
    grey = content.convert("L")

    assert same(paint(grey, coarse_steps=2), paint(grey.convert("RGB"), coarse_steps=2))
