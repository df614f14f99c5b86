from __future__ import annotations

import os
from pathlib import Path

import pytest

from ml.files import whole
from tests.full_disk import files_of_at_most


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text("what lay there")
    return path


def test_what_is_written_takes_the_place_of_what_was_there(letter: Path) -> None:
    letter.chmod(0o640)

    with whole(letter) as file:
        file.write(b"anew")
        assert letter.read_text() == "what lay there"

    assert letter.read_text() == "anew"
    assert letter.stat().st_mode & 0o777 == 0o640
    assert list(letter.parent.iterdir()) == [letter]


def test_on_a_full_disk_the_old_file_stays_and_nothing_else(letter: Path) -> None:
    with files_of_at_most(bytes=2000), pytest.raises(OSError, match="too large") as full, whole(letter) as file:
        file.write(bytes(100_000))

    assert full.value.filename == str(letter)
    assert letter.read_text() == "what lay there"
    assert list(letter.parent.iterdir()) == [letter]


def test_a_link_stays_one(letter: Path) -> None:
    link = letter.with_name("link.txt")
    link.symlink_to(letter)

    with whole(link) as file:
        file.write(b"anew")

    assert link.is_symlink()
    assert letter.read_text() == "anew"


def test_a_device_is_written_to_as_it_is() -> None:
    with whole(Path(os.devnull)) as file:
        file.write(b"nothing")

    assert not Path(os.devnull).is_file()
