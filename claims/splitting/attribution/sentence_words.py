"""A sentence as attribution rules walk it: forms, tags, tree, and what stands in quotation marks.

A :class:`Scope` is the stretch of a sentence on one level of quotation: the sentence itself, where quoted
words are hidden, or one quotation, where quotations inside it are. Rules never look at hidden words but as
content.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from claims.language.document import Sentence
from claims.language.parser import FINITE, NOUNS, Tree, dependents
from claims.splitting.word_lists import word_lists

NAMES = frozenset({"NNP", "NNPS"})
ADVERBS = frozenset({"RB", "RBR", "RBS"})
BE = frozenset({"be", "am", "is", "are", "was", "were", "been", "being", "'s", "'re", "'m", "s"})
GET = frozenset({"get", "gets", "got", "getting", "gotten"})
AUXILIARIES = (
    BE
    | GET
    | frozenset(
        {"have", "has", "had", "having", "'ve", "do", "does", "did", "'d", "'ll", "will", "would", "wo"}
    )
    | frozenset({"can", "could", "may", "might", "must", "shall", "should", "ca", "ai"})
)
NEGATIONS = frozenset({"not", "n't", "never", "neither", "nor", "no", "hardly", "nobody", "none"})
QUOTE_MARKS = frozenset({'"', "''", "``", "“", "”", "«", "»", "„"})
STOPS = (
    frozenset({",", ".", ";", ":", "!", "?", "—", "--", "...", "…", "(", ")", "[", "]", "-"}) | QUOTE_MARKS
)
RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})


_BODIES_LIKE_WORDS = frozenset({"WHO", "US", "IT", "ME", "AM"})
_MISTAGGED_NAMES = frozenset({"RB", "RBR", "JJR", "VB", "VBP", "UH", "FW"})
_MAYBE_NAMES = _MISTAGGED_NAMES | {"MD", "IN"}
_PREPOSITIONS = word_lists("closed_words_en.txt")["prepositions"]
_SENTENCE_ADVERBS = word_lists("closed_words_en.txt")["adverbs"]


def _alone(tags: tuple[str, ...], at: int) -> bool:
    """Tell whether the first word of a sentence stands directly before a finite verb or a name."""
    after = at + 1
    if after < len(tags) and tags[after] in NAMES and tags[at] in ("FW", "UH", "IN", "MD"):
        return True
    while after < len(tags) and tags[after] in ADVERBS:
        after += 1
    return after < len(tags) and tags[after] in ("VBD", "VBZ")


def _before_time(low: list[str], tags: tuple[str, ...], at: int) -> bool:
    """Tell a name before a time and a verb: "Holt this morning warned", "Lund on Friday said"."""
    after = at + 1
    if low[after : after + 1] not in (["this"], ["last"], ["on"], ["late"], ["earlier"]):
        return False
    return any(tag in ("VBD", "VBZ") for tag in tags[after + 2 : after + 4])


@dataclass(slots=True)
class SentenceWords:
    """The words of one sentence in parallel lists; ``kids`` are the dependents of each word, in order."""

    sentence: Sentence
    low: list[str]
    xpos: tuple[str, ...]
    upos: tuple[str, ...]
    heads: tuple[int, ...]
    labels: tuple[str, ...]
    _kids: list[list[int]] | None = field(default=None)
    _edges: dict[int, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, sentence: Sentence, tree: Tree | None = None) -> SentenceWords:
        """Return the words of a sentence; ``tree`` replaces the sentence's own."""
        tree = tree or sentence.tree
        tokens = sentence.tokens
        low = list(sentence.low)
        xpos = tree.xpos
        bodies = (
            [at for at, word in enumerate(tree.words) if word in _BODIES_LIKE_WORDS]
            if not _BODIES_LIKE_WORDS.isdisjoint(tree.words)
            else ()
        )
        if bodies and not all(token.norm.isupper() or not token.norm[:1].isalpha() for token in tokens):
            # "The WHO said": no relative word, no pronoun.
            tags = list(xpos)
            for at in bodies:
                low[at], tags[at] = tokens[at].norm, "NNP"
            xpos = tuple(tags)
        # Names that the tagger took for another class: a capital inside a sentence is a name.
        wrong = [
            at
            for at, tag in enumerate(xpos)
            if tag in _MAYBE_NAMES
            and (
                tag in _MISTAGGED_NAMES
                or (tag == "MD" and low[at] not in AUXILIARIES)
                or (tag == "IN" and (at == 0 or xpos[at - 1] in NOUNS) and low[at] not in _PREPOSITIONS)
            )
            and low[at] not in _SENTENCE_ADVERBS
            and not low[at].endswith("ly")
            and tokens[at].norm[:1].isupper()
            and (
                (at > 0 and low[at - 1] not in QUOTE_MARKS) or _alone(xpos, at) or _before_time(low, xpos, at)
            )
        ]
        if wrong and not all(token.norm.isupper() or not token.norm[:1].isalpha() for token in tokens):
            tags = list(xpos)
            for at in wrong:
                tags[at] = "NNP"
            xpos = tuple(tags)
        return cls(sentence, low, xpos, tree.upos, tree.heads, tree.labels)

    def __len__(self) -> int:
        return len(self.low)

    @property
    def kids(self) -> list[list[int]]:
        """The dependents of each word."""
        if self._kids is None:
            tree = self.sentence.tree
            self._kids = tree.kids if self.heads is tree.heads else dependents(self.heads)
        return self._kids

    def edges(self, index: int, without: int = -1) -> tuple[int, int]:
        """Return the first and last word of the subtree of a word, leaving out the subtree of ``without``."""
        if without < 0 and index in self._edges:
            return self._edges[index]
        left = right = index
        seen = {index}
        stack = [index]
        kids = self.kids
        while stack:
            at = stack.pop()
            for kid in kids[at]:
                if kid == without or kid in seen:
                    continue
                seen.add(kid)
                stack.append(kid)
                if kid < left:
                    left = kid
                elif kid > right:
                    right = kid
        if without < 0:
            self._edges[index] = (left, right)
        return left, right

    def child(self, index: int, *labels: str) -> int:
        """Return the first dependent with one of the labels, -1 without one."""
        for kid in self.kids[index]:
            if self.labels[kid] in labels:
                return kid
        return -1

    def finite_between(self, start: int, end: int) -> bool:
        """Tell whether a finite verb stands in ``start:end``."""
        return any(self.xpos[at] in FINITE for at in range(start, end))


@dataclass(slots=True)
class WordScope:
    """Words ``start:end`` of a sentence on one level of quotation; ``hidden[i]`` the id of a deeper one."""

    words: SentenceWords
    start: int
    end: int
    hidden: list[int]
    quote: int | None = None

    def open(self, index: int) -> bool:
        """Tell whether a word is on this level."""
        return self.start <= index < self.end and self.hidden[index] < 0
