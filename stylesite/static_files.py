"""Static files as they are served: named by their content, compressed, and a page's stylesheets in one.

The stylesheets are kept apart by what they describe. A browser that fetched each would wait for them in turns, most of
all over a telephone's connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

SITE_STYLES = "css/site.css"
IMPORT = re.compile(r'^@import "(?P<name>\w+\.css)";$', re.MULTILINE)

Sources = Mapping[str, tuple[Storage, str]]
"""By each file's name, the storage that it is collected from and its path there."""


class StaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Whitenoise's storage, in which the site's stylesheet holds what it imports."""

    def post_process(self, paths: Sources, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if not dry_run and SITE_STYLES in paths:
            self._replace(SITE_STYLES, with_imports(SITE_STYLES, paths))
            paths = {**paths, SITE_STYLES: (self, SITE_STYLES)}
        yield from super().post_process(paths, dry_run, **options)

    def _replace(self, name: str, text: str) -> None:
        self.delete(name)
        self._save(name, ContentFile(text.encode()))


def with_imports(name: str, sources: Sources) -> str:
    """A stylesheet's text with those that it imports from its own folder in their places.

    They are read where they are collected from, since a collected stylesheet that imports nothing any more would
    outlast changes of what it has imported.
    """
    folder = name.rpartition("/")[0]
    return IMPORT.sub(lambda found: text_of(f"{folder}/{found['name']}", sources), text_of(name, sources))


def text_of(name: str, sources: Sources) -> str:
    storage, path = sources[name]
    with storage.open(path) as file:
        return file.read().decode()
