"""Asking the engine about a claim: the job that searches, what it stores, and searches made elsewhere.

One question made of the whole claim; the claim's own documents and their copies are left out; what was
searched, and how much of it lies in the claim's time, is written down beside the hits. Nothing found is a
result, and so is an archive that does not cover the time. Neither says anything about the claim.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone

from claims.actions import base
from claims.actions.documents.origins import copies_of
from claims.actions.evidence.keeping import BESIDE, SHOWN, FoundDocument, FoundPlace, keep
from claims.actions.evidence.own_questions import (
    AskedQuestion,
    asked_before,
    asked_by,
    asked_of,
    line_of,
    own_answer,
    read_question,
)
from claims.actions.evidence.vectors import alike
from claims.actions.indexing.documents import desk_archive, passage_texts
from claims.actions.indexing.reading import asked_engine
from claims.actions.reliance import relied_on
from claims.jobs import rows
from claims.language.likeness import likeness
from claims.matching.shared_terms import shared_things
from claims.models import (
    Appearance,
    Archive,
    Claim,
    Desk,
    Document,
    FactCheck,
    IndexTarget,
    Job,
    Match,
    Passage,
    SearchHit,
    SearchRun,
    User,
)
from claims.models.documents import passage_words
from claims.models.standing import time_of
from claims.query.analysis import base_language
from claims.query.build import ClaimText
from claims.query.types import ARCHIVE_AUDIENCE, Collection, Dates, Query
from claims.relevance.features import AskedClaim, Compared, ReadPassage
from claims.relevance.model import shipped as relevance_model
from claims.relevance.weighing import ALIKE, Weighed, reasons, repeats, weigh
from claims.review.claim_time import Window
from claims.search.asking import Answer, CheckFacts, Scored, ask, ask_earlier_checks
from claims.search.engine import Engine, EngineRefused, EngineUnavailable, Hit
from claims.search.sense import LOOKED_AT, SENSE, by_sense

LIMIT = 100
#: So many passages are weighed, and so many of the engine's answer are kept in the log.
WEIGHED = 60
KEPT = 40
# What an earlier check must reach, and with how many things in common: two words of content (a name counts
# once), or one and so much b/Z without the reasons that the text of the check must be about it too.
MATCH = 0.35
THINGS = 2
ALONE = 0.5
MATCHES = 5
# A caller's clock that is so far from ours is set on purpose: history is being written down.
_OTHER_CLOCK = dt.timedelta(minutes=1)


def insist_may_search(*, actor: User, desk: Desk) -> None:
    """Refuse a search by somebody who does not work on the desk's claims."""
    base.require(actor, desk, *base.WORKERS, what="search for evidence")


@transaction.atomic
def search_claim(
    *,
    actor: User | None,
    claim: Claim,
    own_words: str = "",
    outlets: Sequence[str | int] = (),
    since: str = "",
    until: str = "",
    language: str = "",
    queue: str = Job.Queue.INTERACTIVE,
    now: dt.datetime | None = None,
) -> Job:
    """Queue a search for one claim, in the claim's words or in the reviewer's own; an equal one is joined.

    Outlets, days and language keep it to a part of the archive. What cannot be read is refused with the character
    or the filter it fails at. With ``actor=None`` it follows from another act, and goes behind those that
    somebody asked for. A ``now`` other than the present is handed on: run, evidence and audit rows carry it.
    """
    if actor is not None:
        insist_may_search(actor=actor, desk=claim.desk)
    asked = asked_by(
        actor=actor,
        claim=claim,
        words=own_words,
        outlets=outlets,
        since=since,
        until=until,
        language=language,
    )
    return _queue(actor, claim, asked, queue=queue, now=now)


@transaction.atomic
def search_again(*, actor: User, run: SearchRun, now: dt.datetime | None = None) -> Job:
    """Queue a question of the log as it was asked, on the same filters; it will say what is new since then."""
    insist_may_search(actor=actor, desk=run.desk)
    return _queue(actor, run.claim, asked_of(run), again=run.pk, now=now)


def _queue(
    actor: User | None,
    claim: Claim,
    asked: AskedQuestion,
    *,
    queue: str = Job.Queue.INTERACTIVE,
    again: int | None = None,
    now: dt.datetime | None = None,
) -> Job:
    now = now or timezone.now()
    if asked.words:
        read_question(asked.words, asked.language or claim.language or "en")
    job = rows.enqueue(
        "search",
        desk=claim.desk,
        queue=queue,
        follows=actor is None,
        now=now,
        **job_of(claim, asked, actor=actor, again=again, now=now),
    )
    base.audit(
        "claim.search_asked",
        claim,
        actor=actor,
        desk=claim.desk,
        claim_id=claim.pk,
        now=now,
        words=asked.words or asked.wording,
    )
    return job


