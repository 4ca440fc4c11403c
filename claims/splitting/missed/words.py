"""What do the trees of an article look like as numbers? One row a word, all sentences behind each other.

The ranker looks at thousands of stretches of an article; done word by word in Python that costs more than the
parser itself. Here every sentence becomes a slice of the same arrays, and every question one operation on them.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claims.language.document import Reading, Sentence
from claims.language.spans import Span
from claims.splitting.clauses.verbs import DATA, listed

Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]

#: Labels, tags and words that the circumstances ask for.
NAMED: dict[str, Any] = json.loads((DATA / "missed_words.json").read_text(encoding="utf-8"))
LABELS: list[str] = NAMED["labels"]
POS: list[str] = NAMED["pos"]
TAGS: list[str] = NAMED["tags"]
# Word lists that the rules for premises have as well.
_SHARED = ("premises_events", "premises_heads", "premises_modifiers")
_LISTS: dict[str, frozenset[str]] = {name: listed(name) for name in _SHARED} | {
    name: frozenset(words) for name, words in NAMED["lists"].items()
}
_BITS = {name: at for at, name in enumerate(_LISTS)}
_MARKS = tuple(TAGS[TAGS.index(",") :])


class _Codes(dict[str, int]):
    """Numbers of names; one that is not listed is 0."""

    def __missing__(self, name: str) -> int:
        return 0


_LABEL = _Codes({name: at for at, name in enumerate(LABELS)})
_POS = _Codes({name: at for at, name in enumerate(POS)})
_TAG = _Codes({name: at for at, name in enumerate(TAGS)})
#: Sentences beyond this are kept whole by the rules.
LONGEST = 200
# Nobody builds a sentence deeper; what a broken tree hides below is left out.
_DEEPEST = 60


class ArticleWords:
    """The words of the sentences that can hold a claim, as parallel arrays; ``head`` is -1 for a root."""

    def __init__(self, reading: Reading, skip: Container[int] = ()) -> None:
        self.sentences: list[Sentence] = [
            one for one in reading.sentences if one.index not in skip and 0 < len(one.tokens) <= LONGEST
        ]
        sizes = np.array([len(one.tokens) for one in self.sentences], dtype=np.intp)
        ends = sizes.cumsum()
        #: First word of each sentence, and for every word the place of its sentence in ``sentences``.
        self.begins = ends - sizes
        self.sentence = np.repeat(np.arange(len(sizes)), sizes)
        self.begin = np.repeat(self.begins, sizes)
        self.size = np.repeat(sizes, sizes)
        self.n = n = int(ends[-1]) if len(ends) else 0
        self.start = _ints(chain.from_iterable(one.starts for one in self.sentences), n)
        self.end = _ints([token.end for one in self.sentences for token in one.tokens], n)
        self.low = [word for one in self.sentences for word in one.low]
        heads = _ints(chain.from_iterable(one.tree.heads for one in self.sentences), n)
        self.head = np.where(heads < 0, -1, heads + self.begin)
        self.label = _coded(chain.from_iterable(one.tree.labels for one in self.sentences), _LABEL, n)
        self.pos = _coded(chain.from_iterable(one.tree.upos for one in self.sentences), _POS, n)
        self.tag = _coded(chain.from_iterable(one.tree.xpos for one in self.sentences), _TAG, n)
        self.quoted = _ints(chain.from_iterable(one.quoted for one in self.sentences), n) >= 0
        self.is_word = ~self.has_tag(*_MARKS)
        self.bits = _coded(self.low, _listed_words(), n)
        # Words that a hyphen joins with the one before; one more row stands for the end.
        hyphen = self.has_tag("HYPH", "AFX") | self.known("hyphens")
        close = np.zeros(n + 1, dtype=np.bool_)
        close[1:n] = (self.end[:-1] == self.start[1:]) & (hyphen[:-1] | hyphen[1:])
        self.is_joined = close
        self.kids = np.flatnonzero(self.head >= 0)
        self.parents = self.head[self.kids]
        self.first, self.last, self.depth = self._edges()
        self._counted = np.concatenate(([0], self.is_word.cumsum()))

    def _edges(self) -> tuple[Ints, Ints, Ints]:
        """Return the first and the last word of the subtree of each word, and how deep it hangs."""
        first, last = np.arange(self.n), np.arange(self.n)
        depth = np.zeros(self.n, dtype=np.intp)
        kids, parents = self.kids, self.parents
        for _round in range(_DEEPEST):
            before = first.sum() - last.sum()
            np.minimum.at(first, parents, first[kids])
            np.maximum.at(last, parents, last[kids])
            depth[kids] = depth[parents] + 1
            if first.sum() - last.sum() == before:
                break
        return first, last, depth

    def has_label(self, *names: str) -> Flags:
        """Tell which words hang on their head by one of these labels."""
        return _among(names, tuple(LABELS))[self.label]

    def has_pos(self, *names: str) -> Flags:
        return _among(names, tuple(POS))[self.pos]

    def has_tag(self, *names: str) -> Flags:
        return _among(names, tuple(TAGS))[self.tag]

    def heads_of(self, kids: Flags) -> Flags:
        """Tell which words have a dependent among these."""
        found = np.zeros(self.n, dtype=np.bool_)
        found[self.parents[kids[self.kids]]] = True
        return found

    def count(self, first: Ints, last: Ints) -> Ints:
        """Return how many words, marks left out, each stretch holds."""
        return self._counted[last + 1] - self._counted[first]

    def places(self, starts: Sequence[int], ends: Sequence[int]) -> tuple[Ints, Ints]:
        """Return the first and the last word of stretches of the text; last before first where there is none."""
        return np.searchsorted(self.start, starts), np.searchsorted(self.start, ends) - 1

    def inside(self, spans: Sequence[Span]) -> Flags:
        """Tell which words begin in one of these stretches of the text."""
        found = np.zeros(self.n + 1, dtype=np.intp)
        if spans:
            np.add.at(found, np.searchsorted(self.start, [span.start for span in spans]), 1)
            np.add.at(found, np.searchsorted(self.start, [span.end for span in spans]), -1)
        return found[:-1].cumsum() > 0

    def known(self, name: str) -> Flags:
        """Tell which words are in one of the lists of the data file."""
        return (self.bits >> _BITS[name]) & 1 > 0


@cache
def _among(names: tuple[str, ...], values: tuple[str, ...]) -> Flags:
    return np.array([value in names for value in values], dtype=np.bool_)


@cache
def _listed_words() -> _Codes:
    """Return for every listed word the bits of its lists."""
    found = _Codes()
    for name, at in _BITS.items():
        for word in _LISTS[name]:
            found[word] |= 1 << at
    return found


def _ints(values: Iterable[int], n: int) -> Ints:
    return np.fromiter(values, dtype=np.intp, count=n)


def _coded(values: Iterable[str], codes: _Codes, n: int) -> Ints:
    return _ints(map(codes.__getitem__, values), n)
