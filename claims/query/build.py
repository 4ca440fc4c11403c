"""Which question a claim is to a search engine, and how the answers to it are scored.

Answers: the weighted clauses of one question made of the whole claim; the second question made from the first
answers; the score that is comparable between claims; and what speaker, context and date add for an earlier fact
check. A reviewer's own words are read by ``claims.query.own_words``. Refuses to split a claim into partial
questions and fuse their ranks: a right text missing from one list then loses to any text on two.

All functions are pure: they take lists and return lists. Terms are those of ``claims.query.analysis``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import nsmallest
from typing import TypeVar

import regex

from claims.query.abbreviations import Abbreviations
from claims.query.analysis import STOP_WORDS, distinct, function_words, pairs, terms
from claims.query.types import Clause, Field, Frequencies

FUNCTION_WORD = 0.5
TITLE = 0.25
PAIR = 0.15
ABBREVIATION = 0.2
CONTEXT = 0.15
SPEAKER = 0.15
NEAR_DATE = 0.2
DATE_DECAY_DAYS = 365.0

MAX_WORDS = 400
"""A question is cut here: clauses cost time on both engines, and Elasticsearch counts them."""

FEEDBACK_TEXTS = 10
FEEDBACK_TERMS = 30
FEEDBACK_TOKENS = 150
FEEDBACK_SHARE = 0.3

K1_PLUS_1 = 2.2
"""Both engines multiply every BM25 score by it."""

_T = TypeVar("_T")
_NUMERIC = regex.compile(r"[\d.,]+")
_NAME_TAIL = frozenset({"jr", "sr", "ii", "iii", "iv"})


@dataclass(frozen=True, slots=True)
class ClaimText:
    """The claim as a question needs it; ``before`` and ``after`` are neighbouring sentences of its place."""

    wording: str
    quotation: str = ""
    claimant: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    made_on: date | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Question:
    """Clauses to ask and the claim's own words with their weights, which the score is measured against."""

    clauses: tuple[Clause, ...]
    words: Mapping[str, float] = field(default_factory=dict)
    pairs: Mapping[str, float] = field(default_factory=dict)
    language: str = "en"


@dataclass(frozen=True, slots=True)
class MatchReason:
    """Something that raised the score of an earlier fact check, by how much."""

    name: str
    value: float


def question(
    claim: ClaimText, *, abbreviations: Abbreviations | None = None, context: bool = False
) -> Question:
    """Return the one question of a whole claim; ``context`` adds the neighbouring sentences' words lightly.

    Context is for earlier fact checks of spoken claims. The wording is asked; where there is none yet, the
    quotation. An empty claim gives a question without clauses, which finds nothing.
    """
    text = claim.wording.strip() or claim.quotation.strip()
    language = claim.language
    words = words_of(text, language)
    added = abbreviations.additions(text, language) if abbreviations else []
    asked = words | {term: ABBREVIATION for term in added if term not in words}
    paired = dict.fromkeys(distinct(pairs(terms(text, language), language))[:MAX_WORDS], PAIR)
    clauses = clauses_of(asked, paired)
    if context:
        clauses += _context_clauses(claim, asked)
    return Question(clauses, words, paired, language)


def words_of(text: str, language: str = "en") -> dict[str, float]:
    """Return the words of a claim as its question asks for them, each once, with their weights."""
    light = function_words(language)
    own = distinct(terms(text, language))[:MAX_WORDS]
    return {word: FUNCTION_WORD if word in light else 1.0 for word in own}


def clauses_of(words: Mapping[str, float], paired: Mapping[str, float]) -> tuple[Clause, ...]:
    """Return words in both fields, each with its weight, and pairs."""
    return (
        *(Clause(Field.ALL, word, weight) for word, weight in words.items()),
        *(Clause(Field.TITLE, word, TITLE * weight) for word, weight in words.items()),
        *(Clause(Field.BI, pair, weight) for pair, weight in paired.items()),
    )


def _context_clauses(claim: ClaimText, asked: Mapping[str, float]) -> tuple[Clause, ...]:
    """Return the distinct words of the neighbouring sentences, four before and one after, each once."""
    nearby = " \n ".join((*claim.before[-4:], *claim.after[:1]))
    light = function_words(claim.language)
    words = distinct(terms(nearby, claim.language))[:MAX_WORDS]
    weights = {word: CONTEXT * (FUNCTION_WORD if word in light else 1.0) for word in words}
    # A word of the claim itself is asked twice, which sums its weights: it is the topic of the passage.
    return tuple(Clause(Field.ALL, word, weight) for word, weight in weights.items())


