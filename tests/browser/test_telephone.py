"""On a telephone: nothing that a desk offers is out of reach, and lines do not break where they need not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claims.actions.review.verdicts import recall_verdict
from claims.models import Review
from tests import builders
from tests.admin.conftest import newest, submitted
from tests.browser.conftest import Window
from tests.people import Cast, make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = 360


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_submitting_and_going_on_is_in_reach_of_a_thumb(cast: Cast, window_of: Callable[..., Window]) -> None:
    verdict = submitted(cast)
    recall_verdict(actor=cast.ada, verdict=verdict)
    claim = verdict.claim
    waiting = builders.claim(cast)
    window = window_of(cast.ada, width=NARROW)
    page = window.open(f"/claims/{claim.pk}/")
    onward = page.get_by_role("button", name="Submit, and the next")
    onward.scroll_into_view_if_needed()
    place, foot = onward.bounding_box(), page.locator(".submit-bar").bounding_box()
    assert place is not None
    assert foot is not None
    assert place["height"] >= 44
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= NARROW
    # The foot that is always in sight has no button beyond its end.
    for one in page.locator(".submit-bar > *:visible").all():
        box = one.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= NARROW
    onward.click()
    page.wait_for_url(lambda address: f"/claims/{claim.pk}/" not in address)
    assert newest(claim).state == Review.State.AWAITING_APPROVAL
    assert f"/claims/{waiting.pk}/" in page.url
    assert window.complaints == []


@pytest.mark.parametrize(("width", "tongue"), [(NARROW, ""), (NARROW, "de"), (1280, "")])
def test_public_pages_have_their_places_in_one_line(
    cast: Cast, window_of: Callable[..., Window], width: int, tongue: str
) -> None:
    window = window_of(None, width=width)
    if tongue:
        window.page.set_extra_http_headers({"Accept-Language": tongue})
    page = window.open("/")
    assert page.locator("html").get_attribute("lang") == (tongue or "en")
    tops = {
        round(one.bounding_box()["y"])  # type: ignore[index]  # all are shown
        for one in page.locator(".mast nav a").all()
    }
    assert len(tops) == 1
    assert window.sideways() == 0
    last = page.locator(".mast nav a").last
    box = last.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= width
    assert window.violations() == []


@pytest.mark.parametrize("width", [NARROW, 1280])
def test_fields_of_days_stand_level_with_the_others(
    cast: Cast, window_of: Callable[..., Window], width: int
) -> None:
    page = window_of(cast.carla, width=width).open(f"/desk/{cast.desk.slug}/log/")
    heights = page.locator("main form.queue-filters").locator("select, input:not([type=hidden])")
    assert len({round(one.bounding_box()["height"]) for one in heights.all()}) == 1  # type: ignore[index]


def test_a_row_of_the_queue_is_the_claim_and_then_one_line_without_blanks(
    cast: Cast, window_of: Callable[..., Window]
) -> None:
    builders.claim(cast)
    page = window_of(cast.carla, width=NARROW).open(f"/desk/{cast.desk.slug}/claims/")
    row = page.locator("table.queue tbody tr").first
    words, state = row.locator("th").bounding_box(), row.locator(".c-state").bounding_box()
    assert words is not None
    assert state is not None
    assert words["y"] < state["y"]
    assert "–" not in row.inner_text()
