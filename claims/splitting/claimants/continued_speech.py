"""Which sentences without a frame go on with what a body said in the sentence before?

"The road was blocked, police said. Nobody was hurt." News puts the frame behind the first sentence and lets it hold
for the paragraph. Only bodies and governments are followed, only while the paragraph lasts, and every unit so given
to a speaker is flagged for a person. A person's speech is never carried on: what follows is as often the writer's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claims.language.document import Reading, Sentence
from claims.splitting.attribution.results import Attributed, CueClass
from claims.splitting.claimants.named import NamedClaimant
from claims.splitting.types import ClaimantKind
from claims.splitting.units import UnitDraft

_BODIES = frozenset({ClaimantKind.ORGANISATION, ClaimantKind.GOVERNMENT})
_PERSONS = frozenset({"he", "she", "i", "we", "you", "his", "her", "this", "that"})
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
    return [
        replace(
            draft,
            row=carried[draft.sentence],
            rules=(*draft.rules, "continued speech"),
            flags=(*draft.flags, FLAG),
        )
        if draft.row is None and draft.premise is None and draft.sentence in carried
        else draft
        for draft in found
    ]


def _trails(reading: Reading, row: Attributed) -> bool:
    """Tell whether the frame stands behind its content and ends the sentence, but for a time or a place."""
    sentence = reading.sentences[row.sentence]
    behind = bool(row.frames) and row.content[0].start < row.frames[0].start
    rest = [token.norm for token in sentence.tokens if token.start >= row.frames[-1].end] if behind else []
    return behind and len(rest) <= 8 and all(span.end <= row.frames[0].start + 1 for span in row.content)


def _turns_away(sentence: Sentence, claimant: NamedClaimant) -> bool:
    """Tell a sentence about the speaker, or about a person spoken of: that is the writer's."""
    first = [token.norm.lower() for token in sentence.tokens[:4]]
    names = {word.lower() for word in claimant.name.split()[-1:]}
    return not first or first[0] in _PERSONS or not names.isdisjoint(first)
