"""The admin in a real browser: its strict policy holds, it is accessible, and it fits a telephone."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib import admin
from playwright.sync_api import Browser

from claims.models import Appearance, FactCheck, Review, User
from tests import builders
from tests.admin.conftest import newest, quoted, submitted
from tests.browser.windows import Windows
from tests.people import PASSWORD, Cast, make_cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs a Chromium"),
]


@dataclass
class Desk(Windows):
    """A running desk: its people, and windows in which what is missing is complained about too."""

    cast: Cast = field(kw_only=True)

    def _console(self, message: Any) -> None:
        url = message.location.get("url", "")
        if message.type == "error":
            self.complaints.append(f"{message.text} ({url})")


@pytest.fixture
def desk(live_server: Any, browser: Browser) -> Desk:
    cast = make_cast()
    User.objects.update(is_staff=True)
    return Desk(live_server.url, browser, cast=cast)


def _filled(cast: Cast) -> Any:
    added = builders.article(cast)
    builders.analysed(cast, added)
    claim = builders.accepted(cast)
    quoted(cast, claim)
    return claim


def _addresses(cast: Cast) -> dict[str, str]:
    claim = _filled(cast)
    verdict = submitted(cast)
    document = claim.appearances.get().document
    return {
        "index": "/admin/",
        "claims": "/admin/claims/claim/",
        "narrowed": "/admin/claims/claim/?state=queued",
        "suggestions": "/admin/claims/appearance/",
        "claim": f"/admin/claims/claim/{claim.pk}/change/",
        "verdict": f"/admin/claims/claim/{verdict.claim_id}/verdict/{verdict.pk}/",
        "row": f"/admin/claims/document/{document.pk}/change/",
        "capture": f"/admin/claims/capture/{document.captures.get().pk}/change/",
        "history": f"/admin/claims/claim/{claim.pk}/history/",
        "log": "/admin/claims/auditevent/",
    }


def test_no_page_breaks_the_policy(desk: Desk) -> None:
    page = desk.open(desk.cast.ben)
    for address in _addresses(desk.cast).values():
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert desk.complaints == []


def test_our_pages_are_accessible_in_light_and_dark(desk: Desk) -> None:
    addresses = _addresses(desk.cast)
    page = desk.open(desk.cast.ben)
    broken = {}
    for name in sorted(OURS):
        page.goto(addresses[name])
        if found := [*desk.violations(page), *desk.violations_in_dark(page)]:
            broken[name] = found
    assert broken == {}


#: Every page but the lists, which have a test of their own.
OURS = {"index", "claim", "verdict", "history", "row", "capture"}


def test_every_list_is_accessible(desk: Desk) -> None:
    """Filled as far as one published check fills it; an administrator of the installation sees every list."""
    _addresses(desk.cast)
    root = User.objects.create_superuser("root@desk.example", PASSWORD, display_name="Root")
    page = desk.open(root)
    broken = {}
    for model in admin.site._registry:
        page.goto(f"/admin/claims/{model._meta.model_name}/")
        if found := desk.violations(page):
            broken[model._meta.model_name] = found
    assert broken == {}
    assert desk.complaints == []


def test_the_policy_is_what_stops_an_inline_script(desk: Desk) -> None:
    """The test above could not fail if complaints were not heard."""
    page = desk.open(desk.cast.ben)
    page.goto("/admin/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    page.wait_for_timeout(100)
    assert any("style-src" in line or "inline style" in line for line in desk.complaints)


@pytest.mark.parametrize("width", [360])
def test_nothing_scrolls_sideways_on_a_telephone(desk: Desk, width: int) -> None:
    addresses = _addresses(desk.cast)
    page = desk.open(desk.cast.ben, width=width)
    wide = {}
    for name in ("claims", "claim", "verdict", "history", "index"):
        page.goto(addresses[name])
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0:
            wide[name] = overflow
    assert wide == {}


def test_two_people_take_a_claim_to_publication(desk: Desk) -> None:
    claim = _filled(desk.cast)
    page = desk.open()
    page.goto(f"/admin/claims/claim/{claim.pk}/change/")
    page.fill("input[name=email]", desk.cast.ada.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button:text-is('Sign in')")
    page.click("summary:has-text('Edit wording')")
    page.click("button:text-is('Confirm the wording')")
    page.wait_for_selector("text=The wording is confirmed.")
    page.click("summary:has-text('Edit wording')")
    page.fill("#claimant-name", "Lenna Gazette")
    page.select_option("#claimant-kind", "outlet")
    page.click("button:text-is('Store the claimant')")
    page.wait_for_selector("text=It is noted who made the claim.")
    row = claim.evidence.get()
    page.click(f"#e{row.pk} button:has-text('Cite')")
    page.wait_for_selector(f"#e{row.pk} .cite")
    page.fill("#verdict-headline", "The yearbook says otherwise")
    page.click(".ratings label.rating >> nth=0")
    page.fill("#verdict-short_answer", "Far fewer than claimed.")
    page.fill("#verdict-justification", f"The counters show it. [e:{row.pk}]")
    page.click("#verdict button:has-text('Submit for approval')")
    page.wait_for_selector("text=Submitted.")
    assert page.url.partition("#")[0].endswith(f"/admin/claims/claim/{claim.pk}/change/")

    other = desk.open(desk.cast.ben)
    other.goto("/admin/claims/claim/?state=awaiting_approval")
    other.click("#result_list tbody a >> nth=0")
    other.click(".inline-list a:has-text('Version 1')")
    page_of_version = other.url
    other.click(".source-tabs a >> nth=0")
    other.click("button:has-text('Opened, and it says so')")
    other.wait_for_selector("button[aria-pressed=true]:has-text('Opened, and it says so')")
    assert other.url.startswith(page_of_version)
    other.once("dialog", lambda dialog: dialog.accept())
    other.locator(".approve-form button.primary").click()
    other.wait_for_selector("text=Approved and published.")
    assert other.url.startswith(page_of_version)
    assert newest(claim).state == Review.State.PUBLISHED
    assert FactCheck.objects.get(claim=claim).rating_label
    assert desk.complaints == []


def test_a_bulk_act_is_chosen_previewed_and_reported(desk: Desk) -> None:
    claims = [builders.claim(desk.cast) for _number in range(3)]
    page = desk.open(desk.cast.carla)
    page.goto("/admin/claims/claim/")
    page.check("#action-toggle")
    page.select_option("select[name=action]", "bulk_assign")
    page.click("button[name=index]")
    page.select_option("#id_to", str(desk.cast.ben.pk))
    assert desk.violations(page) == []
    page.click("button:text-is('Show what would happen')")
    page.wait_for_selector("text=Nothing has changed yet")
    assert desk.violations(page) == []
    page.click("button:has-text('Assign')")
    page.wait_for_selector("text=Done: 3")
    assert {newest(claim).assignee_id for claim in claims} == {desk.cast.ben.pk}
    assert desk.complaints == []


def test_suggestions_are_dismissed_from_their_list(desk: Desk) -> None:
    builders.analysed(desk.cast, builders.article(desk.cast))
    page = desk.open(desk.cast.ada)
    page.goto("/admin/claims/appearance/")
    page.check("#result_list tbody input[type=checkbox] >> nth=0")
    page.select_option("select[name=action]", "bulk_dismiss")
    page.click("button[name=index]")
    page.fill("#id_reason", "opinion")
    page.click("button:text-is('Show what would happen')")
    page.click("button:text-is('Do it for 1 row')")
    page.wait_for_selector("text=Done: 1")
    assert Appearance.objects.get(triage=Appearance.Triage.DISMISSED).dismiss_reason == "opinion"
