from __future__ import annotations

import html
import re

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client

from accounts.models import User
from gallery.errors import TakenBack
from gallery.models import Artwork, Print
from gallery.services import Caption, edit, publish, unpublish
from tests.factories import make_artwork, make_finished_job, make_generator, make_style
from transfer.models import Init


def page_of(client: Client, work: Artwork) -> str:
    return html.unescape(client.get(work.get_absolute_url()).content.decode())


def studio_links(page: str) -> list[str]:
    return re.findall(r'href="(/studio/\?[^"]*)"', page)


def test_the_photo_is_beside_the_painting_only_where_the_artist_shares_it(client: Client, ada: User) -> None:
    shared, kept = make_artwork(ada, share_photo=True), make_artwork(ada)

    assert "data-compare" in page_of(client, shared)
    assert shared.photo
    assert shared.photo.widest.url in page_of(client, shared)
    assert kept.photo is None
    assert "data-compare" not in page_of(client, kept)


def filmed(work: Artwork) -> Artwork:
    work.job.time_lapse.save("film.webp", ContentFile(b"film"))
    return work


def test_how_it_was_painted_is_shown_only_where_the_photo_is(client: Client, ada: User) -> None:
    shared, kept = filmed(make_artwork(ada, share_photo=True)), filmed(make_artwork(ada))

    assert f'src="{shared.get_absolute_url()}time-lapse.webp"' in page_of(client, shared)
    assert client.get(f"{shared.get_absolute_url()}time-lapse.webp").content == b"film"
    assert "data-time-lapse" not in page_of(client, kept)
    assert client.get(f"{kept.get_absolute_url()}time-lapse.webp").status_code == 404


def test_a_photo_is_shared_later(client: Client, ada: User) -> None:
    work = make_artwork(ada)

    edit(artwork=work, caption=Caption(title=work.title, share_photo=True))

    assert "data-compare" in page_of(client, work)


def test_publishing_again_keeps_the_files_and_changes_the_words(ada: User) -> None:
    job = make_finished_job(ada)
    first = publish(job=job, caption=Caption(title="First", tags=["a"]))

    second = publish(job=job, caption=Caption(title="Second", tags=["b"]))

    assert second.painting == first.painting
    assert [tag.name for tag in second.tags.all()] == ["b"]


def test_a_work_taken_back_meanwhile_is_not_changed(ada: User) -> None:
    work = make_artwork(ada)
    unpublish(artwork=Artwork.objects.get(pk=work.pk))

    with pytest.raises(TakenBack):
        edit(artwork=work, caption=Caption(title="Too late"))


def test_sharing_a_photo_twice_at_once_makes_one_print_of_it(ada: User) -> None:
    work = make_artwork(ada)
    as_before = Artwork.objects.get(pk=work.pk)

    for seen in (work, as_before):
        edit(artwork=seen, caption=Caption(title="Shared", share_photo=True))

    assert Print.objects.count() == 2


def test_a_works_page_presents_itself_to_those_who_link_to_it(client: Client, ada: User) -> None:
    work = make_artwork(ada, 'A "quoted" title')
    address = settings.SITE_URL + work.get_absolute_url()

    page = client.get(work.get_absolute_url()).content.decode()

    assert f'<link rel="canonical" href="{address}">' in page
    assert f'property="og:url" content="{address}"' in page
    assert f'property="og:image" content="{settings.SITE_URL}{work.painting.widest.url}"' in page
    assert 'property="og:title" content="A &quot;quoted&quot; title"' in page
    assert 'name="twitter:card" content="summary_large_image"' in page


def test_a_starter_style_is_offered_to_everyone(client: Client, as_bob: Client, ada: User) -> None:
    style = make_style()
    work = make_artwork(ada, style=style)

    assert f"/studio/?style={style.pk}" in studio_links(page_of(as_bob, work))
    assert f"/studio/?style={style.pk}" in studio_links(page_of(client, work))
    studio = as_bob.get(f"/studio/?style={style.pk}").content.decode()
    assert re.search(rf'name="style" value="{style.pk}" checked', studio)


def test_anothers_own_style_is_neither_offered_nor_named_by_its_key(as_bob: Client, as_ada: Client, ada: User) -> None:
    work = make_artwork(ada)

    assert str(work.style_id) not in page_of(as_bob, work)
    assert f"/studio/?style={work.style_id}" in studio_links(page_of(as_ada, work))


def test_the_studio_is_filled_in_with_a_works_settings(as_bob: Client, ada: User) -> None:
    work = make_artwork(ada, style=make_style())
    work.job.style_strength, work.job.brush_size, work.job.seed, work.job.colours = 5.0, 1.5, 4711, "photo"
    work.job.save()

    remix = next(link for link in studio_links(page_of(as_bob, work)) if "seed" in link)
    studio = as_bob.get(remix).content.decode()

    assert re.search(r'name="preset" value="draft" checked', studio)
    assert re.search(r'name="seed" value="4711"', studio)
    assert re.search(r'name="strength" value="100"', studio)
    assert re.search(r'name="brush" value="100"', studio)
    assert re.search(r'name="colours" value="photo"[^>]* checked', studio)


def test_a_generators_share_comes_along(as_bob: Client, ada: User) -> None:
    generator = make_generator()
    work = make_artwork(ada)
    work.job.init, work.job.generator, work.job.gan_strength = Init.GAN, generator, 1.0
    work.job.save()

    remix = next(link for link in studio_links(page_of(as_bob, work)) if "seed" in link)
    studio = as_bob.get(remix).content.decode()

    assert re.search(r'name="init" value="gan"[^>]* checked', studio)
    assert re.search(r'name="gan_strength" value="1.0"[^>]* checked', studio)


@pytest.mark.parametrize("query", ["preset=worst", "seed=-1", "size=99999", "generator=x", "init=%00", "seed=1e9"])
def test_settings_that_the_studio_does_not_offer_are_passed_over(as_bob: Client, query: str) -> None:
    response = as_bob.get(f"/studio/?{query}")

    assert response.status_code == 200
    assert not re.findall(r'id="id_\w+_error"', response.content.decode())


def test_more_of_the_artist_is_shown_beside_a_work(client: Client, ada: User, bob: User) -> None:
    work = make_artwork(ada, "This one")
    make_artwork(ada, "Another one")
    make_artwork(bob, "Somebody else's")

    page = page_of(client, work)

    assert "Another one" in page
    assert "Somebody else's" not in page


def test_a_works_tags_lead_to_more_of_their_kind(client: Client, ada: User) -> None:
    work = make_artwork(ada, tags=["sea & sky"])

    assert 'href="/?tag=sea+%26+sky"' in page_of(client, work)
    assert "Harbour at dusk" in client.get("/?tag=sea+%26+sky").content.decode()


def test_a_description_cannot_carry_markup(client: Client, ada: User) -> None:
    work = make_artwork(ada, description="<script>alert(1)</script>", tags=["<b>"])

    page = client.get(work.get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    assert "#<b>" not in page


def test_staff_rename_a_work_which_is_then_found_by_its_new_name(
    client: Client, admin_client: Client, ada: User
) -> None:
    work = make_artwork(ada, "Harbour", tags=["sea"], share_photo=True)

    changed = {"title": "Forest", "description": "", "visibility": "public"}
    assert admin_client.post(f"/admin/gallery/artwork/{work.pk}/change/", changed).status_code == 302

    assert "Forest" in client.get("/?q=forest+sea").content.decode()
    work.refresh_from_db()
    assert work.photo
