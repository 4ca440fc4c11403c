"""Searching for many claims at once: one job for all of them, with its progress, and one audit row each."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from claims.actions import base
from claims.actions.base import AuditLine
from claims.actions.evidence.own_questions import AskedQuestion
from claims.actions.evidence.search import MANY, clock_of, insist_may_search, job_of
from claims.jobs import rows
from claims.models import Claim, Desk, Job, User


@transaction.atomic
def search_all(*, actor: User, claims: Sequence[Claim], now: dt.datetime | None = None) -> dict[int, int]:
    """Queue a search of claims of one desk, behind what somebody waits for; returns audit rows by claim.

    They are searched together, in one job. A claim whose own search waits already is left to that one, and an equal
    batch that waits is joined.
    """
    if not claims:
        return {}
    now = now or timezone.now()
    desk = claims[0].desk
    insist_may_search(actor=actor, desk=desk)
    _queue(actor, desk, claims, now)
    lines = [AuditLine(claim, claim.pk, detail={"words": ""}) for claim in claims]
    events = base.audit_all("claim.search_asked", lines, actor=actor, desk=desk, now=now)
    return {claim.pk: event for claim, event in zip(claims, events, strict=True)}


def _queue(actor: User, desk: Desk, claims: Sequence[Claim], now: dt.datetime) -> None:
    said = {claim.pk: job_of(claim, AskedQuestion(), actor=actor, now=now) for claim in claims}
    waiting = Job.objects.filter(
        kind="search", status=Job.Status.QUEUED, dedupe_key__in=[one["dedupe_key"] for one in said.values()]
    )
    # What lay in wait for later is as early as what was asked for now.
    waiting.filter(run_after__gt=now).update(run_after=now)
    known = set(waiting.order_by().values_list("dedupe_key", flat=True))
    asked = [pk for pk, one in said.items() if one["dedupe_key"] not in known]
    if len(asked) == 1:
        rows.enqueue("search", desk=desk, queue=Job.Queue.BULK, now=now, **said[asked[0]])
    elif asked:
        rows.enqueue(
            MANY,
            desk=desk,
            queue=Job.Queue.BULK,
            subject=f"{len(asked)} claims",
            arguments={"claims": asked, "actor": actor.pk, **clock_of(now)},
            dedupe_key=f"{MANY}:{desk.pk}:{_key_of(asked)}",
            now=now,
        )


def _key_of(claims: Sequence[int]) -> str:
    return hashlib.sha256(",".join(map(str, sorted(claims))).encode()).hexdigest()[:24]
