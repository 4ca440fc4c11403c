"""Which old articles are read again by newer rules, and what is taken over of it? Preview first, then apply.

A batch only reads and counts until somebody takes over all of it or the articles they picked. What people decided
stays whatever the reading says (``claims.splitting.rereading``), and everything that was taken over of an article
can be taken back until somebody decides about it. The work itself is done by a job, article by article.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.actions import base
from claims.actions.documents.reading_changes import take_back
from claims.jobs import rows
from claims.models import (
    AnalysisRun,
    AuditDetail,
    Desk,
    Document,
    FinishedArticle,
    Job,
    RereadArticle,
    Rereading,
    User,
)
from claims.models.together import Asking
from claims.splitting import ANALYSER

JOB = "reread"
#: More articles than this are several batches: a preview that nobody can look through is none.
MOST = 20_000
#: How far the articles of older rules are counted for a page.
COUNTED = 1_000
State = Rereading.State
Row = RereadArticle.State


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles of a desk: all that were read, or those that every given condition holds for.

    ``since`` and ``until`` are ISO days on which an article was added, both included; ``older`` means read by
    other rules than today's, ``unfinished`` that the desk has not finished it; ``documents`` are picked ones.
    """

    archive: int | None = None
    since: str = ""
    until: str = ""
    older: bool = False
    unfinished: bool = False
    documents: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


def chosen(scope: Scope, desk: Desk, user: User | None) -> models.QuerySet[AnalysisRun]:
    """Return the current readings of the newest texts that a batch is about; ``user=None`` sees them all."""
    runs = AnalysisRun.objects.filter(
        desk=desk,
        is_current=True,
        capture__number=models.F("capture__document__captures_made"),
        capture__redacted_at=None,
        capture__document__in=Document.objects.for_desk(desk).order_by().values("pk"),
    )
    if user is not None:
        runs = runs.filter(capture__document__in=Document.objects.visible_to(user).order_by().values("pk"))
    if scope.documents:
        runs = runs.filter(capture__document__in=scope.documents)
    if scope.archive is not None:
        runs = runs.filter(capture__document__archive=scope.archive)
    if scope.since:
        runs = runs.filter(capture__document__created_at__gte=midnight(scope.since))
    if scope.until:
        runs = runs.filter(capture__document__created_at__lt=midnight(scope.until) + dt.timedelta(days=1))
    if scope.older:
        runs = runs.exclude(analyser=ANALYSER)
    if scope.unfinished:
        finished = FinishedArticle.objects.filter(desk=desk, document=models.OuterRef("capture__document"))
        runs = runs.filter(~models.Exists(finished.order_by()))
    return runs.order_by()


def midnight(day: str) -> dt.datetime:
    """Return the beginning of an ISO day; raises Refused where it is none."""
    try:
        return timezone.make_aware(dt.datetime.combine(dt.date.fromisoformat(day), dt.time()))
    except (ValueError, OverflowError):
        raise base.Refused(_("“%(day)s” is no day. Write it as 2026-03-18.") % {"day": day}) from None


def read_by_older_rules(desk: Desk, user: User) -> Asking[int]:
    """Ask how many articles were read by other rules than today's, counted no further than ``COUNTED`` and one."""
    some = chosen(Scope(older=True), desk, user).values_list("pk")[: COUNTED + 1]
    yield [some]
    return len(some)


def _insist_may(actor: User | None, desk: Desk, *, single: bool) -> None:
    """One article is anybody's work who triages it; many are an editor's. The installation's operator may both."""
    if actor is None:
        return
    roles = base.WORKERS if single else base.EDITORS
    base.require(actor, desk, *roles, what=_("have articles read again by newer rules"))


@transaction.atomic
def preview(
    *, actor: User | None, desk: Desk, scope: Scope, queue: str = "", now: dt.datetime | None = None
) -> Rereading:
    """Queue the reading of all articles of a scope; nothing is changed by it.

    Raises Stale where one of them is in a batch that is being worked on, Refused where there is none to read.
    """
    now = now or timezone.now()
    _insist_may(actor, desk, single=len(scope.documents) == 1)
    # One batch is made at a time, so that two cannot take the same articles.
    Desk.objects.select_for_update(no_key=True).get(pk=desk.pk)
    found = chosen(scope, desk, actor)
    picked = list(found.order_by("pk").values_list("capture__document_id", "capture_id")[: MOST + 1])
    if not picked:
        raise base.Refused(_("No article that was read here is among these: nothing is to be read again."))
    if len(picked) > MOST:
        raise base.Refused(
            _("These are more than %(most)d articles. Narrow them by the days on which they were added.")
            % {"most": MOST}
        )
    _insist_free(desk, found.values("capture__document_id"))
    batch = Rereading.objects.create(
        desk=desk,
        asked_by=actor,
        scope=scope.as_json(),
        analyser=ANALYSER,
        articles=len(picked),
        created_at=now,
    )
    RereadArticle.objects.bulk_create(
        (
            RereadArticle(rereading=batch, document_id=document, capture_id=capture, created_at=now)
            for document, capture in picked
        ),
        batch_size=500,
    )
    _told("rereading.asked", batch, actor, before="", now=now, scope=scope.as_json(), articles=len(picked))
    go_on_later(batch, queue=queue, now=now)
    return batch


