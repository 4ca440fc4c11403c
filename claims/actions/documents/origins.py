"""Which origin does a new document belong to, and how does a person change that?

The machine joins a document to the origin of an identical text, a copy, a cut or the report it credits, with
the reason; candidates come from sampled shingles and from the outlets it names, the measure from the texts. It
joins a new document to one origin and never merges two origins by itself. Not found: rewrites without a credit,
and a rewrite that was stored before the report it credits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.indexing.outbox import touch_index
from claims.actions.origin_counts import recount_origins_of_documents
from claims.independence.credits import credits, name_key
from claims.independence.origins import CREDIT_DAYS, Link, Text, content_words, group
from claims.independence.shingles import shingles
from claims.models import Capture, Document, Origin, ShingleKey, User

#: One shingle in eight is kept, but at least and at most so many of a document.
_RATE, _LEAST, _MOST = 8, 32, 128
#: So many documents with the most shared samples are compared word for word.
_CANDIDATES = 12
#: Of a credited outlet's days, so many reports with the most words of their titles in the text are compared.
_CREDITED = 12
#: Parameters of one query; every database takes so many.
_BATCH = 500
_SIGN = 1 << 63


def sample(found: Iterable[int]) -> list[int]:
    """Return the smallest hashes as signed 64-bit numbers: documents keep the same of a shared text."""
    ordered = sorted(found)
    count = min(len(ordered), max(_LEAST, min(_MOST, len(ordered) // _RATE)))
    return [_signed(one) for one in ordered[:count]]


def _signed(number: int) -> int:
    return number - (_SIGN << 1) if number >= _SIGN else number


def place_document(document: Document, capture: Capture) -> str:
    """Give a document its origin and its samples, inside the caller's transaction; return the reason, if any.

    A document that has an origin keeps it: a newer capture only renews the samples.
    """
    own = shingles(capture.text)
    reason = ""
    if document.origin_id is None:
        tie = _closest(document, capture, own)
        if tie is None:
            document.origin = Origin.objects.create(archive=document.archive)
        else:
            other, reason = tie
            if other.origin_id is None:
                other.origin = Origin.objects.create(archive=other.archive)
                other.save(update_fields=["origin"])
            document.origin = other.origin
            document.origin_reason = reason[:500]
        document.save(update_fields=["origin", "origin_reason"])
    ShingleKey.objects.filter(document=document).delete()
    ShingleKey.objects.bulk_create(
        [ShingleKey(document=document, archive_id=document.archive_id, key=key) for key in sample(own)]
    )
    return reason


def _closest(document: Document, capture: Capture, own: frozenset[int]) -> tuple[Document, str] | None:
    """Return the document of the same archive with the strongest tie to this one, and the tie in words."""
    twin = (
        Document.objects.filter(archive_id=document.archive_id, captures__text_hash=capture.text_hash)
        .exclude(pk=document.pk)
        .order_by("pk")
        .first()
    )
    if twin is not None:
        return twin, _("The text is the same as that of “%(other)s”, word for word.") % {
            "other": str(twin)[:200]
        }
    others = _candidates(document, own) | _credited(document, capture.text)
    if not others:
        return None
    texts = [_as_text(document, capture)]
    for other in others.values():
        newest = other.captures.order_by("-number").first()
        if newest is not None:
            texts.append(_as_text(other, newest))
    key = str(document.pk)
    links = [
        link
        for found in group(texts).groups
        for link in found.links
        if link.joined and key in (link.first, link.second)
    ]
    if not links:
        return None
    best: Link = max(links, key=lambda link: (link.strength, link.first, link.second))
    other = others[int(best.second if best.first == key else best.first)]
    return other, f"{best.sentence} ({str(other)[:200]})"


def _as_text(document: Document, capture: Capture) -> Text:
    return Text(
        key=str(document.pk),
        text=capture.text,
        outlet=document.outlet.name if document.outlet else "",
        title=document.title,
        published=document.published,
    )


def _candidates(document: Document, own: frozenset[int]) -> dict[int, Document]:
    """Return the documents that share most samples with this one's whole text."""
    keys = [_signed(one) for one in own]
    shared: dict[int, int] = {}
    for at in range(0, len(keys), _BATCH):
        rows = (
            ShingleKey.objects.filter(archive_id=document.archive_id, key__in=keys[at : at + _BATCH])
            .exclude(document=document)
            .values("document")
            .annotate(n=Count("key"))
            .order_by("-n", "document")[:200]
        )
        for row in rows:
            shared[row["document"]] = shared.get(row["document"], 0) + row["n"]
    best = sorted(shared, key=lambda pk: (-shared[pk], pk))[:_CANDIDATES]
    return Document.objects.select_related("outlet", "archive", "origin").in_bulk(best)


