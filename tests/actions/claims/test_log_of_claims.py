"""Whatever changes a claim, or what its page shows, leaves a row on that claim's own log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claims.actions.claims import changes, claimants
from claims.actions.evidence import decisions
from claims.actions.triage import spans
from claims.actions.triage.undo import last_gesture, undo
from claims.models import Appearance, AuditEvent, Claim, ClaimantAlias, Evidence, Review
from claims.models.event_words import SENTENCES
from claims.models.together import answered
from claims.workbench.claim.timeline import timeline
from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db


def shown(claim: Claim) -> dict[str, Any]:
    """Return what the page of a claim is made of."""
    claim = Claim.objects.select_related("claimant").get(pk=claim.pk)
    columns = (
        "wording",
        "checks",
        "made_on",
        "about",
        "merged_into_id",
        "claimant_id",
        "wording_confirmed_by_id",
    )
    state = {name: getattr(claim, name) for name in columns}
    state["claimant"] = claim.claimant.name if claim.claimant else ""
    state["places"] = sorted(
        Appearance.objects.filter(claim=claim, triage="accepted").values_list(
            "pk", "start", "end", "quotation"
        )
    )
    state["evidence"] = sorted(
        Evidence.objects.filter(claim=claim).values_list("pk", "stance", "cited", "rejected")
    )
    state["reviews"] = sorted(Review.objects.filter(claim=claim).values_list("pk", "state", "assignee"))
    return state


def _merge_claimants(cast: Cast, one: Claim, other: Claim) -> None:
    assert one.claimant is not None
    assert other.claimant is not None
    claimants.merge_claimants(actor=cast.carla, claimant=one.claimant, into=other.claimant)


def _part(cast: Cast, one: Claim, other: Claim) -> None:
    assert one.claimant is not None
    claimants.add_alias(actor=cast.carla, claimant=one.claimant, alias="The speaker")
    Appearance.objects.filter(claim=one).update(claimant_text="The speaker")
    assert ClaimantAlias.objects.filter(claimant=one.claimant).exists()
    claimants.split_claimant(actor=cast.carla, claimant=one.claimant, alias="The speaker")


def _quote(cast: Cast, one: Claim, other: Claim) -> None:
    decisions.add_quotation(actor=cast.ada, claim=one, quotation="412 cars.", source_title="A count")


def _undo_appearance(cast: Cast, one: Claim, other: Claim) -> None:
    builders.analysed(cast, builders.article(cast))
    builders.accepted(cast, claim=one)
    found = last_gesture(actor=cast.ada, desk=cast.desk)
    assert found is not None
    undo(actor=cast.ada, gesture=found[0])


def _move_words(cast: Cast, one: Claim, other: Claim) -> None:
    builders.analysed(cast, builders.article(cast))
    builders.accepted(cast, claim=one)
    row = builders.suggestion(cast)
    spans.edit_span(actor=cast.ada, appearance=row, start=row.start, end=row.end - 5)


def _rename(cast: Cast, one: Claim, other: Claim) -> None:
    assert one.claimant is not None
    claimants.rename_claimant(actor=cast.ada, claimant=one.claimant, name="Minister Ilse Brandt")


ACTS: dict[str, Callable[[Cast, Claim, Claim], Any]] = {
    "merging claimants": _merge_claimants,
    "parting claimants": _part,
    "renaming a claimant": _rename,
    "undoing an acceptance": _undo_appearance,
    "moving the words": _move_words,
    "merging claims": lambda cast, one, other: changes.merge_claims(actor=cast.ada, claim=one, into=other),
    "wording": lambda cast, one, other: changes.edit_wording(
        actor=cast.ada, claim=one, wording="Another one."
    ),
    "claimant": lambda cast, one, other: changes.set_claimant(actor=cast.ada, claim=one, name="Mayor Ek"),
    "checks": lambda cast, one, other: changes.set_checks(actor=cast.ada, claim=one, checks="said"),
    "dates": lambda cast, one, other: changes.set_dates(actor=cast.ada, claim=one, made_on="2026-02"),
    "evidence": _quote,
    "assigning": lambda cast, one, other: changes.assign(
        actor=cast.ada, review=one.reviews.get(), to=cast.ada
    ),
    "closing": lambda cast, one, other: changes.close(
        actor=cast.ada, review=one.reviews.get(), reason="other"
    ),
}


@pytest.mark.parametrize("name", list(ACTS))
def test_every_claim_that_an_act_changes_has_a_row_of_its_own(cast: Cast, name: str) -> None:
    first = builders.claim(cast, who="Ilse Brandt")
    second = builders.claim(cast, who="I. Brandt")
    both = (first, second)
    before = {claim.pk: shown(claim) for claim in both}
    newest = AuditEvent.objects.order_by("-id").values_list("pk", flat=True)[0]
    ACTS[name](cast, first, second)
    changed = {claim.pk for claim in both if shown(claim) != before[claim.pk]}
    told = set(
        AuditEvent.objects.filter(pk__gt=newest, claim_id__isnull=False).values_list("claim_id", flat=True)
    )
    if name == "undoing an acceptance":
        verbs = AuditEvent.objects.filter(pk__gt=newest, claim_id=first.pk).values_list("verb", flat=True)
        assert "appearance.undone" in verbs
    else:
        assert changed
    assert changed <= told
    for claim in both:
        for entry in answered(timeline(claim, cast.ada)):
            assert entry.event.verb in SENTENCES, entry.event.verb