def _insist_free(desk: Desk, documents: models.QuerySet[Any]) -> None:
    """Refuse to read what another batch is reading or changing at this moment."""
    busy = [Row.WAITING, Row.CHOSEN]
    other = (
        RereadArticle.objects.filter(
            rereading__desk=desk,
            rereading__state__in=Rereading.ACTIVE,
            state__in=busy,
            document__in=documents,
        )
        .order_by("rereading_id", "id")
        .values_list("rereading_id", flat=True)
        .first()
    )
    if other is not None:
        raise base.Stale(
            _("Batch %(number)d is reading such articles already. Wait until it has ended, or cancel it.")
            % {"number": other}
        )


def job_key(batch: Rereading) -> str:
    """Return by which key the work on a batch is known among the jobs."""
    return f"{JOB}:{batch.pk}"


def go_on_later(
    batch: Rereading, *, queue: str = "", wait: dt.timedelta | None = None, now: dt.datetime | None = None
) -> Job:
    """Queue the next stretch of work on a batch, behind what others wait for."""
    now = now or timezone.now()
    return rows.enqueue(
        JOB,
        desk=batch.desk,
        subject=f"reading {batch.pk}",
        arguments={"rereading": batch.pk},
        dedupe_key=job_key(batch),
        queue=queue or (Job.Queue.INTERACTIVE if batch.is_single else Job.Queue.BULK),
        follows=not batch.is_single,
        run_after=now + wait if wait else None,
        now=now,
    )


def work_of(batch: Rereading) -> Job | None:
    """Return the job that works on a batch, waits to, or failed last; None where there is none."""
    return Job.objects.filter(desk=batch.desk_id, dedupe_key=job_key(batch)).order_by("-id").first()


@transaction.atomic
def apply(
    *,
    actor: User | None,
    batch: Rereading,
    documents: Collection[int] | None = None,
    now: dt.datetime | None = None,
) -> int:
    """Queue the taking over of all articles that were read, or of the picked ones; return how many these are.

    Each is compared again when its turn comes: what people decided meanwhile stays.
    """
    now = now or timezone.now()
    batch = _locked(actor, batch)
    if batch.state not in (State.READY, State.DONE, State.CANCELLED):
        raise base.Stale(
            _("This batch is %(state)s; wait until that has ended.") % {"state": batch.get_state_display()}
        )
    taken = _theirs(actor, batch, documents).filter(state=Row.READ)
    _insist_free(batch.desk, taken.values("document_id"))
    count = taken.update(state=Row.CHOSEN, attempts=0, error="")
    if not count:
        raise base.Refused(_("Choose at least one article that was read and is not taken over yet."))
    before = batch.state
    _move(batch, State.APPLYING, applied_by=actor)
    _told("rereading.applied", batch, actor, before=before, now=now, articles=count)
    go_on_later(batch, now=now)
    return count


def _locked(actor: User | None, batch: Rereading) -> Rereading:
    # The desk first, as everybody does who makes or moves a batch.
    Desk.objects.select_for_update(no_key=True).get(pk=batch.desk_id)
    row = Rereading.objects.select_related("desk").get(pk=batch.pk)
    _insist_may(actor, row.desk, single=row.is_single)
    return row


def _theirs(
    actor: User | None, batch: Rereading, documents: Collection[int] | None = None
) -> models.QuerySet[RereadArticle]:
    """Return the articles of a batch that this person may read, or those of them that were picked."""
    found = RereadArticle.objects.filter(rereading=batch)
    if actor is not None:
        found = found.visible_to(actor)
    return found if documents is None else found.filter(document__in=documents)


def _move(batch: Rereading, state: Rereading.State, **columns: Any) -> None:
    Rereading.objects.filter(pk=batch.pk).update(state=state, **columns)
    batch.state = state
    for name, value in columns.items():
        setattr(batch, name, value)


def _told(
    verb: str, batch: Rereading, actor: User | None, *, before: str, now: dt.datetime, **detail: Any
) -> None:
    base.audit(verb, batch, actor=actor, desk=batch.desk, before=before, after=batch.state, now=now, **detail)


