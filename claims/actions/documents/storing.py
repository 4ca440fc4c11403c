"""How does an extracted text become a row of the archive? The one way of everything that gets there.

Same address and text: the existing row. Same address, new text: a new capture. Other address, same text: a
new document, said to be a copy. Storing asks nothing and stops only on a duplicate. Analysing is a job's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, partial_dates
from claims.actions.documents import blobs, redating
from claims.actions.documents.coming import SOURCES, Coming, capture_row, coming, document_row, passage_rows
from claims.actions.documents.origins import place_document
from claims.actions.documents.outlets import outlet_for
from claims.actions.indexing.outbox import touch_index
from claims.actions.origin_counts import link_pages, recount_origins_of_documents
from claims.intake.types import Extracted, Item, PublishedSource
from claims.jobs import rows
from claims.models import (
    Archive,
    Capture,
    DateSource,
    Desk,
    Document,
    Job,
    Outlet,
    Passage,
    UnmatchedCapture,
    User,
)

Outcome = Literal["new", "same", "updated", "copy"]


@dataclass(frozen=True, slots=True)
class Added:
    """What storing did: the document and capture that hold the text now, and a sentence for the person."""

    document: Document
    capture: Capture
    outcome: Outcome
    sentence: str

    @property
    def duplicate(self) -> bool:
        return self.outcome == "same"


def archive_of(desk: Desk) -> Archive:
    """Return where a desk's new documents go: its own archive, else the first it reads, else a new one."""
    found = desk.own_archives.order_by("pk").first() or desk.archives.order_by("pk").first()
    if found is None:
        found, _made = Archive.objects.get_or_create(
            slug=desk.slug, defaults={"name": desk.name, "desk": desk}
        )
    return found


def named_item(item: Item, *, title: str = "") -> tuple[Extracted, str]:
    """Return the text of an item with what is known beside it, and of which kind its document is."""
    extracted = item.extracted
    if not extracted.title and title:
        extracted = replace(extracted, title=title)
    if item.outlet and not extracted.site:
        extracted = replace(extracted, site=item.outlet)
    return extracted, Document.Kind.WEB if item.url else Document.Kind.UPLOADED


def store_item(
    *,
    actor: User | None,
    desk: Desk,
    item: Item,
    blob: bytes = b"",
    media_type: str = "",
    title: str = "",
    analyse: bool = True,
    queue: str = Job.Queue.BULK,
    now: dt.datetime | None = None,
) -> Added:
    """Store one document that an upload, an archive file or a feed held; ``title`` is the last resort."""
    extracted, kind = named_item(item, title=title)
    return store(
        actor=actor,
        desk=desk,
        extracted=extracted,
        url=item.url,
        blob=blob,
        media_type=media_type,
        kind=kind,
        analyse=analyse,
        queue=queue,
        now=now,
    )


def store(
    *,
    actor: User | None,
    desk: Desk,
    extracted: Extracted,
    url: str = "",
    final_url: str = "",
    blob: bytes = b"",
    media_type: str = "",
    kind: str = Document.Kind.PASTED,
    visibility: str = Document.Visibility.ARCHIVE,
    analyse: bool = True,
    queue: str = Job.Queue.BULK,
    now: dt.datetime | None = None,
) -> Added:
    """Put one extracted text into the desk's archive; the way of everything that gets there.

    ``actor=None`` is the machine. Two at once with the same text end in one row, and both are told. With
    ``analyse=False`` the text is only searched, its claims are not suggested. ``queue`` is where the splitting
    waits: interactive where a person waits for this one text.
    """
    now = now or timezone.now()
    if actor is not None:
        base.require(actor, desk, *base.ADDERS, what=_("add documents"))
    what = coming(
        extracted=extracted,
        url=url,
        final_url=final_url,
        blob=blob,
        media_type=media_type,
        kind=kind,
        visibility=visibility,
    )
    if blob:
        # Before the transaction: a file without a row harms nobody, a row without its file does.
        blobs.put(blob)
    return settle(what, actor=actor, desk=desk, queue=queue if analyse else "", now=now)


def settle(what: Coming, *, actor: User | None, desk: Desk, queue: str, now: dt.datetime) -> Added:
    """Store what is coming, whatever is there already; ``queue`` is where its splitting waits, empty for never."""
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                added = _put(what, actor, desk, queue, now)
                _link(added, desk, what.urls)
                return added
        except IntegrityError:
            # Somebody stored the same address or text between our look and our write: look again.
            if not left:
                raise
    raise AssertionError


