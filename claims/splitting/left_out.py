"""What of a text yields no claim, and why: blocks that say nothing, questions, commands, endless sentences?

An editor sees this list beside the claims, so that nothing disappears silently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from claims.splitting.reading import Reading, Sentence
from claims.splitting.types import LeftOut, Unit
from claims.text.normalise import MAX_SENTENCE, MAX_TEXT

QUESTION = "question"
COMMAND = "command"
LONG = f"no sentence: more than {MAX_SENTENCE:,} characters"
NOTHING_ASSERTED = "asserts nothing by itself"
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


def unread(reading: Reading) -> dict[int, str]:
    """Return the sentences that cannot hold a claim, by index, with the reason."""
    found: dict[int, str] = {}
    for sentence in reading.sentences:
        why = _why(reading, sentence)
        if why:
            found[sentence.index] = why
    return found


def _why(reading: Reading, sentence: Sentence) -> str:
    words = [token.norm for token in sentence.tokens]
    at = len(words) - 1
    while at >= 0 and words[at] in ('"', "'", ")", "]", "”", "’"):
        at -= 1
    if at >= 0 and words[at][-1:] == "?":
        # A frame behind the question mark is still a frame of a question.
        return QUESTION
    if not any(char.isalpha() for word in words for char in word):
        return NOTHING_ASSERTED
    tags = sentence.tree.xpos
    first = next((at for at, word in enumerate(words) if word[0].isalnum()), -1)
    if first >= 0 and tags[first] == "VB" and sentence.tree.heads[first] < 0:
        if not any(tag in _FINITE for tag in tags):
            return COMMAND
    return ""


def left_out(
    reading: Reading, units: Sequence[Unit], asked: Mapping[int, str], characters: int
) -> tuple[LeftOut, ...]:
    """Return what yields no unit, in order."""
    found: list[LeftOut] = []
    for block in reading.layout.blocks:
        if block.why:
            found.append(LeftOut(block.start, block.end, block.why))
        elif block.dateline is not None and block.body > block.start:
            found.append(LeftOut(block.dateline.start, block.dateline.end, "dateline"))
    covered = {unit.sentence for unit in units}
    ends: dict[int, int] = {at: block.body for at, block in enumerate(reading.layout.blocks) if block.read}
    for sentence in reading.sentences:
        gap = reading.view[ends[sentence.block] : sentence.start]
        if len(gap) > MAX_SENTENCE:
            found.append(LeftOut(ends[sentence.block], sentence.start, LONG))
        ends[sentence.block] = sentence.end
        if sentence.index in asked:
            found.append(LeftOut(sentence.start, sentence.end, asked[sentence.index]))
        elif (sentence.start, sentence.end) not in covered:
            found.append(LeftOut(sentence.start, sentence.end, NOTHING_ASSERTED))
    for at, end in ends.items():
        block = reading.layout.blocks[at]
        if len(reading.view[end : block.end].strip()) > MAX_SENTENCE:
            found.append(LeftOut(end, block.end, LONG))
    if characters > MAX_TEXT:
        found.append(LeftOut(MAX_TEXT, characters, f"beyond the limit of {MAX_TEXT:,} characters"))
    found.sort(key=lambda row: (row.start, row.end))
    return tuple(found)
