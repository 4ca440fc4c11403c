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
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from claims.exports.payload import (
    Agent,
    AppearanceShown,
    BadPayload,
    Citation,
    Payload,
    Publisher,
    RatingShown,
)
from claims.ratings import finding_for
from claims.vocabulary import CheckStatus, ReleaseKind


class NotAReview(ValueError):
    """An object that cannot be used as a fact check; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A foreign check in our shape, its raw object, and what had to be mended, in words."""

    payload: Payload
    raw: Mapping[str, Any]
    notes: tuple[str, ...] = ()


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


def read_claimreview(
    raw: Mapping[str, Any],
    *,
    page_url: str = "",
    created: str = "",
    modified: str = "",
    fetched_at: datetime | None = None,
) -> Imported:
    """Read one ClaimReview; the keyword values come from the feed element around it.

    Raises NotAReview. A date that is missing falls back to the feed's, then to ``fetched_at``, with a note.
    """
    notes: list[str] = []
    row = _lift(raw)
    kind = _text(row.get("@type") or row.get("type"))
    if kind and "claimreview" not in kind.lower():
        raise NotAReview(f"it is a {kind[:40]}, not a ClaimReview")
    item = _lift(_first(row.get("itemReviewed")))
    rating = _lift(_first(row.get("reviewRating")))
    wording = _text(row.get("claimReviewed")) or _text(item.get("name")) or _text(item.get("text"))
    url = _url(row.get("url")) or _url(page_url) or _url(row.get("mainEntityOfPage"))
    if not wording:
        raise NotAReview("it has no claim (claimReviewed)")
    if not url:
        raise NotAReview("it has no address (url)")
    shown = _rating(rating, row.get("reviewRating"), notes)
    published = _time(row.get("datePublished")) or _time(created)
    changed = _time(row.get("dateModified")) or _time(modified)
    if published is None:
        published = changed or fetched_at
        if published is None:
            raise NotAReview("it has no date, and none is known from its feed")
        notes.append("The date of publication is missing; the date of the feed or of the import stands in.")
    author = _lift(_first(row.get("author") or row.get("publisher")))
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    appearances = _appearances(item, notes)
    identity = _url(row.get("@id")) or url
    short_id = hashlib.sha256(f"{url}\n{wording}".encode()).hexdigest()[:16]
    try:
        payload = Payload(
            id=f"x{short_id}",
            uri=identity,
            url=url,
            number=_integer(row.get("version")) or 1,
            kind=ReleaseKind.FIRST,
            status=_status(row),
            headline=_text(row.get("headline")) or _text(row.get("name")) or wording,
            wording=wording,
            rating=shown,
            publisher=Publisher(
                name=_text(author.get("name")) or _text(row.get("author")) or host,
                url=_url(author.get("url")) or "",
                logo=_url(author.get("image")) or _url(author.get("logo")) or "",
            ),
            published_at=published,
            modified_at=max(changed or published, published),
            claim_uri=_url(item.get("@id")) or "",
            quotation=_text(item.get("text")),
            claimant=_agent(item.get("author")),
            made_on=_day(item.get("datePublished")) or _text(item.get("temporalCoverage")),
            appearances=appearances,
            outlet=_outlet(item),
            short_answer=_text(row.get("text"))
            or _text(rating.get("ratingExplanation"))
            or _text(row.get("description")),
            citations=_citations(row.get("citation")),
            language=_language(row.get("inLanguage")),
            topics=_topics(row.get("keywords")),
            image=_url(row.get("image")) or _url(rating.get("image")) or "",
            licence_url=_url(row.get("sdLicense")) or _url(row.get("license")) or "",
            imported=True,
        )
    except BadPayload as problem:
        raise NotAReview(str(problem)) from None
    return Imported(payload, raw, tuple(dict.fromkeys(notes)))


