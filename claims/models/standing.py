"""Gathers from the tables what is counted over the evidence of claims; ``claims.review.standing`` counts it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db.models import F, QuerySet

from claims.independence.reliance import Asker, Reliance, is_primary, repeats_claimant
from claims.language.partial_dates import PartialDate
from claims.models.claims import Appearance, Claim
from claims.models.evidence import Evidence
from claims.models.fields import key_of
from claims.models.kept import kept
from claims.models.together import Asking, Question, answered, read
from claims.net.addresses import page_identity
from claims.review.claim_time import Bounds, ClaimTime, claim_time
from claims.review.standing import CountedPiece, EvidenceStanding, standing

_COLUMNS = (
    "pk", "claim_id", "kind", "document_id", "document__origin_id", "document__outlet_id",
    "document__published_earliest", "document__published_latest", "source_title", "source_url", "source_date",
    "stance", "cited", "rejected", "according_to", "primacy", "relies",
)  # fmt: skip


#: Columns of a claim that hold what its evidence came to when it was last counted.
KEPT = ("articles_found", "origins_found", "primary_found", "in_time_found")


@dataclass(frozen=True, slots=True)
class ClaimEvidence:
    """Everything counted of one claim: its pieces by evidence id, who made it, and its time."""

    asker: Asker = field(default_factory=Asker)
    time: ClaimTime = field(default_factory=ClaimTime)
    pieces: dict[int, CountedPiece] = field(default_factory=dict)
    #: What is kept on the claim's row of an earlier count (``KEPT``); nothing where the row was not read.
    kept: tuple[int, ...] = ()

    @property
    def standing(self) -> EvidenceStanding:
        return standing(self.pieces.values())

    def of(self, ids: Collection[int]) -> EvidenceStanding:
        """Count some of the pieces: those that a verdict cites."""
        return standing(self.pieces[pk] for pk in ids if pk in self.pieces)


def evidence_of(claims: Iterable[int]) -> dict[int, ClaimEvidence]:
    """Return what is counted of each claim, in one statement for however many."""
    return answered(ask_evidence_of(claims))


def ask_evidence_of(claims: Iterable[int]) -> Asking[dict[int, ClaimEvidence]]:
    """Ask for what ``evidence_of`` returns, beside other parts of a page."""
    counting = Counting(claims)
    stored = _stored(counting.ids)
    yield [stored, *counting.questions]
    return counting.of_columns(stored)


@kept
def _stored(claims: list[int]) -> QuerySet[Any, dict[str, Any]]:
    return Evidence.objects.shown().filter(claim__in=claims).order_by("pk").values(*_COLUMNS)


class Counting:
    """What is counted of claims by whoever has just read or made all their evidence.

    ``questions`` are read along with the evidence, or by the first count (``claims.models.together``).
    """

    def __init__(self, claims: Iterable[int]) -> None:
        self.ids = sorted(set(claims))
        self._places, self._claims = _places(self.ids), _claims(self.ids)

    @property
    def questions(self) -> tuple[Question, ...]:
        return self._places, self._claims

    def of(
        self, rows: Iterable[Evidence], documents: Mapping[int, Any] | None = None
    ) -> dict[int, ClaimEvidence]:
        """Return what is counted of each claim; ``rows`` is all its evidence.

        Rows bring their documents, but for those of ``documents``, which have the same columns.
        """
        return self.of_columns(_columns_of(rows, documents or {}))

    def of_columns(self, pieces: Iterable[dict[str, Any]]) -> dict[int, ClaimEvidence]:
        """Return the same from the columns of evidence that are counted."""
        read(*self.questions)
        own = _Own(self._places)
        found = {pk: ClaimEvidence() for pk in self.ids} | _read_claims(self._claims, own)
        for row in pieces:
            one = found.get(row["claim_id"])
            if one is not None:
                one.pieces[row["pk"]] = _piece(row, one, own)
        return found


def _columns_of(rows: Iterable[Evidence], documents: Mapping[int, Any]) -> list[dict[str, Any]]:
    """Return rows of evidence as they are read for counting; one that has no number yet gets one below zero."""
    shown = [row for row in rows if row.is_shown]
    shown.sort(key=lambda row: (row.pk is None, row.pk or 0))
    found = []
    for at, row in enumerate(shown, start=1):
        known = documents.get(row.document_id or 0)
        document = row.document if known is None else known
        values: dict[str, Any] = {}
        for name in _COLUMNS:
            of, _dot, column = name.rpartition("__")
            held = document if of else row
            values[name] = None if held is None else getattr(held, column)
        found.append(values | {"pk": -at if row.pk is None else row.pk})
    return found


@kept
def _places(claims: list[int]) -> QuerySet[Any, Any]:
    """Ask for the places of claims, as ``_Own`` takes them."""
    rows = Appearance.objects.filter(claim__in=claims).order_by("pk")
    return rows.values_list(
        "claim_id", "document_id", "document__origin_id", "document__url", "document__published_earliest",
        "document__published_latest", "quotation", "claimant_text",
    )  # fmt: skip


class _Own:
    """The articles that the claims are from: their documents, origins and addresses, and their days."""

    def __init__(self, places: Iterable[Any]) -> None:
        self.documents: dict[int, set[int]] = defaultdict(set)
        self.origins: dict[int, set[int]] = defaultdict(set)
        self.pages: dict[int, set[str]] = defaultdict(set)
        self.places: dict[int, list[tuple[Bounds, str]]] = defaultdict(list)
        self.speakers: dict[int, set[str]] = defaultdict(set)
        for claim, document, origin, url, earliest, latest, words, speaker in places:
            if claim is None:
                continue
            if speaker:
                self.speakers[claim].add(speaker)
            if document is None:
                continue
            self.documents[claim].add(document)
            self.places[claim].append(((earliest, latest), words))
            if origin:
                self.origins[claim].add(origin)
            if url:
                self.pages[claim].add(page_identity(url))

    def holds(self, claim: int, row: dict[str, Any]) -> bool:
        """Tell whether evidence is the claim's own article or something of its origin."""
        if row["document_id"] in self.documents[claim]:
            return True
        if row["document__origin_id"] and row["document__origin_id"] in self.origins[claim]:
            return True
        return bool(row["source_url"]) and page_identity(row["source_url"]) in self.pages[claim]


