"""Databases for the sites that tests start, of the kinds that they run on: PostgreSQL's or SQLite's, and Redis's."""

from __future__ import annotations

import os
import shutil
import urllib.parse
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import redis

from tests.parallel import redis_urls_for_sites


@contextmanager
def own_database(folder: Path, template: str | None) -> Iterator[str]:
    """The address of a new database, gone with the block."""
    name, url = new_database(folder, template)
    try:
        yield url
    finally:
        if is_on_postgres():
            drop_database(name)


def new_database(folder: Path, template: str | None = None) -> tuple[str, str]:
    """Name and address of a database of the kind that DATABASE_URL names, empty or a copy of another: a file in
    `folder` for SQLite, one of the server's for PostgreSQL."""
    if not is_on_postgres():
        file = folder / "live.sqlite3"
        if template:
            shutil.copy(template, file)
        return str(file), f"sqlite:///{file}"
    server = os.environ["DATABASE_URL"]
    name = f"stylesite_live_{uuid.uuid4().hex[:12]}"
    on_server(server, f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    return name, urllib.parse.urlsplit(server)._replace(path=f"/{name}").geturl()


def is_on_postgres() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def drop_database(name: str) -> None:
    on_server(os.environ["DATABASE_URL"], f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def own_redis_database() -> Iterator[dict[str, str]]:
    """Where REDIS_URL names a server, another of its sixteen databases, so that no other site takes our jobs: emptied,
    for its last site may have left workers that were killed and count as alive for minutes."""
    if not (url := os.environ.get("REDIS_URL")):
        yield {}
        return
    own = (redis_urls_for_sites(url) - _taken_redis_urls).pop()
    _taken_redis_urls.add(own)
    redis.from_url(own).flushdb()
    try:
        yield {"REDIS_URL": own}
    finally:
        _taken_redis_urls.remove(own)


_taken_redis_urls: set[str] = set()


def on_server(url: str, statement: str) -> None:
    connection = psycopg2.connect(urllib.parse.urlsplit(url)._replace(path="/postgres").geturl())
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()
