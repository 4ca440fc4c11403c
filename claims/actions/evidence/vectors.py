"""What earlier checks say, as vectors: kept as rows, made by the worker when a check changes.

A row is good while it has the key of the words and of the encoder it was made with; any other is made anew, in the
background (``embed``), or at the moment it is asked for. Rows are a cache: delete them all, and they come back. The
web process never makes or reads them. Refuses nothing: without a vector a check is ordered by its words.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from claims.jobs import rows
from claims.language.likeness import kept_form, vectors_of_asked
from claims.language.weights import encoder_key
from claims.models import CheckVector, FactCheck, Job
from claims.search.sense import READ, said_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

JOB = "embed"
#: So many checks one batch of the background reads; its rows are written before the next.
BATCH = 100
#: How often is looked whether something is missing: checks without a vector are read when they are asked for.
EVERY = dt.timedelta(minutes=5)


def key_of_words(words: str) -> str:
    """Return the key that a vector of these words has, made by the encoder of today."""
    return hashlib.sha256(f"{encoder_key()} {words}".encode()).hexdigest()[:32]


#: What of a check has to be read to know its vector, for ``values_list``; the last columns of ``CheckSays``.
COLUMNS = ("claim_text", "latest__payload__headline", "vector__key", "vector__vector")


@dataclass(frozen=True, slots=True)
class CheckSays:
    """What an earlier check says, and the vector that is kept of it: ``COLUMNS`` in their order."""

    claim: str
    headline: str | None = None
    key: str | None = None
    vector: bytes | None = None

    @property
    def words(self) -> str:
        return said_of(str(self.headline or ""), self.claim)


def alike_to(words: Sequence[str], checks: Mapping[int, CheckSays]) -> list[Mapping[int, float]]:
    """Return for each sentence how alike in meaning each of these checks is, -1 to 1; what is missing is made first.

    Empty where the desk's installation has meaning switched off.
    """
    found = _vectors(checks) if settings.CHECKS_BY_MEANING and checks and words else {}
    if not found:
        return [{} for _one in words]
    asked = vectors_of_asked(one[:READ] for one in words)
    return [{pk: float(vector @ asked[one[:READ]]) for pk, vector in found.items()} for one in words]


def vectors_of(checks: Sequence[int]) -> dict[int, NDArray[np.float32]]:
    """Return the vectors of checks, of length one; those that are missing or old are made and kept."""
    rows = FactCheck.objects.filter(pk__in=checks).order_by("pk").values_list("pk", *COLUMNS)
    return _vectors({pk: CheckSays(*columns) for pk, *columns in rows})


def _vectors(checks: Mapping[int, CheckSays]) -> dict[int, NDArray[np.float32]]:
    import numpy as np

    keys = {pk: key_of_words(one.words) for pk, one in checks.items()}
    found = {
        pk: np.frombuffer(bytes(one.vector), dtype="<f2").astype(np.float32)
        for pk, one in checks.items()
        if one.vector is not None and keys[pk] == one.key
    }
    missing = [pk for pk in checks if pk not in found]
    if missing:
        found |= _made({pk: checks[pk].words for pk in missing}, keys)
    return found


def _made(said: Mapping[int, str], keys: Mapping[int, str]) -> dict[int, NDArray[np.float32]]:
    """Encode what checks say, keep the rows and return the vectors as they were kept."""
    import numpy as np

    made = kept_form(said.values())
    CheckVector.objects.bulk_create(
        (
            CheckVector(
                factcheck_id=pk,
                key=keys[pk],
                encoder=encoder_key(),
                vector=made[words].astype("<f2").tobytes(),
            )
            for pk, words in said.items()
        ),
        update_conflicts=True,
        unique_fields=["factcheck"],
        update_fields=["key", "encoder", "vector"],
    )
    return {pk: made[words].astype(np.float32) for pk, words in said.items()}


def without_vector() -> QuerySet[FactCheck]:
    """Return the checks that have no vector of today's encoder."""
    mine = CheckVector.objects.filter(factcheck=OuterRef("pk"), encoder=encoder_key())
    return FactCheck.objects.filter(~Exists(mine)).order_by("pk")


def embed_by_time(*, now: dt.datetime | None = None) -> Job | None:
    """Queue the walk that makes what is missing, at most once in ``EVERY``; None where nothing is missing."""
    now = now or timezone.now()
    if not settings.CHECKS_BY_MEANING or Job.objects.filter(kind=JOB, created_at__gt=now - EVERY).exists():
        return None
    if not without_vector().exists():
        return None
    return rows.enqueue(JOB, desk=None, subject="vectors", dedupe_key=JOB, now=now)


def run_embed(job: rows.Running) -> None:
    """Make the vectors that are missing; cut short, the next one goes on with what is still missing."""
    total, last, done = without_vector().count(), 0, 0
    while ids := list(without_vector().filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        with job.fenced():
            vectors_of(ids)
        last, done = ids[-1], done + len(ids)
        job.progress(done, max(total, done), "checks read")
    with job.fenced():
        job.finish({"made": done})
