"""What do a claim and a passage that was found for it have in common? Numbers a small model can weigh.

Read off terms alone, so any language with the analyser will do; likeness of meaning is one number that may be
missing. It decides nothing and knows no engine: the scores come with the passages.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from claims.query.analysis import (
    MAX_PAIRED,
    TermPlace,
    function_words,
    has_address,
    pairs,
    places,
    terms,
)
from claims.query.build import idf
from claims.query.types import Frequencies

#: What the model may weigh, with the sign each has to have: what speaks the other way in one set of texts is chance.
#: The last two are there with the sentence encoder only.
SIGNS = {
    "rank": -1,
    "cover": 1,
    "cover_names": 1,
    "cover_figures": 1,
    "cover_pairs": 1,
    "heaviest_missing": -1,
    "sentence_above": 1,
    "sense": 1,
    "sense_above": 1,
}
WORDS = tuple(name for name in SIGNS if not name.startswith("sense"))
#: Passages from this rank on are what an archive says of anything: how much more a passage has is told against them.
#: So many typical values are counted along, for answers of a few passages.
BACKGROUND, TYPICAL, TYPICAL_COUNT = 10, 0.3, 5

_NUMERIC = re.compile(r"\d[\d.,]*")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
#: A sentence as a reader sees it; only where coverage is measured, so that a wrong cut costs little.
_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?](?!\s)[^.!?。！？\n]*)*[.!?。！？]*")
LONGEST = 6_000
#: So many texts are remembered as read: claims of one article meet the same passages.
REMEMBERED = 1024


@dataclass(frozen=True)
class AskedClaim:
    """The claim as the question put it: its words, their terms with weights, and how rare each is."""

    text: str
    words: Mapping[str, float]
    frequencies: Frequencies
    language: str = "en"

    @cached_property
    def weights(self) -> dict[str, float]:
        """Return weight times rarity of each term; a function word counts half, as in the question."""
        return {word: weight * idf(word, self.frequencies) for word, weight in self.words.items()}

    @cached_property
    def total(self) -> float:
        return sum(self.weights.values()) or 1.0

    @cached_property
    def found(self) -> tuple[TermPlace, ...]:
        return tuple(places(self.text, self.language))

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the terms of words with a capital, but for the first word of the text and words of function."""
        light = function_words(self.language)
        if self.text.isupper() or _titled(self.text):
            return frozenset()
        return frozenset(
            term
            for place in self.found
            if place.start and self.text[place.start].isupper()
            for term in place.terms
            if term not in light and not _NUMERIC.fullmatch(term)
        )

    @cached_property
    def figures(self) -> frozenset[str]:
        return frozenset(
            word for word in self.words if _NUMERIC.fullmatch(word) and not _YEAR.fullmatch(word)
        )

    @cached_property
    def years(self) -> frozenset[str]:
        return frozenset(word for word in self.words if _YEAR.fullmatch(word))

    @cached_property
    def pairs(self) -> frozenset[str]:
        return frozenset(pairs(terms(self.text, self.language), self.language))

    @cached_property
    def heaviest(self) -> list[tuple[str, float]]:
        """Return the terms with their weights, the heaviest first."""
        return sorted(self.weights.items(), key=lambda one: -one[1])

    @cached_property
    def _parts(self) -> dict[frozenset[str], tuple[list[tuple[str, float]], float]]:
        return {}

    def share(self, held: frozenset[str], of: frozenset[str] | None = None) -> float:
        """Return which share of the claim's weight, or of some of its terms', a text that holds these has."""
        if of is None:
            return sum([weight for term, weight in self.weights.items() if term in held]) / self.total
        if of not in self._parts:
            asked = [(term, self.weights.get(term, 0.0)) for term in of]
            self._parts[of] = asked, sum([weight for _term, weight in asked])
        asked, whole = self._parts[of]
        return sum([weight for term, weight in asked if term in held]) / whole if whole else 0.0

    def pairs_in(self, words: Sequence[str], held: frozenset[str]) -> int:
        """Return how many of the claim's pairs stand in a text of these terms."""
        if not any(first in held and second in held for first, second in self._neighbours):
            return 0
        return len(self.pairs.intersection(pairs(words, self.language)))

    @cached_property
    def _neighbours(self) -> list[tuple[str, str]]:
        """Return the terms of which the pairs are made."""
        light = function_words(self.language)
        content = [word for word in terms(self.text, self.language) if word not in light][:MAX_PAIRED]
        return list(dict.fromkeys(pairwise(content)))


@dataclass(frozen=True)
class ReadPassage:
    """A passage as it was found; ``rank`` is its place in the engine's answer, from 0, ``id`` its row, 0 for none."""

    text: str
    title: str = ""
    rank: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class TakenApart:
    """The terms of a text in order and as a set, those of any of its sentences, and the sentences with their own."""

    terms: tuple[str, ...]
    held: frozenset[str]
    anywhere: frozenset[str]
    sentences: tuple[tuple[str, frozenset[str]], ...]


