"""Asking the engine about a claim: the job that searches, what it stores, and searches made elsewhere.

One question made of the whole claim; the claim's own documents and their copies are left out; what was
searched, and how much of it lies in the claim's time, is written down beside the hits. Nothing found is a
result, and so is an archive that does not cover the time. Neither says anything about the claim.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.base import AuditLine
from claims.actions.evidence.answers import Answered, answer_to, answering
from claims.actions.evidence.asking import Preparing, prepared
from claims.actions.evidence.keeping import keep_all
from claims.actions.evidence.kept_reading import KeptReading
from claims.actions.evidence.own_questions import (
    AskedQuestion,
    Before,
    asked_before,
    asked_by,
    asked_of,
    line_of,
    read_question,
)
from claims.actions.indexing.reading import asked_index, index_of, live_targets
from claims.jobs import rows
from claims.language.no_collection import collect_new, without_collection
from claims.models import (
    Appearance,
    Claim,
    Desk,
    Document,
    Job,
    Match,
    Review,
    SearchHit,
    SearchRun,
    User,
)
from claims.models.kept import kept
from claims.models.plain_rows import insert_plain
from claims.models.together import read
from claims.search.asking import Steps
from claims.search.engine import EngineRefused, EngineUnavailable
from claims.search.side_by_side import SideBySide

log = logging.getLogger(__name__)

#: The job that searches many claims, so many of them in one go; it stops so many seconds before its limit.
MANY, TOGETHER, SPARE = "searches", 20, 60.0
#: So many of the engine's answer are kept in the log.
KEPT = 40
# A caller's clock that is so far from ours is set on purpose: history is being written down.
_OTHER_CLOCK = dt.timedelta(minutes=1)


def insist_may_search(*, actor: User, desk: Desk) -> None:
    """Refuse a search by somebody who does not work on the desk's claims."""
    base.require(actor, desk, *base.WORKERS, what=_("search for evidence"))


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
    arguments |= clock_of(now)
    return {
        "subject": f"claim {claim.pk}",
        "arguments": arguments,
        "dedupe_key": f"search:{claim.pk}:{'' if asked.plain else asked.key}",
    }


def clock_of(now: dt.datetime) -> dict[str, str]:
    """Return what a job keeps of a clock other than ours."""
    return {"now": now.isoformat()} if abs(now - timezone.now()) > _OTHER_CLOCK else {}


@transaction.atomic
def search_article(*, actor: User, desk: Desk, document: Document, now: dt.datetime | None = None) -> Job:
    """Queue one job that searches every accepted claim of an article; one that waits is joined.

    Raises Refused where the article has none. Closed and merged claims are left out.
    """
    now = now or timezone.now()
    insist_may_search(actor=actor, desk=desk)
    claims = list(claims_of_article(desk, document).values_list("pk", flat=True))
    if not claims:
        raise base.Refused(_("No claim of this article is being checked. Accept one first."))
    job = rows.enqueue(
        MANY,
        desk=desk,
        subject=f"document {document.pk}",
        arguments={"claims": claims, "actor": actor.pk, **clock_of(now)},
        dedupe_key=f"{MANY}:{desk.pk}:{document.pk}",
        now=now,
    )
    base.audit("document.search_asked", document, actor=actor, desk=desk, after=str(len(claims)), now=now)
    return job


def claims_of_article(desk: Desk, document: Document) -> models.QuerySet[Claim]:
    """Return the claims of an article that a desk works on or has published, in the order of its text."""
    places = Appearance.objects.filter(document=document, desk=desk, claim=OuterRef("pk"))
    places = places.order_by("start", "pk")
    going_on = Review.objects.filter(claim=OuterRef("pk")).exclude(state=Review.State.CLOSED)
    return (
        Claim.objects.filter(Exists(places), Exists(going_on), desk=desk, merged_into=None)
        .annotate(place=Subquery(places.values("start")[:1]))
        .order_by(F("place").asc(nulls_last=True), "pk")
    )


