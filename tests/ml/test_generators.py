"""Generators' files, hostile ones among them, and the pictures that are made by them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

import ml
from ml.dcgan import BEYOND, Generator
from ml.generators import SIDE_AT_ONCE, save_generator
from ml.tensors import to_tensor


def network(**settings: object) -> Generator:
    """A generator whose batch norms have seen some of its own pictures."""
    torch.manual_seed(1)
    made = Generator(ml.GanSettings(**({"size": 32, "width": 8} | settings)))  # type: ignore[arg-type]
    for seed in range(20):
        made(made.latents(8, 64, 64, torch.Generator().manual_seed(seed)))
    return made.eval()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "model.safetensors"
    save_generator(network(), path, {"name": "Strokes"}, {"frechet": 12.5, "step": 100})
    return path


@pytest.fixture(scope="module")
def generator(model: Path) -> ml.TrainedGenerator:
    return ml.load_generator(model, device="cpu")


def rewritten(model: Path, path: Path, tensors: dict[str, torch.Tensor] | None = None, **facts: object) -> Path:
    """A copy with other tensors, or with other facts about it."""
    with safe_open(model, framework="pt") as file:
        known = json.loads(file.metadata()["generator"])
    save_file(tensors or load_file(model), path, metadata={"generator": json.dumps(known | facts)})
    return path


def test_what_was_saved_is_loaded(generator: ml.TrainedGenerator, model: Path) -> None:
    assert generator.about == {"name": "Strokes"}
    assert generator.metrics == {"frechet": 12.5, "step": 100}
    assert generator.settings == ml.GanSettings(size=32, width=8)
    assert generator.digest == ml.file_digest(model)


def test_half_precision_costs_the_pictures_nothing_that_is_seen(generator: ml.TrainedGenerator) -> None:
    original = network()
    z = original.latents(1, 64, 64, torch.Generator().manual_seed(5))

    difference = (original(z) - generator.network(z)).abs().max()

    assert float(difference.detach()) < 2 / 255


@pytest.mark.parametrize("size", [(1, 1), (64, 48), (33, 91)])
def test_a_field_generator_makes_any_size(generator: ml.TrainedGenerator, size: tuple[int, int]) -> None:
    assert ml.sample(generator, *size, seed=3).size == size


def test_the_same_seed_gives_the_same_picture_and_another_another(generator: ml.TrainedGenerator) -> None:
    first, again, other = (np.asarray(ml.sample(generator, 64, 48, seed)) for seed in (3, 3, 4))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_picture_painted_in_parts_has_no_seam(generator: ml.TrainedGenerator) -> None:
    width = SIDE_AT_ONCE + 6 * generator.settings.cell
    z = generator.network.latents(1, width, 40, torch.Generator().manual_seed(2))

    picture = to_tensor(ml.sample(generator, width, 40, seed=2))

    assert z.shape[3] == SIDE_AT_ONCE // generator.settings.cell + 6 + BEYOND
    whole = (generator.network(z)[..., :40, :] + 1) / 2
    assert float((picture - whole).abs().max()) <= 0.51 / 255 + 1e-6


def test_a_pictures_statistics_are_the_same_everywhere(generator: ml.TrainedGenerator) -> None:
    """A border frame, or a grid wider than a cell, would show in the rows' and columns' means."""
    picture = np.asarray(ml.sample(generator, 512, 512, seed=1)).astype(float).mean(2)
    cell = generator.settings.cell
    rows = picture.mean(1).reshape(-1, cell).mean(1)

    assert abs(rows[[0, -1]].mean() - rows.mean()) < 4 * rows.std() + 1


def test_a_single_generator_makes_its_own_size_only(tmp_path: Path) -> None:
    save_generator(network(kind="single"), tmp_path / "single.safetensors")
    generator = ml.load_generator(tmp_path / "single.safetensors", device="cpu")

    assert ml.sample(generator, 32, 32, seed=0).size == (32, 32)
    with pytest.raises(ml.SettingsError, match="32×32, not 64×32"):
        ml.sample(generator, 64, 32, seed=0)


def test_a_sheet_shows_sixty_four_pictures(generator: ml.TrainedGenerator) -> None:
    sheet = np.asarray(ml.sample_sheet(generator))

    assert sheet.shape == (256, 256, 3)
    assert not np.array_equal(sheet[:32, :32], sheet[:32, 32:64])


@pytest.mark.parametrize("size", [(0, 5), (9000, 5)])
def test_sizes_out_of_range_are_refused(generator: ml.TrainedGenerator, size: tuple[int, int]) -> None:
    with pytest.raises(ml.SettingsError, match="from 1 to 8192"):
        ml.sample(generator, *size, seed=0)


# ---------------------------------------------------------------------------------------------------- hostile files


class Harmful:
    """A pickle that leaves a file behind when it is read."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.trace,)


