"""Reads the ClaimReviews of others, as they are out there, into our payload shape.

Tolerates ratings as strings, lists and ``@value`` objects, everything nested under ``properties``,
appearances as strings, objects or lists, numbers as strings, −1 for "no number", values outside their scale.
Keeps the raw object. Refuses what has no claim, no label or no address: that is no fact check anyone could
use.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from claims.exports.import_elements import elements, page_of
from claims.exports.loose_values import (
    as_list,
    day_of,
    fields_of,
    first_of,
    kinds_of,
    language_of,
    text_of,
    time_of,
    url_of,
    whole_number,
)
from claims.exports.payload import (
    Agent,
    AppearanceShown,
    BadPayload,
    Citation,
    Payload,
    Publisher,
    RatingShown,
)
from claims.ratings import publisher_of, suggest_finding
from claims.vocabulary import CheckStatus, Finding, ReleaseKind

#: A day may have begun farther east, and clocks go wrong.
_AHEAD = timedelta(days=2)
_BODIES = frozenset({"organization", "newsmediaorganization", "governmentorganization", "corporation", "ngo"})


class NotAReview(ValueError):
    """An object that cannot be used as a fact check; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A foreign check in our shape, its raw object, and what had to be mended, in words.

    ``stated`` is when its publisher says it was last changed; None where they do not. ``payload.rating.finding``
    is a suggestion.
    """

    payload: Payload
    raw: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    stated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deleted:
    """A page whose checks were withdrawn by their publisher."""

    url: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportRefused:
    """An element of a feed that could not be used, by its place from 1, and why."""

    place: int
    reason: str
    raw: Any


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An object of a file that is no ClaimReview and holds none, by its place from 1, and what it is."""

    place: int
    kind: str


ReadElement = Imported | Deleted | ImportRefused | PassedOver


def read_claimreview(
    raw: Mapping[str, Any],
    *,
    page_url: str = "",
    created: str = "",
    modified: str = "",
    stated: str = "",
    fetched_at: datetime | None = None,
) -> Imported:
    """Read one ClaimReview; the keyword values come from the feed element around it, ``stated`` of its last change.

    Raises NotAReview. A date that is missing falls back to the feed's, then to ``fetched_at``, with a note.
    """
    notes: list[str] = []
    row = fields_of(raw)
    if (kinds := kinds_of(row)) and "claimreview" not in kinds:
        raise NotAReview(f"it is a {'/'.join(sorted(kinds))[:40]}, not a ClaimReview")
    item = _item(row)
    rating = _rated(row.get("reviewRating"))
    wording = _wording(row, item, notes)
    url = (
        url_of(row.get("url"))
        or url_of(page_url)
        or url_of(row.get("mainEntityOfPage"))
        or _page_within(row.get("isPartOf"))
        or _page_of_name(row.get("@id"))
        or url_of(row.get("sameAs"))
    )
    if not wording:
        raise NotAReview("it has no claim (claimReviewed)")
    if not url:
        raise NotAReview("it has no address (url)")
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    shown = _rating(rating, row.get("reviewRating"), host, notes)
    changed = _date(row, "dateModified", notes)
    stated_at = changed or time_of(stated)
    changed = changed or time_of(modified)
    published = _date(row, "datePublished", notes) or time_of(created)
    if published is None:
        published = changed or fetched_at
        if published is None:
            raise NotAReview(_no_date(row))
        notes.append("The date of publication is missing; the date of the feed or of the import stands in.")
    if fetched_at is not None and changed is not None and changed > fetched_at + _AHEAD:
        notes.append("The date of the last change lies in the future and was left out.")
        changed = stated_at = None
    if fetched_at is not None and published > fetched_at + _AHEAD:
        notes.append("The date of publication lies in the future; the date of the import stands in.")
        published, changed = fetched_at, None
    author = fields_of(first_of(row.get("author") or row.get("publisher")))
    appearances = _appearances(item, notes)
    identity = url_of(row.get("@id")) or url
    short_id = hashlib.sha256(f"{url}\n{wording}".encode()).hexdigest()[:16]
    try:
        payload = Payload(
            id=f"x{short_id}",
            uri=identity,
            url=url,
            number=whole_number(row.get("version")) or 1,
            kind=ReleaseKind.FIRST,
            status=_status(row),
            headline=text_of(row.get("headline")) or text_of(row.get("name")) or wording,
            wording=wording,
            rating=shown,
            publisher=Publisher(
                name=text_of(author.get("name")) or text_of(row.get("author")) or publisher_of(host) or host,
                url=url_of(author.get("url")) or "",
                logo=url_of(author.get("image")) or url_of(author.get("logo")) or "",
            ),
            published_at=published,
            modified_at=max(changed or published, published),
            claim_uri=url_of(item.get("@id")) or "",
            quotation=text_of(item.get("text")),
            claimant=_claimant(item.get("author"), notes),
            made_on=day_of(item.get("datePublished")) or text_of(item.get("temporalCoverage")),
            appearances=appearances,
            outlet=_outlet(item),
            short_answer=text_of(row.get("text"))
            or text_of(rating.get("ratingExplanation"))
            or text_of(row.get("description")),
            citations=_citations(row.get("citation")),
            language=language_of(row.get("inLanguage")),
            topics=_topics(row.get("keywords")),
            image=url_of(row.get("image")) or url_of(rating.get("image")) or "",
            licence_url=url_of(row.get("sdLicense")) or url_of(row.get("license")) or "",
            imported=True,
        )
    except BadPayload as problem:
        raise NotAReview(str(problem)) from None
    return Imported(payload, raw, tuple(dict.fromkeys(notes)), stated_at)


