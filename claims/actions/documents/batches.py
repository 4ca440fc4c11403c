"""How do many texts become rows of the archive at once, with the same rows as one by one?

What is new in every respect is looked for, written and audited in as many statements for twenty texts as for one;
whatever is there already (its address or its text, also earlier in the batch) goes the way of ``storing.settle``, in
its turn. A text that is refused stops no other.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.documents.coming import Coming, capture_row, document_row, passage_rows
from claims.actions.documents.origins import place_document
from claims.actions.documents.storing import Added, archive_of, outlet_of, queue_analysis, settle
from claims.actions.indexing.outbox import one_knock, touch_new
from claims.actions.origin_counts import link_pages, pages_awaited
from claims.models import Archive, Capture, Desk, Document, Outlet, Passage, UnmatchedCapture, User

Result = Added | base.Refused


@dataclass(frozen=True, slots=True)
class _By:
    """Who stores a batch, for whom, what follows, and when."""

    actor: User | None
    desk: Desk
    queue: str
    via: str
    now: dt.datetime


def store_all(
    batch: Sequence[Coming],
    *,
    actor: User | None,
    desk: Desk,
    queue: str,
    via: str = "",
    now: dt.datetime | None = None,
) -> list[Result]:
    """Store a handful of texts in one transaction and return what became of each, in their order.

    Whatever else writes waits until it ends, so a handful it must be. ``queue`` is where their splitting waits,
    empty for never; ``via`` what the audit says they came by, each as a gesture of its own.
    """
    now = now or timezone.now()
    if actor is not None:
        base.require(actor, desk, *base.ADDERS, what=_("add documents"))
    by = _By(actor, desk, queue, via, now)
    made: list[Result] = []
    with transaction.atomic(), one_knock():
        archive = archive_of(desk)
        keys, texts = _known(archive, batch)
        fresh: list[Coming] = []
        for one in batch:
            if one.key in keys or one.digest in texts:
                made += _store_fresh(fresh, archive, by)
                fresh = []
                made.append(_settled(one, by))
            else:
                fresh.append(one)
            keys.add(one.key)
            texts.add(one.digest)
        made += _store_fresh(fresh, archive, by)
    return made


def _known(archive: Archive, batch: Sequence[Coming]) -> tuple[set[str], set[str]]:
    """Return which of these addresses and which of these texts the archive has."""
    there = Document.objects.filter(archive=archive, address_key__in=[one.key for one in batch])
    alike = Capture.objects.filter(
        text_hash__in=[one.digest for one in batch], document__archive=archive
    ).order_by()
    return (
        set(there.order_by().values_list("address_key", flat=True)),
        set(alike.values_list("text_hash", flat=True).distinct()),
    )


def _settled(one: Coming, by: _By) -> Result:
    try:
        with base.gesture(by.via):
            return settle(one, actor=by.actor, desk=by.desk, queue=by.queue, now=by.now)
    except base.Refused as refused:
        return refused


def _store_fresh(fresh: Sequence[Coming], archive: Archive, by: _By) -> list[Result]:
    """Store texts of which nothing is there; one by one where somebody else stored one of them meanwhile."""
    if not fresh:
        return []
    try:
        with transaction.atomic():
            return [*_rows(fresh, archive, by)]
    except IntegrityError:
        return [_settled(one, by) for one in fresh]


def _rows(fresh: Sequence[Coming], archive: Archive, by: _By) -> list[Added]:
    outlets: dict[tuple[str, str], Outlet | None] = {}
    for one in fresh:
        named = (one.extracted.site, one.outlet_url(one.address))
        if named not in outlets:
            outlets[named] = outlet_of(one, one.address)
    documents = Document.objects.bulk_create(
        document_row(
            one,
            key=one.key,
            archive=archive,
            desk=by.desk,
            outlet=outlets[one.extracted.site, one.outlet_url(one.address)],
            actor=by.actor,
            now=by.now,
        )
        for one in fresh
    )
    captures = Capture.objects.bulk_create(
        capture_row(one, document, 1, by.now) for one, document in zip(fresh, documents, strict=True)
    )
    Passage.objects.bulk_create(
        row for one, capture in zip(fresh, captures, strict=True) for row in passage_rows(one, capture)
    )
    UnmatchedCapture.objects.bulk_create(
        UnmatchedCapture(capture=capture, since=by.now) for capture in captures
    )
    acts = [uuid.uuid4() for _one in fresh]
    for document, capture, act in zip(documents, captures, acts, strict=True):
        with base.gesture(by.via, known=act):
            place_document(document, capture, alike=(), now=by.now)
    touch_new("documents", [document.pk for document in documents])
    with base.gesture(by.via):
        base.audit_all(
            "document.added",
            [
                base.AuditLine(
                    document,
                    after="new",
                    detail={"title": document.title, "url": document.url, "capture": capture.pk},
                    gesture=act,
                )
                for document, capture, act in zip(documents, captures, acts, strict=True)
            ],
            actor=by.actor,
            desk=by.desk,
            now=by.now,
        )
    if by.queue:
        for capture in captures:
            queue_analysis(desk=by.desk, capture=capture, queue=by.queue, now=by.now)
    if pages_awaited(by.desk):
        for one, document, capture, act in zip(fresh, documents, captures, acts, strict=True):
            if any(one.urls):
                with base.gesture(by.via, known=act):
                    link_pages(desk=by.desk, document=document, capture=capture, addresses=one.urls)
    return [
        Added(document, capture, "new", _("Stored."))
        for document, capture in zip(documents, captures, strict=True)
    ]
