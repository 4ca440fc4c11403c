"""Who has proved who they are, is a second step still due, and when does the session open?

Every way in ends here: password, login link, single sign-on, the admin's own form. Of somebody with a second factor
it is put down that they wait, and no session is opened; ``finish`` opens it once the factor was right. A session
that was opened past this place counts as a visitor's (``SecondStepMiddleware``).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from claims.actions.desk.passwords import SIGNED_IN
from claims.models import User

_BACKEND = "claims.actions.desk.accounts.EmailBackend"
_WAITING, _PASSED = "second_step", "second_step_passed"
#: How long the second step may take.
PATIENCE = dt.timedelta(minutes=10)


def needs_second_step(person: User) -> bool:
    """Say whether a password alone is not enough for this person."""
    return bool(settings.SECOND_FACTOR and person.second_factor)


def sign_in(
    request: HttpRequest,
    person: User,
    *,
    onward: str = "",
    carried: str = "",
    now: dt.datetime | None = None,
) -> bool:
    """Open a session for somebody who has proved who they are; False where a second step is due first.

    ``onward`` is the page to go to after it, ``carried`` a form that waits for it.
    """
    now = now or timezone.now()
    if not needs_second_step(person):
        _open(request, person, now)
        return True
    # Nothing goes over from a session that somebody else may have prepared.
    request.session.flush()
    request.session[_WAITING] = {
        "person": person.pk,
        "proof": person.get_session_auth_hash(),
        "at": now.timestamp(),
        "onward": onward,
        "carried": carried,
    }
    return False


def waiting(request: HttpRequest, *, now: dt.datetime | None = None) -> User | None:
    """Return whose second step is due in this browser, if anybody's is and the first is not too long ago."""
    now = now or timezone.now()
    kept = _kept(request)
    if not kept or not settings.SECOND_FACTOR or now.timestamp() - kept["at"] > PATIENCE.total_seconds():
        return None
    person = User.objects.filter(pk=kept["person"], is_active=True).first()
    # A password changed or an account closed meanwhile ends this as it ends sessions.
    if person is None or not constant_time_compare(kept["proof"], person.get_session_auth_hash()):
        return None
    return person


def wanted(request: HttpRequest) -> tuple[str, str]:
    """Return where somebody wanted to go when the second step came between, and the form that waits for it.

    Also where the first step is too long ago by now: what was typed is not lost with it.
    """
    kept = _kept(request)
    return str(kept.get("onward", "")), str(kept.get("carried", ""))


def _kept(request: HttpRequest) -> dict[str, Any]:
    return request.session.get(_WAITING) or {}


def finish(request: HttpRequest, person: User, *, now: dt.datetime | None = None) -> None:
    """Open the session of somebody whose second factor was right."""
    request.session.pop(_WAITING, None)
    _open(request, person, now or timezone.now())
    request.session[_PASSED] = person.pk


def is_complete(session: SessionBase, person: User) -> bool:
    """Say whether this session was opened with all that its person has set up."""
    return not needs_second_step(person) or session.get(_PASSED) == person.pk


def count_as_complete(request: HttpRequest) -> None:
    """Let the session in which a second factor was just set up go on."""
    request.session[_PASSED] = request.user.pk


def _open(request: HttpRequest, person: User, now: dt.datetime) -> None:
    login(request, person, backend=_BACKEND)
    request.session.pop(_WAITING, None)
    request.session[SIGNED_IN] = now.timestamp()
