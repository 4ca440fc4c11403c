"""What the claim page shows of whose work it is: who has it, to whom it could go, who was asked to read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from claims.forms.handing import ToSomebodyForm
from claims.models import ReadingRequest, Review, Verdict
from claims.models.kept import kept
from claims.review import deciding, policy, whose_work
from claims.review.facts import Member, ReviewFacts


@dataclass(frozen=True, slots=True)
class Handing:
    """Whose work the claim is, and the forms by which it goes on."""

    #: The name of another person who has it, or empty.
    other: str
    hand_form: ToSomebodyForm | None
    ask_form: ToSomebodyForm | None
    asked: tuple[ReadingRequest, ...]


@kept
def asked_readers(review: int) -> QuerySet[ReadingRequest]:
    """Ask who was asked to read any version of a review."""
    rows = ReadingRequest.objects.filter(verdict__review=review).select_related("reader", "asked_by")
    return rows.order_by("id")


def handing_of(
    review: Review,
    verdict: Verdict | None,
    facts: ReviewFacts,
    person: Member,
    bound: dict[str, Any],
    requests: Iterable[ReadingRequest],
) -> Handing:
    """Gather it from what ``asked_readers`` found; who was asked for an earlier version is left out."""
    holder = whose_work.holder_of(facts)
    other = facts.name_of(holder) if whose_work.is_others(facts, person) and holder is not None else ""
    early = review.state in (Review.State.QUEUED, Review.State.IN_PROGRESS)
    waiting = review.state == Review.State.AWAITING_APPROVAL
    asked: tuple[ReadingRequest, ...] = ()
    if waiting and verdict is not None:
        asked = tuple(row for row in requests if row.verdict_id == verdict.pk)
    may_ask = waiting and policy.may_ask_reader(facts, person)
    return Handing(
        other=other if early else "",
        hand_form=(bound.get("hand") or hand_form(facts))
        if whose_work.may_hand_over(facts, person)
        else None,
        ask_form=(bound.get("ask_reader") or ask_form(facts)) if may_ask else None,
        asked=asked,
    )


def hand_form(facts: ReviewFacts, data: QueryDict | None = None) -> ToSomebodyForm:
    """Return the form that hands a claim over, with everybody who could go on with it."""
    holder = whose_work.holder_of(facts)
    people = [(one.id, one.name) for one in facts.members if one.has(*deciding.WRITERS) and one.id != holder]
    return ToSomebodyForm(data, people=people, auto_id="hand-%s")


def ask_form(facts: ReviewFacts, data: QueryDict | None = None) -> ToSomebodyForm:
    """Return the form that asks for a reader, with everybody who could approve."""
    able = set(policy.able_readers(facts))
    people = [(one.id, one.name) for one in facts.members if one.id in able]
    return ToSomebodyForm(data, people=people, auto_id="reader-%s")
