"""Which language somebody is written to in."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery import services
from gallery.models import Act, Kind
from tests.factories import make_artwork, make_user

pytestmark = pytest.mark.django_db(transaction=True)

CHINESE = {"Accept-Language": "zh-CN"}


@pytest.fixture
def ada(transactional_db: None) -> User:
    return make_user("ada", language="")


def language_of(person: User) -> str:
    person.refresh_from_db()
    return person.language


def test_the_language_of_the_last_page_is_kept(ada: User, as_ada: Client) -> None:
    as_ada.get("/about/")
    assert language_of(ada) == "en"

    as_ada.get("/about/", headers=CHINESE)

    assert language_of(ada) == "zh-hans"


def test_the_switch_counts_for_more_than_the_browser(ada: User, as_ada: Client) -> None:
    as_ada.post("/i18n/setlang/", {"language": "en", "next": "/about/"}, headers=CHINESE)
    as_ada.get("/about/", headers=CHINESE)

    assert language_of(ada) == "en"


def test_programs_and_pictures_change_no_language(ada: User, as_ada: Client) -> None:
    for address in ("/api/v1/me/", "/robots.txt"):
        as_ada.get(address, headers=CHINESE)

    assert language_of(ada) == ""


def test_a_page_in_the_same_language_is_not_written_down(as_bob: Client) -> None:
    as_bob.get("/about/")

    with CaptureQueriesContext(connection) as queries:
        as_bob.get("/about/")

    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


def test_an_artist_is_written_to_in_their_own_language_and_not_the_moderators(ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(language="zh-hans")
    work = make_artwork(User.objects.get(pk=ada.pk), "Harbour")

    services.moderate(kind=Kind.HIDE, artworks=[work], moderator=make_user("mona"), reason="Why.")

    assert mail.outbox[-1].subject == "关于您的作品《Harbour》"
    assert "已隐藏" in mail.outbox[-1].body


def test_what_the_site_itself_says_is_in_the_artists_language(ada: User, settings: object) -> None:
    settings.REPORTS_TO_HIDE = 0.1  # type: ignore[attr-defined]
    work = make_artwork(make_user("li", language="zh-hans"))

    services.report(artwork=work, reporter=ada, reason="spam")

    assert "管理员将进行审核" in Act.objects.get().reason
