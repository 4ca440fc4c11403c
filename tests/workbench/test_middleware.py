"""What every answer carries: refusals as pages with the typed words, privacy, no inline anything."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db
BrowserOf = Callable[..., Client]


@pytest.fixture
def row(cast: Cast):
    builders.analysed(cast, builders.article(cast))
    return builders.suggestion(cast)


def test_a_refusal_is_a_page_with_the_reason_and_the_typed_words(
    cast: Cast, browser_of: BrowserOf, row
) -> None:
    answer = browser_of(cast.contributor).post(
        f"/appearances/{row.pk}/accept/", {"wording": "Fees rose by 40 percent."}
    )
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "you are contributor there" in page
    assert "Fees rose by 40 percent." in page


def test_a_stale_version_is_told_as_a_conflict(cast: Cast, browser_of: BrowserOf, row) -> None:
    answer = browser_of(cast.ada).post(
        f"/appearances/{row.pk}/dismiss/", {"expected_version": row.version + 4}
    )
    assert answer.status_code == 409
    assert "Somebody else changed this" in answer.content.decode()


def test_for_a_part_of_a_page_the_refusal_goes_beside_it(cast: Cast, browser_of: BrowserOf, row) -> None:
    answer = browser_of(cast.ada).post(
        f"/appearances/{row.pk}/span/", {"quotation": "words that are not there"}, HTTP_HX_REQUEST="true"
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert (answer["HX-Retarget"], answer["HX-Reselect"]) == ("#refusals", ".refusal")
    assert "<html" not in page
    assert "words that are not there" in page
    assert "HX-Request" in answer["Vary"]


def test_a_refusal_leads_back_to_the_page_it_came_from(cast: Cast, browser_of: BrowserOf, row) -> None:
    address = f"http://testserver/documents/{row.document_id}/"
    act = f"/appearances/{row.pk}/span/"
    client = browser_of(cast.ada)
    assert f'href="{address}"' in client.post(act, {"quotation": "x"}, HTTP_REFERER=address).content.decode()
    elsewhere = client.post(act, {"quotation": "x"}, HTTP_REFERER="https://elsewhere.example/")
    assert "elsewhere.example" not in elsewhere.content.decode()


def test_pages_of_a_session_are_private(cast: Cast, browser_of: BrowserOf) -> None:
    assert browser_of(cast.ada).get("/desk/north/")["Cache-Control"] == "private, no-store"


def test_no_page_holds_inline_script_or_style(cast: Cast, browser_of: BrowserOf, row) -> None:
    client = browser_of(cast.ada)
    for address in (
        "/login/",
        "/desk/north/",
        "/desk/north/articles/",
        f"/documents/{row.document_id}/",
        "/profile/",
    ):
        answer = client.get(address) if address != "/login/" else Client().get(address)
        page = answer.content.decode()
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy, address
        # Data for the script is nothing that runs.
        assert not re.search(
            r'<script(?![^>]*\b(?:src=|type="application/json"))|<style|\sstyle=|\son\w+=|hx-on', page
        ), address
        assert re.search(r'"allowEval":false.*"historyCacheSize":0', page), address


def test_times_are_shown_in_the_zone_of_the_person(cast: Cast, browser_of: BrowserOf, row) -> None:
    cast.ada.time_zone = "Asia/Tokyo"
    cast.ada.save()
    assert " JST" in browser_of(cast.ada).get("/desk/north/articles/").content.decode()
    assert " UTC" in browser_of(cast.ben).get("/desk/north/articles/").content.decode()


def test_an_unknown_address_is_a_page(cast: Cast, browser_of: BrowserOf) -> None:
    answer = browser_of(cast.ada).get("/desk/nowhere/")
    assert answer.status_code == 404
    assert "There is nothing here that you may see" in answer.content.decode()
    answer = browser_of(cast.ada).get("/no/such/address")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()
