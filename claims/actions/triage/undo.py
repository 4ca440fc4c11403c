"""How is the last act on an article taken back? Each act remembers, in the log's details, what it changed.

Undo restores these rows if nobody has changed them since. It never covers a claim that somebody has worked
on, and never a publication.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.actions import base
from claims.actions.documents import publication, redating
from claims.actions.indexing.outbox import touch_index
from claims.actions.origin_counts import recount_origins, recount_origins_of_documents
from claims.models import (
    Appearance,
    AuditEvent,
    Claim,
    Desk,
    Document,
    Evidence,
    FinishedArticle,
    Job,
    Match,
    Review,
    SearchRun,
    User,
)
from claims.models.together import Asking, answered

#: Columns of an appearance that acts change, as the log keeps them.
_KEPT = (
    "start",
    "end",
    "sentence_start",
    "sentence_end",
    "paragraph_start",
    "paragraph_end",
    "quotation",
    "dates",
    "wording",
    "wording_unresolved",
    "triage",
    "dismiss_reason",
    "claim_id",
    "touched_by_id",
    "provenance",
    "claimant_text",
    "claimant_kind",
)
_SAID = {
    "appearance.accepted": gettext_lazy("Accepting is undone."),
    "appearance.dismissed": gettext_lazy("Dismissing is undone."),
    "appearance.reopened": gettext_lazy("Reopening is undone."),
    "appearance.span_edited": gettext_lazy("The words are as they were."),
    "appearance.split": gettext_lazy("Splitting is undone."),
    "appearance.merged": gettext_lazy("Merging is undone."),
    "appearance.added": gettext_lazy("The added claim is gone."),
    "document.finished": gettext_lazy("The article is open again."),
    redating.SET: gettext_lazy("The publication date is as it was."),
}
UNDOABLE = tuple(_SAID)
_LOOK_BACK = 100
#: Of so many lines that somebody left in the log last, whatever they did: who triages no longer has many of others.
_LINES = 3_000


def before(row: Appearance) -> dict[str, Any]:
    """Return what an act must remember of a row before it changes it."""
    kept: dict[str, Any] = {name: getattr(row, name) for name in _KEPT}
    kept["touched_at"] = row.touched_at.isoformat() if row.touched_at else None
    return kept


def remembered(row: Appearance, kept: dict[str, Any] | None) -> dict[str, Any]:
    """Return the details with which an act on a row is logged; ``kept=None`` where the act made the row."""
    return {"document": row.document_id, "row": row.pk, "version": row.version, "was": kept}


def last_gesture(
    *, actor: User, desk: Desk, document: Document | None = None
) -> tuple[uuid.UUID, str] | None:
    """Return the newest act of this person that can be undone, and its verb; on one article, if given."""
    return answered(ask_last_gesture(actor=actor, desk=desk, document=document))


def ask_last_gesture(
    *, actor: User, desk: Desk, document: Document | None = None
) -> Asking[tuple[uuid.UUID, str] | None]:
    """Ask for what ``last_gesture`` returns, beside other parts of a page."""
    own = AuditEvent.objects.filter(actor_id=actor.pk, desk_id=desk.pk)
    oldest = own.order_by("-id").values("id")[_LINES : _LINES + 1]
    events = (
        own.filter(verb__in=[*UNDOABLE, "gesture.undone"], id__gt=Coalesce(Subquery(oldest), 0))
        .select_related("detail")
        .order_by("-id")[:_LOOK_BACK]
    )
    yield [events]
    undone = set()
    for event in events:
        if event.verb == "gesture.undone":
            undone.add(event.before)
        elif str(event.gesture) not in undone:
            detail = getattr(event, "detail", None)
            if document is None or (detail is not None and detail.data.get("document") == document.pk):
                return event.gesture, event.verb
    return None


def rows_of(gesture: uuid.UUID) -> list[int]:
    """Return the appearances that an act was about; none where it was about the article."""
    events = AuditEvent.objects.filter(gesture=gesture, verb__in=UNDOABLE).select_related("detail")
    rows = [event.detail.data.get("row") for event in events.order_by("id") if hasattr(event, "detail")]
    return [int(row) for row in rows if row is not None]


@transaction.atomic
def undo(*, actor: User, gesture: uuid.UUID, now: dt.datetime | None = None) -> str:
    """Take back one act of this person on an article; return a sentence that says what is undone.

    Raises Stale where a row has changed since, Refused where work hangs on what would go.
    """
    now = now or timezone.now()
    events = list(
        AuditEvent.objects.filter(gesture=gesture, verb__in=UNDOABLE).select_related("detail").order_by("-id")
    )
    if not events:
        raise base.Refused(_("There is nothing to undo."))
    if any(event.actor_id != actor.pk for event in events):
        raise base.NotAllowed(_("Only the person who did this may undo it."))
    if AuditEvent.objects.filter(verb="gesture.undone", before=str(gesture)).exists():
        raise base.Stale(_("This is undone already."))
    desk = Desk.objects.get(pk=events[0].desk_id or 0)
    base.require(actor, desk, *base.ADDERS, what=_("undo"))
    claims: set[int] = set()
    for event in events:
        data = event.detail.data if hasattr(event, "detail") else {}
        if "rows" in data:
            _restore_many(data)
        if "row" in data:
            _restore(data)
        if event.verb == redating.SET:
            publication.restore(event, data, actor=actor, now=now)
        if event.verb == "document.finished":
            FinishedArticle.objects.filter(document=event.object_id, desk=desk).delete()
        if data.get("made_claim"):
            claims.add(int(data["made_claim"]))
        if event.claim_id is not None and event.object_kind == "appearance":
            _tell_claim(event, desk, actor, now)
    for pk in sorted(claims):
        _unmake(pk)
    recount_origins({event.claim_id for event in events if event.claim_id} - claims)
    recount_origins_of_documents({event.object_id for event in events if event.verb == redating.SET})
    base.audit(
        "gesture.undone",
        desk,
        actor=actor,
        desk=desk,
        before=str(gesture),
        now=now,
        document=(events[0].detail.data if hasattr(events[0], "detail") else {}).get("document"),
    )
    return str(_SAID[events[-1].verb])


def _tell_claim(event: AuditEvent, desk: Desk, actor: User, now: dt.datetime) -> None:
    """Write on the claim's own log that what was done to its appearance is taken back."""
    row = Appearance.objects.filter(pk=event.object_id).first()
    if row is not None:
        base.audit(
            "appearance.undone",
            row,
            actor=actor,
            desk=desk,
            claim_id=event.claim_id,
            before=event.after,
            after=event.before,
            now=now,
        )


