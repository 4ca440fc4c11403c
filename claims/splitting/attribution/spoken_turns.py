"""Who says what in transcripts and interviews, in any language: the label of a turn is whose words its sentences are.

A sentence that a frame of its own gives to somebody else stays that person's. Questions are nobody's.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from claims.language.document import Reading, Sentence
from claims.language.spans import Span
from claims.splitting.attribution.english import in_order
from claims.splitting.attribution.results import LABEL, Attributed, Complement, CueClass, FrameWording
from claims.splitting.attribution.signatures import signed_quotations

#: One name signs no more sentences than a long letter has.
_MOST_SIGNED = 200


def with_turns(reading: Reading, rows: Sequence[Attributed]) -> tuple[Attributed, ...]:
    """Return the frames with one more for each sentence of a turn, or above a signature, that has none."""
    framed = {row.sentence for row in rows}
    made: list[Attributed] = []
    for sentence in reading.sentences:
        block = reading.block_of(sentence)
        if block.speaker_span is not None and block.role != "question" and sentence.index not in framed:
            made.append(_spoken(sentence, Span(*block.speaker_span), (), "turn of a speaker"))
    ends = [sentence.end for sentence in reading.sentences]
    for signature in signed_quotations(reading).values():
        first = bisect_right(ends, signature.content[0].start)
        last = signature.content[-1].end
        for sentence in reading.sentences[first : first + _MOST_SIGNED]:
            if sentence.start >= last:
                break
            if sentence.index not in framed:
                framed.add(sentence.index)
                made.append(_spoken(sentence, signature.who, (signature.line,), "signature"))
    return in_order((*rows, *made)) if made else tuple(rows)


def only_signs(reading: Reading, rows: Sequence[Attributed]) -> frozenset[int]:
    """Return the sentences that are nothing but the line that signs what stands above them."""
    starts = [sentence.start for sentence in reading.sentences]
    found: set[int] = set()
    for span in (span for row in rows if "signature" in row.rules for span in row.frames):
        for sentence in reading.sentences[bisect_left(starts, span.start) :]:
            if sentence.end > span.end + 1:
                break
            found.add(sentence.index)
    return frozenset(found)


def _spoken(sentence: Sentence, who: Span, frames: tuple[Span, ...], rule: str) -> Attributed:
    spoken = Span(
        sentence.start, min([sentence.end, *(one.start for one in frames if one.start > sentence.start)])
    )
    return Attributed(
        sentence=sentence.index,
        cue=Span(who.end, who.end),
        lemma=LABEL,
        cue_class=CueClass.SPEECH,
        wording=FrameWording.QUOTED,
        complement=Complement.CONTEXT,
        frames=frames,
        source=who,
        content=(spoken,),
        unit=(spoken,),
        rules=(rule,),
    )
