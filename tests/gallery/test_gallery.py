from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.test import Client
from PIL import Image

from accounts.models import User
from gallery import services
from gallery.models import Artwork
from tests.factories import make_finished_job, make_job
from transfer.models import Job


def publish(client: Client, job: Job, title: str = "Harbour at dusk") -> Artwork:
    client.post(f"/publish/{job.pk}/", {"title": title})
    return Artwork.objects.get(job=job)


def public_files() -> set[Path]:
    return set(Path(storages["public"].location).glob("*"))  # type: ignore[attr-defined]


def test_a_published_work_is_on_the_public_page(client: Client, as_ada: Client, ada: User) -> None:
    artwork = publish(as_ada, make_finished_job(ada))

    front = client.get("/").content.decode()

    assert "Harbour at dusk" in front
    assert artwork.get_absolute_url() in front


def test_a_works_page_names_title_artist_and_style(client: Client, as_ada: Client, ada: User) -> None:
    page = client.get(publish(as_ada, make_finished_job(ada)).get_absolute_url()).content.decode()

    assert "Harbour at dusk" in page
    assert "ada" in page
    assert "Waves" in page


def test_a_published_picture_is_served_to_everyone_under_an_address_that_tells_nothing(
    client: Client, as_ada: Client, ada: User
) -> None:
    job = make_finished_job(ada)
    artwork = publish(as_ada, job)

    response = client.get(artwork.painting.widest.url)

    assert (
        Image.open(io.BytesIO(response.content)).size == (artwork.painting.width, artwork.painting.height) == (128, 96)
    )
    assert "immutable" in response.headers["Cache-Control"]
    assert str(job.pk) not in artwork.painting.widest.url
    assert Path(job.display.name).name not in artwork.painting.widest.url


def test_the_newest_work_comes_first(client: Client, as_ada: Client, ada: User) -> None:
    publish(as_ada, make_finished_job(ada), "Older")
    publish(as_ada, make_finished_job(ada), "Newer")

    front = client.get("/").content.decode()

    assert front.index("Newer") < front.index("Older")


def test_an_empty_gallery_still_welcomes(client: Client, db: None) -> None:
    assert client.get("/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_work_taken_back_is_gone_for_everyone(client: Client, as_ada: Client, ada: User) -> None:
    before = public_files()
    artwork = publish(as_ada, make_finished_job(ada))
    picture = artwork.painting.widest.url

    as_ada.post(f"/works/{artwork.pk}/unpublish/")

    assert client.get(artwork.get_absolute_url()).status_code == 404
    assert client.get(picture).status_code == 404
    assert public_files() == before
    assert Job.objects.filter(pk=artwork.job_id).exists()


def test_nobody_publishes_or_takes_back_what_is_not_theirs(as_ada: Client, as_bob: Client, ada: User) -> None:
    job = make_finished_job(ada)
    assert as_bob.post(f"/publish/{job.pk}/", {"title": "Mine"}).status_code == 404

    artwork = publish(as_ada, job)
    assert as_bob.post(f"/works/{artwork.pk}/unpublish/").status_code == 404
    assert Artwork.objects.get().title == "Harbour at dusk"


def test_an_unfinished_picture_is_not_published(as_ada: Client, ada: User) -> None:
    with pytest.raises(services.NotFinished):
        services.publish(job=make_job(ada), caption=services.Caption(title="Too early"))


def test_publishing_twice_keeps_one_work_with_the_new_title(as_ada: Client, ada: User) -> None:
    job = make_finished_job(ada)
    publish(as_ada, job, "First title")

    assert publish(as_ada, job, "Second title").title == "Second title"
    assert Artwork.objects.count() == 1


@pytest.mark.parametrize("title", ["", "x" * 121])
def test_a_work_needs_a_title_of_reasonable_length(as_ada: Client, ada: User, title: str) -> None:
    as_ada.post(f"/publish/{make_finished_job(ada).pk}/", {"title": title})

    assert not Artwork.objects.exists()


def test_a_published_job_is_taken_back_before_it_is_deleted(as_ada: Client, ada: User) -> None:
    job = make_finished_job(ada)
    publish(as_ada, job)

    page = as_ada.post(f"{job.get_absolute_url()}delete/", follow=True).content.decode()

    assert "Take it back first" in page
    assert Artwork.objects.exists()


@pytest.mark.parametrize("name", ["nothing.webp", "..%2Fprivate%2Fsecret", "%2e%2e"])
def test_only_published_files_are_public(client: Client, db: None, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404


def test_a_title_cannot_carry_markup(client: Client, as_ada: Client, ada: User) -> None:
    publish(as_ada, make_finished_job(ada), "<script>alert(1)</script>")

    assert "<script>alert(1)" not in client.get("/").content.decode()
