from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from accounts.models import User
from gallery.models import Artwork
from tests.factories import make_finished_job

BEFORE = [("gallery", "0001_initial")]


def migrate(target: list[tuple[str, str]] | None = None) -> Any:
    """To `target`, or as far as migrations go."""
    executor = MigrationExecutor(connection)
    target = target or executor.loader.graph.leaf_nodes()
    executor.migrate(target)
    return executor.loader.project_state(target).apps


@pytest.mark.django_db(transaction=True)
def test_works_published_before_there_were_prints_are_public_with_renditions_even_without_their_files(
    client: Client, ada: User
) -> None:
    job = make_finished_job(ada)
    old = migrate(BEFORE).get_model("gallery", "Artwork")
    try:
        size = {"image_width": 1200, "image_height": 900, "card_width": 640, "card_height": 480}
        work = old.objects.create(
            job_id=job.pk, artist_id=ada.pk, title="Long ago", image="0" * 32 + ".webp", card="1" * 32 + ".webp", **size
        )
    finally:
        migrate()

    migrated = Artwork.objects.get(pk=work.pk)
    assert migrated.is_public
    assert [rendition.width for rendition in migrated.painting.renditions.order_by("width")] == [640, 1200]
    assert migrated.style == job.style
    page = client.get("/?q=long+ago").content.decode()
    assert "Long ago" in page
    assert "1" * 32 in page
    assert client.get(migrated.get_absolute_url()).status_code == 200
