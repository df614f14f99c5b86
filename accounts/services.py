"""What people do with their accounts."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import letters
from accounts.language import in_language_of
from accounts.models import User

# Sent with `person`, in a transaction, when staff have given somebody another name.
renamed = Signal()


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Delete a person with everything that is theirs.

    Their pictures, works, styles and jobs go with the row, and files with the rows that name them. A worker that paints
    for them loses its lease, and stops at its next report.
    """
    sign_out_everywhere(person=user)
    user.delete()


def sign_out_everywhere(*, person: User) -> None:
    """End every session of somebody's; their programs keep their tokens."""
    for session in UserSession.objects.filter(user=person):
        session.end()


@transaction.atomic
def turn_off_two_factor(*, person: User) -> bool:
    """For somebody who has lost their authenticator app and their recovery codes: from now on the password alone signs
    them in. They are told by e-mail, in case it was not they who asked. False where they had no second factor."""
    found, _rows = Authenticator.objects.filter(user=person).delete()
    if found:
        with in_language_of(person):
            text = render_to_string(
                "accounts/mail/two_factor_off.txt", {"site": settings.SITE_URL, "path": reverse("mfa_index")}
            )
            letters.send_on_commit(to=person, subject=_("Two-factor sign-in was turned off"), text=text)
    return bool(found)


def choose_letters(*, user: User, mail_when_done: str) -> None:
    """When the end of their work is told them by e-mail."""
    User.objects.filter(pk=user.pk).update(mail_when_done=mail_when_done)


def end_tour(*, user: User) -> None:
    """Show them the studio no more."""
    User.objects.filter(pk=user.pk).update(has_toured=True)
