"""Which suggestions and claims of a desk say much the same in other words? Noted by the worker, read by pages.

A walk in the background reads each claim once, and each open suggestion, when it comes or has other words, and notes
the pairs that are alike: a new suggestion with the desk's newest claims, a new claim with all suggestions that are
kept. Rows are a cache: delete them all, and they come back. English only, as meaning is read of English only. It
judges nothing: ``claims.actions.triage.repeats`` compares the pairs.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Left
from django.utils import timezone

from claims.jobs import rows
from claims.language.likeness import kept_form
from claims.language.weights import encoder_key
from claims.matching.candidates import ALIKE_FROM, CANDIDATES
from claims.models import Appearance, Claim, ClaimVector, Job, Resemblance, SuggestionVector
from claims.models.resemblance import READ

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

JOB = "resemble"
#: The newest claims of a desk that suggestions are compared with.
CLAIMS = 2_000
#: So many are read at once; their rows are written before the next.
BATCH = 100
#: How long one run takes, so that what somebody waits for is served between two, and how soon the next may come.
RUN, EVERY = dt.timedelta(seconds=60), dt.timedelta(seconds=20)
#: Each tick looks whether one of so many newest waits, and in one minute of so many whether any does: where nothing
#: waits, all have to be looked at to know it.
NEWEST, ALL_EVERY = 1_000, 10
#: More suggestions of an installation get no vector: each claim is compared with those of its desk.
MOST = 200_000
#: So many suggestions are noted as like one claim.
SPREAD = 200
#: So many vectors are multiplied at once: 12 MB.
_CHUNK = 8_000

_SAID_BY_ROW = Left(Case(When(wording="", then=F("quotation")), default=F("wording")), READ)
#: A vector as a row holds it.
_Stored = bytes | memoryview


@dataclass(frozen=True, slots=True)
class _Read:
    """A claim or a suggestion with its desk, what it says, and the vector of that."""

    pk: int
    desk: int
    said: str
    vector: NDArray[np.float32]


def alike(appearances: Iterable[Appearance]) -> dict[int, dict[int, float]]:
    """Return for suggestions the claims that are alike, with the likeness; what has other words by now is left out."""
    if not settings.CHECKS_BY_MEANING:
        return {}
    said = {row.pk: (row.wording or row.quotation)[:READ] for row in appearances}
    found: dict[int, dict[int, float]] = defaultdict(dict)
    pairs = (
        Resemblance.objects.filter(suggestion__in=said)
        .annotate(now=Left("claim__wording", READ))
        .filter(claim__vector__said=F("now"))
        .order_by("pk")
        .values_list("suggestion", "suggestion__vector__said", "claim", "likeness")
    )
    for suggestion, words, claim, likeness in pairs:
        if words == said[suggestion]:
            found[suggestion][claim] = likeness
    return dict(found)


def claims_to_read() -> QuerySet[Any]:
    """Return the claims whose words have no vector of today's encoder, the newest first."""
    mine = ClaimVector.objects.filter(claim=OuterRef("pk"), encoder=encoder_key(), said=OuterRef("words"))
    english = Q(language="") | Q(language__istartswith="en")
    rows_ = Claim.objects.standing().filter(english).annotate(words=Left("wording", READ))
    return rows_.filter(~Exists(mine)).order_by("-pk")


def suggestions_to_read() -> QuerySet[Any]:
    """Return the open suggestions whose words have no vector of today's encoder, the newest first."""
    mine = SuggestionVector.objects.filter(
        suggestion=OuterRef("pk"), encoder=encoder_key(), said=OuterRef("words")
    )
    english = Q(document=None) | Q(document__language="") | Q(document__language__istartswith="en")
    rows_ = Appearance.objects.open().exclude(checkable=Appearance.Checkable.NO).filter(english)
    return rows_.annotate(words=_SAID_BY_ROW).filter(~Exists(mine)).order_by("-pk")


def resemble_by_time(*, now: dt.datetime | None = None) -> Job | None:
    """Queue the walk where something is to be read, at most once in ``EVERY``; None where nothing is."""
    now = now or timezone.now()
    if not settings.CHECKS_BY_MEANING or Job.objects.filter(kind=JOB, created_at__gt=now - EVERY).exists():
        return None
    if not _something_waits(everywhere=now.minute % ALL_EVERY == 0):
        return None
    return rows.enqueue(JOB, desk=None, subject="claims", dedupe_key=JOB, now=now)


def _something_waits(*, everywhere: bool) -> bool:
    claims, suggestions = claims_to_read(), suggestions_to_read()
    if not everywhere:
        claims = claims.filter(pk__in=Claim.objects.order_by("-pk").values("pk")[:NEWEST])
        newest = Appearance.objects.open().order_by("-pk").values("pk")[:NEWEST]
        suggestions = suggestions.filter(pk__in=newest)
    return claims.exists() or (_room() > 0 and suggestions.exists())


def _room() -> int:
    return max(MOST - SuggestionVector.objects.count(), 0)


