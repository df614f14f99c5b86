from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.test import Client
from PIL import Image

from accounts.models import User
from gallery.models import Artwork, Format, Print, Rendition
from gallery.prints import render
from gallery.services import Caption, edit
from tests.factories import make_artwork, make_image


def public_files() -> set[str]:
    folder = Path(storages["public"].location)  # type: ignore[attr-defined]
    return {path.name for path in folder.glob("*")}


def test_a_wide_picture_comes_in_every_width_and_never_larger_than_it_is() -> None:
    widths = {size[0] for _, size, _ in render(make_image(1200, 900)).files}

    assert widths == {320, 640, 1024, 1200}


def test_each_width_comes_as_avif_and_as_webp() -> None:
    files = render(make_image(400, 300)).files

    assert {(kind, size) for kind, size, _ in files} == {
        (kind, size) for kind in Format for size in [(320, 240), (400, 300)]
    }
    assert {Image.open(file.open()).format for *_, file in files} == {"AVIF", "WEBP"}


def test_a_print_is_no_larger_than_pages_need() -> None:
    assert render(make_image(3000, 2000)).size == (1600, 1067)


def test_the_placeholder_is_a_few_pixels_in_an_address() -> None:
    placeholder = render(make_image(400, 300)).placeholder

    scheme, _, content = placeholder.partition(",")
    assert scheme == "data:image/webp;base64"
    assert max(Image.open(io.BytesIO(base64.b64decode(content))).size) == 20
    assert len(placeholder) < 800


def test_every_rendition_is_served_as_what_it_is(client: Client, ada: User) -> None:
    artwork = make_artwork(ada)

    for rendition in artwork.painting.renditions.all():
        response = client.get(rendition.url)
        picture = Image.open(io.BytesIO(response.content))
        assert response.headers["Content-Type"] == rendition.content_type == f"image/{picture.format}".lower()
        assert picture.size == (rendition.width, rendition.height)


def test_a_card_tells_the_browser_size_and_choices_before_the_picture_comes(client: Client, ada: User) -> None:
    painting = make_artwork(ada).painting

    page = client.get("/").content.decode()

    assert f'srcset="{painting.srcset(Format.AVIF)}"' in page
    assert f'src="{painting.placeholder}"' in page
    assert 'width="128" height="96"' in page
    assert " style=" not in page


def test_an_address_whose_row_is_gone_is_served_no_longer_whatever_becomes_of_the_file(
    client: Client, ada: User
) -> None:
    rendition = make_artwork(ada).painting.widest
    Rendition.objects.filter(pk=rendition.pk)._raw_delete("default")  # type: ignore[attr-defined]

    assert rendition.file.storage.exists(rendition.file.name)
    assert client.get(rendition.url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_work_leaves_no_file_behind_whoever_deletes_it(ada: User, admin_client: Client) -> None:
    before = public_files()
    work = make_artwork(ada, share_photo=True)
    assert public_files() > before

    admin_client.post(f"/admin/gallery/artwork/{work.pk}/delete/", {"post": "yes"})

    assert not Artwork.objects.exists()
    assert not Print.objects.exists()
    assert public_files() == before


@pytest.mark.django_db(transaction=True)
def test_an_account_leaves_no_file_behind(ada: User, client: Client) -> None:
    before = public_files()
    address = make_artwork(ada, share_photo=True).painting.widest.url

    ada.delete()

    assert client.get(address).status_code == 404
    assert public_files() == before


@pytest.mark.django_db(transaction=True)
def test_a_photo_no_longer_shared_is_served_no_longer(client: Client, ada: User) -> None:
    work = make_artwork(ada, share_photo=True)
    assert work.photo
    address = work.photo.widest.url
    assert client.get(address).status_code == 200

    edit(artwork=work, caption=Caption(title=work.title))

    assert client.get(address).status_code == 404
    assert client.get(work.painting.widest.url).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_print_that_another_work_shows_stays(client: Client, ada: User) -> None:
    first, second = make_artwork(ada), make_artwork(ada)
    second.painting = first.painting
    second.save()

    first.delete()

    assert client.get(second.painting.widest.url).status_code == 200
