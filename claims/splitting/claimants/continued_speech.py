"""Which clauses and sentences without a frame go on with what was said before them?

"The road was blocked, police said. Nobody was hurt." News puts the frame behind the first sentence and lets it hold
for the paragraph, behind a first paragraph of one sentence also for the next. Only bodies and governments are followed
so. A person's speech is carried on only where the tense says so, right behind it: "He had lost his job", "The plant
would close". Every unit so given to a speaker is flagged for a person. Inside one sentence anybody's is: "the road was
blocked, Lund said, and nobody was hurt".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from claims.language.document import Reading, Sentence
from claims.language.parser import FINITE
from claims.splitting.attribution.results import Attributed, CueClass, FrameWording
from claims.splitting.claimants.named import NamedClaimant
from claims.splitting.claimants.speakers import NOBODY
from claims.splitting.clauses.assertions import ClauseKind
from claims.splitting.types import ClaimantKind
from claims.splitting.units import UnitDraft

_BODIES = frozenset({ClaimantKind.ORGANISATION, ClaimantKind.GOVERNMENT})
_PERSONS = frozenset({"he", "she", "i", "we", "you", "his", "her", "this", "that"})
_SHOWING = frozenset(
    {"show", "allow", "suggest", "indicate", "mean", "reveal", "demonstrate", "prove", "imply"}
)
_DAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
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
    told: dict[int, int] = {}
    for index, row in enumerate(rows):
        if row.cue_class is not CueClass.SPEECH or row.quote is not None:
            continue
        told[row.sentence] = index
        if people[index].kind in _BODIES and _trails(reading, row):
            ends[row.sentence] = index
    carried: dict[int, int] = {}
    lead = _lead(reading)
    for before, sentence in zip(reading.sentences, reading.sentences[1:], strict=False):
        if sentence.index in told or max(sentence.quoted, default=-1) >= 0:
            continue
        near = sentence.block == before.block
        index = carried.get(before.index, ends.get(before.index, -1))
        if index >= 0 and (near or before is lead) and not _turns_away(sentence, people[index]):
            carried[sentence.index] = index
            continue
        index = told.get(before.index, -1)
        if index >= 0 and near and people[index].name and _is_shifted(rows[index], sentence):
            carried[sentence.index] = index
    behind = _frames_behind(rows, people)
    result: list[UnitDraft] = []
    for draft in found:
        if draft.premise is not None:
            result.append(draft)
        elif draft.row is not None:
            shown = not draft.quoted and _is_shown(rows[draft.row], people[draft.row])
            result.append(replace(draft, row=None) if shown else draft)
        elif draft.sentence in carried:
            result.append(_given(draft, carried[draft.sentence], FLAG))
        else:
            joined = _joined(reading, rows, behind.get(draft.sentence, ()), draft)
            result.append(draft if joined is None else _given(draft, joined))
    return result


def _is_shown(row: Attributed, source: NamedClaimant) -> bool:
    """Tell what a thing shows, which nobody says: "The doctrine shows that the island wants the shelf"."""
    return NOBODY in source.flags and row.source is not None and row.lemma in _SHOWING


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


def _lead(reading: Reading) -> Sentence | None:
    """Return the first paragraph, behind headings, where it is one sentence: the next tells more of the same."""
    for sentence, behind in zip(reading.sentences, reading.sentences[1:], strict=False):
        if reading.view[sentence.start : sentence.end].rstrip('\n ”"').endswith("."):
            return sentence if behind.block != sentence.block else None
    return None


def _is_shifted(row: Attributed, sentence: Sentence) -> bool:
    """Tell a tense that only what was reported before explains: "had lost", "would close"."""
    if row.wording is not FrameWording.REPORTED:
        return False
    tags, low = sentence.tree.xpos, sentence.low
    for at, tag in enumerate(tags):
        if tag in FINITE:
            return low[at] == "would" or (low[at] == "had" and "VBN" in tags[at + 1 : at + 3])
    return False


def _turns_away(sentence: Sentence, claimant: NamedClaimant) -> bool:
    """Tell a sentence about the speaker, about a person spoken of, or of a day of its own: that is the writer's."""
    first = sentence.low[:4]
    names = {word.lower() for word in claimant.name.split()[-1:]}
    day = first[:1] == ("on",) and not _DAYS.isdisjoint(first)
    return not first or first[0] in _PERSONS or day or not names.isdisjoint(first)