@lru_cache(maxsize=REMEMBERED)
def read(text: str, language: str) -> TakenApart:
    """Return the terms of a text and of its sentences, taken apart once."""
    every: list[str] = []
    sentences = []
    for sentence in _SENTENCE.findall(text):
        own = terms(sentence, language)
        every += own
        sentences.append((sentence.strip(), frozenset(own)))
    # No word reaches beyond its sentence, but an address may: then the whole is read as a whole.
    anywhere = frozenset(every)
    if not has_address(text):
        return TakenApart(tuple(every), anywhere, anywhere, tuple(sentences))
    whole = tuple(terms(text, language))
    return TakenApart(whole, frozenset(whole), anywhere, tuple(sentences))


@lru_cache(maxsize=REMEMBERED)
def _title(title: str, language: str) -> frozenset[str]:
    return frozenset(terms(title, language))


@dataclass(frozen=True)
class Compared:
    """A claim against a passage: what it holds of the claim, its nearest sentence, and the numbers of ``SIGNS``."""

    claim: AskedClaim
    passage: ReadPassage
    held: frozenset[str]
    sentence: str
    numbers: Mapping[str, float]

    @property
    def terms(self) -> frozenset[str]:
        """Return the terms of the passage, without its title."""
        if len(self.passage.text) <= LONGEST:
            return read(self.passage.text, self.claim.language).held
        return frozenset(terms(self.passage.text, self.claim.language))

    @property
    def names(self) -> frozenset[str]:
        return self.claim.names & self.held

    @property
    def figures(self) -> frozenset[str]:
        return self.claim.figures & self.held

    @property
    def years(self) -> frozenset[str]:
        return self.claim.years & self.held


def nearest_sentence(claim: AskedClaim, text: str) -> tuple[str, float]:
    """Return the sentence that holds most of the claim's weight, and which share it holds."""
    best, most = "", 0.0
    apart = read(text[:LONGEST], claim.language)
    # Summed in the order of the claim's words, so that a share is the same to the last digit wherever it is made.
    weights = [one for one in claim.weights.items() if one[0] in apart.anywhere]
    total = claim.total
    for sentence, own in apart.sentences:
        held = sum([weight for term, weight in weights if term in own]) / total
        if held > most:
            best, most = sentence, held
    return best, most


def compare(claim: AskedClaim, passages: Sequence[ReadPassage]) -> list[Compared]:
    """Measure what a claim has in common with the passages of one answer; they belong together."""
    found = [_alone(claim, passage) for passage in passages]
    return told_apart(found, "sentence_above", [one.numbers["cover_sentence"] for one in found])


def with_sense(compared: Sequence[Compared], alike: Sequence[float]) -> list[Compared]:
    """Return the same with their likeness of meaning."""
    known = [
        replace(one, numbers={**one.numbers, "sense": value})
        for one, value in zip(compared, alike, strict=True)
    ]
    return told_apart(known, "sense_above", alike)


def told_apart(compared: Sequence[Compared], name: str, values: Sequence[float]) -> list[Compared]:
    """Return the same with how much each value is above those of passages that only share the topic."""
    beyond = [value for one, value in zip(compared, values, strict=True) if one.passage.rank >= BACKGROUND]
    usual = (sum(beyond) + TYPICAL_COUNT * TYPICAL) / (len(beyond) + TYPICAL_COUNT)
    return [
        replace(one, numbers={**one.numbers, name: value - usual})
        for one, value in zip(compared, values, strict=True)
    ]


def _alone(claim: AskedClaim, passage: ReadPassage) -> Compared:
    text = passage.text[:LONGEST]
    own = read(text, claim.language)
    held = own.held.union(_title(passage.title, claim.language))
    sentence, in_sentence = nearest_sentence(claim, text)
    missing = next((weight for term, weight in claim.heaviest if term not in held), 0.0)
    numbers = {
        "rank": math.log1p(passage.rank),
        "cover": claim.share(held),
        "cover_names": claim.share(held, claim.names),
        "cover_figures": claim.share(held, claim.figures),
        "cover_pairs": claim.pairs_in(own.terms, own.held) / len(claim.pairs) if claim.pairs else 0.0,
        "heaviest_missing": missing / claim.total,
        "cover_sentence": in_sentence,
    }
    return Compared(claim, passage, held, sentence, numbers)


def _titled(text: str) -> bool:
    """Tell whether nearly every word of a text has a capital, as headlines do: then none marks a name."""
    words: list[str] = re.findall(r"[^\W\d_]{4,}", text)
    return len(words) > 3 and sum(word[0].isupper() for word in words) > 0.8 * len(words)
