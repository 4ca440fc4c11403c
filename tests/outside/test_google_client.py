"""Unmodified programs of others read our outputs from a running server: Google's client, feedparser, pyld, pandas."""

from __future__ import annotations

import io
import json
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from claims.actions.indexing.outbox import queue_if_dirty
from claims.actions.publishing.imports import import_factcheck
from claims.actions.publishing.publish import suspend, withdraw
from claims.models import FactCheck
from tests.builders import moment
from tests.checks_made import checked_claim, corrected, published
from tests.people import Cast

with warnings.catch_warnings():
    # What these libraries warn about while they are imported is not ours to mend.
    warnings.simplefilter("ignore")
    import feedparser
    import pandas
    from googleapiclient.discovery import build
    from googleapiclient.errors import HttpError
    from pyld import jsonld

pytestmark = pytest.mark.django_db(transaction=True)
SCHEMA = "https://schema.org/"
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


@pytest.fixture
def checks(
    real_cast: Cast, engine: None, drain: Callable[..., int], settings: Any, live_server: Any
) -> list[FactCheck]:
    """Checks behind a real port: live, corrected, withdrawn, suspended, and one of somebody else."""
    settings.SITE_URL = live_server.url
    made = [
        published(
            real_cast,
            made=checked_claim(real_cast, f"The mill of {place} burned down"),
            headline=f"The mill of {place}: no fire, “{place}” & <nothing>",
        )
        for place in ("Lenna", "Osk", "Tolm", "Ryde")
    ]
    corrected(real_cast, made[1], moment(1))
    withdraw(actor=real_cast.carla, factcheck=made[2], note="It was another mill.", now=moment(2))
    suspend(actor=real_cast.carla, factcheck=made[3], note="A doubt.", now=moment(2))
    made.append(import_factcheck(actor=None, desk=real_cast.desk, raw=FOREIGN, now=moment(1)))
    queue_if_dirty()
    drain("index")
    return list(FactCheck.objects.select_related("latest").order_by("pk"))


