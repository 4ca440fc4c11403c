"""What does a person do with their inbox? Read and unread, mail or none, and a feed with a secret address.

All of it is one's own and nobody else's. What was read is kept without a row in the log; how one is told is logged.
"""

from __future__ import annotations

import datetime as dt

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.models import Desk, Notice, User

_FEED = "claims.inbox-feed"
_MAIL = "claims.mail-off"


def see(*, actor: User, notice: Notice, now: dt.datetime | None = None) -> None:
    """Say that one has read what one was told."""
    Notice.objects.filter(pk=notice.pk, user=actor, seen_at=None).update(seen_at=now or timezone.now())


def unsee(*, actor: User, notice: Notice) -> None:
    """Keep for later what one has read."""
    Notice.objects.filter(pk=notice.pk, user=actor).update(seen_at=None)


def see_all(*, actor: User, desk: Desk, upto: int, now: dt.datetime | None = None) -> int:
    """Mark as read everything of a desk up to the notice that was shown; what came since stays unread."""
    rows = Notice.objects.visible_to(actor).unseen().filter(desk=desk, pk__lte=upto)
    return rows.update(seen_at=now or timezone.now())


@transaction.atomic
def change_telling(*, actor: User, by_mail: str, digest_hour: int, now: dt.datetime | None = None) -> None:
    """Say whether one is told by mail, at once or once a day, and at which hour."""
    if by_mail not in User.ToldByMail.values:
        raise base.Refused(_("Choose whether you want mail, and when."))
    if not 0 <= digest_hour <= 23:
        raise base.Refused(_("Choose an hour from 0 to 23."))
    before = actor.told_by_mail
    User.objects.filter(pk=actor.pk).update(told_by_mail=by_mail, digest_hour=digest_hour)
    actor.refresh_from_db(fields=["told_by_mail", "digest_hour"])
    base.audit("person.told", actor, actor=actor, desk=None, before=before, after=by_mail, now=now)


@transaction.atomic
def renew_feed(*, actor: User, now: dt.datetime | None = None) -> str:
    """Make the address of one's feed, or another one: the one before shows nothing from now on."""
    User.objects.filter(pk=actor.pk).update(feed_epoch=F("feed_epoch") + 1)
    actor.refresh_from_db(fields=["feed_epoch"])
    base.audit("person.feed_renewed", actor, actor=actor, desk=None, now=now)
    return feed_token(actor)


def feed_token(user: User) -> str:
    """Return the secret part of the address of this person's feed, or nothing where there is none."""
    return signing.dumps([user.pk, user.feed_epoch], salt=_FEED) if user.feed_epoch else ""


def person_of_feed(token: str) -> User | None:
    """Return whose feed this is; None where the address is damaged, renewed, or its person gone."""
    found = _read(token, _FEED)
    if found is None:
        return None
    pk, epoch = found
    return User.objects.filter(pk=pk, feed_epoch=epoch, feed_epoch__gt=0, is_active=True).first()


def mail_token(user: User) -> str:
    """Return the secret part of the address that ends mail to this person."""
    return signing.dumps([user.pk, 0], salt=_MAIL)


def person_of_mail(token: str) -> User | None:
    """Return who gets no mail any more by this address, or None where it is damaged."""
    found = _read(token, _MAIL)
    return User.objects.filter(pk=found[0]).first() if found else None


def _read(token: str, salt: str) -> tuple[int, int] | None:
    try:
        pk, epoch = signing.loads(token, salt=salt)
        return int(pk), int(epoch)
    except (signing.BadSignature, ValueError, TypeError):
        return None
