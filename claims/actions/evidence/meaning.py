"""What passages of archives mean, as vectors, so that a claim finds what says the same in other words.

A desk switches it on for the archives it searches. A walk in the background reads what has no vector of the encoder in
the box, the newest first, and has the index written again with it; it goes on where it was cut off, and stops where the
last desk switches it off. Vectors are rows, so that any number of hosts and either engine have the same; they go with
their texts. English only, as meaning is read of English only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from claims.actions.evidence.reading_ahead import current_passages, walked
from claims.actions.indexing.outbox import touch_all
from claims.jobs import rows
from claims.language.likeness import kept_form
from claims.language.weights import encoder_key
from claims.models import Desk, Job, Passage, PassageMeaning
from claims.models.documents import passage_words
from claims.query.types import Collection
from claims.search.nearest import said_in

JOB = "meaning"
#: So many passages one batch reads; its rows are written before the next.
BATCH = 50
#: How soon the next run may come.
EVERY = dt.timedelta(minutes=1)
#: More passages of an installation get no vector: every one of them is compared with every claim.
MOST = 200_000


@dataclass(frozen=True, slots=True)
class ReadSoFar:
    """How many of a desk's passages can be found by meaning, of how many."""

    read: int
    total: int


def without_meaning() -> QuerySet[Passage]:
    """Return the passages that a desk wants found by meaning and that have no vector of today's, the newest first."""
    mine = PassageMeaning.objects.filter(passage=OuterRef("pk"), encoder=encoder_key())
    return current_passages(_wanting()).filter(~Exists(mine))


def read_so_far(desk: Desk) -> ReadSoFar:
    """Count what is read of the archives that a desk searches."""
    every = current_passages(Desk.objects.filter(pk=desk.pk))
    read = every.filter(meaning__encoder=encoder_key())
    return ReadSoFar(read.count(), every.count())


def meaning_by_time(*, now: dt.datetime | None = None) -> Job | None:
    """Queue the walk where something is to be read, at most once in ``EVERY``; None where nothing is."""
    now = now or timezone.now()
    if not _wanting().exists():
        return None
    if Job.objects.filter(kind=JOB, created_at__gt=now - EVERY).exists() or not without_meaning().exists():
        return None
    if _kept() >= MOST:
        return None
    return rows.enqueue(JOB, desk=None, subject="passages", dedupe_key=JOB, now=now)


def run_meaning(job: rows.Running) -> None:
    """Read passages until all are read or the run has lasted long enough; the next one goes on."""
    total = min(without_meaning().count(), max(MOST - _kept(), 0))
    for ids in walked(job, total, without_meaning, size=BATCH):
        titled = Passage.objects.filter(pk__in=ids).select_related("capture__document")
        some: Iterable[Any] = titled.annotate(words=passage_words())
        said = {one.pk: said_in(one.capture.document.title, one.words) for one in some}
        made = kept_form(said.values())
        with job.fenced():
            there = Passage.objects.filter(pk__in=said).values_list("pk", "capture__document")
            documents = dict(there)
            PassageMeaning.objects.bulk_create(
                (
                    PassageMeaning(
                        passage_id=pk, encoder=encoder_key(), vector=made[said[pk]].astype("<f2").tobytes()
                    )
                    for pk in documents
                ),
                update_conflicts=True,
                unique_fields=["passage"],
                update_fields=["encoder", "vector"],
            )
            touch_all(Collection.DOCUMENTS, documents.values())


def _wanting() -> QuerySet[Desk]:
    return Desk.objects.filter(finds_by_meaning=True)


def _kept() -> int:
    return PassageMeaning.objects.filter(encoder=encoder_key()).count()