def idf(term: str, frequencies: Frequencies) -> float:
    """Return ln(1 + (N − df + ½) / (df + ½)); df may count deleted passages, so N is at least df."""
    df, total = frequencies.of.get(term, 0), frequencies.total
    return math.log(1 + ((total if total > df else df) - df + 0.5) / (df + 0.5))


def weight_of(words: Mapping[str, float], frequencies: Frequencies) -> float:
    """Return Z = Σ weight · idf over the claim's words: what a text with every word once would about get."""
    return sum(weight * idf(word, frequencies) for word, weight in words.items())


def normalise(score: float, z: float) -> float:
    """Return b/Z, about 0 to 1.2 and comparable between claims; never stored, 0 where Z is 0."""
    return score / (K1_PLUS_1 * z) if z > 0 else 0.0


def feedback_tokens(title: str, text: str, language: str = "en") -> list[str]:
    """Return the terms of one found text that may enter the second question: no more than 150 per field."""
    return terms(title, language)[:FEEDBACK_TOKENS] + terms(text, language)[:FEEDBACK_TOKENS]


def feedback_words(
    texts: Sequence[Sequence[str]], scores: Sequence[float], frequencies: Frequencies
) -> dict[str, float]:
    """Return the 30 terms most typical of the best texts, weights summing to 1.

    ``frequencies`` must cover the terms of ``texts``. Weight = Σ share of the score · tf/length · idf;
    numbers and terms of a single passage are left out.
    """
    total = sum(scores) or 1.0
    weights: defaultdict[str, float] = defaultdict(float)
    for tokens, score in zip(texts, scores, strict=True):
        share = score / total / len(tokens) if tokens else 0.0
        for token in tokens:
            weights[token] += share
    of = frequencies.of
    typical = [
        (-weight * idf(token, frequencies), token)
        for token, weight in weights.items()
        if of.get(token, 0) > 1 and (token[-1].isalpha() or not _NUMERIC.fullmatch(token))
    ]
    best = [(token, -weight) for weight, token in nsmallest(FEEDBACK_TERMS, typical)]
    norm = sum(weight for _, weight in best) or 1.0
    return {term: weight / norm for term, weight in best}


def second_question(first: Question, typical: Mapping[str, float]) -> Question:
    """Return the question mixed with typical terms; its order is good below rank 10 only (``join_tail``)."""
    norm = sum(first.words.values()) or 1.0
    old = (1 - FEEDBACK_SHARE) / norm
    words = {word: weight * old for word, weight in first.words.items()}
    for term, weight in typical.items():
        words[term] = words.get(term, 0.0) + FEEDBACK_SHARE * weight
    paired = {pair: weight * old for pair, weight in first.pairs.items()}
    return Question(clauses_of(words, paired), first.words, first.pairs, first.language)


def join_tail(first: Sequence[_T], second: Sequence[_T], keep: int = 10) -> list[_T]:
    """Return the first answer's best, continued in the order of the second; nothing twice, nothing lost."""
    return list(dict.fromkeys((*first[:keep], *second, *first[keep:])))


def earlier_check_reasons(
    claim: ClaimText, *, check_claimant: str, check_stated_on: date | None, document_on: date | None = None
) -> list[MatchReason]:
    """Return what speaks for an earlier fact check beside its words; each adds to b/Z, a missing field 0."""
    reasons = []
    name = surname(claim.claimant)
    if name and name in {word.casefold() for word in regex.findall(r"[\p{L}\p{M}'’-]+", check_claimant)}:
        reasons.append(MatchReason("speaker", SPEAKER))
    said = claim.made_on or document_on
    if said and check_stated_on:
        days = abs((said - check_stated_on).days)
        reasons.append(MatchReason("date", NEAR_DATE * math.exp(-days / DATE_DECAY_DAYS)))
    return reasons


def surname(name: str) -> str:
    """Return the last word of a name, casefolded, without Jr. and the like; empty when there is none."""
    words = [word.casefold() for word in regex.findall(r"[\p{L}\p{M}'’-]+", name)]
    while len(words) > 1 and words[-1] in _NAME_TAIL:
        words.pop()
    return words[-1] if words and words[-1] not in STOP_WORDS else ""
