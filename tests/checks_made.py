"""Reviews at every stage of their way, made through the actions that people use."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from claims.actions.base import NotAllowed
from claims.actions.claims import changes as claim_actions
from claims.actions.evidence import decisions as evidence_actions
from claims.actions.publishing import publish
from claims.actions.review import readings
from claims.actions.review import verdicts as review
from claims.actions.review.verdict_text import VerdictData
from claims.models import Claim, Desk, Evidence, FactCheck, Rating, Release, Review, User, Verdict
from tests.builders import claim
from tests.conftest import NOW
from tests.people import Cast


def read_whole(*, actor: User, verdict: Verdict, now: dt.datetime | None = None) -> bool:
    """Read a version as an approver should: itself, then every source it cites, each ticked.

    Return whether that was all: a source may be shown to others only.
    """
    review.open_verdict(actor=actor, verdict=verdict, now=now)
    for source in verdict.citations:
        try:
            readings.open_source(actor=actor, verdict=verdict, evidence=source, now=now)
        except NotAllowed:
            return False
        readings.tick_citation(actor=actor, verdict=verdict, evidence=source, now=now)
    return True


def rating(desk: Desk, key: str = "false") -> Rating:
    return Rating.objects.get(scale__desk=desk, scale__is_current=True, key=key)


def current(made: Claim) -> Review:
    return Review.objects.select_related("desk", "claim").filter(claim=made).order_by("-number")[0]


def checked_claim(cast: Cast, quotation: str = "", **options: Any) -> Claim:
    """Make a claim whose wording a person has confirmed."""
    made = claim(cast, quotation, now=NOW, **options)
    if made.wording_confirmed_at is None:
        made = claim_actions.edit_wording(actor=cast.ada, claim=made, wording=made.wording, now=NOW)
    return made


def source(
    cast: Cast, made: Claim, words: str = "The counter on the bridge saw 412 cars that day."
) -> Evidence:
    return evidence_actions.add_quotation(
        actor=cast.ada,
        claim=made,
        quotation=words,
        source_title="Count of the road office",
        source_url="https://roads.example/count",
        source_date="2026-03-01",
        now=NOW,
    )


def words(cast: Cast, cited: Evidence | None, label: str = "false", **changes: Any) -> VerdictData:
    """Return a complete verdict citing the evidence."""
    place = f" [e:{cited.pk}]" if cited is not None else ""
    data = VerdictData(
        headline="No, the bridge carries far fewer cars",
        rating_id=rating(cast.desk, label).pk,
        short_answer="The road office counted 412 cars.",
        justification=f"The road office counts every car. It saw *412* that day.{place}",
    )
    return replace(data, **changes)


def submitted(cast: Cast, made: Claim | None = None, now: dt.datetime = NOW, **changes: Any) -> Verdict:
    made = made or checked_claim(cast)
    return review.submit_verdict(
        actor=cast.ada, review=current(made), data=words(cast, source(cast, made), **changes), now=now
    )


def approved(cast: Cast, verdict: Verdict, now: dt.datetime = NOW, **options: Any) -> Review:
    if not read_whole(actor=cast.ben, verdict=verdict, now=now):
        options.setdefault("unread_reason", "One source is not shown to me.")
    return review.approve(actor=cast.ben, verdict=verdict, now=now, **options)


def published(cast: Cast, now: dt.datetime = NOW, made: Claim | None = None, **changes: Any) -> FactCheck:
    verdict = submitted(cast, made, now=now, **changes)
    approved(cast, verdict, now=now)
    return FactCheck.objects.select_related("latest", "desk").get(claim=verdict.claim)


def corrected(cast: Cast, check: FactCheck, now: dt.datetime, note: str = "We had miscounted.") -> Release:
    """Publish a correction of the short answer."""
    opened = publish.start_correction(
        actor=cast.ada, factcheck=check, kind="correction", public_note=note, now=now
    )
    before = review.base_verdict(opened)
    assert before is not None
    data = replace(VerdictData.from_verdict(before), short_answer="The road office counted 421 cars.")
    data = replace(data, release_kind="first", public_note="")
    verdict = review.submit_verdict(actor=cast.ada, review=opened, data=data, now=now)
    approved(cast, verdict, now=now)
    return Release.objects.filter(factcheck=check).order_by("-number")[0]
