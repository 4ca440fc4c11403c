"""Which loose phrases behind a comma assert something of their own, and where do loose clauses end?

Participles and appositions that state a quantity, a rank or a result are units; manner, mere roles and
comparisons of
the same figure are not.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.language.parser import NOUNS
from claims.splitting.clauses.openers import ClauseRole, OpenedClause, Opener
from claims.splitting.clauses.verbs import ADVERBS, ClauseLine, listed

_RANK = frozenset(["only", "first", "second", "third", "last", "sole", "largest", "biggest", "main"])


@dataclass(frozen=True, slots=True)
class Nested:
    """A loose phrase: places of the line, end exclusive."""

    start: int
    end: int
    rule: str


def closing(line: ClauseLine, found: list[OpenedClause], opener: int, at: int, limit: int) -> int:
    """Return where the loose clause number ``at``, opened at ``opener``, ends: before the clause around it
    goes on."""
    if opener >= 0 and line.low[opener] == "(":
        return line.low.index(")", opener, limit) if ")" in line.low[opener:limit] else limit
    dash = 0 <= opener < len(line) and line.is_dash(opener)
    start = found[at].verb.last
    if dash:
        return line.next_dash(start + 1, limit)
    for later in found[at + 1 :]:
        if later.verb.first >= limit:
            break
        if later.role is ClauseRole.RELATIVE and later.rule == "relative-coordinate":
            return later.open
        goes_on = later.role is ClauseRole.CONTINUE or (later.role is ClauseRole.MAIN and later.open < opener)
        if goes_on and line.low[later.open] != "or":
            comma = later.verb.first - 1
            while comma > start and not line.is_comma(comma):
                comma -= 1
            if comma > start:
                return comma
    return limit


def loose_phrases(line: ClauseLine, found: list[OpenedClause]) -> list[Nested]:
    """Return the participles and appositions behind commas that are units."""
    result: list[Nested] = []
    if not found:
        return result
    fences = line.fences(1, len(line) - 3)
    if not fences:
        return result
    finite = {k for clause in found for k in range(clause.verb.finite, clause.verb.last + 1)}
    first_verb = next((clause.verb for clause in found if not clause.embedded), found[0].verb)
    for k in fences:
        j = k + 1
        while j < len(line) - 2 and line.tag[j] in ADVERBS and line.low[j] != "home":
            j += 1
        if j in finite or (line.tag[k - 1] not in NOUNS | {"CD"} and k < first_verb.first):
            continue
        end = _end(line, found, k)
        if end < 0 or end - j < 3:
            continue
        medial = k < first_verb.first
        if line.tag[j] == "VBN":
            end = _aside(line, j, end)
        rule = _participle(line, j, end, medial=medial) or _apposition(line, k, j, end, found)
        if rule == "absolute":
            result.append(Nested(j + 1, end, rule))
        elif rule.startswith("participle"):
            result.extend(_coordinated(line, k + 1, j, end, rule))
        elif rule:
            result.append(Nested(k + 1, end, rule))
    return result


def _coordinated(line: ClauseLine, start: int, j: int, end: int, rule: str) -> list[Nested]:
    """Cut "killing two guards and setting three tanks ablaze": two results are two units."""
    result: list[Nested] = []
    for i in range(j + 2, end - 1):
        conjoined = line.tag[i] == line.tag[j] and line.label[i] == "conj" and line.low[i - 1] == "and"
        if (
            conjoined
            and j <= line.head[i] < i
            and line.tag[line.head[i]] == line.tag[j]
            and i - 1 - start >= 2
        ):
            result.append(Nested(start, i - 1, rule))
            start = i
    result.append(Nested(start, end, rule))
    return result


def _end(line: ClauseLine, found: list[OpenedClause], k: int) -> int:
    """Return where the phrase opened at k ends, -1 if it stands before a subject (an introductory phrase)."""
    fence_dash = line.is_dash(k)
    for clause in found:
        if clause.verb.first <= k:
            continue
        if clause.opener is Opener.THAT and clause.open > k + 1 and line.low[clause.open - 1] == ",":
            # "X wrote in a letter, sent in May, that Y": the phrase ends before what was written.
            return clause.open - 1
        if clause.cut and clause.open > k:
            return clause.open
        if clause.role is ClauseRole.CONTINUE or (clause.role is ClauseRole.MAIN and clause.open < k):
            if clause.verb.subject > k:
                return -1
            place = clause.verb.first - 1
            while place > k and not line.is_comma(place):
                place -= 1
            return place if place > k else -1
        if clause.role is ClauseRole.RELATIVE and clause.open > k:
            return clause.open
    if fence_dash:
        return line.next_dash(k + 1, len(line))
    return len(line)


def _participle(line: ClauseLine, j: int, end: int, *, medial: bool) -> str:
    """Name the rule by which the participle at j is a unit, "" if it is none."""
    tag, word = line.tag[j], line.low[j]
    if word == "with":
        # "with one organiser promising a week of protests", not "with a wall built in May".
        stop = next((i for i in range(j, end) if line.low[i] == ","), end)
        predicate = any(
            line.tag[i] in ("VBG", "VBN")
            and line.tag[i - 1] in NOUNS | {"CD", "RB"}
            and line.label[i] not in ("amod", "compound", "acl")
            and i + 1 < end
            for i in range(j + 2, stop)
        )
        counted = any(line.tag[i] == "CD" for i in range(j, end)) and any(
            line.tag[i] in ("VBG", "VBN") and i + 1 < end for i in range(j + 2, end)
        )
        return "absolute" if (predicate or counted) and end - j >= 5 else ""
    if tag not in ("VBG", "VBN") or word in listed("clauses_manner"):
        return ""
    if line.label[j] in ("amod", "compound", "case", "mark", "nsubj", "obj") and not _fuels(line, j, end):
        return ""
    words = line.low[j:end]
    if tag == "VBN":
        agent = "by" in words and end - j >= 5 and any(line.tag[i] == "NNP" for i in range(j, end))
        told = agent or any(line.tag[i] == "CD" for i in range(j, end))
        return "participle-past" if told else ""
    acts = _fuels(line, j, end) or any(
        line.label[kid] in ("obj", "ccomp", "xcomp", "obl", "obl:agent") for kid in line.kids[j]
    )
    counted = any(line.tag[i] == "CD" for i in range(j, end))
    if medial and not counted:
        return ""
    return "participle" if acts and end - j >= 3 else ""


def _aside(line: ClauseLine, j: int, end: int) -> int:
    """End a participle before the place or time of the clause around it: "…, long known as a port, in 2014"."""
    comma = next((i for i in range(j + 1, end) if line.low[i] == ","), end)
    rest = range(comma + 2, end)
    short = comma + 2 < end <= comma + 7 and line.tag[comma + 1] == "IN"
    goes_on = short and not any(line.tag[i] in ("CC", ",") or line.tag[i].startswith("V") for i in rest)
    return comma if goes_on else end


def _fuels(line: ClauseLine, j: int, end: int) -> bool:
    """Tell a participle that the parser took for an adjective of its object: ", fuelling talk of a recession"."""
    attribute = line.tag[j] == "VBG" and line.label[j] in ("amod", "compound") and line.head[j] == j + 1
    closed = "," not in line.low[j:end] and line.tag[j + 1] in ("NN", "NNS")
    return attribute and closed and line.low[j - 1] == "," and line.tag[j - 2] not in ("JJ", "VBG")


def _apposition(line: ClauseLine, k: int, j: int, end: int, found: list[OpenedClause]) -> str:
    """Name the rule by which the noun phrase at j is a unit (a rank, a quantity, a clause inside), "" if
    none."""
    stop = next((i for i in range(j, end) if line.low[i] == ","), end)
    if line.low[j] == "home" and j + 1 < stop and line.low[j + 1] == "to":
        return "apposition-home-to"
    if line.low[j] in ("a", "an") and j + 3 < stop and {"that", "which"} & set(line.low[j + 2 : j + 4]):
        # "…, a move that doubled the price" sums up the clause before it.
        sums_up = listed("clauses_frames") & set(line.low[j + 1 : j + 3])
        return "apposition-summing" if sums_up else ""
    if line.tag[j] not in ("DT", "CD", "PRP$", "JJS", "RBS") and line.low[j] not in _RANK:
        return ""
    if line.tag[k - 1] not in NOUNS and line.low[k - 1] not in ("'s", ")", '"', "”"):
        return ""
    words = line.low[j:stop]
    if len(words) < 4 or _listed_item(line, k, stop):
        return ""
    head = next((i for i in range(j, stop) if line.tag[i] in NOUNS and line.label[i] == "appos"), -1)
    ranked = any(line.tag[i] in ("JJS", "RBS") or line.low[i] in _RANK for i in range(j, stop))
    counted = any(
        line.tag[i] == "CD" and not (len(line.low[i]) == 4 and line.low[i].isdigit()) for i in range(j, stop)
    )
    clause = any(c.embedded and j < c.verb.first < stop for c in found)
    if line.tag[j] == "CD" and head < 0:
        return ""
    if head >= 0 and (ranked or counted or (clause and stop - j >= 5)):
        return "apposition"
    if line.tag[j] == "DT" and line.low[j] in ("a", "an", "the") and ranked:
        return "apposition-rank"
    return ""


def _listed_item(line: ClauseLine, k: int, stop: int) -> bool:
    """Tell an item of a list ("X, a Y and Z"; "X, the Y, and Z") from an apposition."""
    after = stop + 1 if stop < len(line) and line.low[stop] == "," else stop
    listed_after = after < len(line) and line.tag[after] == "CC"
    return listed_after or any(
        line.tag[i] == "CC"
        and line.head[i] >= 0
        and line.label[line.head[i]] == "conj"
        and line.head[line.head[i]] < k
        for i in range(k + 1, stop)
    )
