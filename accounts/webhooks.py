"""Webhooks: people's own addresses, told what has happened. The row is the truth; Redis only wakes whoever sends.

Messages are signed as https://www.standardwebhooks.com has it, for which there are libraries in most languages.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import django_rq
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from redis.exceptions import RedisError
from rq.timeouts import JobTimeoutException

from accounts import outside
from accounts.errors import TooManyWebhooks
from accounts.models import Delivery, DeliveryState, User, Webhook

logger = logging.getLogger(__name__)

QUEUE = "webhooks"
WEBHOOKS_MAX = 10
SECRET_PREFIX = "whsec_"  # noqa: S105
SECRET_BYTES = 32
# From one attempt to the next; after the last the delivery is given up.
PAUSES = (10, 60, 600, 3600, 6 * 3600)
ATTEMPTS_MAX = len(PAUSES) + 1
# Longer than an attempt can take; a sender that died in one is made up for then.
ATTEMPT_SECONDS = 60
KEPT = timedelta(days=30)


@transaction.atomic
def add_webhook(*, user: User, url: str) -> Webhook:
    """Its secret is shown once, by whoever calls this. Raises `TooManyWebhooks`."""
    User.objects.select_for_update().get(pk=user.pk)
    if user.webhooks.count() >= WEBHOOKS_MAX:
        raise TooManyWebhooks
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return Webhook.objects.create(user=user, url=url, secret=secret)


def remove_webhook(*, webhook: Webhook) -> None:
    webhook.delete()


@transaction.atomic
def notify(*, user_id: int, event: str, content: Mapping[str, Any]) -> None:
    """Tell all of someone's webhooks; within the transaction of what has happened, so that neither is without the
    other."""
    # Locked, so that none is removed before its message is written, which would undo what has happened.
    told = Webhook.objects.select_for_update().filter(user=user_id)
    if Delivery.objects.bulk_create(Delivery(webhook=each, event=event, content=dict(content)) for each in told):
        transaction.on_commit(top_up, robust=True)


def top_up() -> None:
    """Wake a sender for every delivery that is due. Where Redis is away, the next sweep does it."""
    try:
        queue = django_rq.get_queue(QUEUE)
        for _ in range(_due().count() - queue.count):
            queue.enqueue("accounts.webhooks.deliver_next", result_ttl=0, failure_ttl=0)
    except RedisError:
        logger.warning("webhooks wait while Redis is away", exc_info=True)


def deliver_next() -> None:
    """What RQ runs: one attempt at the delivery that has been due the longest, if there is one."""
    if delivery := _claimed():
        _conclude(delivery, *_attempt(delivery))


def forget_old_deliveries() -> int:
    return Delivery.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of the message's id, its time and its body, under the secret's bytes."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _due() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=timezone.now())


def _claimed() -> Delivery | None:
    """The next one, put off for as long as an attempt may take, so that no other sender takes it meanwhile."""
    while delivery := _due().select_related("webhook").order_by("due_at").first():
        later = timezone.now() + timedelta(seconds=ATTEMPT_SECONDS)
        same = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING, due_at=delivery.due_at)
        if same.update(due_at=later, attempts=F("attempts") + 1):
            delivery.attempts += 1
            return delivery
    return None


def _attempt(delivery: Delivery) -> tuple[bool, str]:
    """Whether it has arrived, and what the attempt came to."""
    body = json.dumps(
        {"type": delivery.event, "timestamp": delivery.created_at.isoformat(), "data": delivery.content}
    ).encode()
    try:
        status = outside.post(delivery.webhook.url, body, _headers(delivery.pk, delivery.webhook.secret, body))
    except outside.Unreachable as error:
        return False, str(error)
    except JobTimeoutException:
        return False, "the answer took too long"
    return 200 <= status < 300, f"HTTP {status}"


def _headers(message_id: UUID, secret: str, body: bytes) -> dict[str, str]:
    now = int(time.time())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Stylesite",
        "webhook-id": str(message_id),
        "webhook-timestamp": str(now),
        "webhook-signature": signature(secret, str(message_id), now, body),
    }


def _conclude(delivery: Delivery, arrived: bool, outcome: str) -> None:
    """To `delivered`, to `given_up` after the last attempt, or to a later one."""
    row = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING)
    outcome = outcome[:200]
    if arrived:
        row.update(state=DeliveryState.DELIVERED, outcome=outcome)
    elif delivery.attempts >= ATTEMPTS_MAX:
        row.update(state=DeliveryState.GIVEN_UP, outcome=outcome)
    else:
        pause = timedelta(seconds=PAUSES[delivery.attempts - 1])
        row.update(due_at=timezone.now() + pause, outcome=outcome)
