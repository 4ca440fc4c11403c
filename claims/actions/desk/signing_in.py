"""Who has proved who they are, and opens a session by it? Every way in ends here."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone

from claims.actions.desk.passwords import SIGNED_IN
from claims.models import User

_BACKEND = "claims.actions.desk.accounts.EmailBackend"


def sign_in(request: HttpRequest, person: User, *, now: dt.datetime | None = None) -> None:
    """Open a session for somebody who has proved who they are, and remember when that was."""
    login(request, person, backend=_BACKEND)
    request.session[SIGNED_IN] = (now or timezone.now()).timestamp()
