"""How does somebody come by another password? They change it, knowing the old one, or by a link that was mailed.

A new password ends every other session and every login link. Asking for a link tells nobody whether an address
is known: the answer and the work are the same, and the mail is written by the worker. Setting a password signs
nobody in, so a second factor is asked for as always.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.desk import account_mails, open_sessions, reset_links, sign_in_gate
from claims.models import User
from claims.models.fields import key_of

#: Somebody without a password proves who they are by having signed in so lately.
FRESH = dt.timedelta(minutes=15)
SIGNED_IN = "signed_in_at"


def insist_it_is_them(
    *, actor: User, request: HttpRequest, password: str, now: dt.datetime | None = None
) -> None:
    """Raise Refused unless this is the person's password, or they have none and signed in a moment ago.

    Wrong ones count in the gate (ADR-0017), apart from those at the door: whoever guesses here sits at a session
    that is open, so the device speaks for nobody.
    """
    now = now or timezone.now()
    if not actor.has_usable_password():
        since = float(request.session.get(SIGNED_IN, 0))
        if now.timestamp() - since > FRESH.total_seconds():
            raise base.Refused(_("Sign out and in again first: this is possible just after signing in."))
        return
    attempt = sign_in_gate.enter(request, str(actor.pk), kind=sign_in_gate.AGAIN, now=now)
    if not actor.check_password(password):
        raise base.Refused(_("This is not your password."))
    attempt.passed()


def change(
    *, actor: User, request: HttpRequest, current: str, new: str, now: dt.datetime | None = None
) -> None:
    """Give oneself another password; the session of this request goes on, all others and all links end."""
    # Before the transaction: a wrong password must stay counted.
    insist_it_is_them(actor=actor, request=request, password=current, now=now)
    with transaction.atomic():
        _set(actor, new, keep=request.session.session_key, now=now)
        base.audit("person.password_changed", actor, actor=actor, desk=None, now=now)
    open_sessions.keep(request, actor)


def ask_for_link(*, request: HttpRequest, email: str, now: dt.datetime | None = None) -> None:
    """Have a link for setting a new password mailed to whom this address belongs, if it belongs to anybody.

    Raises Refused where no mail is set up, TooManyAttempts where too many links were asked for.
    """
    if not settings.MAIL:
        raise base.Refused(_("No mail is set up here. Ask an administrator of your desk for a login link."))
    # Never taken back: every link that is asked for counts, whoever it is for.
    sign_in_gate.enter(request, email, kind=sign_in_gate.RESET, now=now)
    user = User.objects.filter(email_key=key_of(email), is_active=True).first()
    account_mails.send_later(account_mails.About.RESET, user, now=now)


@transaction.atomic
def reset(*, person: str, token: str, new: str, now: dt.datetime | None = None) -> User:
    """Set a password by a mailed link, once; all sessions and links of the person end."""
    user = User.objects.select_for_update().get(pk=reset_links.person_of(person, token).pk)
    # Again, now that nobody else can use it at the same moment.
    if not reset_links.still_opens(user, token):
        raise base.Stale(_("This link has been used or is too old. Ask for a new one."))
    _set(user, new, keep=None, now=now)
    base.audit("person.password_reset", user, actor=user, desk=None, now=now)
    return user


def _set(user: User, new: str, *, keep: str | None, now: dt.datetime | None) -> None:
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise base.Refused(" ".join(error.messages)) from error
    user.set_password(new)
    user.save(update_fields=["password"])
    open_sessions.end_all(user, but=keep)
    account_mails.send_later(account_mails.About.PASSWORD, user, now=now)
