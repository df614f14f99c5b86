"""One of everything that a page of the site can be about, on a site without workers, where jobs stay as they are."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import AnonymousUser, Group
from django.shortcuts import render
from django.test import RequestFactory
from django.urls import reverse

from accounts.exports import request_export
from accounts.models import User
from accounts.tokens import create_token
from accounts.webhooks import add_webhook
from gallery import services as gallery
from gallery.models import Act, Artwork, Kind
from gallery.roles import MODERATORS
from tests.factories import (
    claimed,
    make_artwork,
    make_finished_job,
    make_generator,
    make_image,
    make_job,
    make_style,
    make_training_set,
    make_user,
)
from transfer import leases, services
from transfer.models import Failure, Job
from transfer.uploads import as_webp

ERRORS = (400, 403, 404, 429, 500)


def addresses() -> dict[str, str]:
    """Fill the site: where it all is, by name."""
    people()
    ada, bob = User.objects.get(username="ada"), User.objects.get(username="bob")
    make_generator()
    jobs, works = jobs_of(ada), works_of(ada, bob)
    moderated(works["hidden"], works["reported"], bob)
    belongings(ada)
    request_export(user=bob)
    return {
        **{f"job_{state}": job.get_absolute_url() for state, job in jobs.items()},
        **{f"work_{name}": work.get_absolute_url() for name, work in works.items()},
        **{f"report_{name}": reverse("gallery:report", args=[work.pk]) for name, work in works.items()},
        "edit": reverse("gallery:edit", args=[works["shared"].pk]),
        "collection": ada.collections.get().get_absolute_url(),
        "act": reverse("admin:gallery_act_change", args=[Act.objects.latest("pk").pk]),
        "to_look_at": reverse("admin:gallery_worktolookat_change", args=[works["reported"].pk]),
        "training_set": reverse("admin:transfer_trainingset_train", args=[make_training_set().pk]),
        "confirm_email": confirmation_of(make_user("una")),
        "new_password": reset_of(ada),
        **{f"error_{status}": error_page(status) for status in ERRORS},
    }


def people() -> None:
    for name, powers in {"ada": {}, "bob": {}, "judge": {"is_staff": True}, "root": {"is_superuser": True}}.items():
        make_user(name, **{"is_staff": name == "root"} | powers)
    User.objects.get(username="judge").groups.add(Group.objects.get(name=MODERATORS))


def jobs_of(owner: User) -> dict[str, Job]:
    """One in each state."""
    made = {state: make_job(owner, preset="standard") for state in ("queued", "running", "failed", "cancelled")}
    preview = as_webp(make_image(128, 96, seed=5), 256)
    made["running"].preview.save(f"previews/{preview.name}", preview)
    seen = {"fraction": 0.4, "step": 2, "total_steps": 5, "seconds_left": 90, "loss": 3.0}
    leases.report(claimed(made["running"]), **seen, curve=[[0.1, 9.0], [0.4, 3.0]])
    leases.fail(claimed(made["failed"]), Failure.DIVERGED, "It did not settle.")
    services.cancel_job(job=made["cancelled"])
    return made | {"finished": make_finished_job(owner)}


def works_of(ada: User, bob: User) -> dict[str, Artwork]:
    tags = {"tags": ["sea", "blue"], "description": "At six in the morning.\n\nBefore the rain."}
    works = {
        "shared": make_artwork(ada, "Harbour at dusk", share_photo=True, seed=11, **tags),
        "plain": make_artwork(ada, "Meadow", seed=12, visibility="unlisted"),
        "hidden": make_artwork(ada, "Thunder", seed=13),
        "reported": make_artwork(ada, "Lighthouse", seed=14, **tags),
    }
    gallery.like(artwork=works["shared"], person=bob)
    gallery.follow(artist=ada, follower=bob)
    make_artwork(bob, "Terrace", seed=15)
    gallery.follow(artist=bob, follower=ada)
    collection = gallery.add_collection(owner=ada, name="By the sea", is_public=False)
    gallery.collect(collection=collection, artwork=works["shared"])
    return works


def moderated(hidden: Artwork, reported: Artwork, reporter: User) -> None:
    """A work that was hidden, one that waits on the desk, and a person who has objected."""
    judge = User.objects.get(username="judge")
    gallery.report(artwork=reported, reporter=reporter, reason="stolen", comment="I took it.")
    gallery.moderate(kind=Kind.WARN, artworks=[reported], moderator=judge, reason="Say whose photo it is.")
    gallery.appeal(act=Act.objects.get(), text="It is my own.")
    gallery.moderate(kind=Kind.HIDE, artworks=[hidden], moderator=judge, reason="Somebody did not agree.")
    gallery.report(artwork=reported, reporter=reporter, reason="spam")


def belongings(owner: User) -> None:
    gallery.edit_profile(person=owner, name="Ada Lovelace", about="I paint engines.")
    gallery.set_avatar(person=owner, picture=make_image(seed=9))
    make_style(owner)
    make_style(name="Ink")
    create_token(user=owner, name="backup", scopes=["read"])
    add_webhook(user=owner, url="https://example.org/told")


def confirmation_of(user: User) -> str:
    address = EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])


def reset_of(user: User) -> str:
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])


def error_page(status: int) -> str:
    """Its HTML, for no address would bring all of them about."""
    request = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    return render(request, f"{status}.html").content.decode()
