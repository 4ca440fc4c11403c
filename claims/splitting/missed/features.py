"""What speaks for and against a stretch being a claim of its own? Named numbers, one row a candidate.

The names are the words people read on the page. All is read off the arrays of an article at once: which words stand
at the edges, what hangs on the head, what lies inside, how the stretch relates to what the rules found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from claims.splitting.missed.candidates import KINDS, Candidates
from claims.splitting.missed.words import LABELS, NAMED, POS, TAGS, ArticleWords, Flags, Ints

Floats = NDArray[np.float32]

_EDGES: list[str] = NAMED["edges"]
_EDGE = {word: at for at, word in enumerate(_EDGES, 1)}
_DETERMINERS = ["none", "the", "a or an", "this or such", "a possessive", "a name's", "no, any or each"]
_DETERMINES = (
    dict.fromkeys(("the",), 1)
    | dict.fromkeys(("a", "an"), 2)
    | dict.fromkeys(("this", "that", "these", "those", "such"), 3)
    | dict.fromkeys(("no", "any", "each", "every", "some"), 6)
)
_SUFFIXES: list[str] = NAMED["suffixes"]
_PREPOSITIONS: list[str] = NAMED["prepositions"]
_MODIFIERS = [(label, tag) for label, tag in (row.split() for row in NAMED["modifiers"])]
_OF_DEEDS = np.array([False, *(end in NAMED["suffixes_of_deeds"] for end in _SUFFIXES)])
_STEM = 6


@dataclass(frozen=True)
class RuleUnits:
    """What the rules found: their units as stretches of words, and which words are cues or belong to a frame."""

    first: Ints
    last: Ints
    spoken: Flags
    quoted: Flags
    premise: Flags
    cues: Flags
    frames: Flags


class Table:
    """Columns with their names, filled group by group."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.names: list[str] = []
        self._columns: list[Floats] = []

    def choice(self, group: str, values: Sequence[str], codes: Ints) -> None:
        """Add one column a value; the code says which of them is 1."""
        block = np.zeros((self.rows, len(values)), dtype=np.float32)
        block[np.arange(self.rows), codes] = 1
        self.names += [f"{group} {value}" for value in values]
        self._columns.append(block)

    def several(self, group: str, values: Sequence[str], block: NDArray[np.bool_]) -> None:
        """Add one column a value; any number of them can be 1."""
        self.names += [f"{group} {value}" for value in values]
        self._columns.append(block.astype(np.float32))

    def number(self, name: str, values: NDArray[np.generic]) -> None:
        self.names.append(name)
        self._columns.append(values.astype(np.float32)[:, None])

    def matrix(self) -> Floats:
        return np.concatenate(self._columns, axis=1)


def table(words: ArticleWords, some: Candidates, found: RuleUnits) -> Table:
    """Return the named numbers of the candidates, one row each."""
    made = Table(len(some))
    made.several("taken as", KINDS, (some.kinds[:, None] >> np.arange(len(KINDS))) & 1 > 0)
    _head(made, words, some)
    _dependents(made, words, some)
    _edges(made, words, some)
    _inside(made, words, some)
    _around(made, words, some)
    _beside_rules(made, words, some, found)
    return made


def _head(made: Table, words: ArticleWords, some: Candidates) -> None:
    head = some.head
    parent = words.head[head]
    hangs = parent >= 0
    made.choice("its head is", LABELS, words.label[head])
    made.choice("its head is tagged", TAGS, words.tag[head])
    made.choice("its head is a", POS, words.pos[head])
    made.choice("it hangs on", [*POS, "nothing"], np.where(hangs, words.pos[parent], len(POS)))
    made.choice(
        "it hangs on what is", [*LABELS, "nothing"], np.where(hangs, words.label[parent], len(LABELS))
    )
    ends = np.array([_suffix(words.low[at]) for at in head.tolist()], dtype=np.intp)
    made.choice("its head ends in", ["nothing listed", *_SUFFIXES], ends)
    deed = words.has_pos("NOUN")[head] & (
        words.known("premises_events")[head] | words.known("deeds")[head] | _OF_DEEDS[ends]
    )
    loaded = words.known("premises_heads") | words.known("premises_modifiers")
    made.number("a noun of a deed", deed)
    made.number("a loaded word", loaded[head])
    made.number("an accusing word inside", _any(loaded, some))
    makes = words.known("makes")
    made.number("what is made, found or published", hangs & makes[parent])
    name = words.has_tag("NNP", "NNPS")
    made.number("a relative clause on a name", words.has_label("acl:relcl")[head] & hangs & name[parent])
    made.number("depth", words.depth[head] / 5)
    determiner = _determiners(words)[head]
    made.choice("with the determiner", _DETERMINERS, determiner)
    owned = determiner >= 4
    owned &= determiner <= 5
    definite = owned | (determiner == 1) | (determiner == 3)
    made.number("a definite loaded word", loaded[head] & definite)
    made.number("a deed with its doer", deed & owned)
    content = words.heads_of(words.has_label("acl", "xcomp") & words.has_tag("VB"))[head]
    of_something = _with_preposition(words)[head, :4].any(1)
    made.number("a deed with its content", deed & (content | of_something))
    made.number("a possessor and an infinitive", content & owned)


