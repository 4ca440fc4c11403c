"""What of a text yields no claim, and why: blocks that say nothing, questions, commands, endless sentences?

An editor sees this list beside the claims, so that nothing disappears silently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from claims.language.block_lines import BlockKind, is_signed
from claims.language.document import Reading, Sentence
from claims.language.normalise import MAX_SENTENCE, MAX_TEXT
from claims.language.parser import FINITE
from claims.splitting.types import LeftOut, Unit

QUESTION = "question"
COMMAND = "command"
HEADING = "heading or label"
LONG = f"no sentence: more than {MAX_SENTENCE:,} characters"
NOTHING_ASSERTED = "asserts nothing by itself"


# In a text with so many finished paragraphs a short line without a final mark is a heading, a name or a menu.
_PROSE = 3
_LONGEST_LABEL = 20
_CLOSERS = "\"')]’”» *_"


def unread(reading: Reading) -> dict[int, str]:
    """Return the sentences that cannot hold a claim, by index, with the reason."""
    found: dict[int, str] = {}
    labels = _labels(reading)
    for sentence in reading.sentences:
        why = HEADING if sentence.block in labels else _why(reading, sentence)
        if why:
            found[sentence.index] = why
    return found


def _labels(reading: Reading) -> set[int]:
    """Return the blocks that stand among finished paragraphs and are none: headings, names under letters, credits."""
    open_ended: list[int] = []
    finished = 0
    for at, block in enumerate(reading.layout.blocks):
        if not block.read:
            continue
        words = reading.view[block.body : block.end].rstrip(_CLOSERS)
        if words[-1:] in tuple(".!?…:;,。！？") or is_signed(words[-400:]):
            finished += 1
            continue
        label = block.kind is BlockKind.PARAGRAPH or (block.kind is BlockKind.TURN and not finished)
        if label and len(words.split(None, _LONGEST_LABEL)) <= _LONGEST_LABEL:
            open_ended.append(at)
    return set(open_ended) if finished >= _PROSE and finished >= len(open_ended) else set()


def _why(reading: Reading, sentence: Sentence) -> str:
    words = sentence.tree.words
    at = len(words) - 1
    while at >= 0 and words[at] in ('"', "'", ")", "]", "”", "’"):
        at -= 1
    if at >= 0 and words[at][-1] in "?？؟":
        # A frame behind the question mark is still a frame of a question.
        return QUESTION
    if not any(map(str.isalpha, "".join(words))):
        return NOTHING_ASSERTED
    tags = sentence.tree.xpos
    first = next((at for at, word in enumerate(words) if word[0].isalnum()), -1)
    outside = max(sentence.quoted, default=-1) < 0
    if first >= 0 and outside and is_command(words[first:], tags[first:]):
        return COMMAND
    return ""


def is_command(words: Sequence[str], tags: Sequence[str]) -> bool:
    """Tell an order or a request: it begins with a bare verb, perhaps behind "please" or "do not"."""
    at = 0
    while at < len(words) and words[at].lower() in (
        "please",
        "do",
        "not",
        "n't",
        "never",
        "just",
        "always",
        ",",
    ):
        at += 1
    if at >= len(words):
        return False
    if words[at].lower() == "let" and at + 1 < len(words) and words[at + 1].lower() in ("us", "me", "'s"):
        return True
    if tags[at] != "VB" or (at and words[0].lower() == "do" and at == 1):
        return False
    # "Mind you, the river flooded": who is addressed is told something.
    comma = next((k for k in range(at + 1, min(at + 4, len(words))) if words[k] == ","), None)
    told = tags[comma + 1 :] if comma is not None else tags[at + 1 : at + 4]
    return not any(tag in FINITE for tag in told)


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
