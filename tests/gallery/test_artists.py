from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from gallery.models import Follow
from tests.factories import make_artwork, make_user


def test_an_artists_wall_shows_their_works_alone(client: Client, ada: User, bob: User) -> None:
    make_artwork(ada, "Hers")
    make_artwork(bob, "His")

    page = client.get("/artists/ada/").content.decode()

    assert "Hers" in page
    assert "His" not in page


@pytest.mark.parametrize("address", ["/artists/nobody/", "/artists/nobody/feed/", "/artists/%00/", "/artists/a b/"])
def test_whoever_does_not_exist_has_no_wall(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 404


def test_who_has_been_shut_out_has_no_wall(client: Client, db: None) -> None:
    make_user("mallory", is_active=False)

    assert client.get("/artists/mallory/").status_code == 404


def test_one_sees_new_works_of_those_one_follows_and_no_longer_after(as_bob: Client, ada: User) -> None:
    make_artwork(ada, "Hers")
    make_artwork(make_user("grace"), "Others")

    as_bob.post("/artists/ada/follow/")
    as_bob.post("/artists/ada/follow/")
    feed = as_bob.get("/following/").content.decode()
    assert "Hers" in feed
    assert "Others" not in feed
    assert Follow.objects.count() == 1

    as_bob.post("/artists/ada/unfollow/")
    assert "Hers" not in as_bob.get("/following/").content.decode()


def test_an_empty_feed_says_why(as_bob: Client, ada: User) -> None:
    assert "You follow nobody yet" in as_bob.get("/following/").content.decode()

    as_bob.post("/artists/ada/follow/")

    assert "Nothing from them yet" in as_bob.get("/following/").content.decode()


def test_htmx_gets_the_button_alone(as_bob: Client, ada: User) -> None:
    button = as_bob.post("/artists/ada/follow/", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in button
    assert "Unfollow" in button


def test_nobody_follows_themselves(as_ada: Client, ada: User) -> None:
    page = as_ada.post("/artists/ada/follow/", follow=True).content.decode()

    assert "You cannot follow yourself" in page
    assert not Follow.objects.exists()


def test_who_is_not_signed_in_is_led_there_and_back_to_the_artist(client: Client, ada: User) -> None:
    assert client.post("/artists/ada/follow/").headers["Location"] == "/accounts/login/?next=/artists/ada/"
