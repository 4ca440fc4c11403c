"""How does a fact check look that comes as an answer of an API or as an item of a feed? As a ClaimReview.

Knows ``claims:search``, ``claims:imageSearch`` and ``pages`` of Google's API, JSON Feeds with ``_claimreview``,
and our own JSON Feed. Changes the shape and nothing else: whether the result can be used is judged where every
ClaimReview is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from claims.exports.loose_values import as_list, text_of, url_of

_JSON_FEED = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/", re.IGNORECASE)


def is_google_answer(data: Any) -> bool:
    """Tell whether an object is an answer of Google's API, an empty one too."""
    if not isinstance(data, Mapping):
        return False
    if not data:
        return True
    if set(data) == {"nextPageToken"}:
        return True
    return any(
        isinstance(data.get(name), list) and all(isinstance(one, Mapping) for one in data[name])
        for name in ("claims", "results", "claimReviewMarkupPages")
    ) or ("claimReviewMarkups" in data)


def of_google(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a ClaimReview for each review of an answer, and what is none as it came."""
    for row in as_list(data.get("claims")):
        yield from _of_claim(row)
    for result in as_list(data.get("results")):
        yield from _of_claim(result.get("claim") if isinstance(result, Mapping) else result)
    pages = as_list(data.get("claimReviewMarkupPages"))
    if "claimReviewMarkups" in data:
        pages = [data]
    for page in pages:
        yield from _of_page(page)


def google_error(data: Any) -> str:
    """Return what an error object of the API says, empty for anything else."""
    error = data.get("error") if isinstance(data, Mapping) else None
    if not isinstance(error, Mapping) or "message" not in error:
        return ""
    code = text_of(error.get("status") or error.get("code"))
    return f"The API answers: {text_of(error.get('message'))[:300]} ({code})"


def _of_claim(row: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(row, Mapping):
        return
    reviews = as_list(row.get("claimReview"))
    for review in reviews:
        if not isinstance(review, Mapping):
            continue
        publisher = review.get("publisher")
        publisher = publisher if isinstance(publisher, Mapping) else {}
        site = text_of(publisher.get("site"))
        found: dict[str, Any] = {
            "@type": "ClaimReview",
            "claimReviewed": row.get("text"),
            "url": review.get("url"),
            "headline": review.get("title"),
            "datePublished": review.get("reviewDate"),
            "inLanguage": review.get("languageCode"),
            "reviewRating": {"@type": "Rating", "alternateName": review.get("textualRating")},
            "author": {
                "@type": "Organization",
                "name": publisher.get("name") or site,
                "url": f"https://{site}/" if site and "/" not in site else None,
            },
            "itemReviewed": {
                "@type": "Claim",
                "author": {"@type": "Thing", "name": row.get("claimant")} if row.get("claimant") else None,
                "datePublished": row.get("claimDate"),
            },
        }
        yield _filled(found)
    if not reviews:
        yield {"@type": "Claim", "name": row.get("text")}


def _of_page(page: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(page, Mapping):
        return
    author = page.get("claimReviewAuthor")
    author = author if isinstance(author, Mapping) else {}
    for one in as_list(page.get("claimReviewMarkups")):
        if not isinstance(one, Mapping):
            continue
        rating = one.get("rating") if isinstance(one.get("rating"), Mapping) else {}
        by = one.get("claimAuthor") if isinstance(one.get("claimAuthor"), Mapping) else {}
        assert isinstance(rating, Mapping)
        assert isinstance(by, Mapping)
        yield _filled(
            {
                "@type": "ClaimReview",
                "claimReviewed": one.get("claimReviewed"),
                "url": one.get("url") or page.get("pageUrl"),
                "datePublished": page.get("publishDate"),
                "author": {"@type": "Organization", "name": author.get("name"), "image": author.get("imageUrl")},
                "reviewRating": {
                    "alternateName": rating.get("textualRating"),
                    "ratingValue": rating.get("ratingValue"),
                    "bestRating": rating.get("bestRating"),
                    "worstRating": rating.get("worstRating"),
                    "ratingExplanation": rating.get("ratingExplanation"),
                    "image": rating.get("imageUrl"),
                },
                "itemReviewed": {
                    "@type": "Claim",
                    "author": {
                        "name": by.get("name"), "jobTitle": by.get("jobTitle"), "image": by.get("imageUrl"),
                        "sameAs": by.get("sameAs"),
                    } if by.get("name") else None,
                    "datePublished": one.get("claimDate"),
                    "firstAppearance": one.get("claimFirstAppearance"),
                    "appearance": one.get("claimAppearances"),
                },
            }
        )  # fmt: skip


def is_json_feed(data: Any) -> bool:
    """Tell whether an object is a JSON Feed, by the version that every one names."""
    return isinstance(data, Mapping) and _JSON_FEED.match(text_of(data.get("version"))) is not None


def of_item(item: Mapping[str, Any], feed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the ClaimReviews of one item of a JSON Feed; none where it names no finding."""
    around = {
        "url": url_of(item.get("url")) or url_of(item.get("external_url")) or url_of(item.get("id")),
        "dateCreated": item.get("date_published"),
        "dateModified": item.get("date_modified"),
    }
    found = [
        _filled({"inLanguage": item.get("language") or feed.get("language"), **one})
        for name in ("_claimreview", "_claim_review", "_claimReview", "_ClaimReview")
        for one in as_list(item.get(name))
        if isinstance(one, Mapping)
    ]
    if not found and isinstance(item.get("_factcheck"), Mapping):
        found = [_of_ours(item, item["_factcheck"], feed)]
    return [_filled({**around, "item": [one]}) for one in found]


def _of_ours(item: Mapping[str, Any], ours: Mapping[str, Any], feed: Mapping[str, Any]) -> dict[str, Any]:
    status = text_of(ours.get("status"))
    author = next((one for one in as_list(feed.get("authors")) if isinstance(one, Mapping)), {})
    return {
        "@type": "ClaimReview",
        "@id": url_of(item.get("id")) or None,
        "claimReviewed": ours.get("claim"),
        "url": item.get("url"),
        "headline": item.get("title"),
        "datePublished": item.get("date_published"),
        "dateModified": item.get("date_modified"),
        "inLanguage": item.get("language") or feed.get("language"),
        "version": ours.get("version"),
        "creativeWorkStatus": status if status in ("withdrawn", "suspended") else None,
        "text": item.get("summary"),
        "keywords": item.get("tags"),
        "sdLicense": ours.get("licence"),
        "author": {
            "@type": "Organization",
            "name": ours.get("publisher") or author.get("name"),
            "url": author.get("url"),
        },
        "reviewRating": _filled(
            {
                "alternateName": ours.get("rating"),
                "ratingValue": ours.get("rating_value"),
                "bestRating": ours.get("rating_best"),
                "worstRating": ours.get("rating_worst"),
            }
        ),
        "itemReviewed": _filled(
            {
                "@type": "Claim",
                "author": {"name": ours.get("claimant")} if ours.get("claimant") else None,
                "datePublished": ours.get("made_on"),
            }
        ),
    }


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _filled(value) if isinstance(value, Mapping) else value
        for key, value in row.items()
        if value not in (None, "", [], {})
    }
