"""Many claims due at once: looked at first, each asked again, told once, and taken back to what each was."""

from __future__ import annotations

import datetime as dt

import pytest

from claims.actions.base import NotAllowed, Refused
from claims.actions.claims import changes
from claims.actions.claims.due import set_due
from claims.actions.review import bulk_acts, bulk_undo, selections
from claims.models import AuditEvent, BulkAct, BulkActRow, Claim, Notice, User
from tests.checks_made import checked_claim, current
from tests.conftest import NOW
from tests.people import Cast
from tests.workbench import desk_pages

pytestmark = pytest.mark.django_db
FRIDAY = NOW + dt.timedelta(days=3)
MONDAY = NOW + dt.timedelta(days=6)
LATER = NOW + dt.timedelta(hours=1)
Outcome = BulkActRow.Outcome


def looked_at(actor: User, claims: list[Claim], due_at: dt.datetime | None) -> BulkAct:
    kept = selections.select(actor=actor, desk=claims[0].desk, claims=[one.pk for one in claims], now=NOW)
    return bulk_acts.preview(actor=actor, selection=kept, action="due", due_at=due_at, now=NOW)


def due(claims: list[Claim]) -> list[dt.datetime | None]:
    return [Claim.objects.get(pk=one.pk).due_at for one in claims]


def outcomes(act: BulkAct) -> list[str]:
    return list(BulkActRow.objects.filter(act=act).order_by("claim_id").values_list("outcome", flat=True))


def test_a_look_changes_nothing_and_doing_it_sets_all(cast: Cast) -> None:
    claims = [checked_claim(cast) for _ in range(3)]
    set_due(actor=cast.carla, claim=claims[0], due_at=MONDAY, now=NOW)
    act = looked_at(cast.carla, claims, FRIDAY)
    assert due(claims) == [MONDAY, None, None]
    bulk_acts.start(actor=cast.carla, act=act, now=NOW)
    assert due(claims) == [FRIDAY] * 3
    events = AuditEvent.objects.filter(verb="claim.due_set", gesture=act.gesture)
    assert {one.claim_id for one in events} == {one.pk for one in claims}


def test_taking_it_back_restores_what_each_was_even_where_that_time_has_passed(cast: Cast) -> None:
    claims = [checked_claim(cast) for _ in range(2)]
    soon = NOW + dt.timedelta(minutes=30)
    set_due(actor=cast.carla, claim=claims[0], due_at=soon, now=NOW)
    act = bulk_acts.start(actor=cast.carla, act=looked_at(cast.carla, claims, FRIDAY), now=NOW)
    bulk_undo.undo(actor=cast.carla, act=act, now=LATER)
    assert due(claims) == [soon, None]
    assert outcomes(act) == [Outcome.UNDONE] * 2


def test_what_somebody_set_since_stays(cast: Cast) -> None:
    claims = [checked_claim(cast) for _ in range(2)]
    act = bulk_acts.start(actor=cast.carla, act=looked_at(cast.carla, claims, FRIDAY), now=NOW)
    set_due(actor=cast.dana, claim=claims[0], due_at=MONDAY, now=LATER)
    bulk_undo.undo(actor=cast.carla, act=act, now=LATER)
    assert due(claims) == [MONDAY, None]
    assert outcomes(act) == [Outcome.KEPT, Outcome.UNDONE]


def test_a_row_that_may_not_says_why_and_stops_no_other(cast: Cast) -> None:
    others, closed, already, free = (checked_claim(cast) for _ in range(4))
    changes.assign(actor=cast.carla, review=current(others), to=cast.ben)
    changes.close(actor=cast.carla, review=current(closed), reason="not_worth_it")
    set_due(actor=cast.carla, claim=already, due_at=FRIDAY, now=NOW)
    act = looked_at(cast.ada, [others, closed, already, free], FRIDAY)
    why = dict(BulkActRow.objects.filter(act=act).values_list("claim_id", "why"))
    assert "Only a" in why[others.pk]
    assert "Nobody is checking" in why[closed.pk]
    assert "due then already" in why[already.pk]
    bulk_acts.start(actor=cast.ada, act=act, now=NOW)
    assert due([others, closed, already, free]) == [None, None, FRIDAY, FRIDAY]


def test_a_row_that_became_anothers_since_the_look_is_asked_again(cast: Cast) -> None:
    one, two = (checked_claim(cast) for _ in range(2))
    act = looked_at(cast.ada, [one, two], FRIDAY)
    changes.assign(actor=cast.carla, review=current(one), to=cast.ben)
    bulk_acts.start(actor=cast.ada, act=act, now=NOW)
    assert due([one, two]) == [None, FRIDAY]


def test_who_has_the_claims_is_told_once(cast: Cast) -> None:
    claims = [checked_claim(cast) for _ in range(3)]
    for one in claims[:2]:
        changes.assign(actor=cast.carla, review=current(one), to=cast.ben)
    bulk_acts.start(actor=cast.carla, act=looked_at(cast.carla, claims, FRIDAY), now=NOW)
    told = Notice.objects.filter(kind=Notice.Kind.DUE)
    assert [(one.user, one.count) for one in told] == [(cast.ben, 2)]


def test_no_time_clears_it_and_a_past_time_is_refused(cast: Cast) -> None:
    claims = [checked_claim(cast)]
    set_due(actor=cast.carla, claim=claims[0], due_at=MONDAY, now=NOW)
    with pytest.raises(Refused, match="passed"):
        looked_at(cast.carla, claims, NOW)
    bulk_acts.start(actor=cast.carla, act=looked_at(cast.carla, claims, None), now=NOW)
    assert due(claims) == [None]


def test_a_contributor_sets_no_times(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        looked_at(cast.eli, [checked_claim(cast)], FRIDAY)


def test_by_the_pages(cast: Cast) -> None:
    """Ticked in the queue, a day typed, looked at, done, and taken back."""
    claim = checked_claim(cast)
    client = desk_pages.signed_in(cast.carla)
    sent = {"action": "due", "claims": str(claim.pk)}
    where = client.post(f"/desk/{cast.desk.slug}/claims/bulk/", sent)["Location"]
    if "/selections/" in where:
        assert "Due on" in client.get(where).content.decode()
        wrong = client.post(where.split("?")[0], {"act": "due", "time": "12:00"})
        assert (wrong.status_code, "An hour needs its day" in wrong.content.decode()) == (422, True)
        where = client.post(where.split("?")[0], {"act": "due", "day": "2999-05-01"})["Location"]
    page = client.get(where).content.decode()
    assert "2999" in page
    assert due([claim]) == [None]
    assert client.post(f"{where}start/", {"claims": str(claim.pk), "shown": str(claim.pk)}).status_code == 303
    assert due([claim])[0] is not None
    assert client.post(f"{where}undo/").status_code == 303
    assert due([claim]) == [None]
