from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from math import log2

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gallery.models import Artwork, Like
from gallery.services import like, unlike
from gallery.trend import HALF_LIFE, age_at, trend_of
from tests.factories import make_artwork, make_user


def trend(artwork: Artwork) -> float:
    return Artwork.objects.values_list("trend", flat=True).get(pk=artwork.pk)


def count(artwork: Artwork) -> int:
    return Artwork.objects.values_list("like_count", flat=True).get(pk=artwork.pk)


def test_a_person_likes_a_work_once_however_often_they_press(as_bob: Client, ada: User) -> None:
    work = make_artwork(ada)

    for _ in range(3):
        response = as_bob.post(f"/works/{work.pk}/like/")

    assert response.headers["Location"] == work.get_absolute_url()
    assert count(work) == Like.objects.count() == 1


def test_what_is_liked_no_longer_is_as_if_it_had_never_been(as_bob: Client, ada: User) -> None:
    work = make_artwork(ada)
    before = trend(work)
    as_bob.post(f"/works/{work.pk}/like/")

    for _ in range(2):
        as_bob.post(f"/works/{work.pk}/unlike/")

    assert count(work) == 0
    assert trend(work) == pytest.approx(before)


def test_htmx_gets_the_heart_alone_with_its_new_count(as_bob: Client, ada: User) -> None:
    work = make_artwork(ada)

    heart = as_bob.post(f"/works/{work.pk}/like/", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in heart
    assert 'aria-pressed="true"' in heart
    assert '<span class="like-count">1</span>' in heart
    assert f"/works/{work.pk}/unlike/" in heart


def test_who_is_not_signed_in_is_led_there_and_back_to_the_work(client: Client, ada: User) -> None:
    work = make_artwork(ada)

    plain = client.post(f"/works/{work.pk}/like/")
    htmx = client.post(f"/works/{work.pk}/like/", headers={"HX-Request": "true"})

    assert plain.headers["Location"] == htmx.headers["HX-Redirect"] == f"/accounts/login/?next=/works/{work.pk}/"
    assert not Like.objects.exists()


def test_nobody_likes_faster_than_a_hand_can(as_bob: Client, ada: User, settings: object) -> None:
    settings.GALLERY_ACTS_PER_MINUTE = 2  # type: ignore[attr-defined]
    work = make_artwork(ada)

    answers = [as_bob.post(f"/works/{work.pk}/{act}/", follow=True) for act in ("like", "unlike", "like")]

    # A minute may begin between two of them.
    assert ("That was a lot at once" in answers[-1].content.decode()) == (count(work) == 0)


def test_the_trend_is_the_logarithm_of_the_decayed_sum(ada: User, bob: User) -> None:
    work = make_artwork(ada)
    like(artwork=work, person=bob)
    like(artwork=work, person=make_user("grace"))

    ages = [age_at(work.published_at), *Like.objects.values_list("age", flat=True)]
    assert trend(work) == pytest.approx(trend_of(ages))


def test_a_like_counts_half_as_much_a_half_life_later() -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    old = trend_of([age_at(now - HALF_LIFE), age_at(now - HALF_LIFE)])

    assert old == pytest.approx(trend_of([age_at(now)]))


def test_neither_ancient_nor_future_likes_overflow() -> None:
    ages = [age_at(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)) for days in (-40_000, 0, 400_000)]

    assert trend_of(ages) == pytest.approx(max(ages))


def test_an_old_work_that_is_liked_again_trends_by_the_new_like_alone(ada: User, bob: User) -> None:
    work = make_artwork(ada)
    Artwork.objects.filter(pk=work.pk).update(trend=-5000.0)

    like(artwork=work, person=bob)
    assert trend(work) == pytest.approx(age_at(timezone.now()), abs=0.01)

    unlike(artwork=work, person=bob)
    assert trend(work) < age_at(timezone.now()) - 50


def test_who_leaves_takes_their_likes_along(ada: User, bob: User) -> None:
    works = [make_artwork(ada), make_artwork(ada)]
    before = [trend(work) for work in works]
    like(artwork=works[0], person=ada)
    with_adas = trend(works[0])
    for work in works:
        like(artwork=work, person=bob)

    bob.delete()

    assert [count(work) for work in works] == [1, 0]
    assert trend(works[0]) == pytest.approx(with_adas)
    assert trend(works[1]) == pytest.approx(before[1])
    assert log2(3) > with_adas - before[0] > 0


@pytest.mark.django_db(transaction=True)
def test_many_likes_at_once_are_all_counted(ada: User) -> None:
    work = make_artwork(ada)
    people = [make_user(f"person{number}") for number in range(8)]

    def press(person: User) -> None:
        like(artwork=work, person=person)
        like(artwork=work, person=person)
        connection.close()

    threads = [threading.Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count(work) == 8
    ages = [age_at(work.published_at), *Like.objects.values_list("age", flat=True)]
    assert trend(work) == pytest.approx(trend_of(ages))
