"""Which verbs carry the clauses of a sentence, with which subjects, and what opens each clause?

A :class:`Line` is the visible part of one sentence (a content span without the frames inside it). Tags
decide what is
a finite verb, the tree whose subject stands where; both err, so each is used where it is the better of the
two.
Nothing here decides what a claim unit is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path

from claims.language.news_verbs import finite_forms
from claims.language.parser import FINITE, NOUNS, Tree, dependents
from claims.language.spans import Span
from claims.language.tokens import Token

DATA = Path(__file__).parent.parent / "data"

VERBAL = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "MD"})
NOMINAL = NOUNS | {"PRP", "DT", "CD", "EX", "WP", "WDT", "$"}
ADVERBS = frozenset({"RB", "RBR", "RBS"})
BE = frozenset({"be", "am", "is", "are", "was", "were", "been", "being", "'s", "'re", "'m", "ai"})
HAVE = frozenset({"have", "has", "had", "having", "'ve", "'d", "'s"})
DO = frozenset({"do", "does", "did"})
AUXILIARY = BE | HAVE | DO | {"get", "gets", "got"}
QUOTES = frozenset({'"', "``", "''", "“", "”", "«", "»", "„"})
DASHES = frozenset({"-", "--", "–", "—"})
# Tags that ``Line._is_finite`` can take for a finite verb whatever the word is.
_TENSED = FINITE | {"VBN", "VB"}
_MARKS = QUOTES | DASHES
_start, _end = attrgetter("start"), attrgetter("end")
SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass", "expl"})


@cache
def listed(name: str) -> frozenset[str]:
    """Return the entries of a shipped word list, one a line, ``#`` begins a comment."""
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def phrases(name: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the entries of a word list by their last word, longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for entry in listed(name):
        words = tuple(entry.split())
        found.setdefault(words[-1], []).append(words)
    return {last: tuple(sorted(rows, key=len, reverse=True)) for last, rows in found.items()}


@dataclass(slots=True)
class Verb:
    """One finite verb group of a line; places are indexes of the line.

    ``first``/``last`` bound the group, ``finite`` is its tensed word, ``head`` the predicate in the tree (the
    adjective after a copula). ``subject`` is the left edge of the subject, -1 without one of its own.
    """

    first: int
    finite: int
    last: int
    head: int
    subject: int


class ClauseLine:
    """The visible words of one sentence in parallel lists, heads counted within the line (-1 outside)."""

    def __init__(
        self, text: str, tokens: Sequence[Token], tree: Tree, content: Span, frames: Sequence[Span] = ()
    ) -> None:
        """Take the tokens inside ``content`` and outside ``frames``."""
        first = bisect_left(tokens, content.start, key=_start)
        last = bisect_right(tokens, content.end, key=_end)
        self.text = text
        self._kids: list[list[int]] | None = None
        if frames:
            keep = [
                i
                for i in range(first, last)
                if not any(frame.start <= tokens[i].start < frame.end for frame in frames)
            ]
            place = {i: k for k, i in enumerate(keep)}
            self.tokens = [tokens[i] for i in keep]
            self.low = [tree.low[i] for i in keep]
            self.tag = [tree.xpos[i] for i in keep]
            self.label = [tree.labels[i] for i in keep]
            self.head = [place.get(tree.heads[i], -1) for i in keep]
        else:
            # All words of one stretch: slices, and heads moved by its beginning.
            self.tokens = list(tokens[first:last])
            self.low = list(tree.low[first:last])
            self.tag = list(tree.xpos[first:last])
            self.label = list(tree.labels[first:last])
            if first or last < len(tokens):
                self.head = [head - first if first <= head < last else -1 for head in tree.heads[first:last]]
            else:
                self.head = list(tree.heads)
                self._kids = tree.kids
        self.dashes: list[int] = []
        self.marks: list[int] = []
        if not _MARKS.isdisjoint(self.low):
            self.dashes = [
                i for i, word in enumerate(self.low) if word in DASHES and self._looks_like_dash(i)
            ]
            self.marks = [i for i, word in enumerate(self.low) if word in QUOTES]
        self._is_dash = set(self.dashes)
        self._edges: tuple[list[int], list[int]] | None = None

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def kids(self) -> list[list[int]]:
        """The dependents of each word, in order."""
        if self._kids is None:
            self._kids = dependents(self.head)
        return self._kids

    @property
    def edges(self) -> tuple[list[int], list[int]]:
        """The first and the last word of the subtree of each word."""
        if self._edges is None:
            n = len(self.tokens)
            left, right = list(range(n)), list(range(n))
            kids, heads = self.kids, self.head
            # Leaves first: each word is handled once all its dependents are.
            order = [i for i, head in enumerate(heads) if head < 0]
            for i in order:
                if kids[i]:
                    order += kids[i]
            order.reverse()
            for i in order:
                head = heads[i]
                if head >= 0:
                    if left[i] < left[head]:
                        left[head] = left[i]
                    if right[i] > right[head]:
                        right[head] = right[i]
            self._edges = left, right
        return self._edges

    def _left_edge(self, i: int) -> int:
        """Return the first word of the subtree of a word, where those of all words are not needed."""
        kids, left, todo = self.kids, i, [i]
        for at in todo:
            if kids[at]:
                left = min(left, kids[at][0])
                todo += kids[at]
        return left

    def is_dash(self, i: int) -> bool:
        """Tell a dash between phrases from a hyphen between parts of a word."""
        return i in self._is_dash

    def fences(self, start: int, end: int) -> list[int]:
        """Return the places of commas and dashes in ``start:end``."""
        if not self.dashes and "," not in self.low:
            return []
        return [k for k in range(start, end) if self.low[k] == "," or k in self._is_dash]

    def next_dash(self, start: int, end: int) -> int:
        """Return the place of the first dash in ``start:end``, ``end`` without one."""
        at = bisect_left(self.dashes, start)
        return min(self.dashes[at], end) if at < len(self.dashes) else end

    def _looks_like_dash(self, i: int) -> bool:
        if self.low[i] in ("--", "—"):
            return True
        if not self.text:
            # Counting words of denial needs no text, and no dash.
            return False
        token = self.tokens[i]
        before = token.start == 0 or self.text[token.start - 1].isspace()
        after = token.end >= len(self.text) or self.text[token.end].isspace()
        return before and after

    def is_comma(self, i: int) -> bool:
        """Tell whether a comma, a dash or a bracket stands here: what fences a loose phrase."""
        return self.low[i] in (",", "(", ")") or i in self._is_dash

    def ends_with(self, i: int, name: str) -> int:
        """Return where the entry of a list begins that ends at word i, -1 without one."""
        for words in phrases(name).get(self.low[i], ()):
            start = i - len(words) + 1
            if start >= 0 and tuple(self.low[start : i + 1]) == words:
                return start
        return -1

    def verbs(self) -> list[Verb]:
        """Return the finite verb groups in order."""
        found: list[Verb] = []
        forms = finite_forms()
        last = -1
        # Neither the tag nor the word can make most words a finite verb.
        can_be = [
            i
            for i, (tag, word) in enumerate(zip(self.tag, self.low, strict=True))
            if tag in _TENSED or word in forms
        ]
        for i in can_be:
            if i <= last or not self._is_finite(i):
                continue
            last = self._group_end(i)
            first = i
            while first > 0 and self.tag[first - 1] in ADVERBS and self.low[first - 1] not in ("not", "n't"):
                first -= 1
            head = self._predicate(i, last)
            found.append(Verb(first, i, last, head, self._subject(i, first, head)))
        return found

    def missed_verb(self, start: int, end: int) -> int:
        """Return a word that can be a finite verb after all, where tags leave a stretch without one; -1 if
        none."""
        forms = finite_forms()
        for i in range(max(start + 1, 1), end - 1):
            if self.low[i] not in forms or self.tag[i] in FINITE or self.label[i] in ("case", "mark"):
                continue
            before = i - 1
            while before > start and self.tag[before] in ADVERBS:
                before -= 1
            if self.low[before] in AUXILIARY or self.tag[before] == "MD" or self.low[before] == "to":
                continue
            after_phrase = self.tag[before] in NOUNS | {"PRP", "CD"} or self.low[before] in (
                ",",
                ")",
                '"',
                "”",
            )
            if after_phrase and self.tag[i + 1] not in ("POS",):
                return i
        return -1

    def _is_finite(self, i: int) -> bool:
        tag = self.tag[i]
        if tag in FINITE:
            if tag == "VBD" and self.label[i] in ("acl", "amod"):
                return False
            # "the United Nations-backed", "he was detained": a mis-tagged second part of a compound.
            return not (i > 0 and self.low[i - 1] == "-" and not self.is_dash(i - 1))
        if i and tag not in ("VBG", "TO") and self.low[i] in finite_forms():
            # "which cost 3 billion": behind its relative the verb cannot be a noun.
            before = i - 1
            while before and self.tag[before] in ADVERBS:
                before -= 1
            if self.low[before] in ("who", "which") and self.label[before] not in ("obl", "nmod"):
                return self.low[max(before - 1, 0)] == "," or tag in ("VBN", "VB")
        if tag not in ("VBN", "VB") or self.label[i] in ("acl", "amod", "xcomp", "compound"):
            return False
        # Tagger slips: a participle with a subject before it and no auxiliary, a base form that is none.
        kids = self.kids[i]
        if any(self.low[k] == "to" for k in kids):
            return False
        own = any(self.label[k] in ("nsubj", "nsubj:pass") and k < i for k in kids)
        if tag == "VB" and own and self.label[i] in ("root", "parataxis"):
            return True
        if tag == "VBN":
            noun = i > 0 and self.tag[i - 1] == "VBG" and self.label[i - 1].startswith("aux")
            return (own or noun) and self.label[i] in (
                "root",
                "conj",
                "acl:relcl",
                "parataxis",
                "ccomp",
                "advcl",
            )
        head = self.head[i]
        if self.label[i] != "conj" or head < 0 or self.low[i] not in finite_forms():
            return False
        return not any(self.tag[k] == "MD" or self.low[k] in DO | {"to"} for k in self.kids[head])

    def _group_end(self, i: int) -> int:
        """Return the last word of the group: auxiliaries, adverbs between them, the main verb."""
        last = i
        at = i
        size = len(self.tokens)
        while self.tag[at] == "MD" or self.low[at] in AUXILIARY:
            k = at + 1
            while k < size and (self.tag[k] in ADVERBS or self.low[k] in ("n't", "not", "also")):
                k += 1
            if k >= size:
                break
            tag = self.tag[k]
            if tag == "VBG" and self.low[at] not in BE:
                break
            # "has cut", "will cut": forms of some verbs are one word, and the tagger errs.
            slip = (self.tag[at] == "MD" and tag == "VBP") or (
                self.low[at] in HAVE | BE and tag == "VBD" and k == at + 1
            )
            if tag not in ("VB", "VBN", "VBG") and not slip:
                break
            last = at = k
        return last

    def _predicate(self, finite: int, last: int) -> int:
        for i in (last, finite):
            if self.label[i] in ("aux", "aux:pass", "cop") and self.head[i] >= 0:
                return self.head[i]
        return last

    def _subject(self, finite: int, first: int, head: int) -> int:
        """Return the left edge of the subject that stands before the verb, -1 without one."""
        labels, kids = self.label, self.kids
        before = [k for k in kids[head] if k < finite and labels[k] in SUBJECTS]
        if head != finite:
            before += [k for k in kids[finite] if k < finite and labels[k] in SUBJECTS]
        if not before:
            return -1
        first = min([self._left_edge(k) for k in before])
        # The parser hangs a comma or a conjunction before a subject on the subject.
        while 0 <= first < finite - 1 and (self.tag[first] == "CC" or self.low[first] in (",", ";")):
            first += 1
        return first
