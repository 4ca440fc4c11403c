"""How does an extracted text become a row of the archive? The one way of everything that gets there.

Same address and text: the existing row. Same address, new text: a new capture. Other address, same text: a
new document, said to be a copy. Storing asks nothing and stops only on a duplicate. Analysing is a job's.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base, partial_dates
from claims.actions.documents import blobs, redating
from claims.actions.documents.fetching import FetchRefused, known_address
from claims.actions.documents.origins import place_document
from claims.actions.documents.outlets import outlet_for
from claims.actions.indexing.outbox import one_knock, touch_index
from claims.actions.origin_counts import link_pages, recount_origins_of_documents
from claims.independence.corrections import note_in
from claims.independence.lookup import EDITION
from claims.independence.pairs import traits
from claims.intake.decode import clean
from claims.intake.hashing import text_hash
from claims.intake.passages import cut
from claims.intake.plain import require_text
from claims.intake.types import Extracted, IntakeError, Item, PublishedSource
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

_SOURCES = {
    PublishedSource.METADATA: DateSource.METADATA,
    PublishedSource.STRUCTURED: DateSource.METADATA,
    PublishedSource.URL: DateSource.SUGGESTED,
    PublishedSource.FILE: DateSource.SUGGESTED,
    PublishedSource.VISIBLE: DateSource.VISIBLE,
    PublishedSource.FEED: DateSource.FEED,
    PublishedSource.PERSON: DateSource.PERSON,
    PublishedSource.UNKNOWN: DateSource.UNKNOWN,
}


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


@contextmanager
def together() -> Iterator[None]:
    """Store a handful of texts in one transaction: all of them, but for what is refused one by one, or none.

    Whatever else writes waits until it ends, so a handful it must be, and nothing is fetched inside.
    """
    with transaction.atomic(), one_knock():
        yield


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
    extracted = item.extracted
    if not extracted.title and title:
        extracted = replace(extracted, title=title)
    if item.outlet and not extracted.site:
        extracted = replace(extracted, site=item.outlet)
    return store(
        actor=actor,
        desk=desk,
        extracted=extracted,
        url=item.url,
        blob=blob,
        media_type=media_type,
        kind=Document.Kind.WEB if item.url else Document.Kind.UPLOADED,
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
    extracted = _cleaned(extracted)
    try:
        require_text(extracted.text)
        address = known_address(extracted.canonical_url or final_url or url) if url.strip() else ""
    except IntakeError as error:
        raise base.Refused(error.sentence) from error
    except FetchRefused as error:
        raise base.Refused(str(error)) from error
    # Before the transaction: a file without a row harms nobody, a row without its file does. The text is read
    # for comparing, too, so that nobody waits for that with something locked.
    name = blobs.put(blob) if blob else ""
    traits(extracted.text)
    what = _Coming(
        extracted, address, text_hash(extracted.text), name, media_type, final_url, kind, visibility
    )
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                added = _put(what, actor, desk, queue if analyse else "", now)
                _link(added, desk, url, final_url, address)
                return added
        except IntegrityError:
            # Somebody stored the same address or text between our look and our write: look again.
            if not left:
                raise
    raise AssertionError


#: How often storing looks again after somebody else stored the same.
_TRIES = 4


@dataclass(frozen=True, slots=True)
class _Coming:
    """What is being stored; ``name`` is that of its file."""

    extracted: Extracted
    address: str
    digest: str
    name: str
    media_type: str
    final_url: str
    kind: str
    visibility: str


def _put(what: _Coming, actor: User | None, desk: Desk, analyse: str, now: dt.datetime) -> Added:
    """Store what is coming as a new document or capture; raises IntegrityError where somebody was faster."""
    extracted, address, digest = what.extracted, what.address, what.digest
    archive = archive_of(desk)
    key = address_key(address) if address else f"text:{digest}"
    found = _at(archive, key, actor, desk)
    if isinstance(found, str):
        known, key = None, found
    else:
        known = found
    alike = with_text(archive, digest)
    same = Document.objects.filter(pk__in=alike)
    if known is None and not address and alike:
        known = first_visible(same, actor, desk)
    if known is not None:
        # One at a time per document: two captures never get one number.
        Document.objects.select_for_update(no_key=True).filter(pk=known.pk).first()
        known.refresh_from_db()
        return _again(
            known, extracted, digest, what.name, what.media_type, what.final_url, actor, desk, analyse, now
        )
    twin = first_visible(same, actor, desk) if alike else None
    document = Document.objects.create(
        archive=archive,
        desk=desk,
        kind=what.kind,
        url=address,
        address_key=key,
        title=extracted.title,
        outlet=_outlet(extracted, address),
        authors=", ".join(extracted.authors)[:500],
        language=extracted.language[:10],
        published_source=_SOURCES[extracted.published_source] if extracted.published else "",
        visibility=what.visibility,
        added_by=actor,
        captures_made=1,
        origin_edition=EDITION,
        created_at=now,
        updated_at=now,
        **partial_dates.columns("published", extracted.published),
    )
    capture = _capture(document, 1, extracted, digest, what.name, what.media_type, what.final_url, now)
    outcome: Outcome = "new"
    sentence = _("Stored.")
    if twin is not None:
        outcome = "copy"
        sentence = _("Stored as a copy: “%(other)s” at another address has the same text.") % {"other": twin}
    _after(document, capture, "document.added", outcome, actor, desk, analyse, now, alike=alike)
    return Added(document, capture, outcome, sentence)


def _link(added: Added, desk: Desk, *addresses: str) -> None:
    """Let evidence that was added by one of these addresses have the page."""
    if any(addresses):
        link_pages(desk=desk, document=added.document, capture=added.capture, addresses=addresses)


def _again(
    document: Document,
    extracted: Extracted,
    digest: str,
    blob: str,
    media_type: str,
    final_url: str,
    actor: User | None,
    desk: Desk,
    analyse: str,
    now: dt.datetime,
) -> Added:
    """Return the row that has this text already, or add the new text of a known address as a capture."""
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
    capture = _capture(document, number, extracted, digest, blob, media_type, final_url, now)
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
        document.published_source = _SOURCES[extracted.published_source]
    if document.outlet is None:
        document.outlet = _outlet(extracted, document.url)
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


def _outlet(extracted: Extracted, address: str) -> Outlet | None:
    """Return whose text it is: by the address, unless an aggregator shows what another outlet published."""
    url = address if extracted.outlet_url is None else extracted.outlet_url
    return outlet_for(name=extracted.site, url=url)


def _capture(
    document: Document,
    number: int,
    extracted: Extracted,
    digest: str,
    blob: str,
    media_type: str,
    final_url: str,
    now: dt.datetime,
) -> Capture:
    capture = Capture.objects.create(
        document=document,
        number=number,
        blob=blob,
        media_type=media_type[:100],
        final_url=final_url[:2000],
        text=extracted.text,
        text_hash=digest,
        characters=len(extracted.text),
        title=extracted.title,
        language=extracted.language[:10],
        extractor=extracted.extractor[:60],
        published_source=_SOURCES[extracted.published_source] if extracted.published else "",
        published_evidence=extracted.published_evidence[:300],
        notes=list(extracted.notes),
        correction=note.text if (note := note_in(f"{extracted.title}\n{extracted.text}")) else "",
        pages=[[page.number, page.start, page.end] for page in extracted.pages],
        published=extracted.published,
        created_at=now,
    )
    Passage.objects.bulk_create(
        [
            Passage(capture=capture, number=number, start=one.start, end=one.end)
            for number, one in enumerate(cut(capture.text), start=1)
        ]
    )
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


def address_key(address: str) -> str:
    """Return the key of a canonical address; a long one is known by its hash."""
    return address if len(address) <= 250 else f"long:{digest_of(address)}"


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


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


def _cleaned(extracted: Extracted) -> Extracted:
    """Fold what comes from outside into what columns and databases take; the text keeps its length."""
    return replace(
        extracted,
        text=clean(extracted.text),
        title=" ".join(clean(extracted.title).split())[:500],
        authors=tuple(" ".join(clean(one).split()) for one in extracted.authors if one.strip()),
        site=clean(extracted.site),
        language=clean(extracted.language),
        published_evidence=clean(extracted.published_evidence),
        notes=tuple(clean(note) for note in extracted.notes),
    )
