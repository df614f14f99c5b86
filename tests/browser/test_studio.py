"""The studio by mouse, finger and keyboard: shelves, mixing, regions, uploads that break off, and addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_journey import fits_the_screen, paint, sign_up, stop_painting
from tests.factories import encode, make_image

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PART = re.compile("/studio/uploads/[0-9a-f-]{36}/$")


@pytest.fixture(scope="session")
def large_photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that takes several parts."""
    path = tmp_path_factory.mktemp("photos") / "panorama.jpg"
    path.write_bytes(encode(make_image(1800, 1200), quality=95))
    assert path.stat().st_size > 2**20
    return path


def choose_sample(page: Page, name: str = "Lighthouse") -> None:
    page.get_by_alt_text(f"Sample photo: {name}").click()


def choose_style(page: Page, name: str) -> None:
    page.locator(".shelf").get_by_text(name, exact=True).click()


def draw_across(page: Page) -> None:
    box = page.locator(".regions canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.5, steps=8)
    page.mouse.up()


def middle_of(page: Page) -> list[int]:
    """The colour in the middle of the regions' board."""
    pixel: list[int] = page.locator(".regions canvas").evaluate(
        "view => [...view.getContext('2d').getImageData(view.width / 2, view.height / 2, 1, 1).data]"
    )
    return pixel


def test_from_the_studio_to_a_running_painting_it_takes_two_clicks(page: Page) -> None:
    sign_up(page)

    choose_sample(page, "Cat")
    paint(page)

    expect(page.get_by_role("button", name="Stop painting")).to_be_visible()
    assert fits_the_screen(page)
    page.reload()
    expect(page.get_by_role("button", name="Stop painting")).to_be_visible()
    page.go_back()
    expect(page.locator("[name=photo]:checked")).to_be_attached()
    page.go_forward()
    stop_painting(page)


def test_styles_are_found_by_words_and_kept_as_favourites(page: Page) -> None:
    sign_up(page)
    shown = page.locator(".shelf-item:visible")
    every = shown.count()

    page.get_by_role("searchbox", name="Search the styles").fill("waves foam")
    expect(shown).to_have_count(1)
    shown.hover()
    shown.get_by_role("button").click()
    expect(shown.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("searchbox", name="Search the styles").fill("")
    expect(shown).to_have_count(every)

    page.get_by_role("button", name="Favourites").click()
    expect(shown).to_have_count(1)
    page.reload()
    page.get_by_role("button", name="Favourites").click()
    expect(shown).to_have_count(1)
    page.get_by_role("button", name="Your own").click()
    expect(page.get_by_text("No style here.")).to_be_visible()


def test_one_style_takes_anothers_place_until_they_are_mixed(page: Page) -> None:
    sign_up(page)
    chosen = page.locator(".shelf-item [type=checkbox]:checked")

    choose_style(page, "Woodcut")
    choose_style(page, "Points")
    expect(chosen).to_have_count(1)
    page.get_by_label("Mix up to 4 styles").check()
    for name in ("Woodcut", "Mosaic", "Impasto"):
        choose_style(page, name)
    expect(chosen).to_have_count(4)
    choose_style(page, "Ink wash")
    expect(page.get_by_text("at most 4 styles")).to_be_visible()
    expect(chosen).to_have_count(4)
    assert fits_the_screen(page)
    page.get_by_label("How much of Woodcut").fill("80")
    expect(page).to_have_url(re.compile("weight-[0-9a-f-]+=80"))


def test_a_link_to_a_setup_reproduces_it(page: Page) -> None:
    sign_up(page)
    choose_sample(page, "Coffee")
    choose_style(page, "Mosaic")
    page.get_by_label("Style strength").fill("70")
    page.get_by_text("The photo’s own").click()
    page.locator("[name=preset][value=draft]").check(force=True)
    expect(page).to_have_url(re.compile("colours=photo"))

    page.goto(page.url)

    expect(page.get_by_label("Style strength")).to_have_value("70")
    expect(page.locator("[name=photo]:checked")).to_have_value("coffee")
    expect(page.locator("[name=colours]:checked")).to_have_value("photo")
    expect(page.locator("[name=preset]:checked")).to_have_value("draft")
    expect(page.locator(".shelf-item:has([name=style]:checked)")).to_contain_text("Mosaic")


def test_regions_are_painted_with_a_brush_and_go_with_the_job(page: Page) -> None:
    sign_up(page)
    choose_sample(page)
    page.get_by_label("Mix up to 4 styles").check()
    choose_style(page, "Points")
    page.get_by_role("button", name="Paint regions").click()
    board = page.get_by_role("dialog", name="Paint where each style goes")
    expect(board).to_be_visible()
    assert fits_the_screen(page)

    before = middle_of(page)
    draw_across(page)
    painted = middle_of(page)
    assert painted != before
    board.get_by_role("button", name="Undo").click()
    assert middle_of(page) == before
    draw_across(page)
    board.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Regions are painted.")).to_be_visible()
    page.locator("[name=preset][value=draft]").check(force=True)
    paint(page)

    expect(page.locator("[data-mask]")).to_have_count(2)
    expect(page.get_by_text("The regions of the earlier painting are painted again.")).to_be_visible()
    page.get_by_role("button", name="Paint regions").click()
    expect(board).to_be_visible()
    assert middle_of(page) == pytest.approx(painted, abs=8)
    board.get_by_role("button", name="No regions").click()
    stop_painting(page)


def test_regions_are_painted_by_keyboard_alone(page: Page) -> None:
    sign_up(page)
    choose_sample(page)
    page.get_by_role("button", name="Paint regions").press("Enter")
    expect(page.locator(".regions canvas")).to_be_focused()

    before = middle_of(page)
    page.keyboard.press("Space")
    assert middle_of(page) != before
    page.get_by_role("button", name="Done").press("Enter")

    expect(page.get_by_text("Regions are painted.")).to_be_visible()


def test_another_photo_clears_the_regions(page: Page) -> None:
    sign_up(page)
    choose_sample(page)
    page.get_by_role("button", name="Paint regions").click()
    draw_across(page)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Regions are painted.")).to_be_visible()

    choose_sample(page, "Parrots")

    expect(page.get_by_text("The regions were cleared")).to_be_visible()
    expect(page.locator("[name^=mask-]")).to_have_count(0)


def breaks_off(times: int) -> Callable[[Route], None]:
    """Lets the first part through and drops the next ones, as a lost connection does."""
    parts = iter(range(1000))

    def handle(route: Route) -> None:
        is_lost = route.request.method == "PATCH" and 1 <= next(parts) <= times
        route.abort("connectionreset") if is_lost else route.continue_()

    return handle


def test_an_upload_that_breaks_off_goes_on_where_it_stopped(page: Page, large_photo: Path) -> None:
    sign_up(page)
    offsets: list[int] = []
    page.on("request", lambda r: offsets.append(int(r.headers["upload-offset"])) if r.method == "PATCH" else None)
    page.route(PART, breaks_off(1))

    with page.expect_console_message(lambda message: "ERR_CONNECTION_RESET" in message.text):
        page.locator("input[name=photo_file]").set_input_files(large_photo)
        expect(page.get_by_text("The connection is lost.")).to_be_visible()

    expect(page.get_by_alt_text("panorama.jpg")).to_be_visible(timeout=30_000)
    assert offsets.count(0) == 1
    assert offsets == sorted(offsets)


def test_whoever_paints_before_the_photo_has_come_waits_for_it(page: Page, large_photo: Path) -> None:
    sign_up(page)
    held: list[Route] = []
    page.route(PART, lambda route: held.append(route) if not held else route.continue_())

    with page.expect_request(PART):
        page.locator("input[name=photo_file]").set_input_files(large_photo)
    page.locator("[name=preset][value=draft]").check(force=True)
    page.get_by_role("button", name="Paint", exact=True).click()
    expect(page.get_by_text("Sending…")).to_be_visible()
    held[0].continue_()

    expect(page).to_have_url(re.compile("[?&]job="), timeout=30_000)
    stop_painting(page)


def open_before_its_scripts_run(page: Page) -> list[Route]:
    """The studio, whose scripts wait for one of them: the request for it, once it is made."""
    held: list[Route] = []
    page.route("**/js/upload*.js", lambda route: held.append(route))
    with page.expect_request("**/js/upload*.js"):
        page.goto("/studio/", wait_until="commit")
    return held


def test_what_is_chosen_before_the_scripts_have_come_counts(page: Page, photo: Path) -> None:
    sign_up(page)
    held = open_before_its_scripts_run(page)
    page.locator("input[name=photo_file]").set_input_files(photo)
    page.locator("input[name=style]").nth(2).check(force=True)

    held[0].continue_()

    expect(page.get_by_alt_text("holiday.jpg")).to_be_visible(timeout=30_000)
    expect(page.locator("input[name=style]:checked")).to_have_count(1)
    expect(page.locator("input[name=style]").nth(2)).to_be_checked()
    paint(page)
    stop_painting(page)


def test_words_typed_before_the_scripts_have_come_find_styles(page: Page) -> None:
    sign_up(page)
    held = open_before_its_scripts_run(page)
    page.get_by_role("searchbox", name="Search the styles").fill("waves foam")

    held[0].continue_()

    expect(page.locator(".shelf-item:visible")).to_have_count(1)


def test_without_a_connection_the_upload_waits_for_it(page: Page, large_photo: Path) -> None:
    sign_up(page)
    page.context.set_offline(True)
    with page.expect_console_message(lambda message: "ERR_INTERNET_DISCONNECTED" in message.text):
        page.locator("input[name=photo_file]").set_input_files(large_photo)
        expect(page.get_by_text("The connection is lost.")).to_be_visible()

    page.context.set_offline(False)

    expect(page.get_by_alt_text("panorama.jpg")).to_be_visible(timeout=30_000)