#: How often storing looks again after somebody else stored the same.
_TRIES = 4


def _put(what: Coming, actor: User | None, desk: Desk, analyse: str, now: dt.datetime) -> Added:
    """Store what is coming as a new document or capture; raises IntegrityError where somebody was faster."""
    archive = archive_of(desk)
    key = what.key
    found = _at(archive, what.key, actor, desk)
    if isinstance(found, str):
        known, key = None, found
    else:
        known = found
    alike = with_text(archive, what.digest)
    same = Document.objects.filter(pk__in=alike)
    if known is None and not what.address and alike:
        known = first_visible(same, actor, desk)
    if known is not None:
        # One at a time per document: two captures never get one number.
        Document.objects.select_for_update(no_key=True).filter(pk=known.pk).first()
        known.refresh_from_db()
        return _again(known, what, actor, desk, analyse, now)
    twin = first_visible(same, actor, desk) if alike else None
    document = document_row(
        what,
        key=key,
        archive=archive,
        desk=desk,
        outlet=outlet_of(what, what.address),
        actor=actor,
        now=now,
    )
    document.save(force_insert=True)
    capture = _capture(what, document, 1, now)
    outcome: Outcome = "new"
    sentence = _("Stored.")
    if twin is not None:
        outcome = "copy"
        sentence = _("Stored as a copy: “%(other)s” at another address has the same text.") % {"other": twin}
    _after(document, capture, "document.added", outcome, actor, desk, analyse, now, alike=alike)
    return Added(document, capture, outcome, sentence)


def _link(added: Added, desk: Desk, addresses: Sequence[str]) -> None:
    """Let evidence that was added by one of these addresses have the page."""
    if any(addresses):
        link_pages(desk=desk, document=added.document, capture=added.capture, addresses=addresses)


def _again(
    document: Document, what: Coming, actor: User | None, desk: Desk, analyse: str, now: dt.datetime
) -> Added:
    """Return the row that has this text already, or add the new text of a known address as a capture."""
    extracted, digest = what.extracted, what.digest
    newest = document.captures.order_by("-number").first()
    same = newest if newest is not None and newest.text_hash == digest else None
    if same is None and not document.url:
        # An item without an address is its text: the same text in an older capture is the same item.
        same = document.captures.filter(text_hash=digest).order_by("-number").first()
    if same is not None:
        said = _("This text is in the archive already.")
        return Added(
            document, same, "same", " ".join([said, *_date_entered(document, extracted, actor, now)])
        )
    number = document.captures_made + 1
    capture = _capture(what, document, number, now)
    document.captures_made = number
    document.updated_at = now
    document.version += 1
    # A finished article with a new text is an article to read again, at every desk.
    document.finished.all().delete()
    document.title = extracted.title or document.title
    published = document.published
    if document.published_source != DateSource.PERSON and extracted.published:
        for column, value in partial_dates.columns("published", extracted.published).items():
            setattr(document, column, value)
        document.published_source = SOURCES[extracted.published_source]
    if document.outlet is None:
        document.outlet = outlet_of(what, document.url)
    document.authors = document.authors or ", ".join(extracted.authors)[:500]
    document.language = document.language or extracted.language[:10]
    document.save()
    if document.published != published:
        recount_origins_of_documents([document.pk])
        # What older captures gave hangs on the date, too. No claim follows a page: a person decides that.
        entered = extracted.published_source == PublishedSource.PERSON
        redating.write(
            redating.look(document, document.published, actor=actor if entered else None, lock=True),
            document=document,
            actor=actor,
            now=now,
        )
    _after(document, capture, "document.updated", "updated", actor, desk, analyse, now)
    return Added(
        document,
        capture,
        "updated",
        _("The text at this address has changed; stored as capture %d.") % number,
    )


