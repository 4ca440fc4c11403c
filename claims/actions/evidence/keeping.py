"""What does a search leave on a claim's board? One row for each document, with its best passages.

A search may move and fold only what nobody has touched. What a person decided about, added, or cites in words
that are being written stays where it is; further passages of its document are put beside it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.origin_counts import new_counts, recount_origins
from claims.actions.reliance import reliance_of
from claims.actions.source_passages import SourceDocument, SourcePassage
from claims.models import (
    Capture,
    Claim,
    Document,
    Evidence,
    SearchHit,
    SearchRun,
    User,
    VerdictDraft,
)
from claims.models.kept import kept
from claims.models.plain_rows import update_plain
from claims.models.standing import KEPT, Counting
from claims.models.together import read

#: As many rows as a reviewer can read.
SHOWN = 12
#: Further passages kept beside the best one of a document.
BESIDE = 3
#: What a search may change of a row.
_MOVED = (
    "capture", "start", "end", "quotation", "place_key", "run", "rank", "matched", "relevance", "reasons",
    "further", "folded", "is_public", "version", "relies",
)  # fmt: skip
_CITED = re.compile(r"\be:(\d{1,18})")


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A passage that was found; ``score`` is b/Z."""

    passage: SourcePassage
    score: float
    matched: tuple[str, ...]
    #: Only its vector led to it, no word of the question.
    by_meaning: bool = False

    @property
    def text(self) -> str:
        return self.passage.words

    @property
    def key(self) -> str:
        return place_key(self.passage.capture_id, self.passage.start, self.passage.end)

    def beside(self) -> dict[str, Any]:
        """Return the place as a row keeps it among its further passages."""
        return {
            "capture": self.passage.capture_id,
            "start": self.passage.start,
            "end": self.passage.end,
            "quotation": self.text,
            "matched": list(self.matched),
        }


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """A document that bears on the claim: its best passage, others of it, and what speaks for it."""

    best: FoundPlace
    further: tuple[FoundPlace, ...] = ()
    chance: float | None = None
    reasons: tuple[Mapping[str, Any], ...] = ()
    #: Whom its passages rely on for what bears on the claim.
    relies: Mapping[str, Any] = field(default_factory=dict)

    @property
    def document(self) -> SourceDocument:
        return self.best.passage.document

    @property
    def percent(self) -> int | None:
        return None if self.chance is None else round(100 * self.chance)


def place_key(capture: int, start: int, end: int) -> str:
    """Return what makes a place of a capture one piece of evidence of a claim."""
    return f"capture:{capture}:{start}:{end}"


def keep_all(found: Sequence[tuple[Claim, SearchRun, Sequence[FoundDocument]]], *, now: dt.datetime) -> None:
    """Write what was found for claims that the caller has locked; each is best first and short enough to be read.

    The whole claim asked again, what it does not find any more is folded. A reviewer's own words only add. Claims are
    marked as searched, with what their evidence comes to now.
    """
    claims = sorted({claim.pk for claim, _run, _documents in found})
    stored, drafts = _stored(claims), _drafts(claims)
    counting = Counting(claims)
    read(stored, drafts, *counting.questions)
    of_claim: dict[int, list[Evidence]] = defaultdict(list)
    for row in stored:
        of_claim[row.claim_id].append(row)
    ours = _untouched(stored, drafts)
    made: list[Evidence] = []
    changed: dict[int, Evidence] = {}
    for claim, run, documents in found:
        _settle(claim, run, documents, of_claim[claim.pk], ours, made, changed, now)
    Evidence.objects.bulk_create(made, ignore_conflicts=True)
    # The rows are there and locked; for a dozen of them this takes a fifth of what an update by cases does.
    Evidence.objects.bulk_create(
        changed.values(), update_conflicts=True, unique_fields=["id"], update_fields=_MOVED
    )
    known = {one.document.pk: one.document for _claim, _run, documents in found for one in documents}
    _mark(new_counts(counting.of([*stored, *made], known)), now)