def _restore_many(data: dict[str, Any]) -> None:
    for pk, version in data["rows"]:
        # What somebody selected after all in the meantime stays selected.
        Appearance.objects.filter(pk=pk, version=version, triage=Appearance.Triage.NOT_SELECTED).update(
            triage=Appearance.Triage.SUGGESTED, version=version + 1
        )


def _restore(data: dict[str, Any]) -> None:
    rows = Appearance.objects.filter(pk=data["row"], version=data["version"])
    kept = data["was"]
    if kept is None:
        done, _by_model = rows.delete()
    else:
        columns = {name: kept[name] for name in _KEPT}
        columns["touched_at"] = dt.datetime.fromisoformat(kept["touched_at"]) if kept["touched_at"] else None
        done = rows.update(**columns, version=data["version"] + 1)
    if not done:
        raise base.Stale(_("This has been changed since; it cannot be undone any more."))


def _unmake(pk: int) -> None:
    """Remove a claim that an undone act made, with what the machine has found for it in the meantime."""
    claim = Claim.objects.filter(pk=pk).first()
    if claim is None:
        return
    # First the jobs: a search that is running now then leaves no trace.
    Job.objects.filter(
        kind="search", arguments__claim=pk, status__in=[Job.Status.QUEUED, Job.Status.RUNNING]
    ).update(status=Job.Status.CANCELLED, token="", lease_until=None, finished_at=timezone.now())
    review = Review.objects.filter(claim=claim).first()
    worked = (
        Review.objects.filter(claim=claim).exclude(pk=review.pk if review else 0).exists()
        or (
            review is not None
            and (
                review.state != Review.State.QUEUED
                or review.assignee_id is not None
                or review.lease_user_id is not None
                or review.drafts.exists()
                or review.verdicts.exists()
            )
        )
        or Evidence.objects.filter(claim=claim).exclude(added_by=None, decided_by=None).exists()
        or SearchRun.objects.filter(claim=claim).exclude(asked_by=None).exists()
        or Match.objects.filter(claim=claim).exclude(decided_by=None).exists()
        or claim.appearances.exists()
        or claim.merged.exists()
        or claim.version > 1 + AuditEvent.objects.filter(claim_id=pk, verb=redating.RESOLVED).count()
    )
    if worked:
        raise base.Refused(_("Somebody has worked on this claim already. Close it with a reason instead."))
    Evidence.objects.filter(claim=claim).delete()
    SearchRun.objects.filter(claim=claim).delete()
    Match.objects.filter(claim=claim).delete()
    if review is not None:
        review.delete()
    claim.delete()
    touch_index("claims", pk, deleted=True)