def job_of(
    claim: Claim, asked: AskedQuestion, *, actor: User | None, again: int | None = None, now: dt.datetime
) -> dict[str, Any]:
    """Return what the row of a search says: its subject, its arguments, and by what an equal one is known."""
    arguments: dict[str, Any] = {
        "claim": claim.pk,
        "own_words": asked.words,
        "actor": actor.pk if actor else None,
    }
    if not asked.plain:
        arguments["asked"] = asked.to_json()
    if again is not None:
        arguments["again"] = again
    if abs(now - timezone.now()) > _OTHER_CLOCK:
        arguments["now"] = now.isoformat()
    return {
        "subject": f"claim {claim.pk}",
        "arguments": arguments,
        "dedupe_key": f"search:{claim.pk}:{'' if asked.plain else asked.key}",
    }


def scope_of(desk: Desk) -> frozenset[int]:
    """Return the archives a desk's searches read: its own and those it was given."""
    own = Archive.objects.filter(desk=desk).values_list("pk", flat=True)
    return frozenset(own) | frozenset(desk.archives.values_list("pk", flat=True))


def excluded_documents(claim: Claim) -> frozenset[int]:
    """Return the claim's own documents and their copies.

    What rests on the same report in words of its own is shown: whether it tells something else, a person sees;
    it is not counted as another origin.
    """
    places = Appearance.objects.filter(claim=claim, document__isnull=False)
    own = frozenset(places.order_by().values_list("document_id", flat=True))
    return own | copies_of(own) if own else own


def claim_text(claim: Claim) -> ClaimText:
    """Return the claim as the question builder reads it, with the sentences around its first place."""
    place = (
        Appearance.objects.filter(claim=claim)
        .annotate(
            said_before=_slice("paragraph_start", "sentence_start"),
            said_after=_slice("sentence_end", "paragraph_end"),
        )
        .order_by(F("capture_id").desc(nulls_last=True), "id")
        .first()
    )
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    if place is not None and place.capture_id is not None:
        before = tuple(part for part in ((place.said_before or "").strip(),) if part)
        after = tuple(part for part in ((place.said_after or "").strip(),) if part)
    return ClaimText(
        wording=claim.wording,
        quotation=place.quotation if place else "",
        claimant=claim.claimant.name if claim.claimant else "",
        before=before,
        after=after,
        made_on=claim.made_on_earliest,
        language=claim.language or "en",
    )


def _slice(start: str, end: str) -> Substr:
    """Cut the capture's text between two columns of its appearance in the database."""
    length = Case(When(**{f"{end}__gt": F(start)}, then=F(end) - F(start)), default=Value(0))
    return Substr("capture__text", Coalesce(F(start), Value(0)) + 1, length)


