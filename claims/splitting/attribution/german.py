"""Attribution in German: reporting verbs, "laut X", "nach Angaben von X", "X zufolge", Konjunktiv.

Works on words alone, without tags or trees: capital letters mark nouns, a comma marks every clause. What it
does not find it leaves to the article; it never reads attitudes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from claims.language.document import Reading, Sentence
from claims.language.spans import Span
from claims.splitting.attribution.results import Attributed, Complement, CueClass, FrameWording

_DATA = Path(__file__).parent.parent / "data"
_ARTICLES = frozenset(
    [
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einer",
        "einem",
        "einen",
        "eines",
        "sein",
        "seine",
        "ihr",
        "ihre",
        "dieser",
        "diese",
        "dieses",
    ]
)
_PRONOUNS = frozenset(["er", "sie", "es", "wir", "ich", "man", "dieser", "diese", "beide", "viele", "einige"])
_LINKS = frozenset(["von", "vom", "der", "des", "für", "aus", "im", "in", "am", "zu", "und", "bei"])
_SUBJUNCTIVE = frozenset(
    [
        "sei",
        "seien",
        "habe",
        "werde",
        "könne",
        "könnten",
        "solle",
        "müsse",
        "müssten",
        "dürfe",
        "wolle",
        "gebe",
        "komme",
        "gehe",
        "stehe",
        "lasse",
        "bleibe",
        "brauche",
        "wisse",
        "mache",
        "nehme",
        "sehe",
        "halte",
        "liege",
        "führe",
        "gelte",
        "bestehe",
    ]
)
_CONJUNCTIONS = frozenset({"dass", "daß", "ob", "wie", "warum", "wenn"})
_STOPS = frozenset({",", ".", ":", ";", "!", "?", '"', "—", "-", "(", ")", "«", "»"})
_PREFIXES = frozenset({"mit", "an", "hinzu", "ein", "fest", "vor", "zurück", "aus"})
_DENIALS = frozenset({"bestreiten", "dementieren"})
_NEGATIONS = frozenset({"nicht", "nie", "niemals", "kein", "keine"})


@cache
def _verbs() -> dict[str, str]:
    forms: dict[str, str] = {}
    for line in (_DATA / "cues_verbs_de.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith(("#", "[")):
            lemma, *words = line.split()
            forms.update(dict.fromkeys(words, lemma))
    return forms


@dataclass(slots=True)
class _Line:
    """A sentence as this pack reads it."""

    sentence: Sentence
    words: list[str]
    low: list[str]

    def span(self, start: int, end: int) -> Span:
        tokens = self.sentence.tokens
        return Span(tokens[start].start, tokens[end - 1].end)

    def quoted(self, at: int) -> bool:
        return 0 <= at < len(self.words) and self.sentence.quoted[at] >= 0


def attribute(reading: Reading) -> tuple[Attributed, ...]:
    """Return the frames of a German article in order."""
    rows: list[Attributed] = []
    last: Attributed | None = None
    for sentence in reading.sentences:
        words = [token.norm for token in sentence.tokens]
        if not words:
            continue
        line = _Line(sentence, words, [word.lower() for word in words])
        found = _according(line) or _verb_frames(line)
        if not found and last is not None and last.source is not None and sentence.index - last.sentence <= 2:
            found = _continued(line, last, reading)
        rows.extend(found)
        if found:
            last = found[-1]
        elif not all(sentence.quoted[at] >= 0 for at in range(len(words))):
            last = None
    return tuple(rows)


def _row(
    line: _Line,
    *,
    cue: tuple[int, int],
    lemma: str,
    source: tuple[int, int] | None,
    content: list[tuple[int, int]],
    complement: Complement,
    rule: str,
    flags: tuple[str, ...] = (),
) -> Attributed | None:
    spans: list[Span] = []
    inside = outside = 0
    for start, end in content:
        while start < end and line.words[start] in (",", ":", ";"):
            start += 1
        while end > start and line.words[end - 1] in (",", ".", ":", ";", "—", "-"):
            end -= 1
        if start < end:
            spans.append(line.span(start, end))
            for at in range(start, end):
                inside += line.quoted(at)
                outside += not line.quoted(at) and line.words[at] not in _STOPS
    if not spans:
        return None
    units: list[Span] = []
    for start, end in content:
        while start < end and (line.words[start] in _STOPS or line.low[start] in ("dass", "daß")):
            start += 1
        while end > start and (
            line.words[end - 1] in (",", ".", ":", ";")
            or (line.words[end - 1] in ('"', "»", "«") and inside and not outside)
        ):
            end -= 1
        if start < end:
            units.append(line.span(start, end))
    if complement is Complement.PHRASE and units:
        units[0] = Span(min(line.sentence.tokens[cue[0]].start, units[0].start), units[0].end)
    frame = [*range(*cue), *(range(*source) if source else ())]
    return Attributed(
        sentence=line.sentence.index,
        cue=line.span(*cue),
        lemma=lemma,
        cue_class=CueClass.SPEECH,
        wording=FrameWording.QUOTED
        if inside and not outside
        else FrameWording.PARTIAL
        if inside
        else FrameWording.REPORTED,
        complement=complement,
        frames=(line.span(min(frame), max(frame) + 1),),
        source=line.span(*source) if source else None,
        content=tuple(spans),
        unit=tuple(units),
        negated=any(word in _NEGATIONS for word in line.low[cue[0] : cue[1] + 1]),
        denial=lemma in _DENIALS,
        rules=(rule,),
        flags=flags,
    )


def _phrase(line: _Line, at: int) -> int:
    """Return the index after the noun phrase that begins at ``at``."""
    words, low = line.words, line.low
    end = at
    seen = False
    while end < len(words) and not line.quoted(end):
        word = low[end]
        if words[end] in _STOPS and not (words[end] == "-" and 0 < end < len(words) - 1 and seen):
            break
        if word in _PRONOUNS and end == at:
            return end + 1
        if words[end][:1].isupper() or words[end][:1].isdigit():
            seen = True
        elif word in _ARTICLES or word in _LINKS:
            follow = end + 1
            while (
                follow < len(words)
                and not words[follow][:1].isupper()
                and follow < end + 3
                and low[follow] not in _STOPS
            ):
                follow += 1
            if follow >= len(words) or not words[follow][:1].isupper() or words[follow] in _STOPS:
                break
            if seen and word in ("in", "im", "am", "bei", "und", "zu", "aus") and word not in ("und",):
                break
        elif seen or word in _verbs() or not word.isalpha():
            break
        end += 1
    return end if seen else at


def _according(line: _Line) -> list[Attributed]:
    """Read "laut X", "nach Angaben von X", "X zufolge"."""
    low, size = line.low, len(line.low)
    for at in range(size):
        if line.quoted(at):
            continue
        cue: tuple[int, int] | None = None
        source: tuple[int, int] | None = None
        if low[at] == "laut" and at + 1 < size:
            cue, source = (at, at + 1), (at + 1, _phrase(line, at + 1))
        elif (
            low[at] == "nach"
            and at + 2 < size
            and low[at + 1]
            in ("angaben", "darstellung", "aussage", "einschätzung", "informationen", "ansicht", "worten")
        ):
            start = at + 2 + (low[at + 2] in ("von", "vom"))
            cue, source = (at, start), (start, _phrase(line, start))
        elif low[at] == "zufolge" and at > 0:
            start = at - 1
            while (
                start > 0
                and line.words[start - 1] not in _STOPS
                and (
                    line.words[start - 1][:1].isupper()
                    or low[start - 1] in _ARTICLES | _LINKS
                    or low[start - 1].endswith(("en", "er", "em"))
                )
                and low[start - 1] not in _verbs()
            ):
                start -= 1
            cue, source = (at, at + 1), (start, at)
        if cue is None or source is None or source[0] >= source[1]:
            continue
        left, right = min(cue[0], source[0]), max(cue[1], source[1])
        row = _row(
            line,
            cue=cue,
            lemma=" ".join(low[cue[0] : cue[1]]),
            source=source,
            content=[(0, left), (right, size)],
            complement=Complement.CLAUSE,
            rule="laut / nach Angaben / zufolge",
        )
        return [row] if row is not None else []
    return []


def _verb_frames(line: _Line) -> list[Attributed]:
    verbs = _verbs()
    low, words, size = line.low, line.words, len(line.low)
    for at in range(size):
        lemma = verbs.get(low[at])
        if lemma is None or line.quoted(at) or (words[at][:1].isupper() and at > 0):
            continue
        inverted = at > 0 and (words[at - 1] in (",", "?", "!", "-", "—") or line.quoted(at - 1))
        cue = (at, at + 1)
        if inverted:
            end = _phrase(line, at + 1)
            if end == at + 1:
                continue
            content = [(0, at)]
            after = next((look for look in range(end, size) if line.quoted(look)), -1)
            if after >= 0:
                content.append((after, size))
            elif line.words[end : end + 1] == [","] and not line.quoted(at - 1) and end + 1 < size - 1:
                content.append((end + 1, size))
            row = _row(
                line,
                cue=cue,
                lemma=lemma,
                source=(at + 1, end),
                content=content,
                complement=Complement.QUOTE if line.quoted(at - 1) else Complement.CLAUSE,
                rule="Verb vor dem Subjekt",
            )
            return [row] if row is not None else []
        source = _left(line, at)
        begin = next(
            (look for look in range(at + 1, size) if words[look] in (",", ":") or line.quoted(look)), -1
        )
        if begin < 0:
            # "forderte Neuwahlen": a noun phrase, the verb stays with the unit.
            if (
                source is not None
                and lemma
                in (
                    "fordern",
                    "kritisieren",
                    "bestreiten",
                    "dementieren",
                    "bestätigen",
                    "ankündigen",
                    "beklagen",
                )
                and at + 1 < size
            ):
                row = _row(
                    line,
                    cue=cue,
                    lemma=lemma,
                    source=source,
                    content=[(at + 1, size)],
                    complement=Complement.PHRASE,
                    rule="Verb mit Objekt",
                )
                return [row] if row is not None else []
            continue
        quoted = line.quoted(begin) or (begin + 1 < size and line.quoted(begin + 1))
        clause = begin + 1 < size and (
            low[begin + 1] in _CONJUNCTIONS or any(word in _SUBJUNCTIVE for word in low[begin + 1 :])
        )
        if source is None:
            # "Am Montag sagte Meier, …": the subject stands behind the verb.
            end = _phrase(line, at + 1)
            source = (at + 1, end) if end > at + 1 else None
        if quoted or clause or words[begin] == ":":
            row = _row(
                line,
                cue=cue,
                lemma=lemma,
                source=source,
                content=[(begin, size)],
                complement=Complement.QUOTE if quoted else Complement.CLAUSE,
                rule="Subjekt vor dem Verb",
            )
            return [row] if row is not None else []
    return []


def _left(line: _Line, at: int) -> tuple[int, int] | None:
    """Return the noun phrase or pronoun that ends before the verb at ``at``."""
    start = at
    while start > 0 and not line.quoted(start - 1) and line.words[start - 1] not in _STOPS:
        start -= 1
    if start == 0 and at > 0 and line.words[at - 1] == ",":
        return None
    if start == at and at > 1 and line.words[at - 1] == ",":
        return None
    for begin in range(start, at):
        end = _phrase(line, begin)
        if end == at:
            # "Am Montag sagte …" is no subject.
            return (
                None
                if line.low[begin] in ("am", "im", "in", "bei", "nach", "zuvor", "dabei", "zudem")
                else (begin, end)
            )
    return None


def _continued(line: _Line, last: Attributed, reading: Reading) -> list[Attributed]:
    """Carry indirect speech over to a sentence in the Konjunktiv without a frame of its own."""
    size = len(line.low)
    if reading.sentences[last.sentence].block != line.sentence.block:
        return []
    full = all(line.quoted(at) or line.words[at] in _STOPS for at in range(size))
    subjunctive = [at for at in range(size) if line.low[at] in _SUBJUNCTIVE and not line.quoted(at)]
    if not full and not subjunctive:
        return []
    at = 0 if full else subjunctive[0]
    row = _row(
        line,
        cue=(at, at + 1),
        lemma="Konjunktiv" if not full else last.lemma,
        source=None,
        content=[(0, size)],
        complement=Complement.CONTEXT,
        rule="Zitat geht weiter" if full else "Konjunktiv",
        flags=() if full else ("indirect-speech-continued",),
    )
    if row is None:
        return []
    return [
        Attributed(
            sentence=row.sentence,
            cue=row.cue,
            lemma=row.lemma,
            cue_class=row.cue_class,
            wording=row.wording,
            complement=row.complement,
            frames=(),
            source=last.source,
            content=row.content,
            unit=row.unit,
            inherited=True,
            rules=row.rules,
            flags=row.flags,
        )
    ]
