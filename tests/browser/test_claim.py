"""Claim, approval and their neighbours in a real browser: keys, citing, autosave, no script, policy, axe, 360 px."""

from __future__ import annotations

import re
import shutil
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from claims.actions.claims.tags import tag_claim
from claims.actions.desk.saved_views import save_view
from claims.models import (
    CitationReading,
    Evidence,
    Feed,
    FeedEntry,
    FeedRun,
    ForeignLabel,
    Job,
    Review,
    SearchRun,
    Verdict,
    VerdictDraft,
)
from tests.browser.windows import Windows, overflow
from tests.people import Cast, make_cast
from tests.workbench import desk_pages as pages

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs a Chromium"),
]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def windows(live_server: Any, browser: Browser) -> Windows:
    return Windows(live_server.url, browser)


def every_page(cast: Cast) -> dict[str, str]:
    check = pages.published(cast)
    waiting = pages.submitted(cast)
    claim, _review, source = pages.working(cast)
    SearchRun.objects.create(
        desk=cast.desk, claim=claim, questions=[{"text": "x", "terms": []}], searched=9, outcome="not_covered"
    )
    Job.objects.create(
        desk=cast.desk, kind="fetch", subject="https://a.example/", status="failed", error="Gone."
    )
    feed = Feed.objects.create(
        desk=cast.desk, kind="articles", url="https://a.example/rss", url_key="a", failures=2
    )
    FeedRun.objects.create(
        feed=feed,
        outcome="failed",
        sentence="Gone.",
        passed_over={"person": 2},
        problems=[{"place": 1, "reason": "x"}],
    )
    FeedEntry.objects.create(
        feed=feed, key="k", url="https://a.example/1", title="One", outcome="failed", sentence="No."
    )
    columns = {
        "names": ["Frage", "Wo"],
        "fields": ["", ""],
        "sample": [["Was?", "https://a.example/"]],
        "missing": ["claim"],
    }
    asked = Job.objects.create(
        desk=cast.desk,
        kind="import",
        status="done",
        arguments={"name": "t.csv", "blob": "b"},
        result={"columns": columns},
    )
    ForeignLabel.objects.create(
        desk=cast.desk, site="checks.example", label="Falsch", label_key="falsch", suggested="Refuted"
    )
    tag_claim(actor=cast.ada, claim=claim, typed="bridges, roads")
    tag_claim(actor=cast.ada, claim=check.claim, typed="bridges")
    for name, shared in (("Bridges", True), ("Mine", False)):
        save_view(
            actor=cast.ben,
            desk=cast.desk,
            of="claims",
            name=name,
            query="tag=bridges&state=open",
            shared=shared,
        )
    return {
        "queue": "/desk/north/claims/",
        "filtered": "/desk/north/claims/?tag=bridges&state=open&assignee=nobody",
        "view": "/desk/north/claims/?tag=bridges&state=open",
        "wrong": "/desk/north/claims/?tag=nowhere&colour=red",
        "tags": "/desk/north/tags/",
        "search": "/desk/north/search/?q=bridge",
        "dashboard": "/desk/north/dashboard/",
        "report": "/desk/north/dashboard/report/",
        "claim": f"/claims/{claim.pk}/",
        "waiting": f"/claims/{waiting.claim_id}/",
        "evidence": f"/evidence/{source.pk}/",
        "beside": f"/claims/{claim.pk}/?beside={source.pk}",
        "approve": f"/verdicts/{waiting.pk}/",
        "source": f"/verdicts/{waiting.pk}/?source={waiting.citations[0]}",
        "public": f"/verdicts/{waiting.pk}/public/",
        "published": "/desk/north/published/?show=live",
        "factcheck": f"/factchecks/{check.pk}/",
        "jobs": "/desk/north/jobs/",
        "sources": "/desk/north/sources/",
        "feeds": "/desk/north/sources/feeds/",
        "feed": f"/sources/feeds/{feed.pk}/",
        "checks": "/desk/north/sources/checks/",
        "columns": f"/desk/north/sources/checks/{asked.pk}/",
        "labels": "/desk/north/sources/labels/?site=checks.example",
        "claimants": "/desk/north/claimants/",
        "settings": "/desk/north/settings/",
        "people": "/desk/north/settings/people/",
        "log": f"/desk/north/log/?claim={claim.pk}&about=evidence",
        "outlets": "/desk/north/sources/?kind=unowned&name=x",
        "searches": f"/claims/{claim.pk}/searches/",
        "board": f"/claims/{claim.pk}/?stance=refutes&kind=contact",
        "in the admin": f"/admin/claims/claim/{claim.pk}/change/",
        "waiting in the admin": f"/admin/claims/claim/{waiting.claim_id}/change/",
        "opinions": f"/reviews/{waiting.review_id}/opinions/",
        "desk": "/desk/north/",
        "inbox": "/desk/north/inbox/?show=all",
        "add": "/desk/north/add/",
        "new claim": "/desk/north/claims/new/",
        "articles": "/desk/north/articles/",
        "readers": "/desk/north/readers/",
        "readings": "/desk/north/rereadings/",
        "profile": "/profile/",
        "sessions": "/profile/sessions/",
        "my desks": "/profile/desks/",
        "keys": "/help/keys/",
        "design": "/help/design/",
        "help": "/help/",
        "front": "/",
        "check": f"/checks/{check.public_id}/",
        "corrections": "/corrections/",
        "method": "/method/",
        "about": "/about/",
        "contact": "/contact/",
    }


