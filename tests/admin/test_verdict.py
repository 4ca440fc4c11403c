"""The whole way of a claim through the admin: a verdict with cited evidence, a second's approval, publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from claims.actions.claims import changes as claim_actions
from claims.models import (
    Approval,
    AuditEvent,
    CitationReading,
    Claim,
    Desk,
    FactCheck,
    Release,
    Review,
    User,
    Verdict,
    VerdictDraft,
    VerdictReading,
)
from tests import builders
from tests.admin.conftest import act, address_of, here, newest, page, quoted, rating, sent, submitted
from tests.checks_made import read_whole
from tests.people import PASSWORD, Cast

SignIn = Callable[[User], Client]


def _verdict(cast: Cast, claim: Claim, **changes: Any) -> dict[str, Any]:
    row = quoted(cast, claim)
    return {
        "wording": claim.wording,
        "headline": "The counters say otherwise",
        "rating": rating(cast).pk,
        "short_answer": "The counters show far fewer cars.",
        "justification": f"The yearbook gives the counts. [e:{row.pk}]",
        "not_found": "Nobody keeps figures of the night.",
        "byline": "Ada Example",
        "point_question": ["How many cars a day?", ""],
        "point_answer": ["400.", ""],
        "point_finding": ["", ""],
        **changes,
    }


def _address(verdict: Verdict) -> str:
    return f"/admin/claims/claim/{verdict.claim_id}/verdict/{verdict.pk}/"


def _do(client: Client, verdict: Verdict, name: str, /, **fields: Any) -> int:
    """Send a form that stands on the version's page in the admin, or would; the answer leads back there."""
    pk = verdict.review_id if name.startswith("review-") else verdict.pk
    address = reverse(name, args=[pk])
    tree = html.fromstring(client.get(_address(verdict)).content)
    found = [form for form in tree.xpath("//main//form") if form.get("action") == address]
    hidden = {str(one.get("name")): one.get("value", "") for one in _hidden(found)}
    if found:
        assert hidden["next"].startswith("/admin/")
    answer = client.post(address, {"next": _address(verdict), **hidden, **fields})
    if answer.status_code == 303:
        assert answer["Location"].partition("?")[0].startswith("/admin/")
    elif answer.status_code == 422:
        assert "/admin/" in answer.content.decode().partition("<main")[0]
    return answer.status_code


def _hidden(forms: list[Any]) -> list[Any]:
    return [one for form in forms for one in form.xpath(".//input[@type='hidden']")]


def _approve(client: Client, verdict: Verdict, **fields: Any) -> int:
    return _do(client, verdict, "verdict-approve", **fields)


