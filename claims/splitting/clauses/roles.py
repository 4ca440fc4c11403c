"""What is each clause to the others of its sentence: beside, against, inside, or attached?

The opener tells most; the tree decides what a conjunction joins. Adverbial clauses of time, condition and
cause
stay inside their unit.
"""

from __future__ import annotations

from claims.language.parser import FINITE
from claims.splitting.clauses.openers import ClauseRole, OpenedClause, Opener, opener_of
from claims.splitting.clauses.verbs import NOMINAL, ClauseLine, Verb, listed
from claims.splitting.word_lists import word_lists

_FIRST_PERSON = word_lists("closed_words_en.txt")["thinking"]
_COMES = frozenset({"come", "comes", "came", "coming"})


def classify(line: ClauseLine, verbs: list[Verb], *, quoted: bool = False) -> list[OpenedClause]:
    """Return the clauses of a line in order with their roles."""
    found = _classified(line, verbs)
    missing = _without_verb(line, found)
    if missing is not None:
        place = line.missed_verb(*missing)
        if place >= 0:
            line.tag[place] = "VBD"
            found = _classified(
                line, sorted([*verbs, Verb(place, place, place, place, -1)], key=lambda v: v.finite)
            )
    _main_after_contrast(line, found)
    if quoted:
        _drop_first_person(line, found)
    return found


def _without_verb(line: ClauseLine, found: list[OpenedClause]) -> tuple[int, int] | None:
    """Return the stretch that should hold a main verb and has none."""
    main = next((clause for clause in found if clause.role in (ClauseRole.MAIN, ClauseRole.COORDINATE)), None)
    if main is None:
        return 0, len(line)
    if main is found[0] and main.open > 2 and main.opener in (Opener.BREAK, Opener.CONJUNCTION):
        return 0, main.open
    return None


def _classified(line: ClauseLine, verbs: list[Verb]) -> list[OpenedClause]:
    found: list[OpenedClause] = []
    owner: dict[int, OpenedClause] = {}
    for verb in verbs:
        opener, place, start = opener_of(line, verb, owner)
        clause = OpenedClause(verb, ClauseRole.INSIDE, place, start, opener.value, opener=opener)
        _ROLES[opener](line, clause, found)
        clause.embedded = clause.role is ClauseRole.INSIDE
        found.append(clause)
        owner.update(dict.fromkeys(range(verb.finite, verb.last + 1), clause))
    return found


def _own_subject(line: ClauseLine, clause: OpenedClause) -> bool:
    verb = clause.verb
    if verb.subject >= clause.start:
        return True
    return any(line.tag[k] in NOMINAL for k in range(clause.start, verb.first)) and verb.subject < 0


def _main(line: ClauseLine, clause: OpenedClause, found: list[OpenedClause]) -> None:
    clause.role = ClauseRole.MAIN
    if any(before.cut for before in found):
        clause.role = ClauseRole.CONTINUE


def _conjunction(line: ClauseLine, clause: OpenedClause, found: list[OpenedClause]) -> None:
    """Find what the conjunction joins, and share that clause's role."""
    if not found:
        clause.role = ClauseRole.MAIN
        return
    own = _own_subject(line, clause)
    fenced = clause.open > 0 and line.low[clause.open - 1] in (",", '"', "”")
    word = line.low[clause.open]
    head = line.head[clause.verb.head] if line.label[clause.verb.head] == "conj" else -1
    partner = next((before for before in found if before.verb.head == head or before.verb.last == head), None)
    free = [before for before in found if not before.embedded and before.role is not ClauseRole.RELATIVE]
    if not own and not fenced and partner is not found[-1] and found[-1] in free:
        partner = found[-1]
    if (
        partner is not None
        and not partner.embedded
        and partner.role is ClauseRole.RELATIVE
        and (own or fenced)
        and free
    ):
        partner = free[-1]
    thats = [before for before in found if before.opener is Opener.THAT]
    if line.low[clause.open + 1 : clause.start] == ["that"] and thats:
        partner = thats[-1]
    elif partner is None and (fenced or (own and word == "but")):
        partner = free[-1] if free else found[-1]
    elif partner is None:
        partner = _nearest(found, own=own)
    elif partner.embedded and free and (fenced or word == "but") and partner.opener is not Opener.THAT:
        partner = free[-1]
    if partner.embedded:
        clause.role = ClauseRole.INSIDE
        clause.opener = partner.opener
        clause.open = partner.open
        return
    after = _words(line, clause.verb.last + 1, len(line))
    short = after < 1 or (after < 2 and clause.open - partner.verb.last < 2)
    if (word in ("or", "nor") and not own) or word == "or" or (short and not own):
        clause.role = ClauseRole.CONTINUE
        return
    if partner.role is ClauseRole.RELATIVE:
        clause.role = ClauseRole.RELATIVE
        clause.rule = "relative-coordinate"
        return
    clause.role = ClauseRole.COORDINATE
    clause.rule = "coordinate" if own else "coordinate-elided"
    clause.cut = True