@kept
def _claims(claims: list[int]) -> QuerySet[Any, Any]:
    """Ask for claims with all names of who made them, a row for each name, as ``_read_claims`` takes them."""
    rows = Claim.objects.filter(pk__in=claims).order_by("pk", *_ALIASES_IN_ORDER)
    return rows.values_list(
        "pk", "wording", "checks", "claimant_id", "claimant__name", "claimant__job_title", "made_on_earliest",
        "made_on_latest", "about_earliest", "about_latest", *KEPT, "claimant__aliases__alias",
    )  # fmt: skip


def _read_claims(asked: Iterable[Any], own: _Own) -> dict[int, ClaimEvidence]:
    """Return who made each claim under all names, its time, and what is kept on it."""
    rows: dict[int, tuple[Any, ...]] = {}
    aliases: dict[int, list[str]] = defaultdict(list)
    for *row, alias in asked:
        rows[row[0]] = tuple(row)
        if alias:
            aliases[row[0]].append(alias)
    found = {}
    for (
        pk,
        wording,
        checks,
        claimant,
        name,
        title,
        made_from,
        made_to,
        about_from,
        about_to,
        *counted,
    ) in rows.values():
        names = [name or "", title or "", *aliases[pk], *(own.speakers[pk] if claimant else ())]
        asker = Asker(
            tuple(dict.fromkeys(one for one in names if one)), that_it_was_said=checks != Claim.Checks.CONTENT
        )
        time = _time(own.places[pk], wording, made=(made_from, made_to), about=(about_from, about_to))
        found[pk] = ClaimEvidence(asker, time, kept=tuple(counted))
    return found


_ALIASES_IN_ORDER = (
    F("claimant__aliases__alias_key").asc(nulls_last=True),
    F("claimant__aliases__pk").asc(nulls_last=True),
)


def ask_askers_of(claims: Iterable[int]) -> Asking[dict[int, Asker]]:
    """Ask who made each claim, under all their names, beside other parts of a page."""
    ids = sorted(set(claims))
    places, asked = _places(ids), _claims(ids)
    yield [places, asked]
    return {pk: one.asker for pk, one in _read_claims(asked, _Own(places)).items()}


def time_with(claim: Claim, places: Iterable[tuple[Bounds, str]]) -> ClaimTime:
    """Return the time of a claim that appeared in these places: the days of each, and its words."""
    return _time(
        places,
        claim.wording,
        made=(claim.made_on_earliest, claim.made_on_latest),
        about=(claim.about_earliest, claim.about_latest),
    )


def _time(places: Iterable[tuple[Bounds, str]], wording: str, *, made: Bounds, about: Bounds) -> ClaimTime:
    """Return a claim's time from its own days, and the days and words of the places where it appeared."""
    days, words = [], [wording]
    for bounds, quotation in places:
        days.append(bounds)
        words.append(quotation)
    return claim_time(about=about, made=made, places=days, words=words)


def _piece(row: dict[str, Any], claim: ClaimEvidence, own: _Own) -> CountedPiece:
    relies = Reliance.from_json(row["relies"] or {})
    published = _published(row)
    page = page_identity(row["source_url"]) if row["source_url"] else ""
    title = key_of(row["source_title"])
    document = row["document_id"]
    elsewhere = f"p{page}" if page else f"t{title}" if title else f"e{row['pk']}"
    host = _host(row["source_url"])
    origin = row["document__origin_id"]
    return CountedPiece(
        id=row["pk"],
        article=f"d{document}" if document else elsewhere,
        origin=f"o{origin}" if origin else f"d{document}" if document else f"s{host}" if host else elsewhere,
        outlet=str(row["document__outlet_id"] or "") or host,
        ultimate=key_of(row["according_to"]),
        stance=row["stance"],
        cited=row["cited"],
        rejected=row["rejected"],
        contact=row["kind"] == Evidence.Kind.CONTACT,
        fetched=row["kind"] != Evidence.Kind.URL or document is not None,
        own=own.holds(row["claim_id"], row),
        repeats=repeats_claimant(relies, claim.asker, according_to=row["according_to"]),
        primary=is_primary(relies, primacy=row["primacy"]),
        in_time=claim.time.covers(published),
        when=claim.time.when(published),
    )


def _published(row: dict[str, Any]) -> tuple[dt.date | None, dt.date | None]:
    """Return the days of a piece: what a person typed before the document's."""
    if row["source_date"]:
        try:
            typed = PartialDate.parse(row["source_date"])
        except ValueError:
            return None, None
        return typed.earliest, typed.latest
    return row["document__published_earliest"], row["document__published_latest"]


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
