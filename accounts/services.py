"""What people do with their accounts."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.dispatch import Signal

from accounts.models import User

# Sent with `person`, in a transaction, when staff have given somebody another name.
renamed = Signal()


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Delete a person with everything that is theirs.

    Their pictures, works, styles and jobs go with the row, and files with the rows that name them. A worker that paints
    for them loses its lease, and stops at its next report.
    """
    for session in UserSession.objects.filter(user=user):
        session.end()
    user.delete()


def choose_letters(*, user: User, mail_when_done: str) -> None:
    """When the end of their work is told them by e-mail."""
    User.objects.filter(pk=user.pk).update(mail_when_done=mail_when_done)


def end_tour(*, user: User) -> None:
    """Show them the studio no more."""
    User.objects.filter(pk=user.pk).update(has_toured=True)