def run_search(job: rows.Running) -> None:
    """Search for one claim and store run, hits, evidence and suggested matches."""
    arguments = job.row.arguments
    claim = Claim.objects.select_related("desk", "claimant").filter(pk=arguments["claim"]).first()
    if claim is None or claim.merged_into_id:
        with job.fenced():
            job.finish({"skipped": "the claim was merged into another"})
        return
    # Jobs from before questions had filters carry their words alone.
    asked = AskedQuestion.from_json(arguments.get("asked") or {"words": arguments.get("own_words", "")})
    actor = User.objects.filter(pk=arguments.get("actor")).first() if arguments.get("actor") else None
    now = dt.datetime.fromisoformat(arguments["now"]) if arguments.get("now") else timezone.now()
    window = time_of(claim).window
    within = asked.within(
        Query(
            scope=scope_of(claim.desk),
            audiences=frozenset({ARCHIVE_AUDIENCE, f"desk:{claim.desk_id}"}),
            excluded=excluded_documents(claim),
        )
    )
    text = claim_text(claim)
    if asked.wording:
        text = replace(text, wording=asked.wording)
    language = asked.language or text.language
    try:
        own = read_question(asked.words, language) if asked.words else None
    except base.Refused as refusal:
        raise rows.JobRefused(str(refusal)) from refusal
    try:
        engine = asked_engine()
        counted = engine.count(replace(within, excluded=frozenset()))
        in_window = None
        if window.known and asked.dates is None:
            dates = Dates(window.earliest, window.latest)
            in_window = engine.count(replace(within, excluded=frozenset(), dates=dates)).passages
        if own is not None:
            answer = own_answer(engine, own, within, LIMIT)
        else:
            answer = ask(engine, text, within, limit=LIMIT, texts=passage_texts, matched=True)
        job.progress(1, 2, "archive searched")
        earlier = _earlier_checks(engine, claim, text) if asked.plain else ()
    except EngineUnavailable as problem:
        raise rows.MustWait(str(problem)) from problem
    except EngineRefused as refusal:
        raise rows.JobRefused(f"The search engine refused the question: {refusal}") from refusal
    found = _with_places(answer.found[:WEIGHED])
    if own is not None and own.phrases:
        kept = _grouped([(place, None, ({"name": "asked"},)) for place in found])
    else:
        kept = _bearing(replace(text, language=language), asked.words, answer, found)
    kept = _with_reliance(kept, text.wording)
    outcome, note = _outcome(kept, found, window, in_window)
    if asked.filtered and not counted.passages:
        outcome, note = (
            SearchRun.Outcome.NOT_COVERED,
            "The archive holds nothing within these filters: widen them.",
        )
    before = asked_before(claim, asked, arguments.get("again"))
    places = [(row.passage.capture_id, row.passage.start) for row in found]
    line = line_of(
        asked,
        text=asked.words or text.wording or text.quotation,
        terms=sorted(answer.question.words),
        language=language,
        since=before.since(places, KEPT) if before else None,
    )
    stamp = IndexTarget.objects.filter(engine=engine.name, state=IndexTarget.State.LIVE).first()
    shown = {one.document.pk for one in kept}
    with job.fenced():
        run = SearchRun.objects.create(
            desk=claim.desk,
            claim=claim,
            kind=SearchRun.Kind.CLAIM if asked.plain else SearchRun.Kind.OWN_WORDS,
            asked_by=actor,
            questions=[line],
            engine=engine.name,
            index_stamp=stamp.name if stamp else "",
            searched=counted.passages,
            in_window=in_window,
            window_earliest=window.earliest,
            window_latest=window.latest,
            hits_found=len(kept),
            outcome=outcome,
            note=note,
            created_at=now,
        )
        SearchHit.objects.bulk_create(
            SearchHit(
                run=run,
                rank=rank,
                document_id=row.passage.capture.document_id,
                capture=row.passage.capture,
                start=row.passage.start,
                end=row.passage.end,
                matched=list(row.matched),
                weak=row.passage.capture.document_id not in shown,
            )
            for rank, row in enumerate(found, start=1)
            if rank <= KEPT or row.passage.capture.document_id in shown
        )
        keep(claim=claim, run=run, found=kept, now=now)
        for rank, (factcheck, reasons) in enumerate(earlier, start=1):
            Match.objects.get_or_create(
                claim=claim,
                factcheck_id=factcheck,
                defaults={"rank": rank, "reasons": reasons, "created_at": now},
            )
        Claim.objects.filter(pk=claim.pk).update(searched_at=now)
        base.audit(
            "claim.searched", run, actor=None, desk=claim.desk, claim_id=claim.pk, after=outcome, now=now
        )
        job.finish({"run": run.pk, "outcome": outcome, "hits": len(kept)})
    rows.stop_waiting("search")


def _with_places(found: Sequence[Scored]) -> list[FoundPlace]:
    """Join hits with their rows; a passage that is gone from the database is left out."""
    ids = [one.hit.passage for one in found]
    rows = Passage.objects.select_related("capture__document").defer("capture__text")
    passages = rows.annotate(words=passage_words()).in_bulk(ids)
    places = []
    for one in found:
        passage = passages.get(one.hit.passage)
        if passage is not None:
            places.append(FoundPlace(passage, passage.words, one.score, one.hit.matched))
    return places


def _bearing(
    text: ClaimText, own_words: str, answer: Answer, found: Sequence[FoundPlace]
) -> list[FoundDocument]:
    """Return the documents that bear on what was asked, likeliest first, no more than a reviewer can read."""
    asked = AskedClaim(own_words or text.wording, answer.question.words, answer.frequencies, text.language)
    passages = [
        ReadPassage(place.text, place.passage.capture.document.title, rank)
        for rank, place in enumerate(found)
    ]
    sense = likeness if base_language(text.language) == "en" else None
    kept = []
    for one in weigh(asked, passages, relevance_model(), sense=sense):
        if one.shown:
            document = found[one.place].passage.capture.document
            why = reasons(
                one.compared, claimant=text.claimant, said_on=text.made_on, published=_day_of(document)
            )
            kept.append((found[one.place], one, why))
    return _grouped(kept)


def _with_reliance(found: Sequence[FoundDocument], wording: str) -> list[FoundDocument]:
    """Read whom each document's passages rely on; outside any transaction, it takes some milliseconds for each."""
    groups = {
        one.best.passage.pk: [one.best.passage.pk, *(place.passage.pk for place in one.further[:BESIDE])]
        for one in found
    }
    relied = relied_on(groups, wording)
    return [replace(one, relies=relied.get(one.best.passage.pk, {})) for one in found]


def _day_of(document: Document) -> dt.date | None:
    """Return the day a document was published on, where it is known to the day."""
    earliest: dt.date | None = document.published_earliest
    return earliest if earliest == document.published_latest else None


