"""How does somebody come to know of what another person did? A notice in their inbox, in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from claims.jobs import rows
from claims.models import Desk, DeskNote, Notice, User

#: What comes within this time is one mail.
TOGETHER = dt.timedelta(seconds=60)


def tell(
    kind: Notice.Kind,
    *,
    desk: Desk,
    users: Iterable[int | None],
    actor: User,
    now: dt.datetime,
    claims: Sequence[int] = (),
    note: DeskNote | None = None,
    words: str = "",
) -> None:
    """Tell these people, each once, and never the one who acts."""
    people = sorted({pk for pk in users if pk is not None})
    tell_all(
        Notice(
            desk=desk,
            user_id=pk,
            actor=actor,
            kind=kind,
            claims=list(claims),
            count=len(claims),
            note=note,
            words=words,
            created_at=now,
        )
        for pk in people
    )


def tell_all(notices: Iterable[Notice]) -> None:
    """Write these notices, but for those to who acts; one that is there already stays as it is."""
    told = [row for row in notices if row.user_id != row.actor_id]
    if not told:
        return
    Notice.objects.bulk_create(told, ignore_conflicts=True)
    at_once = User.objects.filter(
        pk__in={row.user_id for row in told}, told_by_mail=User.ToldByMail.AT_ONCE, is_active=True
    )
    desk = told[0].desk
    for pk in at_once.order_by("pk").values_list("pk", flat=True):
        queue_mail(desk, pk, now=told[0].created_at, after=TOGETHER)


def queue_mail(
    desk: Desk, user: int, *, now: dt.datetime, after: dt.timedelta = dt.timedelta(), before: str = ""
) -> None:
    """Have one mail sent to a person about what a desk has for them; ``before``: only of what came before then."""
    rows.enqueue(
        "mail",
        desk=desk,
        subject=f"user {user}",
        arguments={"user": user, "before": before},
        dedupe_key=f"mail:{desk.pk}:{user}",
        run_after=now + after,
        now=now,
    )