def read_feed(
    data: Any, *, fetched_at: datetime | None = None
) -> Iterator[Imported | Deleted | ImportRefused]:
    """Read a DataFeed, a list, a ``@graph`` or a single ClaimReview, already parsed from JSON.

    Never raises for one bad element: it comes out as Refused in its place.
    """
    for place, (element, around) in enumerate(_elements(data), start=1):
        if "dateDeleted" in around and element is None:
            yield Deleted(_url(around.get("url")) or "", _time(around.get("dateDeleted")))
            continue
        if not isinstance(element, Mapping):
            yield ImportRefused(place, "there is no ClaimReview in it", element)
            continue
        try:
            yield read_claimreview(
                element,
                page_url=_text(around.get("url")),
                created=_text(around.get("dateCreated")),
                modified=_text(around.get("dateModified")) or _text(around.get("dateCreated")),
                fetched_at=fetched_at,
            )
        except NotAReview as problem:
            yield ImportRefused(place, str(problem), element)


def read_json(
    text: str, *, fetched_at: datetime | None = None
) -> Iterator[Imported | Deleted | ImportRefused]:
    """Parse JSON and read it as a feed; raises ValueError where it is no JSON."""
    return read_feed(json.loads(text, strict=False), fetched_at=fetched_at)


def _elements(data: Any) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Yield each ClaimReview with the feed element around it; a deletion comes as None."""
    if isinstance(data, list):
        for one in data:
            yield from _elements(one)
        return
    if not isinstance(data, Mapping):
        yield data, {}
        return
    row = _lift(data)
    if "dataFeedElement" in row:
        yield from _elements(_list(row["dataFeedElement"]))
    elif "@graph" in row:
        for one in _list(row["@graph"]):
            if isinstance(one, Mapping) and "claimreview" in _text(_lift(one).get("@type")).lower():
                yield one, {}
    elif "item" in row and "claimReviewed" not in row:
        found = [one for one in _list(row["item"]) if one is not None]
        if not found:
            yield None, row
        for one in found:
            yield one, row
    else:
        yield data, {}


def _lift(value: Any) -> dict[str, Any]:
    """Return an object's fields, those nested under ``properties`` lifted; empty for anything else."""
    if not isinstance(value, Mapping):
        return {}
    row = dict(value)
    inner = row.pop("properties", None)
    inner = _first(inner)
    if isinstance(inner, Mapping):
        row = {**inner, **{k: v for k, v in row.items() if v not in (None, "", [])}}
    return row


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """Return readable text out of a string, number, list or language-tagged value."""
    if isinstance(value, Mapping):
        value = value.get("@value", value.get("name", ""))
    if isinstance(value, list):
        return next((text for one in value if (text := _text(one))), "")
    if value is None or isinstance(value, bool | Mapping):
        return ""
    text = unescape(re.sub(r"<[^<>]{1,200}>", " ", str(value)))
    text = re.sub("[\x00\ud800-\udfff]", "\ufffd", text)
    return " ".join(text.split())


def _url(value: Any) -> str:
    """Return an http or https address out of a string or an object, else nothing."""
    if isinstance(value, Mapping):
        value = value.get("url") or value.get("@id") or value.get("contentUrl") or value.get("@value")
    if isinstance(value, list):
        return next((url for one in value if (url := _url(one))), "")
    text = str(value).strip() if isinstance(value, str) else ""
    if re.match(r"https?://[^\s/]+", text, re.IGNORECASE) and not re.search(r"\s", text):
        return text
    return ""


def _integer(value: Any) -> int | None:
    """Return a whole number out of what is sent as one; a fraction is none."""
    if isinstance(value, bool):
        return None
    try:
        number = float(_text(value).replace(",", "."))
    except ValueError:
        return None
    return int(number) if number == number and abs(number) < 10**6 and number == int(number) else None


def _rating(rating: Mapping[str, Any], raw: Any, notes: list[str]) -> RatingShown:
    label = _text(rating.get("alternateName")) or _text(rating.get("name"))
    if not label and isinstance(raw, str | list):
        label = _text(raw)
    value, best, worst = (_integer(rating.get(k)) for k in ("ratingValue", "bestRating", "worstRating"))
    given = _text(rating.get("ratingValue"))
    if not label and given and value is None:
        label = given  # the label is sent where a number belongs
    if not label:
        raise NotAReview("it has no label (reviewRating.alternateName)")
    if value is None or best is None or worst is None or best == worst or not worst <= value <= best:
        if given not in ("", label) and not value == best == worst == -1:
            notes.append("The numbers of the rating contradict each other and were left out.")
        value = best = worst = None
    return RatingShown(
        label=label,
        explanation=_text(rating.get("ratingExplanation")),
        finding=finding_for(label),
        value=value,
        best=best,
        worst=worst,
    )