def read_feed(data: Any, *, fetched_at: datetime | None = None) -> Iterator[ReadElement]:
    """Read a DataFeed, a list, a ``@graph`` or a single ClaimReview, already parsed from JSON.

    Never raises for one bad element: it comes out as ImportRefused in its place, and what is no ClaimReview at
    all as PassedOver.
    """
    for place, one in enumerate(elements(data), start=1):
        around = one.around
        if one.passed_over:
            yield PassedOver(
                place, "/".join(sorted(kinds_of(fields_of(one.review)))) or "object without a type"
            )
            continue
        if "dateDeleted" in around and one.review is None:
            yield Deleted(url_of(around.get("url")) or "", time_of(around.get("dateDeleted")))
            continue
        if not isinstance(one.review, Mapping):
            yield ImportRefused(place, "there is no ClaimReview in it", one.review)
            continue
        try:
            yield read_claimreview(
                one.review,
                page_url=page_of(around),
                created=text_of(around.get("dateCreated")) or text_of(around.get("datePublished")),
                modified=text_of(around.get("dateModified")) or text_of(around.get("dateCreated")),
                stated=text_of(around.get("dateModified")),
                fetched_at=fetched_at,
            )
        except NotAReview as problem:
            yield ImportRefused(place, str(problem), one.review)


def read_json(text: str, *, fetched_at: datetime | None = None) -> Iterator[ReadElement]:
    """Parse JSON and read it as a feed; raises ValueError where it is no JSON."""
    return read_feed(json.loads(text, strict=False), fetched_at=fetched_at)


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the review is about; the claim itself may be the object that should only name it."""
    return fields_of(first_of(row.get("itemReviewed"))) or fields_of(first_of(row.get("claimReviewed")))


def _page_within(value: Any) -> str:
    """Return the address of the page that a check is said to be part of; a site is no page."""
    pages = (one for one in as_list(value) if "website" not in kinds_of(fields_of(one)))
    return next((url for one in pages if (url := _page_of_name(url_of(one)))), "")


def _page_of_name(value: Any) -> str:
    """Return the page that an ``@id`` lies in; a sign on a site's front page names an object and no page."""
    page, sign, _name = url_of(value).partition("#")
    return "" if sign and urlsplit(page).path in ("", "/") else page