def test_a_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    torch.save({"weights": Harmful(tmp_path / "trace")}, tmp_path / "model.safetensors")

    with pytest.raises(ml.GeneratorError, match="not a whole safetensors file"):
        ml.load_generator(tmp_path / "model.safetensors")
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize("kept", [0, 4, 100, 5000, -1])
def test_a_truncated_file_is_refused(model: Path, tmp_path: Path, kept: int) -> None:
    (tmp_path / "model.safetensors").write_bytes(model.read_bytes()[:kept])

    with pytest.raises(ml.GeneratorError, match="not a whole safetensors file"):
        ml.load_generator(tmp_path / "model.safetensors")


def test_another_digest_is_refused_before_anything_is_read(model: Path) -> None:
    with pytest.raises(ml.GeneratorError, match="is not the generator it should be"):
        ml.load_generator(model, digest="0" * 64)


def test_a_wrong_shape_is_named(model: Path, tmp_path: Path) -> None:
    tensors = load_file(model)
    name = next(iter(tensors))
    tensors[name] = tensors[name][:1].clone()

    with pytest.raises(ml.GeneratorError, match=name):
        ml.load_generator(rewritten(model, tmp_path / "other.safetensors", tensors))


@pytest.mark.parametrize("change", ["missing", "more"])
def test_a_tensor_too_few_or_too_many_is_named(model: Path, tmp_path: Path, change: str) -> None:
    tensors = load_file(model)
    if change == "missing":
        tensors.pop("layers.0.0.weight")
    else:
        tensors["backdoor"] = torch.zeros(3)

    with pytest.raises(ml.GeneratorError, match=r"layers\.0\.0\.weight|backdoor"):
        ml.load_generator(rewritten(model, tmp_path / "other.safetensors", tensors))


def test_numbers_that_are_not_finite_are_refused(model: Path, tmp_path: Path) -> None:
    tensors = load_file(model)
    tensors["layers.0.0.weight"][0, 0, 0, 0] = float("nan")

    with pytest.raises(ml.GeneratorError, match="not finite"):
        ml.load_generator(rewritten(model, tmp_path / "other.safetensors", tensors))


@pytest.mark.parametrize(
    "facts",
    [
        {"form": 2},
        {"settings": {"size": 1 << 40}},
        {"settings": {"width": 64}},
        {"settings": {"width": 10**400}},
        {"settings": {"size": 32.0, "width": 8}},
        {"settings": {"surprise": 1}},
        {"settings": None},
        {"metrics": {"frechet": "low"}},
        {"about": []},
    ],
)
def test_foreign_facts_are_refused(model: Path, tmp_path: Path, facts: dict[str, object]) -> None:
    with pytest.raises(ml.GeneratorError):
        ml.load_generator(rewritten(model, tmp_path / "other.safetensors", None, **facts))


def test_a_safetensors_file_of_something_else_is_refused(tmp_path: Path) -> None:
    save_file({"weight": torch.zeros(3)}, tmp_path / "other.safetensors")

    with pytest.raises(ml.GeneratorError, match="does not say what generator it is"):
        ml.load_generator(tmp_path / "other.safetensors")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ml.GeneratorError, match="does not exist"):
        ml.load_generator(tmp_path / "none.safetensors")
