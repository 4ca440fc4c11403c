"""Who typed a form that arrives without a session? Known only where the browser proves it.

While somebody is signed in, their browser keeps a signed mark: the person, and a digest of the secret that the
tokens of its forms are made from. Every sign-in changes that secret. A form whose token was made from the secret
in the mark therefore stands on a page that was made for this person; any other form was typed by nobody knows whom.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

COOKIE = "typist"
_SALT = "claims.typist"
_LIFETIME = 30 * 24 * 60 * 60


@dataclass(frozen=True)
class Typist:
    """A person by id, and the short name of the desk where they were."""

    person: int | None = None
    desk: str = ""


NOBODY = Typist()


def _digest(secret: str) -> str:
    return hashlib.sha256(f"{_SALT}:{secret}".encode()).hexdigest()[:32]


def mark(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser remember for whom its pages were made; writes the cookie only where it changes."""
    secret = request.META.get("CSRF_COOKIE")
    if not secret:
        return
    wanted = (request.user.pk, _digest(secret), str(request.session.get("desk", "")))
    if _read(request) == wanted:
        return
    response.set_cookie(
        COOKIE,
        signing.dumps(wanted, salt=_SALT),
        max_age=_LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def typist_of(request: HttpRequest) -> Typist:
    """Return who typed the form of a visitor. Ask only where its token was found right."""
    kept = _read(request)
    secret = request.META.get("CSRF_COOKIE")
    if kept is not None and secret and constant_time_compare(kept[1], _digest(secret)):
        return Typist(kept[0], kept[2])
    return _of_ended_session(request)


def _read(request: HttpRequest) -> tuple[int, str, str] | None:
    try:
        person, digest, desk = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LIFETIME)
    except (signing.BadSignature, ValueError):
        return None
    return int(person), str(digest), str(desk)


def _of_ended_session(request: HttpRequest) -> Typist:
    """Return whose session the cookie still names, where its row has expired and was not purged yet."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    row = Session.objects.filter(session_key=key).first() if key else None
    kept = row.get_decoded() if row else {}
    if SESSION_KEY not in kept:
        return NOBODY
    return Typist(int(kept[SESSION_KEY]), str(kept.get("desk", "")))
