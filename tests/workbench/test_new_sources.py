"""New sources on the pages: what needs me, the line on the claim's page, what is said, and taking things back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions.evidence import new_sources
from claims.models import Claim, Desk, Document, Evidence, Review, SearchRun, SourceAlert
from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db

WORDS = "The bridge of Lenna carries 1,000 cars a day, Ilse Brandt said. Nobody else has counted."


@pytest.fixture
def claim(cast: Cast) -> Claim:
    found = builders.claim(cast, "The bridge of Lenna carries 1,000 cars a day")
    Claim.objects.filter(pk=found.pk).update(searched_at=builders.moment())
    found.refresh_from_db()
    return found


def alert(cast: Cast, claim: Claim, number: int = 0, **fields: Any) -> SourceAlert:
    added = builders.article(cast, f"{WORDS} Count {number}.", title=f"Bridges {number}", outlet="Osk Post")
    values: dict[str, Any] = {
        "start": 0,
        "end": len(WORDS),
        "matched": ["bridg", "car"],
        "reasons": [{"name": "figure"}],
        "relies": {"speakers": [["Ilse Brandt", ""]], "read": True},
    }
    return SourceAlert.objects.create(
        desk=cast.desk, claim=claim, document=added.document, capture=added.capture, **(values | fields)
    )


def _page(client: Client, claim: Claim) -> str:
    return client.get(reverse("claim", args=[claim.pk])).content.decode()


def test_the_desk_tells_of_it_among_what_needs_me(cast: Cast, claim: Claim, client: Client) -> None:
    found = alert(cast, claim)
    client.force_login(cast.ada)
    page = client.get(reverse("desk", args=[cast.desk.slug])).content.decode()
    assert "New sources for our claims" in page
    assert f"{reverse('claim', args=[claim.pk])}#s{found.pk}" in page
    assert "Bridges 0" in page
    client.force_login(cast.eli)
    page = client.get(reverse("desk", args=[cast.desk.slug])).content.decode()
    assert "New sources for our claims" not in page, "a contributor decides about no evidence"


def test_the_desk_says_when_no_more_are_kept(
    cast: Cast, claim: Claim, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claims.workbench.desk import waiting_work

    alert(cast, claim)
    client.force_login(cast.ada)
    address = reverse("desk", args=[cast.desk.slug])
    assert "asking the archive again" not in client.get(address).content.decode()
    monkeypatch.setattr(waiting_work, "OPEN_PER_DESK", 1)
    assert "No more than 1 are kept" in client.get(address).content.decode()


def test_the_claims_page_says_how_many_and_who_only_repeats(cast: Cast, claim: Claim, client: Client) -> None:
    alert(cast, claim)
    alert(cast, claim, 1, relies={"itself": True, "outlet": "Osk Post", "read": True})
    client.force_login(cast.ada)
    page = _page(client, claim)
    assert "2 new sources since the last search" in page
    assert page.count("only repeats the claimant") == 1
    assert "same figure" in page
    Review.objects.filter(claim=claim).update(state="published")
    assert "2 new sources since it was published" in _page(client, claim)


def test_it_is_taken_or_dismissed_there_and_a_dismissal_taken_back(
    cast: Cast, claim: Claim, client: Client
) -> None:
    first, second = alert(cast, claim), alert(cast, claim, 1)
    client.force_login(cast.ada)
    answer = client.post(reverse("alert-decide", args=[first.pk]), {"decision": "take"})
    row = Evidence.objects.get(claim=claim)
    assert answer.url == f"{reverse('claim', args=[claim.pk])}#e{row.pk}"  # type: ignore[attr-defined]
    client.post(reverse("alert-decide", args=[second.pk]), {"decision": "dismiss"})
    page = _page(client, claim)
    assert "new source" not in page.split('id="new-sources"')[1].split("</div>")[0].replace(
        "Dismissed new sources", ""
    ).replace("New sources", "")
    assert "Dismissed new sources" in page
    client.post(reverse("alert-decide", args=[second.pk]), {"decision": "reopen"})
    assert "1 new source since" in _page(client, claim)
    assert client.post(reverse("alert-decide", args=[second.pk]), {"decision": "?"}).status_code == 422


def test_watching_a_claim_is_stopped_and_begun_again(cast: Cast, claim: Claim, client: Client) -> None:
    client.force_login(cast.ada)
    assert "Stop watching" in _page(client, claim)
    client.post(reverse("claim-watch", args=[claim.pk]), {"watched": "false"})
    claim.refresh_from_db()
    assert not claim.watched
    assert "Watch it again" in _page(client, claim)
    client.post(reverse("claim-watch", args=[claim.pk]), {"watched": "true"})
    assert "Stop watching" in _page(client, claim)


def test_the_desk_switches_it_off_in_its_settings(cast: Cast, claim: Claim, client: Client) -> None:
    client.force_login(cast.dana)
    address = reverse("settings", args=[cast.desk.slug])
    sent = {"name": "North Desk", "editorial_approvals": 1, "legal_approvals": 0, "publish_mode": "at_once"}
    client.post(address, sent | {"time_zone": "UTC"})
    assert not Desk.objects.get(pk=cast.desk.pk).watches_claims
    assert "This desk does not watch" in _page(client, claim)
    client.post(address, sent | {"time_zone": "UTC", "watches_claims": "on"})
    assert Desk.objects.get(pk=cast.desk.pk).watches_claims


def test_who_may_not_read_the_source_is_not_told_of_it(cast: Cast, claim: Claim, client: Client) -> None:
    found = alert(cast, claim)
    Document.objects.filter(pk=found.document_id).update(visibility=Document.Visibility.NAMED)
    client.force_login(cast.ben)
    assert "Bridges 0" not in _page(client, claim)
    assert "Bridges 0" not in client.get(reverse("desk", args=[cast.desk.slug])).content.decode()
    assert client.post(reverse("alert-decide", args=[found.pk]), {"decision": "take"}).status_code == 404


def test_no_more_are_shown_than_are_kept(cast: Cast, claim: Claim, client: Client) -> None:
    for number in range(new_sources.OPEN_PER_CLAIM):
        alert(cast, claim, number)
    client.force_login(cast.ada)
    assert f"No more than {new_sources.OPEN_PER_CLAIM} are" in _page(client, claim)


def test_a_question_asked_again_takes_the_place_of_its_line(cast: Cast, claim: Claim, client: Client) -> None:
    for text, kind, hits in (
        ("How many cars?", "claim", 40),
        ("cars of Osk", "own_words", 3),
        ("How many cars?", "claim", 37),
        ("How many  CARS?", "claim", 34),
    ):
        SearchRun.objects.create(
            desk=cast.desk, claim=claim, kind=kind, outcome="found", searched=100, hits_found=hits,
            questions=[{"text": text, "terms": []}],
        )  # fmt: skip
    client.force_login(cast.ada)
    page = _page(client, claim)
    assert "2 questions to 100 passages, 37 hits" in page
    dossier = client.get(reverse("claim-searches", args=[claim.pk])).content.decode()
    assert dossier.count("How many") >= 3
