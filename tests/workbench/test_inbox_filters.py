"""Can the claims beside an article be narrowed to a kind, and does a line say what is checked already?"""

from __future__ import annotations

import re

import pytest
from django.test import Client

from claims.actions.publishing.publish import suspend
from claims.models import Appearance, FactCheck
from claims.splitting.types import Checkable
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db

TEXT = (
    "The bridge of Lenna carries 5,000 cars a day. The mayor said that the future is bright. "
    "The union lost 300 members last winter."
)


@pytest.fixture
def address(cast: Cast) -> str:
    pages.published(cast)
    added = builders.article(cast, TEXT, title="Bridge")
    builders.analysed(
        cast,
        added,
        (
            builders.unit(TEXT, "The bridge of Lenna carries 5,000 cars a day", 0),
            builders.unit(TEXT, "The mayor said that the future is bright", 1, checkable=Checkable.SAID),
            builders.unit(TEXT, "The union lost 300 members last winter", 2, flags=("unclear-subject",)),
        ),
    )
    return f"/documents/{added.document.pk}/"


def listed(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    ids = [int(pk) for pk in re.findall(r'<li id="a(\d+)" class="claim-card', page)]
    rows = Appearance.objects.in_bulk(ids)
    return [rows[pk].quotation.split()[1] for pk in ids]


def test_each_kind_is_listed_alone_and_the_choice_is_remembered(cast: Cast, address: str) -> None:
    client = pages.signed_in(cast.ada)
    assert listed(client, address) == ["bridge", "mayor", "union"]
    assert listed(client, address + "?only=said") == ["mayor"]
    assert listed(client, address) == ["mayor"]
    assert listed(client, address + "?only=checked") == ["bridge"]
    assert listed(client, address + "?only=all") == ["bridge", "mayor", "union"]


def test_the_flagged_ones_are_those_that_a_person_should_look_at(cast: Cast, address: str) -> None:
    assert "union" in listed(pages.signed_in(cast.ada), address + "?only=flagged")
    assert "bridge" not in listed(pages.signed_in(cast.ada), address + "?only=flagged")


@pytest.mark.parametrize(
    "asked", ["?only=sideways", "?only=", "?only=%00&least=99&order=<b>", "?only=said&only=x"]
)
def test_a_filter_edited_by_hand_breaks_nothing(cast: Cast, address: str, asked: str) -> None:
    assert listed(pages.signed_in(cast.ada), address + asked) == ["bridge", "mayor", "union"]


def test_a_kind_without_claims_leads_back_to_all(cast: Cast, address: str) -> None:
    Appearance.objects.filter(checkable="said").delete()
    client = pages.signed_in(cast.ada)
    focus = Appearance.objects.order_by("start").first()
    assert focus is not None
    page = client.get(f"{address}?only=said").content.decode()
    assert "No claim here is of this kind." in page
    assert "?only=all" in page


def test_the_line_says_what_is_checked_already_with_rating_and_age(cast: Cast, address: str) -> None:
    client = pages.signed_in(cast.ada)
    page = client.get(address).content.decode()
    line = page.partition('class="checked"')[2].partition("</div>")[0]
    assert "False" in line
    assert "<time " in line
    # A suspended check says nothing.
    suspend(actor=cast.carla, factcheck=FactCheck.objects.get(), note="We look into it.")
    assert 'class="checked"' not in client.get(address).content.decode()


def test_without_script_the_next_claim_is_of_the_chosen_kind(cast: Cast, address: str) -> None:
    client = pages.signed_in(cast.ada)
    client.get(address + "?only=flagged")
    first = Appearance.objects.get(quotation__contains="bridge", triage="suggested")
    union = Appearance.objects.get(quotation__contains="union")
    answer = client.post(f"/appearances/{first.pk}/dismiss/", {"expected_version": first.version})
    assert f"focus={union.pk}" in answer["Location"]
