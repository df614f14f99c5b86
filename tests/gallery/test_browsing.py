from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from gallery.services import follow, like
from tests.factories import make_artwork, make_style, make_user

TITLE = re.compile(r'class="work-title"><a[^>]*>(.*?)</a>')
OLDER = re.compile(r'rel="next" href="([^"]*)"')
NO_ID = "0" * 32
NEWER = re.compile(r'rel="prev" href="([^"]*)"')


def titles(client: Client, address: str = "/") -> list[str]:
    return TITLE.findall(client.get(address).content.decode())


def link(client: Client, address: str, pattern: re.Pattern[str]) -> str | None:
    found = pattern.search(client.get(address).content.decode())
    return address.partition("?")[0] + found[1].replace("&amp;", "&") if found else None


@pytest.fixture
def by_twos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gallery.browsing.WORKS_PER_PAGE", 2)


def hang(artist: User, *names: str, **caption: Any) -> None:
    for name in names:
        make_artwork(artist, name, **caption)


@pytest.mark.usefixtures("by_twos")
@pytest.mark.parametrize("sort", ["newest", "trending", "liked"])
def test_one_pages_through_every_work_once_and_back_again(client: Client, ada: User, sort: str) -> None:
    hang(ada, *"ABCDE")

    pages, address = [], f"/?sort={sort}"
    while address:
        pages.append((address, titles(client, address)))
        address = link(client, address, OLDER) or ""
    shown = [title for _, page in pages for title in page]
    assert sorted(shown) == list("ABCDE")
    assert [len(page) for _, page in pages] == [2, 2, 1]

    back = link(client, pages[2][0], NEWER)
    assert back
    assert titles(client, back) == pages[1][1]
    top = link(client, back, NEWER)
    assert top
    assert titles(client, top) == pages[0][1]
    assert link(client, top, NEWER) is None


@pytest.mark.usefixtures("by_twos")
def test_what_is_published_meanwhile_repeats_nothing_on_the_next_page(client: Client, ada: User) -> None:
    hang(ada, "A", "B", "C", "D")
    older = link(client, "/", OLDER)
    assert older

    hang(ada, "E")

    assert titles(client, older) == ["B", "A"]


@pytest.mark.usefixtures("by_twos")
def test_the_next_page_keeps_what_was_asked_for(client: Client, ada: User) -> None:
    hang(ada, "A", "B", "C", tags=["sea"])
    hang(ada, "Elsewhere")

    older = link(client, "/?tag=sea&sort=liked", OLDER)

    assert older
    assert "tag=sea" in older
    assert len(titles(client, older)) == 1
    assert "Elsewhere" not in titles(client, older)


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "~", "2026-01-01~x", "nan~0", f"9999-12-31T23:59:59-14:00~{NO_ID}", f"0001-01-01T00:00+14:00~{NO_ID}",
     f"99999999999999999999999~{NO_ID}", "%00"],
)  # fmt: skip
@pytest.mark.parametrize("sort", ["newest", "trending", "liked"])
def test_a_cursor_that_makes_no_sense_breaks_nothing(client: Client, ada: User, cursor: str, sort: str) -> None:
    for way in ("older", "newer"):
        assert client.get("/", {"sort": sort, way: cursor}).status_code == 200


@pytest.mark.parametrize("query", ["sort=worst", "style=%00", "tag=%00", "artist=%00", "q=%00", "q=%27%22%5C:*%26!()"])
def test_an_address_that_makes_no_sense_breaks_nothing(client: Client, ada: User, query: str) -> None:
    hang(ada, "A")

    assert client.get(f"/?{query}").status_code == 200


@pytest.mark.parametrize(
    "words",
    ["harbour", "HARB", "dusk harbour", "ada", "fog", "boats", "港口", "口的", "港", "港口 dusk", "ｈａｒｂｏｕｒ"],
)
def test_works_are_found_by_the_words_of_title_artist_tags_and_description(
    client: Client, ada: User, words: str
) -> None:
    make_artwork(ada, "Harbour at dusk", tags=["fog", "港口的黄昏"], description="With boats")
    make_artwork(make_user("grace"), "Mountains")

    assert titles(client, f"/?q={words}") == ["Harbour at dusk"]


