"""Files go when the row that names them goes, whichever way it went: by a service, in the admin, with its owner."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import FileField, Model
from django.db.models.fields.files import FieldFile
from django.db.models.signals import post_delete


def delete_files_with_rows_of(model: type[Model]) -> None:
    post_delete.connect(_delete_files, sender=model, dispatch_uid=f"files of {model._meta.label}")


def _delete_files(instance: Model, **signal: Any) -> None:
    fields = [field for field in instance._meta.get_fields() if isinstance(field, FileField)]
    files = [file for field in fields if (file := getattr(instance, field.name))]
    transaction.on_commit(lambda: _delete(files))


def _delete(files: list[FieldFile]) -> None:
    for file in files:
        if file.name:
            file.storage.delete(file.name)
