"""The article page in a browser: keys, selections, offsets beyond the basic plane, parts without a reload."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claims.models import Appearance, Claim
from tests import builders
from tests.browser.conftest import Window
from tests.people import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WindowOf = Callable[..., Window]

# An emoji and an old letter take two units in the browser and one code point here.
TEXT = (
    "🚢🚢 Fees in 𐍀ort Lenna rose by 40 percent, the union said.\n\n"
    "The port lost 300 jobs since 2024. Nobody noticed."
)


@pytest.fixture
def address(cast: Cast) -> str:
    added = builders.article(cast, TEXT, title="Fees")
    units = (
        builders.unit(TEXT, "Fees in 𐍀ort Lenna rose by 40 percent", 0),
        builders.unit(TEXT, "The port lost 300 jobs since 2024", 1),
    )
    builders.analysed(cast, added, units)
    from claims.models import Job

    # Nothing runs here that would read it again.
    Job.objects.all().delete()
    return f"/documents/{added.document.pk}/"


def rows() -> list[str]:
    return list(Appearance.objects.order_by("start").values_list("quotation", flat=True))


def triage() -> list[str]:
    return list(Appearance.objects.order_by("start").values_list("triage", flat=True))


def test_an_article_is_worked_through_with_keys_alone(cast: Cast, address: str, window_of: WindowOf) -> None:
    window = window_of(cast.ada)
    page = window.open(address)
    assert page.locator(".m.is-focused").inner_text() == "Fees in 𐍀ort Lenna rose by 40 percent"
    page.keyboard.press("a")
    page.wait_for_selector(".message.success")
    assert triage() == ["accepted", "suggested"]
    page.locator(".is-current .quotation", has_text="lost 300 jobs").wait_for()
    page.keyboard.press("x")
    page.locator("#messages", has_text="Dismissed").wait_for()
    assert triage() == ["accepted", "dismissed"]
    page.keyboard.press("u")
    page.locator("#messages", has_text="undone").wait_for()
    assert triage() == ["accepted", "suggested"]
    assert Claim.objects.count() == 1
    assert window.complaints == []


def test_j_and_k_move_and_fill_the_place_in_the_text(cast: Cast, address: str, window_of: WindowOf) -> None:
    page = window_of(cast.ada).open(address)
    page.keyboard.press("j")
    assert page.locator(".m.is-focused").inner_text() == "The port lost 300 jobs since 2024"
    page.keyboard.press("k")
    assert page.locator(".m.is-focused").inner_text() == "Fees in 𐍀ort Lenna rose by 40 percent"


def test_the_end_and_the_beginning_move_by_words(cast: Cast, address: str, window_of: WindowOf) -> None:
    page = window_of(cast.ada).open(address)
    page.keyboard.press("e")
    for _word in range(2):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("getSelection().toString()") == "𐍀ort Lenna rose by"
    page.keyboard.press("Enter")
    page.wait_for_selector(".message.success")
    assert rows()[0] == "𐍀ort Lenna rose by"


def test_escape_leaves_the_words_as_they_were(cast: Cast, address: str, window_of: WindowOf) -> None:
    page = window_of(cast.ada).open(address)
    page.keyboard.press("e")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    assert page.evaluate("getSelection().isCollapsed")
    page.keyboard.press("j")
    assert page.locator(".m.is-focused").inner_text() == "The port lost 300 jobs since 2024"
    assert rows()[0] == "Fees in 𐍀ort Lenna rose by 40 percent"


def test_selected_text_becomes_a_claim_at_its_code_points(
    cast: Cast, address: str, window_of: WindowOf
) -> None:
    page = window_of(cast.ada).open(address)
    page.evaluate(
        """() => { const walker = document.createTreeWalker(document.querySelector('[data-text]'), 4); let node;
        while ((node = walker.nextNode())) { const at = node.data.indexOf('the union said');
        if (at >= 0) { getSelection().setBaseAndExtent(node, at, node, at + 14); } } }"""
    )
    page.locator("#select-form button.primary").wait_for(state="attached")
    page.keyboard.press("+")
    page.wait_for_selector(".message.success")
    row = Appearance.objects.get(provenance__by="person")
    assert (row.quotation, row.start) == ("the union said", TEXT.index("the union said"))


def test_keys_are_found_by_their_place_on_other_keyboards(
    cast: Cast, address: str, window_of: WindowOf
) -> None:
    page = window_of(cast.ada).open(address)
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))"
    )
    assert page.locator(".m.is-focused").inner_text() == "The port lost 300 jobs since 2024"


def test_single_letters_do_nothing_where_they_are_switched_off(
    cast: Cast, address: str, window_of: WindowOf
) -> None:
    cast.ada.single_keys = False
    cast.ada.save()
    page = window_of(cast.ada).open(address)
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.wait_for_timeout(300)
    assert triage() == ["suggested", "suggested"]
    assert page.locator(".m.is-focused").inner_text() == "Fees in 𐍀ort Lenna rose by 40 percent"
    assert page.locator("kbd.single:visible").count() == 0


def test_letters_typed_into_a_field_are_letters(cast: Cast, address: str, window_of: WindowOf) -> None:
    page = window_of(cast.ada).open(address)
    page.locator(".is-current summary", has_text="Wording").click()
    page.locator(".is-current [name=wording]").fill("")
    page.keyboard.type("ajxu")
    assert page.locator(".is-current [name=wording]").input_value() == "ajxu"
    assert triage() == ["suggested", "suggested"]


def test_a_refusal_appears_beside_what_was_typed(cast: Cast, address: str, window_of: WindowOf) -> None:
    window = window_of(cast.ada)
    page = window.open(address)
    page.locator(".is-current summary", has_text="Wording").click()
    page.locator(".is-current [name=wording]").fill("My own words.")
    Appearance.objects.filter(start__lt=10).update(version=9)
    page.locator(".is-current button[data-key=a]").click()
    page.wait_for_selector("#refusals .refusal")
    assert "Somebody else changed this" in page.locator("#refusals").inner_text()
    assert page.locator(".is-current [name=wording]").input_value() == "My own words."


def test_without_script_every_act_is_a_form(cast: Cast, address: str, window_of: WindowOf) -> None:
    window = window_of(cast.ada, script=False)
    page = window.open(address)
    card = page.locator(".claim-card").first
    card.locator("summary", has_text="Change the words").click()
    card.locator("[data-span] textarea").fill("Lenna rose by 40 percent")
    card.locator("button", has_text="Store the words").click()
    assert rows()[0] == "Lenna rose by 40 percent"
    page.locator(".claim-card").first.locator("button[data-key=a]").click()
    assert triage() == ["accepted", "suggested"]
    page.locator("button", has_text="Finish article").click()
    assert triage() == ["accepted", "not_selected"]


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_are_accessible_fit_and_obey_the_policy(
    cast: Cast, address: str, window_of: WindowOf, width: int
) -> None:
    window = window_of(cast.ada, width=width)
    for path in ("/desk/north/", "/desk/north/articles/", address, address + "captures/", "/profile/", "/help/keys/",
                 "/help/design/", "/desk/north/add/", "/desk/north/claims/new/"):  # fmt: skip
        page = window.open(path)
        page.evaluate("document.querySelectorAll('details.fold').forEach(one => { one.open = true })")
        assert window.violations() == [], path
        assert window.violations_in_dark() == [], path
        assert window.sideways() <= 0, path
    assert window.complaints == []
