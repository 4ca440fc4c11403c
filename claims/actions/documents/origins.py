"""Which origin does a new document belong to, and which origins turn out to be one?

A document joins the origin of an identical text, a copy, a cut, the report it credits, or a report it rewrites, with
the reason in words; origins that it ties together become one, but for those a person held apart. Candidates come
from lookup keys, the measure from their fingerprints (``claims.independence``), so that no other text is read.
Nothing is locked while documents are compared; what comes in at the same moment is looked for again after the
commit. What people decide is in ``origin_decisions``.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.actions import base
from claims.actions.documents import fingerprints, origin_keys
from claims.actions.documents.fingerprints import Found
from claims.actions.origin_counts import recount_origins_of_documents
from claims.independence.fingerprint import Fingerprint, fingerprint
from claims.independence.lookup import EDITION
from claims.independence.origins import Link, Text, copies, group, may_tell_one_story
from claims.jobs import rows
from claims.jobs.rows import Running
from claims.models import Capture, Document, Job, Origin, OriginParting, SourceAlert
from claims.models.fingerprints import ComparedDocument

#: Of so many origins of what shares keys, so many documents each are compared as well.
_ORIGINS, _OF_ORIGIN = 3, 5
#: Documents whose claims are counted anew in one go.
_BATCH = 500
#: So many documents of an article's own origin are compared with it before a search.
_COMPARED = 40
#: How often a merge is tried again when the origins changed under it.
_TRIES = 3
JOB = "regroup"
_SECONDS = 240


@dataclass(frozen=True, slots=True)
class _Tie:
    """What a document belongs to: origins, lowest first, and why in words."""

    origins: tuple[int, ...]
    reason: str


def place_document(
    document: Document,
    capture: Capture,
    *,
    alike: Sequence[int] | None = None,
    now: dt.datetime | None = None,
) -> str:
    """Give a document its origin and its keys, inside the caller's transaction; return the reason, if any.

    A document that has an origin keeps it: a newer capture only renews the keys. ``alike`` are others with the same
    text, lowest first, where the caller has looked for them.
    """
    keys = origin_keys.keys_of(document, capture)
    holders = origin_keys.holders(document, keys.asked)
    reason = ""
    fresh = document.origin_id is None and document.captures_made == 1
    if document.origin_id is None:
        seen = origin_keys.candidates(holders, keys)
        twin = _twin(document, capture) if alike is None else _first(alike)
        reason = _join(document, capture, seen, now, twin)
        if connection.features.has_select_for_update:
            # Of two that come in at once, at least one sees the other after its commit.
            again = partial(look_again, document.pk, frozenset(seen))
            transaction.on_commit(again, robust=True)
    origin_keys.keep(document, keys, holders, fresh=fresh)
    fingerprints.keep(document.pk, capture.text)
    return reason


def look_again(pk: int, seen: frozenset[int], *, now: dt.datetime | None = None) -> None:
    """Join a document with what was being stored at the same moment; does nothing where nothing was."""
    document = Document.objects.select_related("outlet").filter(pk=pk, origin_by=None).first()
    capture = document.captures.order_by("-number").first() if document else None
    if document is None or capture is None:
        return
    keys = origin_keys.keys_of(document, capture)
    found = origin_keys.candidates(origin_keys.holders(document, keys.asked), keys)
    twin = _twin(document, capture)
    if twin is not None:
        found = {twin.pk: True, **found}
    others = Document.objects.filter(pk__in=set(found) - seen).exclude(origin=document.origin_id)
    if others.exists():
        with transaction.atomic():
            _join(document, capture, found, now)


# --- an archive from before ------------------------------------------------------------------------------


def regroup_by_time(*, now: dt.datetime | None = None) -> Job | None:
    """Queue the comparison of documents with keys of an older edition; None where there is none."""
    if not Document.objects.filter(origin_edition__lt=EDITION).exists():
        return None
    return rows.enqueue(JOB, desk=None, subject="origins", dedupe_key=JOB, now=now)


def regroup(job: Running) -> None:
    """Compare documents of an older edition, one a transaction; goes on where it was stopped.

    Origins only grow together: what stands and what people decided is kept.
    """
    begin = timezone.now()
    old = Document.objects.filter(origin_edition__lt=EDITION).order_by("pk")
    total, done = old.count(), 0
    while (timezone.now() - begin).total_seconds() < _SECONDS:
        ids = list(old.values_list("pk", flat=True)[:50])
        if not ids:
            break
        for pk in ids:
            with job.fenced():
                regroup_document(pk)
        done += len(ids)
        job.progress(done, total, "documents compared")
    with job.fenced():
        job.finish({"documents": done, "left": old.count()})


def regroup_document(pk: int, *, now: dt.datetime | None = None) -> None:
    """Give one document new keys and merge its origin with others it is tied to."""
    document = Document.objects.select_related("outlet").get(pk=pk)
    capture = document.captures.order_by("-number").first()
    if capture is None:
        Document.objects.filter(pk=pk).update(origin_edition=EDITION)
        return
    keys = origin_keys.keys_of(document, capture)
    holders = origin_keys.holders(document, keys.asked)
    if document.origin_by_id is None:
        found = origin_keys.candidates(holders, keys)
        _join(document, capture, found, now, _twin(document, capture))
    origin_keys.keep(document, keys, holders)
    fingerprints.keep(document.pk, capture.text)


# --- joining ---------------------------------------------------------------------------------------------


def _join(
    document: Document,
    capture: Capture,
    found: Mapping[int, bool],
    now: dt.datetime | None,
    twin: Document | None = None,
) -> str:
    """Put a document into the origin it belongs to and merge origins it ties; return the reason, if any."""
    for _try in range(_TRIES):
        tie = _tie(document, capture, found, twin)
        if tie is None:
            if document.origin_id is None:
                document.origin_id = Origin.objects.begin(document)
            return ""
        if _merge(document, tie, now):
            return tie.reason
    return ""


def _tie(
    document: Document, capture: Capture, found: Mapping[int, bool], twin: Document | None
) -> _Tie | None:
    """Return the origins a document belongs to; None where no other does."""
    if twin is not None and twin.origin_id is not None and document.origin_id is None:
        sentence = _("The text is the same as that of “%(other)s”, word for word.")
        return _Tie((twin.origin_id,), sentence % {"other": str(twin)[:200]})
    mine = fingerprint(capture.text)
    others = _neighbours(document, mine, found)
    if not others:
        return None
    own = document.outlet.name if document.outlet else ""
    texts = [
        Text(str(document.pk), outlet=own, title=document.title, published=document.published, read=mine),
        *(_as_text(*other) for other in others.values()),
    ]
    together: dict[int, list[str]] = defaultdict(list)
    for pk, (row, _read) in others.items():
        if row.origin is not None:
            together[row.origin].append(str(pk))
    key = str(document.pk)
    if document.origin_id is not None:
        together[document.origin_id].append(key)
    made = group(texts, together=together.values(), apart=_apart(together))
    joined = next(one for one in made.groups if key in one.keys)
    origins = {
        origin
        for other in joined.keys
        if other != key and (origin := others[int(other)][0].origin) is not None
    }
    if not origins - {document.origin_id}:
        return None
    links = [link for link in joined.links if link.joined and key in (link.first, link.second)]
    if not links:
        return _Tie(tuple(sorted(origins)), "")
    best: Link = max(links, key=lambda link: (link.strength, link.first, link.second))
    other = Document.objects.get(pk=int(best.second if best.first == key else best.first))
    return _Tie(tuple(sorted(origins)), _told(document, other, best.sentence))


def _told(document: Document, other: Document, sentence: str) -> str:
    """Return a reason with the other document and how much later this one came out."""
    later = ""
    if document.published_earliest and other.published_earliest:
        days = (document.published_earliest - other.published_earliest).days
        if days == 0:
            later = ", " + _("published on the same day")
        elif days > 0:
            later = ", " + ngettext("published %(n)d day before", "published %(n)d days before", days) % {
                "n": days
            }
        else:
            later = ", " + ngettext("published %(n)d day later", "published %(n)d days later", -days) % {
                "n": -days
            }
    return f"{sentence} ({str(other)[:200]}{later})"[:500]


def _first(found: Sequence[int]) -> Document | None:
    return Document.objects.filter(pk=found[0]).first() if found else None


def _twin(document: Document, capture: Capture) -> Document | None:
    """Return the first other document of the archive with the same text."""
    same = (
        Capture.objects.filter(text_hash=capture.text_hash, document__archive_id=document.archive_id)
        .exclude(document=document)
        .order_by("document_id", "pk")
        .values_list("document_id", flat=True)
        .first()
    )
    return Document.objects.get(pk=same) if same is not None else None


def _neighbours(document: Document, mine: Fingerprint, found: Mapping[int, bool]) -> Found:
    """Return what a text is compared with: candidates in their order, with some of each origin's other documents.

    Candidates that only share what is in the news are left out where their beginnings tell another story.
    """
    known = fingerprints.near([pk for pk in found if pk != document.pk])
    near = {
        pk: known[pk]
        for pk, worded in found.items()
        if pk in known and (worded or may_tell_one_story(mine, known[pk][1]))
    }
    if not near:
        return near
    origins = [row.origin for row, _read in near.values() if row.origin is not None]
    wanted = dict.fromkeys([*origins[:_ORIGINS], *filter(None, [document.origin_id])])
    members = fingerprints.of_origins(list(wanted), each=_OF_ORIGIN, known=near)
    members.pop(document.pk, None)
    return near | members


def _apart(together: dict[int, list[str]]) -> list[frozenset[str]]:
    """Return one pair of documents for every two of these origins that a person held apart."""
    if len(together) < 2:
        return []
    return [
        frozenset((together[first][0], together[second][0]))
        for first, second in OriginParting.objects.between(list(together))
    ]


def copies_of(own: Collection[int]) -> frozenset[int]:
    """Return the documents that are copies of these, by rule; a rewrite is another text, though of one origin.

    Of an origin with very many documents all are taken for copies: nobody reads so many.
    """
    origins = Document.objects.filter(pk__in=own).exclude(origin=None).order_by().values("origin")
    others = Document.objects.filter(origin__in=origins).exclude(pk__in=own)
    found = list(others.order_by("pk").values_list("pk", flat=True)[: _COMPARED + 1])
    if not found:
        return frozenset()
    if len(found) > _COMPARED:
        return frozenset(others.order_by().values_list("pk", flat=True))
    texts = [_as_text(*other) for other in fingerprints.near([*own, *found]).values()]
    same = copies(texts, [str(pk) for pk in own])
    return frozenset(int(key) for key in same)


def _as_text(row: ComparedDocument, read: Fingerprint) -> Text:
    return Text(str(row.document), outlet=row.outlet, title=row.title, published=row.published, read=read)


def _merge(document: Document, tie: _Tie, now: dt.datetime | None) -> bool:
    """Write what was found; False where somebody changed the origins meanwhile, and it must be found anew."""
    own = document.origin_id
    wanted = sorted({*tie.origins, *([own] if own is not None else [])})
    into, gone = wanted[0], wanted[1:]
    if gone:
        # Always in the same order, so that two that merge the same origins wait for each other.
        locked = Origin.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
        if len(locked) < len(wanted) or parted(wanted):
            return False
    # Each by itself: an origin may have a hundred thousand documents, and counting would read them all.
    if not all(Document.objects.filter(origin=origin).exists() for origin in tie.origins):
        return False
    if gone:
        merge_rows(into, gone, now=now)
    document.origin_id = into
    if tie.reason and not document.origin_reason:
        document.origin_reason = tie.reason
    Document.objects.filter(pk=document.pk).update(origin=into, origin_reason=document.origin_reason)
    return True


def parted(origins: Iterable[int]) -> bool:
    """Say whether a person held two of these origins apart."""
    ids = list(origins)
    return OriginParting.objects.filter(first__in=ids, second__in=ids).exists()


def merge_rows(into: int, gone: Sequence[int], *, now: dt.datetime | None = None) -> None:
    """Move all documents of some origins, and what they are held apart from, to another; count claims anew."""
    moving = Document.objects.filter(origin__in=gone)
    moved = list(moving.values_list("pk", flat=True))
    moving.update(origin=into)
    for row in OriginParting.objects.filter(Q(first__in=gone) | Q(second__in=gone)):
        ends = {into if end in gone else end for end in (row.first_id, row.second_id)}
        row.delete()
        if len(ends) == 2:
            OriginParting.objects.get_or_create(first_id=min(ends), second_id=max(ends))
    _merge_alerts(into, gone)
    for at in range(0, len(moved), _BATCH):
        recount_origins_of_documents(moved[at : at + _BATCH])
    base.audit(
        "origin.merged",
        Origin(pk=into),
        actor=None,
        desk=None,
        before=" ".join(map(str, gone))[:40],
        after=str(into),
        now=now,
    )


def _merge_alerts(into: int, gone: Sequence[int]) -> None:
    """Leave of a claim's alerts about origins that are one now a single one: what was decided before what was not."""
    kept: dict[int, SourceAlert] = {}
    waste: list[int] = []
    others: list[int] = []
    for alert in SourceAlert.objects.filter(origin__in=[into, *gone]).order_by("claim_id", "pk"):
        other = kept.get(alert.claim_id)
        if other is None:
            kept[alert.claim_id] = alert
            continue
        undecided = alert if alert.state == SourceAlert.State.OPEN else other
        kept[alert.claim_id] = other if undecided is alert else alert
        (waste if undecided.state == SourceAlert.State.OPEN else others).append(undecided.pk)
    SourceAlert.objects.filter(pk__in=waste).delete()
    SourceAlert.objects.filter(pk__in=others).update(origin=None)
    SourceAlert.objects.filter(pk__in=[alert.pk for alert in kept.values()]).update(origin=into)
