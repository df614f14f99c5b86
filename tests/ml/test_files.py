from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from PIL import Image

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


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)

    with whole(pipe) as file:
        file.write(b"through")

    assert os.read(reader, 100) == b"through"
    assert pipe.is_fifo()
    os.close(reader)


def test_what_a_process_has_open_is_written_to_as_it_is(letter: Path) -> None:
    with letter.open("r+b") as opened:
        with whole(Path(f"/dev/fd/{opened.fileno()}")) as file:
            file.write(b"anew")

        assert os.path.sameopenfile(opened.fileno(), os.open(letter, os.O_RDONLY))
    assert letter.read_text() == "anew"


def test_what_nothing_can_be_moved_over_is_written_over(letter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(part: Path, target: Path) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", refused)
    with whole(letter) as file:
        file.write(b"anew")

    assert letter.read_text() == "anew"
    assert list(letter.parent.iterdir()) == [letter]


def test_an_error_that_is_not_the_systems_keeps_its_words(letter: Path) -> None:
    with pytest.raises(OSError, match="cannot write mode F as PNG"), whole(letter) as file:
        Image.new("F", (2, 2)).save(file, "PNG")
