"""Every route of the site, for everyone, in every state of a work. A new route without a line here fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts import letters
from accounts.models import DataExport, User, Webhook
from accounts.tokens import create_token
from gallery import services
from gallery.models import Act, Artwork, Kind, Visibility
from gallery.roles import MODERATORS
from tests.factories import encode, make_artwork, make_generator, make_image, make_style, make_user
from transfer.models import Paint
from transfer.services import begin_upload

pytestmark = pytest.mark.django_db

# Who comes in, given the address.
EVERYONE = "everyone"
SIGNED_IN = "whoever is signed in"
OWNER = "the owner alone"
SEEN = "whoever may open the work"
SEEN_SIGNED_IN = "whoever is signed in and may open the work"
STAFF = "staff"
NOBODY = "nobody"

ROUTES: dict[str, dict[str, str]] = {
    "about": {"GET": EVERYONE},
    "avatar": {"GET": EVERYONE},
    "healthz": {"GET": EVERYONE},
    "manifest": {"GET": EVERYONE},
    "public_file": {"GET": SEEN},
    "set_language": {"POST": EVERYONE},
    "styleguide": {"GET": STAFF},
    "accounts:data": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "accounts:data_download": {"GET": OWNER},
    "accounts:delete": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "accounts:mail_stop": {"GET": EVERYONE},
    "accounts:notifications": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "accounts:session_end": {"POST": OWNER},
    "accounts:token_new": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "accounts:token_revoke": {"POST": OWNER},
    "accounts:tokens": {"GET": SIGNED_IN},
    "accounts:tour_end": {"POST": SIGNED_IN},
    "accounts:webhook_remove": {"POST": OWNER},
    "accounts:webhooks": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "gallery:appeal": {"POST": OWNER},
    "gallery:artist": {"GET": EVERYONE},
    "gallery:artist_feed": {"GET": EVERYONE},
    "gallery:artwork": {"GET": SEEN},
    "gallery:collect": {"POST": SEEN_SIGNED_IN},
    "gallery:collection": {"GET": EVERYONE},
    "gallery:collections": {"GET": SIGNED_IN},
    "gallery:delete_collection": {"POST": OWNER},
    "gallery:edit": {"GET": OWNER, "POST": OWNER},
    "gallery:edit_collection": {"POST": OWNER},
    "gallery:feed": {"GET": EVERYONE},
    "gallery:follow": {"POST": SIGNED_IN},
    "gallery:following": {"GET": SIGNED_IN},
    "gallery:index": {"GET": EVERYONE},
    "gallery:like": {"POST": SEEN_SIGNED_IN},
    "gallery:notices": {"GET": SIGNED_IN},
    "gallery:profile": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "gallery:publish": {"POST": OWNER},
    "gallery:remove_from_collection": {"POST": OWNER},
    "gallery:report": {"GET": SEEN_SIGNED_IN, "POST": SEEN_SIGNED_IN},
    "gallery:robots": {"GET": EVERYONE},
    "gallery:sitemap": {"GET": EVERYONE},
    "gallery:sitemap_index": {"GET": EVERYONE},
    "gallery:tag_feed": {"GET": EVERYONE},
    "gallery:time_lapse": {"GET": SEEN},
    "gallery:unfollow": {"POST": SIGNED_IN},
    "gallery:unlike": {"POST": SEEN_SIGNED_IN},
    "gallery:unpublish": {"POST": OWNER},
    "transfer:batch": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "transfer:cancel": {"POST": OWNER},
    "transfer:delete": {"POST": OWNER},
    "transfer:delete_selected": {"POST": SIGNED_IN},
    "transfer:download": {"GET": OWNER},
    "transfer:ended": {"GET": SIGNED_IN},
    "transfer:download_selected": {"POST": SIGNED_IN},
    "transfer:estimate": {"GET": SIGNED_IN},
    "transfer:full_picture": {"GET": OWNER},
    "transfer:generator_sample": {"GET": SIGNED_IN},
    "transfer:job": {"GET": OWNER},
    "transfer:job_events": {"GET": OWNER},
    "transfer:job_file": {"GET": OWNER},
    "transfer:job_panel": {"GET": OWNER},
    "transfer:job_siblings": {"GET": OWNER},
    "transfer:jobs": {"GET": SIGNED_IN},
    "transfer:mask_file": {"GET": OWNER},
    "transfer:jobs_progress": {"GET": SIGNED_IN},
    "transfer:photo_file": {"GET": OWNER},
    "transfer:quota": {"GET": SIGNED_IN},
    "transfer:retry": {"POST": OWNER},
    "transfer:sample_photo_file": {"GET": SIGNED_IN},
    "transfer:retry_selected": {"POST": SIGNED_IN},
    "transfer:stop_selected": {"POST": SIGNED_IN},
    "transfer:studio": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "transfer:style_delete": {"POST": OWNER},
    "transfer:style_favourite": {"POST": OWNER},
    "transfer:style_file": {"GET": OWNER},
    "transfer:styles": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "transfer:upload": {"HEAD": OWNER, "PATCH": OWNER, "DELETE": OWNER},
    "transfer:uploads": {"POST": SIGNED_IN},
    "transfer:vary": {"POST": OWNER},
    "api:docs": {"GET": EVERYONE},
    "api:generator": {"GET": SIGNED_IN},
    "api:generator-sample": {"GET": SIGNED_IN},
    "api:generators": {"GET": SIGNED_IN},
    "api:job": {"GET": OWNER, "DELETE": OWNER},
    "api:job-cancel": {"POST": OWNER},
    "api:job-estimate": {"POST": SIGNED_IN},
    "api:job-events": {"GET": OWNER},
    "api:job-preview": {"GET": OWNER},
    "api:job-result": {"GET": OWNER},
    "api:job-retry": {"POST": OWNER},
    "api:jobs": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "api:me": {"GET": SIGNED_IN},
    "api:nowhere": {"GET": NOBODY, "POST": NOBODY},
    "api:profile": {"GET": SIGNED_IN, "PUT": SIGNED_IN},
    "api:profile-picture": {"PUT": SIGNED_IN, "DELETE": SIGNED_IN},
    "api:schema": {"GET": EVERYONE},
    "api:style": {"GET": OWNER, "DELETE": OWNER},
    "api:style-image": {"GET": OWNER},
    "api:styles": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "api:upload": {"GET": OWNER, "DELETE": OWNER},
    "api:upload-image": {"GET": OWNER},
    "api:uploads": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "api:webhook": {"GET": OWNER, "DELETE": OWNER},
    "api:webhook-deliveries": {"GET": OWNER},
    "api:webhooks": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "api:work": {"GET": SEEN_SIGNED_IN, "DELETE": OWNER},
    "api:work-like": {"POST": SEEN_SIGNED_IN, "DELETE": SEEN_SIGNED_IN},
    "api:work-report": {"POST": SEEN_SIGNED_IN},
    "api:works": {"GET": SIGNED_IN, "POST": SIGNED_IN},
}
# Of others: allauth's, Django's and django-rq's, which have tests of their own.
NOT_OURS = ("account_", "mfa_", "usersessions_", "admin:", "django_rq")

ROLES = ("anonymous", "owner", "other", "suspended", "moderator", "administrator")
STATES = ("public", "unlisted", "hidden", "removed")
INSIDERS = ("owner", "moderator", "administrator")


@dataclass
class Scene:
    """A work in some state, with everything of its owner's that an address can name."""

    work: Artwork
    arguments: dict[str, list[Any]]


