"""How a claim is put to an engine: the whole sequence from question to scored passages.

Answers: for evidence, the passages that bear on a claim, with a feedback tail below rank 10; for earlier
fact checks, the checks that may concern the same claim, with the reasons beside the words. Every score is
b/Z and comparable between claims, which is what a "weak match" needs. Refuses to decide anything: nothing
found is an empty answer, and what lies outside the archives is for the caller to say (``Engine.count``).

Texts stay in the database: the caller hands in how to read them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

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
from claims.search.engine import Engine, Hit

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
    """Passages best first; ``total`` counts all that hold a word of the question."""

    question: Question
    found: tuple[Scored, ...]
    total: int
    #: How rare the words of the question are.
    frequencies: Frequencies = field(default_factory=lambda: Frequencies(0))


def ask(
    engine: Engine,
    claim: ClaimText,
    within: Query,
    *,
    limit: int = 200,
    texts: Texts | None = None,
    abbreviations: Abbreviations | None = None,
    matched: bool = False,
) -> Answer:
    """Return the passages that bear on a claim.

    ``within`` carries scope and filters; its clauses are replaced. With ``texts`` a second question made of
    the ten best texts orders what stands below rank 10: recall only, the top is untouched. A passage that
    only the second question found has the score of the first answer's last.
    """
    asked = question(claim, abbreviations=abbreviations)
    first = engine.search(replace(within, clauses=asked.clauses), limit, matched=matched)
    best = first.hits[:FEEDBACK_TEXTS]
    tokens: dict[int, list[str]] = {}
    if texts is not None and len(first.hits) > FEEDBACK_TEXTS:
        found = texts([hit.passage for hit in best])
        tokens = {id: feedback_tokens(*text, asked.language) for id, text in found.items()}
    terms = {*asked.words, *(token for words in tokens.values() for token in words)}
    frequencies = engine.document_frequencies(terms, within.collection)
    z = weight_of(asked.words, frequencies)
    scores = {hit.passage: hit.score for hit in first.hits}
    hits = {hit.passage: hit for hit in first.hits}
    order = list(hits)
    if tokens:
        used = [hit for hit in best if tokens.get(hit.passage)]
        typical = feedback_words(
            [tokens[hit.passage] for hit in used], [hit.score for hit in used], frequencies
        )
        again = second_question(asked, typical)
        second = engine.search(replace(within, clauses=again.clauses), limit, matched=matched)
        hits = {hit.passage: hit for hit in second.hits} | hits
        order = join_tail(order, [hit.passage for hit in second.hits])[:limit]
    lowest = first.hits[-1].score if first.hits else 0.0
    ranked = []
    for passage in order:
        score = scores.get(passage, lowest)
        ranked.append(Scored(replace(hits[passage], score=score), normalise(score, z)))
    return Answer(asked, tuple(ranked), first.total, frequencies)


def ask_earlier_checks(
    engine: Engine,
    claim: ClaimText,
    within: Query,
    facts: Callable[[Sequence[int]], Mapping[int, CheckFacts]],
    *,
    limit: int = 200,
    document_on: date | None = None,
    abbreviations: Abbreviations | None = None,
    matched: bool = False,
) -> Answer:
    """Return earlier fact checks that may concern a claim, re-scored with speaker and date.

    The neighbouring sentences are asked along, lightly. Reasons only add: a check without a date or a
    claimant is never filtered out. ``facts`` is called once, with the passage ids of the answer.
    """
    asked = question(claim, abbreviations=abbreviations, context=True)
    answer = engine.search(replace(within, clauses=asked.clauses), limit, matched=matched)
    z = weight_of(asked.words, engine.document_frequencies(asked.words, within.collection))
    known = facts([hit.passage for hit in answer.hits])
    scored = []
    for hit in answer.hits:
        fact = known.get(hit.passage, CheckFacts())
        reasons = earlier_check_reasons(
            claim, check_claimant=fact.claimant, check_stated_on=fact.stated_on, document_on=document_on
        )
        score = normalise(hit.score, z) + sum(reason.value for reason in reasons)
        scored.append(Scored(hit, score, tuple(reasons)))
    scored.sort(key=lambda one: (-round(one.score, 6), one.hit.ref.id, one.hit.passage))
    return Answer(asked, tuple(scored), answer.total)
