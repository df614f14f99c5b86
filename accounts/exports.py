"""Everything one has on the site, as one zip archive, packed by a worker.

Each app says what it holds of a person by a receiver of `collecting`.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import IO, Any, cast

import django_rq
from django.core.files.base import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import DataExport, User

# Sent with `user`; a receiver returns pairs of a path in the archive and a file field, or what JSON can say.
collecting = Signal()

QUEUE = "interactive"
KEPT = timedelta(days=7)
# After so long without an archive the wish may be repeated: the worker, or the queue, may have been lost.
PATIENCE = timedelta(minutes=10)

Entry = tuple[str, Any]


@transaction.atomic
def request_export(*, user: User) -> DataExport:
    """Have the archive packed; a wish that is being fulfilled stands as it is."""
    User.objects.select_for_update().get(pk=user.pk)
    earlier = DataExport.objects.filter(user=user).first()
    if earlier and earlier.is_pending and timezone.now() - earlier.requested_at < PATIENCE:
        return earlier
    if earlier:
        earlier.delete()
    export = DataExport.objects.create(user=user)
    transaction.on_commit(lambda: django_rq.get_queue(QUEUE).enqueue(pack, export.pk, result_ttl=0))
    return export


def pack(export_id: int) -> None:
    """What a worker runs. An export that was deleted meanwhile, with its account perhaps, is let go."""
    export = DataExport.objects.select_related("user").filter(pk=export_id).first()
    if export is None:
        return
    with tempfile.TemporaryFile() as archive:
        _write(archive, _entries(export.user))
        archive.seek(0)
        name = export.file.storage.save(f"exports/{export.pk}.zip", File(archive))
    if not DataExport.objects.filter(pk=export_id).update(file=name, finished_at=timezone.now()):
        export.file.storage.delete(name)


def forget_old_exports() -> int:
    """Delete archives that have been there for a week; how many."""
    old = DataExport.objects.filter(requested_at__lt=timezone.now() - KEPT)
    return sum(export.delete()[0] for export in old)


def _entries(user: User) -> Iterator[Entry]:
    fields = ("username", "email", "name", "first_name", "last_name", "language", "date_joined", "last_login")
    yield "account.json", {field: getattr(user, field) for field in fields}
    for _, entries in collecting.send(sender=None, user=user):
        yield from cast(Iterable[Entry], entries)


def _write(archive: IO[bytes], entries: Iterable[Entry]) -> None:
    with zipfile.ZipFile(archive, "w") as packed:
        for path, content in entries:
            if hasattr(content, "chunks"):
                # Pictures are compressed already.
                with content.open("rb") as file, packed.open(path, "w") as entry:
                    for chunk in file.chunks():
                        entry.write(chunk)
            else:
                written = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
                packed.writestr(path, written, zipfile.ZIP_DEFLATED)
