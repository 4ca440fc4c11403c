"""What the tests of the review pages share: a claim ready for its verdict, one that waits, one that is public."""

from __future__ import annotations

from typing import Any

from django.test import Client

from claims.actions.claims import changes as claim_actions
from claims.actions.evidence.decisions import add_quotation
from claims.actions.review.verdicts import VerdictData, approve, submit_verdict
from claims.models import Claim, Desk, Evidence, FactCheck, Rating, Review, User, Verdict
from tests import builders
from tests.checks_made import read_whole
from tests.people import Cast


def signed_in(user: User) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def review_of(claim: Claim) -> Review:
    return Review.objects.filter(claim=claim).order_by("-number")[0]


def rating(desk: Desk, key: str = "false") -> Rating:
    return Rating.objects.get(scale__desk=desk, scale__is_current=True, key=key)


def cited(
    cast: Cast, claim: Claim, words: str = "The counter showed 900 cars a day.", **options: Any
) -> Evidence:
    """Add a quotation by hand and cite it."""
    row = add_quotation(
        actor=cast.ada,
        claim=claim,
        quotation=words,
        source_title=options.pop("source_title", "Traffic count of the road office"),
        source_url=options.pop("source_url", "https://roads.example/count"),
        stance="refutes",
        **options,
    )
    Evidence.objects.filter(pk=row.pk).update(cited=True)
    row.refresh_from_db()
    return row


def ready(cast: Cast, **options: Any) -> tuple[Claim, Review, Evidence]:
    """Return a claim with a confirmed wording and one cited source, its review and that source."""
    claim = builders.claim(cast, wording="The bridge of Lenna carries 5,000 cars a day.", **options)
    source = cited(cast, claim)
    return claim, review_of(claim), source


def words(cast: Cast, source: Evidence, **fields: Any) -> dict[str, Any]:
    """Return what the editor's form sends for a complete verdict."""
    values = {
        "wording": "The bridge of Lenna carries 5,000 cars a day.",
        "headline": "The bridge carries far fewer cars",
        "rating": str(rating(cast.desk).pk),
        "short_answer": "The road office counted 900 cars a day.",
        "justification": f"The count of the road office shows 900 cars a day [e:{source.pk}].",
        "not_found": "",
        "byline": "Ada Example",
    }
    return {**values, **fields}


def submitted(cast: Cast, **fields: Any) -> Verdict:
    """Return a verdict of Ada's that waits for approval."""
    _claim, review, source = ready(cast)
    sent = words(cast, source, **fields)
    data = VerdictData(
        **{
            name: sent[name]
            for name in ("wording", "headline", "short_answer", "justification", "not_found", "byline")
        },
        rating_id=int(sent["rating"]),
    )
    return submit_verdict(actor=cast.ada, review=review, data=data)


def published(cast: Cast) -> FactCheck:
    """Return a fact check that Ada wrote and Ben approved."""
    verdict = submitted(cast)
    read_whole(actor=cast.ben, verdict=verdict)
    approve(actor=cast.ben, verdict=verdict)
    return FactCheck.objects.get(claim=verdict.claim)


def working(cast: Cast) -> tuple[Claim, Review, Evidence]:
    """Return a claim that Ada is working on."""
    claim, review, source = ready(cast)
    claim_actions.take_lease(actor=cast.ada, review=review)
    review.refresh_from_db()
    return claim, review, source
