"""Attribution in German: reporting verbs, "so X", "laut X", "wie X mitteilte", "hieß es bei X", Konjunktiv.

Works on words alone, without tags or trees: capital letters mark nouns, a comma marks every clause. What it
does not find it leaves to the article; it never reads attitudes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from claims.language.document import Reading
from claims.splitting.attribution.plain_lines import (
    MARKS,
    STOPS,
    Line,
    Place,
    carried,
    is_spoken,
    lines,
    row,
    with_quotations,
)
from claims.splitting.attribution.results import Attributed, Complement
from claims.splitting.word_lists import DATA, word_lists

ACCORDING = "laut / nach Angaben / zufolge"
AS_SAID = "wie X mitteilte"
#: What is left of the sentence behind these begins with its verb: "Laut Amt stieg die Zahl".
FRONTED = frozenset({ACCORDING, AS_SAID})

_LISTS = word_lists("frames_de.txt")
_ARTICLES = _LISTS["articles"]
_PRONOUNS = _LISTS["pronouns"]
_LINKS = _LISTS["links"]
_SUBJUNCTIVE = _LISTS["subjunctive"]
_INDICATIVE_E = _LISTS["indicative_e"]
_THAT = _LISTS["that"]
_RELATIVE = _LISTS["relative"]
_OBJECT_VERBS = _LISTS["object_verbs"]
_DENIALS = _LISTS["denials"]
_NEGATIONS = _LISTS["negations"]
_ACCORDING_NOUNS = _LISTS["according_nouns"]
_SIDE_NOUNS = _LISTS["side_nouns"]
_ADVERBIAL = _LISTS["adverbial"]
_FROM = _LISTS["from"]
_HAVE = _LISTS["have"]
_DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag")
_LONGEST_FRAME = 14
_LONGEST_SOURCE = 20
_FINITE = re.compile(r"(?!hat|ist|mit|seit|nicht|erst)\w{3,}(?:t|te|ten)\Z")
# "Polizeiangaben": who says it is the first part of the word.
_COMPOUND = re.compile(r"\w{3,}angaben\Z")


@cache
def _verbs() -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the lemmas of each form, with the part that has to stand behind it ("" for none)."""
    forms: dict[str, list[tuple[str, str]]] = {}
    for line in (DATA / "cues_verbs_de.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith(("#", "[")):
            lemma, *words = line.split()
            first, _, rest = lemma.rpartition("|")
            for word in {*words, rest}:
                forms.setdefault(word, []).append((first + rest, first))
                if first:
                    forms.setdefault(first + word, []).append((first + rest, ""))
    return {form: tuple(known) for form, known in forms.items()}


def _cue(line: Line, at: int) -> tuple[str, int] | None:
    """Return the lemma of a reporting verb at a place and the place of its second part (the same without one)."""
    for lemma, part in _verbs().get(line.low[at], ()):
        if not part:
            return lemma, at
        for look in range(at + 1, min(len(line.low), at + _LONGEST_FRAME)):
            if line.low[look] == part and not line.quoted(look):
                return lemma, look
            if line.words[look] in (",", ":", ".") and look > at + 1:
                break
    return None


def attribute(reading: Reading) -> tuple[Attributed, ...]:
    """Return the frames of a German article in order."""
    rows: list[Attributed] = []
    last: Attributed | None = None
    for line in lines(reading):
        found = next((made for reader in _READERS if (made := reader(line)) is not None), None)
        if found is not None and found.negated and not found.denial:
            # "Sie sagte nicht, wo …" puts nothing forward.
            continue
        if found is None and last is not None and last.source is not None:
            found = _continued(line, last, reading)
        if found is not None:
            rows.append(found)
            last = found
        elif not is_spoken(line):
            last = None
    return with_quotations(reading, rows)


def phrase_end(line: Line, at: int) -> int:
    """Return the index after the noun phrase that begins at ``at``; the same without one."""
    words, low = line.words, line.low
    end, last_noun, seen = at, -1, False
    most = min(len(words), at + _LONGEST_SOURCE)
    while end < most and not line.quoted(end):
        word = low[end]
        if line.is_hyphen(end) and seen:
            end += 1
            continue
        if words[end] in STOPS:
            break
        if word in _PRONOUNS and end == at and not line.is_name(end + 1):
            return end + 1
        if word.startswith(_DAYS) and words[end][:1].isupper() and seen:
            break
        if words[end][:1].isdigit() and seen:
            break
        if words[end][:1].isupper() or words[end][:1].isdigit():
            seen, last_noun = True, end
        elif word in _ARTICLES or word in _LINKS:
            follow = end + 1
            while (
                follow < min(len(words), end + 3)
                and not (words[follow][:1].isupper() or words[follow][:1].isdigit())
                and words[follow] not in STOPS
            ):
                follow += 1
            if follow >= len(words) or words[follow][:1].islower() or words[follow] in STOPS:
                break
            if seen and word in ("in", "im", "am", "bei", "zu", "aus"):
                break
            # "sagte Keller der Zeitung": to whom, while "der Sprecher der Polizei" is one phrase.
            addressed = word in ("dem", "den") or (word == "der" and not _takes_genitive(line, last_noun))
            if seen and addressed and low[end - 1] not in ("von", "für", "aus", "und"):
                break
        elif seen or low[end] in _verbs() or not word.isalpha():
            break
        end += 1
    return end if seen else at


def _takes_genitive(line: Line, at: int) -> bool:
    lists = word_lists("speakers_de.txt")
    ends = tuple(lists["role"] | lists["neuter"] | lists["masculine"] | lists["feminine"] | lists["group"])
    return line.low[at].endswith(ends)


def _source(line: Line, at: int) -> tuple[Place, int] | None:
    """Return the source that begins at ``at`` and where its words end: a name in apposition is the source itself."""
    end = phrase_end(line, at)
    if end == at:
        return None
    stop = end + 1
    if end < len(line.words) and line.words[end] == ",":
        while line.is_name(stop) or (stop < len(line.words) and line.words[stop] == "-"):
            stop += 1
        closed = stop >= len(line.words) or line.words[stop] in (",", ".", ":", *MARKS)
        if closed and stop - end > 2 and line.low[end + 1] not in _ARTICLES:
            return (end + 1, stop), stop
    return (at, end), end


def _made(
    line: Line,
    cue: Place,
    lemma: str,
    source: Place | None,
    content: list[Place],
    rule: str,
    complement: Complement = Complement.CLAUSE,
) -> Attributed | None:
    return row(
        line,
        cue=cue,
        lemma=lemma,
        source=source,
        content=content,
        complement=complement,
        rule=rule,
        skip=_THAT,
        negated=any(word in _NEGATIONS for word in line.low[cue[0] : cue[1] + 1]),
        denial=lemma in _DENIALS,
    )


def _according(line: Line) -> Attributed | None:
    """Read "laut X", "nach Angaben von X", "aus Sicht von X", "X zufolge"."""
    low, size = line.low, len(line.low)
    for at in range(size):
        if line.quoted(at):
            continue
        cue: Place | None = None
        source: Place | None = None
        if low[at] == "laut" and at + 1 < size:
            cue, source = (at, at + 1), (at + 1, phrase_end(line, at + 1))
        elif low[at] == "nach" and at + 1 < size and _COMPOUND.search(low[at + 1]):
            cue, source = (at, at + 1), (at + 1, at + 2)
        elif low[at] in ("nach", "aus", "laut") and at + 2 < size:
            noun = at + 1 + (low[at + 1] in _ARTICLES)
            if noun + 1 < size and low[noun] in (_ACCORDING_NOUNS if low[at] == "nach" else _SIDE_NOUNS):
                start = noun + 1 + (low[noun + 1] in ("von", "vom"))
                cue, source = (at, start), (start, phrase_end(line, start))
        elif low[at] == "zufolge" and at > 0:
            start = at - 1
            while start > 0 and _before_zufolge(line, start - 1):
                start -= 1
            if low[start] in ("angaben", "informationen", "aussagen") and low[start + 1] in (
                "von",
                "vom",
                "des",
                "der",
            ):
                start += 2
            cue, source = (at, at + 1), (start, at)
        if cue is None or source is None or source[0] >= source[1]:
            continue
        left, right = min(cue[0], source[0]), max(cue[1], source[1])
        if low[at] == "zufolge" and left > 1 and low[left - 2] == "angaben":
            left -= 2
        lemma = " ".join(low[cue[0] : cue[1]])
        return _made(line, cue, lemma, source, [(0, left), (right, size)], ACCORDING)
    return None


def _before_zufolge(line: Line, at: int) -> bool:
    if line.words[at] in STOPS or line.low[at] in _verbs():
        return False
    return (
        line.words[at][:1].isupper()
        or line.low[at] in _ARTICLES | _LINKS
        or line.low[at].endswith(("en", "er", "em"))
    )


def _so(line: Line) -> Attributed | None:
    """Read "…, so X", "…“, so X am Montag" and "So X: …"."""
    low, words, size = line.low, line.words, len(line.low)
    for at in range(size - 1):
        if low[at] != "so" or line.quoted(at):
            continue
        opens = low[at + 1] in _ARTICLES or line.is_name(at + 1)
        found = _source(line, at + 1) if opens else None
        if found is None:
            continue
        source, end = found
        if at == 0:
            if words[end : end + 1] == [":"]:
                return _made(line, (0, 1), "so", source, [(end, size)], "so X", Complement.QUOTE)
            continue
        if words[at - 1] not in (",", "-", "—", "–", *MARKS):
            continue
        if (
            end < size
            and words[end] not in STOPS
            and low[end] not in _ADVERBIAL
            and not low[end].startswith(_DAYS)
        ):
            continue
        after = next((look for look in range(end, size) if words[look] == "," or line.quoted(look)), size)
        return _made(line, (at, at + 1), "so", source, [(0, at), (after, size)], "so X")
    return None


def _as_said(line: Line) -> Attributed | None:
    """Read "wie die Polizei mitteilte", "wie es aus dem Ministerium hieß", "wie aus dem Bericht hervorgeht"."""
    low, words, size = line.low, line.words, len(line.low)
    for at in range(size - 2):
        if low[at] != "wie" or line.quoted(at) or (at > 0 and words[at - 1] not in (",", *MARKS)):
            continue
        most = min(size, at + _LONGEST_FRAME)
        end = next((look for look in range(at + 1, most) if words[look] in (",", ".", ";", ":")), most)
        verb = low[end - 1]
        if verb in _HAVE and end - 2 > at:
            verb = low[end - 2]
        body = at + 1 + (low[at + 1] == "es")
        if verb in ("hieß", "heißt", "hervorgeht", "hervorging") and low[body] in _FROM:
            start = body + 1
        elif any(not part for _, part in _verbs().get(verb, ())):
            start = at + 1
        else:
            continue
        stop = phrase_end(line, start)
        if stop == start:
            continue
        content = [(0, at), (end, size)] if at else [(end, size)]
        return _made(line, (at, end), verb, (start, stop), content, AS_SAID)
    return None


def _it_said(line: Line) -> Attributed | None:
    """Read "hieß es bei der Polizei", "heißt es in dem Bericht" and "Aus dem Ministerium hieß es, …"."""
    low, words, size = line.low, line.words, len(line.low)
    for at in range(size - 1):
        if low[at] not in ("hieß", "heißt") or low[at + 1] != "es" or line.quoted(at):
            continue
        inverted = at > 0 and (words[at - 1] in (",", *MARKS) or line.quoted(at - 1))
        if inverted:
            start = next((look + 1 for look in range(at + 2, size) if low[look] in _FROM), -1)
            stop = phrase_end(line, start) if start > 0 else start
            source = (start, stop) if 0 < start < stop else None
            return _made(line, (at, at + 2), "heißen", source, [(0, at)], "hieß es bei X")
        begin = next((look for look in range(at + 2, size) if words[look] in (",", ":")), -1)
        if begin < 0:
            continue
        side = (at + 2, begin) if begin > at + 2 else (0, at)
        start = next((look + 1 for look in range(*side) if low[look] in _FROM), -1)
        stop = phrase_end(line, start) if start > 0 else start
        source = (start, stop) if 0 < start < stop else None
        return _made(line, (at, at + 2), "heißen", source, [(begin, size)], "hieß es bei X")
    return None


def _cues(line: Line) -> Iterator[tuple[int, str, int]]:
    """Give the places of reporting verbs, their lemma and where their last part stands."""
    for at in range(len(line.low)):
        if line.quoted(at) or (line.words[at][:1].isupper() and at > 0):
            continue
        if line.low[at] in _HAVE:
            for look in range(at + 1, min(len(line.low), at + _LONGEST_FRAME)):
                if line.words[look] in (",", ".", ":") or line.quoted(look):
                    break
                known = [lemma for lemma, part in _verbs().get(line.low[look], ()) if not part]
                if known and line.words[look].islower():
                    yield at, known[0], look
                    break
        cue = _cue(line, at)
        if cue is not None:
            yield at, *cue


def _verb_frame(line: Line) -> Attributed | None:
    words = line.words
    for at, lemma, part in _cues(line):
        behind = at > 0 and (words[at - 1] in (",", "?", "!", "-", "—", "–") or line.quoted(at - 1))
        source = _left(line, at)
        made = _inverted(line, at, lemma, part) if behind and source is None else None
        if made is None:
            made = _forward(line, at, lemma, part, source)
        if made is not None:
            return made
    return None


def _inverted(line: Line, at: int, lemma: str, part: int) -> Attributed | None:
    """Read "…, sagte X", with what follows where the quotation or the sentence goes on."""
    words, size = line.words, len(line.words)
    found = _source(line, at + 1)
    if found is None:
        return None
    source, end = found
    end = max(end, part + 1)
    content = [(0, at)]
    after = line.resumed(end)
    if after >= 0:
        content.append((after, size))
    elif words[end : end + 1] == [","] and not line.quoted(at - 1) and end + 2 < size:
        goes_on = line.low[end + 1] not in _RELATIVE or line.low[end + 2] in _PRONOUNS
        content += [(end + 1, size)] if goes_on else []
    quoted = line.quoted(at - 1) or (at > 1 and line.quoted(at - 2))
    complement = Complement.QUOTE if quoted else Complement.CLAUSE
    return _made(line, (at, at + 1), lemma, source, content, "Verb vor dem Subjekt", complement)


def _forward(line: Line, at: int, lemma: str, part: int, source: Place | None) -> Attributed | None:
    """Read "X sagte, …", "Am Montag sagte X: …" and "X forderte Neuwahlen"."""
    words, low, size = line.words, line.low, len(line.low)
    if source is None:
        found = _source(line, at + 1)
        if found is None:
            return None
        source, end = found
        begin_at = max(end, part + 1)
    else:
        begin_at = max(at + 1, part)
    begin = next(
        (look for look in range(begin_at, size) if words[look] in (",", ":") or line.quoted(look)), -1
    )
    if begin < 0:
        if lemma not in _OBJECT_VERBS or at + 1 >= size or source[0] > at:
            return None
        return _made(
            line, (at, at + 1), lemma, source, [(at + 1, size)], "Verb mit Objekt", Complement.PHRASE
        )
    if begin - at > _LONGEST_FRAME:
        return None
    if line.quoted(begin) and words[begin - 1] not in (":", ",") and begin > at + 1:
        # "Das berichtet die „Morgenpost“": a name in marks.
        return None
    if source[1] - source[0] == 1 and low[source[0]] in ("das", "dies", "es"):
        return None
    quoted = line.quoted(begin) or (begin + 1 < size and line.quoted(begin + 1))
    first = low[begin + 1] if begin + 1 < size else ""
    relative = (
        first in _RELATIVE and source[0] > at and not any(word in _SUBJUNCTIVE for word in low[begin + 1 :])
    )
    if not quoted and words[begin] != ":" and (begin + 2 >= size or relative):
        return None
    complement = Complement.QUOTE if quoted else Complement.CLAUSE
    return _made(line, (at, at + 1), lemma, source, [(begin, size)], "Subjekt vor dem Verb", complement)


def _left(line: Line, at: int) -> Place | None:
    """Return the noun phrase or pronoun that ends before the verb at ``at``."""
    words = line.words
    start = at
    while start > 0 and not line.quoted(start - 1) and words[start - 1] not in STOPS - {"-"}:
        start -= 1
    if at > 2 and words[at - 1] == ")":
        # "Marta Vogt (SPD) sagte": the party is no part of the name.
        opened = next((look for look in range(at - 2, max(-1, at - 8), -1) if words[look] == "("), 0)
        return _left(line, opened) if opened else None
    if start == at:
        if at < 2 or words[at - 1] != "," or line.quoted(at - 2):
            return None
        # "Ida Brandt, Ministerin für Arbeit, sagte": the apposition is skipped, or is the name itself.
        comma = next((look for look in range(at - 2, -1, -1) if words[look] in STOPS - {"-"}), -1)
        if comma <= 0 or words[comma] != ",":
            return None
        named = at - 1 - comma > 2 and all(line.is_name(look) for look in range(comma + 1, at - 1))
        if named and line.low[0] in _ARTICLES:
            return comma + 1, at - 1
        return (0, comma) if phrase_end(line, 0) == comma else None
    for begin in range(start, at):
        if line.low[begin] in ("auch", "selbst", "sogar", "nur"):
            continue
        if phrase_end(line, begin) == at:
            # "Am Montag sagte …" is no subject.
            outer = line.low[begin] in _ADVERBIAL or line.low[begin] in ("zudem", "dabei", "so")
            return None if outer or (begin > start and line.low[begin - 1] in _ADVERBIAL) else (begin, at)
    return None


def _continued(line: Line, last: Attributed, reading: Reading) -> Attributed | None:
    """Carry indirect speech over to a sentence in the Konjunktiv without a frame of its own."""
    near = line.sentence.index - last.sentence <= 2
    block = reading.sentences[last.sentence].block
    if not near or line.sentence.block - block > 1:
        return None
    if is_spoken(line):
        return None
    at = next((at for at in range(len(line.low)) if _is_subjunctive(line, at)), -1)
    return carried(line, last, lemma="Konjunktiv", rule="Konjunktiv", at=at) if at >= 0 else None


def _is_subjunctive(line: Line, at: int) -> bool:
    """Tell a form of the Konjunktiv: a listed one, or "er wisse", "sie leide"."""
    low = line.low[at]
    if line.quoted(at) or (line.words[at][:1].isupper() and at > 0):
        return False
    if low in ("hätte", "hätten", "würde", "würden", "wäre", "wären", "könnten", "müssten"):
        return "wenn" not in line.low
    if low in _SUBJUNCTIVE:
        return True
    beside = {line.low[look] for look in (at - 1, at + 1) if 0 <= look < len(line.low)}
    third = bool(beside & {"er", "es", "man"}) and "ich" not in line.low
    return (
        third and len(low) > 3 and low.endswith("e") and not low.endswith("te") and low not in _INDICATIVE_E
    )


def _label(line: Line) -> Attributed | None:
    """Read "Finanzsenator Ole Kuhn (CDU): „…“": a name and a colon before the words."""
    words, end = line.words, phrase_end(line, 0)
    colon = end
    if end and words[end : end + 1] == ["("]:
        near = range(end, min(len(words), end + 6))
        colon = next((look + 1 for look in near if words[look] == ")"), end)
    if not end or words[colon : colon + 1] != [":"] or not line.quoted(colon + 1):
        return None
    content = [(colon, len(words))]
    return _made(line, (colon, colon + 1), "so", (0, end), content, "Name mit Doppelpunkt", Complement.QUOTE)


def _any_verb(line: Line) -> Attributed | None:
    """Read "„…“, rechnete Kuhn vor": behind a quotation whatever verb stands before who said it."""
    at = line.behind_quotation()
    if at < 0 or at + 1 >= len(line.words) or _FINITE.match(line.low[at]) is None:
        return None
    opens = line.low[at + 1] in _ARTICLES or line.is_name(at + 1)
    found = _source(line, at + 1) if opens else None
    if found is None:
        return None
    rule = "Verb nach dem Zitat"
    return _made(line, (at, at + 1), line.low[at], found[0], [(0, at)], rule, Complement.QUOTE)


_READERS: tuple[Callable[[Line], Attributed | None], ...] = (
    _as_said,
    _it_said,
    _so,
    _according,
    _verb_frame,
    _label,
    _any_verb,
)
