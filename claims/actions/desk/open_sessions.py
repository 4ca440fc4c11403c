"""Where is somebody signed in, and how is a session ended from elsewhere?

A row is written when a session is first used and at most once an hour afterwards, so that a page costs nothing
more. It holds the browser in words and the coarse part of the address. Ending a session deletes it: the next
request of that browser is a visitor's, in every process, on both databases.
"""

from __future__ import annotations

import datetime as dt
import re
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.desk.sign_in_gate import address_of
from claims.models import OpenSession, User

#: A row says when a session was last used, give or take this.
EXACT = dt.timedelta(hours=1)
_SEEN = "seen"

# Who comes first wins: most browsers claim to be others as well.
_BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser", "Samsung Internet"),
    (r"Vivaldi", "Vivaldi"),
    (r"Firefox/|FxiOS", "Firefox"),
    (r"Chrom(e|ium)/|CriOS", "Chrome"),
    (r"Safari/", "Safari"),
    (r"curl/", "curl"),
)
_SYSTEMS = (
    (r"iPhone|iPod", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"CrOS", "ChromeOS"),
    (r"Windows", "Windows"),
    (r"Macintosh|Mac OS X", "macOS"),
    (r"Linux|X11", "Linux"),
)


def device_in_words(user_agent: str) -> str:
    """Return browser and system as people name them; an empty string where neither can be told."""
    browser = next((name for words, name in _BROWSERS if re.search(words, user_agent)), "")
    system = next((name for words, name in _SYSTEMS if re.search(words, user_agent)), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system


def coarse_network(address: str) -> str:
    """Return the /24 of an IPv4 address or the /48 of an IPv6 address: enough to tell home from the office."""
    try:
        read = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network((read, 24 if isinstance(read, IPv4Address) else 48), strict=False))


def note(request: HttpRequest, *, now: dt.datetime | None = None) -> None:
    """Write down that the session of this request is used; does nothing where that was said within the hour."""
    user = request.user
    if not isinstance(user, User):
        return
    now = now or timezone.now()
    session = request.session
    seen, key = session.get(_SEEN) or (0.0, "")
    if key == session.session_key and key and now.timestamp() - seen < EXACT.total_seconds():
        return
    with transaction.atomic():
        _write(request, user, key, now)


def _write(request: HttpRequest, user: User, former: str, now: dt.datetime) -> None:
    session = request.session
    if not session.session_key:
        session.save()
    told = {
        "user": user,
        "device": device_in_words(request.headers.get("User-Agent", ""))[:80],
        "network": coarse_network(address_of(request)),
        "last_seen": now,
    }
    # The same browser goes on under another key after a password was changed.
    begun = _begun(user, former) or now
    OpenSession.objects.update_or_create(
        session_key=session.session_key, defaults=told, create_defaults={**told, "created_at": begun}
    )
    session[_SEEN] = (now.timestamp(), session.session_key)


def _begun(user: User, former: str) -> dt.datetime | None:
    """Take away the row of the key that this session had before; return when it began."""
    row = OpenSession.objects.filter(user=user, session_key=former).first() if former else None
    if row is None:
        return None
    row.delete()
    return row.created_at


def open_sessions(user: User, *, now: dt.datetime | None = None) -> list[OpenSession]:
    """Return where the person is signed in now, the latest first."""
    now = now or timezone.now()
    rows = list(OpenSession.objects.visible_to(user))
    living = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=now)
    keys = {
        one.session_key
        for one in living
        # A session from before a password was changed opens nothing any more.
        if one.get_decoded().get("_auth_user_hash") == user.get_session_auth_hash()
    }
    return [row for row in rows if row.session_key in keys]


@transaction.atomic
def end(*, actor: User, session: OpenSession, now: dt.datetime | None = None) -> None:
    """End one of one's own sessions, at once."""
    if session.user_id != actor.pk:
        raise base.NotAllowed(_("Only whose session it is may end it."))
    Session.objects.filter(session_key=session.session_key).delete()
    OpenSession.objects.filter(pk=session.pk).delete()
    base.audit("session.ended", actor, actor=actor, desk=None, now=now, device=session.device)


@transaction.atomic
def end_others(*, actor: User, request: HttpRequest, now: dt.datetime | None = None) -> int:
    """End all sessions and login links of the person but the one of this request; return how many were listed.

    Sessions that no row names end too: what they were signed in with counts no more.
    """
    ended = end_all(actor, but=request.session.session_key)
    keep(request, actor)
    base.audit("session.others_ended", actor, actor=actor, desk=None, now=now, count=ended)
    return ended


def end_all(user: User, *, but: str | None = None, **columns: Any) -> int:
    """End every session and login link of a person, in the caller's transaction; return how many were listed.

    The listed session ``but`` is left to ``keep``. ``columns`` of the person change in the same statement.
    """
    rows = OpenSession.objects.filter(user=user).exclude(session_key=but or "")
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1, **columns)
    user.refresh_from_db(fields=["session_epoch", *columns])
    return len(keys)


def keep(request: HttpRequest, user: User) -> None:
    """Let the session of this request go on although what it was signed in with has changed."""
    request.user = user
    update_session_auth_hash(request, user)


def purge_open_sessions(*, now: dt.datetime | None = None) -> int:
    """Delete rows whose session is gone; return how many. For the scheduler."""
    now = now or timezone.now()
    living = Session.objects.filter(expire_date__gt=now).values("session_key")
    # A row is written before its session is stored at the end of the request.
    old = OpenSession.objects.filter(last_seen__lt=now - EXACT)
    return old.exclude(session_key__in=living).delete()[0]
