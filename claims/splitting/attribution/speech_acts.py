"""Which frames put units forward as somebody's, and which stay part of what the writer tells?

Attribution finds every word of saying, thinking and wanting; the annotation guidelines take fewer of them for acts
of speech: a court that rules and a minister who praises are told by the writer, and what is told inside somebody's
words is that speaker's. It decides nothing about spans.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

from claims.language.document import Reading
from claims.language.quotes import QuoteKind
from claims.splitting.attribution.cue_places import VERB_AFTER_ALL
from claims.splitting.attribution.results import LABEL, Attributed, Complement, CueClass
from claims.splitting.word_lists import acts, roles, word_lists

_SPEAKING = frozenset({"i", "we"})
_start = attrgetter("start")
#: "Neither Lund nor Roth said": nobody puts it forward.
_NOBODY = re.compile(r"(?:neither|nobody|none|no one|no-one|no)\b")


def counts(reading: Reading, row: Attributed) -> bool:
    """Tell whether the content of a frame is put forward by its source."""
    if row.first_person or row.lemma in ("", "lie"):
        return row.lemma == LABEL
    if row.lemma == LABEL:
        return _turn_counts(reading, row)
    if row.quote is not None or _in_turn(reading, row):
        # What a speaker tells of others is the speaker's, but for a quotation inside the quotation.
        return row.cue_class is CueClass.SPEECH and _quotes_inside(reading, row)
    source = _source(reading, row)
    if source in _SPEAKING or _NOBODY.match(source) or " nor " in source:
        return False
    if row.lemma == "read" and row.complement is Complement.QUOTE:
        # "The letter reads “…”"
        return True
    if row.cue_class is not CueClass.SPEECH:
        return _thought_counts(row, source)
    if row.negated and not row.denial and _own_negation(reading, row):
        return False
    if row.lemma in acts("rulings") and set(source.split()) & acts("courts"):
        return False
    if reading.language != "en":
        return True
    nominal = not _verbal(reading, row)
    if nominal and row.complement is Complement.CLAUSE:
        # "his claim that crime doubled", but not "that claim goes back to 1998".
        return reading.view[row.cue.end : row.cue.end + 8].lstrip(" ,").lower().startswith("that ")
    if row.complement is Complement.PHRASE:
        if set(source.split()) & roles()["medium"] and row.lemma in acts("shows"):
            return True
        agentless = _passive(reading, row) or "participle with its agent" in row.rules
        return row.lemma in acts("phrases") and not nominal and not agentless
    if row.complement is Complement.INFINITIVE and row.lemma == "persuade":
        return False
    if row.complement in (Complement.INFINITIVE, Complement.GERUND):
        # "asked not to be named" says nothing of the world.
        return not nominal and not reading.view.endswith("to be named", 0, row.content[-1].end)
    # "find out whether X": what is open is not asserted by who wants to know.
    opens = bool(row.content) and reading.view[row.content[0].start :][:8].lower() == "whether "
    return not ((row.lemma in acts("asks") or opens) and row.complement is Complement.CLAUSE)


def counting(reading: Reading, rows: Sequence[Attributed]) -> frozenset[int]:
    """Return the frames whose content is put forward by their source, by index.

    "Lund noted the findings show prices fell" is Lund's: what a text shows inside somebody's speech stays in it.
    """
    told = [index for index, row in enumerate(rows) if counts(reading, row)]
    spoken = sorted(
        (span.start, span.end, index)
        for index in told
        for span in rows[index].content
        if rows[index].cue_class is CueClass.SPEECH and not _is_text(reading, rows[index])
    )
    return frozenset(
        index
        for index in told
        if not (
            rows[index].lemma in acts("shows")
            and _is_text(reading, rows[index])
            and any(
                start <= rows[index].cue.start < end and other != index
                for start, end, other in _around(spoken, rows[index].cue.start)
            )
        )
    )


def _around(spoken: list[tuple[int, int, int]], place: int) -> list[tuple[int, int, int]]:
    """Return the contents that begin last before a place."""
    last = bisect_left(spoken, (place + 1,))
    return spoken[max(0, last - 4) : last]


def _is_text(reading: Reading, row: Attributed) -> bool:
    """Tell a source that is a text or its findings: "the figures", "the study"."""
    words = _source(reading, row).replace(",", " ").split()
    texts = (roles()["medium"], word_lists("bodies_en.txt")["document"])
    return any(not listed.isdisjoint(words[-2:]) for listed in texts)


def _turn_counts(reading: Reading, row: Attributed) -> bool:
    """Tell an answer from a question: what an interviewer states, the outlet states."""
    return reading.block_of(reading.sentences[row.sentence]).role != "question"


def _in_turn(reading: Reading, row: Attributed) -> bool:
    block = reading.block_of(reading.sentences[row.sentence])
    return bool(block.speaker) and block.role != "question"


def _quotes_inside(reading: Reading, row: Attributed) -> bool:
    if row.complement is not Complement.QUOTE or not row.content:
        return False
    first = row.content[0]
    # Quotations come in order of their start: only those around the beginning of the content matter.
    near = bisect_left(reading.quotes, first.start - 2, key=_start)
    return any(
        quote.kind is QuoteKind.FULL
        and (quote.depth > 0 or row.quote is None)
        and quote.start - 2 <= first.start
        and first.end <= quote.end + 2
        for quote in reading.quotes[near : near + 8]
    )


def _thought_counts(row: Attributed, source: str) -> bool:
    """Tell "analysts expect X" from "I fear" and "the storm is expected to": thoughts that somebody has voiced."""
    if row.source is None and "passive" in row.rules and row.complement is Complement.CLAUSE:
        # "It is believed that": somebody nameless puts it forward.
        return row.lemma in acts("thoughts")
    if row.source is None or not source or row.negated:
        return False
    if row.complement in (Complement.CLAUSE, Complement.INFINITIVE, Complement.GERUND):
        return row.lemma in acts("thoughts")
    if "participle with its agent" in row.rules:
        # "the 55 million expected by analysts" is part of what the writer compares.
        return False
    return row.complement is Complement.PHRASE and row.lemma in acts("thoughts_of_things")


def _source(reading: Reading, row: Attributed) -> str:
    return reading.view[row.source.start : row.source.end].lower() if row.source is not None else ""


def _own_negation(reading: Reading, row: Attributed) -> bool:
    """Tell a negation at the cue from one that the parser carried over ("said it was not X and demanded Y")."""
    if row.complement is not Complement.PHRASE:
        return True
    near = reading.view[max(0, row.cue.start - 12) : row.cue.end].lower()
    return any(word in near for word in (" not ", "n't ", " never ", " no ")) or near.startswith(
        ("not ", "never ")
    )


def _verbal(reading: Reading, row: Attributed) -> bool:
    """Tell whether the cue is a verb or a preposition, not a noun ("the claim that")."""
    if VERB_AFTER_ALL in row.rules:
        return True
    sentence = reading.sentences[row.sentence]
    first = bisect_left(sentence.tokens, row.cue.start, key=_start)
    last = bisect_left(sentence.tokens, row.cue.end, key=_start)
    tags = list(sentence.tree.xpos[first:last])
    return any(tag.startswith("V") or tag in ("JJ", "MD") for tag in tags) or tags[:1] in (
        ["IN"],
        ["TO"],
        ["RB"],
    )


def _passive(reading: Reading, row: Attributed) -> bool:
    words = reading.view[row.cue.start : row.cue.end].lower().split()
    return len(words) > 1 and bool(set(words[:-1]) & {"is", "are", "was", "were", "been", "be", "being"})