@pytest.mark.parametrize("words", ["harbour mountains", "arbour", "口港", "雪", "%", "_", "*"])
def test_what_does_not_match_every_word_is_not_found(client: Client, ada: User, words: str) -> None:
    make_artwork(ada, "Harbour at dusk", tags=["港口的黄昏"])
    make_artwork(ada, "Mountains")

    page = client.get("/", {"q": words}).content.decode()

    assert not TITLE.findall(page)
    assert "Nothing on the wall matches" in page


def test_a_changed_label_is_found_by_its_new_words_alone(client: Client, as_ada: Client, ada: User) -> None:
    work = make_artwork(ada, "Harbour")

    as_ada.post(f"/works/{work.pk}/edit/", {"title": "Forest", "visibility": "public"})

    assert titles(client, "/?q=forest") == ["Forest"]
    assert titles(client, "/?q=harbour") == []


def test_works_are_filtered_by_style_tag_and_artist_together(client: Client, ada: User, bob: User) -> None:
    style = make_style()
    make_artwork(ada, "Wanted", style=style, tags=["sea"])
    make_artwork(ada, "Other style", tags=["sea"])
    make_artwork(ada, "Other tag", style=style)
    make_artwork(bob, "Other artist", style=style, tags=["sea"])

    assert titles(client, f"/?style={style.slug}&tag=Sea&artist=ada") == ["Wanted"]


@pytest.mark.parametrize("filter", ["style=none-such", "tag=none-such", "artist=none-such"])
def test_a_filter_that_names_nothing_finds_nothing(client: Client, ada: User, filter: str) -> None:
    make_artwork(ada)

    assert titles(client, f"/?{filter}") == []


def test_the_most_liked_and_the_trending_come_first_where_asked(client: Client, ada: User, bob: User) -> None:
    liked = make_artwork(ada, "Liked")
    make_artwork(ada, "Newer")
    like(artwork=liked, person=bob)

    assert titles(client, "/") == ["Newer", "Liked"]
    assert titles(client, "/?sort=liked") == ["Liked", "Newer"]
    assert titles(client, "/?sort=trending") == ["Liked", "Newer"]


def test_a_search_in_the_page_is_pushed_to_the_address_without_its_empty_fields(client: Client, ada: User) -> None:
    response = client.get("/?q=harbour&style=&sort=newest", headers={"HX-Request": "true"})

    assert response.headers["HX-Push-Url"] == "/?q=harbour"


@pytest.mark.usefixtures("by_twos")
def test_the_next_page_is_fetched_when_the_end_is_seen_and_its_address_kept(client: Client, ada: User) -> None:
    hang(ada, "A", "B", "C")

    page = client.get("/").content.decode()

    assert 'hx-trigger="revealed"' in page
    assert 'hx-replace-url="true"' in page


def test_a_page_takes_as_many_queries_for_many_works_as_for_one(
    client: Client, as_bob: Client, ada: User, bob: User
) -> None:
    style = make_style()
    work = make_artwork(ada, "First", style=style, tags=["sea"], share_photo=True)
    follow(artist=ada, follower=bob)
    as_bob.post(f"/works/{work.pk}/collect/", {"name": "Blue", "is_public": "on"})
    collection = bob.collections.get()
    addresses = [
        "/", f"/?q=f&tag=sea&style={style.slug}&artist=ada&sort=trending", "/artists/ada/", work.get_absolute_url(),
        "/artists/bob/", "/collections/", "/following/", collection.get_absolute_url(), "/feeds/works/",
        "/sitemap-works.xml",
    ]  # fmt: skip
    make_artwork(ada, "Second", style=style, tags=["sea"])
    before = [queries(visitor, address) for visitor in (client, as_bob) for address in addresses]
    for number in range(5):
        more = make_artwork(ada, f"F{number}", style=style, tags=["sea", "f"])
        as_bob.post(f"/works/{more.pk}/collect/", {"collection": str(collection.pk)})
        as_bob.post(f"/works/{more.pk}/collect/", {"name": f"C{number}", "is_public": "on"})

    assert [queries(visitor, address) for visitor in (client, as_bob) for address in addresses] == before
    assert max(before) <= 14


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(address)
    return len(captured)