@pytest.fixture
def google(checks: list[FactCheck], live_server: Any) -> Iterator[Any]:
    """Google's own client, told nothing but our address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        service = build(
            "factchecktools",
            "v1alpha1",
            developerKey="x",
            client_options={"api_endpoint": live_server.url},
            static_discovery=True,
        )
    yield service.claims()
    service.close()


def got(address: str) -> bytes:
    with urllib.request.urlopen(address) as answer:  # our own server
        return bytes(answer.read())


def test_googles_client_searches_filters_pages_and_understands_our_errors(
    checks: list[FactCheck], google: Any, live_server: Any
) -> None:
    answer = google.search(query="mill Lenna burned", languageCode="en").execute()
    first = answer["claims"][0]
    assert (first["text"], first["claimant"]) == (checks[0].claim_text, "Ilse Brandt")
    review = first["claimReview"][0]
    assert review["url"].startswith(f"{live_server.url}/checks/{checks[0].public_id}/")
    assert (review["textualRating"], review["publisher"]["name"]) == ("False", "North Desk")

    found: list[str] = []
    request = google.search(query="mill", pageSize=1)
    while request is not None:
        answer = request.execute()
        found += [claim["claimReview"][0]["url"] for claim in answer.get("claims", [])]
        request = google.search_next(request, answer)
    assert len(found) == len(set(found)) == 3
    assert "https://www.checks.example/mill" in found
    assert not any(check.public_id in url for check in checks[2:4] for url in found), "withdrawn or suspended"

    foreign = google.search(reviewPublisherSiteFilter="checks.example").execute()
    assert [claim["claimReview"][0]["languageCode"] for claim in foreign["claims"]] == ["de"]
    assert google.search(query="mill", languageCode="fr").execute() == {}

    with pytest.raises(HttpError) as refused:
        google.search(query="mill", pageToken="no-token-of-ours").execute()
    assert refused.value.status_code == 400
    with pytest.raises(HttpError) as images:
        google.imageSearch(imageUri="https://courier.example/a.png").execute()
    assert images.value.status_code == 501


def test_feedparser_reads_the_feeds_without_complaint(checks: list[FactCheck], live_server: Any) -> None:
    for name in ("atom.xml", "rss.xml"):
        feed = feedparser.parse(f"{live_server.url}/feeds/{name}")
        assert (feed.status, feed.bozo) == (200, False), feed.get("bozo_exception")
        assert feed.feed.title == "North Desk fact checks"
        ids = {entry.id for entry in feed.entries}
        assert len(ids) == len(feed.entries) >= 2
        first = next(entry for entry in feed.entries if checks[0].public_id in entry.link)
        assert first.title.count("Lenna") == 2
        assert "nothing" in first.title
        assert first.published_parsed is not None
        again = feedparser.parse(f"{live_server.url}/feeds/{name}", etag=feed.etag)
        assert (again.status, again.entries) == (304, [])


def _schema_org(url: str, options: Any = None) -> dict[str, Any]:
    """Stand in for the context of schema.org: no test asks the network."""
    assert url.rstrip("/") in ("https://schema.org", "http://schema.org"), url
    context = {"@vocab": SCHEMA, "url": {"@id": f"{SCHEMA}url", "@type": "@id"}}
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": {"@context": context},
    }


def test_pyld_expands_the_data_feed_and_finds_every_review(checks: list[FactCheck], live_server: Any) -> None:
    document = json.loads(got(f"{live_server.url}/feeds/claimreview.json"))
    (feed,) = jsonld.expand(document, {"documentLoader": _schema_org})
    assert feed["@type"] == [f"{SCHEMA}DataFeed"]
    items = feed[f"{SCHEMA}dataFeedElement"]
    reviews = [
        review
        for item in items
        for review in item.get(f"{SCHEMA}item", [])
        if f"{SCHEMA}ClaimReview" in review.get("@type", [])
    ]
    said = {review[f"{SCHEMA}claimReviewed"][0]["@value"]: review for review in reviews}
    assert {checks[0].claim_text, checks[1].claim_text} <= said.keys()
    rating = said[checks[0].claim_text][f"{SCHEMA}reviewRating"][0]
    assert rating[f"{SCHEMA}alternateName"][0]["@value"] == "False"
    assert checks[2].claim_text not in said, "withdrawn: a deletion and nothing to show"
    assert sum(f"{SCHEMA}dateDeleted" in item for item in items) == 1
    assert checks[3].claim_text not in said, "suspended: a review without a rating is none"


def test_pyld_expands_the_review_inside_a_public_page(checks: list[FactCheck], live_server: Any) -> None:
    from lxml import html

    page = html.document_fromstring(got(checks[0].latest.payload["url"]))  # type: ignore[union-attr]
    (script,) = page.xpath("//script[@type='application/ld+json']")
    expanded = jsonld.expand(json.loads(script.text), {"documentLoader": _schema_org})
    triples = jsonld.to_rdf(expanded, {"documentLoader": _schema_org})["@default"]
    said = [
        one["object"]["value"] for one in triples if one["predicate"]["value"] == f"{SCHEMA}claimReviewed"
    ]
    assert said == [checks[0].claim_text]


def test_pandas_reads_the_table_with_its_types(checks: list[FactCheck], live_server: Any) -> None:
    table = pandas.read_csv(f"{live_server.url}/feeds/verdicts.csv")
    schema = json.loads(got(f"{live_server.url}/feeds/verdicts.schema.json"))
    assert list(table.columns) == [field["name"] for field in schema["fields"]]
    assert table["id"].is_unique
    own = table.set_index("id")
    assert own.loc[checks[0].public_id, "wording"] == checks[0].claim_text
    same = pandas.read_csv(io.BytesIO(got(f"{live_server.url}/feeds/verdicts.csv")), encoding="utf-8")
    assert len(same) == len(table)
