"""What does the archive hold for claims? Questions, answers and what of them bears on each, for one claim or many.

Reads only. A claim is asked with the same words, weighed by the same model and held to the same bars wherever this
is called from: a search of one claim, of all claims of an article, or a look whether new sources bear on old claims.
Statements and calls of the engine do not grow with the number of claims.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Substr

from claims.actions.documents.origins import copies_of
from claims.actions.evidence.keeping import BESIDE, SHOWN, FoundDocument, FoundPlace
from claims.actions.evidence.kept_reading import KeptReading
from claims.actions.evidence.passage_readings import PassageReadings
from claims.actions.evidence.passage_statements import KeptStatements
from claims.actions.reliance import relied_on
from claims.actions.source_passages import SourceDocument, SourcePassage, passages_of, source_passages
from claims.language.likeness import remember_asked, vectors_of_asked
from claims.language.weights import encoder_key
from claims.models import Appearance, Archive, Claim, Document
from claims.models.kept import kept
from claims.models.resemblance import AsHex
from claims.models.standing import time_with
from claims.models.together import Question, read
from claims.query.analysis import base_language
from claims.query.build import ClaimText
from claims.query.types import ARCHIVE_AUDIENCE, Query
from claims.relevance.features import LONGEST, AskedClaim, Compared, ReadPassage
from claims.relevance.features import read as taken_apart
from claims.relevance.model import shipped as relevance_model
from claims.relevance.weighing import FoundForClaim, Sense, Weighed, reasons, repeats, weigh_all
from claims.review.claim_time import ClaimTime
from claims.search.asking import Answer, Scored, Steps, answered_by, asking_many
from claims.search.engine import Engine
from claims.search.nearest import BY_MEANING, with_near

LIMIT = 100
#: So many passages are weighed; so many of the first answer's are among these but for a few.
WEIGHED, AHEAD = 60, 40


@dataclass(frozen=True, slots=True)
class ClaimSearch:
    """One claim as it is asked: its text, within which archives and without which documents, and its time."""

    claim: Claim
    text: ClaimText
    within: Query
    time: ClaimTime
    #: Whether its desk has passages found by meaning.
    by_meaning: bool = False
    #: The documents it was made in, and their origins.
    own: frozenset[int] = frozenset()
    own_origins: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for one claim: the passages that were weighed, and the documents that bear on it."""

    answer: Answer
    places: list[FoundPlace]
    kept: list[FoundDocument]


@dataclass(slots=True)
class _Own:
    """Where a claim was made."""

    documents: set[int] = field(default_factory=set)
    origins: set[int] = field(default_factory=set)
    #: Whether a document of these has others of its origin beside it.
    not_alone: bool = False
    places: list[tuple[tuple[dt.date | None, dt.date | None], str]] = field(default_factory=list)
    best: tuple[int, int] = (-1, 0)
    quotation: str = ""
    before: str = ""
    after: str = ""
    vectors: dict[str, bytes] = field(default_factory=dict)


class Preparing:
    """How claims are asked: what has to be read for it, and what comes of it.

    Whoever reads other rows at the same moment reads ``questions`` along with them (``claims.models.together``).
    """

    def __init__(self, claims: Sequence[int]) -> None:
        self._places = _places_of(list(claims))
        self._archives = _archives_for(list(claims))

    @property
    def questions(self) -> tuple[Question, ...]:
        return self._places, self._archives

    def of(self, claims: Sequence[Claim], *, copies: bool = True) -> list[ClaimSearch]:
        """Return how claims are asked; they bring their claimant. ``copies`` also leaves out copies of their documents.

        What rests on the same report in words of its own is asked for: whether it tells something else, a person
        sees; it is not counted as another origin. What is kept of the meaning of their words is remembered.
        """
        read(*self.questions)
        own = _own_of(self._places)
        remember_asked({said: vector for mine in own.values() for said, vector in mine.vectors.items()})
        scopes, by_meaning = _scopes_of({claim.desk_id for claim in claims}, self._archives)
        left_out: dict[frozenset[int], frozenset[int]] = {}
        found = []
        for claim in claims:
            mine = own[claim.pk]
            documents = frozenset(mine.documents)
            if documents not in left_out:
                ours = copies_of(documents) if copies and mine.not_alone else frozenset[int]()
                left_out[documents] = documents | ours
            found.append(
                ClaimSearch(
                    claim,
                    _text(claim, mine),
                    Query(
                        scope=scopes[claim.desk_id],
                        audiences=frozenset({ARCHIVE_AUDIENCE, f"desk:{claim.desk_id}"}),
                        excluded=left_out[documents],
                    ),
                    time_with(claim, mine.places),
                    claim.desk_id in by_meaning and base_language(claim.language or "en") == "en",
                    documents,
                    frozenset(mine.origins),
                )
            )
        return found


