"""Which clauses and sentences without a frame go on with what was said before them?

"The road was blocked, police said. Nobody was hurt." News puts the frame behind the first sentence and lets it hold
for the paragraph. Only bodies and governments are followed, only while the paragraph lasts, and every unit so given
to a speaker is flagged for a person. A person's speech is never carried on into another sentence: what follows is as
often the writer's. Inside one sentence it is: "the road was blocked, Lund said, and nobody was hurt".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from claims.language.document import Reading, Sentence
from claims.splitting.attribution.results import Attributed, CueClass, FrameWording
from claims.splitting.claimants.named import NamedClaimant
from claims.splitting.clauses.assertions import ClauseKind
from claims.splitting.types import ClaimantKind
from claims.splitting.units import UnitDraft

_BODIES = frozenset({ClaimantKind.ORGANISATION, ClaimantKind.GOVERNMENT})
_PERSONS = frozenset({"he", "she", "i", "we", "you", "his", "her", "this", "that"})
_JOINED = frozenset({ClauseKind.COORDINATE.value, ClauseKind.CONTRAST.value})
_JOINTS = frozenset({"and", "but", "while", ";", "although", "though"})
#: Between a frame and the clause that goes on stand no more words than those of a time or a place.
_LONGEST_ADJUNCT = 7
FLAG = "possibly-continued"


def continued(
    reading: Reading, rows: Sequence[Attributed], people: Sequence[NamedClaimant], found: Sequence[UnitDraft]
) -> list[UnitDraft]:
    """Return the drafts, those of a continued speech given to its frame."""
    ends: dict[int, int] = {}
    framed: set[int] = set()
    for index, row in enumerate(rows):
        if row.cue_class is not CueClass.SPEECH or row.quote is not None:
            continue
        framed.add(row.sentence)
        if people[index].kind in _BODIES and _trails(reading, row):
            ends[row.sentence] = index
    carried: dict[int, int] = {}
    for before, sentence in zip(reading.sentences, reading.sentences[1:], strict=False):
        index = carried.get(before.index, ends.get(before.index, -1))
        if index < 0 or sentence.block != before.block or sentence.index in framed:
            continue
        if any(place >= 0 for place in sentence.quoted) or _turns_away(sentence, people[index]):
            continue
        carried[sentence.index] = index
    behind = _frames_behind(rows, people)
    result: list[UnitDraft] = []
    for draft in found:
        if draft.row is not None or draft.premise is not None:
            result.append(draft)
        elif draft.sentence in carried:
            result.append(_given(draft, carried[draft.sentence], FLAG))
        else:
            joined = _joined(reading, rows, behind.get(draft.sentence, ()), draft)
            result.append(draft if joined is None else _given(draft, joined))
    return result


def _given(draft: UnitDraft, row: int, *flags: str) -> UnitDraft:
    return replace(draft, row=row, rules=(*draft.rules, "continued speech"), flags=(*draft.flags, *flags))


def _frames_behind(rows: Sequence[Attributed], people: Sequence[NamedClaimant]) -> dict[int, list[int]]:
    """Return the frames of somebody that stand behind their content, by sentence."""
    found: dict[int, list[int]] = {}
    for index, row in enumerate(rows):
        told = (
            row.cue_class is CueClass.SPEECH and row.quote is None and row.wording is not FrameWording.QUOTED
        )
        if told and people[index].name and row.frames and row.content[0].start < row.frames[0].start:
            found.setdefault(row.sentence, []).append(index)
    return found


def _joined(
    reading: Reading, rows: Sequence[Attributed], behind: Sequence[int], draft: UnitDraft
) -> int | None:
    """Return the frame that a clause right behind it is joined to: "…, Lund said, and nobody was hurt".

    The clause has a subject of its own, which is not the speaker: "…, Lund said, but she gave no date" is told of her.
    """
    if draft.kind not in _JOINED or "coordinate-elided" in draft.rules:
        return None
    sentence = reading.sentences[draft.sentence]
    begins = bisect_left(sentence.starts, draft.start)
    if begins < len(sentence.low) and sentence.low[begins] in _PERSONS:
        return None
    for index in behind:
        between = sentence.low[bisect_left(sentence.starts, rows[index].frames[-1].end) : begins]
        if between and len(between) <= _LONGEST_ADJUNCT and between[-1] in _JOINTS:
            return index
    return None


def _trails(reading: Reading, row: Attributed) -> bool:
    """Tell whether the frame stands behind its content and ends the sentence, but for a time or a place."""
    sentence = reading.sentences[row.sentence]
    behind = bool(row.frames) and row.content[0].start < row.frames[0].start
    rest = [token.norm for token in sentence.tokens if token.start >= row.frames[-1].end] if behind else []
    return behind and len(rest) <= 8 and all(span.end <= row.frames[0].start + 1 for span in row.content)


def _turns_away(sentence: Sentence, claimant: NamedClaimant) -> bool:
    """Tell a sentence about the speaker, or about a person spoken of: that is the writer's."""
    first = sentence.low[:4]
    names = {word.lower() for word in claimant.name.split()[-1:]}
    return not first or first[0] in _PERSONS or not names.isdisjoint(first)
