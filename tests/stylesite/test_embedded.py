from __future__ import annotations

import stat
from pathlib import Path

import redis

from stylesite.embedded import secret_key, start_valkey, valkey_socket, valkey_url


def test_the_embedded_valkey_answers_at_its_address(tmp_path: Path) -> None:
    server = start_valkey(tmp_path)
    try:
        assert redis.from_url(valkey_url(tmp_path)).ping()
    finally:
        server.stop()


def test_an_orphan_of_a_killed_site_makes_way(tmp_path: Path) -> None:
    orphan = start_valkey(tmp_path)

    server = start_valkey(tmp_path)
    try:
        assert orphan._process is not None
        assert orphan._process.wait(timeout=5) == 0
        assert redis.from_url(valkey_url(tmp_path)).ping()
    finally:
        server.stop()


def test_a_socket_left_over_by_a_crash_is_no_obstacle(tmp_path: Path) -> None:
    socket = valkey_socket(tmp_path)
    socket.parent.mkdir(parents=True, exist_ok=True)
    socket.touch()

    start_valkey(tmp_path).stop()


def test_a_deep_folder_gets_a_socket_that_the_kernel_accepts(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)

    assert len(bytes(valkey_socket(deep))) <= 100
    assert valkey_socket(deep) != valkey_socket(deep / "c")


def test_the_secret_key_is_drawn_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    key = secret_key(tmp_path / "var")

    assert len(key) >= 50
    assert secret_key(tmp_path / "var") == key
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert secret_key(tmp_path / "other") != key
