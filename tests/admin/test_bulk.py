"""One act on many rows of the admin's lists: claims go the queue's way, suggestions are previewed and reported here."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from django.test import Client

from claims.models import Appearance, AuditEvent, BulkAct, Claim, Job, Selection, User
from tests import builders
from tests.admin.conftest import newest
from tests.people import Cast

SignIn = Callable[[User], Client]
LIST = "/admin/claims/claim/"


def chosen(client: Client, action: str, claims: list[Claim], **more: Any) -> Any:
    """Select rows in the list and run the action."""
    ids = [claim.pk for claim in claims]
    return client.post(LIST, {"action": f"bulk_{action}", "_selected_action": ids, "index": "0", **more})


def outcomes(answer: Any) -> dict[int, str]:
    return {row.claim_id: str(row.outcome) for row in answer.context["report"].rows}


def test_selected_claims_go_the_way_of_the_queue(staff: Cast, as_: SignIn) -> None:
    claims = [builders.claim(staff) for _number in range(2)]
    carla = as_(staff.carla)
    form = chosen(carla, "assign", claims)
    address, _mark, query = form["Location"].partition("?")
    assert query == "act=assign"
    assert claims[0].wording in carla.get(form["Location"]).content.decode()
    preview = carla.post(address, {"act": "assign", "to": staff.ben.pk}, follow=True)
    assert "Nothing has changed yet" in preview.content.decode()
    assert {newest(claim).assignee for claim in claims} == {None}
    act = BulkAct.objects.get()
    carla.post(f"/bulk/{act.pk}/start/")
    assert {newest(claim).assignee for claim in claims} == {staff.ben}
    assert AuditEvent.objects.filter(gesture=act.gesture, verb="review.assigned").count() == 2


def test_all_rows_across_pages_are_selected(staff: Cast, as_: SignIn) -> None:
    for _number in range(3):
        builders.claim(staff)
    ticked = list(Claim.objects.all()[:1])
    chosen(as_(staff.carla), "assign", ticked, select_across="1")
    assert Selection.objects.get().count == 3


def test_an_act_that_asks_nothing_goes_straight_to_its_preview(staff: Cast, as_: SignIn) -> None:
    claims = [builders.claim(staff) for _number in range(2)]
    Job.objects.all().delete()
    ada = as_(staff.ada)
    preview = chosen(ada, "search", claims)
    act = BulkAct.objects.get()
    assert preview["Location"] == f"/bulk/{act.pk}/"
    assert not Job.objects.filter(kind="searches").exists()
    ada.post(f"/bulk/{act.pk}/start/")
    assert sorted(Job.objects.get(kind="searches").arguments["claims"]) == sorted(one.pk for one in claims)


def test_who_may_not_is_told_in_the_list(staff: Cast, as_: SignIn) -> None:
    eli = as_(staff.eli)
    answer = chosen(eli, "search", [builders.claim(staff)])
    page = eli.get(answer["Location"]).content.decode()
    assert "may search for evidence" in page
    assert not BulkAct.objects.exists()


def test_exporting_downloads(staff: Cast, as_: SignIn) -> None:
    claims = [builders.claim(staff) for _number in range(2)]
    answer = chosen(as_(staff.eli), "export", claims)
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {row["wording"] for row in rows} == {claim.wording for claim in claims}


def test_suggestions_are_accepted_and_dismissed_in_bulk(staff: Cast, as_: SignIn) -> None:
    builders.analysed(staff, builders.article(staff))
    rows = list(Appearance.objects.order_by("start"))
    client = as_(staff.ada)
    address = "/admin/claims/appearance/"
    form = client.post(address, {"action": "bulk_accept", "_selected_action": [rows[0].pk], "index": "0"})
    assert rows[0].quotation in form.content.decode()
    preview = client.post(f"{address}bulk/", {"action": "accept", "rows": [rows[0].pk], "step": "preview"})
    assert outcomes(preview) == {rows[0].pk: "done"}
    assert not Claim.objects.exists()
    done = client.post(
        f"{address}bulk/", {"action": "accept", "rows": [rows[0].pk], "step": "do", "reason": "widely shared"}
    )
    assert outcomes(done) == {rows[0].pk: "done"}
    assert Claim.objects.get().why == "widely shared"
    ids = [row.pk for row in rows]
    report = client.post(
        f"{address}bulk/", {"action": "dismiss", "rows": ids, "step": "do", "reason": "opinion"}
    )
    assert outcomes(report)[rows[0].pk] == "skipped"
    assert Appearance.objects.get(pk=rows[2].pk).dismiss_reason == "opinion"


def test_the_admin_tells_why_a_suggestion_is_check_worthy_as_the_article_page_does(
    staff: Cast, as_: SignIn
) -> None:
    added = builders.article(staff)
    builders.analysed(staff, added)
    row = Appearance.objects.order_by("start")[0]
    row.reasons = [*row.reasons, {"feature": "part", "weight": -0.2, "text": "part of a longer claim"}]
    row.save(update_fields=["reasons"])
    page = as_(staff.editor).get(f"/admin/claims/appearance/{row.pk}/change/").content.decode()
    assert "gives a figure: 300 against it: part of a longer claim" in page
