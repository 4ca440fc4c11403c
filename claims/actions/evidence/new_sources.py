"""Do texts that have just come in bear on claims that were searched before? Matches them and raises alerts.

Every new text is compared with all watched claims: open and published ones that were searched, of desks that watch.
What could bear on a claim is searched for with the claim's own question, and an alert is raised where that search
would show it. One alert for a claim and an origin; the claim's own report, what is evidence already, what a search
has shown before and copies raise none. Nothing else is changed.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from claims.actions import base
from claims.actions.base import AuditLine
from claims.actions.evidence.asking import ClaimSearch, find, prepared, scopes_of, with_reliance
from claims.actions.evidence.keeping import FoundDocument
from claims.actions.evidence.kept_reading import KeptReading
from claims.actions.indexing import engines
from claims.actions.indexing.reading import asked_engine
from claims.jobs import rows
from claims.jobs.rows import Running
from claims.models import (
    Capture,
    Claim,
    Document,
    Evidence,
    IndexDue,
    IndexEntry,
    IndexTarget,
    Job,
    Passage,
    Review,
    SearchHit,
    SourceAlert,
    UnmatchedCapture,
)
from claims.models.documents import passage_words
from claims.query.analysis import distinct, terms
from claims.query.build import words_of
from claims.query.types import Collection, Frequencies
from claims.relevance.watching import ClaimIndex, PossibleBearing
from claims.search.engine import Engine, EngineRefused, EngineUnavailable

JOB = "standing"
#: About so many passages are compared at a time, of so many texts at most.
PASSAGES, TEXTS = 500, 200
#: Of one batch so many claims are searched at most, likeliest first, so many in one go.
SEARCHED, TOGETHER = 200, 20
#: A claim keeps so many undecided alerts, a desk so many: a first archive must not flood. What came in beside
#: them is found by asking the archive again.
OPEN_PER_CLAIM, OPEN_PER_DESK = 5, 200
#: How rare words are is asked anew after so many seconds.
_FRESH = 600.0
_SECONDS = 240
_TERMS = 2_000


def match_by_time(*, now: dt.datetime | None = None) -> Job | None:
    """Queue the comparison where a new text can be searched by now; None where none waits."""
    if not waiting().exists():
        return None
    return rows.enqueue(JOB, desk=None, subject="new sources", dedupe_key=JOB, now=now)


def waiting() -> QuerySet[UnmatchedCapture]:
    """Return the texts to compare that the index in use holds: the others wait until it does."""
    entry = IndexEntry.objects.filter(
        collection=Collection.DOCUMENTS.value, object_id=OuterRef("capture__document_id")
    )
    live = IndexTarget.objects.of(engines.name()).filter(state=IndexTarget.State.LIVE)
    due = IndexDue.objects.filter(
        target__in=live.values("pk"),
        entry__collection=Collection.DOCUMENTS.value,
        entry__object_id=OuterRef("capture__document_id"),
    )
    return UnmatchedCapture.objects.filter(Exists(entry.filter(pending=False)), ~Exists(due)).order_by("pk")


@dataclass(slots=True)
class _Batch:
    """Texts that are compared together; ``passages`` are (id, terms) and ``documents`` whose they are."""

    rows: list[int] = field(default_factory=list)
    passages: list[tuple[int, list[str]]] = field(default_factory=list)
    documents: dict[int, Document] = field(default_factory=dict)
    of_passage: dict[int, int] = field(default_factory=dict)


def match_new(job: Running, *, now: dt.datetime | None = None) -> None:
    """Compare what waits, batch by batch; a batch that was not finished is compared again and raises nothing twice."""
    until = time.monotonic() + _SECONDS
    done, told, over = 0, 0, 0
    while time.monotonic() < until:
        batch = _next()
        if batch is None:
            break
        try:
            found, passed = _match(batch)
        except EngineUnavailable as problem:
            raise rows.MustWait(str(problem)) from problem
        except EngineRefused as refusal:
            raise rows.JobRefused(f"The search engine refused the question: {refusal}") from refusal
        with job.fenced():
            made, full = _raise(found, now or timezone.now())
            UnmatchedCapture.objects.filter(pk__in=batch.rows).delete()
        done, told, over = done + len(batch.rows), told + made, over + passed + full
        job.progress(done, done + len(batch.rows), "new texts compared with claims")
    with job.fenced():
        job.finish({"texts": done, "alerts": told, "passed_over": over})
        transaction.on_commit(match_by_time, robust=True)


def _next() -> _Batch | None:
    """Return the next texts with their passages; what needs no comparison is in it without any."""
    earlier = Capture.objects.filter(
        text_hash=OuterRef("capture__text_hash"),
        document__archive=OuterRef("capture__document__archive"),
        document__visibility=Document.Visibility.ARCHIVE,
        pk__lt=OuterRef("capture_id"),
    )
    found = list(
        waiting()
        .annotate(copy=Exists(earlier), newest=Q(capture__number=F("capture__document__captures_made")))
        .values_list("pk", "capture_id", "copy", "newest")[:TEXTS]
    )
    if not found:
        return None
    if not Claim.objects.filter(_WATCHED).exists():
        return _Batch([pk for pk, *_rest in found])
    wanted = [capture for _pk, capture, copy, newest in found if newest and not copy]
    counts = Counter(
        Passage.objects.filter(capture__in=wanted).order_by().values_list("capture_id", flat=True)
    )
    batch, taken, total = _Batch(), [], 0
    for pk, capture, _copy, _newest in found:
        if total and total + counts[capture] > PASSAGES:
            break
        batch.rows.append(pk)
        if counts[capture]:
            taken.append(capture)
            total += counts[capture]
    read = (
        Passage.objects.filter(capture__in=taken)
        .select_related("capture__document")
        .defer("capture__text")
        .annotate(words=passage_words())
        .order_by("pk")
    )
    for passage in read:
        document = passage.capture.document
        words = distinct(terms(f"{document.title}\n{passage.words}", document.language or "en"))
        batch.passages.append((passage.pk, words))
        batch.documents[document.pk] = document
        batch.of_passage[passage.pk] = document.pk
    return batch


# --- which claims ----------------------------------------------------------------------------------------

_WATCHED = (
    Q(watched=True, merged_into=None, searched_at__isnull=False, desk__watches_claims=True)
    & Exists(Review.objects.filter(claim=OuterRef("pk")).exclude(state=Review.State.CLOSED))
)  # fmt: skip

_known: tuple[int, float, ClaimIndex] | None = None


def _index(engine: Engine, watched: Sequence[tuple[int, int, str, str]]) -> ClaimIndex:
    """Return the index of these claims, kept from the last batch where they are the same."""
    global _known
    stamp = hash((str(engines.name()), tuple(watched)))
    if _known is not None and _known[0] == stamp and time.monotonic() - _known[1] < _FRESH:
        return _known[2]
    asked = {pk: (_words(wording, language), language or "en") for pk, _desk, wording, language in watched}
    every = list(dict.fromkeys(word for words, _language in asked.values() for word in words))
    total = 0
    counts: dict[str, int] = {}
    for at in range(0, len(every), _TERMS):
        some = engine.document_frequencies(every[at : at + _TERMS], Collection.DOCUMENTS)
        total = max(total, some.total)
        counts.update(some.of)
    index = ClaimIndex(Frequencies(total, counts))
    for pk, (words, language) in asked.items():
        index.add(pk, words, language)
    _known = (stamp, time.monotonic(), index)
    return index


@lru_cache(maxsize=50_000)
def _words(wording: str, language: str) -> dict[str, float]:
    return words_of(wording, language or "en")


def _match(batch: _Batch) -> tuple[list[tuple[ClaimSearch, FoundDocument]], int]:
    """Return what bears on which claim, and how many claims were passed over. Raises EngineUnavailable."""
    if not batch.passages:
        return [], 0
    watched = list(
        Claim.objects.filter(_WATCHED).order_by("pk").values_list("pk", "desk_id", "wording", "language")
    )
    engine = asked_engine()
    could = _index(engine, watched).match(batch.passages)
    desks = {pk: desk for pk, desk, *_rest in watched}
    candidates = _still_new(batch, could, desks)
    best: dict[int, float] = defaultdict(float)
    for one in candidates:
        best[one.claim] = max(best[one.claim], one.share)
    order = sorted(best, key=lambda pk: (-best[pk], pk))
    chosen, found = order[:SEARCHED], []
    wanted: dict[int, set[int]] = defaultdict(set)
    for one in candidates:
        wanted[one.claim].add(batch.of_passage[one.passage])
    reading = KeptReading()
    for at in range(0, len(chosen), TOGETHER):
        claims = Claim.objects.select_related("claimant", "desk").in_bulk(chosen[at : at + TOGETHER])
        searches = prepared([claims[pk] for pk in chosen[at : at + TOGETHER] if pk in claims])
        shown = [
            [one for one in answer.kept if one.document.pk in wanted[search.claim.pk]]
            for search, answer in zip(searches, find(engine, searches, reading), strict=True)
        ]
        told = with_reliance(
            [(kept, search.text.wording) for kept, search in zip(shown, searches, strict=True)],
            reading.said,
        )
        for search, kept in zip(searches, told, strict=True):
            found += [(search, one) for one in kept if one.document.origin_id not in search.own_origins]
        reading.keep()
    return found, len(order) - len(chosen)


def _still_new(
    batch: _Batch, could: Sequence[PossibleBearing], desks: dict[int, int]
) -> list[PossibleBearing]:
    """Return the candidates whose source their claim does not know, and whose claim has room for an alert."""
    claims = {one.claim for one in could}
    if not claims:
        return []
    scopes = scopes_of({desks[pk] for pk in claims})
    known = _known_sources(claims, batch.documents)
    full = _full(claims, set(scopes))
    kept = []
    for one in could:
        document = batch.documents[batch.of_passage[one.passage]]
        desk = desks[one.claim]
        if document.visibility == Document.Visibility.NAMED or document.archive_id not in scopes[desk]:
            continue
        if document.visibility == Document.Visibility.DESK and document.desk_id != desk:
            continue
        held = known[one.claim]
        if f"d{document.pk}" in held or (document.origin_id and f"o{document.origin_id}" in held):
            continue
        if one.claim not in full[0] and desk not in full[1]:
            kept.append(one)
    return kept


def _known_sources(claims: Iterable[int], documents: Iterable[int]) -> dict[int, set[str]]:
    """Return the documents and origins that each claim has as evidence, in an alert, or in the log of a search."""
    found: dict[int, set[str]] = defaultdict(set)
    ids = list(claims)
    for claim, document, origin in (
        Evidence.objects.filter(claim__in=ids, document__isnull=False)
        .order_by()
        .values_list("claim_id", "document_id", "document__origin_id")
    ):
        found[claim] |= {f"d{document}", *([f"o{origin}"] if origin else [])}
    for claim, document, at, now in (
        SourceAlert.objects.filter(claim__in=ids)
        .order_by()
        .values_list("claim_id", "document_id", "origin_id", "document__origin_id")
    ):
        found[claim] |= {f"d{document}", *(f"o{origin}" for origin in (at, now) if origin)}
    logged = SearchHit.objects.filter(run__claim__in=ids, document__in=list(documents)).order_by()
    for claim, document in logged.values_list("run__claim_id", "document_id").distinct():
        found[claim].add(f"d{document}")
    return found


def _full(claims: Iterable[int], desks: Iterable[int]) -> tuple[set[int], set[int]]:
    """Return the claims and the desks that have as many undecided alerts as they keep."""
    undecided = SourceAlert.objects.open().filter(desk__in=list(desks)).order_by()
    by_claim = Counter(undecided.filter(claim__in=list(claims)).values_list("claim_id", flat=True))
    by_desk = Counter(undecided.values_list("desk_id", flat=True))
    return (
        {pk for pk, count in by_claim.items() if count >= OPEN_PER_CLAIM},
        {pk for pk, count in by_desk.items() if count >= OPEN_PER_DESK},
    )


def _raise(found: Sequence[tuple[ClaimSearch, FoundDocument]], now: dt.datetime) -> tuple[int, int]:
    """Write alerts in the caller's transaction, one for a claim and an origin; returns how many, and how many not."""
    if not found:
        return 0, 0
    claims = {search.claim.pk for search, _one in found}
    undecided = SourceAlert.objects.open().filter(desk__in={search.claim.desk_id for search, _one in found})
    by_claim: Counter[int] = Counter()
    by_desk: Counter[int] = Counter()
    for pk, desk in undecided.order_by().values_list("claim_id", "desk_id"):
        by_claim[pk] += 1
        by_desk[desk] += 1
    held = _known_sources(claims, [one.document.pk for _search, one in found])
    alerts, full = [], 0
    for search, one in found:
        claim, document = search.claim, one.document
        keys = {f"d{document.pk}", *([f"o{document.origin_id}"] if document.origin_id else [])}
        if keys & held[claim.pk]:
            continue
        if by_claim[claim.pk] >= OPEN_PER_CLAIM or by_desk[claim.desk_id] >= OPEN_PER_DESK:
            full += 1
            continue
        held[claim.pk] |= keys
        by_claim[claim.pk] += 1
        by_desk[claim.desk_id] += 1
        alerts.append(_alert(claim, one, now))
    SourceAlert.objects.bulk_create(alerts, ignore_conflicts=True)
    for told in {alert.desk_id: alert.claim.desk for alert in alerts}.values():
        lines = [
            AuditLine(alert.claim, alert.claim_id, after=str(alert.document_id))
            for alert in alerts
            if alert.desk_id == told.pk
        ]
        base.audit_all("claim.source_came_in", lines, actor=None, desk=told, now=now)
    return len(alerts), full


def _alert(claim: Claim, one: FoundDocument, now: dt.datetime) -> SourceAlert:
    passage = one.best.passage
    return SourceAlert(
        desk_id=claim.desk_id,
        claim=claim,
        document_id=one.document.pk,
        capture_id=passage.capture_id,
        origin_id=one.document.origin_id,
        start=passage.start,
        end=passage.end,
        matched=list(one.best.matched),
        relevance=one.percent,
        reasons=[dict(reason) for reason in one.reasons],
        relies=dict(one.relies),
        created_at=now,
    )
