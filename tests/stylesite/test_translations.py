from __future__ import annotations

import ast
import gettext
import re

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import make_finished_job, make_generator
from tests.live import ROOT

CATALOGUE = ROOT / "stylesite" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
ENTRY = re.compile(r'^(?:msgctxt (".*")\n)?msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)', re.MULTILINE)
SHOWN = re.compile(r"<(h1|h2|h3|legend|label|button)\b[^>]*>(.*?)</\1>", re.DOTALL)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def joined(lines: str) -> str:
    return "".join(ast.literal_eval(line) for line in lines.splitlines())


def entries() -> dict[str, str]:
    """Translations by source, which a context precedes as in a compiled catalogue."""
    found = {
        (f"{joined(context)}\x04" if context else "") + joined(source): joined(target)
        for context, source, target in ENTRY.findall(CATALOGUE.read_text())
    }
    return {source: target for source, target in found.items() if source}


def words_shown(page: str) -> list[str]:
    """The texts of headings, labels and buttons, but for the language menu, which names each language in itself."""
    page = re.sub(r"<button name=.language.*?</button>", "", page, flags=re.DOTALL)
    texts = (re.sub(r"<[^>]+>|[\d\s]", "", inner) for _, inner in SHOWN.findall(page))
    return [text for text in texts if text]


def test_everything_is_translated_and_nothing_is_guessed() -> None:
    assert len(entries()) > 250
    assert not [source for source, target in entries().items() if not target]
    assert "#, fuzzy" not in CATALOGUE.read_text()


def test_the_compiled_catalogue_is_the_one_that_was_written() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    for source, target in entries().items():
        assert compiled.gettext(source) == target


def test_placeholders_survive_translation() -> None:
    placeholder = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
    for source, target in entries().items():
        assert set(placeholder.findall(source)) == set(placeholder.findall(target)), source


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/about/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nowhere/"]
)
def test_a_chinese_visitor_reads_chinese(client: Client, address: str) -> None:
    assert_chinese(client, address)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/studio/",
        "/studio/jobs/",
        "/studio/styles/",
        "/studio/limits/",
        "/collections/",
        "/following/",
        "/notices/",
        "/profile/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/logout/",
        "/accounts/2fa/",
        "/accounts/tokens/",
        "/accounts/webhooks/",
        "/accounts/data/",
    ],
)
def test_a_chinese_painter_reads_chinese(as_ada: Client, address: str) -> None:
    assert_chinese(as_ada, address)


def test_a_chinese_painter_chooses_a_generator_in_chinese(as_ada: Client) -> None:
    make_generator("水彩")

    assert_chinese(as_ada, "/studio/")


def test_a_painting_is_not_called_by_the_word_for_a_job_under_way(ada: User, as_ada: Client) -> None:
    job = make_finished_job(ada)

    page = as_ada.get(job.get_absolute_url(), headers={"Accept-Language": "zh-CN"}).content.decode()

    assert re.findall(r'class="compare-tag[^>]*>(.*?)<', page) == ["照片", "画作"]


def assert_chinese(visitor: Client, address: str) -> None:
    page = visitor.get(address, headers={"Accept-Language": "zh-CN"}).content.decode()

    words = words_shown(page)
    assert words
    assert not [text for text in words if not CHINESE.search(text)]
    # The polite word throughout.
    assert not [text for text in words if "你" in text]
