"""An act on a stored selection: looked at first, then done in short batches, row by row told what became of it.

A preview is a row for each claim: what it is, what it would be, and what the act would do beyond that. What takes
work from people starts without a tick. When it is done, every row is asked again under its lock: one that has
changed since, or whose consequences are others, stays as it is and says so.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.claims import together
from claims.actions.claims.together import Together
from claims.actions.evidence.search_together import search_all
from claims.actions.review import bulk, bulk_due, bulk_tags
from claims.actions.review.bulk import RowOutcome
from claims.actions.review.bulk_consequences import touched
from claims.actions.review.bulk_notices import tell
from claims.actions.review.selections import chunks, insist_usable
from claims.jobs import rows as job_rows
from claims.models import BulkAct, BulkActRow, Claim, Job, Review, Selection, User
from claims.models.failures import failure_of
from claims.vocabulary import BulkAction, CloseReason

log = logging.getLogger(__name__)

#: Above so many rows an act is a job, and above so many looking at it; the person may leave the page.
AT_ONCE, LOOKED_AT_ONCE = 100, 1_000
#: What one batch aims at, in seconds, so that nobody waits for its locks; and where its size begins and ends.
AIM = 0.3
FIRST, LEAST, MOST = 100, 100, 500
LEFT = "left"
State = BulkAct.State
Outcome = BulkActRow.Outcome
Fence = Callable[[], AbstractContextManager[Any]]


def preview(
    *,
    actor: User,
    selection: Selection,
    action: str,
    to: User | None = None,
    reason: str = "",
    note: str = "",
    lead: Claim | None = None,
    comment: str = "",
    add: str = "",
    take: str = "",
    due_at: dt.datetime | None = None,
    now: dt.datetime | None = None,
) -> BulkAct:
    """Write down what the act would do to each selected claim: of many by a job. Nothing of them changes."""
    now = now or timezone.now()
    if selection.owner_id != actor.pk:
        raise base.NotAllowed(_("This selection is somebody else's. Select the claims yourself."))
    insist_usable(selection, now=now)
    chosen = BulkAction(action)
    base.require(actor, selection.desk, *bulk.ROLES[chosen], what=str(bulk.WHAT[chosen]))
    if chosen is BulkAction.DISMISS and (not reason or reason not in CloseReason.values):
        raise base.Refused(_("Choose why these reviews end."))
    if chosen is BulkAction.VERDICT and lead is None:
        raise base.Refused(_("Say which claim's verdict the others get."))
    if chosen is BulkAction.DUE and due_at is not None and due_at <= now:
        raise base.Refused(_("That time has passed. Choose a later one, or none."))
    adds, takes = bulk_tags.asked_for(selection.desk, add, take) if chosen is BulkAction.TAG else ([], [])
    said: dict[str, Any] = {
        "add": adds,
        "take": takes,
        "due_at": due_at.isoformat() if due_at is not None else None,
        "to": to.pk if to is not None else None,
        "reason": reason,
        "note": " ".join(note.split())[:300],
        "lead": lead.pk if lead is not None else None,
        "comment": comment,
    }
    act = BulkAct(
        desk=selection.desk,
        selection=selection,
        asked_by=actor,
        action=chosen,
        said={name: said[name] for name in bulk.SAYS[chosen]},
        created_at=now,
    )
    if len(selection.claims) > LOOKED_AT_ONCE:
        return _looked_at_by_a_job(act, selection, now)
    found = [row for part in chunks(selection.claims) for row in _foreseen(act, part, now)]
    with transaction.atomic():
        act.total = len(found)
        act.save(force_insert=True)
        for row in found:
            row.act = act
        BulkActRow.objects.bulk_create(found, batch_size=500)
    return act


@transaction.atomic
def _looked_at_by_a_job(act: BulkAct, selection: Selection, now: dt.datetime) -> BulkAct:
    """Queue the job that looks; of claims of its own, as ticks may join the selection meanwhile."""
    act.selection = Selection.objects.create(
        desk=selection.desk,
        owner=selection.owner,
        claims=selection.claims,
        count=selection.count,
        chosen_by=selection.chosen_by,
        created_at=now,
        expires_at=now + Selection.LIFETIME,
    )
    act.state = State.LOOKING
    act.save(force_insert=True)
    queue(act, now)
    return act


def look_on(
    act: BulkAct,
    *,
    fence: Fence,
    until: float | None = None,
    progress: Callable[[int, int], None] | None = None,
    now: dt.datetime | None = None,
) -> bool:
    """Look at what is left of an act's claims, part by part; False where ``until`` came first.

    What the act may do is asked again when it is done, so nothing rests on how old a look is but the rows shown.
    """
    ids = list(act.selection.claims) if act.selection is not None else []
    while True:
        begun = time.monotonic()
        if until is not None and begun >= until:
            return False
        if progress is not None:
            progress(min(act.total, len(ids)), len(ids))
        moment = now or timezone.now()
        part = ids[act.total : act.total + LOOKED_AT_ONCE // 2]
        found = _foreseen(act, part, moment)
        with fence():
            looking = BulkAct.objects.filter(pk=act.pk, state=State.LOOKING, total=act.total)
            if not part:
                rows = BulkActRow.objects.filter(act=act).count()
                looking.update(state=State.PREVIEW, total=rows)
                return True
            if not looking.update(total=act.total + len(part)):
                return True
            for row in found:
                row.act = act
            BulkActRow.objects.bulk_create(found, batch_size=500)
        act.total += len(part)


def _foreseen(act: BulkAct, claims: Sequence[int], now: dt.datetime) -> list[BulkActRow]:
    foreseen = bulk.foretold(act.asked_by, claims, act.action, act.said, now=now)
    reviews = [one.review for one in foreseen if one.review is not None]
    taken = touched(act.action, reviews, actor=act.asked_by, to=act.said.get("to"), now=now)
    found = []
    for one in foreseen:
        if one.claim is None:
            continue
        row = BulkActRow(claim=one.claim, why=one.why)
        if one.review is not None:
            row.review_id, row.seen_version = one.review.pk, one.review.version
            row.before = together.columns_of(one.review)
        if one.outcome is RowOutcome.SKIPPED:
            row.group, row.ticked = LEFT, False
        elif one.review is not None:
            work = taken[one.review.pk]
            row.consequences = [str(name) for name in work.consequences]
            if one.outcome is RowOutcome.WARNED:
                row.consequences.append(str(BulkActRow.Consequence.DIFFERS))
            row.told = sorted(work.told)
            row.why = " ".join(part for part in (*work.sentences, one.why) if part)
            row.group = row.consequences[0] if row.consequences else ""
            row.ticked = not row.consequences
        found.append(row)
    return found


def tick(
    *, actor: User, act: BulkAct, ticked: Iterable[int] = (), shown: Iterable[int] = (), group: str | None = None,
    on: bool = True,
) -> int:  # fmt: skip
    """Take rows into an act that was looked at, or out of it; returns how many rows it would now change.

    Of the claims ``shown``, those ``ticked`` are in and the others out; with ``group``, all of one group.
    """
    _insist_own(actor, act)
    rows = BulkActRow.objects.filter(act=act, act__state=State.PREVIEW).exclude(group=LEFT)
    if group is not None:
        rows.filter(group=group).update(ticked=on)
    seen, chosen = set(shown), set(ticked)
    for part in chunks(sorted(seen | chosen)):
        rows.filter(claim__in=[pk for pk in part if pk in chosen], ticked=False).update(ticked=True)
        rows.filter(claim__in=[pk for pk in part if pk not in chosen], ticked=True).update(ticked=False)
    return rows.filter(ticked=True).count()


def _insist_own(actor: User, act: BulkAct) -> None:
    if act.asked_by_id != actor.pk:
        raise base.NotAllowed(
            _("Only %(name)s can do this: it was prepared by them.") % {"name": act.asked_by}
        )


def start(*, actor: User, act: BulkAct, now: dt.datetime | None = None) -> BulkAct:
    """Do what was looked at: few rows at once, many as a job. Sent twice, it is done once."""
    now = now or timezone.now()
    _insist_own(actor, act)
    if act.state != State.PREVIEW:
        return act
    action = BulkAction(act.action)
    base.require(actor, act.desk, *bulk.ROLES[action], what=str(bulk.WHAT[action]))
    if act.created_at + Selection.LIFETIME <= now:
        raise base.Stale(_("This preview is a week old. Select the claims again."))
    with transaction.atomic():
        # Whoever comes second finds nothing to start.
        mine = BulkAct.objects.filter(pk=act.pk, state=State.PREVIEW)
        if not mine.update(state=State.RUNNING, started_at=now):
            act.refresh_from_db()
            return act
        rows = BulkActRow.objects.filter(act=act)
        count = rows.filter(ticked=True).exclude(group=LEFT).count()
        if not count:
            raise base.Refused(_("Nothing is ticked, so nothing would change."))
        rows.filter(group=LEFT).update(outcome=Outcome.SKIPPED)
        rows.filter(ticked=False, outcome=Outcome.WAITING).update(
            outcome=Outcome.SKIPPED, why=_("Left out: it was not ticked.")
        )
        if count > AT_ONCE:
            queue(act, now)
    act.refresh_from_db()
    if count <= AT_ONCE:
        carry_on(act, fence=transaction.atomic, now=now)
        act.refresh_from_db()
    return act


def queue(act: BulkAct, now: dt.datetime | None = None) -> Job:
    """Queue the job that looks at the rest of an act, does it, or takes it back."""
    # Looking has a key of its own: its job may still be ending when somebody starts what it has looked at.
    looking = ":looking" if act.state == State.LOOKING else ""
    return job_rows.enqueue(
        "bulk",
        desk=act.desk,
        subject=f"bulk act {act.pk}",
        arguments={"act": act.pk},
        dedupe_key=f"bulk:{act.pk}{looking}",
        now=now,
    )


def work_of(act: BulkAct) -> Job | None:
    """Return the newest job that works on an act, or worked."""
    return (
        Job.objects.filter(kind="bulk", subject=f"bulk act {act.pk}", desk=act.desk).order_by("-id").first()
    )


def go_on(*, actor: User, act: BulkAct, now: dt.datetime | None = None) -> Job | None:
    """Queue the rest of an act whose worker ended; None where nothing is left to do."""
    if actor.pk != act.asked_by_id:
        base.require(actor, act.desk, *base.EDITORS, what=_("go on with what others have begun"))
    return queue(act, now) if act.is_active else None


def stop(*, actor: User, act: BulkAct, now: dt.datetime | None = None) -> int:
    """End an act after the batch it is at; returns how many rows stay as they are. What was done stays done."""
    now = now or timezone.now()
    if actor.pk != act.asked_by_id:
        base.require(actor, act.desk, *base.EDITORS, what=_("stop what others have begun"))
    with transaction.atomic():
        if not BulkAct.objects.filter(pk=act.pk, state=State.RUNNING).update(state=State.DONE, ended_at=now):
            raise base.Stale(_("It is not running any more."))
        left = BulkActRow.objects.filter(act=act, outcome=Outcome.WAITING).update(
            outcome=Outcome.SKIPPED, why=_("Stopped before its turn.")
        )
        tell(act, now=now)
    act.refresh_from_db()
    return left


def carry_on(
    act: BulkAct,
    *,
    fence: Fence,
    until: float | None = None,
    progress: Callable[[int, int], None] | None = None,
    now: dt.datetime | None = None,
) -> bool:
    """Work on what is left of an act, batch by batch; False where ``until`` (of the monotonic clock) came first.

    Each batch is one transaction inside ``fence``, which may raise to say that the work is somebody else's now.
    """
    rows = BulkActRow.objects.filter(act=act)

    def end(moment: dt.datetime) -> None:
        BulkAct.objects.filter(pk=act.pk).update(state=State.DONE, ended_at=moment)
        tell(act, now=moment)

    with base.gesture("bulk", known=act.gesture):
        return by_batches(
            act,
            rows.filter(outcome=Outcome.WAITING),
            State.RUNNING,
            do=lambda batch, moment: _do(act, batch, moment),
            end=end,
            total=rows.filter(ticked=True).exclude(group=LEFT).count(),
            most=None if act.action in _TOGETHER else 1,
            fence=fence,
            until=until,
            progress=progress,
            now=now,
        )


def by_batches(
    act: BulkAct,
    waiting: QuerySet[BulkActRow],
    state: str,
    *,
    do: Callable[[list[BulkActRow], dt.datetime], None],
    end: Callable[[dt.datetime], None],
    total: int,
    most: int | None = None,
    fence: Fence,
    until: float | None,
    progress: Callable[[int, int], None] | None,
    now: dt.datetime | None,
) -> bool:
    """Hand the waiting rows to ``do`` until none is left, then ``end``; False where ``until`` came first.

    Goes on while the act is in this state, and with no more than ``most`` rows at a time.
    """
    size = FIRST
    while True:
        begun = time.monotonic()
        if until is not None and begun >= until:
            return False
        if progress is not None:
            progress(total - waiting.count(), total)
        moment = now or timezone.now()
        with fence():
            # The row of the act is the lock of its workers, and tells whether somebody has stopped it.
            if not BulkAct.objects.filter(pk=act.pk, state=state).update(state=state):
                return True
            batch = list(waiting.order_by("id")[: most or size])
            if not batch:
                end(moment)
                return True
            do(batch, moment)
        size = next_size(size, time.monotonic() - begun)


def next_size(size: int, seconds: float) -> int:
    """Return how many rows the next batch takes, so that it lasts about as long as aimed at.

    Never few: what each batch costs by itself would make a slow machine slower.
    """
    wanted = size * AIM / max(seconds, 0.001)
    return int(max(LEAST, min(MOST, wanted, size * 2)))


def _do(act: BulkAct, batch: Sequence[BulkActRow], now: dt.datetime) -> None:
    """Do one batch under its locks, and write down what became of each row."""
    by_review = {row.review_id: row for row in batch if row.review_id is not None}
    skipped: dict[int, str] = {}
    try:
        action = BulkAction(act.action)
        base.require(act.asked_by, act.desk, *bulk.ROLES[action], what=str(bulk.WHAT[action]))
    except base.Refused as refusal:
        skipped = {row.claim_id: str(refusal) for row in batch}
        _record(act, batch, {}, skipped)
        return
    seen = set(
        Claim.objects.visible_to(act.asked_by)
        .filter(pk__in=[row.claim_id for row in batch])
        .order_by()
        .values_list("pk", flat=True)
    )
    newest = together.newest_of([row.claim_id for row in batch])
    reviews = together.locked(by_review)
    work = touched(act.action, reviews, actor=act.asked_by, to=act.said.get("to"), now=now)
    ready: list[Review] = []
    for review in reviews:
        row = by_review[review.pk]
        fresh = {str(one) for one in work[review.pk].consequences} - set(row.consequences)
        if row.claim_id not in seen:
            skipped[row.claim_id] = _("There is no such claim at your desks.")
        elif newest.get(row.claim_id) != review.pk:
            skipped[row.claim_id] = _("A newer review of it has begun since you looked.")
        elif review.version != row.seen_version:
            skipped[row.claim_id] = _("It has changed since you looked: it is %(state)s now.") % {
                "state": review.get_state_display()
            }
        elif fresh or not work[review.pk].told <= set(row.told):
            said = " ".join(work[review.pk].sentences)
            skipped[row.claim_id] = _("Something has begun since you looked: %(what)s") % {"what": said}
        else:
            ready.append(review)
            now_is = together.columns_of(review)
            if now_is != row.before:
                BulkActRow.objects.filter(pk=row.pk).update(before=now_is)
    done, refused = _acted(act, ready, now)
    _record(act, batch, done, skipped | refused)


def _acted(act: BulkAct, ready: Sequence[Review], now: dt.datetime) -> tuple[dict[int, str], dict[int, str]]:
    """Return what was done, by claim with a warning or nothing, and what was refused."""
    claims = {review.pk: review.claim_id for review in ready}
    if not ready:
        return {}, {}
    if act.action not in _TOGETHER:
        try:
            report = bulk.one_by_one(act.asked_by, act.action, list(claims.values()), act.said, now=now)
        except base.Refused as refusal:
            return {}, dict.fromkeys(claims.values(), str(refusal))
        done = {row.claim_id: row.why for row in report.rows if row.outcome != RowOutcome.SKIPPED}
        refused = {row.claim_id: row.why for row in report.rows if row.outcome == RowOutcome.SKIPPED}
        return done, refused
    try:
        with transaction.atomic():
            found = _TOGETHER[BulkAction(act.action)](act, ready, now)
    except base.Refused as refusal:
        return {}, dict.fromkeys(claims.values(), str(refusal))
    except Exception as error:
        if failure_of(error) is not None:
            raise  # the machine's trouble, not the rows': the batch is tried again
        if len(ready) == 1:
            log.exception("A bulk act failed on claim %s", ready[0].claim_id)
            return {}, {ready[0].claim_id: _("It failed, and nothing was changed. The log says why.")}
        done, refused = {}, {}
        for one in ready:
            more, less = _acted(act, [one], now)
            done, refused = done | more, refused | less
        return done, refused
    return {claims[pk]: "" for pk in found.done}, {claims[pk]: why for pk, why in found.refused.items()}


def _assign(act: BulkAct, reviews: Sequence[Review], now: dt.datetime) -> Together:
    to = User.objects.get(pk=act.said["to"]) if act.said["to"] is not None else None
    return together.assign_all(actor=act.asked_by, reviews=[row.pk for row in reviews], to=to, now=now)


def _close(act: BulkAct, reviews: Sequence[Review], now: dt.datetime) -> Together:
    return together.close_all(
        actor=act.asked_by,
        reviews=[row.pk for row in reviews],
        reason=act.said["reason"],
        note=act.said["note"],
        now=now,
    )


def _search(act: BulkAct, reviews: Sequence[Review], now: dt.datetime) -> Together:
    events = search_all(actor=act.asked_by, claims=[row.claim for row in reviews], now=now)
    return Together(done={row.pk: events[row.claim_id] for row in reviews})


_TOGETHER: dict[str, Callable[[BulkAct, Sequence[Review], dt.datetime], Together]] = {
    BulkAction.ASSIGN: _assign,
    BulkAction.DISMISS: _close,
    BulkAction.SEARCH: _search,
    BulkAction.TAG: bulk_tags.do,
    BulkAction.DUE: bulk_due.do,
}


def _record(act: BulkAct, batch: Sequence[BulkActRow], done: dict[int, str], skipped: dict[int, str]) -> None:
    by_why: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in batch:
        if row.claim_id in done:
            warning = done[row.claim_id]
            by_why[Outcome.WARNED if warning else Outcome.DONE, warning].append(row.pk)
        else:
            why = skipped.get(row.claim_id, _("It is not there any more."))
            by_why[Outcome.SKIPPED, why].append(row.pk)
    for (outcome, why), pks in by_why.items():
        rows = BulkActRow.objects.filter(act=act, pk__in=pks)
        if outcome == Outcome.DONE:
            rows.update(outcome=outcome)
        else:
            rows.update(outcome=outcome, why=why)
