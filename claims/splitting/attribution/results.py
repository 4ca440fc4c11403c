"""Who puts which stretch of an article forward, and with which words: the frozen results of attribution.

One :class:`Attributed` is one reporting frame with what it covers. Spans are code points of the stored text.
Nothing here decides who the source *is* (``claimants.py`` does) or what a claim unit is (the pipeline does).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from claims.language.spans import Span

#: The rule that gives the paragraph behind "Lund writes:" to its frame: set apart, in the speaker's words.
DISPLAYED = "paragraph behind a colon"
#: The lemma of a frame that is the label of a turn, or a signature, and no verb.
LABEL = ":"


class CueClass(StrEnum):
    """What sort of act a cue names; SPEECH is reporting, the others only where a caller wants them.

    SPEECH: said, told, according to, denied, blamed, the claim that. COGNITION: believe, know, find, plan.
    ATTITUDE: want, fear, like, support. WEAK: seems, is likely, shows, means - often nobody speaks at all.
    """

    SPEECH = "speech"
    COGNITION = "cognition"
    ATTITUDE = "attitude"
    WEAK = "weak"


class FrameWording(StrEnum):
    """REPORTED in the writer's words, QUOTED wholly in the speaker's, PARTIAL a mixture of both."""

    REPORTED = "reported"
    QUOTED = "quoted"
    PARTIAL = "partial"


class Complement(StrEnum):
    """What the content is, grammatically: this decides whether the cue stays inside a claim unit.

    CLAUSE ("said that X", "said: X"), INFINITIVE ("asked the council to delay"), GERUND ("blames the ministry
    for hiding"), PHRASE ("rejected the charge", "called for an election"), QUOTE (a quotation outside the
    clause), CONTEXT (sentences before or after the frame).
    """

    CLAUSE = "clause"
    INFINITIVE = "infinitive"
    GERUND = "gerund"
    PHRASE = "phrase"
    QUOTE = "quote"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Attributed:
    """One frame and what it covers.

    ``sentence`` is the index (in the reading) of the sentence that holds the cue. ``cue`` is the cue with its
    auxiliaries and particle. ``frames`` are the stretches that belong to the frame and to no content (source,
    cue, addressee, adjuncts, "that"). ``content`` is what is attributed, possibly split by the frame and
    possibly over several sentences; ``unit`` is the same by the rules of claim units: with the cue where the
    cue has to stay (before a noun phrase, in denials), without the enclosing quotation marks. ``relay`` is
    the outlet that passed the words on ("as reported by X") and ``relay_cue`` the words that say so.
    ``quote`` is the id of the quotation in which the frame itself stands (an inner speaker), None outside.
    ``inherited`` says that the source is that of an earlier frame (elided subject). ``negated``: the cue is
    negated ("did not say"); ``denial``: the cue denies ("denied that"). ``first_person``: the frame is the
    quoted speaker's own ("I think that …"). ``subject`` is the grammatical subject where it is not the source
    itself: the "who" of "voters who said".
    """

    sentence: int
    cue: Span
    lemma: str
    cue_class: CueClass
    wording: FrameWording
    complement: Complement
    frames: tuple[Span, ...]
    source: Span | None
    content: tuple[Span, ...]
    unit: tuple[Span, ...]
    addressee: Span | None = None
    relay: Span | None = None
    relay_cue: Span | None = None
    quote: int | None = None
    inherited: bool = False
    negated: bool = False
    denial: bool = False
    first_person: bool = False
    subject: Span | None = None
    rules: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