@transaction.atomic
def cancel(*, actor: User | None, batch: Rereading, now: dt.datetime | None = None) -> Rereading:
    """Stop a batch after the article it is at; what was read or taken over stays, and can be gone on with."""
    now = now or timezone.now()
    batch = _locked(actor, batch)
    if not batch.is_active:
        raise base.Stale(
            _("This batch is %(state)s; nothing is to be stopped.") % {"state": batch.get_state_display()}
        )
    before = batch.state
    RereadArticle.objects.filter(rereading=batch, state=Row.CHOSEN).update(state=Row.READ)
    _move(batch, State.CANCELLED, ended_at=now)
    waiting = Job.objects.filter(dedupe_key=job_key(batch), status=Job.Status.QUEUED).first()
    if waiting is not None:
        rows.cancel(waiting, now=now)
    _told("rereading.cancelled", batch, actor, before=before, now=now)
    return batch


@transaction.atomic
def go_on(*, actor: User | None, batch: Rereading, now: dt.datetime | None = None) -> int:
    """Go on with what a batch has left, after a stop or a failed job; what was not possible is tried again.

    Returns how many articles that are.
    """
    now = now or timezone.now()
    batch = _locked(actor, batch)
    before = batch.state
    left = RereadArticle.objects.filter(rereading=batch, state__in=[Row.WAITING, Row.FAILED, Row.CHOSEN])
    if batch.state == State.APPLYING:
        left = left.filter(state=Row.CHOSEN)
    elif not batch.is_active:
        _insist_free(batch.desk, left.values("document_id"))
    count = left.count()
    if not count:
        raise base.Refused(_("Every article of this batch was read; there is nothing to go on with."))
    left.exclude(state=Row.CHOSEN).update(state=Row.WAITING)
    left.filter(state__in=[Row.WAITING, Row.CHOSEN]).update(attempts=0, error="")
    if batch.state != State.APPLYING:
        _move(batch, State.PREVIEWING, ended_at=None, analyser=ANALYSER)
    _told("rereading.gone_on", batch, actor, before=before, now=now, articles=count)
    go_on_later(batch, now=now)
    return count


@transaction.atomic
def undo(*, actor: User | None, row: RereadArticle, now: dt.datetime | None = None) -> None:
    """Take back what a batch took over of one article; raises Stale where somebody has decided about it since."""
    now = now or timezone.now()
    batch = row.rereading
    _insist_may(actor, batch.desk, single=batch.is_single)
    document = Document.objects.select_for_update(no_key=True).get(pk=row.document_id)
    row = RereadArticle.objects.select_related("run", "rereading").get(pk=row.pk)
    if row.state != Row.APPLIED:
        raise base.Stale(
            _("This article is %(state)s; nothing is to be taken back.") % {"state": row.get_state_display()}
        )
    run = row.run
    record = _record(row.event_id)
    if run is not None and record is not None:
        if not run.is_current:
            raise base.Stale(_("The article was read again since; take that back first, or leave it."))
        take_back(run, record)
    RereadArticle.objects.filter(pk=row.pk).update(state=Row.UNDONE)
    base.audit(
        "document.reading_undone",
        document,
        actor=actor,
        desk=batch.desk,
        before=row.read_by[:40],
        now=now,
        document=document.pk,
        rereading=batch.pk,
        event=row.event_id,
    )


def _record(event: int | None) -> dict[str, Any] | None:
    """Return what the log holds of the changes; None where the reading changed nothing."""
    if event is None:
        return None
    detail = AuditDetail.objects.filter(event=event).first()
    if detail is None or detail.redacted_at is not None or "changes" not in detail.data:
        raise base.Refused(_("What was there before was redacted; it cannot be taken back."))
    record: dict[str, Any] = detail.data["changes"]
    return record


def undo_picked(
    *, actor: User | None, batch: Rereading, documents: Collection[int] | None = None
) -> tuple[int, int]:
    """Take back all articles of a batch, or the picked ones; return how many, and how many stay as they are.

    Those stay that somebody has decided about since.
    """
    back = kept = 0
    rows_left = _theirs(actor, batch, documents).filter(state=Row.APPLIED).select_related("rereading__desk")
    for row in rows_left.order_by("pk"):
        try:
            undo(actor=actor, row=row)
            back += 1
        except base.Stale:
            kept += 1
    return back, kept


def last_of(document: Document, desk: Desk) -> models.QuerySet[RereadArticle]:
    """Return the question for the newest batch's row of an article at a desk."""
    found = RereadArticle.objects.filter(document=document, rereading__desk=desk)
    return found.select_related("rereading").order_by("-id")[:1]


def scope_in_words(scope: dict[str, Any]) -> str:
    """Say which articles a batch is about."""
    words = []
    if scope.get("documents"):
        n = len(scope["documents"])
        words.append(ngettext("%d picked article", "%d picked articles", n) % n)
    if scope.get("archive"):
        words.append(_("of one archive"))
    if scope.get("since"):
        words.append(_("added since %(day)s") % {"day": scope["since"]})
    if scope.get("until"):
        words.append(_("added until %(day)s") % {"day": scope["until"]})
    if scope.get("older"):
        words.append(_("read by older rules"))
    if scope.get("unfinished"):
        words.append(_("not finished"))
    return ", ".join(words) or _("all articles")