def _date_entered(
    document: Document, extracted: Extracted, actor: User | None, now: dt.datetime
) -> list[str]:
    """Take over a date that a person gave with a text that is there already; return what there is to say of it."""
    if extracted.published_source != PublishedSource.PERSON or not extracted.published:
        return []
    if extracted.published == document.published:
        return []
    if document.published_source == DateSource.PERSON:
        return [_("Its date stays %(date)s, which a person entered.") % {"date": document.published}]
    was = {"published": document.published, "source": document.published_source}
    for column, value in partial_dates.columns("published", extracted.published).items():
        setattr(document, column, value)
    document.published_source = DateSource.PERSON
    document.version += 1
    document.updated_at = now
    document.save()
    found = redating.look(document, document.published, actor=actor, lock=True)
    with base.gesture():
        rows = redating.write(found, document=document, actor=actor, now=now)
        redating.log(document, was, rows, found, actor=actor, now=now)
    touch_index("documents", document.pk)
    for desk, capture in redating.analysed(document):
        queue_analysis(desk=desk, capture=capture, now=now)
    return [_("Its date is %(date)s now.") % {"date": document.published}]


def outlet_of(what: Coming, address: str) -> Outlet | None:
    """Return whose text it is: by the address, unless an aggregator shows what another outlet published."""
    return outlet_for(name=what.extracted.site, url=what.outlet_url(address))


def _capture(what: Coming, document: Document, number: int, now: dt.datetime) -> Capture:
    capture = capture_row(what, document, number, now)
    capture.save(force_insert=True)
    Passage.objects.bulk_create(passage_rows(what, capture))
    UnmatchedCapture.objects.create(capture=capture, since=now)
    return capture


def _after(
    document: Document,
    capture: Capture,
    verb: str,
    outcome: Outcome,
    actor: User | None,
    desk: Desk,
    analyse: str,
    now: dt.datetime,
    *,
    alike: Sequence[int] | None = None,
) -> None:
    """Do what follows on a text that was stored; ``alike``, for a new document, has the same text already."""
    place_document(document, capture, alike=alike)
    touch_index("documents", document.pk, new=alike is not None)
    base.audit(
        verb,
        document,
        actor=actor,
        desk=desk,
        after=outcome,
        now=now,
        title=document.title,
        url=document.url,
        capture=capture.pk,
    )
    if analyse:
        queue_analysis(desk=desk, capture=capture, queue=analyse, now=now)


def queue_analysis(
    *, desk: Desk, capture: Capture, queue: str = Job.Queue.BULK, now: dt.datetime | None = None
) -> Job:
    """Queue the splitting of one capture for one desk."""
    return rows.enqueue(
        "analyse",
        desk=desk,
        subject=f"document {capture.document_id}",
        arguments={"capture": capture.pk, "desk": desk.pk},
        dedupe_key=analysis_key(desk, capture),
        queue=queue,
        now=now,
    )


def analysis_key(desk: Desk, capture: Capture) -> str:
    """Return by which key the splitting of a capture for a desk is known among the jobs."""
    return f"analyse:{desk.pk}:{capture.pk}"


def _at(archive: Archive, key: str, actor: User | None, desk: Desk) -> Document | str | None:
    """Return the document under this key; None where it is free, another key where it stays unseen."""
    for tried in (key, f"{key[:250]}#{desk.pk}", f"{key[:250]}#{desk.pk}.{actor.pk if actor else 0}"):
        there = Document.objects.filter(archive=archive, address_key=tried)
        # Nearly always it is free: that is asked for without all the columns of three tables.
        if not there.exists():
            return None if tried == key else tried
        document = there.select_related("outlet", "archive").get()
        if may_see(document, actor, desk):
            return document
    raise base.Refused(_("This cannot be stored here: ask an administrator of the archive."))


def first_visible(found: models.QuerySet[Document], actor: User | None, desk: Desk) -> Document | None:
    """Return the first of these documents that may be shown to whoever is adding."""
    for document in found.select_related("outlet", "archive").order_by("pk")[:20]:
        if may_see(document, actor, desk):
            return document
    return None


def with_text(archive: Archive, digest: str) -> list[int]:
    """Return the first documents of an archive that have this text; never all of a hundred thousand copies."""
    first = (
        Capture.objects.filter(text_hash=digest, document__archive=archive)
        .order_by("document_id", "pk")
        .values_list("document_id", flat=True)
    )
    return list(dict.fromkeys(first[:20]))


def may_see(document: Document, actor: User | None, desk: Desk) -> bool:
    if document.visibility == Document.Visibility.ARCHIVE:
        return True
    if document.visibility == Document.Visibility.DESK:
        return document.desk_id == desk.pk
    return actor is not None and Document.objects.for_user(actor).filter(pk=document.pk).exists()
