"""How does a person say that a document belongs to another origin, that two origins are one, or take that back?

Each decision has a reason, is logged, and binds the machine: it moves no document a person placed and merges no
origins a person held apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.indexing.outbox import touch_index
from claims.actions.origin_counts import recount_origins_of_documents
from claims.models import AuditEvent, Document, Origin, OriginParting, User

SET = "document.origin_set"
UNDONE = "document.origin_undone"
#: What became of partings when two origins were joined.
REGROUPED = "origin.joined"


@transaction.atomic
def set_origin(
    *,
    actor: User,
    document: Document,
    origin: Origin | None,
    reason: str,
    expected_version: int | None = None,
    hold_apart: bool = True,
    now: dt.datetime | None = None,
) -> Document:
    """Move a document to another origin, or with ``None`` to one of its own; a reason is needed.

    The origin it left and the one it is in are held apart from then on, unless ``hold_apart`` is False.
    """
    now = now or timezone.now()
    base.require(actor, document.desk, *base.WORKERS, what=_("change the origin of a document"))
    reason = " ".join(reason.split())
    if not reason:
        raise base.Refused(_("Say why: the reason stands beside the evidence."))
    if origin is not None and origin.archive_id != document.archive_id:
        raise base.Refused(_("That origin belongs to another archive."))
    before = document.origin_id
    was = {"origin": before, "reason": document.origin_reason, "by": document.origin_by_id}
    if origin is None:
        origin = Origin.objects.create(archive=document.archive, created_at=now)
    changed = Document.objects.filter(
        pk=document.pk, version=document.version if expected_version is None else expected_version
    ).update(
        origin=origin,
        origin_reason=reason[:500],
        origin_by=actor,
        version=document.version + 1,
        updated_at=now,
    )
    if not changed:
        raise base.Stale(_("Somebody else changed this document; look at it again."))
    document.refresh_from_db()
    held: list[list[int]] = []
    if before is not None and before != origin.pk:
        if hold_apart:
            held = _hold_apart(before, [origin.pk], now)
        # A reason may name the document that left; whoever sees the rest need not see that one.
        left = Document.objects.filter(origin=before, origin_reason__contains=str(document)[:200])
        left.update(origin_reason=_("It was joined with a document that has another origin now."))
    base.audit(
        SET,
        document,
        actor=actor,
        desk=document.desk,
        before=str(before or ""),
        after=str(origin.pk),
        now=now,
        reason=reason,
        was=was,
        held=held,
    )
    touch_index("documents", document.pk)
    recount_origins_of_documents([document.pk])
    return document


@transaction.atomic
def merge_origin(
    *, actor: User, origin: Origin, into: Origin, reason: str, now: dt.datetime | None = None
) -> Origin:
    """Say that two origins are one: every document of ``origin`` moves over, with the reason."""
    now = now or timezone.now()
    if origin.pk == into.pk:
        raise base.Refused(_("These are already one origin."))
    rows = list(origin.documents.select_related("desk", "archive"))
    with base.gesture():
        freed = _free(origin.pk, into.pk)
        carried = _hold_apart(into.pk, _held_from(origin.pk, but=into.pk), now)
        for document in rows:
            set_origin(actor=actor, document=document, origin=into, reason=reason, hold_apart=False, now=now)
        if freed or carried:
            desk = rows[0].desk if rows else None
            base.audit(REGROUPED, into, actor=actor, desk=desk, now=now, freed=freed, carried=carried)
    return into


def split_off(
    *,
    actor: User,
    document: Document,
    reason: str,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Document:
    """Give a document an origin of its own: it does not rest on what the others rest on."""
    base.require(actor, document.desk, *base.WORKERS, what=_("change the origin of a document"))
    if not Document.objects.filter(origin=document.origin_id).exclude(pk=document.pk).exists():
        raise base.Refused(_("It has an origin of its own already."))
    return set_origin(
        actor=actor, document=document, origin=None, reason=reason, expected_version=expected_version, now=now
    )


@transaction.atomic
def join(
    *, actor: User, document: Document, other: Document, reason: str, now: dt.datetime | None = None
) -> Origin:
    """Say that two documents rest on one report: their origins become one."""
    if document.archive_id != other.archive_id:
        raise base.Refused(_("The other document is in another archive."))
    base.require(actor, document.desk, *base.WORKERS, what=_("change the origin of a document"))
    for one in (document, other):
        if one.origin is None:
            one.origin = Origin.objects.create(archive=one.archive)
            Document.objects.filter(pk=one.pk).update(origin=one.origin)
    assert document.origin is not None
    assert other.origin is not None
    return merge_origin(actor=actor, origin=document.origin, into=other.origin, reason=reason, now=now)


def last_decision(document: Document) -> AuditEvent | None:
    """Return the newest decision on a document's origin that still stands."""
    event = (
        AuditEvent.objects.filter(object_kind="document", object_id=document.pk, verb__in=(SET, UNDONE))
        .select_related("detail")
        .order_by("-id")
        .first()
    )
    return event if event is not None and event.verb == SET else None


