"""What does one check cost? Keys and pages from a pasted article to a published check, counted as a new user makes it.

Typing is not counted: what is written, and moving the caret inside it. Everything else is: every key that is no
letter of a text, every page that is loaded. ``docs/reference/keyboard.md`` gives the figures.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from claims.models import Claim, Evidence, FactCheck, Verdict
from tests import builders
from tests.browser.test_whole_line import ARTICLE, REPORT
from tests.browser.windows import Windows
from tests.people import Cast, make_cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs a Chromium"),
]
MOST_KEYS, MOST_PAGES = 15, 4


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def windows(live_server: Any, browser: Browser) -> Iterator[Windows]:
    windows = Windows(live_server.url, browser)
    yield windows
    for context in browser.contexts:
        context.close()
    assert windows.complaints == []


class Counted:
    """One person at a keyboard, with what it costs them; what the browser asks is answered with Enter."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys: list[str] = []
        self.pages: list[str] = []
        page.on("dialog", lambda dialog: self.keys.append("Enter"))
        page.on("framenavigated", lambda frame: self.pages.append(re.sub(r"^https?://[^/]+", "", frame.url)))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys.append(key)
            self.page.keyboard.press(key)

    def types(self, words: str) -> None:
        self.page.keyboard.type(words)


def test_one_check_costs_fifteen_keys(cast: Cast, windows: Windows, drain: Callable[..., int]) -> None:
    builders.article(cast, REPORT, title="Ferry traffic", published="2026-03-04", outlet="Harbour Register")
    drain()
    page, reading = windows.open(cast.ada), windows.open(cast.ben)
    page.goto("/desk/north/")
    reading.goto("/desk/north/")
    ada, ben = Counted(page), Counted(reading)

    # The article is pasted where the cursor is put; what it asserts is read while the page waits.
    page.locator("textarea[name=what]").focus()
    page.keyboard.insert_text(ARTICLE)
    ada.press("Enter")
    page.wait_for_url("**/documents/*/**")
    drain()
    row = page.locator("[data-row].is-current", has_text="48,000 passengers")
    expect(row).to_be_visible(timeout=60_000)
    ada.press("Shift+C")
    page.wait_for_url("**/claims/*/**")
    claim = Claim.objects.get()
    source = claim_source(drain, claim)
    page.reload()
    ada.pages.pop()

    evidence = page.locator(f"#e{source.pk}")
    while "is-current" not in (evidence.get_attribute("class") or ""):
        ada.press("j")
    ada.press("3")
    expect(evidence.locator("button.s-refutes")).to_have_attribute("aria-pressed", "true")
    ada.press("w", "r", "5" if page.locator("input[name=rating]").count() > 4 else "1")
    ada.types("The ferry carried 31,000, not 48,000")
    ada.press("Tab")
    ada.types("The harbour register counts 31,000 passengers.")
    ada.press("Tab")
    ada.types("The register counted 31,000 at the gate [")
    expect(page.locator("#cite-menu [role=option]").first).to_be_visible()
    ada.press("Enter")
    ada.press("Control+Shift+Enter")
    expect(page.get_by_text("Submitted. Somebody who did not write it")).to_be_visible()
    verdict = Verdict.objects.get(claim=claim)
    assert verdict.citations == [source.pk]

    ben.press("n")
    reading.wait_for_url(f"**/verdicts/{verdict.pk}/**")
    ben.press("c")
    expect(reading.locator("button[aria-pressed=true]", has_text="Opened, and it says so")).to_be_visible()
    ben.press("Shift+A")
    expect(reading.get_by_text("Approved and published.")).to_be_visible()
    drain()
    assert FactCheck.objects.get().status == "live"

    # The last page of each is the first of the next check.
    print("keys", ada.keys, ben.keys, "pages", ada.pages, ben.pages)
    assert len(ada.keys) + len(ben.keys) <= MOST_KEYS, (ada.keys, ben.keys)
    assert len(ada.pages) - 1 + len(ben.pages) - 1 <= MOST_PAGES, (ada.pages, ben.pages)


def claim_source(drain: Callable[..., int], claim: Claim) -> Evidence:
    drain()
    return Evidence.objects.get(claim=claim, quotation__contains="31,000")
