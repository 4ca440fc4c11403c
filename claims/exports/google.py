"""The wire format of ``v1alpha1/claims:search``: parameters in, JSON out, errors in the shape clients know.

Searching is the caller's. Refuses unknown parameters, a query without words, and a page token that belongs to
other parameters. Only live checks are shown.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any
from urllib.parse import urlsplit

from claims.exports.payload import Payload, rfc3339

PAGE_SIZE = 10
MOST_PER_PAGE = 100

_OWN = ("query", "reviewPublisherSiteFilter", "languageCode", "maxAgeDays", "pageSize", "pageToken", "offset")
_STANDARD = (
    "key", "alt", "fields", "prettyPrint", "callback", "quotaUser", "$.xgafv", "access_token", "oauth_token",
    "uploadType", "upload_protocol", "$alt", "$key", "$fields", "$prettyPrint", "$callback",
)  # fmt: skip
_STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
           429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 501: "UNIMPLEMENTED", 503: "UNAVAILABLE"}  # fmt: skip


class GoogleError(Exception):
    """A request that is answered with an error object; ``code`` is the HTTP status."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        return error(self.code, self.message)


def error(code: int, message: str) -> dict[str, Any]:
    """Return the API's error object."""
    return {"error": {"code": code, "message": message, "status": _STATUS.get(code, "UNKNOWN")}}


@dataclass(frozen=True, slots=True)
class SearchParams:
    """What is asked for; ``position`` counts claims from 0, whether it came as offset or as token.

    ``language`` is a primary tag, ``site`` a host without ``www``.
    """

    query: str = ""
    site: str = ""
    language: str = ""
    max_age_days: int | None = None
    page_size: int = PAGE_SIZE
    position: int = 0
    alt: str = "json"
    fields: str = ""
    pretty: bool = True
    callback: str = ""

    def next_token(self) -> str:
        """Return the token of the page after this one."""
        return _encode_token(self, self.position + self.page_size)


def parse(query: Mapping[str, str]) -> SearchParams:
    """Read the query string's parameters; raises GoogleError 400 in the API's words."""
    for name in query:
        if name not in _OWN and name not in _STANDARD:
            raise GoogleError(
                400,
                f'Invalid JSON payload received. Unknown name "{name[:80]}": Cannot bind query parameter.',
            )
    # PostgreSQL refuses the character in any text.
    query = {name: value.replace("\x00", "") for name, value in query.items()}
    text = query.get("query", "").strip()
    site = _site_filter(query.get("reviewPublisherSiteFilter", ""))
    if not text and not site:
        raise GoogleError(400, "Request must contain either a query or a reviewPublisherSiteFilter.")
    alt = query.get("alt") or query.get("$alt") or "json"
    if alt != "json":
        raise GoogleError(400, f"Unsupported Output Format: {alt[:20]}")
    callback = query.get("callback") or query.get("$callback") or ""
    if callback and not re.fullmatch(r"[A-Za-z_$][\w$.]{0,100}", callback):
        raise GoogleError(400, "Invalid JSONP callback name.")
    params = SearchParams(
        query=text[:2_000],
        site=site,
        language=query.get("languageCode", "").strip().lower().replace("_", "-").partition("-")[0],
        max_age_days=_number(query, "maxAgeDays", None),
        page_size=min(_number(query, "pageSize", None) or PAGE_SIZE, MOST_PER_PAGE),
        alt=alt,
        fields=query.get("fields") or query.get("$fields") or "",
        pretty=(query.get("prettyPrint") or query.get("$prettyPrint") or "true").lower()
        not in ("false", "0"),
        callback=callback,
    )
    token, offset = query.get("pageToken", ""), _number(query, "offset", 0) or 0
    if token and query.get("offset"):
        raise GoogleError(400, "offset and pageToken cannot both be specified.")
    position = _decode_token(params, token) if token else offset
    return SearchParams(**{**_as_dict(params), "position": position})


def _as_dict(params: SearchParams) -> dict[str, Any]:
    return {name: getattr(params, name) for name in SearchParams.__dataclass_fields__}


def _number(query: Mapping[str, str], name: str, default: int | None) -> int | None:
    value = query.get(name, "").strip()
    if not value:
        return default
    if not re.fullmatch(r"\d{1,9}", value):
        raise GoogleError(400, f"Invalid value at '{name}' (TYPE_INT32), \"{value[:40]}\"")
    return int(value)


def _site_filter(value: str) -> str:
    text = value.strip().lower()
    host = publisher_site(text if "//" in text else f"//{text}")
    if text and not host:
        raise GoogleError(400, "Invalid value at 'review_publisher_site_filter': not a site.")
    return host


def _digest(params: SearchParams) -> str:
    key = [params.query, params.site, params.language, params.max_age_days, params.page_size]
    return hashlib.sha256(json.dumps(key).encode()).hexdigest()[:16]


