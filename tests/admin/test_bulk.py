"""One act on many claims from the admin's list: preview, report per row, and nobody's rules are gone around."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from django.test import Client

from claims.actions.review import verdicts as review_actions
from claims.models import Appearance, Approval, AuditEvent, Claim, Job, Review, User, Verdict
from tests import builders
from tests.admin.conftest import newest, submitted
from tests.people import Cast

SignIn = Callable[[User], Client]
LIST = "/admin/claims/claim/"
BULK = "/admin/claims/claim/bulk/"


def chosen(client: Client, action: str, claims: list[Claim]) -> Any:
    """Select rows in the list and run the action."""
    ids = [claim.pk for claim in claims]
    return client.post(LIST, {"action": f"bulk_{action}", "_selected_action": ids, "index": "0"})


def step(client: Client, cast: Cast, name: str, action: str, claims: list[Claim], **fields: Any) -> Any:
    ids = [claim.pk for claim in claims]
    data = {"action": action, "desk": cast.desk.pk, "claims": ids, "step": name, **fields}
    return client.post(BULK, data)


def outcomes(answer: Any) -> dict[int, str]:
    return {row.claim_id: str(row.outcome) for row in answer.context["report"].rows}


def test_assigning_is_chosen_previewed_and_done(staff: Cast, as_: SignIn) -> None:
    claims = [builders.claim(staff) for _number in range(2)]
    carla = as_(staff.carla)
    form = chosen(carla, "assign", claims)
    assert form.status_code == 200
    assert claims[0].wording in form.content.decode()
    preview = step(carla, staff, "preview", "assign", claims, to=staff.ben.pk)
    assert "Nothing is changed yet" in preview.content.decode()
    assert set(outcomes(preview).values()) == {"done"}
    assert {newest(claim).assignee for claim in claims} == {None}
    done = step(carla, staff, "do", "assign", claims, to=staff.ben.pk)
    assert set(outcomes(done).values()) == {"done"}
    assert {newest(claim).assignee for claim in claims} == {staff.ben}
    event = AuditEvent.objects.filter(verb="review.assigned").first()
    assert event is not None
    assert event.via == "admin"
    assert AuditEvent.objects.filter(gesture=event.gesture, verb="review.assigned").count() == 2


def test_closing_asks_for_a_reason_and_skips_what_is_closed(staff: Cast, as_: SignIn) -> None:
    first, second = builders.claim(staff), builders.claim(staff)
    ada = as_(staff.ada)
    missing = step(ada, staff, "preview", "dismiss", [first, second])
    assert missing.status_code == 422
    assert "Choose a reason." in missing.content.decode()
    step(ada, staff, "do", "dismiss", [first], reason="not_worth_it")
    report = step(ada, staff, "do", "dismiss", [first, second], reason="not_worth_it", note="Nobody heard it")
    assert outcomes(report) == {first.pk: "skipped", second.pk: "done"}
    assert "closed already" in report.content.decode()
    assert newest(second).closed_note == "Nobody heard it"


def test_searching_again_goes_straight_to_the_preview(staff: Cast, as_: SignIn) -> None:
    claims = [builders.claim(staff) for _number in range(2)]
    Job.objects.all().delete()
    preview = chosen(as_(staff.ada), "search", claims)
    assert set(outcomes(preview).values()) == {"done"}
    assert not Job.objects.filter(kind="search").exists()
    step(as_(staff.ada), staff, "do", "search", claims)
    assert Job.objects.filter(kind="search").count() == 2


def test_a_leads_verdict_goes_to_the_others_with_warnings(staff: Cast, as_: SignIn) -> None:
    lead = submitted(staff).claim
    same = builders.claim(staff, quotation=lead.wording + " ")
    other = builders.claim(staff, who="Otto Falk", quotation="The bridge of Lenna carries 77 cars a day")
    for claim in (same, other):
        claim_act(staff, claim)
    ada = as_(staff.ada)
    preview = step(ada, staff, "preview", "verdict", [lead, same, other], lead=lead.pk)
    assert outcomes(preview)[other.pk] == "warned"
    assert lead.pk not in outcomes(preview)
    assert "another claimant" in preview.content.decode()
    assert not Verdict.objects.filter(claim=other).exists()
    left_out = step(ada, staff, "preview", "verdict", [lead, same, other], lead=lead.pk, skip_warned="yes")
    assert outcomes(left_out)[other.pk] == "skipped"
    step(ada, staff, "do", "verdict", [lead, same, other], lead=lead.pk)
    copy = Verdict.objects.get(claim=other)
    source = Verdict.objects.get(claim=lead)
    assert copy.rating == source.rating
    assert copy.wording == other.wording
    assert other.evidence.get(cited=True).quotation == lead.evidence.get().quotation
    assert f"[e:{other.evidence.get().pk}]" in copy.justification
    assert newest(other).state == Review.State.AWAITING_APPROVAL


def claim_act(cast: Cast, claim: Claim) -> None:
    from claims.actions.claims import changes as claim_actions

    claim_actions.edit_wording(actor=cast.ada, claim=claim, wording=claim.wording)


def test_approving_skips_what_was_not_opened_and_what_one_wrote(staff: Cast, as_: SignIn) -> None:
    opened, unopened = submitted(staff), submitted(staff)
    review_actions.open_verdict(actor=staff.ben, verdict=opened)
    claims = [opened.claim, unopened.claim]
    preview = step(as_(staff.ben), staff, "preview", "approve", claims)
    assert outcomes(preview) == {opened.claim_id: "done", unopened.claim_id: "skipped"}
    assert not Approval.objects.exists()
    report = step(as_(staff.ben), staff, "do", "approve", claims)
    assert "not opened this version" in report.content.decode()
    assert newest(opened.claim).state == Review.State.PUBLISHED
    assert newest(unopened.claim).state == Review.State.AWAITING_APPROVAL
    # Ada wrote both and holds no approving role: refused up front, nothing written.
    assert step(as_(staff.ada), staff, "do", "approve", claims).status_code == 403
    assert Approval.objects.count() == 1


def test_exporting_previews_and_downloads(staff: Cast, as_: SignIn) -> None:
    claims = [builders.claim(staff) for _number in range(2)]
    preview = chosen(as_(staff.eli), "export", claims)
    assert preview.status_code == 200
    answer = step(as_(staff.eli), staff, "do", "export", claims)
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {row["wording"] for row in rows} == {claim.wording for claim in claims}


def test_a_contributor_is_refused_up_front(staff: Cast, as_: SignIn) -> None:
    claims = [builders.claim(staff)]
    answer = step(as_(staff.eli), staff, "do", "dismiss", claims, reason="other")
    assert answer.status_code == 403
    assert newest(claims[0]).state == Review.State.QUEUED


def test_forged_steps_are_refused(staff: Cast, as_: SignIn) -> None:
    claims = [builders.claim(staff)]
    client = as_(staff.ada)
    assert client.get(BULK).status_code == 405
    assert step(client, staff, "do", "explode", claims).status_code == 404
    assert client.post(BULK, {"action": "search", "desk": "x", "claims": [claims[0].pk]}).status_code == 404
    assert step(client, staff, "do", "verdict", claims, lead=10**9).status_code in (404, 422)


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
