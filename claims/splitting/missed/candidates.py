"""Which stretches of a sentence could be a claim that the rules missed? Every clause and noun phrase of the tree.

For each word that carries a clause or a noun phrase its subtree, whole and cut in the ways in which annotators cut
(without what is coordinated with it, without the relative pronoun, from its subject on). It proposes ten a sentence
and judges none; the ranker does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from claims.splitting.missed.words import NAMED, ArticleWords, Flags, Ints

#: How a stretch is taken from the tree; a candidate can come from several.
KINDS = (
    "a clause",
    "a clause without what is coordinated",
    "a clause without a later adverbial clause",
    "a relative clause without its pronoun",
    "a clause from its subject on",
    "a noun phrase",
    "a noun phrase without what is coordinated",
    "a noun phrase without what follows a comma",
    "a noun phrase without its clauses",
    "a noun phrase up to its head",
    "an apposition",
)
CLAUSES = 5
_CARRIES: list[str] = NAMED["carries"]
# What a predicate noun has as a clause and not as a noun phrase: "the mill is | the last of its kind".
_OF_CLAUSES: list[str] = NAMED["of_clauses"]


@dataclass(frozen=True)
class Candidates:
    """Stretches from word ``first`` to word ``last`` around ``head``; ``kinds`` has one bit a kind."""

    first: Ints
    last: Ints
    head: Ints
    kinds: Ints

    def __len__(self) -> int:
        return len(self.first)

    def only(self, chosen: Flags) -> Candidates:
        return Candidates(self.first[chosen], self.last[chosen], self.head[chosen], self.kinds[chosen])

    @property
    def is_clause(self) -> Flags:
        """Tell which come from a clause, not only from a noun phrase."""
        return (self.kinds & ((1 << CLAUSES) - 1)) > 0


def candidates(words: ArticleWords) -> Candidates:
    """Return the candidates of an article, each stretch once, in order of the text."""
    firsts, lasts, heads, kinds = [], [], [], []
    for kind, (first, last, chosen) in enumerate([*_clauses(words), *_phrases(words)]):
        at = np.flatnonzero(chosen)
        firsts.append(first[at])
        lasts.append(last[at])
        heads.append(at)
        kinds.append(np.full(len(at), 1 << kind))
    first, last = _trimmed(words, np.concatenate(firsts), np.concatenate(lasts))
    head, kind_bits = np.concatenate(heads), np.concatenate(kinds)
    good = (first <= head) & (head <= last)
    first, last, head, kind_bits = first[good], last[good], head[good], kind_bits[good]
    # Not from the middle of "Ka-chun", nor to it.
    whole = (words.is_joined[first] | words.is_joined[last + 1]) == 0
    long = whole & (words.count(first, last) >= 2)
    first, last, head, kind_bits = first[long], last[long], head[long], kind_bits[long]
    _keys, index, inverse = np.unique(first * max(words.n, 1) + last, return_index=True, return_inverse=True)
    together = np.zeros(len(index), dtype=np.intp)
    np.bitwise_or.at(together, inverse, kind_bits)
    return Candidates(first[index], last[index], head[index], together)


def with_a_clause(words: ArticleWords, some: Candidates) -> Flags:
    """Tell which candidates are clauses or hold one: the noun phrases that carry most premises."""
    carries = (words.has_pos("VERB") | _helped(words)) & ~words.has_label("amod", "compound", "case")
    total = np.concatenate(([0], carries.cumsum()))
    return some.is_clause | (total[some.last + 1] > total[some.first])


def _helped(words: ArticleWords) -> Flags:
    return words.heads_of(words.has_label("cop", "nsubj", "nsubj:pass", "aux", "aux:pass"))


_Stretches = list[tuple[Ints, Ints, Flags]]


def _clauses(words: ArticleWords) -> _Stretches:
    carries = (words.has_pos("VERB") | _helped(words)) & words.has_label(*_CARRIES)
    first, last = words.first.copy(), words.last.copy()
    _cut(words, first, last, words.has_label("cc", "mark", "discourse"), after=False)
    # The comma before "which" hangs on the clause.
    first = np.minimum(first + ~words.is_word[np.minimum(first, words.n - 1)], words.n - 1)
    relative = words.has_tag("WDT", "WP") | words.known("that")
    opens = carries & words.has_label("acl:relcl") & relative[np.minimum(first, words.n - 1)]
    first += opens
    found: _Stretches = [(first, last, carries)]
    first, last = first.copy(), last.copy()
    _cut(words, first, last, words.has_label("conj", "parataxis"), before=False)
    found.append((first, last, carries))
    first, last = first.copy(), last.copy()
    _cut(words, first, last, words.has_label("advcl") & _fenced(words), before=False)
    found.append((first, last, carries))
    found.append((first, last, opens))
    subject = np.full(words.n, words.n)
    chosen = words.has_label("nsubj", "nsubj:pass", "expl", "csubj")[words.kids]
    np.minimum.at(subject, words.parents[chosen], words.first[words.kids[chosen]])
    helping = words.has_label("aux", "aux:pass", "cop")[words.kids] & (words.kids < words.parents)
    begin = np.arange(words.n)
    np.minimum.at(begin, words.parents[helping], words.kids[helping])
    begin = np.where(subject < words.n, np.minimum(subject, begin), begin)
    found.append((np.maximum(begin, first), last, carries))
    return found


def _phrases(words: ArticleWords) -> _Stretches:
    named = words.has_pos("NOUN", "PROPN", "NUM", "PRON", "ADJ") | (words.has_tag("VBG") & ~_helped(words))
    first, last = words.first.copy(), words.last.copy()
    _cut(words, first, last, words.has_label("case", "cc", "mark"))
    _cut(words, first, last, words.has_label(*_OF_CLAUSES) & ~words.has_tag("VBG")[words.head])
    found: _Stretches = [(first, last, named)]
    first, last = first.copy(), last.copy()
    _cut(words, first, last, words.has_label("conj"), before=False)
    found.append((first, last, named))
    added = words.has_label("acl", "acl:relcl", "appos")
    for cut in (added & _fenced(words), added):
        first, last = first.copy(), last.copy()
        _cut(words, first, last, cut, before=False)
        found.append((first, last, named))
    found.append((first, np.arange(words.n), named))
    whole = words.first, words.last, words.has_label("appos")
    return [*found, whole]


def _fenced(words: ArticleWords) -> Flags:
    """Tell which words head a subtree behind a comma; the comma may hang on it."""
    comma = words.known("fences")
    if not words.n:
        return comma
    return comma[words.first] | comma[np.maximum(words.first - 1, 0)]


def _cut(
    words: ArticleWords, first: Ints, last: Ints, mask: Flags, *, before: bool = True, after: bool = True
) -> None:
    """Leave the subtrees of dependents out, and what lies beyond them, in place."""
    chosen = mask[words.kids]
    kids, parents = words.kids[chosen], words.parents[chosen]
    early = kids < parents
    if before:
        np.maximum.at(first, parents[early], words.last[kids[early]] + 1)
    if after:
        np.minimum.at(last, parents[~early], words.first[kids[~early]] - 1)


def _trimmed(words: ArticleWords, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Move the ends inwards to words; a conjunction is no beginning."""
    places = np.arange(words.n)
    begins = np.where(words.is_word & ~words.has_tag("CC"), places, words.n)
    ends = np.where(words.is_word, places, -1)
    onwards = np.minimum.accumulate(begins[::-1])[::-1]
    backwards = np.maximum.accumulate(ends)
    inside = (first < words.n) & (last >= 0)
    first = np.where(inside, onwards[np.clip(first, 0, max(words.n - 1, 0))], words.n)
    last = np.where(inside, backwards[np.clip(last, 0, max(words.n - 1, 0))], -1)
    return first, last
