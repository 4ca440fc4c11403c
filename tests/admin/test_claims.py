"""A claim's page in the admin is the workbench's own, in another frame: same parts, same forms, and back to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from claims.actions.claims import changes as claim_actions
from claims.models import Evidence, Job, Review, User
from claims.vocabulary import CloseReason
from tests import builders
from tests.admin.conftest import act, address_of, here, newest, page, quoted, sent, submitted
from tests.people import Cast

SignIn = Callable[[User], Client]
#: Forms whose act leads to another page, wherever they stand.
LEADS_ON = re.compile(r"/(switch|logout|hints|merge|outside|bar)/")


def _forms(text: str) -> dict[str, list[str]]:
    """Return the forms of a page that change something: where each goes, and the names of its fields."""
    found = {}
    for form in html.fromstring(text).xpath("//form[@method='post']"):
        names = {str(one.get("name")) for one in form.xpath(".//*[@name]")}
        found[str(form.get("action"))] = sorted(names - {"csrfmiddlewaretoken", "next"})
    found.pop(reverse("hints"), None)
    return found


def test_the_page_is_the_workbench_s_own(staff: Cast, as_: SignIn) -> None:
    added = builders.article(staff)
    builders.analysed(staff, added)
    claim = builders.accepted(staff)
    row = quoted(staff, claim)
    client = as_(staff.ada)
    shown, own = page(client, claim), client.get(f"/claims/{claim.pk}/").content.decode()
    assert _forms(shown) == _forms(own)
    for part in (
        "//header[contains(@class, 'claim-head')]//h1",
        "//*[@id='evidence']//article",
        "//ol[@class='timeline']",
    ):
        there, here_ = (
            [" ".join(one.text_content().split()) for one in html.fromstring(text).xpath(part)]
            for text in (own, shown)
        )
        assert there == here_, part
    assert "lost 300 jobs" in shown
    assert row.quotation in shown


def test_every_form_of_the_page_leads_back_to_it(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    quoted(staff, claim)
    for text in (page(as_(staff.carla), claim), page(as_(staff.ada), submitted(staff).claim)):
        tree = html.fromstring(text)
        own = tree.xpath("//nav[@class='crumbs']/../a/@href")[0].replace("history", "change")
        astray = [
            form.get("action")
            for form in tree.xpath("//main//form[@method='post']")
            if not LEADS_ON.search(str(form.get("action")))
            and own not in [value.partition("#")[0] for value in form.xpath(".//input[@name='next']/@value")]
        ]
        assert astray == []


def test_no_form_of_the_workbench_leads_to_the_admin(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    assert "/admin/" not in " ".join(
        html.fromstring(as_(staff.ada).get(f"/claims/{claim.pk}/").content).xpath("//main//form//@value")
    )


def test_they_lead_to_one_another(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    client = as_(staff.ada)
    links = html.fromstring(page(client, claim)).xpath("//a/@href")
    assert f"/claims/{claim.pk}/" in links
    assert f"/admin/claims/claim/{claim.pk}/history/" in links
    assert f"/admin/claims/evidence/?claim__id__exact={claim.pk}" in links
    assert here(claim) in html.fromstring(client.get(f"/claims/{claim.pk}/").content).xpath("//a/@href")
    for address in links:
        if urlsplit(address).path.startswith(("/admin/", "/claims/")):
            assert client.get(address.partition("#")[0]).status_code == 200, address


def test_what_is_decided_about_evidence_returns_to_its_row(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    row = quoted(staff, claim)
    client = as_(staff.ada)
    address = reverse("evidence", args=[row.pk])
    answer = client.post(address, {"next": here(claim), "stance": "partly", "expected_version": row.version})
    assert answer["Location"] == f"{here(claim)}#e{row.pk}"
    row.refresh_from_db()
    assert row.stance == "partly"
    # Another window decided meanwhile.
    assert sent(client, claim, address, stance="refutes", expected_version=row.version - 1) == 409


def test_acts_come_back(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    client = as_(staff.ada)
    assert act(client, claim, "claim-wording", wording="The bridge of Lenna carries 9000 cars a day.") == 303
    assert act(client, claim, "claim-claimant", name="Otto Falk", kind="person") == 303
    assert act(client, claim, "claim-dates", made_on="2026-03", about="2025") == 303
    assert act(client, claim, "claim-search", own_words="cars per day") == 303
    assert act(client, claim, "review-close", reason=CloseReason.NOT_WORTH_IT, note="nobody heard it") == 303
    claim.refresh_from_db()
    assert claim.wording == "The bridge of Lenna carries 9000 cars a day."
    assert claim.claimant is not None
    assert (claim.claimant.name, claim.made_on, claim.about) == ("Otto Falk", "2026-03", "2025")
    assert Job.objects.filter(kind="search", arguments__own_words="cars per day").exists()
    assert newest(claim).state == Review.State.CLOSED
    assert act(client, claim, "review-reopen") == 303


def test_a_refusal_stays_in_the_admin_with_what_was_typed_and_the_next_act_too(
    staff: Cast, as_: SignIn
) -> None:
    claim = builders.claim(staff)
    client = as_(staff.ada)
    typed = {
        "kind": "quotation", "quotation": "Words that took me an hour", "source_title": "", "next": here(claim),
    }  # fmt: skip
    answer = client.post(reverse("evidence-add", args=[claim.pk, "quotation"]), typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Words that took me an hour" in text
    assert 'class="crumbs"' in text
    assert here(claim) in html.fromstring(text).xpath("//form[contains(@action, 'wording')]//@value")
    assert not Evidence.objects.filter(claim=claim).exists()


def test_an_address_that_is_no_page_of_this_claim_is_no_frame(staff: Cast, as_: SignIn) -> None:
    claim, other = builders.claim(staff), builders.claim(staff)
    client = as_(staff.ada)
    for wanted in (here(other), "/admin/", "[e:1]", "https://elsewhere.example" + here(claim)):
        answer = client.post(address_of(claim, "claim-wording"), {"wording": "", "next": wanted})
        assert answer.status_code == 422
        assert b'class="crumbs"' not in answer.content


def test_what_is_no_address_leads_nowhere(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    for wanted in ("[e:1]", "javascript:alert(1)", "//elsewhere.example/", "back"):
        answer = as_(staff.ada).post(
            address_of(claim, "claim-dates"),
            {"next": wanted, "made_on": "2026-03", "expected_version": claim.version},
        )
        assert answer["Location"] == f"/claims/{claim.pk}/"
        claim.refresh_from_db()


def test_a_contributor_reads_and_changes_nothing(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    row = quoted(staff, claim)
    client = as_(staff.eli)
    assert row.quotation in page(client, claim)
    assert sent(client, claim, reverse("evidence", args=[row.pk]), cited="true") == 403
    assert act(client, claim, "evidence-rest") == 403
    assert act(client, claim, "review-draft", headline="x") == 403
    assert act(client, claim, "review-close", reason="other") == 403


def test_nothing_is_posted_to_the_page_itself(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    assert as_(staff.ada).post(here(claim), {"wording": "Mine"}).status_code in (403, 405)
    claim.refresh_from_db()
    assert claim.wording != "Mine"


def test_a_merged_claim_leads_on(staff: Cast, as_: SignIn) -> None:
    claim, into = builders.claim(staff), builders.claim(staff)
    claim_actions.merge_claims(actor=staff.ada, claim=claim, into=into)
    assert here(into) in page(as_(staff.ada), claim)


def test_the_page_costs_what_the_workbench_s_costs(staff: Cast, as_: SignIn) -> None:
    claim = builders.claim(staff)
    quoted(staff, claim)
    client = as_(staff.ada)
    for number in range(8):
        quoted(staff, claim, f"Another {number} words")
    counts = []
    for address in (f"/claims/{claim.pk}/", here(claim)):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    # One more door: the admin's own.
    assert counts[1] <= counts[0] + 3
