"""Which assertions does a sentence carry inside its noun phrases, without asserting them?

"The Turkish-backed mercenaries", "Syrian jihadists", "what they call “occupied land”". Whose premise it is depends on
who speaks, and is for the pipeline; deeds taken as given are the ranker's (``claims.splitting.missed``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from claims.language.parser import FINITE, NOUNS, Tree
from claims.language.spans import Span
from claims.language.tokens import Token
from claims.splitting.clauses.verbs import QUOTES, ClauseLine, listed
from claims.splitting.word_lists import word_lists


class PremiseKind(StrEnum):
    """BACKING: who stands behind; LOADED: an accusing noun or adjective; TERM: a name in use; CARRIED: what the
    ranker of missed units offers."""

    BACKING = "backing"
    LOADED = "loaded"
    TERM = "term"
    CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Premise:
    """``text[start:end]`` is the noun phrase.

    ``holder`` is the span of who uses the term ("they call"), None when the writer does.
    """

    start: int
    end: int
    kind: PremiseKind
    rule: str
    holder: Span | None = None


_CALLS = word_lists("closed_words_en.txt")["calling"]
_INSIDE_PHRASE = NOUNS | {"JJ", "JJR", "JJS", "CD", "VBN", "VBG", "AFX", "HYPH", "POS", "FW", "NNPS"}
_DETERMINERS = frozenset({"DT", "PRP$", "PDT", "WP$"})


def premises(doc_text: str, tokens: Sequence[Token], tree: Tree) -> list[Premise]:
    """Return the premises in noun phrases of a sentence, in order, none inside another."""
    if not tokens or not _may_carry(tree):
        return []
    line = ClauseLine(doc_text, tokens, tree, Span(tokens[0].start, tokens[-1].end))
    found = [*_backing(line), *_loaded(line), *_terms(line)]
    # A term in use comes first, then the longer phrase speaks for what lies in it.
    found.sort(key=lambda p: (p.kind is not PremiseKind.TERM, p.start - p.end))
    kept: list[Premise] = []
    for premise in found:
        if all(premise.end <= other.start or premise.start >= other.end for other in kept) or (
            premise.kind is PremiseKind.BACKING and all(_beside(premise, other) for other in kept)
        ):
            kept.append(premise)
    return sorted(kept, key=lambda p: (p.start, -p.end))


def _may_carry(tree: Tree) -> bool:
    """Tell whether a sentence has any word that a strong premise needs."""
    signs = _signs()
    return not (signs.isdisjoint(tree.words) and signs.isdisjoint(tree.low))


@cache
def _signs() -> frozenset[str]:
    return (
        listed("premises_participles")
        | listed("premises_heads")
        | listed("premises_modifiers")
        | frozenset(_CALLS)
    )


def _beside(premise: Premise, other: Premise) -> bool:
    """Tell whether two premises are apart, or two backers of one noun: "X-backed, Y-funded militia"."""
    apart = premise.end <= other.start or premise.start >= other.end
    return apart or (other.kind is PremiseKind.BACKING and premise.rule != other.rule)


def _phrase(line: ClauseLine, place: int) -> tuple[int, int, bool]:
    """Return first and last word of the noun phrase around a place, by tags, and whether it is definite.

    "the X-backed army and Syrian fighters" under one article is one phrase.
    """
    first = place
    while first > 0 and (
        line.tag[first - 1] in _INSIDE_PHRASE or _is_hyphen(line, first - 1) or _mark(line, first - 1)
    ):
        if _mark(line, first - 1) and not (
            first > 1 and line.tag[first - 2] in _INSIDE_PHRASE | _DETERMINERS
        ):
            break
        first -= 1
    definite = first > 0 and line.tag[first - 1] in _DETERMINERS
    if definite:
        first -= 1
    last = place
    while last + 1 < len(line) and (line.tag[last + 1] in _INSIDE_PHRASE or _is_hyphen(line, last + 1)):
        if line.tag[last + 1] in ("VBN", "VBG"):
            break
        last += 1
    while last > place and line.tag[last] not in NOUNS:
        last -= 1
    return first, last, definite


def _is_hyphen(line: ClauseLine, i: int) -> bool:
    return line.low[i] in ("-", "–") and not line.is_dash(i)


def _mark(line: ClauseLine, i: int) -> bool:
    return line.low[i] in QUOTES


def _extended(line: ClauseLine, last: int) -> int:
    """Return the end of "… and Syrian jihadists" coordinated under the same article."""
    if last + 2 < len(line) and line.tag[last + 1] == "CC" and line.low[last + 1] == "and":
        after = last + 2
        if line.tag[after] in ("JJ", "NNP", "NNPS", "VBN"):
            stop = _phrase(line, after)[1]
            head = stop
            verb_follows = head + 1 < len(line) and line.tag[head + 1] in FINITE
            own_clause = (
                verb_follows and line.label[head].startswith("nsubj") and line.head[head] != line.head[last]
            )
            if line.tag[stop] in NOUNS and not own_clause:
                return stop
    return last


def _premise(
    line: ClauseLine,
    first: int,
    last: int,
    kind: PremiseKind,
    rule: str,
    *,
    holder: Span | None = None,
) -> Premise:
    marks = [i for i in range(first, last + 1) if line.low[i] in QUOTES]
    while len(marks) % 2 and first < last and marks[0] == first:
        first += 1
        marks = marks[1:]
    return Premise(line.tokens[first].start, line.tokens[last].end, kind, rule, holder)


def _backing(line: ClauseLine) -> list[Premise]:
    """Find "X-backed Y" with a name or nationality for X."""
    participles = listed("premises_participles")
    found: list[Premise] = []
    for i in range(1, len(line) - 2):
        if not _is_hyphen(line, i) or line.low[i + 1] not in participles:
            continue
        token = line.tokens[i - 1]
        named = line.tag[i - 1] in ("NNP", "NNPS") or token.norm[:1].isupper()
        general = line.low[i - 1] in (
            "foreign",
            "government",
            "state",
            "regime",
            "rebel",
            "mafia",
            "cartel",
            "militia",
        )
        if not (named or general) or (
            line.low[i - 1] == "state" and line.low[i + 1] in ("run", "controlled", "led")
        ):
            continue
        first, last, _ = _phrase(line, i + 1)
        while (
            last <= i + 1
            and last + 4 < len(line)
            and line.low[last + 1] in (",", "and")
            and _is_hyphen(line, last + 3)
        ):
            # A second backer of the same noun.
            last = _phrase(line, last + 4)[1]
        if last <= i + 1:
            continue
        found.append(
            _premise(line, first, _extended(line, last), PremiseKind.BACKING, f"backing-{line.low[i + 1]}")
        )
    return found


def _loaded(line: ClauseLine) -> list[Premise]:
    """Find definite or nationality-marked phrases around an accusing noun, or with a contested adjective."""
    heads, modifiers = listed("premises_heads"), listed("premises_modifiers")
    found: list[Premise] = []
    for i, word in enumerate(line.low):
        if word in heads and line.tag[i] in NOUNS:
            first, last, _ = _phrase(line, i)
            name = any(
                line.tag[k] in ("JJ", "NNP", "NNPS") and line.tokens[k].norm[:1].isupper() and k != i
                for k in range(first, last)
            )
            if last == i and name and last > first:
                found.append(_premise(line, first, _extended(line, last), PremiseKind.LOADED, "loaded-noun"))
        elif word in modifiers and line.tag[i] in ("JJ", "VBN", "NN") and i + 1 < len(line):
            if line.label[i] not in ("amod", "compound") or line.tag[i + 1] not in NOUNS | {"JJ"}:
                continue
            first, last, definite = _phrase(line, i)
            if definite and last > i and line.low[first] not in ("a", "an"):
                found.append(_premise(line, first, last, PremiseKind.LOADED, "loaded-adjective"))
    return found


def _terms(line: ClauseLine) -> list[Premise]:
    """Find a quoted term somebody uses: "land that they call “occupied territories”"."""
    found: list[Premise] = []
    for i, word in enumerate(line.low):
        if word not in _CALLS or line.tag[i] not in ("VBP", "VBD", "VBZ", "VBN", "VB"):
            continue
        stop = min(i + 6, len(line))
        opening = next((k for k in range(i + 1, stop) if line.low[k] in QUOTES), -1)
        if opening < 0:
            continue
        closing = next(
            (k for k in range(opening + 1, min(opening + 9, len(line))) if line.low[k] in QUOTES), -1
        )
        if closing < 0:
            continue
        last = closing - 1
        while last > opening and line.low[last] in (",", ".", ";"):
            last -= 1
        # One word in marks is a name or a judgement, not a term that takes something as given.
        if last <= opening + 1 or any(line.tag[k] in FINITE for k in range(opening + 1, last + 1)):
            continue
        subject = next((k for k in line.kids[i] if line.label[k] == "nsubj" and k < i), -1)
        holder = None
        if subject >= 0:
            left = line.edges[0][subject]
            holder = Span(line.tokens[left].start, line.tokens[subject].end)
        elif i > 0 and line.tag[i - 1] in NOUNS | {"PRP"}:
            holder = Span(line.tokens[i - 1].start, line.tokens[i - 1].end)
        found.append(_premise(line, opening + 1, last, PremiseKind.TERM, "term-in-use", holder=holder))
    return found
