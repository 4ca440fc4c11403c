"""Addresses that somebody edited by hand: every list answers with a page or a plain "not there", never with a fault."""

from __future__ import annotations

import pytest

from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
#: What the lists and pages of the desk read from their address.
NAMES = (
    "state", "sort", "assignee", "claimant", "q", "after", "before", "selection", "show", "order", "least", "only",
    "focus", "source", "beside", "when", "capture", "site", "topic", "rating",
)  # fmt: skip
#: Marks of pages that say something else than the list has among them: [], {}, null, [9999,1], ["x", 1].
VALUES = (
    "\x00", "-1", "9" * 40, "١٢", "<b>", "'\")", "W10", "e30", "bnVsbA", "Wzk5OTksMV0", "WyJ4IiwgMV0", "2026-99-99",
    "💩" * 50, "x" * 5_000,
)  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/desk/north/claims/",
        "/desk/north/articles/",
        "/desk/north/claimants/",
        "/desk/north/published/",
        "/desk/north/jobs/",
        "/desk/north/readers/",
        "/desk/north/sources/feeds/",
        "/desk/north/sources/labels/",
        "/claims/{claim}/",
        "/documents/{document}/",
        "/verdicts/{verdict}/",
        "/",
        "/corrections/",
    ],
)
def test_an_address_edited_by_hand_breaks_nothing(cast: Cast, path: str) -> None:
    verdict, document = pages.submitted(cast), builders.article(cast).document
    pages.published(cast)
    address = path.format(claim=verdict.claim_id, verdict=verdict.pk, document=document.pk)
    client = pages.signed_in(cast.carla)
    client.raise_request_exception = False
    statuses = {}
    for value in VALUES:
        statuses[value[:20]] = client.get(address, dict.fromkeys(NAMES, value)).status_code
    # 422: the page says that this source is not one of the verdict's.
    assert set(statuses.values()) <= {200, 404, 422}, statuses
