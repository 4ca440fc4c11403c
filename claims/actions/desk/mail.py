"""Who gets a mail about what waits in their inbox, when, and what does it say? Plain text, one mail for each desk.

Sent by a job, outside every transaction; what was sent is marked afterwards, so a mail may come twice where a process
ends between the two, and never not at all. Words that hang on a source for named people do not leave the house.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.actions.desk.inbox import mail_token
from claims.actions.desk.inbox_lines import InboxLine, lines
from claims.actions.publishing.payload import absolute
from claims.actions.telling import queue_mail
from claims.jobs.rows import Running
from claims.models import Desk, Notice, User

#: So many things are told in one mail; the rest is a count and in the inbox.
MOST = 50
#: What is older was for somebody who wanted no mail then.
OLDEST = dt.timedelta(days=3)


def due_digests(now: dt.datetime | None = None) -> int:
    """Queue the day's one mail of everybody whose hour has come; returns how many mails that makes."""
    now = now or timezone.now()
    waiting = Notice.objects.unseen().filter(
        mailed_at=None,
        created_at__gt=now - OLDEST,
        user__told_by_mail=User.ToldByMail.DIGEST,
        user__is_active=True,
    )
    rows = waiting.order_by().values_list("desk", "user", "user__digest_hour", "desk__time_zone").distinct()
    count = 0
    for desk, user, hour, zone in list(rows):
        moment = last_hour(now, hour, zone)
        if waiting.filter(desk=desk, user=user, created_at__lt=moment).exists():
            queue_mail(Desk(pk=desk), user, now=now, before=moment.isoformat())
            count += 1
    return count


def last_hour(now: dt.datetime, hour: int, zone: str) -> dt.datetime:
    """Return when it was this hour last, by the clock of a time zone."""
    there = now.astimezone(zoneinfo.ZoneInfo(zone))
    moment = there.replace(hour=hour, minute=0, second=0, microsecond=0)
    if moment > there:
        moment = (moment - dt.timedelta(days=1)).replace(hour=hour)
    return moment.astimezone(dt.UTC)


def run_mail(job: Running) -> None:
    """Send one person what a desk has for them and they have neither read nor been sent."""
    said = job.row.arguments
    user = (
        User.objects.filter(pk=said["user"], is_active=True)
        .exclude(told_by_mail=User.ToldByMail.NONE)
        .first()
    )
    desk = job.row.desk
    sent: list[int] = []
    if user is not None and desk is not None and desk.roles_of(user):
        sent = _send(user, desk, said.get("before", ""))
    with job.fenced():
        Notice.objects.filter(pk__in=sent).update(mailed_at=timezone.now())
        job.finish({"notices": len(sent)})


def _send(user: User, desk: Desk, before: str) -> list[int]:
    rows = Notice.objects.visible_to(user).unseen().filter(desk=desk, mailed_at=None)
    rows = rows.filter(created_at__gt=timezone.now() - OLDEST)
    if before:
        rows = rows.filter(created_at__lt=dt.datetime.fromisoformat(before))
    found = list(rows.select_related("actor").order_by("id"))
    if found:
        with translation.override(user.language or settings.LANGUAGE_CODE):
            message(user, desk, lines(found[:MOST], user), len(found)).send()
    return [notice.pk for notice in found]


def message(user: User, desk: Desk, told: list[InboxLine], count: int) -> EmailMessage:
    """Return the mail: what happened, line by line, where it is, and how to get no more of them."""
    inbox = absolute(f"/desk/{desk.slug}/inbox/")
    off = absolute(f"/mail/off/{mail_token(user)}/")
    if count == 1:
        subject = f"[{desk.name}] {told[0].sentence}"
    else:
        what = ngettext("%(n)d thing for you", "%(n)d things for you", count) % {"n": count}
        subject = f"[{desk.name}] {what}"
    parts = [_text(one) for one in told]
    if count > len(told):
        parts.append(_("%(n)d more are in your inbox.") % {"n": count - len(told)})
    parts.append(_("Your inbox: %(address)s") % {"address": inbox})
    parts.append(_("No more of these mails: %(address)s") % {"address": off})
    return EmailMessage(
        subject=" ".join(subject.split()),
        body="\n\n".join(parts) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[user.email],
        headers={"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def _text(line: InboxLine) -> str:
    rows = [line.sentence]
    if not line.inside_only:
        rows += [f"  {claim.wording}" for claim in line.claims]
        rows += [f"> {row}" for row in line.words.splitlines()]
    if line.leads:
        rows.append(absolute(line.leads))
    return "\n".join(rows)