@kept
def _stored(claims: list[int]) -> QuerySet[Evidence]:
    """Ask for the rows of claims with their runs and documents, and lock them."""
    rows = Evidence.objects.filter(claim__in=claims).select_related("run", "document")
    return rows.select_for_update(of=("self",)).order_by("rank", "pk")


@kept
def _drafts(claims: list[int]) -> QuerySet[VerdictDraft, Any]:
    """Ask for what is being written about claims."""
    return VerdictDraft.objects.filter(review__claim__in=claims).order_by().values_list("data", flat=True)


def _mark(counts: Mapping[int, Mapping[str, int]], now: dt.datetime) -> None:
    """Write on claims when they were searched, and the figures of those whose figures are others now."""
    others = [pk for pk, figures in counts.items() if figures]
    if len(others) == len(counts) == 1:
        Claim.objects.filter(pk__in=counts).update(searched_at=now, **counts[others[0]])
        return
    Claim.objects.filter(pk__in=counts).update(searched_at=now)
    if others:
        update_plain(Claim, KEPT, ((*(counts[pk][name] for name in KEPT), pk) for pk in others))


def _settle(
    claim: Claim,
    run: SearchRun,
    found: Sequence[FoundDocument],
    rows: Sequence[Evidence],
    ours: set[int],
    made: list[Evidence],
    changed: dict[int, Evidence],
    now: dt.datetime,
) -> None:
    """Decide what becomes of one claim's rows: add to those to be made, and note those that change."""
    by_document: dict[int, list[Evidence]] = defaultdict(list)
    for row in rows:
        by_document[row.document_id or 0].append(row)
    taken = {row.place_key for row in rows}
    standing: set[int] = set()
    asked_whole = run.kind == SearchRun.Kind.CLAIM
    for rank, one in enumerate(found, start=1):
        holder = _holder(by_document[one.document.pk], one, ours, asked_whole=asked_whole)
        if holder is None:
            if one.best.key not in taken:
                made.append(_new(claim, run, one, rank, now))
            continue
        standing.add(holder.pk)
        if holder.pk in ours and asked_whole and _by_whole_claim(holder):
            moves = one.best.key != holder.place_key
            if not moves or one.best.key not in taken:
                _move(holder, run, one, rank)
                taken.add(one.best.key)
                changed[holder.pk] = holder
                continue
        _put_beside(holder, (one.best, *one.further))
        holder.folded = False
        changed[holder.pk] = holder
    if asked_whole:
        for row in rows:
            if row.pk in ours and row.pk not in standing and not row.folded and _by_whole_claim(row):
                row.folded = True
                changed[row.pk] = row


def _untouched(rows: Iterable[Evidence], drafts: Iterable[Any]) -> set[int]:
    """Return the rows that a search may move: nobody decided about them, and no open draft cites them."""
    ours = {
        row.pk
        for row in rows
        if row.kind == Evidence.Kind.PASSAGE
        and row.run_id
        and not (row.added_by_id or row.decided_by_id or row.stance or row.cited or row.rejected)
    }
    return ours - {int(pk) for data in drafts for pk in _CITED.findall(json.dumps(data))}


def _by_whole_claim(row: Evidence) -> bool:
    return row.run is not None and row.run.kind == SearchRun.Kind.CLAIM


def _holder(
    rows: Sequence[Evidence], one: FoundDocument, ours: set[int], *, asked_whole: bool
) -> Evidence | None:
    """Return the row that stands for the document: one that people touched, else the place itself, else the best."""
    decided = [row for row in rows if row.pk not in ours]
    same = [row for row in rows if row.place_key == one.best.key]
    used = [row for row in decided if not row.rejected]
    if not used and not asked_whole and not same:
        # Set aside for another passage: what somebody asks for in their own words is shown all the same.
        return next((row for row in rows if row.pk in ours), None)
    return next(iter((*used, *decided, *same, *rows)), None)