def prepared(claims: Sequence[Claim], *, copies: bool = True) -> list[ClaimSearch]:
    """Return how claims are asked; see ``Preparing.of``."""
    return Preparing([claim.pk for claim in claims]).of(claims, copies=copies)


def scopes_of(desks: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return the archives that each desk's searches read: its own and those it was given."""
    ids = list(desks)
    return _scopes_of(ids, _archives_of(ids))[0]


@kept
def _archives_for(claims: list[int]) -> QuerySet[Any, Any]:
    """Ask for archives that the desks of claims search, as ``_scopes_of`` takes them."""
    return _archives_of(Claim.objects.filter(pk__in=claims).order_by().values("desk"))


def _archives_of(desks: Any) -> QuerySet[Any, Any]:
    """Ask for archives that desks search, a row for each reader, as ``_scopes_of`` takes them."""
    rows = Archive.objects.filter(Q(desk__in=desks) | Q(readers__in=desks)).order_by()
    return rows.values_list("pk", "desk_id", "desk__finds_by_meaning", "readers", "readers__finds_by_meaning")


def _scopes_of(desks: Iterable[int], rows: Iterable[Any]) -> tuple[dict[int, frozenset[int]], set[int]]:
    """Return the archives that each desk's searches read, and the desks that find passages by meaning."""
    found: dict[int, set[int]] = {desk: set() for desk in desks}
    by_meaning: set[int] = set()
    for archive, owner, owner_so, reader, reader_so in rows:
        for desk, so in ((owner, owner_so), (reader, reader_so)):
            if desk in found:
                found[desk].add(archive)
                if so:
                    by_meaning.add(desk)
    return {desk: frozenset(archives) for desk, archives in found.items()}, by_meaning


def _text(claim: Claim, own: _Own) -> ClaimText:
    """Return the claim as the question builder reads it, with the sentences around its first place."""
    return ClaimText(
        wording=claim.wording,
        quotation=own.quotation,
        claimant=claim.claimant.name if claim.claimant else "",
        before=tuple(part for part in (own.before.strip(),) if part),
        after=tuple(part for part in (own.after.strip(),) if part),
        made_on=claim.made_on_earliest,
        language=claim.language or "en",
    )


@kept
def _places_of(claims: list[int]) -> QuerySet[Any, Any]:
    """Ask where claims were made, for the sentences around each place and their vectors, as ``_own_of`` takes them."""
    others = Document.objects.filter(origin=OuterRef("document__origin")).exclude(pk=OuterRef("document"))
    rows = Appearance.objects.filter(claim__in=claims).annotate(
        meaning=AsHex("vector__vector"),
        claims_meaning=AsHex("claim__vector__vector"),
        said_before=_slice("paragraph_start", "sentence_start"),
        said_after=_slice("sentence_end", "paragraph_end"),
        has_others=Exists(others),
    )
    return rows.order_by("pk").values_list(
        "pk", "claim_id", "document_id", "capture_id", "document__origin_id", "document__published_earliest",
        "document__published_latest", "quotation", "said_before", "said_after", "has_others",
        "vector__said", "vector__encoder", "meaning",
        "claim__vector__said", "claim__vector__encoder", "claims_meaning",
    )  # fmt: skip


def _own_of(rows: Iterable[Any]) -> dict[int, _Own]:
    """Return where claims were made, and the sentences around the newest text's first place."""
    found: dict[int, _Own] = defaultdict(_Own)
    encoder = encoder_key()
    for (
        pk,
        claim,
        document,
        capture,
        origin,
        earliest,
        latest,
        words,
        before,
        after,
        others,
        *meaning,
    ) in rows:
        mine = found[claim]
        for said, made_by, vector in (meaning[:3], meaning[3:]):
            if made_by == encoder:
                mine.vectors[said] = bytes.fromhex(vector)
        rank = (capture or 0, -pk)
        if mine.best < rank:
            mine.best, mine.quotation = rank, words
            mine.before, mine.after = (before or "", after or "") if capture else ("", "")
        if document is not None:
            mine.documents.add(document)
            mine.places.append(((earliest, latest), words))
        if origin is not None:
            mine.origins.add(origin)
        mine.not_alone = mine.not_alone or bool(others)
    return found


def _slice(start: str, end: str) -> Substr:
    """Cut the capture's text between two columns of its appearance in the database."""
    length = Case(When(**{f"{end}__gt": F(start)}, then=F(end) - F(start)), default=Value(0))
    return Substr("capture__text", Coalesce(F(start), Value(0)) + 1, length)


class Places:
    """The rows behind passages that an engine names, each read once; what is gone from the database is left out.

    What searches have read of them comes along.
    """

    def __init__(self, readings: PassageReadings) -> None:
        self._read: dict[int, SourcePassage | None] = {}
        self._readings = readings

    def read(self, ids: Iterable[int]) -> None:
        """Read what was not read yet, in one statement."""
        wanted = [pk for pk in dict.fromkeys(ids) if pk not in self._read]
        if not wanted:
            return
        found = source_passages(passages_of(wanted))
        self._readings.know(found)
        known = {row.pk: row for row in found}
        for pk in wanted:
            self._read[pk] = known.get(pk)

    def take_apart(self, languages: Iterable[str]) -> None:
        """Take apart the words of what was read, as weighing it will; they are remembered."""
        for language in languages:
            for row in self._read.values():
                if row is not None:
                    taken_apart(row.words[:LONGEST], language)

    def texts(self, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Return (title, text) by passage id, for the second question."""
        self.read(ids)
        found = ((pk, self._read[pk]) for pk in ids)
        return {pk: (row.document.title, row.words) for pk, row in found if row is not None}

    def of(self, found: Sequence[Scored]) -> list[FoundPlace]:
        """Return hits with their rows."""
        self.read(one.hit.passage for one in found)
        rows = ((one, self._read[one.hit.passage]) for one in found)
        return [
            FoundPlace(
                row,
                one.score,
                one.hit.matched,
                by_meaning=any(reason.name == BY_MEANING for reason in one.reasons),
            )
            for one, row in rows
            if row is not None
        ]


def find(engine: Engine, searches: Sequence[ClaimSearch], reading: KeptReading) -> list[Findings]:
    """Return what bears on each claim; see ``finding``. Raises EngineUnavailable."""
    return answered_by(engine, finding(searches, reading))


def finding(
    searches: Sequence[ClaimSearch],
    reading: KeptReading,
    begin: Callable[[], None] | None = None,
    *,
    ahead: bool = False,
) -> Steps[list[Findings]]:
    """Return what bears on each claim, likeliest first, no more than a reviewer can read.

    Whom the passages rely on is not read here (``with_reliance``). ``begin`` is called once, when the engine has
    answered and something was found that will be read. With ``ahead`` passages are taken apart while the engine
    answers, the few that are not weighed in the end as well.
    """
    known = Places(reading.readings)
    asking = [(one.text, one.within) for one in searches]

    def texts(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        if begin is not None:
            begin()
        return known.texts(ids)

    languages = {one.text.language for one in searches}
    answers = yield from asking_many(
        asking,
        limit=LIMIT,
        texts=texts,
        # What vectors find is mixed into the whole answer.
        looked_at=None if any(one.by_meaning for one in searches) else WEIGHED,
        ahead=AHEAD if ahead else 0,
        meanwhile=partial(known.take_apart, languages) if ahead else None,
    )
    if any(one.by_meaning for one in searches):
        reading.sense.wait()
        answers = yield from _found_by_meaning(searches, answers)
    known.read(one.hit.passage for answer in answers for one in answer.found[:WEIGHED])
    found = [known.of(answer.found[:WEIGHED]) for answer in answers]
    asked = [
        AskedAbout(search.text, search.text.wording, answer, places)
        for search, answer, places in zip(searches, answers, found, strict=True)
    ]
    return [
        Findings(answer, places, kept)
        for answer, (places, kept) in zip(answers, bearing(asked, reading.sense), strict=True)
    ]


def read_by_meaning(searches: Sequence[ClaimSearch]) -> list[str]:
    """Return the words of claims whose language is read by meaning."""
    texts = [one.text for one in searches if base_language(one.text.language) == "en"]
    return [one.wording or one.quotation for one in texts]


def _found_by_meaning(searches: Sequence[ClaimSearch], answers: Sequence[Answer]) -> Steps[list[Answer]]:
    """Return the answers, joined with what vectors find for the claims of desks that want it."""
    found = list(answers)
    wanted = [at for at, one in enumerate(searches) if one.by_meaning and one.text.wording]
    if wanted:
        vectors = vectors_of_asked(searches[at].text.wording for at in wanted)
        asked = [vectors[searches[at].text.wording].tolist() for at in wanted]
        withins = [searches[at].within for at in wanted]
        by_words = [answers[at] for at in wanted]
        more = yield lambda engine: with_near(engine, by_words, withins, asked)
        for at, answer in zip(wanted, more, strict=True):
            found[at] = answer
    return found


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """What was asked about a claim, in which words, and what the engine answered."""

    text: ClaimText
    words: str
    answer: Answer
    found: Sequence[FoundPlace]


def bearing(asked: Sequence[AskedAbout], sense: Sense) -> list[tuple[list[FoundPlace], list[FoundDocument]]]:
    """Return for each the places with the words they hold, and the documents of those that bear on what was asked."""
    weighed = weigh_all([_to_weigh(one) for one in asked], relevance_model(), sense=sense)
    return [_borne_out(one, its) for one, its in zip(asked, weighed, strict=True)]


def _to_weigh(one: AskedAbout) -> FoundForClaim:
    question, language = one.answer.question, one.text.language
    claim = AskedClaim(one.words or one.text.quotation, question.words, one.answer.frequencies, language)
    passages = [
        ReadPassage(place.text, place.passage.document.title, rank, place.passage.pk)
        for rank, place in enumerate(one.found)
    ]
    return FoundForClaim(claim, passages, by_meaning=base_language(language) == "en")


def _borne_out(asked: AskedAbout, weighed: Sequence[Weighed]) -> tuple[list[FoundPlace], list[FoundDocument]]:
    places = list(asked.found)
    words = list(asked.answer.question.words)
    for one in weighed:
        held, place = one.compared.held, places[one.place]
        matched = tuple([word for word in words if word in held])
        places[one.place] = FoundPlace(place.passage, place.score, matched, place.by_meaning)
    kept = []
    for one in weighed:
        if one.shown:
            published = _day_of(places[one.place].passage.document)
            text = asked.text
            why = reasons(one.compared, claimant=text.claimant, said_on=text.made_on, published=published)
            if places[one.place].by_meaning:
                # No word of the question led to it, so common words are not what speaks for it.
                others = (reason for reason in why if reason["name"] != "some_words")
                why = ({"name": "by_meaning"}, *others)
            kept.append((places[one.place], one, why))
    return places, grouped(kept)


def _day_of(document: SourceDocument) -> dt.date | None:
    """Return the day a document was published on, where it is known to the day."""
    earliest = document.published_earliest
    return earliest if earliest == document.published_latest else None


def grouped(
    kept: Sequence[tuple[FoundPlace, Weighed | None, tuple[dict[str, Any], ...]]],
) -> list[FoundDocument]:
    """Return one entry for each document, in the order of its best passage, of twelve origins at most.

    What nearly repeats a better passage of another origin is left out; copies of one origin count once.
    """
    documents: dict[int, FoundDocument] = {}
    origins: set[object] = set()
    taken: list[Compared] = []
    for place, weighed, why in kept:
        document = place.passage.document
        known = documents.get(document.pk)
        if known is not None:
            documents[document.pk] = replace(known, further=(*known.further, place))
            continue
        origin = document.origin_id or -document.pk
        if origin not in origins:
            if len(origins) == SHOWN or (weighed is not None and repeats(weighed.compared, taken)):
                continue
            origins.add(origin)
            if weighed is not None:
                taken.append(weighed.compared)
        documents[document.pk] = FoundDocument(place, (), None if weighed is None else weighed.chance, why)
    return list(documents.values())


def with_reliance(
    found: Sequence[tuple[Sequence[FoundDocument], str]], said: KeptStatements
) -> list[list[FoundDocument]]:
    """Tell whom each document's passages rely on, for the documents and the wording of each claim.

    Outside any transaction: who says what in a passage that nobody read yet takes some milliseconds.
    """
    read = [
        ([place.passage for place in (one.best, *one.further[:BESIDE])], wording)
        for documents, wording in found
        for one in documents
    ]
    statements = said.of([passages for passages, _wording in read])
    relies = iter(
        relied_on(passages, wording, its).to_json()
        for (passages, wording), its in zip(read, statements, strict=True)
    )
    return [[replace(one, relies=next(relies)) for one in documents] for documents, _wording in found]