@lru_cache(maxsize=10_000)
def _suffix(word: str) -> int:
    """Return the number of the longest listed ending of a word, 0 without one."""
    stem = word[:-1] if word.endswith("s") else word
    fits = [at for at, end in enumerate(_SUFFIXES, 1) if len(stem) > len(end) + 2 and stem.endswith(end)]
    return max(fits, key=lambda at: len(_SUFFIXES[at - 1]), default=0)


def _determiners(words: ArticleWords) -> Ints:
    found = np.zeros(words.n, dtype=np.intp)
    for at in np.flatnonzero(words.has_label("det") & (words.head >= 0)).tolist():
        found[words.head[at]] = _DETERMINES.get(words.low[at], 0)
    owner = np.flatnonzero(words.has_label("nmod:poss") & (words.head >= 0))
    found[words.head[owner]] = np.where(words.has_tag("PRP$")[owner], 4, 5)
    return found


def _with_preposition(words: ArticleWords) -> Flags:
    """Tell for each word which prepositions its noun modifiers have."""
    found = np.zeros((words.n, len(_PREPOSITIONS)), dtype=np.bool_)
    case = words.has_label("case", "mark")[words.kids]
    by_word = {word: at for at, word in enumerate(_PREPOSITIONS)}
    modifies = words.has_label("nmod", "obl")
    for at in words.kids[case].tolist():
        which, noun = by_word.get(words.low[at], -1), words.head[at]
        if which >= 0 and modifies[noun] and words.head[noun] >= 0:
            found[words.head[noun], which] = True
    return found


def _dependents(made: Table, words: ArticleWords, some: Candidates) -> None:
    has = np.zeros((words.n, len(LABELS)), dtype=np.bool_)
    has[words.parents, words.label[words.kids]] = True
    made.several("it has", LABELS, has[some.head])
    kinds = np.zeros((words.n, len(_MODIFIERS)), dtype=np.bool_)
    for at, (label, tag) in enumerate(_MODIFIERS):
        kinds[:, at] = words.heads_of(words.has_label(label) & words.has_tag(tag))
    made.several("it has", [f"{label} {tag}" for label, tag in _MODIFIERS], kinds[some.head])
    made.several("it has something with", _PREPOSITIONS, _with_preposition(words)[some.head])


def _edges(made: Table, words: ArticleWords, some: Candidates) -> None:
    edge = np.array([_EDGE.get(word, 0) for word in words.low], dtype=np.intp)
    begin, end = words.begin[some.first], words.begin[some.first] + words.size[some.first] - 1
    at_start, at_end = some.first == begin, some.last == end
    other, limit = len(_EDGES) + 1, max(words.n - 1, 0)
    before, behind = np.maximum(some.first - 1, 0), np.minimum(some.last + 1, limit)
    values = ["another word", *_EDGES]
    made.choice("behind", [*values, "the beginning"], np.where(at_start, other, edge[before]))
    made.choice("before", [*values, "the end"], np.where(at_end, other, edge[behind]))
    made.choice("begins with", values, edge[some.first])
    made.choice("begins as", TAGS, words.tag[some.first])
    made.choice("stands behind", [*TAGS, "the beginning"], np.where(at_start, len(TAGS), words.tag[before]))
    gerund = words.has_tag("VBG")[some.first]
    comma = edge[before] == _EDGE[","]
    made.number("a participle behind a comma", gerund & comma & ~at_start)
    grounds = words.known("grounds")
    made.number("a gerund behind a preposition", gerund & grounds[before] & ~at_start)
    marks = words.known("quotation marks")
    made.number("a quotation mark before it", marks[before] & ~at_start)
    made.number("a quotation mark behind it", marks[behind] & ~at_end)