def _new(claim: Claim, run: SearchRun, one: FoundDocument, rank: int, now: dt.datetime) -> Evidence:
    passage = one.best.passage
    return Evidence(
        desk=claim.desk,
        claim=claim,
        kind=Evidence.Kind.PASSAGE,
        document_id=one.document.pk,
        capture_id=passage.capture_id,
        start=passage.start,
        end=passage.end,
        quotation=one.best.text,
        place_key=one.best.key,
        run=run,
        rank=rank,
        matched=list(one.best.matched),
        relevance=one.percent,
        reasons=[dict(reason) for reason in one.reasons],
        relies=dict(one.relies),
        further=[place.beside() for place in one.further[:BESIDE]],
        # What not everybody may read is published only where a person decides so.
        is_public=one.document.visibility == Document.Visibility.ARCHIVE,
        created_at=now,
    )


def _move(row: Evidence, run: SearchRun, one: FoundDocument, rank: int) -> None:
    """Bring a row that nobody touched to what the newest search says of its document."""
    passage = one.best.passage
    if one.best.key != row.place_key:
        row.capture_id, row.start, row.end = passage.capture_id, passage.start, passage.end
        row.quotation, row.place_key = one.best.text, one.best.key
        row.is_public = one.document.visibility == Document.Visibility.ARCHIVE
        # Who decides about the place that was here a moment ago is told.
        row.version += 1
    row.run, row.rank, row.matched, row.folded = run, rank, list(one.best.matched), False
    row.relevance, row.reasons = one.percent, [dict(reason) for reason in one.reasons]
    row.further = [place.beside() for place in one.further[:BESIDE]]
    row.relies = dict(one.relies)


def _put_beside(row: Evidence, places: Sequence[FoundPlace]) -> None:
    """Add passages of the row's document that the row does not show yet."""
    known = {row.place_key} | {place_key(one["capture"], one["start"], one["end"]) for one in row.further}
    for place in places:
        inside = place.passage.capture_id == row.capture_id and (
            row.start < place.passage.end and place.passage.start < row.end
        )
        if place.key not in known and not inside and len(row.further) < 2 * BESIDE:
            row.further = [*row.further, place.beside()]


@transaction.atomic
def take_passage(*, actor: User, hit: SearchHit, now: dt.datetime | None = None) -> Evidence:
    """Make a passage that a search answered with evidence of its own, because a person says so."""
    return take_place(
        actor=actor,
        claim=hit.run.claim,
        document=hit.document,
        capture=Capture.objects.get(pk=hit.capture_id),
        place=(hit.start, hit.end),
        matched=hit.matched,
        run=hit.run,
        rank=hit.rank,
        now=now,
    )


@transaction.atomic
def take_place(
    *,
    actor: User,
    claim: Claim,
    document: Document,
    capture: Capture,
    place: tuple[int, int],
    matched: Sequence[str],
    run: SearchRun | None = None,
    rank: int = 0,
    now: dt.datetime | None = None,
) -> Evidence:
    """Make a place of a text evidence of its own, because a person says so; ``run`` is the search that named it."""
    now = now or timezone.now()
    base.require(actor, claim.desk, *base.WORKERS, what=_("add evidence"))
    start, end = place
    key = place_key(capture.pk, start, end)
    row = Evidence.objects.select_for_update().filter(claim=claim, place_key=key).first()
    if row is None:
        words = capture.text[start:end]
        row = Evidence.objects.create(
            desk=claim.desk,
            claim=claim,
            kind=Evidence.Kind.PASSAGE,
            document=document,
            capture=capture,
            start=start,
            end=end,
            quotation=words,
            place_key=key,
            run=run,
            rank=rank,
            matched=list(matched),
            relies=reliance_of(
                words, claim.wording, document=document, head=capture.text, before=capture.text[:start]
            ).to_json(),
            is_public=document.visibility == Document.Visibility.ARCHIVE,
            added_by=actor,
            created_at=now,
        )
    elif row.folded:
        Evidence.objects.filter(pk=row.pk).update(folded=False, added_by=actor, version=F("version") + 1)
        row.refresh_from_db()
    else:
        return row
    recount_origins([claim.pk])
    base.audit(
        "evidence.added", row, actor=actor, desk=claim.desk, claim_id=claim.pk, after=row.kind, now=now
    )
    return row