def _wording(row: Mapping[str, Any], item: Mapping[str, Any], notes: list[str]) -> str:
    """Return the claim, wherever it stands; of several the first, the others told."""
    said = row.get("claimReviewed")
    plain = [text for one in as_list(said) if isinstance(one, str) and (text := text_of(one))]
    items = [fields_of(one) for one in as_list(row.get("itemReviewed"))]
    others = plain if plain else [_said(one) for one in items if "claim" in kinds_of(one)]
    further = [one for one in dict.fromkeys(others) if one][1:]
    if further:
        notes.append("Further claims of this check: " + "; ".join(further)[:400] + ".")
    return text_of(said) or _said(item)


def _said(item: Mapping[str, Any]) -> str:
    """Return what an object that is a claim says, by the fields in which publishers put it."""
    fields = ("name", "text", "claimReviewed", "headline", "description")
    return next((text for name in fields if (text := text_of(item.get(name)))), "")


def _rated(value: Any) -> dict[str, Any]:
    """Return the rating, of several the first that has a word."""
    rows = [fields_of(one) for one in as_list(value)]
    worded = (row for row in rows if text_of(row.get("alternateName")) or text_of(row.get("name")))
    return next(worded, rows[0] if rows else {})


def _date(row: Mapping[str, Any], name: str, notes: list[str]) -> datetime | None:
    """Return the time a field gives; one that cannot be read is told."""
    when = time_of(row.get(name))
    if when is None and (given := text_of(row.get(name))):
        notes.append(f"{name} cannot be read as a date: “{given[:60]}”.")
    return when


def _no_date(row: Mapping[str, Any]) -> str:
    given = text_of(row.get("datePublished")) or text_of(row.get("dateModified"))
    if given:
        return f"its date cannot be read: “{given[:60]}”"
    return "it has no date, and none is known from its feed"


def _rating(rating: Mapping[str, Any], raw: Any, site: str, notes: list[str]) -> RatingShown:
    label = text_of(rating.get("alternateName")) or text_of(rating.get("name"))
    if not label and isinstance(raw, str | list):
        label = text_of(raw)
    value, best, worst = (whole_number(rating.get(k)) for k in ("ratingValue", "bestRating", "worstRating"))
    given = text_of(rating.get("ratingValue"))
    if not label and given and best is not None and given[0].isdigit() and "/" not in given and best != worst:
        label = (
            f"{given}/{best}" if worst is None or worst < best else f"{given} (best {best}, worst {worst})"
        )
        notes.append("The rating is a number without a word.")
    if not label and given and value is None:
        label = given  # the label is sent where a number belongs
    if not label:
        raise NotAReview("it has no label (reviewRating.alternateName)")
    finding = suggest_finding(label, site=site)
    if value is not None and best is not None and worst is not None and best < worst:
        value, best, worst = _turned(value, best, worst, finding), worst, best
        notes += ["The scale of the rating runs backwards; its numbers were turned round."] * (
            value is not None
        )
    if value is None or best is None or worst is None or best == worst or not worst <= value <= best:
        if given and not label.startswith(given) and not value == best == worst == -1:
            notes.append(_why_no_number(value, best, worst, given))
        value = best = worst = None
    return RatingShown(
        label=label,
        explanation=text_of(rating.get("ratingExplanation")),
        finding=finding,
        value=value,
        best=best,
        worst=worst,
    )


def _turned(value: int, low: int, high: int, finding: Finding | None) -> int | None:
    """Return the place of a number on a scale whose best is its lowest, where the word of the rating says which it is.

    A grade of one may be the best there is, or its publisher confused both ends.
    """
    wanted = {Finding.SUPPORTED: 1, Finding.REFUTED: -1}.get(finding) if finding else None
    fits = [one for one in (low + high - value, value) if wanted and (2 * one - low - high) * wanted > 0]
    return fits[0] if fits and low <= value <= high else None


