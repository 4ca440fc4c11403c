"""Where does a capture's text fall into passages of 80 to 150 words, the unit of search?

Passages follow each other without overlap and cover every word; they end at a sentence, else at a line, else
between two words. Blocks (paragraphs) are kept whole where they fit. Offsets are exact code points of the
text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LEAST, GOAL, MOST = 80, 110, 150

_WORD = re.compile(r"\w+(?:[’'.,:-]\w+)*")
# Scripts without spaces: every ideograph or kana counts as half a word, as editors count them.
_DENSE = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿]")
# Possessive, and never begun inside a run of marks: ninety thousand full stops stay linear.
_SENTENCE_END = re.compile(r"(?:(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)|[。！？]++[」』”]?)\s*")
_BLOCK_END = re.compile(r"[^\S\n]*(?:\r?\n|[\f\v\u2028\u2029])\s*")


@dataclass(frozen=True, slots=True)
class Cut:
    """One passage: ``text == document[start:end]``, without outer white space."""

    start: int
    end: int
    words: int


def cut(text: str) -> list[Cut]:
    """Cut a text into passages; the last one of a short text may have fewer than 80 words."""
    passages: list[Cut] = []
    start, words = 0, 0
    for piece_start, piece_end, ends_block in _pieces(text):
        count = count_words(text[piece_start:piece_end])
        if words and words + count > MOST:
            passages += _close(text, start, piece_start, words)
            start, words = piece_start, 0
        words += count
        if words > MOST:
            # One sentence longer than a passage: cut between words.
            *whole, (start, _, words) = _hard(text, start, piece_end)
            for part_start, part_end, count in whole:
                passages += _close(text, part_start, part_end, count)
        elif words >= GOAL or (words >= LEAST and ends_block):
            passages += _close(text, start, piece_end, words)
            start, words = piece_end, 0
    if words:
        passages += _close(text, start, len(text), words)
    return _join_tail(text, passages)


def count_words(text: str) -> int:
    """Count words as passages count them."""
    dense = len(_DENSE.findall(text))
    if dense:
        text = _DENSE.sub(" ", text)
    return len(_WORD.findall(text)) + (dense + 1) // 2


def _pieces(text: str) -> list[tuple[int, int, bool]]:
    """Return sentence-like stretches that cover the text, and whether each ends its block."""
    cuts: dict[int, bool] = {}
    for match in _SENTENCE_END.finditer(text):
        cuts.setdefault(match.end(), "\n" in match[0])
    for match in _BLOCK_END.finditer(text):
        cuts[match.end()] = True
    cuts[len(text)] = True
    pieces, start = [], 0
    for end in sorted(cuts):
        if end > start:
            pieces.append((start, end, cuts[end]))
            start = end
    return pieces


def _hard(text: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """Return start, end and words of parts of at most GOAL words of one endless sentence."""
    parts: list[tuple[int, int, int]] = []
    begin, count = start, 0.0
    for match in re.finditer(rf"{_DENSE.pattern}|{_WORD.pattern}", text[start:end]):
        weight = 0.5 if _DENSE.match(match[0]) else 1.0
        if count + weight > GOAL:
            parts.append((begin, start + match.start(), round(count)))
            begin, count = start + match.start(), 0.0
        count += weight
    parts.append((begin, end, round(count)))
    return parts


def _close(text: str, start: int, end: int, words: int) -> list[Cut]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return [Cut(start, end, words)] if end > start else []


def _join_tail(text: str, passages: list[Cut]) -> list[Cut]:
    """Give a short last passage to the one before it where both fit, else share their sentences evenly."""
    if len(passages) < 2 or passages[-1].words >= LEAST:
        return passages
    before, last = passages[-2], passages[-1]
    if before.words + last.words <= MOST:
        return [*passages[:-2], Cut(before.start, last.end, before.words + last.words)]
    half, best = (before.words + last.words) // 2, None
    for piece_start, _, _ in _pieces(text[before.start : last.end]):
        words = count_words(text[before.start : before.start + piece_start])
        if best is None or abs(words - half) < abs(best[1] - half):
            best = (before.start + piece_start, words)
    if best is None or not 0 < best[1] < before.words + last.words:
        return passages
    first = _close(text, before.start, best[0], best[1])
    second = _close(text, best[0], last.end, before.words + last.words - best[1])
    return [*passages[:-2], *first, *second]
