"""The whole line by the keyboard alone: no step of it needs a mouse, signing in and approving included."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from claims.models import Claim, Evidence, FactCheck, Review, User, Verdict
from tests import builders
from tests.browser.test_whole_line import ARTICLE, REPORT
from tests.browser.windows import Windows
from tests.people import Cast, make_cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs a Chromium"),
]
PASSWORD = "the bridge carries cars"
#: So often Tab is pressed at most to come to a part of a page.
FAR = 80


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = make_cast()
    for person in (cast.ada, cast.ben):
        person.set_password(PASSWORD)
        person.save()
    return cast


@pytest.fixture
def windows(live_server: Any, browser: Browser) -> Iterator[Windows]:
    windows = Windows(live_server.url, browser)
    yield windows
    assert windows.complaints == []


class Keys:
    """One person at one keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str, times: int = 1) -> None:
        for _time in range(times):
            self.page.keyboard.press(key)

    def to(self, selector: str) -> None:
        """Press Tab until the focus is on what is looked for."""
        for _step in range(FAR):
            if self.page.evaluate("(what) => document.activeElement?.matches(what) ?? false", selector):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not lead to {selector}")

    def write(self, selector: str, words: str) -> None:
        self.to(selector)
        self.page.keyboard.type(words)

    def sign_in(self, user: User) -> None:
        self.page.goto("/login/")
        self.write("[name=email]", user.email)
        self.write("[name=password]", PASSWORD)
        self.press("Enter")
        self.page.wait_for_url("**/desk/**")


def test_from_a_pasted_article_to_a_published_check_without_a_mouse(
    cast: Cast, windows: Windows, drain: Callable[..., int]
) -> None:
    builders.article(cast, REPORT, title="Ferry traffic", published="2026-03-04", outlet="Harbour Register")
    drain()
    page = windows.open()
    ada = Keys(page)
    ada.sign_in(cast.ada)

    # An article is pasted; its claim is found and accepted.
    ada.to("textarea[name=what]")
    page.keyboard.insert_text(ARTICLE)
    ada.press("Enter")
    page.wait_for_url("**/documents/*/**")
    drain()
    ada.press("F5")
    wanted = page.locator("[data-row]", has_text="48,000 passengers").first
    expect(wanted).to_be_visible()
    for _row in range(10):
        if "is-current" in (wanted.get_attribute("class") or ""):
            break
        ada.press("j")
    expect(wanted).to_have_class(re.compile("is-current"))
    # One that is not worth it is dismissed and taken back, as one does.
    ada.press("x")
    expect(page.locator("[data-row][data-state=dismissed]")).to_have_count(1)
    ada.press("u")
    expect(page.locator("[data-row][data-state=dismissed]")).to_have_count(0)
    expect(wanted).to_have_class(re.compile("is-current"))
    ada.press("a")
    expect(page.locator("a[href^='/claims/']").first).to_be_visible()
    claim = Claim.objects.get()
    drain()

    # The claim is found by its number; the source that the job found refutes it and is cited.
    ada.press("Control+k")
    page.keyboard.type(str(claim.pk))
    expect(page.locator("[data-palette-found] [role=option]", has_text="48,000").first).to_be_visible()
    ada.press("Enter")
    page.wait_for_url(f"**/claims/{claim.pk}/**")
    source = Evidence.objects.get(claim=claim, quotation__contains="31,000")
    row = page.locator(f"#e{source.pk}")
    ada.press("j")
    expect(row).to_have_class(re.compile("is-current"))
    ada.press("3")
    expect(row.locator("button.s-refutes")).to_have_attribute("aria-pressed", "true")
    ada.press("c")
    expect(row).to_have_class(re.compile("is-cited"))

    # The wording is confirmed, the verdict written and handed in.
    ada.to("form.verdict-form [name=confirm_wording]")
    ada.press("Space")
    ada.write("form.verdict-form [name=headline]", "The ferry carried 31,000, not 48,000")
    # Who types has the claim: others see it, and so does she.
    expect(page.locator("[data-autosave-state]")).to_contain_text("Kept at")
    assert Review.objects.get(claim=claim).lease_user == cast.ada
    ada.press("Escape")
    ada.press("r")
    ada.press("Space")
    ada.write("form.verdict-form [name=short_answer]", "The harbour register counts 31,000 passengers.")
    ada.write("form.verdict-form [name=justification]", "The register counted 31,000 at the gate [")
    expect(page.locator("#cite-menu [role=option]")).to_have_count(1)
    ada.press("Enter")
    expect(page.locator("form.verdict-form [name=justification]")).to_have_value(re.compile(r"\[e:\d+\]$"))
    ada.press("Control+Enter")
    expect(page.get_by_text("Submitted. Somebody who did not write it")).to_be_visible()
    verdict = Verdict.objects.get(claim=claim)

    # The next item of the second reader is this verdict; its source is opened, ticked, and it is approved.
    reader = windows.open()
    ben = Keys(reader)
    ben.sign_in(cast.ben)
    ben.press("n")
    reader.wait_for_url(f"**/verdicts/{verdict.pk}/**")
    # Its first source is open beside it.
    tick = reader.get_by_role("button", name=re.compile("^Opened, and it says so"))
    expect(tick).to_be_visible()
    ben.to("form[action$='/tick/'] button, form[hx-post$='/tick/'] button")
    ben.press("Enter")
    expect(reader.locator("button[aria-pressed=true]", has_text="Opened, and it says so")).to_be_visible()
    ben.press("a")
    expect(reader.get_by_text("Approved and published.")).to_be_visible()
    drain()
    check = FactCheck.objects.get()
    assert (check.rating_label, check.status) == ("False", "live")

    # And from there to what everybody reads, without a mouse as well.
    ben.press("g")
    ben.press("p")
    reader.wait_for_url("**/published/**")
    ben.to(f"a[href^='/factchecks/{check.pk}/']")
    ben.press("Enter")
    reader.wait_for_url(f"**/factchecks/{check.pk}/")
    ben.to(f"a[href^='/checks/{check.public_id}/']")
    ben.press("Enter")
    reader.wait_for_url(f"**/checks/{check.public_id}/**")
    expect(reader.get_by_role("heading", name="The ferry carried 31,000, not 48,000")).to_be_visible()
