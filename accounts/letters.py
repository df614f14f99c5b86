"""E-mails: their look, and those about what has happened while nobody looked. The row is the truth; Redis only wakes
whoever sends, in the webhooks' queue, so that painting is not held up.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from smtplib import SMTPException
from typing import Any

import django_rq
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import RedisError

from accounts.language import in_language_of
from accounts.models import Letter, MailWish, User
from accounts.webhooks import QUEUE

logger = logging.getLogger(__name__)

# From one attempt to the next; after the last the letter is given up.
PAUSES = (60, 600, 3600, 6 * 3600)
ATTEMPTS_MAX = len(PAUSES) + 1
# Longer than an attempt can take; a sender that died in one is made up for then.
ATTEMPT = timedelta(seconds=90)
SALT = "accounts.letters.stop"
ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Paragraph:
    """Some lines of a letter, or an address that stands alone, which becomes a button."""

    text: str

    @property
    def is_address(self) -> bool:
        return bool(ADDRESS.fullmatch(self.text))


def html_of(subject: str, text: str) -> str:
    """A letter's text in the site's design."""
    paragraphs = [Paragraph(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip()]
    return render_to_string("mail/letter.html", {"subject": subject, "paragraphs": paragraphs})


def message(*, to: User, subject: str, text: str, headers: Mapping[str, str] | None = None) -> EmailMultiAlternatives:
    """A letter as text and in the site's design."""
    made = EmailMultiAlternatives(subject, text, None, [to.email], headers=dict(headers or {}))
    made.attach_alternative(html_of(subject, text), "text/html")
    return made


def send_on_commit(*, to: User, subject: str, text: str) -> None:
    """What somebody is told whatever they wish to be written, once the present transaction stands. Made in the language
    of the moment; a mail server that does not answer keeps nothing from happening."""
    letter = message(to=to, subject=subject, text=text)
    transaction.on_commit(partial(letter.send, fail_silently=True))


@transaction.atomic
def write(*, user: User, template: str, content: Mapping[str, Any]) -> None:
    """Have a letter sent, from within the transaction of what it tells, so that neither is without the other."""
    Letter.objects.create(user=user, template=template, content=dict(content))
    transaction.on_commit(top_up, robust=True)


def top_up() -> None:
    """Wake a sender for every letter that is due. Where Redis is away, the next sweep does it."""
    try:
        queue = django_rq.get_queue(QUEUE)
        for _ in range(_due().count() - queue.count):
            queue.enqueue("accounts.letters.send_next", result_ttl=0, failure_ttl=0)
    except RedisError:
        logger.warning("letters wait while Redis is away", exc_info=True)


def send_next() -> None:
    """What RQ runs: one attempt at the letter that has been due the longest, if there is one."""
    if letter := _claimed():
        _send(letter)


def stop_address(user: User) -> str:
    """Where whoever has the letter can end such letters with one click, signed in or not."""
    return settings.SITE_URL + reverse("accounts:mail_stop", args=[signing.dumps(user.pk, salt=SALT)])


def stop(token: str) -> User | None:
    """End the letters of whom the signed `token` names; nobody where it was not signed here."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    User.objects.filter(pk=key).update(mail_when_done=MailWish.NEVER)
    return User.objects.filter(pk=key).first()


def _due() -> QuerySet[Letter]:
    return Letter.objects.filter(due_at__lte=timezone.now())


def _claimed() -> Letter | None:
    """The next one, put off for as long as an attempt may take, so that no other sender takes it meanwhile."""
    while letter := _due().select_related("user").order_by("due_at").first():
        same = Letter.objects.filter(pk=letter.pk, due_at=letter.due_at)
        if same.update(due_at=timezone.now() + ATTEMPT, attempts=F("attempts") + 1):
            letter.attempts += 1
            return letter
    return None


def _send(letter: Letter) -> None:
    """Until it is sent, or has been tried often enough, or its recipient wants none any more."""
    if letter.user.mail_when_done == MailWish.NEVER:
        letter.delete()
        return
    try:
        _message_of(letter).send()
    except (OSError, SMTPException):
        logger.warning("a letter to user %s could not be sent", letter.user_id, exc_info=True)
        _put_off(letter)
    else:
        letter.delete()


def _put_off(letter: Letter) -> None:
    if letter.attempts >= ATTEMPTS_MAX:
        letter.delete()
        return
    pause = timedelta(seconds=PAUSES[letter.attempts - 1])
    Letter.objects.filter(pk=letter.pk).update(due_at=timezone.now() + pause)


def _message_of(letter: Letter) -> EmailMultiAlternatives:
    """In the recipient's language, with the way to have no more, for people and for mail programs (RFC 8058)."""
    address = stop_address(letter.user)
    context = letter.content | {"user": letter.user, "site": settings.SITE_URL, "stop_address": address}
    with in_language_of(letter.user):
        subject = render_to_string(f"{letter.template}_subject.txt", context).strip()
        text = render_to_string(f"{letter.template}.txt", context).strip()
        headers = {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return message(to=letter.user, subject=subject, text=text, headers=headers)
