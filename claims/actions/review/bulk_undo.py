"""Taking an act on many claims back: within a day, every row on which nothing newer happened, equal to what it was.

A row that somebody has worked on since stays as it is and says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.claims import together
from claims.actions.review import bulk_due, bulk_tags
from claims.actions.review.bulk_acts import AT_ONCE, Fence, by_batches, queue
from claims.actions.review.bulk_notices import tell_undone
from claims.models import AuditEvent, BulkAct, BulkActRow, User, VerdictDraft
from claims.vocabulary import BulkAction

#: What is restored as it was. A search adds, and a verdict is recalled by who wrote it.
UNDOES = (BulkAction.ASSIGN, BulkAction.DISMISS, BulkAction.TAG, BulkAction.DUE)
State = BulkAct.State
Outcome = BulkActRow.Outcome


def may_undo(actor: User, act: BulkAct, *, now: dt.datetime) -> bool:
    """Whether the button is there: something can be taken back, the day is not over, and it is this person's to do."""
    return not _why_not(actor, act, now)


def _why_not(actor: User, act: BulkAct, now: dt.datetime) -> base.Refused | None:
    if act.state != State.DONE:
        return base.Stale(_("There is nothing to take back: this is %s.") % act.get_state_display())
    if act.action not in UNDOES:
        return base.Refused(_("This kind of act cannot be taken back for many claims at once."))
    if act.ended_at is None or act.ended_at + BulkAct.UNDO_WITHIN <= now:
        return base.Stale(_("It was done more than a day ago. Change the claims themselves."))
    roles = act.desk.roles_of(actor)
    allowed = base.WORKERS if actor.pk == act.asked_by_id else base.EDITORS
    if roles.isdisjoint(allowed):
        return base.NotAllowed(_("Only %s or a desk editor can take this back.") % act.asked_by.display_name)
    return None


def undo(*, actor: User, act: BulkAct, now: dt.datetime | None = None) -> BulkAct:
    """Take back what was done: few rows at once, many as a job. Sent twice, it is done once."""
    now = now or timezone.now()
    if act.state in (State.UNDOING, State.UNDONE):
        return act
    refusal = _why_not(actor, act, now)
    if refusal is not None:
        raise refusal
    with transaction.atomic():
        mine = BulkAct.objects.filter(pk=act.pk, state=State.DONE)
        if not mine.update(state=State.UNDOING, undone_by=actor, undone_at=now):
            act.refresh_from_db()
            return act
        count = BulkActRow.objects.filter(act=act, outcome=Outcome.DONE).count()
        if not count:
            raise base.Refused(_("Nothing was changed, so there is nothing to take back."))
        if count > AT_ONCE:
            queue(act, now)
    act.refresh_from_db()
    if count <= AT_ONCE:
        carry_back(act, fence=transaction.atomic, now=now)
        act.refresh_from_db()
    return act


def carry_back(
    act: BulkAct,
    *,
    fence: Fence,
    until: float | None = None,
    progress: Callable[[int, int], None] | None = None,
    now: dt.datetime | None = None,
) -> bool:
    """Work on what is left to take back, batch by batch; False where ``until`` came first."""
    actor = act.undone_by
    if actor is None:
        return True
    rows = BulkActRow.objects.filter(act=act, outcome=Outcome.DONE)

    def end(moment: dt.datetime) -> None:
        BulkAct.objects.filter(pk=act.pk).update(state=State.UNDONE)
        tell_undone(act, actor, now=moment)

    with base.gesture("undo"):
        return by_batches(
            act,
            rows,
            State.UNDOING,
            do=lambda batch, moment: _take_back(act, batch, actor, moment),
            end=end,
            total=rows.count(),
            fence=fence,
            until=until,
            progress=progress,
            now=now,
        )


def _take_back(act: BulkAct, batch: Sequence[BulkActRow], actor: User, now: dt.datetime) -> None:
    newer = _newer(act, batch)
    free = {row.review_id: row for row in batch if row.review_id is not None and row.claim_id not in newer}
    apart = {BulkAction.TAG: bulk_tags.take_back, BulkAction.DUE: bulk_due.take_back}
    if act.action in apart:
        done, refused = apart[BulkAction(act.action)](act, list(free.values()), actor=actor, now=now)
        _record(act, batch, [row.pk for row in batch if row.claim_id in done], newer | refused)
        return
    found = together.restore_all(
        actor=actor,
        before={pk: row.before for pk, row in free.items()},
        versions={pk: row.seen_version + 1 for pk, row in free.items()},
        now=now,
    )
    refused = {free[pk].claim_id: why for pk, why in found.refused.items()}
    _record(act, batch, [free[pk].pk for pk in found.done], refused | newer)


def _record(act: BulkAct, batch: Sequence[BulkActRow], back: Sequence[int], kept: Mapping[int, str]) -> None:
    """Write down which rows are as they were, and by claim why others are not."""
    BulkActRow.objects.filter(act=act, pk__in=back).update(outcome=Outcome.UNDONE)
    for row in batch:
        if row.pk not in back:
            BulkActRow.objects.filter(pk=row.pk).update(outcome=Outcome.KEPT, why=kept.get(row.claim_id, ""))


def _newer(act: BulkAct, batch: Sequence[BulkActRow]) -> dict[int, str]:
    """Return, by claim, what people have done there since; what machines did does not count."""
    claims = [row.claim_id for row in batch]
    ours = dict(
        AuditEvent.objects.filter(gesture=act.gesture, claim_id__in=claims)
        .order_by()
        .values_list("claim_id")
        .annotate(last=Max("id"))
    )
    since = AuditEvent.objects.filter(
        claim_id__in=claims, id__gt=min(ours.values(), default=0), actor_id__isnull=False
    ).exclude(gesture=act.gesture)
    found: dict[int, int] = {}
    for claim, event, person in since.order_by("id").values_list("claim_id", "id", "actor_id"):
        if claim is not None and person is not None and event > ours.get(claim, 0):
            found[claim] = person
    typed = VerdictDraft.objects.filter(
        review__in=[row.review_id for row in batch if row.review_id], updated_at__gt=act.started_at
    )
    for claim, person in typed.values_list("review__claim_id", "user_id"):
        found.setdefault(claim, person)
    names = dict(User.objects.filter(pk__in=set(found.values())).values_list("pk", "display_name"))
    return {
        claim: _("%(name)s has worked on it since.") % {"name": names.get(person, _("Somebody"))}
        for claim, person in found.items()
    }
