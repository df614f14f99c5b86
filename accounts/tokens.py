"""API tokens: made and revoked by people, shown once, and kept as digests alone."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.errors import TooManyTokens
from accounts.models import ApiToken, User

# Whoever finds a secret in a log or a repository shall know at once what it is.
PREFIX = "stylesite_"
SECRET_BYTES = 32
SHOWN = len(PREFIX) + 4
TOKENS_MAX = 50
# A token in use is not written at each request.
USE_NOTED_AFTER = timedelta(minutes=1)


@transaction.atomic
def create_token(
    *, user: User, name: str, scopes: Collection[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A new token and its secret, which cannot be told again. Raises `TooManyTokens`."""
    User.objects.select_for_update().get(pk=user.pk)
    if user.api_tokens.count() >= TOKENS_MAX:
        raise TooManyTokens
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        start=secret[:SHOWN],
        digest=digest_of(secret),
        scopes=sorted(scopes),
        expires_at=expires_at,
    )
    return token, secret


def revoke_token(*, token: ApiToken) -> None:
    token.delete()


def revoke_all_tokens(*, user: User) -> None:
    ApiToken.objects.filter(user=user).delete()


def token_of(secret: str) -> ApiToken | None:
    """The token that is still good and has this secret."""
    return ApiToken.objects.valid().select_related("user").filter(digest=digest_of(secret)).first()


def note_use(token: ApiToken) -> None:
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_AFTER)
    if token.last_used_at is None or token.last_used_at < now - USE_NOTED_AFTER:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def digest_of(secret: str) -> str:
    """A fast hash will do: nobody can go through 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
