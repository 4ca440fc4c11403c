"""Into which assertions does a stretch of one sentence fall?

``clauses`` cuts content (a whole sentence, or what a frame attributes) by the rules of claim units:
coordinated
finite clauses apart, conditions, times and restrictive clauses inside, non-restrictive clauses, appositions
and
participles that assert something nested. It knows nothing of speakers, and never changes the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from claims.language.parser import Tree
from claims.language.spans import Span
from claims.language.tokens import Token
from claims.splitting.clauses.nested import Nested, closing, loose_phrases
from claims.splitting.clauses.openers import ClauseRole
from claims.splitting.clauses.openers import OpenedClause as Found
from claims.splitting.clauses.roles import classify
from claims.splitting.clauses.trim import trimmed
from claims.splitting.clauses.verbs import ADVERBS, BE, HAVE, ClauseLine, Verb, listed


class ClauseKind(StrEnum):
    """What sort of clause a unit is."""

    MAIN = "main"
    COORDINATE = "coordinate"
    CONTRAST = "contrast"
    RELATIVE = "relative"
    PARTICIPLE = "participle"
    APPOSITION = "apposition"
    PARENTHESIS = "parenthesis"
    PRESUPPOSED = "presupposed"


class ClauseAssertion(NamedTuple):
    """One claim unit of a sentence: ``text[start:end]``; ``outer`` is the index in the list of the clause
    around it."""

    start: int
    end: int
    kind: ClauseKind
    outer: int | None
    rule: str


#: The rule of a second event under the auxiliary of the first.
SHARED_AUXILIARY = "shared-auxiliary"


@dataclass(slots=True)
class _Piece:
    """A unit in the making: places of the line, end exclusive."""

    start: int
    end: int
    kind: ClauseKind
    rule: str


_NESTED = {
    ClauseRole.RELATIVE: ClauseKind.RELATIVE,
    ClauseRole.CONTRAST: ClauseKind.CONTRAST,
    ClauseRole.PARENTHESIS: ClauseKind.PARENTHESIS,
}


def clauses(
    doc_text: str,
    tokens: Sequence[Token],
    tree: Tree,
    content: Span,
    *,
    quoted: bool = False,
    frames: Sequence[Span] = (),
) -> list[ClauseAssertion]:
    """Return the units of ``content`` in order of start, outer before inner; [] without a word in it.

    ``tokens`` and ``tree`` are those of the sentence. ``frames`` are stretches inside the content that
    belong to a reporting frame: rules do not see them, spans may run over them. ``quoted`` says that
    the words are a speaker's: a first-person frame ("I think that") is then left off.
    """
    line = ClauseLine(doc_text, tokens, tree, content, frames)
    if not len(line):
        return []
    found = classify(line, line.verbs(), quoted=quoted)
    pieces = _top(line, found)
    pieces += _nested(line, found, pieces)
    return _spans(line, pieces, quoted=quoted)


def _top(line: ClauseLine, found: list[Found]) -> list[_Piece]:
    """Cut the line at coordinations, contrasts and breaks; also shared auxiliaries."""
    cuts = [clause for clause in found if clause.cut]
    pieces: list[_Piece] = []
    start, kind, rule = 0, ClauseKind.MAIN, "main"
    for clause in cuts:
        if clause.open > start:
            pieces.append(_Piece(start, clause.open, kind, rule))
        start = clause.start
        rule = clause.rule
        if clause.role is ClauseRole.CONTRAST:
            kind = ClauseKind.CONTRAST
        elif clause.role is ClauseRole.MAIN:
            kind = ClauseKind.MAIN
        else:
            kind = ClauseKind.COORDINATE
    pieces.append(_Piece(start, len(line), kind, rule))
    return [part for piece in pieces for part in _shared_auxiliary(line, found, piece)]


def _shared_auxiliary(line: ClauseLine, found: list[Found], piece: _Piece) -> list[_Piece]:
    """Cut "was detained in May and fined a month later": two events under one auxiliary, each with words of
    its own.

    A shared modal ("has to apologise and pay") and bare pairs ("was arrested and charged") stay one.
    """
    parts = [piece]
    for clause in found:
        verb = clause.verb
        if clause.embedded or not piece.start <= verb.finite < piece.end or verb.finite == verb.last:
            continue
        if not _passive_or_perfect(line, verb):
            continue
        floor = verb.last
        for i in range(verb.last + 1, piece.end):
            if line.tag[i] != "VBN" or line.label[i] != "conj" or line.head[i] not in (verb.last, verb.head):
                continue
            opener = i - 1
            while opener > floor and line.tag[opener] in ADVERBS:
                opener -= 1
            joins = line.low[opener] in ("and", "but", ",", "then")
            before = sum(line.tag[k].isalpha() for k in range(floor + 1, opener))
            after = line.edges[1][i] - i
            if joins and before >= 1 and after >= 2:
                last = parts.pop()
                parts.append(_Piece(last.start, opener, last.kind, last.rule))
                parts.append(_Piece(opener + 1, last.end, ClauseKind.COORDINATE, SHARED_AUXILIARY))
                floor = i
    return parts


def _passive_or_perfect(line: ClauseLine, verb: Verb) -> bool:
    words = line.low[verb.finite : verb.last]
    return line.tag[verb.last] == "VBN" and line.tag[verb.finite] != "MD" and bool(set(words) & (BE | HAVE))


def _nested(line: ClauseLine, found: list[Found], tops: list[_Piece]) -> list[_Piece]:
    """Return the non-restrictive clauses, participles and appositions inside the top pieces."""
    result: list[_Piece] = []
    ignoring = listed("clauses_ignoring")
    for at, clause in enumerate(found):
        if clause.cut or clause.role not in _NESTED:
            continue
        top = _holding(tops, clause.start)
        end = closing(line, found, clause.open, at, top.end)
        start, kind, rule = clause.start, _NESTED[clause.role], clause.rule
        verb = line.low[clause.verb.last]
        if kind is ClauseKind.RELATIVE and {verb, verb[:-1], verb[:-2]} & ignoring:
            after = clause.verb.last + 1
            if after + 2 < end and line.low[after] == "that":
                start, kind, rule = after + 1, ClauseKind.PRESUPPOSED, "ignores-that"
        if end - start >= 2:
            result.append(_Piece(start, end, kind, rule))
    for phrase in loose_phrases(line, found):
        top = _holding(tops, phrase.start)
        end = min(phrase.end, top.end)
        if end - phrase.start >= 2:
            result.append(_Piece(phrase.start, end, _kind(phrase), phrase.rule))
    return result


def _kind(phrase: Nested) -> ClauseKind:
    return ClauseKind.APPOSITION if phrase.rule.startswith("apposition") else ClauseKind.PARTICIPLE


def _holding(tops: list[_Piece], place: int) -> _Piece:
    return next((piece for piece in tops if piece.start <= place < piece.end), tops[-1])


def _spans(line: ClauseLine, pieces: list[_Piece], *, quoted: bool) -> list[ClauseAssertion]:
    """Turn pieces into trimmed spans with the clause around each."""
    drowned = _undrowned(pieces) if len(pieces) > 1 else pieces
    spans: list[tuple[int, int, ClauseKind, str]] = []
    seen: set[tuple[int, int]] = set()
    for piece in drowned:
        span = trimmed(line, piece.start, piece.end, quoted=quoted)
        if span is not None and span not in seen:
            seen.add(span)
            spans.append((span[0], span[1], piece.kind, piece.rule))
    spans.sort(key=lambda row: (row[0], -row[1]))
    result: list[ClauseAssertion] = []
    for start, end, kind, rule in spans:
        outer = None
        for index in range(len(result) - 1, -1, -1):
            if result[index].start <= start and end <= result[index].end:
                outer = index
                break
        result.append(ClauseAssertion(start, end, kind, outer, rule))
    return result


def _undrowned(pieces: list[_Piece]) -> list[_Piece]:
    """End a clause before the loose clauses that trail behind it; a loose clause in its middle stays inside."""
    result: list[_Piece] = []
    loose = (ClauseKind.RELATIVE, ClauseKind.PRESUPPOSED, ClauseKind.PARTICIPLE, ClauseKind.APPOSITION)
    trailing: dict[int, list[_Piece]] = {}
    for piece in pieces:
        if piece.kind in loose:
            trailing.setdefault(piece.end, []).append(piece)
    for piece in pieces:
        end = piece.end
        # A chain ("…, killing two and wounding nine") is taken link by link; a longer one is no prose.
        for _ in range(4):
            before = end
            # The first few decide; a longer chain is no prose.
            for inner in trailing.get(end, ())[:8]:
                # A presupposed clause begins behind "which ignores that".
                start = inner.start - (3 if inner.kind is ClauseKind.PRESUPPOSED else 1)
                if piece.start < inner.start and start - piece.start >= 3:
                    end = min(end, start)
            if end == before:
                break
        result.append(_Piece(piece.start, end, piece.kind, piece.rule))
    return result
