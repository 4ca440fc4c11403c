"""claims:search as the unmodified client reads it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from claims.actions.indexing.outbox import queue_if_dirty
from claims.actions.publishing.imports import import_factcheck
from claims.actions.publishing.publish import suspend
from claims.search.engine import EngineUnavailable
from tests.builders import moment
from tests.checks_made import checked_claim, published
from tests.people import Cast

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from googleapiclient.discovery import build
    from googleapiclient.errors import HttpError
    from googleapiclient.http import HttpRequest as GoogleRequest

FOREIGN = {
    "@type": "ClaimReview",
    "url": "https://www.checks.example/mill",
    "claimReviewed": "The mill of Lenna burned twice.",
    "datePublished": "2026-02-01",
    "inLanguage": "de",
    "author": {"@type": "Organization", "name": "Ostra Checks"},
    "reviewRating": {"alternateName": "Falsch"},
    "itemReviewed": {"author": {"name": "Jan Kral"}},
}
URL = "/v1alpha1/claims:search"


@pytest.fixture
def three(cast: Cast, drain: Callable[..., int]) -> list[str]:
    """Three findable checks: two own, one imported; return their addresses."""
    mill = published(
        cast, made=checked_claim(cast, "The mill of Lenna burned down"), headline="The mill burned"
    )
    bridge = published(cast)
    foreign = import_factcheck(actor=None, desk=cast.desk, raw=FOREIGN, now=moment(1))
    queue_if_dirty()
    drain("index")
    return [check.latest.payload["url"] for check in (mill, bridge, foreign)]  # type: ignore[union-attr]


class Through:
    """Carries the client's HTTP requests to Django's own test client."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def request(self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **_: Any) -> Any:
        from httplib2 import Response

        answer = self.client.generic(method, uri.removeprefix("http://testserver"), body or "")
        info = {"status": str(answer.status_code), "content-type": answer["Content-Type"]}
        return Response(info), answer.content

    def close(self) -> None:
        pass


@pytest.fixture
def service(client: Client) -> Any:
    return build(
        "factchecktools",
        "v1alpha1",
        http=Through(client),
        developerKey="anything",
        static_discovery=True,
        client_options={"api_endpoint": "http://testserver/"},
    )


pytestmark = pytest.mark.django_db


def test_the_unmodified_client_finds_own_and_imported_checks(service: Any, three: list[str]) -> None:
    request = service.claims().search(query="mill burned")
    assert isinstance(request, GoogleRequest)
    found = request.execute()
    assert {claim["claimReview"][0]["url"] for claim in found["claims"]} == {three[0], three[2]}
    foreign = next(c for c in found["claims"] if c["claimReview"][0]["url"] == three[2])
    assert foreign["claimant"] == "Jan Kral"
    assert foreign["claimReview"][0]["publisher"] == {"name": "Ostra Checks", "site": "checks.example"}
    assert foreign["claimReview"][0]["textualRating"] == "Falsch"


def test_filters_narrow_the_answer(service: Any, three: list[str]) -> None:
    german = service.claims().search(query="mill burned", languageCode="de-AT").execute()
    assert [c["claimReview"][0]["url"] for c in german["claims"]] == [three[2]]
    site = service.claims().search(reviewPublisherSiteFilter="checks.example").execute()
    assert [c["claimReview"][0]["url"] for c in site["claims"]] == [three[2]]
    assert service.claims().search(query="zeppelin").execute() == {}


def test_pages_lead_on_until_there_are_no_more(service: Any, three: list[str]) -> None:
    seen: list[str] = []
    request = service.claims().search(query="mill burned", pageSize=1)
    while request is not None:
        answer = request.execute()
        seen += [claim["claimReview"][0]["url"] for claim in answer["claims"]]
        token = answer.get("nextPageToken")
        request = service.claims().search(query="mill burned", pageSize=1, pageToken=token) if token else None
    assert sorted(seen) == sorted([three[0], three[2]])


def test_a_suspended_check_is_no_longer_found_even_by_an_index_that_lags(
    service: Any, three: list[str], cast: Cast
) -> None:
    check = cast.desk.factchecks.get(latest__payload__headline="The mill burned")
    suspend(actor=cast.carla, factcheck=check, note="A doubt.", now=moment(2))
    found = service.claims().search(query="mill burned").execute()
    assert [c["claimReview"][0]["url"] for c in found["claims"]] == [three[2]]


def test_errors_have_the_shape_the_client_knows(service: Any, cast: Cast) -> None:
    with pytest.raises(HttpError) as wrong:
        service.claims().search().execute()
    assert wrong.value.status_code == 400
    with pytest.raises(HttpError) as image:
        service.claims().imageSearch(imageUri="https://x.example/a.png").execute()
    assert image.value.status_code == 501
    assert json.loads(image.value.content)["error"]["status"] == "UNIMPLEMENTED"


def test_an_engine_that_is_gone_is_an_error_and_not_an_empty_answer(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_args: Any, **_named: Any) -> list[int]:
        raise EngineUnavailable("no answer")

    monkeypatch.setattr("claims.api.google.find_factchecks", silent)
    answer = client.get(URL, {"query": "mill"})
    assert (answer.status_code, answer.json()["error"]["status"]) == (503, "UNAVAILABLE")


def test_field_masks_and_callbacks_work(client: Client, three: list[str]) -> None:
    answer = client.get(URL, {"query": "mill burned", "fields": "claims(text)"})
    assert all(set(claim) == {"text"} for claim in answer.json()["claims"])
    jsonp = client.get(URL, {"query": "mill", "callback": "take"})
    assert jsonp["Content-Type"].startswith("text/javascript")
    assert client.post(URL).status_code == 404
