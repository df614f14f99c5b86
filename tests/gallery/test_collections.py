from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import User
from gallery.models import Artwork, Collection, Visibility
from tests.factories import make_artwork


def test_a_work_goes_into_a_new_collection_and_into_one_there_is(as_bob: Client, ada: User) -> None:
    first, second = make_artwork(ada, "First"), make_artwork(ada, "Second")

    as_bob.post(f"/works/{first.pk}/collect/", {"name": "Blue"})
    collection = Collection.objects.get()
    for _ in range(2):
        as_bob.post(f"/works/{second.pk}/collect/", {"collection": str(collection.pk)})

    page = as_bob.get(collection.get_absolute_url()).content.decode()
    assert page.index("Second") < page.index("First")
    assert collection.places.count() == 2


def test_a_new_collection_is_private_unless_it_is_said_to_be_public(as_bob: Client, client: Client, bob: User) -> None:
    as_bob.post("/collections/", {"name": "Quiet"})
    as_bob.post("/collections/", {"name": "Loud", "is_public": "on"})

    wall = client.get("/artists/bob/").content.decode()
    assert "Loud" in wall
    assert "Quiet" not in wall
    assert "Quiet" in as_bob.get("/artists/bob/").content.decode()


def test_a_collections_cover_is_the_work_last_put_into_it_that_one_finds_there(
    as_bob: Client, client: Client, ada: User, bob: User
) -> None:
    secret, shown = make_artwork(bob, "Secret", visibility=Visibility.UNLISTED), make_artwork(ada, "Shown")
    as_bob.post("/collections/", {"name": "Empty", "is_public": "on"})
    as_bob.post(f"/works/{shown.pk}/collect/", {"name": "Mixed", "is_public": "on"})
    mixed = Collection.objects.get(name="Mixed")
    as_bob.post(f"/works/{secret.pk}/collect/", {"collection": str(mixed.pk)})

    assert covers(as_bob, "/collections/") == [secret.painting.at_least(640).url]
    assert covers(as_bob, "/artists/bob/")[:1] == [secret.painting.at_least(640).url]
    assert covers(client, "/artists/bob/") == [shown.painting.at_least(640).url]


def covers(visitor: Client, address: str) -> list[str]:
    page = visitor.get(address).content.decode()
    return re.findall(r'class="picture-itself" src="([^"]+)"', page)


def test_nothing_goes_into_anothers_collection(as_bob: Client, ada: User) -> None:
    work = make_artwork(ada)
    collection = Collection.objects.create(owner=ada, name="Hers")

    as_bob.post(f"/works/{work.pk}/collect/", {"collection": str(collection.pk)})

    assert not collection.places.exists()


def test_a_work_is_taken_out_again_by_the_collections_owner_alone(as_bob: Client, as_ada: Client, ada: User) -> None:
    work = make_artwork(ada)
    as_bob.post(f"/works/{work.pk}/collect/", {"name": "Blue"})
    collection = Collection.objects.get()

    assert as_ada.post(f"/collections/{collection.pk}/remove/{work.pk}/").status_code == 404
    assert collection.places.exists()
    as_bob.post(f"/collections/{collection.pk}/remove/{work.pk}/")
    assert not collection.places.exists()
    assert Artwork.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"collection": "x"}, {"name": "x" * 81}, {"name": " "}])
def test_a_collection_that_cannot_be_is_explained(as_bob: Client, ada: User, sent: dict[str, str]) -> None:
    work = make_artwork(ada)

    page = as_bob.post(f"/works/{work.pk}/collect/", sent, follow=True).content.decode()

    assert "Choose a collection, or give a new one a name" in page
    assert not Collection.objects.exists()


def test_there_is_an_end_to_ones_collections(as_bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gallery.services.collections.COLLECTIONS_PER_PERSON", 1)
    as_bob.post("/collections/", {"name": "First"})

    response = as_bob.post("/collections/", {"name": "Second"})

    assert response.status_code == 409
    assert "as many collections as this site allows" in response.content.decode()


def test_a_collection_is_renamed_and_deleted_without_its_works(as_bob: Client, ada: User) -> None:
    as_bob.post(f"/works/{make_artwork(ada).pk}/collect/", {"name": "Blue"})
    collection = Collection.objects.get()

    as_bob.post(f"/collections/{collection.pk}/edit/", {"name": "Red", "is_public": "on"})
    assert "Red" in as_bob.get("/collections/").content.decode()
    as_bob.post(f"/collections/{collection.pk}/delete/")

    assert not Collection.objects.exists()
    assert Artwork.objects.exists()
