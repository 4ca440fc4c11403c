"""How long must somebody wait before the next password or key is looked at? One gate for page, admin and API.

Failures are kept by django-axes in the database, so that all processes count together; its own rule counts a
network like an account and knows no devices, so the rule is this one:

- an account: a few failures are free, then each doubles the wait;
- a network: many more are free, and the wait stays short, for a whole newsroom may sit behind one address;
- a device from which the account's person has signed in before waits for neither: it has a count of its own.

Unknown accounts are counted like known ones. What was typed as an account is kept as a keyed digest only: people
type passwords into the wrong field. An attempt is written down before the password is looked at, so that a
hundred at once are counted like a hundred in a row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from axes.handlers.base import AxesHandler
from axes.models import AccessFailureLog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.actions import base
from claims.actions.desk import known_devices
from claims.models import User
from claims.models.fields import key_of
from claims.net.forwarded import client_address, network_of


@dataclass(frozen=True)
class Rule:
    """After ``free`` failures within ``window`` wait ``first``, doubled by every further one up to ``most``."""

    free: int
    first: dt.timedelta
    most: dt.timedelta
    window: dt.timedelta

    def wait(self, failures: int, last: dt.datetime | None, now: dt.datetime) -> dt.timedelta:
        """Return how long to wait from now on; nothing where the last failure is long enough ago."""
        if last is None or failures < self.free:
            return dt.timedelta()
        doubled = self.first * 2 ** min(failures - self.free, 30)
        return max(last + min(doubled, self.most) - now, dt.timedelta())


ACCOUNT = Rule(5, dt.timedelta(seconds=30), dt.timedelta(minutes=15), dt.timedelta(hours=24))
DEVICE = Rule(10, dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(hours=24))
NETWORK = Rule(50, dt.timedelta(seconds=5), dt.timedelta(minutes=1), dt.timedelta(hours=1))
#: Failures older than this count nowhere.
KEPT = max(rule.window for rule in (ACCOUNT, DEVICE, NETWORK))

PASSWORD, KEY, RESET, AGAIN, FACTOR = "password", "key", "reset", "again", "factor"


class TooManyAttempts(base.Refused):
    """Too many failures for one account or from one network; the message says how long to wait."""

    status = 429

    def __init__(self, wait: dt.timedelta, otherwise: str = "") -> None:
        self.seconds = max(1, -int(-wait.total_seconds() // 1))
        super().__init__(
            " ".join(filter(None, [_("Too many attempts failed. Try again in"), _length(self.seconds)]))
            + (f", {otherwise}." if otherwise else ".")
        )


def _length(seconds: int) -> str:
    if seconds < 120:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


class KeepsNothing(AxesHandler):
    """What django-axes calls on its own: nothing. The gate writes before the password is looked at."""


@dataclass(frozen=True)
class Attempt:
    """One attempt, already counted as failed; ``passed`` takes that back."""

    row: int
    account: str
    device: str

    def passed(self) -> None:
        """Forget this failure, and those that strangers (or this device) had on the account."""
        AccessFailureLog.objects.filter(
            Q(pk=self.row) | Q(username=self.account, user_agent=self.device)
        ).delete()


def address_of(request: HttpRequest) -> str:
    """Return the address of the client, as far as trusted proxies tell it."""
    header = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return client_address(request.META.get("REMOTE_ADDR", ""), header, settings.TRUSTED_PROXIES)


def enter(
    request: HttpRequest,
    account: str,
    *,
    kind: str = PASSWORD,
    person: User | None = None,
    otherwise: str = "",
    now: dt.datetime | None = None,
) -> Attempt:
    """Count an attempt on an account, or raise TooManyAttempts, which counts nothing.

    ``account`` is what was typed, ``person`` who it belongs to, if anybody: only for asking their device.
    """
    now = now or timezone.now()
    name = _digest(f"{kind}:{key_of(account)}")
    network = network_of(address_of(request)) or None
    mark = known_devices.mark_of(request.COOKIES.get(known_devices.COOKIE, ""), person) if person else ""
    device = _digest(f"device:{mark}") if mark else ""
    if device and _wait(DEVICE, _failures(now, DEVICE).filter(username=name, user_agent=device), now):
        # Somebody guesses on this device: it is one like any other.
        device = ""
    _insist(now, name, network, kind, device, otherwise)
    with transaction.atomic():
        row = AccessFailureLog.objects.create(
            username=name, ip_address=network, user_agent=device, http_accept="", path_info=kind
        )
    try:
        # Again, now that those who came at the same moment have written theirs.
        _insist(now, name, network, kind, device, otherwise, before=row.pk)
    except TooManyAttempts:
        row.delete()
        raise
    return Attempt(row.pk, name, device)


def _insist(
    now: dt.datetime,
    name: str,
    network: str | None,
    kind: str,
    device: str,
    otherwise: str,
    before: int | None = None,
) -> None:
    if device:
        return
    waits = [_wait(ACCOUNT, _failures(now, ACCOUNT, before).filter(username=name, user_agent=""), now)]
    if network is not None:
        rows = _failures(now, NETWORK, before).filter(ip_address=network, path_info=kind)
        waits.append(_wait(NETWORK, rows, now))
    if longest := max(waits):
        raise TooManyAttempts(longest, otherwise)


def _failures(now: dt.datetime, rule: Rule, before: int | None = None) -> QuerySet[AccessFailureLog]:
    rows = AccessFailureLog.objects.filter(attempt_time__gt=now - rule.window)
    return rows if before is None else rows.filter(pk__lt=before)


def _wait(rule: Rule, rows: QuerySet[AccessFailureLog], now: dt.datetime) -> dt.timedelta:
    # As many as make the longest wait are enough to know.
    times = list(rows.order_by("-attempt_time").values_list("attempt_time", flat=True)[: rule.free + 31])
    return rule.wait(len(times), times[0] if times else None, now)


def _digest(words: str) -> str:
    return salted_hmac("claims.sign-in", words, algorithm="sha256").hexdigest()[:40]


def purge_sign_in_attempts(*, now: dt.datetime | None = None) -> int:
    """Delete failures that count nowhere any more; return how many. For the scheduler."""
    now = now or timezone.now()
    deleted, _kinds = AccessFailureLog.objects.filter(attempt_time__lte=now - KEPT).delete()
    return deleted
