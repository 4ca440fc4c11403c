"""Bad moments: the back button, two people on one claim, a session that ends while somebody types, too much of all.

Clear, nothing lost, nothing done twice, nothing done in another's name.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from claims.actions.claims import changes
from claims.actions.evidence.decisions import decide
from claims.models import Approval, AuditEvent, BulkAct, Claim, Evidence, Review, Verdict, VerdictDraft
from tests import builders
from tests.browser.test_claim import every_page
from tests.browser.test_keyboard import drained
from tests.browser.windows import Windows, overflow
from tests.people import Cast, make_cast
from tests.workbench import desk_pages as pages

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs a Chromium"),
]
PASSWORD = "the bridge carries cars"


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
    # A page that is left open would go on trying to keep what was typed in it.
    for context in browser.contexts:
        context.close()
    # That a part of the page was answered "sign in" or "not reached" is what some of this is about.
    expected = ("Response Status Error Code 4", "ERR_INTERNET_DISCONNECTED")
    assert [one for one in windows.complaints if not any(part in one for part in expected)] == []


def sign_in_here(page: Page, email: str) -> None:
    form = page.locator("#refusals form")
    form.locator("[name=email]").fill(email)
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("button").click()
    form.wait_for(state="detached")


def becomes(page: Page, person: Any) -> None:
    """Let somebody else sign in in another tab of the same browser, as a form there does."""
    client = Client()
    client.force_login(person)
    page.context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "url": page.url.split("/claims")[0],
            }
        ]
    )


# The back button


def test_back_after_triage_shows_what_was_decided_and_decides_nothing_again(
    cast: Cast, windows: Windows
) -> None:
    added = builders.article(cast)
    builders.analysed(cast, added)
    page = windows.open(cast.ada)
    page.goto(f"/documents/{added.document.pk}/")
    page.keyboard.press("a")
    drained(page)
    page.goto(f"/claims/{Claim.objects.get().pk}/")
    page.go_back()
    expect(page.locator("[data-state=accepted]")).to_have_count(1)
    page.go_forward()
    page.go_back()
    expect(page.locator("[data-state=accepted]")).to_have_count(1)
    assert Claim.objects.count() == 1
    # What the act left to be undone is still there.
    page.keyboard.press("u")
    page.locator("#messages", has_text="undone").wait_for()
    assert not Claim.objects.filter(merged_into=None, appearances__triage="accepted").exists()


def test_back_after_a_decision_on_evidence_shows_it(cast: Cast, windows: Windows) -> None:
    claim, _review, source = pages.working(cast)
    page = windows.open(cast.ada)
    page.goto(f"/claims/{claim.pk}/")
    page.keyboard.press("j")
    page.keyboard.press("4")
    drained(page)
    page.goto("/desk/north/claims/")
    page.go_back()
    expect(page.locator(f"#e{source.pk} button.s-context")).to_have_attribute("aria-pressed", "true")


def test_back_after_a_verdict_was_handed_in_does_not_hand_it_in_again(cast: Cast, windows: Windows) -> None:
    claim, review, source = pages.working(cast)
    page = windows.open(cast.ada)
    page.goto("/desk/north/claims/")
    page.goto(f"/claims/{claim.pk}/")
    fill_verdict(page, source)
    page.get_by_label("Headline").press("Control+Enter")
    expect(page.get_by_text("Submitted. Somebody who did not write it")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name=re.compile("Read and approve"))).to_be_visible()
    expect(page.locator("form.verdict-form")).to_have_count(0)
    assert Verdict.objects.filter(review=review).count() == 1
    assert not VerdictDraft.objects.filter(review=review).exists()


def test_back_after_an_approval_approves_nothing_again(cast: Cast, windows: Windows) -> None:
    verdict = pages.submitted(cast)
    page = windows.open(cast.ben)
    page.goto(f"/verdicts/{verdict.pk}/?source={verdict.citations[0]}")
    page.keyboard.press("c")
    expect(page.locator("button[aria-pressed=true]", has_text="Opened, and it says so")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("Approved and published.")).to_be_visible()
    page.go_back()
    expect(page.locator("form.approve-form")).to_have_count(0)
    assert Approval.objects.count() == 1


def test_back_after_a_bulk_act_does_nothing_again(cast: Cast, windows: Windows) -> None:
    claims = [builders.claim(cast) for _n in range(3)]
    page = windows.open(cast.carla)
    page.goto("/desk/north/claims/")
    for box in page.locator("tbody input[name=claims]").all():
        box.check()
    page.get_by_role("button", name=re.compile("^Search again")).click()
    page.locator("form[action$='/start/'] button, button.primary").first.click()
    page.wait_for_load_state()
    done = BulkAct.objects.get()
    events = AuditEvent.objects.count()
    page.go_back()
    page.go_back()
    page.go_forward()
    page.go_forward()
    assert BulkAct.objects.get().pk == done.pk
    assert AuditEvent.objects.count() == events
    assert Claim.objects.count() == len(claims)


# Two people


def fill_verdict(page: Page, source: Evidence) -> None:
    page.get_by_label("Headline").fill("The bridge carries far fewer cars")
    page.locator("input[name=rating]").first.check()
    page.get_by_label("Short answer").fill("The road office counted 900 cars.")
    page.get_by_label("Justification").fill(f"The counter showed 900 cars [e:{source.pk}].")


def test_two_people_on_one_claim_see_each_other_and_lose_nothing(cast: Cast, windows: Windows) -> None:
    claim, review, source = pages.ready(cast)
    ada, ben = windows.open(cast.ada), windows.open(cast.ben)
    for page in (ada, ben):
        page.goto(f"/claims/{claim.pk}/")
    # Ada types first: the claim is hers. Ben's words are kept as his, and he is told.
    ada.get_by_label("Headline").fill("Ada's headline")
    expect(ada.locator("[data-autosave-state]")).to_contain_text("Kept at")
    ben.get_by_label("Headline").fill("Ben's headline")
    expect(ben.locator("[data-autosave-state]")).to_contain_text("Ada")
    assert VerdictDraft.objects.get(review=review, user=cast.ben).data["headline"] == "Ben's headline"
    # He adds evidence meanwhile; hers stays as she typed it, and a decision about it shows both.
    decide(actor=cast.carla, evidence=source, stance="context")
    ada.keyboard.press("Escape")
    ada.locator(f"#e{source.pk}").get_by_role("button", name=re.compile("^supports")).click()
    expect(ada.locator("#refusals")).to_contain_text("Somebody else has just decided")
    expect(ada.locator(f"#e{source.pk} button.s-context")).to_have_attribute("aria-pressed", "true")
    expect(ada.get_by_label("Headline")).to_have_value("Ada's headline")
    # He may not take it from her while she is at it; an editor may, and is shown what she has. What Ada hands in
    # then is refused, and stays in her hands.
    ben.goto(f"/reviews/{review.pk}/take-over/")
    expect(ben.get_by_role("button", name="Take it over")).to_have_count(0)
    carla = windows.open(cast.carla)
    carla.goto(f"/reviews/{review.pk}/take-over/")
    expect(carla.locator("main")).to_contain_text("Ada's headline")
    carla.get_by_role("button", name="Take it over").click()
    carla.wait_for_url("**/claims/**")
    assert Review.objects.get(pk=review.pk).lease_user == cast.carla
    fill_verdict(ada, source)
    ada.get_by_label("Justification").press("Control+Enter")
    ada.wait_for_url("**/submit/")
    expect(ada.locator(".notice.refuse").first).to_contain_text("Carla")
    expect(ada.get_by_label("Justification")).to_have_value(f"The counter showed 900 cars [e:{source.pk}].")
    assert not Verdict.objects.filter(review=review).exists()


def test_a_claim_that_was_closed_while_somebody_typed_keeps_the_words(cast: Cast, windows: Windows) -> None:
    claim, review, source = pages.working(cast)
    page = windows.open(cast.ada)
    page.goto(f"/claims/{claim.pk}/")
    fill_verdict(page, source)
    changes.close(
        actor=cast.carla,
        review=Review.objects.get(pk=review.pk),
        reason="other",
        note="Somebody else checks it.",
    )
    page.get_by_label("Headline").press("Control+Enter")
    page.wait_for_url("**/submit/")
    expect(page.get_by_label("Short answer")).to_have_value("The road office counted 900 cars.")
    expect(page.locator(".notice").first).to_be_visible()
    assert VerdictDraft.objects.get(review=review).data["headline"].startswith("The bridge")


# Sessions


def test_a_session_that_ends_while_a_verdict_is_typed_goes_on_on_the_same_page(
    cast: Cast, windows: Windows
) -> None:
    claim, review, _source = pages.working(cast)
    page = windows.open(cast.ada)
    page.goto(f"/claims/{claim.pk}/")
    page.get_by_label("Headline").fill("Half a head")
    expect(page.locator("[data-autosave-state]")).to_contain_text("Kept at")
    Session.objects.all().delete()
    page.get_by_label("Headline").fill("A whole headline")
    page.get_by_label("Short answer").fill("What was typed without a session.")
    expect(page.locator("[data-autosave-state]")).to_contain_text("Not saved: you are signed out")
    sign_in_here(page, cast.ada.email)
    expect(page.locator("[data-autosave-state]")).to_contain_text("Kept at")
    kept = VerdictDraft.objects.get(review=review).data
    assert (kept["headline"], kept["short_answer"]) == (
        "A whole headline",
        "What was typed without a session.",
    )
    expect(page.get_by_label("Headline")).to_have_value("A whole headline")


def test_a_verdict_handed_in_after_the_session_ended_arrives_after_signing_in(
    cast: Cast, windows: Windows
) -> None:
    claim, review, source = pages.working(cast)
    page = windows.open(cast.ada)
    page.goto(f"/claims/{claim.pk}/")
    fill_verdict(page, source)
    expect(page.locator("[data-autosave-state]")).to_contain_text("Kept at")
    Session.objects.all().delete()
    page.get_by_label("Headline").press("Control+Enter")
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    page.locator("main [name=email]").fill(cast.ada.email)
    page.locator("main [name=password]").fill(PASSWORD)
    page.locator("main [name=password]").press("Enter")
    expect(page.get_by_text("Submitted. Somebody who did not write it")).to_be_visible()
    assert Verdict.objects.get(review=review).headline == "The bridge carries far fewer cars"


def test_words_typed_for_one_person_are_never_kept_or_handed_in_by_another(
    cast: Cast, windows: Windows
) -> None:
    claim, review, source = pages.working(cast)
    page = windows.open(cast.ada)
    page.goto(f"/claims/{claim.pk}/")
    becomes(page, cast.carla)
    fill_verdict(page, source)
    expect(page.locator("[data-autosave-state]")).to_contain_text("somebody else is signed in")
    assert not VerdictDraft.objects.exists()
    page.get_by_label("Headline").press("Control+Enter")
    expect(page.get_by_text("Nothing was stored yet.")).to_be_visible()
    expect(page.locator("main")).to_contain_text("The road office counted 900 cars.")
    assert not Verdict.objects.filter(review=review).exists()


def test_a_slow_line_makes_no_second_window_of_one(cast: Cast, windows: Windows) -> None:
    """A saving that takes longer than the next pause in typing is not mistaken for another window."""
    claim, review, _source = pages.working(cast)
    page = windows.open(cast.ada)
    page.goto(f"/claims/{claim.pk}/")
    held: list[Any] = []

    def slow(route: Any) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    page.route("**/draft/", slow)
    page.get_by_label("Headline").fill("First words")
    page.wait_for_timeout(2_300)
    page.get_by_label("Headline").fill("Second words")
    page.wait_for_timeout(2_700)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("[data-autosave-state]")).to_contain_text("Kept at")
    page.wait_for_timeout(3_000)
    expect(page.locator("[data-autosave-state]")).to_contain_text("Kept at")
    assert VerdictDraft.objects.get(review=review).data["headline"] == "Second words"


def test_a_page_is_not_left_silently_with_words_that_could_not_be_kept(cast: Cast, windows: Windows) -> None:
    claim, _review, _source = pages.working(cast)
    page = windows.open(cast.ada)
    asked: list[str] = []
    page.on("dialog", lambda dialog: asked.append(dialog.type))
    page.goto(f"/claims/{claim.pk}/")
    page.route("**/draft/", lambda route: route.abort("internetdisconnected"))
    page.get_by_label("Headline").click()
    page.keyboard.type("Words that did not arrive")
    expect(page.locator("[data-autosave-state]")).to_contain_text("Not saved")
    page.goto("/desk/north/claims/")
    assert asked == ["beforeunload"]


# Other eyes


def test_at_two_hundred_percent_nothing_is_cut_off_and_docks_leave_room(cast: Cast, windows: Windows) -> None:
    """A window of 1280 by 800 at 200 % is one of 640 by 400."""
    addresses = every_page(cast) | {"desk": "/desk/north/", "profile": "/profile/", "home": "/"}
    page = windows.open(cast.ben, width=640)
    page.set_viewport_size({"width": 640, "height": 400})
    wrong: dict[str, Any] = {}
    for name, address in addresses.items():
        page.goto(address)
        if overflow(page) > 0:
            wrong[f"{name}: wider than its window"] = overflow(page)
        page.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
        if (taken := page.evaluate(COVERED)) > 200:
            wrong[f"{name}: covered by what stays in place"] = taken
    assert wrong == {}


#: By how many pixels of the height what is fixed or stuck at an edge covers the page.
COVERED = """() => Array.from(document.querySelectorAll('body *'))
  .filter((one) => ['fixed', 'sticky'].includes(getComputedStyle(one).position) && one.getClientRects().length)
  .map((one) => one.getBoundingClientRect())
  .filter((box) => box.width > 320 && box.bottom > 0 && box.top < innerHeight)
  .filter((box) => box.top <= 1 || box.bottom >= innerHeight - 1)
  .reduce((sum, box) => sum + Math.min(box.bottom, innerHeight) - Math.max(box.top, 0), 0)"""

#: What of a switch that is on differs from one that is off, in forced colours.
LOOKS = """(one) => { const style = getComputedStyle(one);
  return [style.backgroundColor, style.color, style.borderTopColor, style.borderTopWidth].join(' '); }"""


def test_in_forced_colours_states_are_told_apart_and_the_focus_is_seen(cast: Cast, windows: Windows) -> None:
    claim, _review, source = pages.working(cast)
    verdict = pages.submitted(cast)
    page = windows.open(cast.ben)
    page.emulate_media(forced_colors="active")
    page.goto(f"/claims/{claim.pk}/")
    row = page.locator(f"#e{source.pk}")
    on = row.locator("button.s-refutes").evaluate(LOOKS)
    off = row.locator("button.s-supports").evaluate(LOOKS)
    assert on != off
    for address in (
        f"/claims/{claim.pk}/",
        f"/verdicts/{verdict.pk}/",
        "/desk/north/claims/",
        "/desk/north/",
    ):
        page.goto(address)
        unseen = []
        for _step in range(25):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                "() => { const one = document.activeElement, style = getComputedStyle(one);"
                " return [one === document.body"
                " || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,"
                " one.outerHTML.slice(0, 90)]; }"
            )
            if not seen[0]:
                unseen.append(seen[1])
        assert unseen == []
        # A state is words or a drawn sign, never a colour alone.
        empty = page.locator(".tag, .chip").evaluate_all(
            "(all) => all.filter((one) => one.getClientRects().length && !one.textContent.trim()).length"
        )
        assert empty == 0


def test_arabic_words_run_their_way_on_an_english_page_and_english_ones_on_an_arabic_page(
    cast: Cast, windows: Windows
) -> None:
    words = "قال الوزير إن جسر لينا يحمل 5,000 سيارة في اليوم."
    arabic = builders.claim(cast, quotation=words, wording=words, who="وزير النقل")
    english = builders.claim(cast, wording="The bridge of Lenna carries 5,000 cars a day.")
    page = windows.open(cast.ada)
    direction = "one => getComputedStyle(one).direction"
    for claim, runs in ((arabic, "rtl"), (english, "ltr")):
        for turned in ("ltr", "rtl"):
            page.goto(f"/claims/{claim.pk}/")
            page.evaluate("(to) => { document.documentElement.dir = to; }", turned)
            assert page.locator(".claim-wording").evaluate(direction) == runs
            page.goto("/desk/north/claims/")
            page.evaluate("(to) => { document.documentElement.dir = to; }", turned)
            link = page.locator(f"a.claim-link[href*='/claims/{claim.pk}/']").first
            assert link.evaluate(direction) == runs
            assert overflow(page) <= 0
