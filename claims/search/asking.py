"""How a claim is put to an engine: the whole sequence from question to scored passages.

Answers: for evidence, the passages that bear on a claim, with a feedback tail below rank 10; for earlier
fact checks, the checks that may concern the same claim, with the reasons beside the words. Every score is
b/Z and comparable between claims, which is what a "weak match" needs. Refuses to decide anything: nothing
found is an empty answer, and what lies outside the archives is for the caller to say (``Engine.count``).

Texts stay in the database: the caller hands in how to read them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from claims.query.abbreviations import Abbreviations
from claims.query.build import (
    FEEDBACK_TEXTS,
    ClaimText,
    MatchReason,
    Question,
    earlier_check_reasons,
    feedback_tokens,
    feedback_words,
    join_tail,
    normalise,
    question,
    second_question,
    weight_of,
)
from claims.query.types import Frequencies, Query
from claims.search.engine import Engine, EngineQuestion, Hit, Hits

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
Steps: TypeAlias = Generator[Callable[[Engine], Any], Any, T]
"""A search as steps: it yields what the engine is to be asked, goes on with the answer, and returns what it found.

Between two questions it reads rows and computes; whoever drives it may do that for one search while the engine answers
another (``claims.search.side_by_side``).
"""


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions with words to the engine, which may be put together with those of others."""

    asked: Sequence[EngineQuestion]

    def __call__(self, engine: Engine) -> list[Hits]:
        return engine.together(self.asked)


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A question to the engine, and what may be computed while it is answered; nothing rests on that being done."""

    call: Callable[[Engine], Any]
    work: Callable[[], None]

    def __call__(self, engine: Engine) -> Any:
        return self.call(engine)


Texts = Callable[[Sequence[int]], Mapping[int, tuple[str, str]]]
"""From passage ids to (title, text); passages that are gone are left out."""


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """What of an earlier fact check is compared with the claim beside its words."""

    claimant: str = ""
    stated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A hit with its score per claim, b/Z plus what the reasons add."""

    hit: Hit
    score: float
    reasons: tuple[MatchReason, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Passages best first."""

    question: Question
    found: tuple[Scored, ...]
    #: How rare the words of the question are.
    frequencies: Frequencies = field(default_factory=lambda: Frequencies(0))


def answered_by(engine: Engine, steps: Steps[T], beside: Executor | None = None) -> T:
    """Drive one search to its end and return what it found; raises what the engine raises.

    With ``beside`` a thread waits for an engine that is elsewhere where there is something to compute meanwhile.
    """
    try:
        call = next(steps)
        while True:
            if beside is not None and engine.is_elsewhere and isinstance(call, Meanwhile):
                answer = beside.submit(call, engine)
                call.work()
                call = steps.send(answer.result())
            else:
                call = steps.send(call(engine))
    except StopIteration as end:
        return end.value


def both(first: Steps[A], second: Steps[B]) -> Steps[tuple[A, B]]:
    """Go two searches at once: where both put questions, these are put to the engine in one go."""
    running: dict[int, Steps[Any]] = {0: first, 1: second}
    found: dict[int, Any] = {}
    answers: dict[int, Any] = dict.fromkeys(running)
    while running:
        calls: dict[int, Callable[[Engine], Any]] = {}
        for at, steps in list(running.items()):
            try:
                calls[at] = steps.send(answers[at])
            except StopIteration as end:
                found[at] = end.value
                del running[at]
        if len(calls) == 1:
            ((at, call),) = calls.items()
            answers = {at: (yield call)}
        elif calls:
            answers = dict(zip(calls, (yield partial(_of_all, list(calls.values()))), strict=True))
    return found[0], found[1]


def _of_all(calls: Sequence[Callable[[Engine], Any]], engine: Engine) -> list[Any]:
    """Put the questions of all calls at once, and whatever else they ask one after the other."""
    asked = [one for call in calls if isinstance(call, Questions) for one in call.asked]
    hits = iter(engine.together(asked)) if asked else iter(())
    return [
        list(islice(hits, len(call.asked))) if isinstance(call, Questions) else call(engine) for call in calls
    ]


def ask(
    engine: Engine,
    claim: ClaimText,
    within: Query,
    *,
    limit: int = 200,
    texts: Texts | None = None,
    abbreviations: Abbreviations | None = None,
) -> Answer:
    """Return the passages that bear on a claim; see ``ask_many``."""
    return ask_many(engine, [(claim, within)], limit=limit, texts=texts, abbreviations=abbreviations)[0]


def ask_many(
    engine: Engine,
    claims: Sequence[tuple[ClaimText, Query]],
    *,
    limit: int = 200,
    texts: Texts | None = None,
    abbreviations: Abbreviations | None = None,
) -> list[Answer]:
    """Return for each claim the passages that bear on it; see ``asking_many``."""
    return answered_by(engine, asking_many(claims, limit=limit, texts=texts, abbreviations=abbreviations))


def asking_many(
    claims: Sequence[tuple[ClaimText, Query]],
    *,
    limit: int = 200,
    texts: Texts | None = None,
    abbreviations: Abbreviations | None = None,
    looked_at: int | None = None,
    ahead: int = 0,
    meanwhile: Callable[[], None] | None = None,
) -> Steps[list[Answer]]:
    """Return for each claim the passages that bear on it, as if it were asked alone, in as many calls as for one.

    The query beside a claim carries scope and filters; its clauses are replaced. With ``texts`` a second question
    made of the ten best texts orders what stands below rank 10: recall only, the top is untouched. A passage that
    only the second question found has the score of the first answer's last. All ask one collection.

    Who looks at the first ``looked_at`` of an answer says so: the second question asks for no more. ``texts`` is asked
    for the best ``ahead`` of each first answer at once, and ``meanwhile`` is called while the engine answers the second
    question.
    """
    if not claims:
        return []
    asked = [question(claim, abbreviations=abbreviations) for claim, _ in claims]
    withins = [within for _, within in claims]
    queries = [replace(within, clauses=one.clauses) for within, one in zip(withins, asked, strict=True)]
    firsts: list[Hits] = yield Questions([EngineQuestion(query, limit) for query in queries])
    best = [hits.hits[:FEEDBACK_TEXTS] if len(hits.hits) > FEEDBACK_TEXTS else () for hits in firsts]
    read: Mapping[int, tuple[str, str]] = {}
    if texts is not None and any(best):
        more = (hit.passage for hits in firsts for hit in hits.hits[:ahead])
        read = texts([*(hit.passage for hits in best for hit in hits), *more])
    tokens = [
        {
            hit.passage: feedback_tokens(*read[hit.passage], one.language)
            for hit in hits
            if hit.passage in read
        }
        for hits, one in zip(best, asked, strict=True)
    ]
    terms = {term for one in asked for term in one.words}
    terms.update(token for texts_ in tokens for words in texts_.values() for token in words)
    frequencies: Frequencies = yield lambda engine: engine.document_frequencies(terms, withins[0].collection)
    again: dict[int, Query] = {}
    for at, known in enumerate(tokens):
        used = [hit for hit in best[at] if known.get(hit.passage)]
        if used:
            typical = feedback_words(
                [known[hit.passage] for hit in used], [hit.score for hit in used], frequencies
            )
            again[at] = replace(withins[at], clauses=second_question(asked[at], typical).clauses)
    seconds: dict[int, Hits] = {}
    if again:
        most = min(limit, looked_at or limit)
        second = Questions([EngineQuestion(query, most) for query in again.values()])
        answers: list[Hits] = yield second if meanwhile is None else Meanwhile(second, meanwhile)
        seconds = dict(zip(again, answers, strict=True))
    return [
        _answer(one, first, seconds.get(at), frequencies, limit)
        for at, (one, first) in enumerate(zip(asked, firsts, strict=True))
    ]


def _answer(
    asked: Question, first: Hits, second: Hits | None, frequencies: Frequencies, limit: int
) -> Answer:
    """Join the answers to the two questions of one claim."""
    z = weight_of(asked.words, frequencies)
    scores = {hit.passage: hit.score for hit in first.hits}
    hits = {hit.passage: hit for hit in first.hits}
    order = list(hits)
    if second is not None:
        hits = {hit.passage: hit for hit in second.hits} | hits
        order = join_tail(order, [hit.passage for hit in second.hits])[:limit]
    lowest = first.hits[-1].score if first.hits else 0.0
    ranked = []
    for passage in order:
        hit, score = hits[passage], scores.get(passage, lowest)
        if hit.score != score:
            hit = Hit(hit.ref, passage, score, hit.matched)
        ranked.append(Scored(hit, normalise(score, z)))
    return Answer(asked, tuple(ranked), frequencies)


def ask_earlier_checks(
    engine: Engine,
    claim: ClaimText,
    within: Query,
    facts: Callable[[Sequence[int]], Mapping[int, CheckFacts]],
    *,
    limit: int = 200,
    document_on: date | None = None,
    abbreviations: Abbreviations | None = None,
) -> Answer:
    """Return earlier fact checks that may concern a claim; see ``asking_earlier_checks``."""
    asked = asking_earlier_checks(
        [(claim, within)], facts, limit=limit, document_on=document_on, abbreviations=abbreviations
    )
    return answered_by(engine, asked)[0]


def asking_earlier_checks(
    claims: Sequence[tuple[ClaimText, Query]],
    facts: Callable[[Sequence[int]], Mapping[int, CheckFacts]],
    *,
    limit: int = 200,
    document_on: date | None = None,
    abbreviations: Abbreviations | None = None,
    matched: bool = False,
) -> Steps[list[Answer]]:
    """Return for each claim earlier fact checks that may concern it, re-scored with speaker and date.

    The neighbouring sentences are asked along, lightly. Reasons only add: a check without a date or a
    claimant is never filtered out. ``facts`` is called once, with the passage ids of all answers.
    """
    if not claims:
        return []
    asked = [question(claim, abbreviations=abbreviations, context=True) for claim, _ in claims]
    queries = [replace(within, clauses=one.clauses) for (_, within), one in zip(claims, asked, strict=True)]
    answers: list[Hits] = yield Questions([EngineQuestion(query, limit, matched) for query in queries])
    if not any(answer.hits for answer in answers):
        return [Answer(one, ()) for one in asked]
    words = {word for one in asked for word in one.words}
    frequencies: Frequencies = yield lambda engine: engine.document_frequencies(words, queries[0].collection)
    known = facts(list(dict.fromkeys(hit.passage for answer in answers for hit in answer.hits)))
    found = []
    for (claim, _), one, answer in zip(claims, asked, answers, strict=True):
        z = weight_of(one.words, frequencies)
        scored = []
        for hit in answer.hits:
            fact = known.get(hit.passage, CheckFacts())
            reasons = earlier_check_reasons(
                claim, check_claimant=fact.claimant, check_stated_on=fact.stated_on, document_on=document_on
            )
            score = normalise(hit.score, z) + sum(reason.value for reason in reasons)
            scored.append(Scored(hit, score, tuple(reasons)))
        scored.sort(key=lambda row: (-round(row.score, 6), row.hit.ref.id, row.hit.passage))
        found.append(Answer(one, tuple(scored)))
    return found
