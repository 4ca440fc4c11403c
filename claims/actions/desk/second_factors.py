"""What does somebody add to their password, and is it right? Codes of an app, passkeys, and codes for an emergency.

django-allauth keeps the rows and knows the standards (TOTP, WebAuthn); when a factor is asked for, who may set it
up or take it off, and what that ends is decided here. Only imported where the extra ``auth`` is installed. A code
works once, in all processes together: its row is locked and remembers it. Wrong ones count in the gate (ADR-0017).
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.desk import (
    account_mails,
    accounts,
    factor_rules,
    open_sessions,
    passwords,
    sign_in_gate,
    signing_in,
)
from claims.models import Desk, User

Type = Authenticator.Type
MAIN = (Type.TOTP, Type.WEBAUTHN)
MOST_PASSKEYS = 10
_UNCONFIRMED = "totp_unconfirmed"
#: A code is right for at most so many seconds, before and after its time.
_REMEMBERED = 300


@dataclass(frozen=True)
class Passkey:
    """One passkey as its person knows it."""

    pk: int
    name: str
    created_at: dt.datetime
    used_at: dt.datetime | None


@dataclass(frozen=True)
class SetUp:
    """What somebody has set up."""

    app: int | None = None
    passkeys: list[Passkey] = field(default_factory=list)
    codes_left: int = 0

    @property
    def any(self) -> bool:
        return self.app is not None or bool(self.passkeys)


def set_up_of(user: User) -> SetUp:
    """Return what this person has set up."""
    app, passkeys, left = None, [], 0
    for row in Authenticator.objects.filter(user=user).order_by("pk"):
        if row.type == Type.TOTP:
            app = row.pk
        elif row.type == Type.WEBAUTHN:
            passkeys.append(Passkey(row.pk, row.wrap().name, row.created_at, row.last_used_at))
        else:
            left = len(row.wrap().get_unused_codes())
    return SetUp(app, passkeys, left)


def begin_app(request: HttpRequest) -> tuple[str, str]:
    """Return a secret for an authenticator app, and the address of a picture of it; the same until it is confirmed."""
    assert isinstance(request.user, User)
    secret = request.session.setdefault(_UNCONFIRMED, generate_totp_secret())
    with context.request_context(request):
        adapter = get_adapter()
        drawn = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return secret, f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"


def add_app(
    *, actor: User, request: HttpRequest, password: str, code: str, now: dt.datetime | None = None
) -> list[str]:
    """Set up codes of an app, confirmed by one of them; return the emergency codes if they are new."""
    passwords.insist_it_is_them(actor=actor, request=request, password=password, now=now)
    secret = request.session.get(_UNCONFIRMED, "")
    if not secret or not validate_totp_code(secret, code.replace(" ", "")):
        raise base.Refused(_("This code is not right. Is the clock of the device right? Try the next one."))
    with transaction.atomic():
        _lock(actor)
        if Authenticator.objects.filter(user=actor, type=Type.TOTP).exists():
            raise base.Stale(_("An app is set up already. Take it off first."))
        added = TOTP.activate(actor, secret).instance
        # The code that confirmed it must not open the next sign-in.
        _remember(added, code)
        fresh = _added(actor, request, "app", now)
    request.session.pop(_UNCONFIRMED, None)
    return fresh


def begin_passkey(request: HttpRequest) -> dict[str, Any]:
    """Return what the browser needs to make a passkey; the challenge waits in the session."""
    assert isinstance(request.user, User)
    with context.request_context(request):
        return webauthn.begin_registration(request.user, passwordless=False)


def add_passkey(
    *,
    actor: User,
    request: HttpRequest,
    password: str,
    name: str,
    credential: str,
    now: dt.datetime | None = None,
) -> list[str]:
    """Add a passkey that the browser has made; return the emergency codes if they are new."""
    passwords.insist_it_is_them(actor=actor, request=request, password=password, now=now)
    made = _read(request, credential)
    with context.request_context(request):
        try:
            webauthn.parse_registration_response(made)
            webauthn.complete_registration(made)
        except (ValidationError, ValueError, KeyError, TypeError) as error:
            raise base.Refused(_("The passkey could not be read. Try again.")) from error
    with transaction.atomic():
        _lock(actor)
        if Authenticator.objects.filter(user=actor, type=Type.WEBAUTHN).count() >= MOST_PASSKEYS:
            raise base.Refused(_("You have as many passkeys as there can be. Take one off first."))
        webauthn.WebAuthn.add(actor, name.strip()[:60] or _("Passkey"), made)
        return _added(actor, request, "passkey", now)


def remove(
    *, actor: User, request: HttpRequest, password: str, factor: int, now: dt.datetime | None = None
) -> None:
    """Take off an app or a passkey; with the last one, the emergency codes go too.

    Raises Refused where the last one would go and a desk of the person insists on one.
    """
    passwords.insist_it_is_them(actor=actor, request=request, password=password, now=now)
    with transaction.atomic():
        _lock(actor)
        row = Authenticator.objects.filter(user=actor, type__in=MAIN, pk=factor).first()
        if row is None:
            raise base.Stale(_("It is taken off already."))
        last = not Authenticator.objects.filter(user=actor, type__in=MAIN).exclude(pk=row.pk).exists()
        demanding = factor_rules.demanding_desk(actor) if last else None
        if demanding is not None:
            raise base.Refused(
                _("%(desk)s needs its members to have a second factor. Set up another one first.")
                % {"desk": demanding.name}
            )
        kind = str(row.type)
        row.delete()
        _settle(actor, request, "factor.removed", now, kind=kind)
        account_mails.send_later(account_mails.About.FACTOR_OFF, actor, now=now)


def new_codes(
    *, actor: User, request: HttpRequest, password: str, now: dt.datetime | None = None
) -> list[str]:
    """Return fresh emergency codes; the former ones open nothing any more."""
    passwords.insist_it_is_them(actor=actor, request=request, password=password, now=now)
    with transaction.atomic():
        _lock(actor)
        if not Authenticator.objects.filter(user=actor, type__in=MAIN).exists():
            raise base.Refused(_("Set up an app or a passkey first."))
        Authenticator.objects.filter(user=actor, type=Type.RECOVERY_CODES).delete()
        base.audit("factor.codes_made", actor, actor=actor, desk=None, now=now)
        return list(RecoveryCodes.activate(actor).generate_codes())


def check_code(*, request: HttpRequest, person: User, code: str, now: dt.datetime | None = None) -> None:
    """Accept a code of the app, or one for an emergency; each works once. Raises Refused, TooManyAttempts."""
    attempt = sign_in_gate.enter(request, str(person.pk), kind=sign_in_gate.FACTOR, now=now)
    if not _code_is_right(person, "".join(code.split())):
        raise base.Refused(_("This code is not right, or was used already. Wait for the next one."))
    attempt.passed()


def _code_is_right(person: User, code: str) -> bool:
    with transaction.atomic():
        # Locked, so that of two who send the same code at the same moment one comes second.
        rows = Authenticator.objects.select_for_update().filter(user=person).exclude(type=Type.WEBAUTHN)
        for row in rows.order_by("pk"):
            if row.type == Type.TOTP:
                if not _was_used(row, code) and row.wrap().validate_code(code):
                    _remember(row, code)
                    return True
            elif row.wrap().validate_code(code):
                Authenticator.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
                base.audit("factor.code_used", person, actor=person, desk=None)
                return True
    return False


def _digest(row: Authenticator, code: str) -> str:
    return salted_hmac("claims.used-code", f"{row.pk}:{code}", algorithm="sha256").hexdigest()[:20]


def _was_used(row: Authenticator, code: str) -> bool:
    return any(mark == _digest(row, code) for mark, _at in row.data.get("used", []))


def _remember(row: Authenticator, code: str) -> None:
    since = time.time() - _REMEMBERED
    used = [[mark, at] for mark, at in row.data.get("used", []) if at > since]
    row.data["used"] = [*used, [_digest(row, code), time.time()]]
    row.last_used_at = timezone.now()
    row.save(update_fields=["data", "last_used_at"])


def begin_check(request: HttpRequest, person: User) -> dict[str, Any] | None:
    """Return what the browser needs to use a passkey; None where the person has none."""
    if not Authenticator.objects.filter(user=person, type=Type.WEBAUTHN).exists():
        return None
    with context.request_context(request):
        return webauthn.begin_authentication(person)


def check_passkey(
    *, request: HttpRequest, person: User, response: str, now: dt.datetime | None = None
) -> None:
    """Accept what a passkey has signed, for this challenge only. Raises Refused, TooManyAttempts."""
    attempt = sign_in_gate.enter(request, str(person.pk), kind=sign_in_gate.FACTOR, now=now)
    signed = _read(request, response)
    refusal = base.Refused(_("The passkey was not accepted. Try again, or use a code."))
    with context.request_context(request):
        try:
            webauthn.parse_authentication_response(signed)
            row = webauthn.complete_authentication(person, signed)
        except (ValidationError, ValueError, KeyError, TypeError) as error:
            raise refusal from error
        finally:
            # One challenge, one answer.
            webauthn.clear_state()
    row.record_usage()
    attempt.passed()


def _read(request: HttpRequest, said: str) -> dict[str, Any]:
    """Return what the browser sent, made on a page of this host; raises Refused."""
    refusal = base.Refused(_("The passkey could not be read. Try again."))
    try:
        read = json.loads(said)
        client = json.loads(webauthn.websafe_decode(read["response"]["clientDataJSON"]))
        host = urlsplit(client["origin"]).netloc
    except (ValueError, KeyError, TypeError) as error:
        raise refusal from error
    if host != request.get_host():
        raise refusal
    return dict(read)


@transaction.atomic
def take_off(*, actor: User | None, desk: Desk | None, user: User, now: dt.datetime | None = None) -> None:
    """Take the second factor off somebody who has lost it, under the rule of login links (ADR-0014).

    Their sessions end. ``actor=None`` is the command line.
    """
    now = now or timezone.now()
    user = accounts.insist_may_open(
        actor=actor, desk=desk, user=user, what=_("take off a second factor"), now=now
    )
    _lock(user)
    if not Authenticator.objects.filter(user=user).exists():
        raise base.Stale(_("This person has no second factor."))
    Authenticator.objects.filter(user=user).delete()
    open_sessions.end_all(user, second_factor=False)
    base.audit("factor.reset", user, actor=actor, desk=desk, now=now)
    account_mails.send_later(account_mails.About.FACTOR_OFF, user, now=now)


def _lock(user: User) -> None:
    User.objects.select_for_update().get(pk=user.pk)


def _added(actor: User, request: HttpRequest, kind: str, now: dt.datetime | None) -> list[str]:
    known = Authenticator.objects.filter(user=actor, type=Type.RECOVERY_CODES).exists()
    codes = [] if known else list(RecoveryCodes.activate(actor).generate_codes())
    _settle(actor, request, "factor.added", now, kind=kind)
    account_mails.send_later(account_mails.About.FACTOR_ON, actor, now=now)
    return codes


def _settle(actor: User, request: HttpRequest, verb: str, now: dt.datetime | None, *, kind: str) -> None:
    """Keep the account in step with its factors; every other session ends, this one counts as complete."""
    has_one = Authenticator.objects.filter(user=actor, type__in=MAIN).exists()
    if not has_one:
        Authenticator.objects.filter(user=actor).delete()
    open_sessions.end_all(actor, but=request.session.session_key, second_factor=has_one)
    base.audit(verb, actor, actor=actor, desk=None, now=now, kind=kind)
    open_sessions.keep(request, actor)
    signing_in.count_as_complete(request)
