"""Which short and long forms of a name the stored texts themselves equate, for use in questions.

Answers: given texts that write "long form (LF)", which terms may be added to a claim that has only one of
the two. Refuses general synonyms: a mined pair was written by someone as the same thing, a list was not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import regex

from claims.query.analysis import STOP_WORDS, distinct, terms

MAX_EXTRA_WORDS = 2

_SHORT = regex.compile(r"\((\p{Lu}[\p{L}\p{N}&-]{1,9})\)")
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*")
_CAPITALS = regex.compile(r"\p{Lu}")
_REACH = 200


def mine(text: str) -> Iterator[tuple[str, str]]:
    """Yield (short, long) as written, for each "long form (LF)" whose first letters agree.

    The initials of the long form must give the letters of the short one in order; stop words and at most
    two further words may stand between them.
    """
    for found in _SHORT.finditer(text):
        short = found.group(1)
        if len(_CAPITALS.findall(short)) < 2:
            continue
        before = text[max(0, found.start() - _REACH) : found.start()]
        words = [(word.group(), word.start()) for word in _WORD.finditer(before)]
        start = _long_form([word for word, _ in words], short)
        if start is not None:
            yield short, before[words[start][1] :].strip()


def _long_form(words: list[str], short: str) -> int | None:
    """Return where the long form begins in the words before the bracket, or None."""
    letters = [letter.lower() for letter in short if letter.isalpha()]
    if letters and letters[-1] == "s" and short.endswith("s"):
        letters.pop()
    at, extra = len(words), 0
    for letter in reversed(letters):
        at -= 1
        while at >= 0 and not words[at].lower().startswith(letter):
            if words[at].lower() not in STOP_WORDS:
                extra += 1
            if extra > MAX_EXTRA_WORDS:
                return None
            at -= 1
        if at < 0:
            return None
    # A single word in front of its own short form ("Union (UN)") equates nothing.
    return at if len(words) - at >= 2 else None


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Pairs seen in stored texts: the most frequent long form of each short one, as terms."""

    longs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shorts: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str], language: str = "en") -> Abbreviations:
        """Mine texts and keep, for each short form, the long form written most often."""
        return cls.from_counts(Counter(pair for text in texts for pair in mine(text)), language)

    @classmethod
    def from_counts(cls, counts: Mapping[tuple[str, str], int], language: str = "en") -> Abbreviations:
        """Build from (short, long) → how often; ties go to the alphabetically first."""
        summed: Counter[tuple[str, tuple[str, ...]]] = Counter()
        for (short, long), often in counts.items():
            words = tuple(terms(long, language))
            if len(words) >= 2:
                summed[short, words] += often
        longs: dict[str, tuple[str, ...]] = {}
        shorts: dict[tuple[str, ...], str] = {}
        for (short, words), _ in sorted(summed.items(), key=lambda item: (-item[1], item[0])):
            longs.setdefault(short, words)
            shorts.setdefault(words, short)
        return cls(longs, shorts)

    def additions(self, text: str, language: str = "en") -> list[str]:
        """Return the terms to add to a text that has one form of a pair and not the other.

        A short form counts only where it is written with its capitals: "who" is not the organisation.
        """
        own = terms(text, language)
        added: list[str] = []
        for word in distinct(_WORD.findall(text)):
            if word in self.longs:
                added += self.longs[word]
        for length in range(2, 8):
            for start in range(len(own) - length + 1):
                short = self.shorts.get(tuple(own[start : start + length]))
                if short is not None:
                    added += terms(short, language)
        present = set(own)
        return [term for term in distinct(added) if term not in present]
