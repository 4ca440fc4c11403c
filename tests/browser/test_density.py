"""Does a page show what it is for on its first screen: evidence, rows of one line, no dot where a line begins?"""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from claims.actions.claims.tags import tag_claim
from tests import builders
from tests.browser.conftest import Window
from tests.people import Cast
from tests.workbench import desk_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = (
    "The bridge of Lenna carries more cars a day than all the other bridges of the province together, "
    "and it has done so in each of the last eleven years, as the roads office has said more than once."
)
#: Of each line of facts: where it begins, and where those facts stand that begin a line but the first.
BEGIN_LINES = """
[...document.querySelectorAll('.dotted')].flatMap((line) => {
  const box = line.getBoundingClientRect();
  return [...line.children].slice(1).map((one) => one.getBoundingClientRect())
    .filter((one) => one.width && Math.abs(one.left - box.left) < 1).map((one) => [one.left, one.top, one.height]);
})"""


def test_evidence_begins_in_the_upper_half(cast: Cast, window_of: Callable[..., Window]) -> None:
    claim, _review, _source = desk_pages.working(cast)
    tag_claim(actor=cast.ada, claim=claim, typed="traffic, bridges")
    window = window_of(cast.ada, width=1440)
    window.page.set_viewport_size({"width": 1440, "height": 900})
    page = window.open(f"/claims/{claim.pk}/")
    box = page.locator(".evidence").first.bounding_box()
    assert box is not None
    assert box["y"] <= 400, box


def test_no_dot_stands_where_a_line_begins(cast: Cast, window_of: Callable[..., Window]) -> None:
    claim, _review, _source = desk_pages.working(cast)
    window = window_of(cast.ada)
    seen = 0
    for width in (360, 480, 620, 1000, 1100):
        window.page.set_viewport_size({"width": width, "height": 900})
        page = window.open(f"/claims/{claim.pk}/")
        whole = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        for left, top, height in page.evaluate(BEGIN_LINES):
            if left >= 14 and top >= 60 and top + height <= 880:
                before = whole.crop((int(left) - 14, int(top) + 2, int(left) - 4, int(top + height) - 2))
                assert len(before.getcolors() or ()) == 1, (width, left, top)
                seen += 1
    assert seen


def test_a_claim_of_the_queue_is_one_line(cast: Cast, window_of: Callable[..., Window]) -> None:
    builders.claim(cast, wording=LONG)
    window = window_of(cast.ada, width=1440)
    page = window.open(f"/desk/{cast.desk.slug}/claims/")
    link = page.locator("a.claim-link")
    box = page.locator("tbody tr").bounding_box()
    assert box is not None
    assert box["height"] <= 40
    assert link.get_attribute("title") == LONG
    assert link.evaluate("(one) => one.scrollWidth > one.clientWidth")
    assert window.sideways() == 0


def test_what_waits_stands_before_what_does_not(cast: Cast, window_of: Callable[..., Window]) -> None:
    claim, _review, _source = desk_pages.working(cast)
    page = window_of(cast.ada, width=1280).open(f"/desk/{cast.desk.slug}/")
    tops = {
        one.get_attribute("id"): (one.bounding_box() or {"y": 0.0, "height": 0.0})
        for one in page.locator("[id^=group-]").all()
    }
    assert tops["group-mine"]["y"] < tops["group-overdue"]["y"]
    section = page.locator("section[aria-labelledby=group-overdue]").bounding_box()
    assert section is not None
    assert section["height"] < 40
    assert claim.wording in page.locator("section[aria-labelledby=group-mine]").inner_text()


@pytest.mark.parametrize("width", [740, 768, 820, 1024])
def test_words_for_screen_readers_make_no_page_wider(
    cast: Cast, window_of: Callable[..., Window], width: int
) -> None:
    builders.claim(cast, wording=LONG)
    window = window_of(cast.ada, width=width)
    window.open(f"/desk/{cast.desk.slug}/claims/")
    assert window.sideways() == 0


def test_views_begin_at_the_bar_and_cover_no_hint(cast: Cast, window_of: Callable[..., Window]) -> None:
    builders.claim(cast, wording=LONG)
    window = window_of(cast.ada, width=1440)
    page = window.open("/desk/north/claims/")
    hint, views = page.locator(".hint").bounding_box(), page.locator(".side-list").bounding_box()
    assert hint is not None
    assert views is not None
    assert views["y"] >= hint["y"] + hint["height"]
    page.get_by_role("button", name="Understood").click()
    page.locator(".hint").wait_for(state="detached")
    page.goto(page.url)
    bar, views = page.locator(".bar").first.bounding_box(), page.locator(".side-list").bounding_box()
    assert bar is not None
    assert views is not None
    assert abs(views["y"] - bar["y"] - bar["height"]) <= 1
