"""The site's stylesheet holds what it imports, as of the last time that static files were collected."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

SERVED = {"BACKEND": "stylesite.static_files.StaticFilesStorage"}


@pytest.fixture
def served(settings: Any, tmp_path: Path) -> Path:
    """Where files are collected to."""
    settings.STATIC_ROOT = tmp_path / "served"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": SERVED}
    return tmp_path / "served"


def collect() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)


def served_styles(served: Path) -> str:
    """What a browser gets that asks for the stylesheet by its current name."""
    return (served / staticfiles_storage.stored_name("css/site.css")).read_text()


def test_all_stylesheets_of_a_page_come_in_one(served: Path) -> None:
    collect()
    styles = served_styles(served)
    assert "@import" not in styles
    assert (
        styles.index("@layer tokens, base, layout, components, pages;")
        < styles.index(".site-head")
        < styles.index(".studio")
    )


def test_a_changed_part_is_in_the_stylesheet_collected_next(served: Path, settings: Any, tmp_path: Path) -> None:
    styles = tmp_path / "source/css"
    styles.mkdir(parents=True)
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    (styles / "site.css").write_text('@import "part.css";\n')
    (styles / "part.css").write_text("p { color: red }")
    collect()
    before = served_styles(served)
    (styles / "part.css").write_text("p { color: teal }")
    collect()
    assert "red" in before
    assert "teal" in served_styles(served)
    assert "red" not in served_styles(served)
