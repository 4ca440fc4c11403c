"""What one Release says to the public: the frozen content that pages, feeds and search are rendered from.

Everything public about a check is in here and nothing else is: no internal note, no stance hint, no search
figure. Values are plain, so that ``to_dict`` is JSON and ``digest`` can be compared by anyone. Refuses a
payload of a newer schema, and one whose parts contradict each other.

``justification`` is Markdown in which ``[1]`` stands for citation number 1; rendering it is done by the
caller of an exporter, never here.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from claims.vocabulary import CheckStatus, Finding, ReleaseKind

SCHEMA = 1


class BadPayload(ValueError):
    """A stored payload cannot be read, or contradicts itself; the message says where."""


class CheckedPart(StrEnum):
    """What of a claim was checked."""

    CONTENT = "content"
    SAID = "said"
    WORDING = "exact_wording"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A person or body: the claimant, or who reviewed an imported check."""

    name: str
    kind: str = ""
    same_as: tuple[str, ...] = ()
    job_title: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppearanceShown:
    """A public place of the claim; without ``url`` a ``locator`` says where ("evening news, minute 12").

    ``published`` is a partial date. ``first`` marks the earliest known place.
    """

    url: str = ""
    title: str = ""
    outlet: str = ""
    published: str = ""
    archived_url: str = ""
    locator: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingShown:
    """The label as it was defined when the check was published; values are all given or all None."""

    label: str
    code: str = ""
    definition: str = ""
    explanation: str = ""
    finding: Finding | None = None
    value: int | None = None
    best: int | None = None
    worst: int | None = None
    scale: str = ""
    scale_version: int | None = None

    def __post_init__(self) -> None:
        given = [n is not None for n in (self.value, self.best, self.worst)]
        if any(given) and not all(given):
            raise BadPayload("a rating has a value, a best and a worst, or none of the three")
        if all(given) and not typing.cast(int, self.worst) <= typing.cast(int, self.value) <= typing.cast(
            int, self.best
        ):
            raise BadPayload("a rating's value lies outside its scale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One numbered source as the reader sees it; ``evidence_id`` is the desk's own, stable id.

    ``of_claimant`` marks the claimant's own words and what only repeats them, which is no corroboration. ``when`` is
    the source's day against the day the claim was made: before, known, later, unsure, or nothing.
    """

    number: int
    evidence_id: str = ""
    url: str = ""
    title: str = ""
    outlet: str = ""
    published: str = ""
    quotation: str = ""
    translation: str = ""
    language: str = ""
    archived_url: str = ""
    accessed_at: datetime | None = None
    according_to: str = ""
    primary: bool | None = None
    stance: str = ""
    origin: str = ""
    interest: str = ""
    kind: str = "web"
    of_claimant: bool = False
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointShown:
    """One question inside the check, its answer, its finding and the citation numbers it rests on."""

    question: str
    answer: str
    finding: Finding | None = None
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of the public history: every release after the first that carries a note."""

    number: int
    kind: ReleaseKind
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who stands behind the check."""

    name: str
    url: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """The complete public content of one Release.

    ``id`` is the check's short public id, ``uri`` our stable address of it without slug (``@id``, feed ids,
    GUIDs), ``url`` its canonical page: the newsroom's own where one is set. ``made_on``, ``about`` and
    ``appeared_on`` are partial dates. ``release_id`` and ``claim_id`` are stable ids for machines.
    ``topics`` are words for readers. ``origins`` counts the independent origins among the
    citations: not the claim's own article, what repeats the claimant, contact notes and unfetched addresses.
    """

    id: str
    uri: str
    url: str
    number: int
    kind: ReleaseKind
    status: CheckStatus
    headline: str
    wording: str
    rating: RatingShown
    publisher: Publisher
    published_at: datetime
    modified_at: datetime
    schema: int = SCHEMA
    verdict_version: int | None = None
    claim_id: str = ""
    claim_uri: str = ""
    quotation: str = ""
    checks: CheckedPart = CheckedPart.CONTENT
    claimant: Agent | None = None
    made_on: str = ""
    about: str = ""
    appeared_on: str = ""
    outlet: str = ""
    appearances: tuple[AppearanceShown, ...] = ()
    short_answer: str = ""
    justification: str = ""
    points: tuple[PointShown, ...] = ()
    not_found: str = ""
    citations: tuple[Citation, ...] = ()
    origins: int = 0
    byline: tuple[str, ...] = ()
    language: str = ""
    topics: tuple[str, ...] = ()
    image: str = ""
    public_note: str = ""
    changes: tuple[Change, ...] = ()
    licence: str = ""
    licence_url: str = ""
    expires: datetime | None = None
    imported: bool = False

    def __post_init__(self) -> None:
        for name in ("published_at", "modified_at", "expires"):
            when = getattr(self, name)
            if when is not None and when.tzinfo is None:
                raise BadPayload(f"{name} has no time zone")
        numbers = [row.number for row in self.citations]
        if len(set(numbers)) != len(numbers):
            raise BadPayload("two citations have the same number")
        for point in self.points:
            if missing := set(point.citations) - set(numbers):
                raise BadPayload(f"a point cites source {min(missing)}, which is not among the sources")

    @property
    def is_live(self) -> bool:
        return self.status is CheckStatus.LIVE

    @property
    def first_appearance(self) -> AppearanceShown | None:
        """Return the place marked as the first, else the only one there is."""
        for row in self.appearances:
            if row.first:
                return row
        return self.appearances[0] if len(self.appearances) == 1 else None

    @property
    def last_correction(self) -> Change | None:
        """Return the newest change after publication that readers were told of."""
        told = [row for row in self.changes if row.kind.needs_note]
        return max(told, key=lambda row: (row.at, row.number)) if told else None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values; empty ones are kept, so that two payloads compare field by field."""
        return typing.cast(dict[str, Any], _plain(self))

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Payload:
        """Read a stored payload; fields this version does not know are an error, absent ones get defaults.

        Raises BadPayload.
        """
        schema = row.get("schema", SCHEMA)
        if not isinstance(schema, int) or schema > SCHEMA:
            raise BadPayload(f"the payload has schema {schema}, this version reads up to {SCHEMA}")
        return typing.cast(Payload, _build(cls, row, "payload"))


