"""The whole line in a browser: from a pasted article to a public page and a feed that other programs read."""

from __future__ import annotations

import json
import re
import shutil
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from claims.models import Claim, Evidence, FactCheck, Verdict
from tests import builders
from tests.browser.windows import Windows
from tests.people import Cast, make_cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs a Chromium"),
]

ARTICLE = """Ferry of Port Lenna carried more people than ever

Port Lenna, 9 March 2026. The ferry of Port Lenna carried 48,000 passengers in February 2026, the harbour \
authority said on Monday. “We have never had such a February,” said its director, Tomas Reik.

The crossing takes 25 minutes."""

REPORT = """Ferry traffic in February

The harbour register shows that the ferry of Port Lenna carried 31,000 passengers in February 2026, fewer \
than in January. The register counts every passenger at the gate of the ferry of Port Lenna."""


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


def test_from_a_pasted_article_to_a_feed(
    cast: Cast, live_server: Any, browser: Browser, drain: Callable[..., int]
) -> None:
    builders.article(cast, REPORT, title="Ferry traffic", published="2026-03-04", outlet="Harbour Register")
    drain()
    windows = Windows(live_server.url, browser)

    # Ada pastes the article and accepts its first claim.
    page = windows.open(cast.ada)
    page.goto("/desk/north/")
    page.locator("[data-drop] textarea, textarea[name=what]").first.fill(ARTICLE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/*/**")
    drain()
    page.reload()
    row = page.locator("[data-row]", has_text="48,000 passengers").first
    row.get_by_role("button", name=re.compile("^Accept")).first.click()
    expect(page.locator("a[href^='/claims/']").first).to_be_visible()
    claim = Claim.objects.get()
    drain()

    # The evidence was found by the job; she cites it and writes the verdict.
    page.goto(f"/claims/{claim.pk}/")
    source = Evidence.objects.get(claim=claim, quotation__contains="31,000")
    found = page.locator(f"#e{source.pk}")
    expect(found).to_contain_text("31,000 passengers")
    found.get_by_role("button", name=re.compile("^refutes")).click()
    expect(page.locator(f"#e{source.pk} button.s-refutes")).to_have_attribute("aria-pressed", "true")
    page.locator(f"#e{source.pk}").get_by_role("button", name=re.compile("^Cite")).click()
    expect(page.locator(f"#e{source.pk}")).to_have_class(re.compile("is-cited"))
    if claim.claimant is None:
        page.keyboard.press("e")
        page.get_by_label("Who made the claim").fill("Harbour authority of Port Lenna")
        page.get_by_role("button", name="Store the claimant").click()
    editor = page.locator("form.verdict-form")
    editor.get_by_label("The claim as it is checked").fill(
        "The ferry of Port Lenna carried 48,000 passengers in February 2026."
    )
    editor.get_by_label("The wording is right").check()
    editor.get_by_label("Headline").fill("The ferry carried 31,000, not 48,000")
    editor.locator("input[name=rating]").first.check()
    editor.get_by_label("Short answer").fill(
        "The harbour register counts 31,000 passengers in February 2026."
    )
    editor.get_by_label("Justification").fill(f"The register counted 31,000 at the gate [e:{source.pk}].")
    editor.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("Submitted. Somebody who did not write it")).to_be_visible()
    verdict = Verdict.objects.get(claim=claim)

    # She cannot approve it; Ben reads it beside its source and does.
    page.goto(f"/verdicts/{verdict.pk}/")
    expect(page.get_by_text("nobody approves their own")).to_be_visible()
    approver = windows.open(cast.ben)
    approver.goto(f"/verdicts/{verdict.pk}/")
    approver.locator("a[href*='source=']").first.click()
    approver.get_by_role("button", name=re.compile("^Opened, and it says so")).click()
    expect(approver.locator("button[aria-pressed=true]", has_text="Opened, and it says so")).to_be_visible()
    approver.locator("button.primary[data-key=a]").click()
    expect(approver.get_by_text("Approved and published.")).to_be_visible()
    drain()

    # Anybody reads it, and so does a program.
    check = FactCheck.objects.get()
    reader = windows.open()
    reader.goto(f"/checks/{check.public_id}/")
    expect(reader.get_by_role("heading", name="The ferry carried 31,000, not 48,000")).to_be_visible()
    expect(reader.get_by_text("The harbour register counts 31,000 passengers")).to_be_visible()
    with urllib.request.urlopen(f"{live_server.url}/feeds/claimreview.json") as answer:
        feed = json.load(answer)
    assert "48,000 passengers" in json.dumps(feed, ensure_ascii=False)
    assert check.rating_label == "False"
    assert windows.complaints == []
