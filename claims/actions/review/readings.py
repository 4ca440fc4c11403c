"""Which cited sources did a reader of a version open, and which did they find to say what they are cited for?

A row for each reader, source and version. A tick is an act of its own after the opening: nobody ticks what they
have not opened, and what somebody may not read they can neither open nor tick.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.review.verdicts import open_verdict
from claims.models import CitationReading, Evidence, User, Verdict


@transaction.atomic
def open_source(
    *, actor: User, verdict: Verdict, evidence: int, now: dt.datetime | None = None
) -> CitationReading:
    """Note that this person has opened a cited source of this version; the first time is kept and logged."""
    now = now or timezone.now()
    number = _number(verdict, evidence)
    if not verdict.desk.roles_of(actor):
        raise base.NotAllowed(_("Only members of the desk can open the sources of its verdicts."))
    _insist_readable(actor, evidence)
    open_verdict(actor=actor, verdict=verdict, now=now)
    row, made = CitationReading.objects.get_or_create(
        verdict=verdict, user=actor, evidence_id=evidence, defaults={"created_at": now}
    )
    if made:
        _log("citation.opened", verdict, actor, row, number, now)
    return row


@transaction.atomic
def tick_citation(
    *,
    actor: User,
    verdict: Verdict,
    evidence: int,
    matches: bool = True,
    now: dt.datetime | None = None,
) -> CitationReading:
    """Note that a source was opened and says what it is cited for, or take that back; raises Refused before opening."""
    now = now or timezone.now()
    number = _number(verdict, evidence)
    rows = CitationReading.objects.filter(verdict=verdict, user=actor, evidence=evidence)
    row = rows.select_for_update().first()
    if row is None:
        raise base.Refused(
            _("You have not opened source [%(n)d] of this version yet. Open it; then it can be ticked.")
            % {"n": number}
        )
    _insist_readable(actor, evidence)
    if matches == (row.ticked_at is not None):
        return row
    row.ticked_at = now if matches else None
    row.save(update_fields=["ticked_at"])
    _log("citation.ticked" if matches else "citation.unticked", verdict, actor, row, number, now)
    return row


def _insist_readable(actor: User, evidence: int) -> None:
    if not Evidence.objects.visible_to(actor).filter(pk=evidence).exists():
        raise base.NotAllowed(_("This source is shown to named people only, and you are none of them."))


def _number(verdict: Verdict, evidence: int) -> int:
    if evidence not in verdict.citations:
        raise base.Refused(_("This version of the verdict does not cite that source."))
    return verdict.citations.index(evidence) + 1


def _log(
    verb: str, verdict: Verdict, actor: User, row: CitationReading, number: int, now: dt.datetime
) -> None:
    base.audit(
        verb,
        verdict,
        actor=actor,
        desk=verdict.desk,
        claim_id=verdict.claim_id,
        now=now,
        evidence=row.evidence_id,
        number=number,
    )
