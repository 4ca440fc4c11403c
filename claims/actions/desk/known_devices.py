"""Has this person signed in from this device before? A signed cookie says so, for each of its people.

The cookie opens nothing: it only lets a right password pass while strangers guess at the same account or from
the same network. It holds no more than ids and random marks, and dies with the account's sessions.
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.core import signing

from claims.models import User

COOKIE = "device"
LIFETIME = dt.timedelta(days=180)
MOST_PEOPLE = 8
_SALT = "claims.known-device"

#: For each person the epoch of their sessions and the mark of this device.
Known = dict[int, tuple[int, str]]


def read(cookie: str) -> Known:
    """Return who is known on the device of this cookie; nobody where it is missing, old or forged."""
    try:
        rows = signing.loads(cookie, salt=_SALT, max_age=LIFETIME)
        return {int(pk): (int(epoch), str(mark)) for pk, epoch, mark in rows}
    except (signing.BadSignature, ValueError, TypeError):
        return {}


def mark_of(cookie: str, user: User) -> str:
    """Return the mark of this device for the person, or an empty string where it is not known."""
    epoch, mark = read(cookie).get(user.pk, (-1, ""))
    return mark if epoch == user.session_epoch else ""


def with_person(cookie: str, user: User) -> str:
    """Return the cookie with this person among its last few, or an empty string where they are already."""
    if mark_of(cookie, user):
        return ""
    others = [(pk, *known) for pk, known in read(cookie).items() if pk != user.pk]
    rows = [*others[-(MOST_PEOPLE - 1) :], (user.pk, user.session_epoch, secrets.token_hex(8))]
    return signing.dumps(rows, salt=_SALT)