def run_resemble(job: rows.Running) -> None:
    """Read claims, then suggestions, until all are read or the run has lasted long enough; the next one goes on."""
    begun = timezone.now()
    with job.fenced():
        # What was decided is compared no more. Opened again, it is read again, and meets what has come meanwhile.
        SuggestionVector.objects.exclude(suggestion__triage=Appearance.Triage.SUGGESTED).delete()
    done = {"claims": 0, "suggestions": 0}
    for kind, waiting, keep in (
        ("claims", claims_to_read, _keep_claims),
        ("suggestions", suggestions_to_read, _keep_suggestions),
    ):
        last: int | None = None
        while timezone.now() - begun < RUN:
            rest = waiting() if last is None else waiting().filter(pk__lt=last)
            size = BATCH if kind == "claims" else min(BATCH, _room())
            some: list[tuple[int, int, str]] = list(rest.values_list("pk", "desk", "words")[:size])
            if not some:
                break
            made = kept_form(said for _pk, _desk, said in some)
            read = [_Read(pk, desk, said, made[said].astype("f4")) for pk, desk, said in some]
            with job.fenced():
                keep(read)
            last = some[-1][0]
            done[kind] += len(some)
            job.progress(sum(done.values()), sum(done.values()), "claims and suggestions read")
    with job.fenced():
        job.finish({"read": done["claims"] + done["suggestions"]})


def _keep_claims(read: Sequence[_Read]) -> None:
    """Write the vectors of claims, and which suggestions of their desk are alike."""
    fresh = _keep_vectors(read, Claim.objects.all(), ClaimVector, "claim")
    for desk, some in _by_desk(fresh).items():
        kept = SuggestionVector.objects.filter(suggestion__desk=desk, encoder=encoder_key()).order_by("pk")
        best: dict[int, dict[int, float]] = {one.pk: {} for one in some}
        for chunk in _chunks(kept.values_list("suggestion", "vector")):
            for pk, found in _nearest(some, chunk, SPREAD).items():
                best[pk] |= found
        _note((other, pk, value) for pk, found in best.items() for other, value in _most(found, SPREAD))


def _keep_suggestions(read: Sequence[_Read]) -> None:
    """Write the vectors of suggestions, and which claims of their desk are alike."""
    fresh = _keep_vectors(read, Appearance.objects.all(), SuggestionVector, "suggestion")
    for desk, some in _by_desk(fresh).items():
        kept = ClaimVector.objects.filter(claim__desk=desk, encoder=encoder_key()).order_by("-claim_id")
        known = dict(kept.values_list("claim", "vector")[:CLAIMS])
        found = _nearest(some, known, CANDIDATES)
        _note((pk, other, value) for pk, its in found.items() for other, value in its.items())


def _keep_vectors(
    read: Sequence[_Read], rows_: QuerySet[Any], kept: type[ClaimVector | SuggestionVector], of: str
) -> list[_Read]:
    """Write the vectors of what is still there and forget what it was like; returns what is there.

    ``rows_`` are all rows of the kind that was read, ``of`` is the column by which vectors and pairs name it.
    """
    there = set(rows_.filter(pk__in=[one.pk for one in read]).values_list("pk", flat=True))
    fresh = [one for one in read if one.pk in there]
    table: Any = kept
    table.objects.bulk_create(
        (
            table(
                **{f"{of}_id": one.pk},
                said=one.said,
                encoder=encoder_key(),
                vector=one.vector.astype("<f2").tobytes(),
            )
            for one in fresh
        ),
        update_conflicts=True,
        unique_fields=[of],
        update_fields=["said", "encoder", "vector"],
    )
    Resemblance.objects.filter(**{f"{of}__in": there}).delete()
    return fresh


def _by_desk(read: Iterable[_Read]) -> dict[int, list[_Read]]:
    found: dict[int, list[_Read]] = defaultdict(list)
    for one in read:
        found[one.desk].append(one)
    return found


def _chunks(kept: QuerySet[SuggestionVector, tuple[int, _Stored]]) -> Iterable[dict[int, _Stored]]:
    some: dict[int, _Stored] = {}
    for pk, vector in kept.iterator(chunk_size=2_000):
        some[pk] = vector
        if len(some) == _CHUNK:
            yield some
            some = {}
    yield some


def _nearest(read: Sequence[_Read], known: Mapping[int, _Stored], most: int) -> dict[int, dict[int, float]]:
    """Return for each that was read the most alike of these vectors, from ``ALIKE_FROM`` on."""
    import numpy as np

    if not known:
        return {}
    ids = list(known)
    others = np.frombuffer(b"".join(bytes(one) for one in known.values()), dtype="<f2")
    products = np.stack([one.vector for one in read]) @ others.reshape(len(ids), -1).astype(np.float32).T
    found = {}
    for one, row in zip(read, products, strict=True):
        places = np.flatnonzero(row >= ALIKE_FROM).tolist()
        found[one.pk] = dict(_most({ids[at]: float(row[at]) for at in places}, most))
    return found


def _most(found: Mapping[int, float], most: int) -> list[tuple[int, float]]:
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))[:most]


def _note(pairs: Iterable[tuple[int, int, float]]) -> None:
    Resemblance.objects.bulk_create(
        (
            Resemblance(suggestion_id=suggestion, claim_id=claim, likeness=value)
            for suggestion, claim, value in pairs
        ),
        ignore_conflicts=True,
    )
