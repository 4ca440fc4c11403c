"""Deciding on several suggestions at once: one gesture, an outcome per row, nothing half done."""

from __future__ import annotations

import pytest

from claims.actions import base
from claims.actions.triage.batch import LIMIT, decide
from claims.actions.triage.decisions import accept
from claims.actions.triage.undo import last_gesture, undo
from claims.models import Appearance, AuditEvent, Claim
from tests.builders import HARBOUR, analysed, article, unit
from tests.people import Cast

pytestmark = pytest.mark.django_db

Triage = Appearance.Triage


@pytest.fixture
def rows(cast: Cast) -> list[Appearance]:
    analysed(cast, article(cast))
    return list(Appearance.objects.order_by("start", "pk"))


def states() -> list[str]:
    return list(Appearance.objects.order_by("start", "pk").values_list("triage", flat=True))


def test_all_are_accepted_in_one_gesture_and_one_undo_takes_all_back(
    cast: Cast, rows: list[Appearance]
) -> None:
    done = decide(actor=cast.ada, appearances=rows, act="accept")
    assert [one.refused for one in done] == [""] * 3
    assert Claim.objects.count() == 3
    gestures = AuditEvent.objects.filter(verb="appearance.accepted").values_list("gesture", flat=True)
    assert len(set(gestures)) == 1
    last = last_gesture(actor=cast.ada, desk=cast.desk)
    assert last is not None
    undo(actor=cast.ada, gesture=last[0])
    assert states() == [Triage.SUGGESTED] * 3
    assert Claim.objects.count() == 0


def test_what_somebody_else_decided_meanwhile_is_left_with_its_reason(
    cast: Cast, rows: list[Appearance]
) -> None:
    accept(actor=cast.ben, appearance=Appearance.objects.get(pk=rows[1].pk))
    done = decide(
        actor=cast.ada, appearances=rows, act="dismiss", expected={row.pk: row.version for row in rows}
    )
    assert [bool(one.refused) for one in done] == [False, True, False]
    assert states() == [Triage.DISMISSED, Triage.ACCEPTED, Triage.DISMISSED]


def test_where_nothing_could_be_done_the_act_is_refused(cast: Cast, rows: list[Appearance]) -> None:
    with pytest.raises(base.Stale):
        decide(actor=cast.ada, appearances=rows, act="accept", expected={row.pk: 77 for row in rows})
    assert states() == [Triage.SUGGESTED] * 3


def test_a_repeat_that_was_accepted_with_its_first_is_done_as_well(cast: Cast) -> None:
    analysed(cast, article(cast))
    rows = list(Appearance.objects.order_by("start", "pk"))
    Appearance.objects.filter(pk=rows[1].pk).update(repeats=rows[0])
    done = decide(actor=cast.ada, appearances=list(Appearance.objects.all()), act="accept")
    assert [one.refused for one in done] == [""] * 3
    assert Claim.objects.count() == 2


@pytest.mark.parametrize("who", ["eli", "otto"])
def test_who_may_not_decide_on_one_may_not_decide_on_many(
    cast: Cast, rows: list[Appearance], who: str
) -> None:
    with pytest.raises(base.NotAllowed):
        decide(actor=getattr(cast, who), appearances=rows, act="accept")
    assert states() == [Triage.SUGGESTED] * 3


def test_nothing_too_much_and_two_articles_are_refused(cast: Cast, rows: list[Appearance]) -> None:
    with pytest.raises(base.Refused, match="Tick at least one"):
        decide(actor=cast.ada, appearances=[], act="accept")
    with pytest.raises(base.Refused, match=str(LIMIT)):
        decide(
            actor=cast.ada,
            appearances=[Appearance(pk=n, start=n, end=n) for n in range(LIMIT + 1)],
            act="accept",
        )
    other = article(cast, text=HARBOUR + " More.", title="Other")
    analysed(cast, other, (unit(HARBOUR + " More.", "lost 300 jobs"),))
    with pytest.raises(base.Refused, match="one article"):
        decide(actor=cast.ada, appearances=list(Appearance.objects.all()), act="accept")
