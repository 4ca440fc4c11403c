"""By when a claim should be checked: who says it, what is refused, and where it shows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from claims.actions.base import NotAllowed, Refused
from claims.actions.claims import changes
from claims.actions.claims.due import set_due
from claims.models import AuditEvent, Claim, Notice
from tests import builders
from tests.conftest import NOW
from tests.people import Cast
from tests.workbench import desk_pages

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_it_is_set_changed_and_cleared_with_a_row_in_the_log_each(cast: Cast) -> None:
    claim = builders.claim(cast)
    for due_at in (NOW + DAY, NOW + DAY, NOW + 2 * DAY, None):
        set_due(actor=cast.ada, claim=claim, due_at=due_at, now=NOW)
        assert Claim.objects.get(pk=claim.pk).due_at == due_at
    rows = AuditEvent.objects.filter(verb="claim.due_set").order_by("id").values_list("before", "after")
    first, second = "2026-03-19T09:30+00:00", "2026-03-20T09:30+00:00"
    assert list(rows) == [("", first), (first, second), (second, "")]


def test_of_a_claim_that_somebody_has_it_is_theirs_and_the_editors_to_say(cast: Cast) -> None:
    claim = builders.claim(cast)
    changes.assign(actor=cast.carla, review=claim.reviews.get(), to=cast.ada)
    for actor in (cast.ben, cast.eli, cast.otto):
        with pytest.raises(NotAllowed):
            set_due(actor=actor, claim=claim, due_at=NOW + DAY, now=NOW)
    set_due(actor=cast.ada, claim=claim, due_at=NOW + DAY, now=NOW)
    assert not Notice.objects.filter(kind=Notice.Kind.DUE).exists()
    set_due(actor=cast.carla, claim=claim, due_at=NOW + 2 * DAY, now=NOW)
    assert Notice.objects.get(kind=Notice.Kind.DUE).user == cast.ada


def test_what_cannot_be_due(cast: Cast) -> None:
    claim, other = builders.claim(cast), builders.claim(cast)
    with pytest.raises(Refused, match="has passed"):
        set_due(actor=cast.ada, claim=claim, due_at=NOW, now=NOW)
    changes.close(actor=cast.ada, review=claim.reviews.get(), reason="other")
    with pytest.raises(Refused, match="Nobody is checking"):
        set_due(actor=cast.ada, claim=claim, due_at=NOW + DAY, now=NOW)
    third = builders.claim(cast)
    changes.merge_claims(actor=cast.ada, claim=other, into=third)
    with pytest.raises(Refused, match="merged"):
        set_due(actor=cast.ada, claim=other, due_at=NOW + DAY, now=NOW)


def test_a_day_is_its_last_minute_by_the_clock_of_who_typed_it(cast: Cast) -> None:
    cast.ada.time_zone = "Asia/Tokyo"
    cast.ada.save()
    claim = builders.claim(cast)
    client = desk_pages.signed_in(cast.ada)
    client.post(f"/claims/{claim.pk}/due/", {"day": "2999-05-01"})
    assert Claim.objects.get(pk=claim.pk).due_at == dt.datetime(2999, 5, 1, 14, 59, tzinfo=dt.UTC)
    page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert 'value="2999-05-01"' in page
    assert 'value="23:59"' not in page
    client.post(f"/claims/{claim.pk}/due/", {"day": "2999-05-01", "time": "17:00"})
    assert Claim.objects.get(pk=claim.pk).due_at == dt.datetime(2999, 5, 1, 8, 0, tzinfo=dt.UTC)
    assert "1 May 2999 17:00" in client.get(f"/claims/{claim.pk}/").content.decode()
    refused = client.post(f"/claims/{claim.pk}/due/", {"time": "17:00"})
    assert refused.status_code == 422
    assert "An hour needs its day." in refused.content.decode()
    client.post(f"/claims/{claim.pk}/due/", {"day": "", "time": ""})
    assert Claim.objects.get(pk=claim.pk).due_at is None


def test_what_is_late_shows_on_claim_queue_and_desk_while_somebody_is_to_check_it(cast: Cast) -> None:
    late, soon, never = (builders.claim(cast) for _n in range(3))
    Claim.objects.filter(pk=late.pk).update(due_at=timezone.now() - 4 * DAY)
    Claim.objects.filter(pk=soon.pk).update(due_at=timezone.now() + DAY / 2)
    client = desk_pages.signed_in(cast.carla)

    def listed(query: str) -> list[int]:
        page = client.get(f"/desk/north/claims/?{query}")
        return [row["claim"].pk for row in page.context["rows"]]

    assert listed("due=overdue") == [late.pk]
    assert set(listed("due=week")) == {late.pk, soon.pk}
    assert listed("sort=due") == [late.pk, soon.pk]
    assert never.pk in listed("")
    assert "overdue 4" in client.get(f"/claims/{late.pk}/").content.decode()
    desk = client.get("/desk/north/").content.decode()
    assert late.wording in desk.split('id="group-overdue"')[1].split("</section>")[0]
    mine = desk_pages.signed_in(cast.ada).get("/desk/north/").content.decode()
    assert late.wording not in mine.split('id="group-overdue"')[1].split("</section>")[0]
    changes.close(actor=cast.carla, review=late.reviews.get(), reason="other")
    assert listed("due=overdue") == []
    assert "overdue 4" not in client.get("/desk/north/claims/").content.decode()