def test_every_page_is_accessible_keeps_the_policy_and_fits_a_telephone(cast: Cast, windows: Windows) -> None:
    addresses = every_page(cast)
    broken: dict[str, Any] = {}
    for width, scheme, person in ((1280, "light", cast.dana), (360, "dark", cast.ben)):
        page = windows.open(person, width=width, scheme=scheme)
        for name, address in addresses.items():
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, name
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            if found := windows.violations(page):
                broken[f"{name} {width} {scheme}"] = found
            if overflow(page) > 0:
                broken[f"{name} {width} is wider than its window"] = overflow(page)
    assert broken == {}
    assert windows.complaints == []


def test_a_fact_checker_never_reaches_for_the_mouse(cast: Cast, windows: Windows) -> None:
    claim, _review, source = pages.working(cast)
    page = windows.open(cast.ada)
    page.goto(f"/claims/{claim.pk}/")
    row = page.locator(f"#e{source.pk}")
    page.keyboard.press("j")
    expect(row).to_have_class(re.compile("is-current"))
    page.keyboard.press("1")
    expect(row.locator("button.s-supports")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("u")
    expect(row.locator("button.s-refutes")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("x")
    expect(row).to_have_class(re.compile("is-rejected"))
    page.keyboard.press("c")
    expect(row).to_have_class(re.compile("is-cited"))
    page.keyboard.press("r")
    expect(page.locator("input[name=rating]").first).to_be_focused()
    source.refresh_from_db()
    assert (source.stance, source.cited, source.rejected) == ("refutes", True, False)
    assert windows.complaints == []


def write_verdict(page: Page, source: Evidence) -> None:
    """Fill the editor in, citing by [ and the keyboard, and submit with Ctrl+Enter."""
    page.get_by_label("Headline").fill("The bridge carries far fewer cars")
    page.locator("input[name=rating]").first.check()
    page.get_by_label("Short answer").fill("The road office counted 900 cars.")
    justification = page.get_by_label("Justification")
    justification.fill("The counter showed 900 cars a day ")
    justification.press("End")
    page.keyboard.type("[")
    expect(page.locator("#cite-menu [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(justification).to_have_value(f"The counter showed 900 cars a day [e:{source.pk}]")


def test_a_citation_is_picked_with_a_bracket_and_the_draft_is_kept(cast: Cast, windows: Windows) -> None:
    claim, review, source = pages.working(cast)
    page = windows.open(cast.ada)
    page.goto(f"/claims/{claim.pk}/")
    write_verdict(page, source)
    expect(page.locator("[data-autosave-state]")).to_contain_text("Kept at")
    assert VerdictDraft.objects.get(review=review).data["headline"] == "The bridge carries far fewer cars"
    page.reload()
    expect(page.get_by_label("Short answer")).to_have_value("The road office counted 900 cars.")
    page.get_by_label("Headline").press("Control+Enter")
    expect(page.get_by_text("Submitted. Somebody who did not write it")).to_be_visible()
    assert Review.objects.get(pk=review.pk).state == "awaiting_approval"
    # What was handed in must not come back as a draft when the page of the editor goes.
    page.goto("/desk/north/claims/")
    assert not VerdictDraft.objects.filter(review=review).exists()
    assert windows.complaints == []


def test_two_windows_do_not_overwrite_each_other(cast: Cast, windows: Windows) -> None:
    claim, review, _source = pages.working(cast)
    first, second = windows.open(cast.ada), windows.open(cast.ada)
    for page in (first, second):
        page.goto(f"/claims/{claim.pk}/")
    first.get_by_label("Headline").fill("From the first window")
    expect(first.locator("[data-autosave-state]")).to_contain_text("Kept at")
    first.get_by_label("Headline").fill("From the first window, twice")
    expect(first.locator("[data-autosave-state]")).to_contain_text("Kept at")
    second.get_by_label("Headline").fill("From the second window")
    expect(second.locator("[data-autosave-state]")).to_contain_text("Another window of yours")
    expect(second.get_by_label("Headline")).to_have_value("From the second window")
    assert VerdictDraft.objects.get(review=review).data["headline"].startswith("From the first window")


def test_sources_are_opened_and_ticked_by_keys_and_approval_asks_once(cast: Cast, windows: Windows) -> None:
    verdict = pages.submitted(cast)
    page = windows.open(cast.ben)
    page.goto(f"/verdicts/{verdict.pk}/")
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator(".source-open")).to_be_visible()
    assert CitationReading.objects.get(user=cast.ben).ticked_at is None
    page.keyboard.press("c")
    expect(page.locator("#source .dock-head")).to_contain_text("1 of 1 ticked")
    assert CitationReading.objects.get(user=cast.ben).ticked_at is not None
    page.keyboard.press("a")
    expect(page.get_by_text("Approved and published.")).to_be_visible()
    assert windows.complaints == []


def test_a_source_is_read_beside_the_claim_by_keys(cast: Cast, windows: Windows) -> None:
    claim, _review, first = pages.working(cast)
    second = pages.cited(cast, claim, "A second count showed 905.", source_title="Second count")
    page = windows.open(cast.ada)
    page.goto(f"/claims/{claim.pk}/")
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator(".reader")).to_be_visible()
    expect(page.locator(".reading-claim")).to_contain_text(claim.wording)
    page.keyboard.press("3")
    expect(page.locator("#reader-decide button.s-refutes")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("1")
    expect(page.locator("#reader-decide button.s-supports")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".rail .is-here")).to_contain_text("supports")
    page.keyboard.press("j")
    expect(page.locator(".reader-bar")).to_contain_text("Source 2 of 2")
    page.keyboard.press("o")
    expect(page.locator("#evidence-pane")).to_be_visible()
    for row in (first, second):
        row.refresh_from_db()
    assert sorted([first.stance, second.stance]) == ["refutes", "supports"]
    assert windows.complaints == []


def test_the_verdict_stays_in_sight_and_the_list_follows_the_words(cast: Cast, windows: Windows) -> None:
    claim, _review, source = pages.working(cast)
    for number in range(12):
        pages.cited(cast, claim, f"Count {number} showed 90{number}.", source_title=f"Count {number}")
    for width in (1280, 360):
        page = windows.open(cast.ada, width=width)
        page.goto(f"/claims/{claim.pk}/")
        expect(page.locator(".evidence").first).to_be_in_viewport()
        for _way in range(2):
            expect(page.get_by_role("button", name="Submit for approval")).to_be_in_viewport()
            expect(page.get_by_role("button", name="Preview")).to_be_in_viewport()
            page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page = windows.open(cast.ada)
    page.goto(f"/claims/{claim.pk}/")
    lines = page.locator("[data-checklist] .is-open")
    before = lines.count()
    page.get_by_label("Headline").fill("The bridge carries far fewer cars")
    expect(lines).to_have_count(before - 1)
    assert source.claim_id == claim.pk
    assert windows.complaints == []


def test_the_form_by_hand_shows_the_fields_of_its_kind(cast: Cast, windows: Windows) -> None:
    claim, _review, _source = pages.working(cast)
    for scripts in (True, False):
        page = windows.open(cast.ada, scripts=scripts)
        page.goto(f"/claims/{claim.pk}/")
        page.locator("#add-evidence > summary").click()
        form = page.locator(".by-hand")
        for kind, there, gone in (
            ("Contact note", "Who was asked", "Address"),
            ("File", "File", "Who was asked"),
            ("Quotation", "Where the words are from", "Asked at"),
            ("Address", "Address", "Where the words are from"),
        ):
            form.get_by_role("radio", name=kind, exact=True).check()
            expect(
                form.locator(".kind-fields").get_by_label(there, exact=there != "File").first
            ).to_be_visible()
            expect(form.locator(".kind-fields").get_by_label(gone, exact=True).first).to_be_hidden()


def test_the_whole_way_without_a_script(cast: Cast, windows: Windows) -> None:
    claim, review, source = pages.ready(cast)
    page = windows.open(cast.ada, scripts=False)
    page.goto(f"/claims/{claim.pk}/")
    row = page.locator(f"#e{source.pk}")
    row.get_by_role("button", name="context").click()
    expect(page.locator(f"#e{source.pk} button.s-context")).to_have_attribute("aria-pressed", "true")
    page.locator("#add-evidence > summary").click()
    form = page.locator("form.by-hand")
    form.get_by_role("radio", name="Quotation").check()
    form.get_by_label("Quotation, or the answer").fill("Nine hundred and two.")
    form.get_by_label("Where the words are from").fill("The almanac of Lenna")
    form.get_by_role("button", name="Add").click()
    expect(page.get_by_text("The evidence is added.")).to_be_visible()
    page.get_by_label("Headline").fill("The bridge carries far fewer cars")
    page.locator("input[name=rating]").first.check()
    page.get_by_label("Short answer").fill("The road office counted 900 cars.")
    page.get_by_label("Justification").fill(f"The counter showed 900 [e:{source.pk}].")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("Submitted. Somebody who did not write it")).to_be_visible()
    verdict = Verdict.objects.get(review=review)
    reader = windows.open(cast.ben, scripts=False)
    reader.goto(f"/verdicts/{verdict.pk}/")
    reader.locator(".source-list a").first.click()
    reader.get_by_role("button", name=re.compile("^Opened, and it says so")).click()
    reader.locator("button.primary[data-key=a]").click()
    expect(reader.get_by_text("Approved and published.")).to_be_visible()
    assert CitationReading.objects.get(user=cast.ben, evidence=source).ticked_at is not None


def test_a_search_outside_leaves_the_page_and_is_logged(cast: Cast, windows: Windows) -> None:
    claim, _review, _source = pages.ready(cast)
    page = windows.open(cast.ada)
    # Nothing of this leaves the machine: the browser is given an answer in place of the site.
    page.context.route(
        "https://en.wikipedia.org/**",
        lambda route: route.fulfill(body="<h1>Elsewhere</h1>", content_type="text/html"),
    )
    page.goto(f"/claims/{claim.pk}/")
    page.locator("summary", has_text="Search outside").click()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Wikipedia").click()
    expect(opened.value.get_by_text("Elsewhere")).to_be_visible()
    assert SearchRun.objects.filter(claim=claim, kind="outside").count() == 1
