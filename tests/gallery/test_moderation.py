"""Reports, what moderators do about them, and appeals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gallery import services
from gallery.fingerprints import are_alike, fingerprint
from gallery.models import Act, Appeal, Artwork, Kind, RemovedPicture, Report, Standing
from gallery.roles import MODERATORS
from tests.factories import make_artwork, make_finished_job, make_image, make_user

DESK = "/admin/gallery/worktolookat/"
ALL_WORKS = "/admin/gallery/artwork/"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> User:
    return make_user("ada")


@pytest.fixture
def work(ada: User) -> Artwork:
    return make_artwork(ada, "Harbour")


@pytest.fixture
def bob(transactional_db: None) -> User:
    return make_user("bob")


@pytest.fixture
def mona(transactional_db: None) -> User:
    """A moderator: staff, and in the group."""
    mona = make_user("mona", is_staff=True)
    mona.groups.add(Group.objects.get(name=MODERATORS))
    return mona


@pytest.fixture
def as_mona(mona: User) -> Client:
    client = Client()
    client.force_login(mona)
    return client


def known(name: str) -> User:
    """Somebody who has been here for a while."""
    user = make_user(name)
    User.objects.filter(pk=user.pk).update(date_joined=timezone.now() - timedelta(days=30))
    user.refresh_from_db()
    return user


def moderate(client: Client, action: str, *works: Artwork, reason: str = "", page: str = ALL_WORKS) -> Any:
    return client.post(page, {"action": action, "_selected_action": [work.pk for work in works], "reason": reason})


def standing_of(work: Artwork) -> str:
    work.refresh_from_db()
    return work.standing


def is_seen(work: Artwork, client: Client) -> tuple[bool, bool, bool]:
    """Its page, its picture, and among the newest works."""
    return (
        client.get(f"/works/{work.pk}/").status_code == 200,
        client.get(work.painting.widest.url).status_code == 200,
        f"/works/{work.pk}/" in client.get("/").content.decode(),
    )


def test_a_report_comes_to_the_desk_with_its_reason(work: Artwork, bob: User, as_bob: Client, as_mona: Client) -> None:
    response = as_bob.post(f"/works/{work.pk}/report/", {"reason": "stolen", "comment": "This is my photo."})

    assert response.status_code == 302
    desk = as_mona.get(DESK).content.decode()
    assert "Harbour" in desk
    assert "Somebody else’s photo or picture: This is my photo." in desk


def test_one_report_hides_nothing_and_a_second_one_by_the_same_person_neither(work: Artwork) -> None:
    reporter = known("rea")
    for reason in ("spam", "stolen"):
        services.report(artwork=work, reporter=reporter, reason=reason)

    assert standing_of(work) == Standing.SHOWN
    assert Report.objects.get().reason == "stolen"


def test_enough_trusted_reports_hide_a_work_until_it_is_looked_at(
    work: Artwork, client: Client, as_mona: Client
) -> None:
    for name in ("rea", "rob", "rex"):
        services.report(artwork=work, reporter=known(name), reason="violent")
    assert standing_of(work) == Standing.HIDDEN
    assert is_seen(work, client) == (False, False, False)

    moderate(as_mona, "approve", work, page=DESK)

    assert is_seen(work, client) == (True, True, True)
    assert "Harbour" not in as_mona.get(DESK).content.decode()


def test_a_crowd_of_new_accounts_hides_nothing(work: Artwork) -> None:
    for number in range(5):
        services.report(artwork=work, reporter=make_user(f"new{number}"), reason="spam")

    assert standing_of(work) == Standing.SHOWN


def test_the_heaviest_reports_come_first(ada: User, as_mona: Client) -> None:
    light, heavy = make_artwork(ada, "Meadow"), make_artwork(ada, "Thunder")
    services.report(artwork=light, reporter=make_user("new"), reason="spam")
    services.report(artwork=heavy, reporter=known("rea"), reason="spam")

    desk = as_mona.get(DESK).content.decode()

    assert desk.index("Thunder") < desk.index("Meadow")


def test_nobody_reports_their_own_work_or_many_a_day(
    work: Artwork, ada: User, as_ada: Client, bob: User, as_bob: Client, settings: Any
) -> None:
    settings.REPORTS_PER_DAY = 1
    as_ada.post(f"/works/{work.pk}/report/", {"reason": "spam"})
    assert not Report.objects.exists()
    as_bob.post(f"/works/{work.pk}/report/", {"reason": "spam"})

    as_bob.post(f"/works/{make_artwork(ada).pk}/report/", {"reason": "spam"})

    assert Report.objects.count() == 1


@pytest.mark.parametrize("action", ["hide", "remove"])
def test_what_is_hidden_or_removed_is_gone_at_once_for_all_but_its_artist_and_moderators(
    work: Artwork, client: Client, as_ada: Client, as_bob: Client, as_mona: Client, action: str
) -> None:
    moderate(as_mona, action, work, reason="Against the rules.")

    for stranger in (client, as_bob):
        assert is_seen(work, stranger) == (False, False, False)
    for insider in (as_ada, as_mona):
        assert is_seen(work, insider) == (True, True, False)
    assert "Nobody else sees this picture" in as_ada.get(f"/works/{work.pk}/").content.decode()


def test_each_act_is_logged_with_who_when_and_why_and_told_to_the_artist(
    work: Artwork, mona: User, as_mona: Client, as_ada: Client
) -> None:
    moderate(as_mona, "hide", work, reason="Somebody did not agree.")

    act = Act.objects.get()
    assert (act.kind, act.artwork, act.artist, act.moderator) == (Kind.HIDE, work, work.artist, mona)
    assert act.reason == "Somebody did not agree."
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert "Somebody did not agree." in mail.outbox[-1].body
    assert "Somebody did not agree." in as_ada.get("/notices/").content.decode()


def test_several_works_are_dealt_with_at_once(ada: User, as_mona: Client) -> None:
    works = [make_artwork(ada, f"Work {number}") for number in range(3)]
    for work in works:
        services.report(artwork=work, reporter=known(f"r{work.title[-1]}"), reason="spam")

    moderate(as_mona, "remove", *works)

    assert {standing_of(work) for work in works} == {Standing.REMOVED}
    assert not Report.objects.filter(settled_at=None).exists()


@pytest.mark.parametrize("action", ["hide", "remove", "feature", "suspend"])
def test_an_act_can_be_undone(work: Artwork, ada: User, mona: User, as_mona: Client, action: str) -> None:
    services.report(artwork=work, reporter=known("rea"), reason="spam")
    moderate(as_mona, action, work)

    as_mona.post("/admin/gallery/act/", {"action": "undo", "_selected_action": [Act.objects.get().pk]})

    work.refresh_from_db()
    ada.refresh_from_db()
    assert (work.standing, work.is_featured, ada.suspended_at) == (Standing.SHOWN, False, None)
    assert Act.objects.get().undone_by == mona


def test_undoing_an_early_act_leaves_what_came_later(work: Artwork, ada: User, mona: User) -> None:
    for kind in (Kind.HIDE, Kind.SUSPEND):
        services.moderate(kind=kind, artworks=[work], moderator=mona, reason="")

    services.undo(act=Act.objects.get(kind=Kind.HIDE), moderator=mona)

    ada.refresh_from_db()
    assert standing_of(work) == Standing.SHOWN
    assert ada.is_suspended


def test_an_artist_objects_once_and_is_heard(work: Artwork, mona: User, as_ada: Client, as_mona: Client) -> None:
    services.moderate(kind=Kind.REMOVE, artworks=[work], moderator=mona, reason="")
    act = Act.objects.get()
    for text in ("It is my own.", "Really."):
        as_ada.post(f"/notices/{act.pk}/appeal/", {"text": text})
    appeal = Appeal.objects.get()
    assert appeal.text == "It is my own."

    as_mona.post("/admin/gallery/appeal/", {"action": "grant", "_selected_action": [appeal.pk]})

    appeal.refresh_from_db()
    assert (appeal.granted, appeal.answered_by) == (True, mona)
    assert standing_of(work) == Standing.SHOWN


def test_an_appeal_turned_down_changes_nothing_and_is_told(work: Artwork, mona: User, as_mona: Client) -> None:
    services.moderate(kind=Kind.HIDE, artworks=[work], moderator=mona, reason="")
    appeal = services.appeal(act=Act.objects.get(), text="Please.")

    as_mona.post("/admin/gallery/appeal/", {"action": "turn_down", "_selected_action": [appeal.pk]})

    assert standing_of(work) == Standing.HIDDEN
    assert "The decision stands" in mail.outbox[-1].body


def test_nobody_appeals_for_another(work: Artwork, mona: User, as_bob: Client) -> None:
    services.moderate(kind=Kind.HIDE, artworks=[work], moderator=mona, reason="")

    assert as_bob.post(f"/notices/{Act.objects.get().pk}/appeal/", {"text": "Hm."}).status_code == 404
    assert not Appeal.objects.exists()


def test_who_is_suspended_looks_around_and_objects_but_changes_nothing(
    work: Artwork, mona: User, bob: User, as_ada: Client
) -> None:
    others = make_artwork(bob)
    services.moderate(kind=Kind.SUSPEND, artworks=[work], moderator=mona, reason="")

    assert as_ada.get(f"/works/{others.pk}/").status_code == 200
    assert as_ada.post(f"/works/{others.pk}/like/").status_code == 403
    assert as_ada.post("/studio/", {}).status_code == 403
    assert as_ada.post(f"/notices/{Act.objects.get().pk}/appeal/", {"text": "Sorry."}).status_code == 302
    assert Appeal.objects.exists()


def test_the_first_works_of_a_new_artist_are_looked_at_where_the_site_wants_it(
    ada: User, client: Client, as_mona: Client, settings: Any
) -> None:
    settings.PREMODERATED_WORKS = 1
    first = make_artwork(ada, "First")
    assert is_seen(first, client) == (False, False, False)

    moderate(as_mona, "approve", first)

    assert standing_of(first) == Standing.SHOWN
    assert make_artwork(ada, "Second").standing == Standing.SHOWN


def test_a_removed_picture_is_known_when_it_comes_again(ada: User, bob: User, mona: User) -> None:
    work = make_artwork(ada)
    services.moderate(kind=Kind.REMOVE, artworks=[work], moderator=mona, reason="")
    services.unpublish(artwork=work)

    again = services.publish(job=make_finished_job(bob), caption=services.Caption("Mine"))

    assert again.standing == Standing.HELD


def test_what_two_removed_works_look_like_is_known_until_both_removals_are_undone(ada: User, mona: User) -> None:
    works = [make_artwork(ada), make_artwork(ada)]
    services.moderate(kind=Kind.REMOVE, artworks=works, moderator=mona, reason="")
    first, second = Act.objects.all()

    services.undo(act=first, moderator=mona)
    assert RemovedPicture.objects.exists()

    services.undo(act=second, moderator=mona)
    assert not RemovedPicture.objects.exists()


def test_a_work_from_before_looks_were_kept_is_known_by_its_file(work: Artwork, bob: User, mona: User) -> None:
    look = work.fingerprint
    Artwork.objects.update(fingerprint="")

    services.moderate(kind=Kind.REMOVE, artworks=[work], moderator=mona, reason="")

    assert are_alike(look, RemovedPicture.objects.get().fingerprint)
    assert make_artwork(bob).standing == Standing.HELD


def test_a_look_is_kept_with_the_work_so_that_its_file_is_not_needed(work: Artwork, mona: User) -> None:
    for rendition in work.painting.renditions.all():
        rendition.file.storage.delete(rendition.file.name)

    services.moderate(kind=Kind.REMOVE, artworks=[work], moderator=mona, reason="")

    assert RemovedPicture.objects.get().fingerprint == work.fingerprint


def test_a_picture_is_like_its_copies_and_unlike_others() -> None:
    picture = make_image(256, 192, seed=3)
    small = picture.resize((100, 75))
    brighter = picture.point(lambda value: min(255, value + 20))

    assert are_alike(fingerprint(picture), fingerprint(small))
    assert are_alike(fingerprint(picture), fingerprint(brighter))
    assert not are_alike(fingerprint(picture), fingerprint(make_image(256, 192, seed=4)))


def test_moderators_see_their_desk_and_nothing_else_of_the_admin(as_mona: Client) -> None:
    assert as_mona.get(DESK).status_code == 200
    for page in ("transfer/job/", "accounts/user/", "gallery/collection/"):
        assert as_mona.get(f"/admin/{page}").status_code == 403


def test_staff_who_are_no_moderators_have_no_desk(work: Artwork) -> None:
    client = Client()
    client.force_login(make_user("stan", is_staff=True))

    assert client.get(DESK).status_code == 403
    assert moderate(client, "remove", work, page=DESK).status_code == 403
    assert standing_of(work) == Standing.SHOWN


def test_the_desk_asks_the_database_the_same_however_many_works_there_are(
    ada: User, as_mona: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        work = make_artwork(ada, f"Work {number}")
        services.report(artwork=work, reporter=known(f"r{number}"), reason="spam")

    with django_assert_max_num_queries(14):
        as_mona.get(DESK)
