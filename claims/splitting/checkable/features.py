"""Which named properties of a sentence bear on whether it deserves checking?

Every feature has a name, a family and a wording for people; word lists, patterns and pairs are data
(``data/worth_lists.json``, ``data/worth_patterns.json``). A sentence is read once: all features that are
either there or not are bits of one integer, so that a score is a sum over a few table look-ups. It refuses to
weigh them (``checkworthiness``) and to tag (``claims.language.parser``).
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import or_
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).parent.parent / "data"

# Shares of a sentence's words, and its length; unlike all other features these are fractions.
FRACTIONS = (
    ("share_nouns", "name", "share of nouns"),
    ("share_pronouns", "clause", "share of pronouns"),
    ("share_prepositions", "form", "share of prepositions"),
    ("share_adjectives", "opinion", "share of adjectives"),
    ("share_verbs", "form", "share of verbs"),
    ("share_numbers", "number", "share of numbers"),
    ("share_names", "name", "share of names"),
    ("share_to", "intention", "share of 'to'"),
    ("log_length", "length", "length"),
)

_CLASSES = {
    "NN": 0, "NNS": 0, "NNP": 6, "NNPS": 6, "PRP": 1, "PRP$": 1, "IN": 2, "JJ": 3, "JJR": 3, "JJS": 3,
    "VB": 4, "VBD": 4, "VBN": 4, "VBG": 4, "VBP": 4, "VBZ": 4, "CD": 5, "TO": 7,
}  # fmt: skip
# Features of form that one word gives away.
_TOLD_BY_WORD = {
    "?": "question",
    "!": "exclamation",
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), "i_word"),
    **dict.fromkeys(("we", "us", "our", "ours"), "we_word"),
    **dict.fromkeys(("you", "your", "yours"), "you_word"),
    **dict.fromkeys(("he", "she", "they", "his", "her", "their", "him", "them"), "third"),
}
# Places in the counts of classes: what is neither of these nor a mark is some other word.
_NOUN, _FIGURE, _NAME, _MARK, _OTHER = 0, 5, 6, 8, 9
_MARKS = frozenset({",", ".", ":", "``", "''", "-LRB-", "-RRB-", "HYPH", "NFP", "SYM"})
_LENGTHS = (
    (3, "len_3"),
    (6, "len_4_6"),
    (10, "len_7_10"),
    (16, "len_11_16"),
    (25, "len_17_25"),
    (40, "len_26_40"),
)

# What the tags and the shape of a sentence tell: name, family, wording.
_FORMAL = (
    ("digits", "number", "gives a figure in digits"),
    ("two_numbers", "number", "gives two numbers"),
    ("four_numbers", "number", "gives many numbers"),
    ("year", "number", "names a year"),
    ("any_number", "number", "a number"),
    ("past", "tense", "tells of something past"),
    ("past_only", "tense", "tells only of the past"),
    ("present_only", "tense", "describes how things stand"),
    ("modal", "hypothetical", "says what may, can or will be"),
    ("no_finite", "form", "has no full verb"),
    ("participle", "tense", "a participle"),
    ("name", "name", "names somebody or something"),
    ("names_2", "name", "several names"),
    ("names_4", "name", "many names"),
    ("nouns_4", "name", "many nouns"),
    ("nouns_7", "name", "very many nouns"),
    ("compound", "name", "a technical or compound term"),
    ("question", "form", "is a question"),
    ("exclamation", "form", "is an exclamation"),
    ("wh_start", "form", "opens with a question word"),
    ("pronouns_only", "clause", "only pronouns, no noun"),
    ("i_word", "life", "speaks of himself"),
    ("we_word", "clause", "speaks of us"),
    ("you_word", "clause", "speaks to somebody"),
    ("third", "clause", "speaks of him, her or them"),
    ("len_3", "length", "one to three words"),
    ("len_4_6", "length", "four to six words"),
    ("len_7_10", "length", "seven to ten words"),
    ("len_11_16", "length", "eleven to sixteen words"),
    ("len_17_25", "length", "seventeen to 25 words"),
    ("len_26_40", "length", "26 to 40 words"),
    ("len_41", "length", "more than 40 words"),
)
_SUBJECTS = {
    "i": "i", "we": "we", "you": "you", "he": "third", "she": "third", "they": "they", "it": "it",
    "this": "it", "that": "it", "there": "there", "who": "who", "which": "who", "what": "who",
    "these": "it", "those": "they",
}  # fmt: skip
_SUBJECT_TEXT = {
    "i": "I", "we": "we", "you": "you", "third": "he or she", "they": "they", "it": "it", "there": "there",
    "who": "who", "noun": "a thing or group", "name": "somebody named", "none": "nobody",
}  # fmt: skip
_TENSE_TEXT = {"past": "in the past", "present": "in the present", "modal": "may or will"}
_SUBJECT_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP", "EX", "WP", "WDT", "DT"})
_FINITE = {"VBD": "past", "VBZ": "present", "VBP": "present", "MD": "modal"}
_TENSE_BITS = {"past": 1, "present": 2, "modal": 4}
_BE = frozenset({"is", "are", "was", "were", "'s", "'re", "am", "'m", "be", "been"})
_HAVE = frozenset({"have", "has", "had", "'ve"})
_WH = frozenset({"what", "why", "how", "who", "where", "when", "which", "whose"})
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d\Z")


@dataclass(frozen=True, slots=True)
class Feature:
    """One named property; ``family`` groups what is weighed and shown together."""

    name: str
    family: str
    text: str


class Features(NamedTuple):
    """What a sentence has: one bit a feature of ``names()``, and the values of ``FRACTIONS``."""

    bits: int
    fractions: tuple[float, ...]


class _Entry:
    """What one word brings: feature bits, the patterns worth trying, phrases that begin with it by their next word."""

    __slots__ = ("bits", "patterns", "phrases")

    def __init__(self) -> None:
        self.bits = 0
        self.patterns = 0
        self.phrases: dict[str, list[tuple[tuple[str, ...], int]]] = {}


_NOTHING = _Entry()


@dataclass(slots=True)
class _Tagged:
    """What a word with its tag brings: bits, patterns worth trying, phrases, class, tense, and how it is shown."""

    bits: int
    patterns: int
    phrases: dict[str, list[tuple[tuple[str, ...], int]]]
    slot: int
    tense: str
    text: str
    is_noun: bool
    is_name: bool
    # Most words bring nothing but their class.
    is_plain: bool


_NO_WORD = _Tagged(0, 0, {}, _MARK, "", "", False, False, True)
_MOST_TAGGED = 16_000


class _TaggedWords(dict[tuple[str, str], _Tagged]):
    """The words met so far, each read once with each of its tags."""

    def __init__(
        self, words: dict[str, _Entry], tag_patterns: dict[str, int], formal: dict[str, int]
    ) -> None:
        super().__init__()
        self.words = words
        self.tag_patterns = tag_patterns
        self.formal = formal

    def __missing__(self, pair: tuple[str, str]) -> _Tagged:
        if len(self) >= _MOST_TAGGED:
            self.clear()
        word, tag = pair
        entry = self.words.get(word, _NOTHING)
        bits = entry.bits
        slot = _CLASSES.get(tag, _MARK if tag in _MARKS else _OTHER)
        if word in _TOLD_BY_WORD:
            bits |= self.formal[_TOLD_BY_WORD[word]]
        if tag in ("VBN", "VBG"):
            bits |= self.formal["participle"]
        if slot == _FIGURE:
            bits |= self.formal["any_number"]
            if word[0].isdigit():
                bits |= self.formal["digits"]
                if len(word) == 4 and _YEAR.match(word):
                    bits |= self.formal["year"]
        patterns = entry.patterns | self.tag_patterns.get(tag, 0)
        tense = _FINITE.get(tag, "")
        row = _Tagged(
            bits,
            patterns,
            entry.phrases,
            slot,
            tense,
            f"{word}_{tag}",
            tag == "NN",
            tag == "NNP",
            not (bits or patterns or entry.phrases or tense or slot in (_NOUN, _NAME)),
        )
        self[pair] = row
        return row


class _Compiled(NamedTuple):
    features: tuple[Feature, ...]
    families: dict[str, str]
    tagged: _TaggedWords
    patterns: tuple[tuple[Callable[[str], Any], int], ...]
    # By the bit of the first feature of pairs: the bits of all second ones, and (second, pair) of each.
    pairs: dict[int, tuple[int, tuple[tuple[int, int], ...]]]
    lefts: int
    twice: tuple[tuple[int, int], ...]
    twice_mask: int
    clauses: dict[tuple[str, str], int]
    firsts: dict[tuple[str, str], int]
    kinds: dict[str, int]
    formal: dict[str, int]


def names() -> tuple[Feature, ...]:
    """Return all features: those that are bits in the order of the bits, then the fractions."""
    return _compiled().features


def families() -> dict[str, str]:
    """Return the wording of each family."""
    return _compiled().families


def read(words: Sequence[str], xpos: Sequence[str]) -> Features:
    """Return the features of one sentence from its words and Penn tags, one tag a word."""
    return read_low([word.lower() for word in words], xpos)


def read_low(low: Sequence[str], xpos: Sequence[str]) -> Features:
    """Return the features of one sentence from its words in small letters and their tags, as ``read`` does."""
    compiled = _compiled()
    tagged = compiled.tagged
    rows = [tagged[pair] for pair in zip(low, xpos, strict=False)]
    once = twice = candidates = 0
    slots = [row.slot for row in rows]
    counts = [slots.count(slot) for slot in range(_OTHER)]
    names_found = compounds = finite = clause_bits = 0
    last = len(rows) - 1
    for place in [place for place, row in enumerate(rows) if not row.is_plain]:
        row = rows[place]
        slot = row.slot
        bits = row.bits
        if row.phrases and place < last:
            for rest, mask in row.phrases.get(low[place + 1], ()):
                if tuple(low[place + 1 : place + 1 + len(rest)]) == rest:
                    bits |= mask
        if bits:
            twice |= once & bits
            once |= bits
        candidates |= row.patterns
        if slot in (_NOUN, _NAME):
            before = rows[place - 1] if place else _NO_WORD
            if before.is_noun or (slot == _NOUN and before.is_name):
                compounds += 1
            if slot == _NAME and before.slot != _NAME:
                names_found += 1
        if row.tense:
            subject = _subject(low, xpos, place)
            clause_bits |= compiled.clauses[subject, row.tense]
            if not finite:
                clause_bits |= compiled.firsts[subject, row.tense]
                clause_bits |= compiled.kinds[_kind(low, xpos, place)]
            finite |= _TENSE_BITS[row.tense]
    if not finite:
        place = _bare_past(xpos)
        if place:
            subject = _subject(low, xpos, place)
            finite = 1
            clause_bits = (
                compiled.clauses[subject, "past"] | compiled.firsts[subject, "past"] | compiled.kinds["other"]
            )
    nouns, numbers = counts[_NOUN] + counts[_NAME], counts[_FIGURE]
    length = len(rows) - counts[_MARK]
    formal = compiled.formal
    bits = once | clause_bits
    if compiled.twice_mask & twice:
        for source, target in compiled.twice:
            if twice & source:
                bits |= target
    bits |= _formal_bits(formal, low, xpos, finite, names_found, nouns, length)
    if compounds:
        bits |= formal["compound"]
    if numbers > 1:
        bits |= formal["two_numbers"]
        if numbers > 3:
            bits |= formal["four_numbers"]
    if candidates:
        line = f" {' '.join([row.text for row in rows])} "
        patterns = compiled.patterns
        while candidates:
            lowest = candidates & -candidates
            finds, mask = patterns[lowest.bit_length() - 1]
            if finds(line):
                bits |= mask
            candidates ^= lowest
    present = bits & compiled.lefts
    while present:
        left = present & -present
        present ^= left
        right, listed = compiled.pairs[left]
        if bits & right:
            for needed, mask in listed:
                if bits & needed:
                    bits |= mask
    total = max(length, 1)
    fractions = (
        nouns / total,
        counts[1] / total,
        counts[2] / total,
        counts[3] / total,
        counts[4] / total,
        numbers / total,
        counts[_NAME] / total,
        counts[7] / total,
        math.log1p(length) / 4,
    )
    return Features(bits, fractions)


def _formal_bits(
    formal: dict[str, int],
    low: Sequence[str],
    xpos: Sequence[str],
    finite: int,
    found: int,
    nouns: int,
    length: int,
) -> int:
    bits = 0
    if finite & 1:
        bits |= formal["past"]
        if finite == 1:
            bits |= formal["past_only"]
    elif finite == 2:
        bits |= formal["present_only"]
    elif not finite:
        bits |= formal["no_finite"]
    if finite & 4:
        bits |= formal["modal"]
    if found:
        bits |= formal["name"]
        if found > 1:
            bits |= formal["names_2"]
            if found > 3:
                bits |= formal["names_4"]
    if nouns > 3:
        bits |= formal["nouns_4"]
        if nouns > 6:
            bits |= formal["nouns_7"]
    first = (
        low[1]
        if len(low) > 1 and low[0] in {"and", "but", "so", '"', "now", "well"}
        else low[0]
        if low
        else ""
    )
    if first in _WH:
        bits |= formal["wh_start"]
    if not nouns and "PRP" in xpos:
        bits |= formal["pronouns_only"]
    for limit, name in _LENGTHS:
        if length <= limit:
            return bits | formal[name]
    return bits | formal["len_41"]


def _bare_past(xpos: Sequence[str]) -> int:
    """Return the place of a past form that a tagger took for a participle ("Crime fell"), or 0."""
    for place in range(1, len(xpos)):
        if xpos[place] == "VBN" and xpos[place - 1] in ("NN", "NNS", "NNP", "NNPS", "PRP"):
            return place
    return 0


def _subject(low: Sequence[str], xpos: Sequence[str], verb: int) -> str:
    """Return the class of the nearest nominal before a finite verb, at most eight words back."""
    for place in range(verb - 1, max(verb - 9, -1), -1):
        tag = xpos[place]
        if tag in _SUBJECT_TAGS:
            known = _SUBJECTS.get(low[place])
            if known is not None:
                return known
            if tag in ("NNP", "NNPS"):
                return "name"
            if tag in ("NN", "NNS"):
                return "noun"
    # Inverted: "did he", "is there".
    if verb + 1 < len(low):
        known = _SUBJECTS.get(low[verb + 1])
        if known is not None and xpos[verb + 1] in ("PRP", "EX"):
            return known
    return "none"


def _kind(low: Sequence[str], xpos: Sequence[str], verb: int) -> str:
    """Return what the first finite verb forms: be, have, perfect, progressive, passive, modal, do, other."""
    word = low[verb]
    if xpos[verb] == "MD":
        return "modal"
    after = ""
    for tag in xpos[verb + 1 : verb + 5]:
        if tag in ("RB", "``", "''"):
            continue
        after = tag
        break
    if word in _BE:
        if after == "VBG":
            return "progressive"
        if after == "VBN":
            return "passive"
        if after in ("JJ", "JJR", "JJS"):
            return "be_adjective"
        if after in ("DT", "NN", "CD", "NNP", "NNS"):
            return "be_noun"
        return "be"
    if word in _HAVE:
        return "perfect" if after == "VBN" else "have"
    if word in ("do", "does", "did"):
        return "do"
    return "other"


_KIND_TEXT = {
    "modal": "first verb: will, can, may",
    "progressive": "first verb: is doing",
    "passive": "first verb: is done",
    "be_adjective": "first verb: is of some quality",
    "be_noun": "first verb: is something",
    "be": "first verb: is somewhere",
    "perfect": "first verb: has done",
    "have": "first verb: has something",
    "do": "first verb: does or did (not)",
    "other": "first verb: an act or state",
}


@cache
def _compiled() -> _Compiled:
    lists: dict[str, dict[str, str]] = json.loads((DATA / "worth_lists.json").read_text(encoding="utf-8"))
    rest: dict[str, Any] = json.loads((DATA / "worth_patterns.json").read_text(encoding="utf-8"))
    found: list[Feature] = []
    index: dict[str, int] = {}

    def add(name: str, family: str, text: str) -> int:
        if name in index:
            raise ValueError(f"feature {name} is defined twice")
        index[name] = len(found)
        found.append(Feature(name, family, text))
        return 1 << index[name]

    words: dict[str, _Entry] = {}
    for name, row in lists.items():
        mask = add(name, row["family"], row["text"])
        for phrase in row["words"].split(", "):
            first, *others = phrase.split()
            entry = words.setdefault(first, _Entry())
            if others:
                entry.phrases.setdefault(others[0], []).append((tuple(others), mask))
            else:
                entry.bits |= mask
    twice = tuple(
        (
            1 << index[name],
            add(f"{name}:twice", lists[name]["family"], lists[name]["text"] + ", more than once"),
        )
        for name in rest["twice"]
    )
    formal = {name: add(name, family, text) for name, family, text in _FORMAL}
    patterns: list[tuple[Callable[[str], Any], int]] = []
    tag_patterns: dict[str, int] = {}
    for name, row in rest["patterns"].items():
        gate_bit = 1 << len(patterns)
        pattern = re.compile(row["re"])
        # A search for what stands at the beginning would go on to the end.
        finds = pattern.match if row["re"].startswith("^") else pattern.search
        patterns.append((finds, add(name, row["family"], row["text"])))
        for gate in row["gate"].split():
            if gate.startswith("#"):
                tag_patterns[gate[1:]] = tag_patterns.get(gate[1:], 0) | gate_bit
            else:
                words.setdefault(gate, _Entry()).patterns |= gate_bit
    clauses: dict[tuple[str, str], int] = {}
    firsts: dict[tuple[str, str], int] = {}
    for subject, subject_text in _SUBJECT_TEXT.items():
        for tense, tense_text in _TENSE_TEXT.items():
            text = f"{subject_text}, {tense_text}"
            clauses[subject, tense] = add(f"clause:{subject}:{tense}", "clause", text)
            firsts[subject, tense] = add(f"first:{subject}:{tense}", "clause", text + " (first verb)")
    kinds = {kind: add(f"kind:{kind}", "tense", text) for kind, text in _KIND_TEXT.items()}
    paired: dict[int, list[tuple[int, int]]] = {}
    single = frozenset(index)
    for name, left, right, family, text in rest["pairs"]:
        if not {left, right} <= single:
            raise ValueError(f"{name} pairs what is no single feature")
        paired.setdefault(1 << index[left], []).append((1 << index[right], add(name, family, text)))
    pairs = {
        left: (functools.reduce(or_, (right for right, _ in listed)), tuple(listed))
        for left, listed in paired.items()
    }
    twice_mask = 0
    for source, _ in twice:
        twice_mask |= source
    for name, family, text in FRACTIONS:
        add(name, family, text)
    return _Compiled(
        tuple(found), dict(rest["families"]), _TaggedWords(words, tag_patterns, formal), tuple(patterns),
        pairs, sum(pairs), twice, twice_mask, clauses, firsts, kinds, formal,
    )  # fmt: skip
