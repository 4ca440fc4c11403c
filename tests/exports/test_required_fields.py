"""No ClaimReview leaves the desk without what readers require of one, in any state and through any output."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from claims.actions.publishing.imports import import_factcheck
from claims.actions.publishing.publish import suspend, withdraw
from claims.exports import claimreview, datafeed, jsonfeed
from claims.exports.payload import Payload, RatingShown
from claims.models import FactCheck
from tests.builders import moment
from tests.checks_made import published
from tests.exports.checks import check, every_state, suspended, unproven, withdrawn
from tests.people import Cast


def _states() -> dict[str, Payload]:
    bare: dict[str, Any] = {
        "claimant": None,
        "outlet": "",
        "appearances": (),
        "made_on": "",
        "appeared_on": "",
    }
    found = {f"state {number}": payload for number, payload in enumerate(every_state())}
    return found | {
        "suspended": suspended(),
        "withdrawn": withdrawn(),
        "without a number": unproven(),
        "without a claimant": check(claimant=None),
        "without anything about the claim": check(**bare),
        "partial date": check(made_on="2020-10"),
        "interval": check(made_on="2020-10-01/2020-10-31"),
        "imported": check(imported=True),
        "without a label": check(rating=RatingShown(label="", code="", definition="")),
        "without words": check(wording=" "),
        "without an address": check(url=""),
    }


INCOMPLETE = {"suspended", "withdrawn", "without a label", "without words", "without an address"}


def insist(row: Any) -> None:
    """Fail unless this is a ClaimReview with everything that schema.org's readers and Google require."""
    assert row["@type"] == "ClaimReview"
    for name in ("claimReviewed", "url", "datePublished"):
        assert isinstance(row[name], str), name
        assert row[name].strip(), name
    rating = row["reviewRating"]
    assert rating["@type"] == "Rating"
    assert rating["alternateName"].strip()
    if "ratingValue" in rating:
        assert rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]
    assert row["author"]["name"].strip()
    assert row["itemReviewed"]["@type"] == "Claim"
    author = row["itemReviewed"].get("author")
    assert author is None or author["name"].strip()
    made = row["itemReviewed"].get("datePublished", "2020")
    assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", made)


def reviews_in(value: Any) -> Iterator[Any]:
    """Yield everything in a JSON value that says it is a ClaimReview or carries a part of one."""
    if isinstance(value, dict):
        if value.get("@type") == "ClaimReview" or "reviewRating" in value or "claimReviewed" in value:
            yield value
        for inner in value.values():
            yield from reviews_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from reviews_in(inner)


@pytest.mark.parametrize("name", _states())
def test_a_payload_is_a_whole_claim_review_or_none(name: str) -> None:
    payload = _states()[name]
    row = claimreview.claimreview(payload)
    item = datafeed.item(payload)
    assert (row is None) == (name in INCOMPLETE or not payload.is_live)
    if row is None:
        assert claimreview.script(payload) == ""
        assert item["item"] is None
        assert not list(reviews_in(item))
    else:
        insist(row)
        insist(json.loads(claimreview.script(payload)))
        insist(item["item"][0])
    assert not list(reviews_in(jsonfeed.item(payload)))


@pytest.fixture
def world(cast: Cast) -> list[FactCheck]:
    """Checks in every state that the desk can bring about."""
    checks = [published(cast, now=moment(day)) for day in range(4)]
    suspend(actor=cast.carla, factcheck=checks[1], note="A doubt.", now=moment(6))
    withdraw(actor=cast.carla, factcheck=checks[2], note="We were wrong.", now=moment(7))
    raw = {
        "@type": "ClaimReview",
        "url": "https://other.example/1",
        "claimReviewed": "The bridge of Lenna carries no cars at all.",
        "reviewRating": {"alternateName": "False"},
        "author": {"name": "Other Checks"},
        "datePublished": "2026-03-01",
    }
    import_factcheck(actor=cast.carla, desk=cast.desk, raw=raw, now=moment(5))
    return checks


@pytest.mark.django_db
def test_nothing_public_holds_half_a_claim_review(client: Client, world: list[FactCheck]) -> None:
    feed = json.loads(b"".join(client.get("/feeds/claimreview.json").streaming_content))  # type: ignore[attr-defined]
    whole = list(reviews_in(feed))
    assert len(whole) == 2
    assert [item["item"] is None for item in feed["dataFeedElement"]].count(True) == 2
    assert not list(reviews_in(client.get("/feeds/feed.json").json()))
    for kind in ("atom.xml", "rss.xml"):
        assert b"reviewRating" not in client.get(f"/feeds/{kind}").content
    shown = 0
    for made in world:
        for path in (f"/checks/{made.public_id}/", f"/checks/{made.public_id}/v1/"):
            html = client.get(path, follow=True).content.decode()
            for script in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL):
                whole.append(json.loads(script))
                shown += 1
            made.refresh_from_db()
            if made.status != FactCheck.Status.LIVE:
                assert "ld+json" not in html
    assert shown >= 2
    for row in whole:
        insist(row)


@pytest.mark.django_db
def test_the_search_of_google_shows_a_rating_with_every_review(
    client: Client, world: list[FactCheck]
) -> None:
    found = []
    for site in {FactCheck.objects.get(pk=made.pk).site for made in world} | {"other.example"}:
        answer = client.get("/v1alpha1/claims:search", {"reviewPublisherSiteFilter": site}).json()
        found += [row for claim in answer.get("claims", []) for row in claim["claimReview"]]
    assert len(found) == 3
    for row in found:
        assert row["textualRating"].strip()
        assert row["url"]
        assert row["publisher"]["site"]