def _grouped(
    kept: Sequence[tuple[FoundPlace, Weighed | None, tuple[dict[str, Any], ...]]],
) -> list[FoundDocument]:
    """Return one entry for each document, in the order of its best passage, of twelve origins at most.

    What nearly repeats a better passage of another origin is left out; copies of one origin count once.
    """
    documents: dict[int, FoundDocument] = {}
    origins: set[object] = set()
    taken: list[Compared] = []
    for place, weighed, why in kept:
        document = place.passage.capture.document
        known = documents.get(document.pk)
        if known is not None:
            documents[document.pk] = replace(known, further=(*known.further, place))
            continue
        origin = document.origin_id or -document.pk
        if origin not in origins:
            if len(origins) == SHOWN or (weighed is not None and repeats(weighed.compared, taken)):
                continue
            origins.add(origin)
            if weighed is not None:
                taken.append(weighed.compared)
        documents[document.pk] = FoundDocument(place, (), None if weighed is None else weighed.chance, why)
    return list(documents.values())


def _outcome(
    strong: Sequence[FoundDocument], found: Sequence[FoundPlace], window: Window, in_window: int | None
) -> tuple[str, str]:
    """Return what the search is called, and a sentence for the log."""
    if in_window == 0:
        note = f"Nothing in the archive lies between {window.earliest} and {window.latest}."
        if strong:
            return SearchRun.Outcome.FOUND, note + " What was found is from another time."
        return SearchRun.Outcome.NOT_COVERED, note
    if strong:
        return SearchRun.Outcome.FOUND, ""
    note = "Only passages that share few words with the claim were found." if found else ""
    if not window.known:
        note = (note + " The claim has no date, so whether the archive covers its time is unknown.").strip()
    return SearchRun.Outcome.NOTHING, note


def _earlier_checks(
    engine: Engine, claim: Claim, text: ClaimText
) -> list[tuple[int, list[dict[str, object]]]]:
    """Return (fact check id, reasons) of the best earlier checks, own and imported."""
    own = FactCheck.objects.filter(claim=claim).values_list("pk", flat=True)
    within = Query(
        scope=scope_of(claim.desk) | {desk_archive(claim.desk_id)},
        collection=Collection.FACTCHECKS,
        excluded=frozenset(own),
    )

    def facts(ids: Sequence[int]) -> dict[int, CheckFacts]:
        known = FactCheck.objects.filter(pk__in=ids).values_list("pk", "claimant_name", "made_on_earliest")
        return {pk: CheckFacts(name, day) for pk, name, day in known}

    answer = ask_earlier_checks(engine, text, within, facts, limit=LOOKED_AT, matched=True)
    if base_language(text.language) == "en":
        answer = by_sense(answer, partial(alike, text.wording))
    checked = dict(
        FactCheck.objects.filter(pk__in=[one.hit.ref.id for one in answer.found]).values_list(
            "pk", "claim_text"
        )
    )
    out: list[tuple[int, list[dict[str, object]]]] = []
    for one in answer.found:
        if len(out) == MATCHES:
            break
        # Meaning puts checks in order; whether one is worth a look, words, speaker and date say.
        sense = sum(reason.value for reason in one.reasons if reason.name == "sense")
        if one.score - sense < MATCH:
            continue
        common = shared_things(text.wording, checked.get(one.hit.ref.id, ""), language=text.language)
        words = one.score - sum(reason.value for reason in one.reasons)
        if len(common) < THINGS and not (common and words >= ALONE):
            continue
        reasons: list[dict[str, object]] = [
            {"name": reason.name}
            for reason in one.reasons
            if reason.name != "sense" or reason.value >= ALIKE * SENSE
        ]
        reasons.append({"name": "words", "terms": list(_hit_terms(one.hit))})
        out.append((one.hit.ref.id, reasons))
    return out


def _hit_terms(hit: Hit) -> tuple[str, ...]:
    return tuple(sorted(hit.matched))[:12]


@transaction.atomic
def log_outside_search(
    *, actor: User, claim: Claim, where: str, url: str, text: str, now: dt.datetime | None = None
) -> SearchRun:
    """Write down that somebody searched outside the archive: where, and with which words."""
    now = now or timezone.now()
    base.require(actor, claim.desk, *base.WORKERS, what="log searches")
    run = SearchRun.objects.create(
        desk=claim.desk,
        claim=claim,
        kind=SearchRun.Kind.OUTSIDE,
        asked_by=actor,
        questions=[{"text": text[:1000], "where": where[:100], "url": url[:2000]}],
        outcome=SearchRun.Outcome.NOTHING,
        note="Made outside; what was found there is added by hand.",
        created_at=now,
    )
    base.audit(
        "claim.searched_outside", run, actor=actor, desk=claim.desk, claim_id=claim.pk, now=now, where=where
    )
    return run
