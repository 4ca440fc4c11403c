"""What is the answer of a search: how much was searched, what was found, which checks were made before?

Asks the engine and reads rows, writes nothing; many claims are answered in as many calls and statements as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from claims.actions.evidence.asking import (
    LIMIT,
    WEIGHED,
    AskedAbout,
    ClaimSearch,
    Places,
    bearing,
    find,
    finding,
    grouped,
    read_by_meaning,
    with_reliance,
)
from claims.actions.evidence.keeping import FoundDocument, FoundPlace
from claims.actions.evidence.kept_reading import KeptReading
from claims.actions.evidence.own_questions import AskedQuestion, own_answer, read_question
from claims.actions.evidence.vectors import COLUMNS, CheckSays, alike_to
from claims.matching.shared_terms import shared_things
from claims.models import FactCheck, SearchRun
from claims.query.analysis import base_language
from claims.query.types import Collection, Dates, Query
from claims.relevance.weighing import ALIKE
from claims.review.claim_time import Window
from claims.search.asking import Answer, CheckFacts, Steps, answered_by, asking_earlier_checks, both
from claims.search.engine import Engine
from claims.search.sense import LOOKED_AT, SENSE, by_sense

# What an earlier check must reach, and with how many things in common: two words of content (a name counts
# once), or one and so much b/Z without the reasons that the text of the check must be about it too.
MATCH = 0.35
THINGS = 2
ALONE = 0.5
MATCHES = 5

Earlier = tuple[int, list[dict[str, Any]]]
"""An earlier fact check and the reasons to suggest it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question and its answer, to be written down."""

    search: ClaimSearch
    asked: AskedQuestion
    language: str
    terms: list[str]
    searched: int
    in_window: int | None
    found: list[FoundPlace]
    kept: list[FoundDocument]
    earlier: list[Earlier] = field(default_factory=list)

    @property
    def words(self) -> str:
        return self.asked.words or self.search.text.wording or self.search.text.quotation

    def outcome(self) -> tuple[str, str]:
        """Return what the search is called, and a sentence for the log."""
        if self.asked.filtered and not self.searched:
            return (
                SearchRun.Outcome.NOT_COVERED,
                "The archive holds nothing within these filters: widen them.",
            )
        window = self.search.time.window
        if self.in_window == 0:
            note = f"Nothing in the archive lies between {window.earliest} and {window.latest}."
            if self.kept:
                return SearchRun.Outcome.FOUND, note + " What was found is from another time."
            return SearchRun.Outcome.NOT_COVERED, note
        if self.kept:
            return SearchRun.Outcome.FOUND, ""
        note = "Only passages that share few words with the claim were found." if self.found else ""
        if not window.known:
            note += " The claim has no date, so whether the archive covers its time is unknown."
        return SearchRun.Outcome.NOTHING, note.strip()


class _Counts:
    """How much a search reads, and how much of it lies in a window: the same for many claims of one desk."""

    def __init__(self) -> None:
        self._known: dict[Query, int] = {}

    def of(self, engine: Engine, search: ClaimSearch) -> tuple[int, int | None]:
        whole = replace(search.within, excluded=frozenset())
        window: Window = search.time.window
        if not window.known or search.within.dates is not None:
            return self._count(engine, whole), None
        within = replace(whole, dates=Dates(window.earliest, window.latest))
        return self._count(engine, whole), self._count(engine, within)

    def _count(self, engine: Engine, query: Query) -> int:
        if query not in self._known:
            self._known[query] = engine.count(query).passages
        return self._known[query]


def answers_to(engine: Engine, searches: Sequence[ClaimSearch], reading: KeptReading) -> list[Answered]:
    """Return the answers to claims, asked in their own words. Raises EngineUnavailable and EngineRefused.

    How much was searched is counted, and claims are encoded, in threads beside: nothing waits for these but the end.
    """
    with ThreadPoolExecutor(3, thread_name_prefix="beside") as beside:
        return answered_by(engine, answering(searches, reading, beside), beside)


def answering(
    searches: Sequence[ClaimSearch], reading: KeptReading, beside: Executor | None = None
) -> Steps[list[Answered]]:
    """Return the answers to claims, asked in their own words; reads rows, so all in the thread of its transaction.

    ``beside`` does what needs no rows and is asked for later.
    """
    known = _Counts()
    counting: list[Future[list[tuple[int, int | None]]]] = []

    def count(engine: Engine) -> list[tuple[int, int | None]]:
        return [known.of(engine, search) for search in searches]

    engine: Engine = yield lambda engine: engine
    if beside is not None:
        reading.sense.begin(beside, read_by_meaning(searches))

    def begin() -> None:
        if beside is not None:
            counting.append(beside.submit(count, engine))

    ahead = beside is not None and engine.is_elsewhere
    checks = _EarlierChecks(searches)
    findings, earlier = yield from both(finding(searches, reading, begin, ahead=ahead), checks.asking())
    kept = with_reliance(
        [(one.kept, search.text.wording) for one, search in zip(findings, searches, strict=True)],
        reading.said,
    )
    counts = counting[0].result() if counting else (yield count)
    return [
        Answered(
            search,
            AskedQuestion(),
            search.text.language,
            sorted(one.answer.question.words),
            searched,
            in_window,
            one.places,
            documents,
            checks,
        )
        for search, one, documents, checks, (searched, in_window) in zip(
            searches, findings, kept, checks.settled(earlier, reading), counts, strict=True
        )
    ]


def answer_to(engine: Engine, search: ClaimSearch, asked: AskedQuestion, reading: KeptReading) -> Answered:
    """Return the answer to one question about a claim: its own, or a reviewer's, on its filters.

    Raises EngineUnavailable and EngineRefused, and Refused for words that cannot be read.
    """
    if asked.plain:
        return answers_to(engine, [search], reading)[0]
    text = replace(search.text, wording=asked.wording) if asked.wording else search.text
    search = replace(search, text=text, within=asked.within(search.within))
    language = asked.language or text.language
    if asked.words:
        own = read_question(asked.words, language)
        answer = own_answer(engine, own, search.within, LIMIT)
        found = Places(reading.readings).of(answer.found[:WEIGHED])
        if own.phrases:
            kept = grouped([(place, None, ({"name": "asked"},)) for place in found])
        else:
            about = AskedAbout(replace(text, language=language), asked.words, answer, found)
            ((found, kept),) = bearing([about], reading.sense)
    else:
        (one,) = find(engine, [search], reading)
        answer, found, kept = one.answer, one.places, one.kept
    (kept,) = with_reliance([(kept, text.wording)], reading.said)
    terms = sorted(answer.question.words)
    return Answered(search, asked, language, terms, *_Counts().of(engine, search), found, kept)


class _EarlierChecks:
    """The best earlier checks for each claim, own and imported, but for its own: first asked for, then judged."""

    def __init__(self, searches: Sequence[ClaimSearch]) -> None:
        self._searches = searches
        self._of_claim: dict[int, int | None] = {}
        self._said: dict[int, CheckSays] = {}

    def asking(self) -> Steps[list[Answer]]:
        asked = [
            (one.text, Query(scope=one.within.scope, collection=Collection.FACTCHECKS))
            for one in self._searches
        ]
        return asking_earlier_checks(asked, self._facts, limit=LOOKED_AT, matched=True)

    def _facts(self, ids: Sequence[int]) -> dict[int, CheckFacts]:
        found = FactCheck.objects.filter(pk__in=ids).order_by()
        columns = ("pk", "claimant_name", "made_on_earliest", "claim_id", *COLUMNS)
        known = {}
        for pk, name, day, claim, *says in found.values_list(*columns) if ids else ():
            self._of_claim[pk], self._said[pk] = claim, CheckSays(*says)
            known[pk] = CheckFacts(name, day)
        return known

    def settled(self, answers: Sequence[Answer], reading: KeptReading) -> list[list[Earlier]]:
        """Return which of the answers are worth a look; compares by meaning, so claims must have been encoded."""
        reading.sense.wait()
        said = self._said
        return [
            _suggested(search, answer, self._of_claim, said)
            for search, answer in zip(self._searches, _by_meaning(self._searches, answers, said), strict=True)
        ]


def _by_meaning(
    searches: Sequence[ClaimSearch], answers: Sequence[Answer], said: Mapping[int, CheckSays]
) -> list[Answer]:
    """Return the answers in the order of words and meaning, for English."""
    read = [at for at, one in enumerate(searches) if base_language(one.text.language) == "en"]
    checks = {hit.hit.passage for at in read for hit in answers[at].found[:LOOKED_AT]}
    likes = alike_to(
        [searches[at].text.wording for at in read], {pk: said[pk] for pk in sorted(checks & said.keys())}
    )
    found = list(answers)
    for at, likeness in zip(read, likes, strict=True):
        found[at] = by_sense(answers[at], partial(_known, likeness))
    return found


def _known(likeness: Mapping[int, float], checks: Sequence[int]) -> Mapping[int, float]:
    return {pk: likeness[pk] for pk in checks if pk in likeness}


def _suggested(
    search: ClaimSearch, answer: Answer, of_claim: Mapping[int, int | None], said: Mapping[int, CheckSays]
) -> list[Earlier]:
    found: list[Earlier] = []
    for one in answer.found:
        if len(found) == MATCHES:
            break
        # Meaning puts checks in order; whether one is worth a look, words, speaker and date say.
        sense = sum(reason.value for reason in one.reasons if reason.name == "sense")
        if one.score - sense < MATCH:
            continue
        check = one.hit.ref.id
        if check not in said or of_claim[check] == search.claim.pk:
            continue
        common = shared_things(search.text.wording, said[check].claim, language=search.text.language)
        words = one.score - sum(reason.value for reason in one.reasons)
        if len(common) < THINGS and not (common and words >= ALONE):
            continue
        reasons: list[dict[str, Any]] = [
            {"name": reason.name}
            for reason in one.reasons
            if reason.name != "sense" or reason.value >= ALIKE * SENSE
        ]
        reasons.append({"name": "words", "terms": sorted(one.hit.matched)[:12]})
        found.append((one.hit.ref.id, reasons))
    return found
