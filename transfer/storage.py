"""Files that no row names, left by processes that were killed between storing a file and writing its row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.core.files.storage import Storage
from django.db.models import FileField
from django.utils import timezone


def delete_unnamed_files(older_than: timedelta) -> int:
    """Delete what no row names from every storage that rows name files of; how many files that were.

    Younger files are left alone: their rows may be about to be written.
    """
    return sum(_delete_unnamed(fields, older_than) for fields in _fields_by_storage())


def _fields_by_storage() -> list[list[FileField]]:
    fields: dict[int, list[FileField]] = defaultdict(list)
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FileField):
                fields[id(field.storage)].append(field)
    return list(fields.values())


def _delete_unnamed(fields: list[FileField], older_than: timedelta) -> int:
    storage = fields[0].storage
    # Listed before the rows are asked: what is stored in between is not on the list.
    old = [name for name in _files_in(storage, "") if timezone.now() - storage.get_modified_time(name) >= older_than]
    unnamed = set(old) - {name for field in fields for name in _named_by(field)}
    for name in unnamed:
        storage.delete(name)
    return len(unnamed)


def _named_by(field: FileField) -> Iterator[str]:
    return field.model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True).iterator()


def _files_in(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return  # Nothing has been stored yet.
    prefix = f"{folder}/" if folder else ""
    yield from (f"{prefix}{name}" for name in files)
    for name in folders:
        yield from _files_in(storage, f"{prefix}{name}")