def rfc3339(when: datetime) -> str:
    """Write a time in UTC to the second, the form of every output; refuses a naive time."""
    if when.tzinfo is None:
        raise BadPayload("a time without a zone cannot be published")
    return when.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def canonical_json(payload: Payload | Mapping[str, Any]) -> bytes:
    """Return the one byte string a payload is hashed from: keys sorted, no spaces, UTF-8."""
    plain = payload.to_dict() if isinstance(payload, Payload) else payload
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(payload: Payload | Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical_json(payload)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return value


@lru_cache(maxsize=32)
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _build(kind: Any, value: Any, place: str) -> Any:
    """Turn plain JSON into the annotated type; closed on purpose to the few types used above."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        (inner,) = [one for one in typing.get_args(kind) if one is not type(None)]
        return _build(inner, value, place)
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise BadPayload(f"{place} is not a list")
        item = typing.get_args(kind)[0]
        return tuple(_build(item, one, f"{place}[{i}]") for i, one in enumerate(value))
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, Mapping):
            raise BadPayload(f"{place} is not an object")
        hints = _hints(typing.cast(type, kind))
        if unknown := set(value) - set(hints):
            raise BadPayload(f"{place} has an unknown field {min(unknown)!r}")
        try:
            made = {name: _build(hints[name], one, f"{place}.{name}") for name, one in value.items()}
            return typing.cast(Any, kind)(**made)
        except TypeError as error:
            raise BadPayload(f"{place}: {error}") from None
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        try:
            return kind(value)
        except ValueError:
            raise BadPayload(f"{place} is {value!r}, not one of {', '.join(kind)}") from None
    if kind is datetime:
        try:
            when = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise BadPayload(f"{place} is not a time: {value!r}") from None
        if when.tzinfo is None:
            raise BadPayload(f"{place} has no time zone")
        return when
    if isinstance(value, bool) is not (kind is bool) or not isinstance(value, kind):
        raise BadPayload(f"{place} is not of type {kind.__name__}")
    return value