def _status(row: Mapping[str, Any]) -> CheckStatus:
    said = _text(row.get("creativeWorkStatus")).lower()
    return {"withdrawn": CheckStatus.WITHDRAWN, "suspended": CheckStatus.SUSPENDED}.get(
        said, CheckStatus.LIVE
    )


def _agent(value: Any) -> Agent | None:
    one = _first(value)
    row = _lift(one)
    name = _text(row.get("name")) or (_text(one) if isinstance(one, str) else "")
    if not name:
        return None
    kind = _text(row.get("@type")).lower()
    return Agent(
        name=name,
        kind={"person": "person", "organization": "organisation"}.get(kind, ""),
        same_as=tuple(url for one in _list(row.get("sameAs")) if (url := _url(one))),
        job_title=_text(row.get("jobTitle")),
        image=_url(row.get("image")) or "",
    )


def _appearances(item: Mapping[str, Any], notes: list[str]) -> tuple[AppearanceShown, ...]:
    found: dict[str, AppearanceShown] = {}
    for first, name in ((True, "firstAppearance"), (False, "appearance")):
        for one in _list(item.get(name)):
            row = _lift(one)
            url = _url(one) or _url(row.get("url"))
            text = _text(row.get("name")) or ("" if url else _text(one))
            key = url or text
            if not key or key in found:
                continue
            found[key] = AppearanceShown(
                url=url,
                title=text if url else "",
                locator="" if url else text,
                outlet=_text(_lift(row.get("publisher")).get("name")) or _text(row.get("publisher")),
                published=_day(row.get("datePublished")),
                archived_url=_url(row.get("archivedAt")),
                first=first and not any(a.first for a in found.values()),
            )
    for one in _list(item.get("sameAs")):
        if (url := _url(one)) and url not in found:
            # Older markup gives the places of the claim as sameAs.
            found[url] = AppearanceShown(url=url)
            notes.append("Places of the claim were given as sameAs.")
    return tuple(found.values())


def _outlet(item: Mapping[str, Any]) -> str:
    author = _lift(_first(item.get("author")))
    return _text(author.get("name")) if _text(author.get("@type")).lower() == "organization" else ""


def _citations(value: Any) -> tuple[Citation, ...]:
    cited: list[Citation] = []
    for one in _list(value):
        row = _lift(one)
        url, title = _url(one) or _url(row.get("url")), _text(row.get("name"))
        if not url and not title and isinstance(one, str):
            title = _text(one)
        if url or title:
            cited.append(
                Citation(
                    number=len(cited) + 1,
                    url=url,
                    title=title,
                    quotation=_text(row.get("text")),
                    outlet=_text(_lift(row.get("publisher")).get("name")),
                    published=_day(row.get("datePublished")),
                    archived_url=_url(row.get("archivedAt")),
                    language=_language(row.get("inLanguage")),
                )
            )
    return tuple(cited)


def _language(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("alternateName") or value.get("@value") or value.get("name")
    text = _text(value).replace("_", "-")
    return text if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", text) else ""


def _topics(value: Any) -> tuple[str, ...]:
    words: list[str] = []
    for one in _list(value):
        words += _text(one).split(",") if isinstance(one, str) else [_text(one)]
    return tuple(dict.fromkeys(w for word in words if (w := word.strip())))


def _time(value: Any) -> datetime | None:
    """Return an aware time out of an ISO or RFC 822 date; a date alone is midnight UTC, a month its first."""
    text = _text(value)
    if not text:
        return None
    if match := re.fullmatch(r"(\d{4})(?:-(\d{2}))?", text):
        text = f"{match[1]}-{match[2] or '01'}-01"
    text = re.sub(r"([+-]\d{2})(\d{2})\Z", r"\1:\2", text)
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        try:
            when = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return None
    try:
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def _day(value: Any) -> str:
    """Return a partial ISO date, as far as it is one."""
    text = _text(value)
    if match := re.match(r"(\d{4}-\d{2}-\d{2})(?=\Z|[T ])", text):
        try:
            datetime.fromisoformat(match[1])
        except ValueError:
            return ""
        return match[1]
    if re.fullmatch(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?", text):
        return text
    when = _time(text)
    return when.date().isoformat() if when else ""