def _nearest(found: list[OpenedClause], *, own: bool) -> OpenedClause:
    """Return the clause that a conjunction without a comma joins to when the tree does not say."""
    last = found[-1]
    if own or last.opener not in (Opener.RESTRICTIVE,):
        return last
    free = [clause for clause in found if not clause.embedded]
    return free[-1] if free else last


def _words(line: ClauseLine, start: int, end: int) -> int:
    return sum(any(c.isalnum() for c in line.low[k]) for k in range(start, min(end, start + 8)))


def _break(line: ClauseLine, clause: OpenedClause, found: list[OpenedClause]) -> None:
    """Cut behind a semicolon, and behind a colon or dash before a clause with a subject of its own."""
    if not found:
        clause.role = ClauseRole.MAIN
        # "Breaking: the mayor resigned", "Unemployment - which fell": nothing was asserted before.
        clause.cut = line.low[clause.open] == ":" and clause.open <= 2
        return
    if line.low[clause.open] == ";" or _own_subject(line, clause):
        if all(before.embedded for before in found):
            clause.role = ClauseRole.MAIN
            return
        clause.role = ClauseRole.COORDINATE
        clause.rule = "break"
        clause.cut = True
    else:
        clause.role = ClauseRole.CONTINUE


def _bracket(line: ClauseLine, clause: OpenedClause, found: list[OpenedClause]) -> None:
    clause.role = ClauseRole.PARENTHESIS if _own_subject(line, clause) else ClauseRole.INSIDE


def _contrast(line: ClauseLine, clause: OpenedClause, found: list[OpenedClause]) -> None:
    """Make "although X" a unit; "while X" only behind a comma or at the start (else it is a time)."""
    opener = " ".join(line.low[clause.open : clause.start])
    before = clause.open - 1
    fenced = (
        before < 0 or line.low[before] in (",", "(", ";") or line.is_dash(before) or line.tag[before] == "CC"
    )
    if opener in ("while", "whilst", "even as") and not fenced and not _compares(line, clause, found):
        return
    if before >= 0 and line.low[before] in ("as", "that"):
        # "acting as though", "he notes that while X, Y": part of what stands around it.
        clause.opener = Opener.THAT if line.low[before] == "that" else Opener.INSIDE
        clause.open = before + 1 if line.low[before] == "that" else before
        return
    if line.tag[before] == "CC" and before == 0:
        clause.open = before
    clause.role = ClauseRole.CONTRAST
    clause.rule = f"contrast-{opener.replace(' ', '-')}"
    clause.cut = not _resumed(line, clause)


def _compares(line: ClauseLine, clause: OpenedClause, found: list[OpenedClause]) -> bool:
    """Tell "40 million went by rail while trucks moved 90 million" from what happened meanwhile."""
    verb = clause.verb
    if not found or verb.subject < clause.start or "VBG" in line.tag[verb.finite : verb.last + 1]:
        return False
    before = found[-1].verb
    same_tense = line.tag[before.finite] == line.tag[verb.finite]
    named = line.tag[verb.subject] in NOMINAL and line.tag[verb.subject] not in ("PRP", "EX")
    figures = any(line.tag[k] == "CD" for k in range(verb.last, len(line)))
    return (
        same_tense
        and (named or line.tag[verb.subject] in ("JJ", "PRP$"))
        and (figures or line.low[before.last] != line.low[verb.last])
    )


def _main_after_contrast(line: ClauseLine, found: list[OpenedClause]) -> None:
    """Begin the main clause at its subject where no comma parts it: "Although it rains here we have no floods"."""
    first = found[0] if found else None
    if first is None or first.role is not ClauseRole.CONTRAST or first.open > 1:
        return
    if any(clause.role in (ClauseRole.MAIN, ClauseRole.COORDINATE) for clause in found):
        return
    for clause in found[1:]:
        bare = clause.opener in (Opener.BARE, Opener.COMMA) and clause.verb.subject > first.verb.last + 1
        if bare and line.label[first.verb.head] != "root":
            clause.role, clause.embedded, clause.cut = ClauseRole.MAIN, False, True
            clause.rule = "main-after-contrast"
            clause.open = clause.start = clause.verb.subject
            return


def _resumed(line: ClauseLine, clause: OpenedClause) -> bool:
    """Tell whether the clause before goes on behind this one: "X, although Y, did Z"."""
    if clause.open <= 0:
        return False
    comma = next((k for k in range(clause.verb.last + 1, len(line)) if line.low[k] == ","), -1)
    if comma < 0 or comma + 1 >= len(line):
        return False
    return line.tag[comma + 1] in FINITE and line.head[comma + 1] < clause.open


