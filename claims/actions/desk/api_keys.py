"""API keys ``prefix.secret``: made by an administrator, shown once, stored as a hash, scoped and expiring."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.models import ApiKey, Desk, User

PREFIX_BYTES = 6
LIFETIME = dt.timedelta(days=365)


def hash_secret(secret: str) -> str:
    """Return the stored form. The secret has 256 random bits, so one fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_key(
    *,
    actor: User,
    desk: Desk,
    name: str,
    scopes: list[str],
    lifetime: dt.timedelta = LIFETIME,
    now: dt.datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key and return it with its text, which is never readable again."""
    now = now or timezone.now()
    base.require(actor, desk, *base.ADMINISTRATORS, what=_("make API keys"))
    unknown = set(scopes) - set(ApiKey.Scope.values)
    if unknown or not scopes:
        raise base.Refused(
            _("Choose at least one of the scopes %(names)s.") % {"names": ", ".join(ApiKey.Scope.values)}
        )
    prefix, secret = secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        desk=desk,
        user=actor,
        name=name.strip() or "key",
        prefix=prefix,
        secret_hash=hash_secret(secret),
        scopes=sorted(scopes),
        expires_at=now + lifetime,
        created_at=now,
    )
    base.audit("apikey.made", key, actor=actor, desk=desk, now=now, name=key.name, scopes=key.scopes)
    return key, f"{prefix}.{secret}"


@transaction.atomic
def revoke_key(*, actor: User, key: ApiKey, now: dt.datetime | None = None) -> None:
    """End a key at once; a second call changes nothing."""
    now = now or timezone.now()
    base.require(actor, key.desk, *base.ADMINISTRATORS, what=_("revoke API keys"))
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        base.audit("apikey.revoked", key, actor=actor, desk=key.desk, now=now)


def mark_used(*, key: ApiKey, now: dt.datetime | None = None) -> None:
    """Note that a key was used, at most once a minute; who used it stands in the rows it wrote."""
    now = now or timezone.now()
    if key.used_at is None or now - key.used_at > dt.timedelta(minutes=1):
        ApiKey.objects.filter(pk=key.pk).update(used_at=now)


def find_key(text: str, *, now: dt.datetime | None = None) -> ApiKey | None:
    """Return the valid key of this text, or None; compares in constant time."""
    now = now or timezone.now()
    prefix, _, secret = text.partition(".")
    key = ApiKey.objects.select_related("user", "desk").filter(prefix=prefix).first() if secret else None
    if key is None or not hmac.compare_digest(key.secret_hash, hash_secret(secret)):
        return None
    if key.revoked_at or key.expires_at <= now or not key.desk.roles_of(key.user):
        # A key acts as its holder: a closed account, or one that left the desk, holds none.
        return None
    return key
