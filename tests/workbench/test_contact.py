"""A reader writes to the desk without an account, and the desk sees it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from claims.actions.publishing.publish import suspend
from claims.models import Claim, ReaderMessage
from tests.checks_made import published
from tests.people import Cast

pytestmark = pytest.mark.django_db
WRITTEN = {"kind": "suggestion", "words": "The crane at Osk is new.", "url": "https://news.example/crane"}


@pytest.fixture(autouse=True)
def _counted_anew() -> None:
    caches["throttle"].clear()


def test_a_message_without_cookie_or_token_is_taken_and_thanked_for(cast: Cast) -> None:
    reader = Client(enforce_csrf_checks=True)
    answer = reader.post("/contact/", WRITTEN)
    assert (answer.status_code, answer["Location"]) == (303, "/contact/?sent=1")
    assert "Thank you" in reader.get("/contact/?sent=1").content.decode()
    assert not reader.cookies
    made = ReaderMessage.objects.get()
    assert (made.desk, made.words, made.url) == (cast.desk, WRITTEN["words"], WRITTEN["url"])


def test_what_is_wrong_is_said_beside_what_was_typed(cast: Cast, client: Client) -> None:
    answer = client.post("/contact/", WRITTEN | {"url": "no address", "reply_to": "nobody"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter a valid email address" in html
    assert WRITTEN["words"] in html
    assert not ReaderMessage.objects.exists()


def test_a_machine_that_fills_in_everything_is_thanked_and_not_stored(cast: Cast, client: Client) -> None:
    answer = client.post("/contact/", WRITTEN | {"website": "https://spam.example"})
    assert answer.status_code == 303
    assert not ReaderMessage.objects.exists()


def test_one_network_sends_so_many_an_hour_and_keeps_its_words(
    cast: Cast, client: Client, settings: Any
) -> None:
    settings.MESSAGE_RATE = 2
    for number in range(2):
        assert client.post("/contact/", WRITTEN | {"words": f"Mill {number} burned."}).status_code == 303
    answer = client.post("/contact/", WRITTEN | {"words": "Mill 3 burned."})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Mill 3 burned." in answer.content.decode()
    assert ReaderMessage.objects.count() == 2


def test_a_check_leads_to_a_complaint_about_it(cast: Cast, client: Client) -> None:
    check = published(cast)
    page = client.get(f"/checks/{check.public_id}/").content.decode()
    assert f"/contact/?check={check.public_id}" in page
    form = client.get(f"/contact/?check={check.public_id}").content.decode()
    assert check.latest is not None
    assert check.latest.payload["headline"] in form
    client.post("/contact/", {"kind": "complaint", "words": "It was four.", "check": check.public_id})
    assert ReaderMessage.objects.get().factcheck == check


def test_a_suspended_check_can_be_complained_about(cast: Cast, client: Client) -> None:
    check = published(cast)
    suspend(actor=cast.carla, factcheck=check, note="Under review.")
    answer = client.post("/contact/", {"kind": "complaint", "words": "Good.", "check": check.public_id})
    assert answer.status_code == 303


def test_the_desk_sees_messages_and_its_own_alone(cast: Cast, client: Client) -> None:
    client.post("/contact/", WRITTEN | {"words": "<script>alert(1)</script> burned"})
    made = ReaderMessage.objects.get()
    client.force_login(cast.ada)
    desk = client.get("/desk/north/").content.decode()
    assert "From readers" in desk
    for path in ("/desk/north/", "/desk/north/readers/", f"/readers/{made.pk}/"):
        html = client.get(path).content.decode()
        assert "&lt;script&gt;alert(1)" in html
        assert "<script>alert" not in html
    client.force_login(cast.otto)
    assert client.get(f"/readers/{made.pk}/").status_code == 404


def test_a_message_is_made_a_claim_on_its_page(cast: Cast, client: Client) -> None:
    client.post("/contact/", WRITTEN)
    made = ReaderMessage.objects.get()
    client.force_login(cast.ada)
    page = client.get(f"/readers/{made.pk}/").content.decode()
    assert WRITTEN["url"] in page
    answer = client.post(
        f"/readers/{made.pk}/claim/", {"quotation": "The crane at Osk is new.", "checks": "content"}
    )
    claim = Claim.objects.get()
    assert answer["Location"] == f"/claims/{claim.pk}/"
    made.refresh_from_db()
    assert made.claim == claim
    refused = client.post(f"/readers/{made.pk}/claim/", {"quotation": "Again.", "checks": "content"})
    assert refused.status_code == 409
    assert "already" in refused.content.decode()
    assert Claim.objects.count() == 1


def test_settled_ones_are_on_the_list_of_all(cast: Cast, client: Client) -> None:
    client.post("/contact/", WRITTEN)
    made = ReaderMessage.objects.get()
    client.force_login(cast.ada)
    client.post(f"/readers/{made.pk}/settle/", {"state": "answered", "note": "Wrote back."})
    assert WRITTEN["words"] not in client.get("/desk/north/readers/").content.decode()
    assert WRITTEN["words"] in client.get("/desk/north/readers/?show=all").content.decode()
    client.post(f"/readers/{made.pk}/reopen/")
    assert WRITTEN["words"] in client.get("/desk/north/readers/").content.decode()
