"""Two-factor secrets at rest: whoever sees a copy of the database alone cannot make codes from it."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings


class EncryptedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """Encrypts with a key drawn from SECRET_KEY; where that is changed, people need their recovery by staff."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"two-factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
