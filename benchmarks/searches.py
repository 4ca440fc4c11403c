"""How long the job of one search takes beside the bare engine call, and how many statements its first run makes.

``size`` passages lie in the database and in the index, filled once where ``--keep`` names a folder (``archive``).
``value`` is a whole job, from taking its row to its end, for claims that were not asked before (median of 20,
milliseconds, after five to warm up); ``raw`` asks the engine the claim's prepared question within its filters, has it
count what it finds, and does nothing else, alternating with it; ``raw_uncounted`` is the same call told not to count,
as a job tells the engine, and ``port`` our own call of it; ratios stand beside both raw ones. ``kept`` is the same job
where the vectors of the sentences were kept by an earlier search or read ahead, and that of the claim by the walk that
looks for claims in other words; ``kept_but_claim`` where only the claim is encoded; ``without_meaning`` for a language
in which sentences are not compared by meaning. ``parts`` says where the time of one job goes, in percent.

``transcript`` is one job for a whole article: claims a second, beside the bare engine answering all questions that the
job asks (first, second and earlier checks of each claim) in calls of as many, in the same run, with and without
counts. ``transcript_kept`` is the same where who says what in the passages was read ahead. ``processor`` beside each
of these is milliseconds of processor for a job or a claim (all threads, without what an engine of another process
takes), which other programs on the machine disturb less than the clock.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import random
import statistics
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks import archive, passages, raw
from benchmarks.clocks import timed
from benchmarks.throwaway import Installation
from claims.query.build import ClaimText, question
from claims.query.types import Query
from claims.search.engine import EngineQuestion
from factcheck.celery import keep_connections

TIMES, WARM = 20, 5
TRANSCRIPT = 60
LIMIT = 100
#: What the profile of a job is split into: a function, and what it does.
PARTS = {
    "_encoded": "meaning of sentences",
    "_alone": "words in common",
    "together": "engine",
    "search": "engine",
    "count": "engine",
    "document_frequencies": "engine",
    "read_told": "who says what",
    "execute": "database",
}


def run(size: int = 100_000, engine: str = "embedded", keep: Path | None = None) -> dict[str, Any]:
    """Return the median of one job in milliseconds."""
    with archive.filled(size, engine, keep) as place:
        keep_connections()
        each = TIMES + WARM
        made = claims_of(place, 4 * each)
        first = _measure(place, made[:each], "en")
        plain = _measure(place, made[each : 2 * each], "nl")
        new = _measure(place, made[2 * each : 3 * each], "en", kept=True)
        _read_claims()
        known = _measure(place, made[3 * each :], "en", kept=True)
        transcript = _transcript(place, claims_of(place, TRANSCRIPT, seed=12))
        transcript_kept = _transcript(place, claims_of(place, TRANSCRIPT, seed=13), kept=True)
    measured = first, plain, new, known
    alone = statistics.median([took for one in measured for took in one.bare])
    computed = statistics.median([took for one in measured for took in one.computed_bare])
    uncounted = statistics.median([took for one in measured for took in one.uncounted])
    value = statistics.median(first.ours)

    def compared(name: str, ours: float) -> dict[str, float]:
        behind = f"_{name}" if name else ""
        return {
            f"ratio{behind}": round(ours / alone, 2),
            f"ratio{behind}_uncounted": round(ours / uncounted, 2),
        }

    return {
        "name": "searches",
        "size": size,
        "engine": engine,
        "value": round(value, 2),
        "unit": "ms",
        "raw": round(alone, 2),
        "raw_uncounted": round(uncounted, 2),
        "port": round(statistics.median([took for one in measured for took in one.port]), 2),
        **compared("", value),
        "kept": round(statistics.median(known.ours), 2),
        **compared("kept", statistics.median(known.ours)),
        "parts_kept": _parts(known.profile),
        "kept_but_claim": round(statistics.median(new.ours), 2),
        **compared("kept_but_claim", statistics.median(new.ours)),
        "without_meaning": round(statistics.median(plain.ours), 2),
        **compared("without_meaning", statistics.median(plain.ours)),
        "processor": {
            "first": round(statistics.median(first.computed), 2),
            "kept": round(statistics.median(known.computed), 2),
            "kept_but_claim": round(statistics.median(new.computed), 2),
            "without_meaning": round(statistics.median(plain.computed), 2),
            "raw": round(computed, 2),
        },
        "statements": first.statements,
        "parts": _parts(first.profile),
        "transcript": transcript,
        "transcript_kept": transcript_kept,
        "load": round(os.getloadavg()[0], 1),
    }


@dataclass
class _Measured:
    """What jobs and bare calls took, in milliseconds by the clock and of processor."""

    ours: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    uncounted: list[float] = field(default_factory=list)
    port: list[float] = field(default_factory=list)
    computed_bare: list[float] = field(default_factory=list)
    statements: int = 0
    profile: cProfile.Profile = field(default_factory=cProfile.Profile)


def _measure(place: Installation, made: list[Any], language: str, *, kept: bool = False) -> _Measured:
    from claims.actions.evidence.search import search_claim
    from claims.actions.indexing import engines
    from claims.models import Claim
    from claims.tasks.base import run_now
    from claims.tasks.search import search as search_task

    Claim.objects.filter(pk__in=[claim.pk for claim in made]).update(language=language)
    found = _Measured()
    for at, claim in enumerate(made):
        claim.refresh_from_db()
        if kept:
            _read_before([claim])
        job = search_claim(actor=place.person, claim=claim)
        archives = frozenset(place.desk.own_archives.values_list("pk", flat=True))
        clauses = question(ClaimText(claim.wording, language=language)).clauses
        asked = Query(archives, clauses)
        counted = raw.searcher(engines.reader(), asked, LIMIT)
        counted()
        bare, computed_bare = timed(counted)
        uncounted, _computed = timed(raw.searcher(engines.reader(), asked, LIMIT, counted=False))
        port, _computed = timed(partial(engines.reader().search, asked, LIMIT))
        if at == WARM - 1:
            with CaptureQueriesContext(connection) as captured:
                search_task(job.pk)
            found.statements = len(captured)
        elif at == WARM - 2:
            found.profile.enable()
            run_now(job.pk)
            found.profile.disable()
        else:
            ours, computed = timed(partial(run_now, job.pk))
            if at >= WARM:
                found.ours.append(ours)
                found.computed.append(computed)
                found.bare.append(bare)
                found.uncounted.append(uncounted)
                found.port.append(port)
                found.computed_bare.append(computed_bare)
        job.refresh_from_db()
        if job.status != "done":
            raise RuntimeError(f"The search failed: {job.error}")
    return found


def _read_claims() -> None:
    """Have the worker's walk read what claims say, as it does within a minute of their coming."""
    from claims.actions.triage import resemblance
    from claims.jobs import rows
    from claims.tasks.base import run_now

    run_now(rows.enqueue(resemblance.JOB, desk=None, subject="claims", dedupe_key=resemblance.JOB).pk)


