"""Searching for many claims at once: one job row and one audit row each, written together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from claims.actions import base
from claims.actions.base import AuditLine
from claims.actions.evidence.own_questions import AskedQuestion
from claims.actions.evidence.search import insist_may_search, job_of
from claims.jobs import rows
from claims.models import Claim, Job, User


@transaction.atomic
def search_all(*, actor: User, claims: Sequence[Claim], now: dt.datetime | None = None) -> dict[int, int]:
    """Queue a search for each claim of one desk, behind what somebody waits for; returns audit rows by claim.

    A search that waits already is joined.
    """
    if not claims:
        return {}
    now = now or timezone.now()
    desk = claims[0].desk
    insist_may_search(actor=actor, desk=desk)
    said = [job_of(claim, AskedQuestion(), actor=actor, now=now) for claim in claims]
    rows.enqueue_all(said, kind="search", desk=desk, queue=Job.Queue.BULK, now=now)
    lines = [AuditLine(claim, claim.pk, detail={"words": ""}) for claim in claims]
    events = base.audit_all("claim.search_asked", lines, actor=actor, desk=desk, now=now)
    return {claim.pk: event for claim, event in zip(claims, events, strict=True)}