@pytest.fixture(params=STATES)
def scene(request: pytest.FixtureRequest, ada: User) -> Scene:
    visibility = Visibility.UNLISTED if request.param == "unlisted" else Visibility.PUBLIC
    work = make_artwork(ada, visibility=visibility, tags=["sea"], share_photo=True)
    if request.param in ("hidden", "removed"):
        kind = Kind.HIDE if request.param == "hidden" else Kind.REMOVE
        services.moderate(kind=kind, artworks=[work], moderator=make_user("judge"), reason="")
        work.refresh_from_db()
    return Scene(work, arguments_of(ada, work))


def arguments_of(ada: User, work: Artwork) -> dict[str, list[Any]]:
    job, style, generator = work.job, make_style(ada), make_generator()
    collection = services.add_collection(owner=ada, name="Mine", is_public=True)
    services.collect(collection=collection, artwork=work)
    token, _ = create_token(user=ada, name="program", scopes=["read"])
    webhook = Webhook.objects.create(user=ada, url="https://example.org/", secret="s")
    act = Act.objects.create(kind=Kind.WARN, artwork=work, title=work.title, artist=ada)
    DataExport.objects.create(user=ada).file.save("everything.zip", ContentFile(b"zip"))
    elsewhere = UserSession.objects.create(user=ada, ip="127.0.0.1", session_key="elsewhere")
    upload = begin_upload(owner=ada, size=10)
    paint = Paint.objects.create(job=job, style=job.style, position=0, weight=50)
    paint.mask.save("masks/half.png", ContentFile(encode(make_image(), "PNG")))
    job.time_lapse.save("films/film.webp", ContentFile(b"film"))
    services.set_avatar(person=ada, picture=make_image())
    own: dict[str, list[Any]] = {
        "avatar": [ada.profile.avatar.name],
        "public_file": [work.painting.widest.file.name],
        "accounts:mail_stop": [letters.stop_address(ada).rstrip("/").rpartition("/")[2]],
        "accounts:session_end": [elsewhere.pk],
        "accounts:token_revoke": [token.pk],
        "accounts:webhook_remove": [webhook.pk],
        "gallery:appeal": [act.pk],
        "gallery:publish": [job.pk],
        "gallery:remove_from_collection": [collection.pk, work.pk],
        "gallery:sitemap": ["works"],
        "gallery:tag_feed": ["sea"],
        "transfer:download": [job.pk, "png"],
        "transfer:job_file": [job.pk, "display"],
        "transfer:mask_file": [paint.pk],
        "transfer:sample_photo_file": ["cat"],
        "transfer:style_favourite": [style.pk],
        "transfer:upload": [upload.pk],
        "transfer:photo_file": [job.photo_id, "image"],
        "transfer:style_file": [style.pk, "image"],
        "transfer:style_delete": [style.pk],
        "transfer:generator_sample": [generator.pk],
        "api:job-result": [job.pk, "png"],
    }
    own |= {f"gallery:{name}": [ada.username] for name in ("artist", "artist_feed", "follow", "unfollow")}
    own |= {f"gallery:{name}": [collection.pk] for name in ("collection", "edit_collection", "delete_collection")}
    works = ("artwork", "collect", "edit", "like", "report", "time_lapse", "unlike", "unpublish")
    own |= {f"gallery:{name}": [work.pk] for name in works}
    own |= {f"transfer:{name}": [job.pk] for name in ("cancel", "delete", "full_picture", "retry", "vary")}
    own |= {f"transfer:{name}": [job.pk] for name in ("job", "job_events", "job_panel", "job_siblings")}
    own |= {f"api:job{name}": [job.pk] for name in ("", "-cancel", "-events", "-preview", "-retry")}
    own |= {f"api:style{name}": [style.pk] for name in ("", "-image")}
    own |= {f"api:upload{name}": [job.photo_id] for name in ("", "-image")}
    own |= {f"api:generator{name}": [generator.pk] for name in ("", "-sample")}
    own |= {f"api:work{name}": [work.pk] for name in ("", "-like", "-report")}
    own |= {f"api:webhook{name}": [webhook.pk] for name in ("", "-deliveries")}
    return own


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def visitor(role: str, ada: User) -> Client:
    client = Client(raise_request_exception=True)
    if role != "anonymous":
        client.force_login(ada if role == "owner" else person(role))
    return client