def _any(flags: Flags, some: Candidates) -> Flags:
    return _sum(flags, some) > 0


def _sum(flags: Flags, some: Candidates) -> Ints:
    total = np.concatenate(([0], flags.cumsum()))
    return total[some.last + 1] - total[some.first]


def _inside(made: Table, words: ArticleWords, some: Candidates) -> None:
    length = words.count(some.first, some.last)
    n = np.maximum(length, 1)
    made.number("length", np.log(n))
    for bound in (3, 5, 8):
        made.number(f"under {bound} words", length < bound)
    made.number("over 15 words", length > 15)
    made.number("share of the sentence", length / np.maximum(words.size[some.first], 1))
    finite = _sum(words.has_tag("VBD", "VBP", "VBZ", "MD"), some)
    made.number("a full verb inside", finite > 0)
    made.number("several full verbs inside", finite > 1)
    for tag in ("VBG", "VBN", "TO"):
        made.number(f"{tag} inside", _any(words.has_tag(tag), some))
    figures = _sum(words.has_tag("CD"), some)
    made.number("a figure inside", figures > 0)
    made.number("two figures inside", figures > 1)
    names = _sum(words.has_tag("NNP", "NNPS"), some)
    made.number("share of names", names / n)
    made.number("nothing but names", names >= length - 1)
    made.number("a negation inside", _any(words.known("negations"), some))
    made.number("a rank inside", _any(words.known("ranks"), some))
    made.number("a count or rate inside", _any(words.known("counts"), some))
    hyphen = words.known("hyphens")
    hyphen[:-1] &= words.has_tag("VBN", "VBD")[1:]
    made.number("a hyphenated participle inside", _any(hyphen, some))
    made.number("share in quotation marks", _sum(words.quoted, some) / (some.last - some.first + 1))
    made.number("would, could or may inside", _any(words.known("doubt"), some))
    made.number("will inside", _any(words.known("will"), some))


def _around(made: Table, words: ArticleWords, some: Candidates) -> None:
    doubt = words.heads_of(words.known("doubt") & words.has_label("aux"))
    iffy = words.heads_of(words.known("if") & words.has_label("mark"))
    will = words.heads_of(words.known("will") & words.has_label("aux"))
    parent = np.where(words.head >= 0, words.head, np.arange(words.n))
    reach = parent.copy()
    flags = np.stack((doubt, iffy, will), axis=1)
    for _round in range(5):
        flags = flags | flags[reach]
        reach = reach[reach]
    for at, name in enumerate(("would, could or may", "if", "will")):
        made.number(f"under {name}", flags[some.head, at])
    place = words.sentence[some.first]
    made.number("in the first sentences", place < 3)
    seen, head_seen = _told_before(words)
    content = words.has_pos("NOUN", "PROPN", "VERB", "ADJ", "NUM")
    counted = np.maximum(_sum(content, some), 1)
    made.number("share of words told before", _sum(seen & content, some) / counted)
    made.number("its head was told before", head_seen[some.head])


def _told_before(words: ArticleWords) -> tuple[Flags, Flags]:
    """Tell which words stood in an earlier sentence, by their first letters."""
    first: dict[str, int] = {}
    sentence = words.sentence.tolist()
    since = [first.setdefault(word[:_STEM], at) for word, at in zip(words.low, sentence, strict=True)]
    seen = np.array(since, dtype=np.intp) < words.sentence
    return seen, seen


def _beside_rules(made: Table, words: ArticleWords, some: Candidates, found: RuleUnits) -> None:
    near = beside(words, some, found)
    made.number("likeness to the nearest unit", near.best)
    made.number("share inside a unit", near.covered)
    made.number("outside every unit", near.covered == 0)
    made.number("wholly inside a unit", near.inside > 0)
    made.number("inside two units", near.inside > 1)
    made.number("holds a unit", near.holds > 0)
    made.number("holds two units", near.holds > 1)
    made.choice("units in its sentence", ["0", "1", "2", "3", "4 or more"], np.minimum(near.number, 4))
    made.number("begins where a unit begins", near.starts)
    made.number("ends where a unit ends", near.ends)
    made.number("share of the unit around it", near.ratio)
    made.number("inside somebody's speech", near.spoken)
    made.number("inside a quotation of somebody", near.quoted)
    made.number("inside a premise", near.premise)
    made.number("its head says", found.cues[some.head])
    parent = words.head[some.head]
    made.number("it hangs on a word of saying", (parent >= 0) & found.cues[parent])
    made.number("a word of saying inside", _any(found.cues, some))
    made.number("share in a frame", _sum(found.frames, some) / (some.last - some.first + 1))
    clause = some.is_clause
    made.number("a clause wholly inside a unit", clause & (near.inside > 0))
    made.number("a clause outside every unit", clause & (near.covered == 0))
    made.number("a noun phrase wholly inside a unit", ~clause & (near.inside > 0))