@without_collection
def run_search(job: rows.Running) -> None:
    """Search for one claim and store run, hits, evidence and suggested matches."""
    arguments = job.row.arguments
    asking = Preparing([arguments["claim"]])
    claims = _claims([arguments["claim"]])
    targets = live_targets()
    read(claims, targets, *asking.questions)
    claim = next(iter(claims), None)
    if claim is None:
        with job.fenced():
            job.finish({"skipped": "the claim was merged into another"})
        return
    # Jobs from before questions had filters carry their words alone.
    asked = AskedQuestion.from_json(arguments.get("asked") or {"words": arguments.get("own_words", "")})
    now = _clock(arguments)
    reading = KeptReading()
    try:
        engine, stamp = index_of(targets)
        (search,) = asking.of([claim])
        answered = answer_to(engine, search, asked, reading)
    except base.Refused as refusal:
        raise rows.JobRefused(str(refusal)) from refusal
    except EngineUnavailable as problem:
        raise rows.MustWait(str(problem)) from problem
    except EngineRefused as refusal:
        raise rows.JobRefused(f"The search engine refused the question: {refusal}") from refusal
    searched = [claim.pk] if claim.searched_at is not None else []
    before = asked_before(searched, asked, arguments.get("again")) if searched else {}
    with job.ending():

        def finish(runs: Sequence[SearchRun]) -> None:
            (run,) = runs
            result = {"run": run.pk, "outcome": run.outcome, "hits": run.hits_found}
            job.finish(result, holding=Claim.objects.filter(pk=run.claim_id))

        write_answers(
            [answered],
            before,
            engine=engine.name,
            stamp=stamp,
            asked_by=arguments.get("actor"),
            now=now,
            lock=finish,
        )
        reading.keep()
    job.let_others_go_on()


@kept
def _claims(claims: list[int]) -> models.QuerySet[Claim]:
    """Ask for claims as they are searched, those that were merged into others left out."""
    found = Claim.objects.filter(pk__in=claims, merged_into=None).select_related("desk", "claimant")
    return found.order_by("pk")