def _read_before(made: list[Any]) -> None:
    """Keep what a search reads of the passages that claims will find, and forget the rest."""
    from claims.actions import reliance
    from claims.actions.evidence.answers import answers_to
    from claims.actions.evidence.asking import prepared
    from claims.actions.evidence.kept_reading import KeptReading
    from claims.actions.evidence.search import TOGETHER
    from claims.actions.indexing import engines
    from claims.language import likeness
    from claims.relevance import features

    for at in range(0, len(made), TOGETHER):
        reading = KeptReading()
        answers_to(engines.reader(), prepared(made[at : at + TOGETHER]), reading)
        reading.keep()
    likeness._asked.clear()
    features.read.cache_clear()
    reliance._places_of.cache_clear()


def _transcript(place: Installation, made: list[Any], *, kept: bool = False) -> dict[str, Any]:
    from claims.actions.evidence import search
    from claims.actions.indexing import engines
    from claims.jobs import rows
    from claims.models import Claim, Job
    from claims.tasks.base import run_now

    Claim.objects.filter(pk__in=[claim.pk for claim in made]).update(language="nl")
    if kept:
        for claim in made:
            claim.refresh_from_db()
        _read_before(made)
    asked: list[list[EngineQuestion]] = []
    engine = engines.reader()
    answer = engine.together

    def noted(some: Any) -> Any:
        asked.append(list(some))
        return answer(some)

    job = rows.enqueue(
        search.MANY, desk=place.desk, arguments={"claims": [one.pk for one in made], "actor": place.person.pk}
    )
    engine.together = noted  # type: ignore[method-assign]
    begun, before = time.perf_counter(), time.process_time()
    run_now(job.pk)
    ours, computed = time.perf_counter() - begun, time.process_time() - before
    engine.together = answer  # type: ignore[method-assign]
    job = Job.objects.get(pk=job.pk)
    if job.result != {"claims": len(made), "searched": len(made), "failed": {}}:
        raise RuntimeError(f"The transcript was not searched: {job.error or job.result}")
    bare, computed_bare = timed(partial(_asked_alone, engine, asked, counted=True))
    uncounted, _computed = timed(partial(_asked_alone, engine, asked, counted=False))
    return {
        "claims": len(made),
        "claims_a_second": round(len(made) / ours, 1),
        "bare": round(1000 * len(made) / bare, 1),
        "share_of_bare": round(bare / 1000 / ours, 2),
        "bare_uncounted": round(1000 * len(made) / uncounted, 1),
        "share_of_bare_uncounted": round(uncounted / 1000 / ours, 2),
        "processor": round(computed * 1000 / len(made), 2),
        "processor_bare": round(computed_bare / len(made), 2),
        "questions": sum(len(some) for some in asked),
    }


def _asked_alone(engine: Any, asked: list[list[EngineQuestion]], *, counted: bool) -> None:
    for some in asked:
        raw.many(engine, some, counted=counted)()


def _parts(profile: cProfile.Profile) -> dict[str, int]:
    stats = pstats.Stats(profile)
    whole: float = stats.total_tt  # type: ignore[attr-defined]
    found: dict[str, float] = {}
    for (_file, _line, name), row in stats.stats.items():  # type: ignore[attr-defined]
        if name in PARTS and (name == "execute" or ("claims" in _file and "tasks" not in _file)):
            found[PARTS[name]] = max(found.get(PARTS[name], 0.0), row[3])
    return {part: round(100 * seconds / whole) for part, seconds in found.items()}


def claims_of(place: Installation, count: int, *, seed: int = 11) -> list[Any]:
    """Make claims of 18 words, some of which a document holds."""
    from claims.actions.triage.outside import claim_without_article
    from claims.models import Job

    dice = random.Random(seed)
    made = []
    with transaction.atomic():
        for number, text in enumerate(passages.claims(count, seed=seed)):
            words = text.split()
            words[1] = words[1].capitalize()
            words.insert(dice.randrange(len(words)), str(1000 + number * 7))
            made.append(
                claim_without_article(
                    actor=place.person, desk=place.desk, quotation=" ".join(words), who=f"Speaker {seed} {number}",
                    where="Radio Lenna", when="2022-03-10",
                )
            )  # fmt: skip
        Job.objects.all().delete()
    return made
