"""What do the rules of splitting read? Sentences with words, tags, trees and quotations.

A :class:`Reading` is made once per article and shared by attribution, clauses and dates. It carries no
judgement. Only English is tagged and parsed; in other languages the trees hold words without tags.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from claims.language.asides import core
from claims.language.blocks import Block, Layout
from claims.language.normalise import MAX_SENTENCE
from claims.language.parser import Tree, parse
from claims.language.quotes import Quote, quotes
from claims.language.sentences import sentences
from claims.language.tag_repair import names_of, repair
from claims.language.tokens import Token, tokenize

# Two single marks for a double one, as news archives write them: opening after a space, closing elsewhere.
_PAIRED_OPEN = re.compile(r"(?<![^\s(\[—-])''(?=[^\s'])")
_PAIRED_CLOSE = re.compile(r"(?<=[^\s'])''(?!')")

PARSED = frozenset({"en"})

_start, _end = attrgetter("start"), attrgetter("end")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of one block.

    ``tree`` covers all tokens, quotations included; its lists are parallel to ``tokens``. ``quoted[i]`` is
    the id of the outermost quotation that token i stands in (its marks included), -1 outside. ``low`` are the words in
    small letters, ``starts`` where each begins.
    """

    index: int
    block: int
    start: int
    end: int
    tokens: Sequence[Token]
    tree: Tree
    quoted: Sequence[int]
    low: tuple[str, ...] = field(init=False, repr=False, compare=False)
    starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read off the tokens what hundreds of rules ask for."""
        put = object.__setattr__
        own = len(self.tree.words) == len(self.tokens)
        put(self, "low", self.tree.low if own else tuple([token.norm.lower() for token in self.tokens]))
        put(self, "starts", [token.start for token in self.tokens])


@dataclass(frozen=True, slots=True)
class Reading:
    """An article read: its layout, quotations and sentences, in order."""

    layout: Layout
    quotes: tuple[Quote, ...]
    sentences: tuple[Sentence, ...]
    language: str = "en"

    @property
    def view(self) -> str:
        """The text as rules see it: equal length, folded quotation marks."""
        return self.layout.view

    def block_of(self, sentence: Sentence) -> Block:
        """Return the block a sentence stands in."""
        return self.layout.blocks[sentence.block]


def view_of(layout: Layout) -> str:
    """Return the text as rules see it, of equal length: that of the layout with double quotation marks."""
    if "''" not in layout.view:
        return layout.view
    return _PAIRED_CLOSE.sub('" ', _PAIRED_OPEN.sub(' "', layout.view))


def read(layout: Layout, *, language: str = "en", headings: bool = False) -> Reading:
    """Read a layout: the blocks to be read for claims, and with ``headings`` all blocks.

    Sentences beyond ``MAX_SENTENCE`` characters are left out: nobody wrote them as sentences.
    """
    view = view_of(layout)
    layout = replace(layout, view=view)
    read_blocks = [(at, block) for at, block in enumerate(layout.blocks) if block.read or headings]
    found = quotes(view, [(block.body, block.end) for _, block in read_blocks])
    spans: list[tuple[int, int, int, list[Token]]] = []
    for at, block in read_blocks:
        for whole in sentences(view, block.body, block.end, language=language):
            start, end = core(view, whole.start, whole.end) if language == "en" else whole
            if end - start <= MAX_SENTENCE:
                spans.append((at, start, end, tokenize(view, start, end)))
    words = [[token.norm for token in tokens] for _, _, _, tokens in spans]
    trees = _parsed(words) if language in PARSED else [_bare(tuple(row)) for row in words]
    outer = [quote for quote in found if quote.depth == 0]
    result: list[Sentence] = []
    first = 0
    for index, ((at, start, end, tokens), tree) in enumerate(zip(spans, trees, strict=True)):
        while first < len(outer) and outer[first].end <= start:
            first += 1
        quoted = [-1] * len(tokens)
        look = first
        while look < len(outer) and outer[look].start < end:
            quote = outer[look]
            # Only the tokens of the quotation: a sentence of nothing but marks would cost its square.
            first_token = bisect_right(tokens, quote.start, key=_end)
            for place in range(first_token, bisect_left(tokens, quote.end, key=_start)):
                quoted[place] = quote.id
            look += 1
        result.append(Sentence(index, at, start, end, tokens, tree, quoted))
    return Reading(layout, found, tuple(result), language)


def _parsed(words: list[list[str]]) -> list[Tree]:
    # A line that comes again and again is read once.
    once = list(dict.fromkeys(map(tuple, words)))
    trees = parse(once)
    names = names_of(trees)
    read = {key: repair(tree, names) for key, tree in zip(once, trees, strict=True)}
    return [read[tuple(row)] for row in words]


def _bare(words: tuple[str, ...]) -> Tree:
    blank = ("",) * len(words)
    return Tree(words, blank, blank, (-1,) * len(words), blank)