def _clock(arguments: Mapping[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(arguments["now"]) if arguments.get("now") else timezone.now()


@without_collection
def run_searches(job: rows.Running) -> None:
    """Search many claims, so many in one go; what was searched is not searched again when the job goes on.

    While the engine answers some of them, others are read, weighed and written. A claim that cannot be searched is
    named in the result and does not keep the others.
    """
    arguments = job.row.arguments
    claims: list[int] = arguments["claims"]
    since = job.row.created_at
    waiting = Claim.objects.filter(pk__in=claims, merged_into=None)
    left = waiting.filter(Q(searched_at=None) | Q(searched_at__lt=since)).order_by("pk")
    ids = list(left.values_list("pk", flat=True))
    failed: dict[str, str] = {}
    done = len(claims) - len(ids)
    job.progress(done, len(claims), "claims searched")
    if ids:
        try:
            engine, stamp = asked_index()
        except EngineUnavailable as problem:
            raise rows.MustWait(str(problem)) from problem
        with SideBySide[tuple[int, ...], _Some](engine) as searches:
            for at in range(0, len(ids), TOGETHER):
                some = tuple(ids[at : at + TOGETHER])
                searches.add(some, partial(_searching, some))
            for some, found in searches.found():
                if isinstance(found, Exception):
                    _settle(searches, some, found, failed)
                    job.heartbeat()
                    continue
                _write_some(job, found, engine=engine.name, stamp=stamp)
                collect_new()
                done += len(some)
                job.progress(done, len(claims), "claims searched")
                if job.seconds_left() <= SPARE and done + len(failed) < len(claims):
                    # Longer than one run may take: the row goes back, and begins with what is left.
                    raise rows.MustWait("the rest of the claims follows")
    with job.fenced():
        job.finish({"claims": len(claims), "searched": len(claims) - len(failed), "failed": failed})
    job.let_others_go_on()


@dataclass(frozen=True, slots=True)
class _Some:
    """Claims that were searched together, by what they were before, and what was read for that."""

    claims: list[Claim]
    answered: list[Answered]
    reading: KeptReading


def _searching(some: Sequence[int]) -> Steps[_Some]:
    """Search some claims together; one that was merged meanwhile is left out."""
    claims = list(_claims(list(some)))
    reading = KeptReading()
    answered = (yield from answering(prepared(claims), reading)) if claims else []
    return _Some(claims, answered, reading)


def _settle(
    searches: SideBySide[tuple[int, ...], _Some],
    some: tuple[int, ...],
    problem: Exception,
    failed: dict[str, str],
) -> None:
    """Search the halves of claims that could not be searched together; note why one alone could not."""
    if isinstance(problem, EngineUnavailable):
        raise rows.MustWait(str(problem)) from problem
    if isinstance(problem, SoftTimeLimitExceeded):
        raise problem
    if len(some) > 1:
        half = len(some) // 2
        for part in (some[:half], some[half:]):
            searches.add(part, partial(_searching, part))
        return
    log.error("Claim %s could not be searched", some[0], exc_info=problem)
    failed[str(some[0])] = f"{type(problem).__name__}: {problem}"[:300]


def _write_some(job: rows.Running, some: _Some, *, engine: str, stamp: str) -> None:
    arguments = job.row.arguments
    searched = [claim.pk for claim in some.claims if claim.searched_at is not None]
    before = asked_before(searched, AskedQuestion()) if searched else {}
    with job.fenced():
        if some.answered:
            write_answers(
                some.answered,
                before,
                engine=engine,
                stamp=stamp,
                asked_by=arguments.get("actor"),
                now=_clock(arguments),
            )
        some.reading.keep()


def write_answers(
    answered: Sequence[Answered],
    before: Mapping[int, Before],
    *,
    engine: str,
    stamp: str,
    asked_by: int | None,
    now: dt.datetime,
    lock: Callable[[Sequence[SearchRun]], None] | None = None,
) -> list[SearchRun]:
    """Write runs, hits, evidence and matches, in the caller's transaction; as many statements for many as for one.

    ``lock`` locks the claims, where the caller does that with something else; it is called with the new runs.
    """
    outcomes = [one.outcome() for one in answered]
    runs = SearchRun.objects.bulk_create(
        SearchRun(
            desk_id=one.search.claim.desk_id,
            claim=one.search.claim,
            kind=SearchRun.Kind.CLAIM if one.asked.plain else SearchRun.Kind.OWN_WORDS,
            asked_by_id=asked_by,
            questions=[_line(one, before.get(one.search.claim.pk))],
            engine=engine,
            index_stamp=stamp,
            searched=one.searched,
            in_window=one.in_window,
            window_earliest=one.search.time.window.earliest,
            window_latest=one.search.time.window.latest,
            hits_found=len(one.kept),
            outcome=outcome,
            note=note,
            created_at=now,
        )
        for one, (outcome, note) in zip(answered, outcomes, strict=True)
    )
    # Before anything of the claims is read: two searches of one at once would make two rows of one document.
    (lock or _lock)(runs)
    insert_plain(
        SearchHit,
        _OF_HIT,
        (hit for one, run in zip(answered, runs, strict=True) for hit in _hits(one, run.pk)),
    )
    keep_all([(one.search.claim, run, one.kept) for one, run in zip(answered, runs, strict=True)], now=now)
    Match.objects.bulk_create(
        (
            Match(claim=one.search.claim, factcheck_id=factcheck, rank=rank, reasons=reasons, created_at=now)
            for one in answered
            for rank, (factcheck, reasons) in enumerate(one.earlier, start=1)
        ),
        ignore_conflicts=True,
    )
    lines = [AuditLine(run, run.claim_id, after=run.outcome) for run in runs]
    base.audit_all("claim.searched", lines, actor=None, desk=answered[0].search.claim.desk, now=now)
    return runs


def _lock(runs: Sequence[SearchRun]) -> None:
    """Lock the claims of runs, in one order; a database that lets one write at a time need not."""
    if connection.features.has_select_for_update:
        claims = Claim.objects.filter(pk__in=[run.claim_id for run in runs])
        list(claims.select_for_update().order_by("pk").values_list("pk"))


def _line(one: Answered, before: Before | None) -> dict[str, Any]:
    """Return the question as the log keeps it, with what is new since it was asked before."""
    places = [(row.passage.capture_id, row.passage.start) for row in one.found]
    return line_of(
        one.asked,
        text=one.words,
        terms=one.terms,
        language=one.language,
        since=before.since(places, KEPT) if before else None,
    )


#: The columns of a hit, in the order of ``_hits``.
_OF_HIT = ("run", "question", "rank", "document", "capture", "start", "end", "matched", "weak")


def _hits(one: Answered, run: int) -> Iterator[tuple[Any, ...]]:
    """Return what the engine answered, as far as it is kept in the log."""
    shown = {document.document.pk for document in one.kept}
    for rank, row in enumerate(one.found, start=1):
        passage = row.passage
        document = passage.document.pk
        if rank <= KEPT or document in shown:
            place = passage.capture_id, passage.start, passage.end
            yield run, 0, rank, document, *place, list(row.matched), document not in shown


@transaction.atomic
def log_outside_search(
    *, actor: User, claim: Claim, where: str, url: str, text: str, now: dt.datetime | None = None
) -> SearchRun:
    """Write down that somebody searched outside the archive: where, and with which words."""
    now = now or timezone.now()
    base.require(actor, claim.desk, *base.WORKERS, what=_("log searches"))
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
