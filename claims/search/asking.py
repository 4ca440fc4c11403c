"""How a claim is put to an engine: the whole sequence from question to scored passages.

Answers: for evidence, the passages that bear on a claim, with a feedback tail below rank 10; for earlier
fact checks, the checks that may concern the same claim, with the reasons beside the words. Every score is
b/Z and comparable between claims, which is what a "weak match" needs. Refuses to decide anything: nothing
found is an empty answer, and what lies outside the archives is for the caller to say (``Engine.count``).

Texts stay in the database: the caller hands in how to read them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
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
from claims.search.engine import Engine, Hit, Hits

T = TypeVar("T")
Steps: TypeAlias = Generator[Callable[[Engine], Any], Any, T]
"""A search as steps: it yields what the engine is to be asked, goes on with the answer, and returns what it found.

Between two questions it reads rows and computes; whoever drives it may do that for one search while the engine answers
another (``claims.search.side_by_side``).
"""

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


def answered_by(engine: Engine, steps: Steps[T]) -> T:
    """Drive one search to its end and return what it found; raises what the engine raises."""
    try:
        call = next(steps)
        while True:
            call = steps.send(call(engine))
    except StopIteration as end:
        return end.value


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
) -> Steps[list[Answer]]:
    """Return for each claim the passages that bear on it, as if it were asked alone, in as many calls as for one.

    The query beside a claim carries scope and filters; its clauses are replaced. With ``texts`` a second question
    made of the ten best texts orders what stands below rank 10: recall only, the top is untouched. A passage that
    only the second question found has the score of the first answer's last. All ask one collection.
    """
    if not claims:
        return []
    asked = [question(claim, abbreviations=abbreviations) for claim, _ in claims]
    withins = [within for _, within in claims]
    queries = [replace(within, clauses=one.clauses) for within, one in zip(withins, asked, strict=True)]
    firsts: list[Hits] = yield lambda engine: engine.msearch(queries, limit)
    best = [hits.hits[:FEEDBACK_TEXTS] if len(hits.hits) > FEEDBACK_TEXTS else () for hits in firsts]
    read = texts([hit.passage for hits in best for hit in hits]) if texts is not None and any(best) else {}
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
        more: list[Hits] = yield lambda engine: engine.msearch(list(again.values()), limit)
        seconds = dict(zip(again, more, strict=True))
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
    answers: list[Hits] = yield lambda engine: engine.msearch(queries, limit, matched=matched)
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
