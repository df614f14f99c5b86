from __future__ import annotations

import io

import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from tests.factories import files_in_storage, make_finished_job, make_job, make_photo, make_style, make_user
from transfer import services


def test_an_owner_sees_their_photo(as_ada: Client, ada: User) -> None:
    response = as_ada.get(make_photo(ada).image_url)

    assert response.headers["Content-Type"] == "image/jpeg"
    assert "private" in response.headers["Cache-Control"]
    assert Image.open(io.BytesIO(response.content)).size == (96, 72)


def test_someone_elses_upload_does_not_exist(as_bob: Client, ada: User) -> None:
    photo = make_photo(ada)

    assert as_bob.get(photo.image_url).status_code == 404
    assert as_bob.get(photo.thumbnail_url).status_code == 404


def test_someone_elses_style_does_not_exist(as_bob: Client, client: Client, ada: User) -> None:
    url = make_style(ada).thumbnail_url

    assert as_bob.get(url).status_code == 404
    assert client.get(url).status_code == 404


def test_a_starter_style_is_everyones_to_see(client: Client, db: None) -> None:
    assert client.get(make_style().thumbnail_url).headers["Content-Type"] == "image/webp"


@pytest.mark.parametrize("page", ["", "panel/", "events/", "download/png/", "display.webp", "card.webp"])
def test_someone_elses_job_does_not_exist(as_bob: Client, ada: User, page: str) -> None:
    job = make_finished_job(ada)

    assert as_bob.get(f"{job.get_absolute_url()}{page}").status_code == 404


@pytest.mark.parametrize("act", ["cancel", "retry", "delete"])
def test_nobody_can_act_on_someone_elses_job(as_bob: Client, ada: User, act: str) -> None:
    job = make_job(ada)

    assert as_bob.post(f"{job.get_absolute_url()}{act}/").status_code == 404
    job.refresh_from_db()
    assert job.state == "queued"


@pytest.mark.parametrize(("format", "kind"), [("png", "image/png"), ("jpeg", "image/jpeg")])
def test_a_result_is_downloaded_at_full_size(as_ada: Client, ada: User, format: str, kind: str) -> None:
    job = make_finished_job(ada)

    response = as_ada.get(f"{job.get_absolute_url()}download/{format}/")

    assert response.headers["Content-Type"] == kind
    assert "attachment" in response.headers["Content-Disposition"]
    assert Image.open(io.BytesIO(response.content)).size == (128, 96)


def test_there_is_nothing_to_download_before_the_end(as_ada: Client, ada: User) -> None:
    assert as_ada.get(f"{make_job(ada).get_absolute_url()}download/png/").status_code == 404


@pytest.mark.parametrize("kind", ["owner", "result_png", "secret"])
def test_only_pictures_are_served(as_ada: Client, ada: User, kind: str) -> None:
    job = make_finished_job(ada)

    assert as_ada.get(f"{job.get_absolute_url()}{kind}.webp").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_deleting_a_person_deletes_their_files() -> None:
    before = files_in_storage()
    ada = make_user("ada")
    make_finished_job(ada)

    ada.delete()

    assert files_in_storage() == before


@pytest.mark.django_db(transaction=True)
def test_a_style_in_use_is_retired_and_an_unused_one_deleted() -> None:
    before = files_in_storage()
    ada = make_user("ada")
    unused, used = make_style(ada), make_job(ada).style

    services.remove_style(style=unused)
    services.remove_style(style=used)

    assert not unused._meta.model.objects.filter(pk=unused.pk).exists()
    used.refresh_from_db()
    assert used.retired
    assert used.image.storage.exists(used.image.name)
    assert files_in_storage() > before
