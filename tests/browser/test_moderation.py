"""From a report to the moderators' desk, and from there to an artist who objects, with and without JavaScript."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_journey import fits_the_screen
from tests.factories import PASSWORD
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

REASON = "The photo is somebody else's."
# In one transaction, so that the site's worker never sees the jobs waiting. Each work looks like no other, for what is
# like a removed one is held.
PEOPLE = """
from django.contrib.auth.models import Group
from django.db import transaction
from gallery.roles import MODERATORS
from tests.factories import make_artwork, make_user
with transaction.atomic():
    for mark in {0}:
        make_user(f"reader{{mark}}")
        make_artwork(make_user(f"artist{{mark}}"), f"Harbour {{mark}}", seed=int(mark, 16))
        make_user(f"judge{{mark}}", is_staff=True).groups.add(Group.objects.get(name=MODERATORS))
"""
SCREENS = [(360, True), (1440, True), (768, False)]
TESTS = 2


@dataclass
class Scene:
    """Three people in browsers of their own, and the title of a work."""

    reader: Page
    artist: Page
    judge: Page
    title: str


@pytest.fixture(scope="module")
def marks(site: LiveSite) -> list[str]:
    """What the names of three people and a work of one of them end in, for each test."""
    marks = [uuid.uuid4().hex[:8] for _ in range(TESTS * len(SCREENS))]
    site.manage("shell", "-c", PEOPLE.format(marks))
    return marks


@pytest.fixture(params=SCREENS, ids=["360", "1440", "768-no-script"])
def scene(request: pytest.FixtureRequest, marks: list[str], visit: Callable[..., Page]) -> Scene:
    width, script = request.param
    mark = marks.pop()
    people = {name: visit(width, script=script) for name in ("reader", "artist", "judge")}
    for name, page in people.items():
        sign_in(page, f"{name}{mark}")
    return Scene(**people, title=f"Harbour {mark}")


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/?next=/about/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page).to_have_url(re.compile("/about/$"))


def report(page: Page, title: str) -> str:
    """Report a work as one finds it in the gallery; its address."""
    page.goto("/")
    page.get_by_role("link", name=title, exact=True).click()
    address = page.url
    page.get_by_role("link", name="Report this picture").click()
    page.get_by_label("Somebody else’s photo or picture").check()
    page.get_by_label("What should the moderators know?").fill("I took it.")
    assert fits_the_screen(page)
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_text("Thank you. A moderator will look at it.")).to_be_visible()
    assert fits_the_screen(page)
    return address


def act_at_the_desk(page: Page, title: str, action: str) -> None:
    """From the admin's first page to the work, with what was said of it, and to what becomes of it."""
    page.goto("/admin/")
    assert fits_the_screen(page)
    page.get_by_role("link", name="Works to look at").first.click()
    row = page.get_by_role("row").filter(has_text=title)
    expect(row.get_by_text("I took it.")).to_be_visible()
    assert fits_the_screen(page)
    page.get_by_label("Reason, told to the artist").fill(REASON)
    act(page, title, action)


def act(page: Page, title: str, action: str) -> None:
    """Choose the row with the title, and do something with it."""
    page.get_by_role("row").filter(has_text=title).get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(label=action)
    page.locator("button[name=index]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert fits_the_screen(page)


def object_to_it(page: Page, title: str, verdict: str) -> None:
    """Read the notice and why, and object."""
    notice = notice_about(page, title)
    expect(notice.get_by_text(verdict, exact=True)).to_be_visible()
    expect(notice.get_by_text(REASON)).to_be_visible()
    assert fits_the_screen(page)
    notice.get_by_label("Why it should be looked at again").fill("It is my own photo.")
    notice.get_by_role("button", name="Object").click()
    expect(page.get_by_text("A moderator will look at it once more")).to_be_visible()
    expect(notice.get_by_text("You objected; a moderator will answer.")).to_be_visible()


def answer(page: Page, title: str, action: str) -> None:
    page.goto("/admin/")
    page.get_by_role("link", name="Appeals").first.click()
    expect(page.get_by_role("row").filter(has_text=title).get_by_text("It is my own photo.")).to_be_visible()
    assert fits_the_screen(page)
    act(page, title, action)


def notice_about(page: Page, title: str) -> Locator:
    page.goto("/notices/")
    return page.get_by_role("listitem").filter(has_text=title)


def test_a_reported_work_is_hidden_and_comes_back_when_its_artist_is_right(scene: Scene) -> None:
    address = report(scene.reader, scene.title)

    act_at_the_desk(scene.judge, scene.title, "Hide")
    assert scene.reader.request.get(address).status == 404

    scene.artist.goto(address)
    scene.artist.get_by_role("link", name="Nobody else sees this picture for now.").click()
    object_to_it(scene.artist, scene.title, "Hidden")

    answer(scene.judge, scene.title, "Grant: undo the act")
    expect(notice_about(scene.artist, scene.title).get_by_text("This was taken back.")).to_be_visible()
    assert scene.reader.request.get(address).status == 200


def test_a_work_stays_removed_when_the_objection_is_turned_down(scene: Scene) -> None:
    address = report(scene.reader, scene.title)
    act_at_the_desk(scene.judge, scene.title, "Remove, and know it when it comes again")
    object_to_it(scene.artist, scene.title, "Removed")

    answer(scene.judge, scene.title, "Turn down")

    expect(notice_about(scene.artist, scene.title).get_by_text("You objected; the decision stands.")).to_be_visible()
    assert scene.reader.request.get(address).status == 404
