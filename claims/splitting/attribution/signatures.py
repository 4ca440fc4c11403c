"""Whose name stands below a quotation, a letter or a post, with no verb of saying at all?

``“We won.” – Ada Lund, captain``; a paragraph in the first person that ends in a bare name; letters and posts, each
with the name or the handle of its writer on a line of its own. A line is a signature only if it is nothing but a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.language.block_lines import BlockKind
from claims.language.blocks import Block
from claims.language.document import Reading, Sentence
from claims.language.quotes import Quote, QuoteKind
from claims.language.spans import Span
from claims.splitting.attribution.results import LABEL, Attributed, Complement, CueClass, FrameWording
from claims.splitting.word_lists import word_lists

_DASHED = re.compile(
    r"\s{0,3}(?P<line>(?P<dash>[-–—]{1,2})[ \t]*(?P<who>@\w{2,30}(?:@[\w.-]{3,60})?|[^\W\d_][^,(\n–—]{1,60}?)"
    r"(?:\s*[,(][^\n]{0,120})?\.?)[ \t]*(?=\n|\Z)"
)
# A name with what its bearer is, on the line below a quotation that is a line of its own.
_BELOW = re.compile(
    r"[ \t]*\n[ \t]*(?P<line>(?P<dash>)(?P<who>[^\W\d_][^,(\n–—.:;!?]{2,40}?)(?:,[ ][^\n.:;!?]{2,60}))[ \t]*(?=\n|\Z)"
)
_NAME = re.compile(
    r"(?P<who>@\w{2,30}(?:@[\w.-]{3,60})?|[^\W\d_][^\n,(:;!?]{2,50}?)(?:,\s[^\n]{0,60})?\.?\s*\Z"
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|my|our|me|us)\b")
_MOST_WORDS = 6
_FEW = 3
_LETTERS = 3
_POSTS = 2
_LONGEST_LETTER = 6


@dataclass(frozen=True, slots=True)
class Signature:
    """A name, what it signs, the mark or the place before it, and the whole line of the signature."""

    who: Span
    mark: Span
    line: Span
    content: tuple[Span, ...]


def signed_quotations(reading: Reading) -> dict[int, Signature]:
    """Return the signatures behind quotations, by the id of the quotation."""
    found: dict[int, Signature] = {}
    for quote in reading.quotes:
        short = quote.kind is not QuoteKind.FULL and reading.view.count(" ", quote.start, quote.end) < _FEW
        if quote.depth or short or not quote.closed:
            continue
        match = _DASHED.match(reading.view, quote.end) or _below(reading, quote)
        if match is not None and is_name(match["who"]):
            chain = tuple(Span(part.inner_start, part.inner_end) for part in _chain(reading, quote))
            found[quote.id] = Signature(
                Span(*match.span("who")), Span(*match.span("dash")), Span(*match.span("line")), chain
            )
    return found


def _below(reading: Reading, quote: Quote) -> re.Match[str] | None:
    """Return the name on the line below a quotation that is all of its line."""
    if quote.start > 0 and reading.view[quote.start - 1] != "\n":
        return None
    match = _BELOW.match(reading.view, quote.end)
    return match if match is not None and is_name(match["who"]) else None


def _chain(reading: Reading, quote: Quote) -> list[Quote]:
    """Return a quotation with those it goes on from, in order."""
    by_id = {one.id: one for one in reading.quotes}
    parts = [quote]
    while parts[0].continued_from is not None and len(parts) < _LONGEST_LETTER:
        parts.insert(0, by_id[parts[0].continued_from])
    return parts


def signed_paragraphs(reading: Reading) -> Iterator[Signature]:
    """Yield the signatures below letters, posts and set-apart paragraphs."""
    yield from _letters(reading)
    by_block: dict[int, list[Sentence]] = {}
    for sentence in reading.sentences:
        by_block.setdefault(sentence.block, []).append(sentence)
    for sentences in by_block.values():
        last = sentences[-1]
        text = reading.view[last.start : last.end]
        words = text.split()
        if len(sentences) < 2 or not 2 <= len(words) <= _MOST_WORDS or text.rstrip()[-1:] in ".!?":
            continue
        before = Span(sentences[0].start, sentences[-2].end)
        own_words = _FIRST_PERSON.search(reading.view, before.start, before.end)
        if own_words and is_name(text) and all(place < 0 for one in sentences for place in one.quoted):
            who = Span(last.start, last.start + len(text.rstrip()))
            yield Signature(who, Span(before.end, before.end), who, (before,))


def _letters(reading: Reading) -> Iterator[Signature]:
    blocks = reading.layout.blocks
    lines = {at: who for at, block in enumerate(blocks) if (who := _signature(reading, block)) is not None}
    handles = sum(reading.view[who.start] == "@" for who in lines.values())
    prose = [at for at, block in enumerate(blocks) if at not in lines and block.kind is BlockKind.PARAGRAPH]
    if (len(lines) < _LETTERS and handles < _POSTS) or not prose or max(lines) < prose[-1]:
        return
    for at, who in lines.items():
        first = at
        while first > 0 and at - first < _LONGEST_LETTER and blocks[first - 1].kind is BlockKind.PARAGRAPH:
            if first - 1 in lines:
                break
            first -= 1
        # What opens a section is the editor's: "We asked our readers …".
        if first < at - 1 and first - 1 not in lines:
            first += 1
        if first < at:
            spans = tuple(Span(block.start, block.end) for block in blocks[first:at])
            yield Signature(who, Span(spans[-1].end, spans[-1].end), who, spans)


def _signature(reading: Reading, block: Block) -> Span | None:
    if block.kind is not BlockKind.PARAGRAPH or block.end - block.start > 60:
        return None
    match = _NAME.match(reading.view[: block.end], block.start)
    return Span(*match.span("who")) if match is not None and is_name(match["who"]) else None


def is_name(text: str) -> bool:
    """Tell a text that is nothing but a name: capitals and what leads one ("von der"), or a handle."""
    words = text.strip().split()
    if len(words) == 1 and words[0].startswith("@"):
        return True
    lists = word_lists("name_words_en.txt")
    small = lists["particle"] | {"of", "the"}
    return (
        2 <= len(words) <= _MOST_WORDS
        and all(word[:1].isupper() or word in small for word in words)
        and words[0].lower() not in lists["function"] | lists["calendar"]
        and words[-1][:1].isupper()
    )


def row_of(reading: Reading, signature: Signature) -> Attributed:
    """Return the frame of a signature: the name is the source, what it signs the content."""
    first = next((one.index for one in reading.sentences if one.end > signature.content[0].start), 0)
    return Attributed(
        sentence=first,
        cue=signature.mark,
        lemma=LABEL,
        cue_class=CueClass.SPEECH,
        wording=FrameWording.QUOTED,
        complement=Complement.CONTEXT,
        frames=(signature.line,),
        source=signature.who,
        content=signature.content,
        unit=signature.content,
        rules=("signature",),
    )