def person(role: str) -> User:
    powers = {
        "suspended": {"suspended_at": timezone.now()},
        "moderator": {"is_staff": True},
        "administrator": {"is_staff": True, "is_superuser": True},
    }
    user = make_user(role, **powers.get(role, {}))
    if role == "moderator":
        user.groups.add(Group.objects.get(name=MODERATORS))
    return user


def routes(patterns: Any = None, namespace: str = "") -> Iterator[str]:
    for pattern in patterns or get_resolver().url_patterns:
        if hasattr(pattern, "url_patterns"):
            own = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, own)
        else:
            yield f"{namespace}{pattern.name}"


def is_for(rule: str, role: str, method: str, route: str, work: Artwork) -> bool:
    if role == "suspended" and method != "GET" and rule != NOBODY:
        # They may leave, object, and read in their language.
        return (rule == SIGNED_IN and route.startswith("accounts:")) or route == "set_language"
    is_open = role in INSIDERS or work.is_shown
    return {
        EVERYONE: True,
        SIGNED_IN: role != "anonymous",
        OWNER: role == "owner",
        SEEN: is_open,
        SEEN_SIGNED_IN: is_open and role != "anonymous",
        STAFF: role in ("moderator", "administrator"),
        NOBODY: False,
    }[rule]


def comes_in(response: Any) -> bool:
    assert response.status_code < 500
    to_the_door = response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/")
    return response.status_code not in (401, 403, 404) and not to_the_door


def test_every_route_has_a_line() -> None:
    ours = {name for name in routes() if not name.startswith(NOT_OURS)}

    assert ours == set(ROUTES)


def test_each_comes_in_where_they_may_and_nowhere_else(scene: Scene, role: str, visitor: Client) -> None:
    wrong = []
    for route, methods in ROUTES.items():
        address = "/api/v1/nothing/" if route == "api:nowhere" else reverse(route, args=scene.arguments.get(route))
        for method, rule in methods.items():
            # What a route does to the scene is undone for the next.
            with transaction.atomic():
                response = visitor.generic(method, address)
                transaction.set_rollback(True)
            if comes_in(response) != is_for(rule, role, method, route, scene.work):
                wrong.append(f"{method} {address} ({route}, for {rule}): {response.status_code}")
    assert not wrong, "\n".join(wrong)