def _inside(line: ClauseLine, clause: OpenedClause, found: list[OpenedClause]) -> None:
    """Keep the clause inside its unit, but for ", as X has not …" (a reason) and "this comes as X" (a
    frame)."""
    word = line.low[clause.open]
    if found and word in ("as", "after"):
        frame = found[-1]
        gap = clause.open - frame.verb.last
        is_frame = frame.role in (ClauseRole.MAIN, ClauseRole.COORDINATE) and 1 <= gap <= 4
        if is_frame and line.low[frame.verb.last] in _COMES and _announces(line, frame):
            clause.role = ClauseRole.MAIN
            clause.rule = "comes-as"
            clause.cut = True
            frame.role = ClauseRole.CONTINUE
            # The frame itself is no unit: the new one begins where the old one did.
            clause.open = frame.start
            return
    if (
        word == "as"
        and found
        and clause.open > 0
        and line.low[clause.open - 1] == ","
        and _stative(line, clause)
    ):
        clause.role = ClauseRole.CONTRAST
        clause.rule = "as-reason"
        clause.cut = True


def _announces(line: ClauseLine, frame: OpenedClause) -> bool:
    listed_heads = listed("clauses_frames")
    left = max(frame.verb.subject, frame.start)
    subject = line.low[left : frame.verb.first]
    return bool(listed_heads & set(subject))


def _stative(line: ClauseLine, clause: OpenedClause) -> bool:
    """Tell a reason from a time: perfect, negated or with a plain "is"; "as troops advanced" is a time."""
    words = line.low[clause.verb.finite : clause.verb.last + 1]
    tags = line.tag[clause.verb.finite : clause.verb.last + 1]
    if "VBG" in tags:
        return False
    negated = "not" in words or "n't" in words or "never" in words
    return negated or words[0] in ("has", "have", "is", "are", "was", "were")


def _non_restrictive(line: ClauseLine, clause: OpenedClause, found: list[OpenedClause]) -> None:
    clause.role = ClauseRole.RELATIVE
    clause.rule = "relative"


def _embedded(line: ClauseLine, clause: OpenedClause, found: list[OpenedClause]) -> None:
    clause.role = ClauseRole.INSIDE


def _comma(line: ClauseLine, clause: OpenedClause, found: list[OpenedClause]) -> None:
    """Read a verb behind a comma: the main clause after an "although" clause, a splice, or one that goes
    on."""
    before = [earlier for earlier in found if earlier.verb.last < clause.open]
    last = before[-1] if before else None
    if clause.verb.last - clause.start < 6 and not _words(line, clause.verb.last + 1, len(line)):
        # ", the poll found" at the end is a frame.
        clause.role = ClauseRole.CONTINUE
        return
    if last is not None and last.role is ClauseRole.CONTRAST and _own_subject(line, clause) and last.cut:
        clause.role = ClauseRole.MAIN
        clause.rule = "main-after-contrast"
        clause.cut = True
        return
    # Without a word that subordinates it, what the parser calls adverbial is a clause of its own.
    conjoined = line.label[clause.verb.head] in ("conj", "parataxis", "advcl")
    if _own_subject(line, clause) and conjoined and any(not earlier.embedded for earlier in before):
        clause.role = ClauseRole.COORDINATE
        clause.rule = "splice"
        clause.cut = True
        return
    head = line.head[clause.verb.head] if line.label[clause.verb.head] == "conj" else -1
    partner = next((earlier for earlier in before if head in (earlier.verb.head, earlier.verb.last)), None)
    listed_verb = partner is not None and not partner.embedded and partner.role is not ClauseRole.RELATIVE
    compared = line.low[clause.verb.first] == "compared"
    if listed_verb and clause.start == clause.verb.first and not _own_subject(line, clause) and not compared:
        clause.role = ClauseRole.COORDINATE
        clause.rule = "list-elided"
        clause.cut = True
        return
    clause.role = ClauseRole.CONTINUE


_ROLES = {
    Opener.START: _main,
    Opener.CONJUNCTION: _conjunction,
    Opener.BREAK: _break,
    Opener.BRACKET: _bracket,
    Opener.CONTRAST: _contrast,
    Opener.INSIDE: _inside,
    Opener.RELATIVE: _non_restrictive,
    Opener.RESTRICTIVE: _embedded,
    Opener.THAT: _embedded,
    Opener.COMMA: _comma,
    Opener.BARE: _embedded,
}


def _drop_first_person(line: ClauseLine, found: list[OpenedClause]) -> None:
    """Begin a quoted unit behind "I think (that)", "we proceed from the fact that"."""
    for at, clause in enumerate(found[:-1]):
        following = found[at + 1]
        starts = clause.role in (ClauseRole.MAIN, ClauseRole.COORDINATE) and following.opener in (
            Opener.THAT,
            Opener.BARE,
        )
        subject = line.low[clause.verb.first - 1] if clause.verb.first else ""
        if not starts or subject not in ("i", "we") or clause.verb.first - clause.start > 4:
            continue
        phrase = line.low[clause.verb.finite : following.start]
        thinks = bool(set(phrase) & _FIRST_PERSON) and "not" not in phrase and "n't" not in phrase
        if (thinks and subject == "i") or "fact" in phrase or "sure" in phrase:
            old, following.open = following.open, clause.start
            following.start = old + 1
            if following.opener is Opener.BARE:
                following.start = old + 1
            following.role, following.embedded, following.cut = ClauseRole.MAIN, False, True
            following.rule = "first-person"