def _why_no_number(value: int | None, best: int | None, worst: int | None, given: str) -> str:
    if value is None and not (best and worst and re.fullmatch(r"-?\d+", given)):
        return "The number of the rating is no whole number and was left out."
    if best is None or worst is None:
        return "The number of the rating has no scale and was left out."
    return "The numbers of the rating contradict each other and were left out."


def _status(row: Mapping[str, Any]) -> CheckStatus:
    said = text_of(row.get("creativeWorkStatus")).lower()
    return {"withdrawn": CheckStatus.WITHDRAWN, "suspended": CheckStatus.SUSPENDED}.get(
        said, CheckStatus.LIVE
    )


def _agent(value: Any) -> Agent | None:
    one = first_of(value)
    row = fields_of(one)
    name = text_of(row.get("name")) or (text_of(one) if isinstance(one, str) else "")
    if not name:
        return None
    kinds = kinds_of(row)
    return Agent(
        name=name,
        kind="person" if "person" in kinds else "organisation" if kinds & _BODIES else "",
        same_as=tuple(url for one in as_list(row.get("sameAs")) if (url := url_of(one))),
        job_title=text_of(row.get("jobTitle")),
        image=url_of(row.get("image")) or "",
    )


def _claimant(value: Any, notes: list[str]) -> Agent | None:
    """Return who said it; of several the first, the others told."""
    named = [agent for one in as_list(value) if (agent := _agent(one)) is not None]
    names = [
        text
        for one in as_list(value)
        for name in as_list(fields_of(one).get("name"))
        if (text := text_of(name))
    ]
    further = (names if len(names) > len(named) else [agent.name for agent in named])[1:]
    if further:
        notes.append("Further claimants: " + ", ".join(further)[:200] + ".")
    return named[0] if named else None


def _appearances(item: Mapping[str, Any], notes: list[str]) -> tuple[AppearanceShown, ...]:
    found: dict[str, AppearanceShown] = {}
    for first, name in ((True, "firstAppearance"), (False, "appearance")):
        for one in as_list(item.get(name)):
            row = fields_of(one)
            url = url_of(one) or url_of(row.get("url"))
            text = text_of(row.get("name")) or ("" if url else text_of(one))
            key = url or text
            if not key or key in found:
                continue
            found[key] = AppearanceShown(
                url=url,
                title=text if url else "",
                locator="" if url else text,
                outlet=text_of(fields_of(row.get("publisher")).get("name")) or text_of(row.get("publisher")),
                published=day_of(row.get("datePublished")),
                archived_url=url_of(row.get("archivedAt")),
                first=first and not any(a.first for a in found.values()),
            )
    for one in as_list(item.get("sameAs")):
        if (url := url_of(one)) and url not in found:
            # Older markup gives the places of the claim as sameAs.
            found[url] = AppearanceShown(url=url)
            notes.append("Places of the claim were given as sameAs.")
    return tuple(found.values())


def _outlet(item: Mapping[str, Any]) -> str:
    author = fields_of(first_of(item.get("author")))
    return text_of(author.get("name")) if kinds_of(author) & _BODIES else ""


def _citations(value: Any) -> tuple[Citation, ...]:
    cited: list[Citation] = []
    for one in as_list(value):
        row = fields_of(one)
        url, title = url_of(one) or url_of(row.get("url")), text_of(row.get("name"))
        if not url and not title and isinstance(one, str):
            title = text_of(one)
        if url or title:
            cited.append(
                Citation(
                    number=len(cited) + 1,
                    url=url,
                    title=title,
                    quotation=text_of(row.get("text")),
                    outlet=text_of(fields_of(row.get("publisher")).get("name")),
                    published=day_of(row.get("datePublished")),
                    archived_url=url_of(row.get("archivedAt")),
                    language=language_of(row.get("inLanguage")),
                )
            )
    return tuple(cited)


def _topics(value: Any) -> tuple[str, ...]:
    words: list[str] = []
    for one in as_list(value):
        words += text_of(one).split(",") if isinstance(one, str) else [text_of(one)]
    return tuple(dict.fromkeys(w for word in words if (w := word.strip())))
