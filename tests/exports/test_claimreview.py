"""ClaimReview as a JSON-LD processor and a search engine read it."""

from __future__ import annotations

import json
from typing import Any

from pyld import jsonld

from claims.exports import datafeed
from claims.exports.claimreview import claimreview, script
from claims.exports.imports import Deleted, Imported, read_feed
from tests.exports.checks import (
    BORN,
    FEED,
    check,
    corrected,
    every_state,
    nasty,
    suspended,
    unproven,
    withdrawn,
)

S = "http://schema.org/"
# What of schema.org's context these documents use: everything in one vocabulary, addresses as ids, times
# typed.
_CONTEXT: dict[str, Any] = {
    "@vocab": S,
    "schema": S,
    **{
        name: {"@id": S + name, "@type": "@id"}
        for name in ("url", "sameAs", "archivedAt", "image", "sdLicense")
    },
    **{
        name: {"@id": S + name, "@type": S + "Date"}
        for name in ("datePublished", "dateModified", "dateDeleted")
    },
}


def _loader(url: str, options: Any) -> dict[str, Any]:
    assert url.rstrip("/") == "https://schema.org", f"asked for {url}"
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url,
            "document": {"@context": _CONTEXT}}  # fmt: skip


def expand(document: Any) -> list[dict[str, Any]]:
    return jsonld.expand(document, {"documentLoader": _loader})  # type: ignore[no-any-return]


def one(node: dict[str, Any], name: str) -> Any:
    (value,) = node[S + name]
    return value.get("@value", value.get("@id", value)) if isinstance(value, dict) else value


def test_a_processor_reads_the_review() -> None:
    (node,) = expand(claimreview(check()))
    assert node["@id"] == "https://desk.example/checks/k00001/"
    assert node["@type"] == [S + "ClaimReview"]
    assert one(node, "claimReviewed") == "The weir at Lake Ostra burst in March 2019."
    assert one(node, "url") == "https://www.weir.example/checks/1/no-the-weir-did-not-burst"
    (rating,) = node[S + "reviewRating"]
    assert [one(rating, n) for n in ("alternateName", "ratingValue", "bestRating", "worstRating")] == [
        "False",
        1,
        5,
        1,
    ]
    (claim,) = node[S + "itemReviewed"]
    (author,) = claim[S + "author"]
    assert author["@type"] == [S + "Person"]
    assert [v["@id"] for v in author[S + "sameAs"]] == [
        "https://www.wikidata.org/wiki/Q000",
        "https://kral.example/",
    ]
    assert one(claim[S + "firstAppearance"][0], "url") == "https://radio.example/talk"
    assert len(claim[S + "appearance"]) == 2
    assert one(node[S + "citation"][0], "archivedAt") == "https://archive.example/1"


def test_the_review_survives_compaction_and_flattening() -> None:
    for payload in (payload for payload in every_state() if payload.is_live):
        nodes = jsonld.flatten(claimreview(payload), None, {"documentLoader": _loader})
        ids = {n["@id"] for n in nodes}
        assert {payload.uri, payload.claim_uri} <= ids


def test_both_dates_are_always_there() -> None:
    for payload in (payload for payload in every_state() if payload.is_live):
        row = claimreview(payload)
        assert row is not None
        assert row["datePublished"].endswith("Z")
        assert row["dateModified"].endswith("Z")


def test_a_label_without_a_value_carries_no_numbers() -> None:
    rating = claimreview(unproven())["reviewRating"]
    assert rating["alternateName"] == "Unproven"
    assert not {"ratingValue", "bestRating", "worstRating"} & set(rating)


def test_where_no_claimant_is_known_the_outlet_stands_for_it() -> None:
    assert claimreview(unproven())["itemReviewed"]["author"] == {
        "@type": "Organization",
        "name": "Radio Ostra",
    }


def test_a_suspended_or_withdrawn_check_is_no_claim_review() -> None:
    for payload in (suspended(), withdrawn()):
        assert claimreview(payload) is None
        assert script(payload) == ""


def test_corrections_are_told_and_silent_minor_edits_are_not() -> None:
    (comment,) = claimreview(corrected())["correction"]
    assert comment["@type"] == "CorrectionComment"
    assert comment["text"] == "We had given the wrong day of the inspection."


def test_an_interval_is_not_sent_as_a_date() -> None:
    claim = claimreview(check(made_on="2020-10-12/2020-10-14"))["itemReviewed"]
    assert claim["temporalCoverage"] == "2020-10-12/2020-10-14"
    assert "datePublished" not in claim


def test_a_claim_cannot_end_the_script_it_stands_in() -> None:
    text = script(nasty())
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text)["claimReviewed"] == nasty().wording


def test_the_data_feed_is_one_document_with_deletions() -> None:
    document = json.loads(b"".join(datafeed.stream(every_state(), FEED)))
    assert document["dataFeedElement"][0]["item"][0]["@type"] == "ClaimReview"
    gone = document["dataFeedElement"][4]
    assert gone["dateDeleted"] == "2021-03-10T09:30:00Z"
    assert gone["item"] is None
    (node,) = expand(document)
    assert len(node[S + "dataFeedElement"]) == 6
    assert json.loads(b"".join(datafeed.stream([], FEED)))["dataFeedElement"] == []


def test_a_thousand_checks_are_streamed_and_not_collected() -> None:
    drawn = 0

    def source():  # type: ignore[no-untyped-def]
        nonlocal drawn
        for n in range(1000):
            drawn += 1
            yield check(n)

    pieces = datafeed.stream(source(), FEED)
    for _ in range(5):
        next(pieces)
    assert drawn < 6
    assert 1 + sum(1 for _ in pieces) + 4 == 1002


def test_our_own_feed_reads_back_as_what_it_was() -> None:
    document = json.loads(b"".join(datafeed.stream(every_state(), FEED)))
    got = list(read_feed(document))
    assert isinstance(got[4], Deleted)
    for payload, back in zip(every_state(), got, strict=True):
        if not payload.is_live:
            continue
        assert isinstance(back, Imported)
        assert back.notes == ()
        for name in ("uri", "url", "language", "published_at", "modified_at", "claim_uri", "number"):
            assert getattr(back.payload, name) == getattr(payload, name)
        if payload.id != nasty().id:
            assert (back.payload.headline, back.payload.wording) == (payload.headline, payload.wording)
            assert [a.url for a in back.payload.appearances] == [a.url for a in payload.appearances]
        assert back.payload.rating.label == payload.rating.label
        assert back.payload.rating.finding == payload.rating.finding
        assert back.payload.rating.value == payload.rating.value
    assert got[0].payload.published_at > BORN  # type: ignore[union-attr]
