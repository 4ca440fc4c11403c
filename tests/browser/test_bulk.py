"""Acts on many claims in a real browser: ticks, preview, undo; with and without a script, on a telephone, by axe."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from claims.models import BulkAct, Review
from tests import builders
from tests.browser.windows import Windows, overflow
from tests.people import Cast, make_cast

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


@pytest.mark.parametrize(("width", "scheme", "scripts"), [(1280, "light", True), (360, "dark", False)])
def test_claims_are_ticked_looked_at_assigned_and_taken_back(
    cast: Cast, windows: Windows, width: int, scheme: str, scripts: bool
) -> None:
    free = [builders.claim(cast) for _ in range(3)]
    bens = builders.claim(cast, "The longest bridge of Port Lenna belongs to nobody in particular any more")
    Review.objects.filter(claim=bens).update(assignee=cast.ben)
    page = windows.open(cast.carla, width=width, scheme=scheme, scripts=scripts)
    found: dict[str, Any] = {}

    def look(name: str) -> None:
        # axe is a script itself.
        if scripts and (wrong := windows.violations(page)):
            found[name] = wrong
        if scripts and overflow(page) > 0:
            found[f"{name} is too wide"] = overflow(page)

    page.goto("/desk/north/claims/")
    bar = page.locator(".batch")
    if scripts:
        expect(bar).to_be_hidden()
    for claim in (*free, bens):
        page.check(f"input[name=claims][value='{claim.pk}']")
    if scripts:
        expect(bar.locator("[data-ticked]")).to_have_text("4")
    look("queue")
    bar.locator("button[value=assign]").click()
    look("selection")
    page.select_option("#id_to", str(cast.ada.pk))
    page.get_by_role("button", name="Show what would happen").click()
    expect(page.get_by_text("Nothing has changed yet.")).to_be_visible()
    expect(page.get_by_text("Ben has it, and is told.")).to_be_visible()
    look("preview")
    first = page.locator(f"input[name=claims][value='{free[0].pk}']")
    first.uncheck()
    go = page.locator("button[name=do][value=start]")
    if scripts:
        expect(go).to_have_text("Assign 2")
    go.click()
    expect(page.get_by_text("Done: 2.")).to_be_visible()
    look("result")
    assert Review.objects.filter(assignee=cast.ada).count() == 2
    assert Review.objects.get(claim=bens).assignee == cast.ben
    page.get_by_role("button", name="Undo 2 rows").click()
    expect(page.get_by_text("As before: 2.")).to_be_visible()
    assert not Review.objects.filter(assignee=cast.ada).exists()
    assert BulkAct.objects.get().state == "undone"
    assert found == {}
    assert windows.complaints == []


def test_a_narrow_window_shows_the_preview_whole(cast: Cast, windows: Windows) -> None:
    bens = builders.claim(
        cast, "Das Arbeitslosenversicherungsbeitragsanpassungsgesetz entlastet 840.000 Menschen"
    )
    Review.objects.filter(claim=bens).update(assignee=cast.ben)
    page = windows.open(cast.carla, width=360, scheme="dark")
    page.goto("/desk/north/claims/")
    page.check(f"input[name=claims][value='{bens.pk}']")
    page.locator(".batch button[value=assign]").click()
    page.select_option("#id_to", str(cast.ada.pk))
    page.get_by_role("button", name="Show what would happen").click()
    assert overflow(page) <= 0
    assert windows.violations(page) == []
    assert windows.complaints == []
