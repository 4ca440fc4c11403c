"""What stands before each clause of a sentence: a conjunction, a relative, an "although", a comma, nothing?

Found by walking left from the subject over its adverbials. What follows from it is for ``clause_roles``.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

from claims.language.parser import NOUNS
from claims.splitting.clauses.verbs import NOMINAL, QUOTES, VERBAL, ClauseLine, Verb, listed, phrases


class ClauseRole(StrEnum):
    """What a finite clause is to the unit around it."""

    MAIN = "main"
    CONTINUE = "continue"
    COORDINATE = "coordinate"
    CONTRAST = "contrast"
    RELATIVE = "relative"
    PARENTHESIS = "parenthesis"
    INSIDE = "inside"


class Opener(StrEnum):
    """What stands before a clause."""

    START = "start"
    CONJUNCTION = "conjunction"
    BREAK = "break"
    BRACKET = "bracket"
    CONTRAST = "contrast"
    INSIDE = "inside"
    RELATIVE = "relative"
    RESTRICTIVE = "restrictive"
    THAT = "that"
    COMMA = "comma"
    BARE = "bare"


@dataclass(slots=True)
class OpenedClause:
    """One finite verb with its role; ``open`` is the place of the opener (-1 start), ``start`` the first
    word after.

    ``cut`` says that a new unit begins at ``start`` and the one before ends at ``open``.
    """

    verb: Verb
    role: ClauseRole
    open: int
    start: int
    rule: str
    embedded: bool = False
    cut: bool = False
    opener: Opener = Opener.START


_RELATIVE = frozenset({"who", "which", "whose", "whom", "where"})
_STEPPED_OVER = frozenset({Opener.INSIDE, Opener.RESTRICTIVE, Opener.THAT, Opener.BARE})
# "…, most of whom", "…, in which", "…, the last of whom".
_BEFORE_RELATIVE = frozenset({"IN", "TO", "DT", "PDT", "CD", "JJ", "JJS", "RBS", "NN"})
_PERIODS = frozenset({"year", "month", "week", "day", "night", "morning", "season", "decade", "moment"})
_CONJUNCTIONS = frozenset({"and", "but", "or", "nor", "yet", "so", "plus"})
_ADJECTIVAL = frozenset({"JJ", "JJR", "JJS", "VBN", "VBG", "RB"})


def opener_of(line: ClauseLine, verb: Verb, owner: dict[int, OpenedClause]) -> tuple[Opener, int, int]:
    """Walk left from the subject over adverbials to what opens the clause.

    Returns it, its place and the first place after it. Clauses inside the adverbials are stepped over.
    """
    begin = verb.subject if 0 <= verb.subject <= verb.first else verb.first
    while begin < verb.first and (line.low[begin] in (",", "'", *QUOTES) or line.tag[begin] == "CC"):
        begin += 1
    inside, contrasting = listed("clauses_inside"), phrases("clauses_contrast")
    comma = -1
    k = (
        begin
        if line.low[begin] in inside or line.low[begin] in _RELATIVE or line.tag[begin] == "WDT"
        else begin - 1
    )
    while k >= 0:
        word, tag = line.low[k], line.tag[k]
        if k == begin - 1 and tag in ("VBG", "VB", "VBN") and k not in owner and verb.subject >= 0:
            # "saying they are late": what follows belongs to the participle.
            return Opener.BARE, k, k + 1
        if k in owner:
            before = owner[k]
            if before.embedded and before.open >= 0 and comma >= 0 and before.opener in _STEPPED_OVER:
                k = before.open - 1
                continue
            if before.embedded and before.opener is Opener.RESTRICTIVE:
                k = before.open - 1
                continue
            if before.role is ClauseRole.RELATIVE and comma > k:
                k = before.open - 1
                continue
            if before.role is ClauseRole.INSIDE and before.opener is Opener.INSIDE and before.open <= 0:
                return Opener.START, -1, 0
            if comma >= 0:
                return Opener.COMMA, comma, comma + 1
            return Opener.BARE, k, k + 1
        if word in QUOTES:
            k -= 1
            continue
        if tag == "CC" or (word in ("yet", "plus") and k > 0 and line.low[k - 1] == ","):
            if word not in _CONJUNCTIONS or _joins_nouns(line, k, begin) or _joins_adjectives(line, k, verb):
                k -= 1
                continue
            return Opener.CONJUNCTION, k, k + 1
        if word == ";":
            return Opener.BREAK, k, k + 1
        dash = line.is_dash(k)
        if dash:
            count = bisect_left(line.dashes, k)
            if count % 2:
                # The second dash of a pair: an aside stands between.
                k = line.dashes[count - 1] - 1
                continue
        if word == ":" or dash:
            return (Opener.BREAK if comma < 0 else Opener.COMMA), (k if comma < 0 else comma), k + 1
        if word in ("(", "["):
            if word == "[":
                k -= 1
                continue
            return Opener.BRACKET, k, k + 1
        if word == ")":
            k = next((i for i in range(k - 1, -1, -1) if line.low[i] == "("), k) - 1
            continue
        if word == ",":
            comma = k if comma < 0 else comma
            k -= 1
            continue
        contrast = line.ends_with(k, "clauses_contrast") if word in contrasting else -1
        if contrast >= 0 and (tag in ("IN", "WRB", "RB") or contrast < k) and line.label[k] != "case":
            return Opener.CONTRAST, contrast, k + 1
        if word == "that" and tag in ("IN", "WDT"):
            if k > 0 and line.tag[k - 1] == "CC":
                return Opener.CONJUNCTION, k - 1, k + 1
            return (Opener.THAT if tag == "IN" else Opener.RESTRICTIVE), k, k + 1
        if tag in ("WDT", "WP", "WP$", "WRB") and word in _RELATIVE:
            return _relative(line, k)
        if word in inside and (
            tag in ("WRB", "WP", "WDT") or (line.label[k] in ("mark", "advmod") and tag == "IN")
        ):
            return Opener.INSIDE, k, k + 1
        if word == "time" and k >= 2 and line.low[k - 2 : k] == ["by", "the"]:
            return Opener.INSIDE, k - 2, k + 1
        if word in _PERIODS and k >= 2 and line.low[k - 2 : k] == [",", "the"]:
            # "in 2021, the year Holt took office, and 8,466 in 2024"
            return Opener.INSIDE, k - 1, k + 1
        directly = k == begin or (k == begin - 1 and verb.subject >= 0)
        if word in inside and tag == "IN" and directly:
            return Opener.INSIDE, k, k + 1
        k -= 1
    return Opener.START, -1, 0


def _joins_nouns(line: ClauseLine, k: int, begin: int) -> bool:
    """Tell whether the conjunction at k joins nouns of a phrase before the subject ("in Paris and London
    the …")."""
    while (
        begin > k + 1
        and line.tag[begin] in NOUNS
        and line.tag[begin - 1] in NOUNS | {"JJ", "DT", "PRP$", "CD"}
    ):
        begin -= 1
    head = line.head[k]
    if not (k < head < begin and line.label[head] == "conj" and line.tag[head] in NOMINAL):
        return False
    return line.tag[line.head[head]] not in VERBAL


def _joins_adjectives(line: ClauseLine, k: int, verb: Verb) -> bool:
    """Tell "large, but insufficient, majorities" and "middle- and low-income families"."""
    if k == 0 or k + 1 >= len(line):
        return False
    if line.low[k - 1] == "-" and not line.is_dash(k - 1):
        return True
    head = line.head[k]
    adjective = k < head < verb.first and line.tag[head] in ("JJ", "JJR", "JJS", "VBN", "VBG", "RB")
    return adjective and line.label[head] == "conj" and line.tag[line.head[head]] in _ADJECTIVAL


def _relative(line: ClauseLine, k: int) -> tuple[Opener, int, int]:
    """Tell a non-restrictive relative (behind a comma or dash) from a restrictive one."""
    before = k - 1
    while (
        before >= 0
        and k - before <= 4
        and (line.tag[before] in _BEFORE_RELATIVE or line.low[before] in QUOTES)
    ):
        before -= 1
    fenced = before >= 0 and (line.low[before] in (",", "(") or line.is_dash(before))
    if fenced:
        # "most of whom were women" keeps its words, "in which 12 died" and "who" do not.
        keeps = line.low[k] in ("whom", "which") and "of" in line.low[before + 1 : k] and k - before > 2
        return Opener.RELATIVE, before, (before + 1 if keeps else k + 1)
    if k == 0:
        return Opener.START, -1, 0
    if line.tag[k - 1] == "CC":
        return Opener.CONJUNCTION, k - 1, k + 1
    return Opener.RESTRICTIVE, k, k + 1
