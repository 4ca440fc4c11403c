"""What does the workspace send before it can be read, do acts leave it still, and how soon does it answer a key?

Bytes and movement are asserted, for they do not depend on the machine. How long a key takes is told with ``-s``.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Response, Route

from claims.actions.evidence.decisions import add_quotation
from claims.models import Appearance
from tests import builders
from tests.browser.conftest import Window
from tests.browser.test_keyboard import drained
from tests.people import Cast
from tests.workbench import desk_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Compressed, without fonts: what a first paint waits for (the page and its styles), and that with all scripts, which
#: wait for nothing and nothing waits for.
MOST_BYTES, MOST_WITH_SCRIPTS = 40_000, 70_000
#: A page holds still: the sum of what moved by itself, as browsers count it (0.1 is called good).
MOST_SHIFT = 0.005
#: When the page's own font comes a line may break elsewhere; stand-ins that are not made as wide move 0.33.
MOST_FONT_SHIFT = 0.05
SOURCES = 40
WATCH = """
window.seen = {shift: 0, moved: [], keys: []};
new PerformanceObserver((list) => { for (const one of list.getEntries()) {
  if (!one.hadRecentInput) window.seen.shift += one.value;
  window.seen.moved.push([one.value, one.hadRecentInput, ...one.sources.map((s) => s.node?.id || s.node?.className
    || s.node?.nodeName)]);
} }).observe({type: 'layout-shift', buffered: true});
new PerformanceObserver((list) => { for (const one of list.getEntries()) {
  if (one.interactionId) window.seen.keys.push(Math.round(one.duration));
} }).observe({type: 'event', durationThreshold: 16, buffered: true});
"""


def weighed(page: Page, path: str) -> dict[tuple[str, str], int]:
    """Open a page and return what it was made of: kind, address and compressed bytes, fonts left out."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return {
        (one.request.resource_type, one.url.rpartition("/static/")[2]): len(gzip.compress(one.body(), 6))
        for one in answers
        if one.ok and one.request.resource_type != "font"
    }


def workspace(cast: Cast) -> str:
    claim, _review, _source = desk_pages.working(cast)
    for number in range(SOURCES):
        add_quotation(
            actor=cast.ada,
            claim=claim,
            quotation=f"The counter on the bridge showed {number * 211 + 500} cars on day {number}.",
            source_title=f"Yearbook of the roads office, volume {number}",
            source_date="2025",
        )
    return f"/claims/{claim.pk}/"


def test_the_workspace_is_small(cast: Cast, window_of: Callable[..., Window]) -> None:
    window = window_of(cast.ada)
    found = weighed(window.page, window.address + workspace(cast))
    first = sum(size for (kind, _name), size in found.items() if kind != "script")
    print(
        "\nworkspace, compressed:", first, sum(found.values()), sorted(found.items(), key=lambda one: -one[1])
    )
    assert {"document", "stylesheet", "script"} <= {kind for kind, _name in found}
    assert first <= MOST_BYTES, found
    assert sum(found.values()) <= MOST_WITH_SCRIPTS, found
    waited_for = "head script[src]:not([defer]):not([type='module'])"
    assert window.page.locator(waited_for).count() == 0


def _walk(window: Window, path: str, keys: list[str]) -> dict[str, Any]:
    page = window.page
    page.add_init_script(WATCH)
    window.open(path)
    page.wait_for_load_state("networkidle")
    # What the page's own font moves is another matter: from here on it is the acts.
    page.evaluate("document.fonts.ready.then(() => { window.seen = {shift: 0, moved: [], keys: []}; })")
    for key in keys:
        page.keyboard.press(key)
        drained(page)
        # What is swapped after half a second counts as moving by itself.
        page.wait_for_timeout(600)
    seen: dict[str, Any] = page.evaluate("window.seen")
    slow = sorted(seen["keys"])
    print(f"\n{path}: keys {slow or 'all under 16'} ms, moved by itself {seen['shift']:.4f}, {seen['moved']}")
    return seen


def test_a_late_font_moves_nothing(cast: Cast, window_of: Callable[..., Window]) -> None:
    window = window_of(cast.ada)
    page, path = window.page, workspace(cast)
    page.add_init_script(WATCH)
    late: list[Route] = []
    page.route("**/*.woff2", lambda route: late.append(route))
    page.goto(window.address + path, wait_until="domcontentloaded")
    page.wait_for_timeout(1_000)
    assert len(late) >= 2
    while late:
        late.pop().continue_()
        page.wait_for_timeout(300)
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Desk Sans\"'))")
    page.wait_for_timeout(300)
    seen = page.evaluate("window.seen")
    print(f"\nlate fonts moved {seen['shift']:.4f}")
    assert seen["shift"] <= MOST_FONT_SHIFT, seen["moved"]


def test_the_workspace_holds_still(cast: Cast, window_of: Callable[..., Window]) -> None:
    window = window_of(cast.ada)
    seen = _walk(window, workspace(cast), ["j", "1", "j", "2", "c", "k", "3", "u", "?", "Escape"])
    assert seen["shift"] <= MOST_SHIFT, seen["moved"]
    assert window.complaints == []


def test_an_article_holds_still_while_it_is_triaged(cast: Cast, window_of: Callable[..., Window]) -> None:
    text = "\n\n".join(f"The ferry of Osk number {n} carried {n * 100} people in 2025." for n in range(1, 13))
    added = builders.article(cast, text, title="Ferries", outlet="Osk Post", url="https://osk.example/f")
    units = [builders.unit(text, f"The ferry of Osk number {n} carried") for n in range(1, 13)]
    builders.analysed(cast, added, tuple(units))
    window = window_of(cast.ada)
    seen = _walk(window, f"/documents/{added.document.pk}/", ["a", "x", "j", "a", "u", "x"])
    assert Appearance.objects.exclude(triage="suggested").count() >= 3
    assert seen["shift"] <= MOST_SHIFT, seen["moved"]


def test_the_queue_holds_still(cast: Cast, window_of: Callable[..., Window]) -> None:
    for number in range(30):
        builders.claim(cast, wording=f"The bridge of Lenna carries {number} cars a day.")
    seen = _walk(window_of(cast.ada), f"/desk/{cast.desk.slug}/claims/", ["j", "x", "j", "x", "k", "x"])
    assert seen["shift"] <= MOST_SHIFT, seen["moved"]