def _credited(document: Document, text: str) -> dict[int, Document]:
    """Return reports of the outlets that a text names, from the days before it; none for an undated text."""
    if document.published_earliest is None or document.published_latest is None:
        return {}
    first = document.published_earliest - dt.timedelta(days=CREDIT_DAYS)
    around = Document.objects.filter(
        archive_id=document.archive_id,
        outlet__isnull=False,
        published_latest__gte=first,
        # The index begins with the earliest day; a date that names only a month begins up to 30 days before.
        published_earliest__gte=first - dt.timedelta(days=31),
        published_earliest__lte=document.published_latest,
    ).exclude(pk=document.pk)
    outlets = dict(around.order_by().values_list("outlet", "outlet__name").distinct())
    named = {credit.key for credit in credits(text, outlets=outlets.values())}
    ids = [pk for pk, name in outlets.items() if name_key(name) in named and pk != document.outlet_id][
        :_BATCH
    ]
    if not ids:
        return {}
    words = content_words(f"{document.title}\n{text}")
    titles = around.filter(outlet__in=ids).order_by().values_list("pk", "title")
    shared = {pk: len(words & content_words(title)) for pk, title in titles.iterator()}
    best = sorted(shared, key=lambda pk: (-shared[pk], -pk))[:_CREDITED]
    return Document.objects.select_related("outlet", "archive", "origin").in_bulk(best)


@transaction.atomic
def set_origin(
    *,
    actor: User,
    document: Document,
    origin: Origin | None,
    reason: str,
    expected_version: int | None = None,
    now: dt.datetime | None = None,
) -> Document:
    """Move a document to another origin, or with ``None`` to one of its own; a reason is needed."""
    now = now or timezone.now()
    base.require(actor, document.desk, *base.WORKERS, what=_("change the origin of a document"))
    reason = " ".join(reason.split())
    if not reason:
        raise base.Refused(_("Say why: the reason stands beside the evidence."))
    if origin is not None and origin.archive_id != document.archive_id:
        raise base.Refused(_("That origin belongs to another archive."))
    before = document.origin_id
    if origin is None:
        origin = Origin.objects.create(archive=document.archive, created_at=now)
    changed = Document.objects.filter(
        pk=document.pk, version=document.version if expected_version is None else expected_version
    ).update(origin=origin, origin_reason=reason[:500], version=document.version + 1, updated_at=now)
    if not changed:
        raise base.Stale(_("Somebody else changed this document; look at it again."))
    document.refresh_from_db()
    if before is not None and before != origin.pk:
        # A reason may name the document that left; whoever sees the rest need not see that one.
        left = Document.objects.filter(origin=before, origin_reason__contains=str(document)[:200])
        left.update(origin_reason=_("It was joined with a document that has another origin now."))
    base.audit(
        "document.origin_set",
        document,
        actor=actor,
        desk=document.desk,
        before=str(before or ""),
        after=str(origin.pk),
        now=now,
        reason=reason,
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
        for document in rows:
            set_origin(actor=actor, document=document, origin=into, reason=reason, now=now)
    return into