@dataclass(frozen=True)
class Beside:
    """How each candidate relates to the units of its sentence."""

    best: Floats
    covered: Floats
    inside: Ints
    holds: Ints
    number: Ints
    starts: Flags
    ends: Flags
    ratio: Floats
    spoken: Flags
    quoted: Flags
    premise: Flags


def pairs(words: ArticleWords, some: Candidates, found: RuleUnits) -> tuple[Ints, Ints, Ints]:
    """Return every pair of a candidate and a unit of one sentence, and how many units each candidate meets."""
    count = len(words.sentences)
    owner = words.sentence[np.minimum(found.first, max(words.n - 1, 0))]
    order = np.argsort(owner, kind="stable")
    begins = np.searchsorted(owner[order], np.arange(count + 1))
    place = words.sentence[some.first]
    number = begins[place + 1] - begins[place]
    left = np.repeat(np.arange(len(some)), number)
    within = np.arange(len(left)) - np.repeat(number.cumsum() - number, number)
    return left, order[np.repeat(begins[place], number) + within], number


def likeness(words: ArticleWords, some: Candidates, found: RuleUnits) -> Floats:
    """Return the best token F1 of each candidate with a unit that the rules found."""
    left, right, _number = pairs(words, some, found)
    best = np.zeros(len(some), dtype=np.float32)
    shared = _shared(words, some, found, left, right)
    np.maximum.at(best, left, _f1(words, some, found, left, right, shared))
    return best


def holds_premise(words: ArticleWords, some: Candidates, found: RuleUnits) -> Flags:
    """Tell which candidates hold a premise of the rules: what is taken as given in them is that."""
    left, right, _number = pairs(words, some, found)
    shared = _shared(words, some, found, left, right)
    held = (shared == words.count(found.first, found.last)[right]) & found.premise[right]
    return np.bincount(left, held, len(some)) > 0


def _shared(words: ArticleWords, some: Candidates, found: RuleUnits, left: Ints, right: Ints) -> Ints:
    first = np.maximum(some.first[left], found.first[right])
    last = np.minimum(some.last[left], found.last[right])
    return np.where(first <= last, words.count(first, np.maximum(last, first)), 0)


def _f1(
    words: ArticleWords, some: Candidates, found: RuleUnits, left: Ints, right: Ints, shared: Ints
) -> Floats:
    sizes = words.count(some.first, some.last)[left] + words.count(found.first, found.last)[right]
    return (2 * shared / np.maximum(sizes, 1)).astype(np.float32)


def beside(words: ArticleWords, some: Candidates, found: RuleUnits) -> Beside:
    """Return how candidates and units of the rules lie to each other."""
    left, right, number = pairs(words, some, found)
    shared = _shared(words, some, found, left, right)
    own, other = words.count(some.first, some.last), words.count(found.first, found.last)
    size = len(some)

    def most(values: NDArray[np.generic]) -> Floats:
        made = np.zeros(size, dtype=np.float32)
        np.maximum.at(made, left, values.astype(np.float32))
        return made

    inside = shared == own[left]
    holds = (shared == other[right]) & ~inside
    return Beside(
        most(_f1(words, some, found, left, right, shared)),
        most(shared / np.maximum(own[left], 1)),
        np.bincount(left, inside, size).astype(np.intp),
        np.bincount(left, holds, size).astype(np.intp),
        number,
        most(some.first[left] == found.first[right]) > 0,
        most(some.last[left] == found.last[right]) > 0,
        most(np.where(inside, own[left] / np.maximum(other[right], 1), 0)),
        most(inside & found.spoken[right]) > 0,
        most(inside & found.quoted[right]) > 0,
        most(inside & found.premise[right]) > 0,
    )
