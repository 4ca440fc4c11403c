"""The overlay of keys and the palette in a browser: by keyboard alone, from the table that binds them, axe clean."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from claims.models import Appearance
from tests import builders
from tests.browser.conftest import Window
from tests.people import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WindowOf = Callable[..., Window]


@pytest.fixture
def address(cast: Cast, drain: Callable[..., int]) -> str:
    added = builders.article(cast, title="Harbour fees")
    builders.analysed(cast, added)
    drain()
    return f"/documents/{added.document.pk}/"


@pytest.mark.parametrize("width", [1280, 360])
def test_the_overlay_lists_the_keys_of_this_page_and_is_accessible(
    cast: Cast, address: str, window_of: WindowOf, width: int
) -> None:
    window = window_of(cast.ada, width=width)
    page = window.open(address)
    page.keyboard.press("?")
    overlay = page.locator("#keys-overlay")
    expect(overlay).to_be_visible()
    # It is there at once; its lines come with a file of their own.
    overlay.locator("tr").first.wait_for()
    lines = dict(
        page.evaluate(
            "Array.from(document.querySelectorAll('#keys-overlay tr'))"
            ".map((one) => [one.cells[0].textContent, one.cells[1].textContent])"
        )
    )
    # What buttons of this page say, and what the script binds.
    assert lines["a"] == "Accept"
    assert lines["gq"] == "Queue"
    assert lines["j"] == "next row"
    assert "CtrlK" in lines
    # Not the keys of other pages.
    assert "1" not in lines
    assert "m" not in lines
    assert window.violations() == []
    assert window.sideways() <= 0
    # Letters mean nothing under it, and Escape gives the focus back.
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()
    assert set(Appearance.objects.values_list("triage", flat=True)) == {"suggested"}
    assert window.complaints == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_palette_goes_to_a_page_by_letters_and_is_accessible(
    cast: Cast, address: str, window_of: WindowOf, width: int
) -> None:
    window = window_of(cast.ada, width=width)
    page = window.open(address)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Go to, or do here")
    expect(field).to_be_focused()
    page.locator("#palette [data-href='/desk/north/claims/']").wait_for()
    assert window.violations() == []
    assert window.sideways() <= 0
    page.keyboard.type("publ")
    chosen = page.locator("#palette [role=option][aria-selected=true]")
    expect(chosen).to_contain_text("Published")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/north/published/")
    assert window.complaints == []


def test_the_palette_does_what_a_button_of_the_page_does(
    cast: Cast, address: str, window_of: WindowOf
) -> None:
    page = window_of(cast.ada).open(address)
    page.keyboard.press("Control+k")
    page.keyboard.type("dismiss")
    expect(page.locator("#palette [role=option][aria-selected=true]")).to_contain_text("Dismiss")
    page.keyboard.press("Enter")
    page.locator("#messages", has_text="Dismissed").wait_for()
    assert Appearance.objects.filter(triage="dismissed").count() == 1


def test_what_was_pressed_in_a_palette_that_was_closed_is_not_done(
    cast: Cast, address: str, window_of: WindowOf
) -> None:
    page = window_of(cast.ada).open(address)
    held: list[Route] = []
    page.route("**/palette*.js", lambda route: held.append(route))
    page.keyboard.press("Control+k")
    page.keyboard.type("dismiss")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    assert held
    with page.expect_response("**/desk/north/palette/**"):
        held.pop().continue_()
    page.wait_for_timeout(500)
    assert set(Appearance.objects.values_list("triage", flat=True)) == {"suggested"}


def test_the_palette_finds_an_article_by_its_words(cast: Cast, address: str, window_of: WindowOf) -> None:
    page = window_of(cast.ada).open("/desk/north/")
    page.keyboard.press("Control+k")
    page.keyboard.type("harbour fees")
    option = page.locator(f"#palette [data-href='{address}']")
    option.wait_for()
    for _step in range(20):
        if option.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_with_single_letters_off_the_overlay_is_in_the_menu_and_the_palette_stays(
    cast: Cast, address: str, window_of: WindowOf
) -> None:
    cast.ada.single_keys = False
    cast.ada.save()
    page = window_of(cast.ada).open(address)
    page.keyboard.press("?")
    time.sleep(0.2)
    expect(page.locator("#keys-overlay")).to_be_hidden()
    page.locator("details.menu summary").click()
    page.get_by_role("link", name="Keys").click()
    expect(page.locator("#keys-overlay")).to_contain_text("Single-letter keys are off")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Go to, or do here")).to_be_focused()


def test_without_script_both_are_pages(cast: Cast, address: str, window_of: WindowOf) -> None:
    page = window_of(cast.ada, script=False).open("/desk/north/")
    page.locator("details.menu summary").click()
    page.get_by_role("link", name="Go to, or do here").click()
    page.get_by_label("A page, a claim or an article").fill("harbour")
    page.get_by_role("button", name="Look").click()
    page.get_by_role("link", name="Harbour fees").click()
    assert page.url.endswith(address)
    page.locator("details.menu summary").click()
    page.get_by_role("link", name="Keys").click()
    expect(page.get_by_role("heading", name="While typing")).to_be_visible()
