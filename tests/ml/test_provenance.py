from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from PIL import Image

import ml
from ml.features import FeatureNetwork
from ml.provenance import VERSION, Record, digest
from ml.weights import DIGESTS


@pytest.fixture
def record(network: FeatureNetwork, content: Image.Image, style: Image.Image) -> Record:
    return Record.of(content, [style], ml.Settings(size=64, seed=5, blend=(2.0,)), network)


def test_a_record_survives_its_json(record: Record) -> None:
    assert Record.from_json(record.to_json()) == record


def test_a_png_carries_its_record(record: Record, content: Image.Image, tmp_path: Path) -> None:
    content.save(tmp_path / "painting.png", pnginfo=record.in_png())

    assert Record.read(tmp_path / "painting.png") == record


def test_it_names_what_painted(record: Record, network: FeatureNetwork) -> None:
    assert record.weights == DIGESTS["vgg16"]
    assert (record.engine, record.precision, record.device) == (VERSION, "fp32", "cpu")


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())

    assert project["project"]["version"] == VERSION


def test_a_digest_is_of_the_pixels(content: Image.Image) -> None:
    assert digest(content.convert("RGBA")) == digest(content)
    assert digest(content.rotate(180)) != digest(content)
    assert digest(Image.new("RGB", (2, 3))) != digest(Image.new("RGB", (3, 2)))


NESTED = '{"settings":' * 100_000


def test_a_mask_is_black_where_it_is_transparent(
    content: Image.Image, style: Image.Image, network: FeatureNetwork
) -> None:
    white, nothing = (Image.new("RGBA", (4, 3), (255, 255, 255, alpha)) for alpha in (255, 0))

    def record(mask: Image.Image) -> Record:
        return Record.of(content, [style], ml.Settings(), network, masks=[mask])

    assert record(white) == record(Image.new("L", (4, 3), 255))
    assert record(nothing) == record(Image.new("L", (4, 3), 0))


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", '{"settings": {"size": 3}}', '{"settings": 1}', NESTED])
def test_what_is_no_record_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "record.json").write_text(text)

    with pytest.raises(ml.RecordError, match="not a painting's record"):
        Record.read(tmp_path / "record.json")


@pytest.mark.parametrize(("name", "words"), [("painting.jpg", "not a painting's record"), ("cut.png", "cut short")])
def test_a_picture_that_can_carry_no_record_is_named(
    name: str, words: str, content: Image.Image, record: Record, tmp_path: Path
) -> None:
    content.save(tmp_path / "painting.jpg")
    content.save(tmp_path / "whole.png", pnginfo=record.in_png())
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:40])

    with pytest.raises(ml.RecordError, match=rf"{name} is .*{words}"):
        Record.read(tmp_path / name)


def test_a_picture_without_a_record_is_refused(content: Image.Image, tmp_path: Path) -> None:
    content.save(tmp_path / "photo.png")

    with pytest.raises(ml.RecordError, match="carries no record"):
        Record.read(tmp_path / "photo.png")


def test_it_tells_nothing_of_the_pictures_but_digests(record: Record) -> None:
    told = json.loads(record.to_json())

    assert {name for name in told if name not in ("settings", "engine", "device", "precision")} == {
        "weights",
        "content",
        "styles",
        "masks",
        "start",
        "generator",
    }
    assert len(told["content"]) == 64
