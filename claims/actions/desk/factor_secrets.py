"""How are the secrets of second factors kept? Encrypted with a key made from the installation's own secret key.

Whoever reads the tables alone cannot make codes. Where the secret key is another than when they were set up, they
open nothing and are taken off (docs/reference/people.md).
"""

from __future__ import annotations

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac


def _box() -> Fernet:
    key = salted_hmac("claims.factor-secrets", "key", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))


class FactorAdapter(DefaultMFAAdapter):
    """What django-allauth asks us about second factors."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # A secret that nobody has: codes are told to be wrong, no page breaks.
            return base64.b32encode(salted_hmac("claims.no-secret", encrypted_text).digest()).decode()
