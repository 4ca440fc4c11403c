"""Who says what in transcripts and interviews, in any language: the label of a turn is whose words its sentences are.

A sentence that a frame of its own gives to somebody else stays that person's. Questions are nobody's.
"""

from __future__ import annotations

from collections.abc import Sequence

from claims.language.document import Reading, Sentence
from claims.language.spans import Span
from claims.splitting.attribution.english import in_order
from claims.splitting.attribution.results import Attributed, Complement, CueClass, FrameWording
from claims.splitting.attribution.signatures import signed_quotations

#: The lemma of a frame that is a label and no verb.
LABEL = ":"


def with_turns(reading: Reading, rows: Sequence[Attributed]) -> tuple[Attributed, ...]:
    """Return the frames with one more for each sentence of a turn, or above a signature, that has none."""
    framed = {row.sentence for row in rows}
    made: list[Attributed] = []
    for sentence in reading.sentences:
        block = reading.block_of(sentence)
        if block.speaker_span is not None and block.role != "question" and sentence.index not in framed:
            made.append(_spoken(sentence, Span(*block.speaker_span), (), "turn of a speaker"))
    for signature in signed_quotations(reading).values():
        for sentence in reading.sentences:
            inside = any(
                span.start < sentence.end and sentence.start < span.end for span in signature.content
            )
            if inside and sentence.index not in framed:
                framed.add(sentence.index)
                made.append(_spoken(sentence, signature.who, (signature.line,), "signature"))
    return in_order((*rows, *made)) if made else tuple(rows)


def signature_lines(rows: Sequence[Attributed]) -> list[Span]:
    """Return the lines that only sign what stands above them."""
    return [span for row in rows if "signature" in row.rules for span in row.frames]


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