def _encode_token(params: SearchParams, position: int) -> str:
    raw = f"1:{_digest(params)}:{position}".encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode_token(params: SearchParams, token: str) -> int:
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii")
        version, digest, position = raw.split(":")
        if version == "1" and digest == _digest(params) and re.fullmatch(r"\d{1,9}", position):
            return int(position)
    except ValueError:
        pass
    raise GoogleError(
        400, "Invalid page token. All other parameters must be the same as in the first request."
    )


def publisher_site(url: str) -> str:
    """Return the host of a review's address, without ``www``; empty for what is no address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def review(payload: Payload) -> dict[str, Any]:
    """Return one claimReview; empty values are left out, as the API does."""
    publisher = {"name": payload.publisher.name, "site": publisher_site(payload.url)}
    row = {
        "publisher": {k: v for k, v in publisher.items() if v},
        "url": payload.url,
        "title": payload.headline,
        "reviewDate": rfc3339(payload.published_at),
        "textualRating": payload.rating.label,
        "languageCode": payload.language,
    }
    return {k: v for k, v in row.items() if v}


def claim(payloads: list[Payload]) -> dict[str, Any]:
    """Return one claim with its reviews; the first payload gives the claim's own words."""
    first = payloads[0]
    made = _full_day(first.made_on) or _full_day(first.appeared_on)
    row = {
        "text": first.wording,
        "claimant": first.claimant.name if first.claimant else first.outlet,
        "claimDate": f"{made.isoformat()}T00:00:00Z" if made else "",
        "claimReview": [review(one) for one in payloads],
    }
    return {k: v for k, v in row.items() if v}


def response(payloads: Iterable[Payload], next_token: str = "") -> dict[str, Any]:
    """Return the answer of claims:search; nothing found is an empty object.

    Checks of one claim become one claim with several reviews. Suspended and withdrawn ones are left out.
    """
    groups: dict[str, list[Payload]] = {}
    for payload in payloads:
        if payload.is_live:
            groups.setdefault(payload.claim_uri or payload.uri, []).append(payload)
    row: dict[str, Any] = {}
    if groups:
        row["claims"] = [claim(group) for group in groups.values()]
    if next_token:
        row["nextPageToken"] = next_token
    return row


def newest_day(payload: Payload) -> date:
    """Return the newer of claim date and review date, from which the API counts age."""
    reviewed = payload.published_at.astimezone(UTC).date()
    made = _full_day(payload.made_on) or _full_day(payload.appeared_on)
    return max(reviewed, made) if made else reviewed


def render(data: Mapping[str, Any], params: SearchParams | None = None) -> tuple[bytes, str]:
    """Return body and content type, with field mask, indentation and JSONP applied; raises GoogleError."""
    params = params or SearchParams()
    shown = apply_fields(data, params.fields) if params.fields else data
    text = json.dumps(shown, ensure_ascii=False, indent=2 if params.pretty else None)
    if params.callback:
        for char in "<>&\u2028\u2029":
            text = text.replace(char, f"\\u{ord(char):04x}")
        return f"// API callback\n{params.callback}({text});".encode(), "text/javascript; charset=UTF-8"
    return f"{text}\n".encode(), "application/json; charset=UTF-8"


def apply_fields(data: Any, mask: str) -> Any:
    """Apply a partial-response mask such as ``claims(text,claimReview/url),nextPageToken``."""
    tree, end = _mask(mask, 0, 0)
    if end != len(mask):
        raise GoogleError(400, f"Invalid field selection {mask[:80]}")
    return _select(data, tree)


def _mask(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    """Parse a comma list; a value of None means everything below."""
    tree: dict[str, Any] = {}
    while True:
        match = re.compile(r"[\w*$.\-]+").match(text, at)
        if match is None or depth > 10:
            raise GoogleError(400, f"Invalid field selection {text[:80]}")
        names, at = [match[0]], match.end()
        while text[at : at + 1] == "/":
            match = re.compile(r"[\w*$.\-]+").match(text, at + 1)
            if match is None or len(names) > 10:
                raise GoogleError(400, f"Invalid field selection {text[:80]}")
            names.append(match[0])
            at = match.end()
        below: Any = None
        if text[at : at + 1] == "(":
            below, at = _mask(text, at + 1, depth + 1)
            if text[at : at + 1] != ")":
                raise GoogleError(400, f"Invalid field selection {text[:80]}")
            at += 1
        for name in reversed(names):
            below = {name: below}
        _merge(tree, below)
        if text[at : at + 1] != ",":
            return tree, at
        at += 1


def _merge(tree: dict[str, Any], more: dict[str, Any]) -> None:
    for name, below in more.items():
        if name not in tree or below is None or tree[name] is None:
            tree[name] = None if name in tree and tree[name] is None else below
        else:
            _merge(tree[name], below)


def _select(data: Any, tree: dict[str, Any] | None) -> Any:
    if tree is None:
        return data
    if isinstance(data, list):
        return [_select(one, tree) for one in data]
    if not isinstance(data, Mapping):
        return data
    return {
        name: _select(value, tree[name] if name in tree else tree["*"])
        for name, value in data.items()
        if name in tree or "*" in tree
    }


def _full_day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return None
