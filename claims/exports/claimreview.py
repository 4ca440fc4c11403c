"""A payload as schema.org ClaimReview, and what of it may stand in a page.

A ClaimReview without a rating is none to those who read it, so that a suspended or withdrawn check, and one
that lacks what they require, is no ClaimReview at all: pages carry no markup, feeds an item without object.
Labels without a value carry no numbers: a made-up number would be read as a verdict.
"""

from __future__ import annotations

import json
from typing import Any

from claims.exports.payload import Agent, AppearanceShown, Citation, Payload, rfc3339

CONTEXT = "https://schema.org"


def claimreview(payload: Payload, *, context: bool = True) -> dict[str, Any] | None:
    """Return the JSON-LD object, or None where there is no verdict that stands, or no complete one.

    ``context=False`` where it stands inside a feed that has one. What readers require: schema.org's
    ``reviewRating`` with a name, ``claimReviewed``, ``url``, ``author``, ``datePublished`` and a claim.
    """
    required = (payload.wording, payload.url, payload.rating.label, payload.publisher.name)
    if not payload.is_live or not all(value.strip() for value in required):
        return None
    row: dict[str, Any] = {"@context": CONTEXT} if context else {}
    row |= {
        "@type": "ClaimReview",
        "@id": payload.uri,
        "identifier": payload.id,
        "url": payload.url,
        "headline": payload.headline,
        "claimReviewed": payload.wording,
        "datePublished": rfc3339(payload.published_at),
        "dateModified": rfc3339(payload.modified_at),
        "version": payload.number,
        "author": _publisher(payload),
        "itemReviewed": _claim(payload),
    }
    row["reviewRating"] = _rating(payload)
    _put(row, "text", payload.short_answer)
    _put(row, "citation", [_citation(one) for one in payload.citations])
    _put(row, "correction", _corrections(payload))
    _put(row, "expires", rfc3339(payload.expires) if payload.expires else "")
    _put(row, "inLanguage", payload.language)
    _put(row, "keywords", list(payload.topics))
    _put(row, "image", payload.image)
    if not payload.imported:
        row["sdPublisher"] = _publisher(payload)
    _put(row, "sdLicense", payload.licence_url or payload.licence)
    return row


def script(payload: Payload) -> str:
    """Return the JSON-LD as text that is safe between script tags, whatever the claim contains; else empty."""
    row = claimreview(payload)
    if row is None:
        return ""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _put(row: dict[str, Any], name: str, value: Any) -> None:
    if value:
        row[name] = value


def _publisher(payload: Payload) -> dict[str, Any]:
    row: dict[str, Any] = {"@type": "Organization", "name": payload.publisher.name}
    _put(row, "url", payload.publisher.url)
    _put(row, "image", payload.publisher.logo)
    return row


def _rating(payload: Payload) -> dict[str, Any]:
    rating = payload.rating
    row: dict[str, Any] = {"@type": "Rating", "alternateName": rating.label}
    if rating.value is not None:
        row |= {"ratingValue": rating.value, "bestRating": rating.best, "worstRating": rating.worst}
    _put(row, "ratingExplanation", rating.explanation or payload.short_answer)
    return row


def _claim(payload: Payload) -> dict[str, Any]:
    row: dict[str, Any] = {"@type": "Claim", "@id": payload.claim_uri or f"{payload.uri}#claim"}
    row["name"] = payload.wording
    _put(row, "text", payload.quotation)
    agent = payload.claimant or (Agent(name=payload.outlet, kind="organisation") if payload.outlet else None)
    if agent is not None:
        row["author"] = _agent(agent)
    made = payload.made_on or payload.appeared_on
    # An interval is no Date in schema.org; it has a property of its own.
    _put(row, "temporalCoverage" if "/" in made else "datePublished", made)
    first = payload.first_appearance
    if first is not None and (shown := _appearance(first)):
        row["firstAppearance"] = shown
    _put(row, "appearance", [shown for one in payload.appearances if (shown := _appearance(one))])
    return row


def _agent(agent: Agent) -> dict[str, Any]:
    row: dict[str, Any] = {
        "@type": "Person" if agent.kind == "person" else "Organization",
        "name": agent.name,
    }
    _put(row, "sameAs", list(agent.same_as))
    _put(row, "jobTitle" if agent.kind == "person" else "description", agent.job_title)
    _put(row, "image", agent.image)
    return row


def _appearance(shown: AppearanceShown) -> dict[str, Any]:
    row: dict[str, Any] = {"@type": "CreativeWork"}
    _put(row, "url", shown.url)
    _put(row, "name", shown.title or shown.locator)
    _put(row, "publisher", {"@type": "Organization", "name": shown.outlet} if shown.outlet else None)
    _put(row, "temporalCoverage" if "/" in shown.published else "datePublished", shown.published)
    _put(row, "archivedAt", shown.archived_url)
    return row if len(row) > 1 else {}


def _citation(cited: Citation) -> dict[str, Any]:
    row: dict[str, Any] = {"@type": "CreativeWork", "position": cited.number}
    _put(row, "url", cited.url)
    _put(row, "name", cited.title)
    _put(row, "text", cited.quotation)
    _put(row, "publisher", {"@type": "Organization", "name": cited.outlet} if cited.outlet else None)
    _put(row, "temporalCoverage" if "/" in cited.published else "datePublished", cited.published)
    _put(row, "archivedAt", cited.archived_url)
    _put(row, "inLanguage", cited.language)
    return row


def _corrections(payload: Payload) -> list[dict[str, Any]]:
    """Every change after publication; a minor edit without a note has nothing to tell."""
    return [
        {"@type": "CorrectionComment", "text": change.note, "datePublished": rfc3339(change.at)}
        for change in payload.changes
        if change.note
    ]
