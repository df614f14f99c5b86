"""Files live as long as the row that names them: they are taken away again where it could not be written, and go when
it goes, whichever way it went: by a service, in the admin, with its owner."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.db.models import FileField, Model
from django.db.models.fields.files import FieldFile
from django.db.models.signals import post_delete

from transfer import queue
from transfer.models import Generator, Upload


def delete_files_with_rows_of(model: type[Model]) -> None:
    post_delete.connect(_delete_files, sender=model, dispatch_uid=f"files of {model._meta.label}")


def delete_runs_with_generators() -> None:
    post_delete.connect(_delete_run, sender=Generator, dispatch_uid="runs of generators")


def delete_parts_with_uploads() -> None:
    post_delete.connect(_delete_part, sender=Upload, dispatch_uid="parts of uploads")


@contextmanager
def stored(
    files: Mapping[str, File[bytes]], folder: str, storage: Storage = default_storage
) -> Iterator[dict[str, str]]:
    """Store files for the row to name, and take them away again where the row could not be written."""
    names: dict[str, str] = {}
    try:
        for field, file in files.items():
            names[field] = storage.save(f"{folder}/{file.name}" if folder else str(file.name), file)
        yield names
    except BaseException:
        for name in names.values():
            storage.delete(name)
        raise


@contextmanager
def local_copy(file: FieldFile) -> Iterator[Path]:
    """A path at which the stored file can be read: its own, or a copy's where the storage is elsewhere."""
    try:
        path = Path(file.path)
    except NotImplementedError:
        with tempfile.NamedTemporaryFile() as copy, file.open("rb") as opened:
            shutil.copyfileobj(opened, copy)
            copy.flush()
            yield Path(copy.name)
    else:
        yield path


def _delete_files(instance: Model, **signal: Any) -> None:
    fields = [field for field in instance._meta.get_fields() if isinstance(field, FileField)]
    files = [file for field in fields if (file := getattr(instance, field.name))]
    transaction.on_commit(lambda: _delete(files))


def _delete(files: list[FieldFile]) -> None:
    for file in files:
        if file.name:
            file.storage.delete(file.name)


def _delete_part(instance: Upload, **signal: Any) -> None:
    transaction.on_commit(partial(instance.path.unlink, missing_ok=True))


def _delete_run(instance: Generator, **signal: Any) -> None:
    transaction.on_commit(partial(queue.discard_run, instance.pk))
