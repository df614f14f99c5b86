"""Reading sets of pictures, and what is handed out of them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import ml
from ml import training_images
from tests.factories import encode, make_image

SETTINGS = ml.GanSettings(kind="single", size=32, width=8)
PICTURES = {f"{folder}/{seed}.jpg": encode(make_image(seed=seed)) for folder in ("a", "b") for seed in range(3)}
OTHERS = {"README.txt": b"Six pictures.", "a/broken.jpg": encode(make_image())[:200], "a/empty.png": b""}


def in_folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def in_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def in_tar(path: Path, files: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    "packed",
    [
        lambda folder, files: in_folder(folder / "pictures", files),
        lambda folder, files: in_zip(folder / "pictures", files),
        lambda folder, files: in_tar(folder / "pictures.zip", files),
    ],
    ids=["folder", "zip", "tar with a wrong name"],
)
def test_pictures_are_taken_and_what_is_none_is_counted(packed, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    images = ml.TrainingImages.read(packed(tmp_path, PICTURES | OTHERS), SETTINGS)

    assert (images.count, images.skipped) == (6, 3)


def test_nothing_is_unpacked(tmp_path: Path) -> None:
    archive = in_tar(tmp_path / "pictures.tar", PICTURES | {"../outside.jpg": encode(make_image())})

    assert ml.TrainingImages.read(archive, SETTINGS).count == 7
    assert [file.name for file in tmp_path.rglob("*")] == ["pictures.tar"]


def test_links_in_archives_are_not_followed(tmp_path: Path) -> None:
    archive = tmp_path / "pictures.tar"
    in_tar(archive, PICTURES)
    with tarfile.open(archive, "a") as opened:
        link = tarfile.TarInfo("link.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        opened.addfile(link)

    images = ml.TrainingImages.read(archive, SETTINGS)

    assert (images.count, images.skipped) == (6, 0)


@pytest.mark.parametrize("content", [b"not an archive", b""])
def test_what_is_neither_archive_nor_picture_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "pictures.zip").write_bytes(content)

    with pytest.raises(ml.TrainingImagesError, match="0 usable pictures and 1 other files"):
        ml.TrainingImages.read(tmp_path / "pictures.zip", SETTINGS)


def test_a_field_is_learnt_of_one_large_picture_whose_end_is_held_back(tmp_path: Path) -> None:
    make_image(300, 100).save(tmp_path / "painting.png")

    images = ml.TrainingImages.read(tmp_path / "painting.png", ml.GanSettings(size=32))

    assert images.count == 1
    assert [picture.shape for picture in images.learnt_from] == [(100, 240, 3)]
    assert [picture.shape for picture in images.held_back] == [(100, 60, 3)]
    with pytest.raises(ml.TrainingImagesError, match="at least 2"):
        ml.TrainingImages.read(tmp_path / "painting.png", SETTINGS)


def test_of_a_square_picture_a_crop_is_held_back(tmp_path: Path) -> None:
    """A fifth of its side, reduced as it is by default, would be less."""
    make_image(1000, 1000).save(tmp_path / "painting.png")

    images = ml.TrainingImages.read(tmp_path / "painting.png", ml.GanSettings())

    crop = ml.GanSettings().crop
    assert [min(picture.shape[:2]) for picture in images.held_back] == [crop]
    assert min(images.learnt_from[0].shape[:2]) >= 2 * crop


def test_a_small_picture_alone_is_not_enough(tmp_path: Path) -> None:
    make_image(110, 100).save(tmp_path / "painting.png")

    with pytest.raises(ml.TrainingImagesError, match="at least 2"):
        ml.TrainingImages.read(tmp_path / "painting.png", ml.GanSettings(size=32))


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_compressed_tars_are_not_opened(mode: str, tmp_path: Path) -> None:
    """A header of one could claim a hundred gigabytes, and be given them."""
    with pytest.raises(ml.TrainingImagesError, match="0 usable pictures and 1 other files"):
        ml.TrainingImages.read(in_tar(tmp_path / "pictures.tar", PICTURES, mode), SETTINGS)


def test_an_archive_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    whole = in_tar(tmp_path / "whole.tar", PICTURES).read_bytes()
    (tmp_path / "half.tar").write_bytes(whole[: whole.index(b"a/2.jpg") + 1024])

    with pytest.raises(ml.TrainingImagesError, match=r"half\.tar is damaged"):
        ml.TrainingImages.read(tmp_path / "half.tar", SETTINGS)


def test_a_damaged_member_is_skipped(tmp_path: Path) -> None:
    archive = tmp_path / "pictures.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_LZMA) as opened:
        for name, content in PICTURES.items():
            opened.writestr(name, content)
    damaged = bytearray(archive.read_bytes())
    damaged[60:90] = bytes(30)
    archive.write_bytes(damaged)

    images = ml.TrainingImages.read(archive, SETTINGS)

    assert (images.count, images.skipped) == (5, 1)


def test_one_picture_is_not_enough(tmp_path: Path) -> None:
    folder = in_folder(tmp_path / "pictures", {"one.png": encode(make_image(), "PNG"), "two.txt": b"no"})

    with pytest.raises(ml.TrainingImagesError, match="1 usable pictures and 1 other files; at least 2"):
        ml.TrainingImages.read(folder, SETTINGS)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ml.TrainingImagesError, match="nowhere does not exist"):
        ml.TrainingImages.read(tmp_path / "nowhere", SETTINGS)


def test_crops_come_from_everywhere_and_half_of_them_mirrored() -> None:
    # Brightness rises from left to right, and from white to black from top to bottom in green alone.
    across = np.linspace(0, 255, 128).astype(np.uint8)
    ramp = np.stack([np.tile(across, (128, 1)), np.tile(across[:, None], (1, 128)), np.zeros((128, 128))], axis=-1)
    picture = Image.fromarray(ramp.astype(np.uint8))
    images = ml.TrainingImages.of([picture, picture], ml.GanSettings(kind="field", size=32))

    crops = images.batch(400, 40, torch.Generator().manual_seed(0))

    assert crops.shape == (400, 3, 40, 40)
    rises = crops[:, 0, :, -1].mean(1) > crops[:, 0, :, 0].mean(1)
    assert 0.4 < float(rises.float().mean()) < 0.6
    for channel in (0, 1):
        means = crops[:, channel].mean((1, 2))
        assert float(means.min()) < -0.6
        assert float(means.max()) > 0.6


def test_pictures_held_back_are_never_learnt_from() -> None:
    plain = [Image.new("RGB", (32, 32), (seed * 10, 0, 0)) for seed in range(20)]
    images = ml.TrainingImages.of(plain, SETTINGS)
    random = torch.Generator().manual_seed(0)

    learnt = {float(crop[0, 0, 0]) for crop in images.batch(500, 32, random)}
    judged = {float(crop[0, 0, 0]) for batch in images.judged(50, 32, random) for crop in batch}

    assert len(learnt) == 16
    assert len(judged) == 4
    assert not learnt & judged


def test_small_pictures_are_enlarged_to_where_a_crop_fits() -> None:
    images = ml.TrainingImages.of([make_image(20, 60), make_image(500, 33)], ml.GanSettings(kind="single", size=64))

    assert images.batch(4, 64, torch.Generator().manual_seed(0)).shape == (4, 3, 64, 64)


def test_more_pictures_than_memory_should_hold_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_images, "MOST_MEMORY", 10_000)

    with pytest.raises(ml.TooManyImages, match="reduced for training, take over"):
        ml.TrainingImages.read(in_zip(tmp_path / "pictures.zip", PICTURES), SETTINGS)