@transaction.atomic
def undo_origin(*, actor: User, document: Document, now: dt.datetime | None = None) -> int:
    """Take back the last decision on a document's origin, with all that was moved at once; return how many."""
    now = now or timezone.now()
    base.require(actor, document.desk, *base.WORKERS, what=_("change the origin of a document"))
    last = last_decision(document)
    if last is None:
        raise base.Refused(_("There is nothing to undo."))
    events = AuditEvent.objects.filter(gesture=last.gesture, verb__in=(SET, REGROUPED))
    done = 0
    with base.gesture():
        for event in events.select_related("detail").order_by("-id"):
            detail: dict[str, Any] = event.detail.data if hasattr(event, "detail") else {}
            if event.verb == REGROUPED:
                for first, second in detail.get("freed", ()):
                    OriginParting.objects.get_or_create(first_id=first, second_id=second)
                for first, second in detail.get("carried", ()):
                    OriginParting.objects.filter(first=first, second=second).delete()
                continue
            row = Document.objects.select_related("desk").get(pk=event.object_id)
            if str(row.origin_id) != event.after:
                raise base.Stale(_("Its origin has changed since; look at it again."))
            _put_back(row, detail, actor, now)
            done += 1
    document.refresh_from_db()
    return done


def _put_back(row: Document, detail: dict[str, Any], actor: User, now: dt.datetime) -> None:
    was = detail.get("was")
    if was is None:
        raise base.Refused(_("This decision is of an older release and cannot be undone; decide anew."))
    after = row.origin_id
    row.origin_id = was["origin"]
    row.origin_reason = was["reason"]
    row.origin_by_id = was["by"]
    row.version += 1
    row.updated_at = now
    row.save(update_fields=["origin", "origin_reason", "origin_by", "version", "updated_at"])
    for first, second in detail.get("held", ()):
        OriginParting.objects.filter(first=first, second=second).delete()
    base.audit(
        UNDONE,
        row,
        actor=actor,
        desk=row.desk,
        before=str(after or ""),
        after=str(row.origin_id or ""),
        now=now,
    )
    touch_index("documents", row.pk)
    recount_origins_of_documents([row.pk])


def _hold_apart(origin: int, others: Iterable[int], now: dt.datetime) -> list[list[int]]:
    made = []
    for other in others:
        first, second = sorted((origin, other))
        _row, created = OriginParting.objects.get_or_create(
            first_id=first, second_id=second, defaults={"created_at": now}
        )
        if created:
            made.append([first, second])
    return made


def _held_from(origin: int, *, but: int) -> list[int]:
    """Return the origins that one is held apart from, but for one of them."""
    ends = OriginParting.objects.filter(Q(first=origin) | Q(second=origin)).values_list(
        "first_id", "second_id"
    )
    return sorted({end for pair in ends for end in pair} - {origin, but})


def _free(one: int, other: int) -> list[list[int]]:
    """Let two origins be one again; return the partings that are gone."""
    first, second = sorted((one, other))
    rows = OriginParting.objects.filter(first=first, second=second)
    freed = [[row.first_id, row.second_id] for row in rows]
    rows.delete()
    return freed
