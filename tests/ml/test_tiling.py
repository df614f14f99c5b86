from __future__ import annotations

from typing import Any

import pytest
import torch
from PIL import Image
from torch import Tensor

import ml
from ml.features import FeatureNetwork
from ml.frame import framed
from ml.layers import POOLINGS, Pooling
from ml.objective import Objective
from ml.settings import Statistic
from ml.tensors import to_tensor
from ml.tiling import halo_of, tiles

SIZE = (232, 171)


@pytest.fixture
def photo(content: Image.Image) -> Tensor:
    return to_tensor(content.resize(SIZE))


@pytest.fixture
def painting(photo: Tensor) -> Tensor:
    """The photo, disturbed everywhere."""
    noise = torch.randn(photo.shape, generator=torch.Generator().manual_seed(0))
    return framed((photo + 0.1 * noise).clamp(0, 1))


@pytest.fixture
def soft_mask(photo: Tensor) -> Tensor:
    """White on the left, black on the right: some tiles see nothing of it."""
    return torch.linspace(2, -1.5, SIZE[0]).clamp(0, 1).expand(1, 1, SIZE[1], SIZE[0])


# The roots of small variances in a Gaussian's distance make its rounding the larger.
@pytest.mark.parametrize(("statistic", "rounding"), [("gram", 1e-5), ("gaussian", 1e-4)])
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("mask", ["none", "soft", "black"])
def test_the_gradient_of_the_tiles_is_that_of_the_whole(
    network: FeatureNetwork,
    photo: Tensor,
    style: Image.Image,
    painting: Tensor,
    soft_mask: Tensor,
    mask: str,
    pooling: Pooling,
    statistic: Statistic,
    rounding: float,
) -> None:
    settings = ml.Settings(statistic=statistic, pooling=pooling)
    styles = [(1.0, to_tensor(style))]
    masks = {"none": [], "soft": [soft_mask], "black": [torch.zeros_like(soft_mask)]}[mask]
    whole = Objective(network, photo, styles, settings, masks)
    parts = Objective(network, photo, styles, settings, masks, most_pixels=1)

    wanted, found = whole.evaluate(painting), parts.evaluate(painting)

    assert len(whole.tiles) == 1
    assert len(parts.tiles) > 3
    for term in ("content", "style", "tv", "total"):
        assert getattr(found, term) == pytest.approx(getattr(wanted, term), rel=1e-5)
    assert float((found.gradient - wanted.gradient).norm() / wanted.gradient.norm()) < rounding


def test_tiles_out_of_step_with_those_of_the_convolutions_differ_by_rounding(
    network: FeatureNetwork, content: Image.Image, style: Image.Image
) -> None:
    """A convolution's tiles, of four positions of a layer, begin elsewhere in such a part than in the whole."""
    photo, styles = to_tensor(content.resize((320, 240))), [(1.0, to_tensor(style))]
    painting = framed(photo + 0.1 * torch.randn(photo.shape, generator=torch.Generator().manual_seed(0)))
    whole = Objective(network, photo, styles, ml.Settings())
    parts = Objective(network, photo, styles, ml.Settings(), most_pixels=272**2)

    wanted, found = whole.evaluate(painting), parts.evaluate(painting)

    assert any(tile.seen_rows.start % 64 or tile.seen_columns.start % 64 for tile in parts.tiles)
    assert found.total == pytest.approx(wanted.total, rel=1e-5)
    assert float((found.gradient - wanted.gradient).norm() / wanted.gradient.norm()) < 1e-4


def test_a_picture_painted_in_little_memory_is_the_same(
    network: FeatureNetwork, content: Image.Image, style: Image.Image
) -> None:
    settings = ml.Settings(size=520, coarsest=520, coarse_steps=2)

    plenty, little = (ml.stylize(content, [style], settings, network=network, memory=memory) for memory in (2**40, 0))

    difference = (to_tensor(plenty) - to_tensor(little)).abs()
    assert float(difference.max()) <= 1.01 / 255


@pytest.mark.parametrize("while_learning", [False, True])
def test_where_memory_turns_out_not_to_suffice_it_goes_on_in_ever_smaller_tiles(
    network: FeatureNetwork,
    content: Image.Image,
    style: Image.Image,
    monkeypatch: pytest.MonkeyPatch,
    while_learning: bool,
) -> None:
    """In an evaluation, or while it looks at photo and style; and at the next scale it does not try for more."""

    def paint() -> Image.Image:
        # Shallow layers look at little around them, so that small tiles of a small picture are some.
        layers = {"content_layer": "relu2_1", "style_layers": (("relu1_1", 1.0), ("relu2_1", 1.0))}
        settings = ml.Settings(size=136, coarsest=96, coarse_steps=2, fine_steps=2, **layers)  # type: ignore[arg-type]
        return ml.stylize(content, [style], settings, network=network, memory=2**40)

    plenty = paint()
    forward = FeatureNetwork.forward
    in_vain: list[int] = []

    def short_of_memory(self: FeatureNetwork, image: Tensor, *how: Any) -> dict[str, Tensor]:
        if image[0, 0].numel() > 66**2 and (image.requires_grad or while_learning):
            in_vain.append(image[0, 0].numel())
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return forward(self, image, *how)

    monkeypatch.setattr(FeatureNetwork, "forward", short_of_memory)
    scarcity = paint()

    assert float((to_tensor(plenty) - to_tensor(scarcity)).abs().max()) <= 1.01 / 255
    assert in_vain == sorted(set(in_vain), reverse=True)
    assert len(in_vain) > 1


@pytest.mark.parametrize("tiles_before", [1, 3, 9])
def test_it_stops_between_two_tiles_when_asked(
    network: FeatureNetwork, content: Image.Image, style: Image.Image, tiles_before: int
) -> None:
    """While it looks at the photo, as in the evaluations after that."""
    looked_at: list[Tensor] = []
    seen: list[ml.Progress] = []
    settings = ml.Settings(size=520, coarsest=520, coarse_steps=2)
    watch = network.register_forward_hook(lambda network, given, features: looked_at.append(given[0]))

    with watch, pytest.raises(ml.Stopped):
        ml.stylize(
            content,
            [style],
            settings,
            network=network,
            memory=0,
            should_stop=lambda: len(looked_at) >= tiles_before,
            observer=seen.append,
        )

    assert (len(looked_at), seen) == (tiles_before, [])


@pytest.mark.parametrize(("height", "width"), [(1, 1), (200, 3000), (1333, 1000), (129, 130)])
def test_the_cores_make_up_the_picture_and_see_around_themselves(height: int, width: int) -> None:
    count = torch.zeros(1, 1, height, width)
    for tile in tiles(height, width, 400**2, 64):
        count[..., tile.rows, tile.columns] += 1
        assert tile.seen(count).numel() <= 400**2
        assert tile.seen_rows.start == max(0, tile.rows.start - 64)
        assert tile.seen_columns.stop == min(width, tile.columns.stop + 64)

    assert torch.equal(count, torch.ones_like(count))


@pytest.mark.parametrize(
    ("network", "layer", "halo"), [("vgg16", "relu5_1", 64), ("vgg16", "relu1_1", 16), ("vgg19", "relu5_1", 80)]
)
def test_the_halo_is_what_the_deepest_layer_looks_at(network: str, layer: str, halo: int) -> None:
    assert halo_of(network, {layer, "relu1_1"}) == halo
