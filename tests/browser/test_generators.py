"""From pictures to a generator in the admin, and from the generator to a painting."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW
from tests.browser.test_journey import PAINTING_MS, fill_in, fits_the_screen, paint, sign_up
from tests.factories import PASSWORD, make_archive
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

TRAINING_MS = 180_000
MAKE_STAFF = "from accounts.models import User; User.objects.create_superuser('{0}', '{0}@example.org', '{1}')"


def sign_in_as_staff(page: Page, site: LiveSite) -> None:
    name = f"grace{uuid.uuid4().hex[:8]}"
    site.manage("shell", "-c", MAKE_STAFF.format(name, PASSWORD))
    page.goto("/accounts/login/?next=/admin/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page).to_have_url(re.compile("/admin/$"))


def upload_pictures(page: Page, name: str) -> None:
    page.goto("/admin/transfer/trainingset/add/")
    page.get_by_label("Name:", exact=True).fill(name)
    page.get_by_label("What the pictures are").fill("Waves off the coast")
    page.get_by_label("Licence").fill("CC0")
    archive = {"name": "waves.zip", "mimeType": "application/zip", "buffer": make_archive()}
    page.get_by_label("Archive").set_input_files(archive)  # type: ignore[arg-type]
    page.get_by_role("button", name="Read and store it").click()
    expect(page.get_by_text("stored with 6 pictures")).to_be_visible()


def start_smallest_training(page: Page) -> None:
    page.locator("[name=size]").select_option("32")
    for label, value in {"Width:": "8", "Steps:": "1", "Batch:": "4"}.items():
        page.get_by_label(label, exact=True).fill(value)
    assert fits_the_screen(page)
    page.get_by_role("button", name="Start training").click()
    expect(page).to_have_url(re.compile("/admin/transfer/generator/[0-9a-f-]{36}/change/$"))


@pytest.mark.parametrize("screen", [NARROW], indirect=True, ids=["narrow"])
def test_staff_train_a_generator_and_a_user_paints_with_it(page: Page, site: LiveSite, photo: Path) -> None:
    name = f"Waves {uuid.uuid4().hex[:6]}"
    sign_in_as_staff(page, site)
    upload_pictures(page, name)
    start_smallest_training(page)

    # The page renews itself until the training is over.
    expect(page.get_by_role("button", name="Publish")).to_be_visible(timeout=TRAINING_MS)
    expect(page.locator(".chart svg")).to_have_count(3)
    expect(page.get_by_alt_text("The sample sheet of the generator that is kept")).to_be_visible()
    assert fits_the_screen(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status")).to_have_text("Published")

    page.context.clear_cookies()
    sign_up(page)
    fill_in(page, photo)
    page.get_by_text("More settings").click()
    expect(page.get_by_text(name)).to_be_hidden()
    page.get_by_text("A generator's picture", exact=True).click()
    page.get_by_text(name).click()
    page.get_by_text("Whole", exact=True).click()
    expect(page.locator("[name=gan_strength][value='1.0']")).to_be_checked()
    assert fits_the_screen(page)
    paint(page)

    expect(page.get_by_text(f"{name}, 100%")).to_be_visible()
    expect(page.get_by_role("link", name="Download PNG (lossless)")).to_be_visible(timeout=PAINTING_MS)
