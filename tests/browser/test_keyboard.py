"""Keys in a browser: none is lost, none does something elsewhere, whatever the speed, the line and the session do.

What is left in the database is compared with a model of what the keys meant when they were pressed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, Route, expect

from claims.actions.evidence.decisions import add_quotation
from claims.models import Appearance, Claim, Evidence, Job
from tests import builders
from tests.browser.conftest import Window
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WindowOf = Callable[..., Window]

PORTS = ("Lenna", "Osk", "Varn", "Tull", "Brem", "Hald", "Nord", "Senn", "Kroy", "Ulm", "Pell", "Ravn")
SENTENCES = [f"The port of {name} lost {30 + 7 * n} jobs in {2010 + n}." for n, name in enumerate(PORTS)]

#: Presses keys at an even pace where the focus is, faster than any answer comes.
PRESS = """async ([keys, pace]) => {
  const codes = { '+': 'Equal' };
  for (const key of keys) {
    const code = /[a-z]/i.test(key) && key.length === 1 ? 'Key' + key.toUpperCase()
      : /[0-9]/.test(key) ? 'Digit' + key : codes[key] || key;
    const shiftKey = key.length === 1 && /[A-Z]/.test(key);
    const event = new KeyboardEvent('keydown', { key, code, shiftKey, bubbles: true, cancelable: true });
    (document.activeElement || document.body).dispatchEvent(event);
    await new Promise((done) => setTimeout(done, pace));
  }
}"""


def press(page: Page, keys: str | list[str], pace: int = 20) -> None:
    page.evaluate(PRESS, [list(keys), pace])


def drained(page: Page) -> None:
    """Wait until every act is answered and shown."""
    asked = "(document.documentElement.dataset.acts || '0') === '0' && !document.querySelector('.is-pending')"
    until(page, asked, 400)


def until(page: Page, asked: str, seconds: float = 30) -> None:
    """Wait until something is so; the policy of our pages lets no other way in."""
    end = time.monotonic() + seconds
    while not page.evaluate(asked):
        assert time.monotonic() < end, f"never so: {asked}"
        page.wait_for_timeout(50)


@pytest.fixture
def article(cast: Cast) -> str:
    text = " ".join(SENTENCES)
    added = builders.article(cast, text, title="Ports")
    builders.analysed(
        cast, added, tuple(builders.unit(text, one.rstrip("."), n) for n, one in enumerate(SENTENCES))
    )
    Job.objects.all().delete()
    return f"/documents/{added.document.pk}/"


def triage() -> list[str]:
    return list(Appearance.objects.order_by("start").values_list("triage", flat=True))


@dataclass
class TriageModel:
    """What triage keys mean: accept and dismiss end a row and go on to the next that waits; undo goes back."""

    rows: list[str]
    at: int = 0
    done: list[int] = field(default_factory=list)

    def press(self, key: str) -> None:
        if key in "jk":
            self.at = max(0, min(len(self.rows) - 1, self.at + (1 if key == "j" else -1)))
        elif key in "ax" and self.rows[self.at] == "suggested":
            self.rows[self.at] = "accepted" if key == "a" else "dismissed"
            self.done.append(self.at)
            onward = [*range(self.at + 1, len(self.rows)), *range(self.at)]
            self.at = next((n for n in onward if self.rows[n] == "suggested"), self.at)
        elif key == "u" and self.done:
            self.at = self.done.pop()
            self.rows[self.at] = "suggested"


@pytest.mark.parametrize("seed", [1, 2])
def test_two_hundred_keys_on_an_article_each_do_what_they_meant(
    cast: Cast, article: str, window_of: WindowOf, seed: int
) -> None:
    window = window_of(cast.ada)
    page = window.open(article)
    keys = random.Random(seed).choices("jkaxu", (5, 3, 4, 4, 5), k=200)
    model = TriageModel(triage())
    for key in keys:
        model.press(key)
    press(page, keys)
    drained(page)
    assert triage() == model.rows
    assert Claim.objects.count() == model.rows.count("accepted")
    current = page.locator("[data-row].is-current")
    assert current.count() == 1
    place = Appearance.objects.order_by("start")[model.at].pk
    assert current.get_attribute("id") == f"a{place}"
    assert page.evaluate("document.activeElement.closest('[data-row]').id") == f"a{place}"
    assert page.locator("#refusals").inner_text() == ""
    assert window.complaints == []


@dataclass
class Decided:
    stance: str = ""
    cited: bool = False
    rejected: bool = False


STANCES = {"1": "supports", "2": "partly", "3": "refutes", "4": "context", "5": "irrelevant"}


@dataclass
class EvidenceModel:
    """What keys on evidence mean: each switches on or off what it names; citing and rejecting end each other."""

    rows: list[Decided]
    at: int | None = None
    done: list[tuple[int, Decided]] = field(default_factory=list)

    def press(self, key: str) -> None:
        if key in "jk":
            first = 0 if key == "j" else len(self.rows) - 1
            step = 1 if key == "j" else -1
            self.at = first if self.at is None else max(0, min(len(self.rows) - 1, self.at + step))
        elif key == "u":
            if self.done:
                self.at, before = self.done.pop()
                self.rows[self.at] = before
        elif self.at is not None:
            row = self.rows[self.at]
            self.done.append((self.at, Decided(row.stance, row.cited, row.rejected)))
            if key in STANCES:
                row.stance = "" if row.stance == STANCES[key] else STANCES[key]
            elif key == "c":
                row.cited = not row.cited
                row.rejected = row.rejected and not row.cited
            elif key == "x":
                row.rejected = not row.rejected
                row.cited = row.cited and not row.rejected


def evidence_rows(cast: Cast, count: int = 6) -> tuple[Claim, list[Evidence]]:
    """Return a claim that Ada works on with undecided quotations, in the order the page shows them."""
    claim, _review, first = pages.working(cast)
    Evidence.objects.filter(pk=first.pk).delete()
    for n in range(count):
        add_quotation(
            actor=cast.ada, claim=claim, quotation=f"Counter {n} showed {900 + n} cars a day.",
            source_title=f"Traffic count {n}", source_url=f"https://roads{n}.example/count",
        )  # fmt: skip
    return claim, list(Evidence.objects.filter(claim=claim))


def shown_order(page: Page) -> list[int]:
    found: list[int] = page.evaluate(
        "Array.from(document.querySelectorAll('[data-rows] [data-row]')).filter((one) => one.getClientRects().length)"
        ".map((one) => Number(one.id.slice(1)))"
    )
    return found


@pytest.mark.parametrize("seed", [3, 4])
def test_two_hundred_keys_on_evidence_each_do_what_they_meant(
    cast: Cast, window_of: WindowOf, seed: int
) -> None:
    claim, rows = evidence_rows(cast)
    window = window_of(cast.ada)
    page = window.open(f"/claims/{claim.pk}/")
    order = shown_order(page)
    assert sorted(order) == sorted(row.pk for row in rows)
    keys = random.Random(seed).choices("jk12345cxu", (6, 4, 2, 2, 2, 2, 2, 3, 3, 5), k=200)
    model = EvidenceModel([Decided() for _ in order])
    for key in keys:
        model.press(key)
    press(page, keys)
    drained(page)
    found = {
        row.pk: Decided(row.stance, row.cited, row.rejected) for row in Evidence.objects.filter(claim=claim)
    }
    assert [found[pk] for pk in order] == model.rows
    assert page.locator("#refusals").inner_text() == ""
    assert window.complaints == []


def test_four_stances_without_a_pause_are_four_acts(cast: Cast, window_of: WindowOf) -> None:
    claim, _rows = evidence_rows(cast, 1)
    page = window_of(cast.ada).open(f"/claims/{claim.pk}/")
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None
    )
    for key in "j1234":
        page.keyboard.press(key)
    drained(page)
    stances = [next(part for part in one.split("&") if part.startswith("stance=")) for one in sent]
    assert stances == ["stance=supports", "stance=partly", "stance=refutes", "stance=context"]
    assert Evidence.objects.get().stance == "context"
    expect(page.locator("button.s-context")).to_have_attribute("aria-pressed", "true")


def test_a_lost_line_in_the_middle_of_ten_keys_keeps_says_and_sends_again(
    cast: Cast, article: str, window_of: WindowOf
) -> None:
    window = window_of(cast.ada)
    page = window.open(article)
    calls: list[str] = []

    def flaky(route: Route) -> None:
        calls.append(route.request.url)
        # The third never arrives; of the fourth only the answer is lost.
        if len(calls) == 3:
            route.abort("internetdisconnected")
        elif len(calls) == 5:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/appearances/**", flaky)
    press(page, "aaxaxaaxax")
    expect(page.locator("#acts-state")).to_contain_text("Kept here, and sent again by itself")
    drained(page)
    expected = {"a": "accepted", "x": "dismissed"}
    assert triage() == [expected[key] for key in "aaxaxaaxax"] + ["suggested"] * 2
    assert page.locator("#refusals").inner_text() == ""


def test_an_ended_session_is_said_and_nothing_is_lost(cast: Cast, article: str, window_of: WindowOf) -> None:
    cast.ada.set_password("correct horse battery")
    cast.ada.save()
    window = window_of(cast.ada)
    page = window.open(article)
    Session.objects.all().delete()
    press(page, "aax")
    form = page.locator("#refusals form")
    form.locator("[name=email]").fill(cast.ada.email)
    expect(page.locator("#refusals")).to_contain_text("Your session has ended")
    assert triage() == ["suggested"] * len(PORTS)
    form.locator("[name=password]").fill("correct horse battery")
    form.locator("button").click()
    page.locator("#refusals form").wait_for(state="detached")
    drained(page)
    assert triage()[:4] == ["accepted", "accepted", "dismissed", "suggested"]
    assert page.url.endswith(article)


def test_what_was_pressed_for_one_person_is_never_sent_for_another(
    cast: Cast, article: str, window_of: WindowOf
) -> None:
    window = window_of(cast.ada)
    page = window.open(article)
    client = Client()
    client.force_login(cast.ben)
    window.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": window.address}]
    )
    page.keyboard.press("a")
    expect(page.locator("#acts-state")).to_contain_text("Somebody else is signed in")
    assert triage() == ["suggested"] * len(PORTS)
    back = Client()
    back.force_login(cast.ada)
    window.context.add_cookies(
        [{"name": "sessionid", "value": back.cookies["sessionid"].value, "url": window.address}]
    )
    page.get_by_role("button", name="Send now").click()
    drained(page)
    assert triage()[0] == "accepted"
    assert Claim.objects.get().appearances.get().touched_by == cast.ada


def test_a_refusal_puts_the_row_back_and_says_what_was_not_done(cast: Cast, window_of: WindowOf) -> None:
    claim, _rows = evidence_rows(cast, 2)
    page = window_of(cast.ada).open(f"/claims/{claim.pk}/")
    first, second = shown_order(page)
    # Ben has decided about the first in the meantime.
    Evidence.objects.filter(pk=first).update(version=7, stance="context")
    # The answer comes after the last key, however fast the server is.
    held: list[Route] = []
    page.route("**/evidence/**", lambda route: held.append(route), times=1)
    press(page, ["j", "1", "c", "j", "3"])
    held[0].continue_()
    drained(page)
    refusals = page.locator("#refusals")
    expect(refusals).to_contain_text("Somebody else has just decided")
    expect(refusals).to_contain_text("Not done, because it was meant for the same row afterwards: 1")
    expect(page.locator(f"#e{first} button.s-context")).to_have_attribute("aria-pressed", "true")
    kept, other = Evidence.objects.get(pk=first), Evidence.objects.get(pk=second)
    assert (kept.stance, kept.cited) == ("context", False)
    assert other.stance == "refutes"


def test_undo_returns_to_its_row_also_after_a_reload(cast: Cast, article: str, window_of: WindowOf) -> None:
    page = window_of(cast.ada).open(article)
    press(page, "jja")
    drained(page)
    page.reload()
    page.keyboard.press("u")
    page.locator("#messages", has_text="undone").wait_for()
    third = Appearance.objects.order_by("start")[2]
    assert page.locator("[data-row].is-current").get_attribute("id") == f"a{third.pk}"
    assert triage() == ["suggested"] * len(PORTS)


def test_words_in_a_field_and_its_caret_survive_the_answers_of_other_rows(
    cast: Cast, article: str, window_of: WindowOf
) -> None:
    page = window_of(cast.ada).open(article)
    held: list[Route] = []
    page.route("**/appearances/**", lambda route: held.append(route))
    page.keyboard.press("x")
    page.locator(".is-current summary", has_text="Wording").click()
    wording = page.locator(".is-current [name=wording]")
    wording.fill("Half a sentence")
    wording.evaluate("one => one.setSelectionRange(4, 4)")
    until(page, "document.querySelectorAll('.is-pending').length === 1")
    page.wait_for_timeout(200)
    held[0].continue_()
    drained(page)
    assert triage()[0] == "dismissed"
    again = page.locator(".is-current [name=wording]")
    expect(again).to_be_focused()
    page.keyboard.type("!")
    expect(again).to_have_value("Half! a sentence")


def test_a_page_is_left_after_what_was_done_on_it(cast: Cast, article: str, window_of: WindowOf) -> None:
    page = window_of(cast.ada).open(article)
    press(page, ["a", "x", "g", "q"])
    page.wait_for_url("**/claims/")
    assert triage()[:3] == ["accepted", "dismissed", "suggested"]


def test_a_key_that_is_held_down_moves_but_does_nothing_twice(
    cast: Cast, article: str, window_of: WindowOf
) -> None:
    page = window_of(cast.ada).open(article)
    page.keyboard.down("x")
    for _repeat in range(4):
        page.keyboard.down("x")
    page.keyboard.up("x")
    drained(page)
    assert triage().count("dismissed") == 1
    for _repeat in range(3):
        page.keyboard.down("j")
    page.keyboard.up("j")
    fifth = Appearance.objects.order_by("start")[4]
    assert page.locator("[data-row].is-current").get_attribute("id") == f"a{fifth.pk}"