def test_a_claim_goes_from_evidence_to_publication_through_the_admin_alone(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    ada, ben = as_(staff.ada), as_(staff.ben)
    assert act(ada, claim, "claim-wording", wording=claim.wording) == 303
    assert act(ada, claim, "review-submit", **_verdict(staff, claim)) == 303
    verdict = Verdict.objects.get(claim=claim)
    assert verdict.points.get().answer == "400."
    assert newest(claim).state == Review.State.AWAITING_APPROVAL
    row = claim.evidence.get()
    assert row.cited

    opened = ben.get(_address(verdict))
    text = opened.content.decode()
    assert "The counters say otherwise" in text
    assert row.quotation in text
    assert VerdictReading.objects.filter(verdict=verdict, user=staff.ben).exists()
    assert _approve(ben, verdict, comment="Checked") == 422
    assert newest(claim).state == Review.State.AWAITING_APPROVAL
    assert _do(ben, verdict, "verdict-tick", source=row.pk, ticked="1") == 422
    source = ben.get(f"{_address(verdict)}?source={row.pk}")
    assert row.quotation in source.content.decode()
    ticked = ben.post(
        reverse("verdict-tick", args=[verdict.pk]),
        {"source": row.pk, "ticked": "1", "next": _address(verdict)},
    )
    assert ticked["Location"] == f"{_address(verdict)}?source={row.pk}#passage"
    assert _approve(ben, verdict, comment="Checked") == 303
    assert newest(claim).state == Review.State.PUBLISHED
    check = FactCheck.objects.get(claim=claim)
    assert (check.status, check.rating_label) == (FactCheck.Status.LIVE, "False")
    assert Release.objects.get(factcheck=check).payload["headline"] == "The counters say otherwise"
    assert CitationReading.objects.get(verdict=verdict, user=staff.ben, evidence=row).ticked_at is not None
    assert f"/admin/claims/factcheck/{check.pk}/change/" in page(ada, claim)
    # The verdict's page, its fact check and its release stay readable.
    assert ben.get(_address(verdict)).status_code == 200
    assert ben.get(f"/admin/claims/factcheck/{check.pk}/change/").status_code == 200
    assert ben.get(f"/admin/claims/release/{check.latest_id}/change/").status_code == 200


def test_the_page_is_the_workbench_s_own(staff: Cast, as_: SignIn) -> None:
    verdict = submitted(staff)
    ben, source = as_(staff.ben), f"?source={verdict.citations[0]}"
    own, shown = f"/verdicts/{verdict.pk}/", _address(verdict)
    for query in ("", source):
        there, here_ = (html.fromstring(ben.get(address + query).content) for address in (own, shown))
        for part in (
            "//article[contains(@class, 'as-public')]",
            "//section[@id='source']",
            "//div[@id='decide']",
            "//header//h1",
        ):
            told, shows = (
                [" ".join(one.text_content().split()) for one in of.xpath(part)] for of in (there, here_)
            )
            assert told == shows != [], part
        acts, of_admin = (
            {
                str(form.get("action")): sorted(
                    {str(one.get("name")) for one in form.xpath(".//*[@name]")} - {"next"}
                )
                for form in of.xpath("//main//form[not(@action='/profile/hints/')]")
            }
            for of in (there, here_)
        )
        assert acts == of_admin
        assert all(form.xpath(".//input[@name='next']") for form in here_.xpath("//main//form"))
        assert "/admin/" not in " ".join(there.xpath("//main//form//input/@value"))


def test_they_lead_to_one_another(staff: Cast, as_: SignIn) -> None:
    verdict = submitted(staff)
    client = as_(staff.carla)
    links = html.fromstring(client.get(_address(verdict)).content).xpath("//a/@href")
    assert {here(verdict.claim), f"/verdicts/{verdict.pk}/"} <= set(links)
    for address in links:
        if address.startswith(("/admin/", "/verdicts/")):
            assert client.get(address.partition("#")[0]).status_code == 200, address
    assert _address(verdict) in html.fromstring(page(client, verdict.claim)).xpath("//a/@href")
    on_desk = html.fromstring(client.get(f"/claims/{verdict.claim_id}/").content).xpath("//main//a/@href")
    assert f"/verdicts/{verdict.pk}/" in on_desk
    assert _address(verdict) not in on_desk


def test_the_log_says_which_door_an_act_came_through(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    ada, ben = as_(staff.ada), as_(staff.ben)
    act(ada, claim, "claim-dates", made_on="2026-03", about="2025")
    ada.post(
        reverse("claim-claimant", args=[claim.pk]),
        {"name": "Otto Falk", "kind": "person", "expected_version": 2},
    )
    verdict = submitted(staff)
    read_whole(actor=staff.ben, verdict=verdict)
    assert _approve(ben, verdict) == 303
    doors = dict(AuditEvent.objects.order_by("pk").values_list("verb", "via"))
    assert doors["claim.dates_set"] == "admin"
    assert doors["claim.claimant_set"] == "page"
    assert doors["verdict.approved"] == "admin"
    log = as_(staff.carla).get(f"/desk/{staff.desk.slug}/log/").content.decode()
    assert log.count("in the admin") == AuditEvent.objects.filter(desk_id=staff.desk.pk, via="admin").count()


def test_approving_and_going_on_leads_to_the_next_of_the_desk(staff: Cast, as_: SignIn) -> None:
    verdict = submitted(staff)
    ben = as_(staff.ben)
    ben.get(_address(verdict))
    read_whole(actor=staff.ben, verdict=verdict)
    onward = {"then": "next", "next": _address(verdict)}
    answer = ben.post(reverse("verdict-approve", args=[verdict.pk]), onward)
    assert answer["Location"] == reverse("desk-next", args=[staff.desk.slug])
    assert newest(verdict.claim).state == Review.State.PUBLISHED


def test_a_double_click_on_approve_publishes_once(staff: Cast, as_: SignIn) -> None:
    verdict = submitted(staff)
    ben = as_(staff.ben)
    ben.get(_address(verdict))
    read_whole(actor=staff.ben, verdict=verdict)
    for _click in range(2):
        assert _approve(ben, verdict) == 303
    assert Approval.objects.filter(verdict=verdict).count() == 1
    assert Release.objects.filter(verdict=verdict).count() == 1


def test_a_double_click_on_submit_makes_one_version(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    claim_actions.edit_wording(actor=staff.ada, claim=claim, wording=claim.wording)
    ada, typed = as_(staff.ada), _verdict(staff, claim)
    for _click in range(2):
        assert act(ada, claim, "review-submit", **typed) == 303
    assert Verdict.objects.filter(claim=claim).count() == 1


def test_the_author_and_who_has_not_opened_it_cannot_approve(staff: Cast, as_: SignIn) -> None:
    verdict = submitted(staff)
    ada = as_(staff.ada)
    assert "nobody approves their own" in ada.get(_address(verdict)).content.decode()
    address, sent_from = reverse("verdict-approve", args=[verdict.pk]), {"next": _address(verdict)}
    assert ada.post(address, sent_from).status_code == 403
    assert as_(staff.carla).post(address, sent_from).status_code == 422
    assert as_(staff.eli).post(address, sent_from).status_code == 403
    assert not Approval.objects.exists()
    assert not FactCheck.objects.exists()


def test_what_is_missing_is_said_and_no_typed_word_is_lost(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    typed = _verdict(staff, claim, headline="", rating="", short_answer="Long thought about words.")
    answer = as_(staff.ada).post(address_of(claim, "review-submit"), {**typed, "next": here(claim)})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Long thought about words." in text
    assert "How many cars a day?" in text
    assert "confirm the wording" in text
    assert not Verdict.objects.exists()


def test_a_draft_is_kept_and_stale_windows_are_told(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    ada = as_(staff.ada)
    assert act(ada, claim, "review-draft", headline="First thought") == 303
    assert "First thought" in page(ada, claim)
    draft = VerdictDraft.objects.get()
    assert act(ada, claim, "review-draft", headline="Second") == 303
    stale = ada.post(
        address_of(claim, "review-draft"),
        {"headline": "Third", "expected_version": str(draft.version), "next": here(claim)},
    )
    assert stale.status_code == 409
    assert "Third" in stale.content.decode()
    assert VerdictDraft.objects.get().data["headline"] == "Second"


def test_returned_with_a_comment_and_submitted_again(staff: Cast, as_: SignIn) -> None:
    verdict = submitted(staff)
    claim = verdict.claim
    ben = as_(staff.ben)
    assert _do(ben, verdict, "verdict-return", comment="") == 422
    assert _do(ben, verdict, "verdict-return", comment="Say which year.") == 303
    ada = as_(staff.ada)
    assert "Say which year." in page(ada, claim)
    typed = _verdict(staff, claim, headline="In 2025 the counters said otherwise")
    assert act(ada, claim, "review-submit", **typed) == 303
    second = Verdict.objects.get(claim=claim, number=2)
    text = ben.get(_address(second)).content.decode()
    assert "<del" in text
    assert "In 2025 the counters said otherwise" in text
    assert "newer version" in ben.get(_address(verdict)).content.decode()
    assert _approve(ben, verdict) == 409


def test_the_author_recalls(staff: Cast, as_: SignIn) -> None:
    verdict = submitted(staff)
    address, claim = reverse("verdict-recall", args=[verdict.pk]), verdict.claim
    assert as_(staff.ben).post(address, {"next": here(claim)}).status_code == 403
    assert sent(as_(staff.ada), claim, address) == 303
    assert newest(claim).state == Review.State.IN_PROGRESS


def test_approved_and_held_then_published_by_hand(staff: Cast, as_: SignIn) -> None:
    verdict = submitted(staff)
    ben = as_(staff.ben)
    ben.get(_address(verdict))
    read_whole(actor=staff.ben, verdict=verdict)
    assert _approve(ben, verdict, when="hold") == 303
    assert newest(verdict.claim).state == Review.State.APPROVED
    assert not Release.objects.exists()
    assert _do(ben, verdict, "review-publish") == 303
    assert newest(verdict.claim).state == Review.State.PUBLISHED


def test_approved_for_a_later_time(staff: Cast, as_: SignIn) -> None:
    verdict = submitted(staff)
    ben = as_(staff.ben)
    ben.get(_address(verdict))
    read_whole(actor=staff.ben, verdict=verdict)
    assert _approve(ben, verdict, when="at") == 422
    later = timezone.now() + dt.timedelta(days=2)
    assert _approve(ben, verdict, when="at", publish_at=f"{later:%Y-%m-%dT%H:%M}") == 303
    review = newest(verdict.claim)
    assert review.state == Review.State.APPROVED
    assert review.publish_at is not None
    assert not Release.objects.exists()


def test_two_approvals_where_the_desk_asks_for_two(staff: Cast, as_: SignIn) -> None:
    Desk.objects.filter(pk=staff.desk.pk).update(editorial_approvals=2)
    verdict = submitted(staff)
    for person, state in ((staff.ben, Review.State.AWAITING_APPROVAL), (staff.carla, Review.State.PUBLISHED)):
        client = as_(person)
        client.get(_address(verdict))
        read_whole(actor=person, verdict=verdict)
        assert _approve(client, verdict) == 303
        assert newest(verdict.claim).state == state


def test_a_published_check_is_suspended_reinstated_corrected_and_withdrawn(staff: Cast, as_: SignIn) -> None:
    verdict = submitted(staff)
    claim, ben, carla = verdict.claim, as_(staff.ben), as_(staff.carla)
    ben.get(_address(verdict))
    read_whole(actor=staff.ben, verdict=verdict)
    assert _approve(ben, verdict) == 303
    check = FactCheck.objects.get(claim=claim)
    assert act(carla, claim, "factcheck-suspend", note="A source has withdrawn its figures.") == 303
    assert act(carla, claim, "factcheck-reinstate", note="The figures stand.") == 303
    typed = {"kind": "correction", "public_note": "We had the wrong year."}
    assert act(carla, claim, "factcheck-correct", **typed) == 303
    assert newest(claim).state == Review.State.IN_PROGRESS
    assert "We had the wrong year." in page(carla, claim)
    kinds = list(Release.objects.filter(factcheck=check).order_by("number").values_list("kind", flat=True))
    assert kinds == ["first", "suspension", "reinstatement"]
    assert act(carla, claim, "factcheck-withdraw", note="It was wrong.") == 303
    check.refresh_from_db()
    assert check.status == FactCheck.Status.WITHDRAWN
    assert act(ben, claim, "factcheck-suspend", note="Again") in (403, 409)


def test_evidence_changed_after_submission_stops_the_approval(staff: Cast, as_: SignIn) -> None:
    verdict = submitted(staff)
    ben = as_(staff.ben)
    ben.get(_address(verdict))
    read_whole(actor=staff.ben, verdict=verdict)
    row = verdict.claim.evidence.get()
    sent(as_(staff.ada), verdict.claim, f"/evidence/{row.pk}/", rejected="true")
    assert ben.get(_address(verdict)).status_code == 200
    assert _approve(ben, verdict) == 422
    assert not FactCheck.objects.exists()


def test_words_typed_into_an_ended_session_wait_behind_the_sign_in_form(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    claim_actions.edit_wording(actor=staff.ada, claim=claim, wording=claim.wording)
    visitor = Client()
    address = address_of(claim, "review-submit")
    answer = visitor.post(
        address, {**_verdict(staff, claim), "next": here(claim)}, HTTP_ORIGIN="http://testserver"
    )
    assert answer.status_code == 401
    assert "The counters say otherwise" in answer.content.decode()
    assert not Verdict.objects.exists()
    typed = {"email": staff.ada.email, "password": PASSWORD, "carried": answer.context["carried"]}
    # Nobody knows who typed it: whoever signs in is asked first.
    asked = visitor.post("/login/", typed)
    assert asked.status_code == 409
    assert not Verdict.objects.exists()
    yes = {"carried": asked.context["carried"]}
    assert visitor.post("/login/", yes, HTTP_ORIGIN="http://testserver").status_code in (302, 303)
    assert Verdict.objects.get(claim=claim).headline == "The counters say otherwise"
