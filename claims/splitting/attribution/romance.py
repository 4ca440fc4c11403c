"""Attribution in Spanish and French: «…», advirtió X; X afirmó que …; según X, …; « … », a déclaré X; selon X.

Italian, Portuguese and Dutch as well: one reading for all, each with its own list of words (``data/speech_es.txt``).
Works on words alone. Only the plain frame is read; anything else is left to the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import pairwise

from claims.language.document import Reading, Sentence
from claims.language.tokens import Token
from claims.splitting.attribution.plain_lines import (
    MARKS,
    STOPS,
    Line,
    Place,
    is_spoken,
    lines,
    row,
    with_quotations,
)
from claims.splitting.attribution.results import Attributed, Complement
from claims.splitting.word_lists import word_lists

_ELIDED = re.compile(r"\A((?:[ldcjmnst]|qu|jusqu|lorsqu|un|all|dell|dall|nell|sull|quest)['’])(?=\w)", re.I)
_ASKED = re.compile(r"\A(?P<verb>[^\W\d_]+?)-(?:t-)?(?P<who>il|elle|on|ils|elles)\Z")
#: Languages whose speech is read by one list of words each.
LANGUAGES = ("es", "fr", "it", "pt", "nl")
_ELIDING = frozenset({"fr", "it"})
_NEGATIONS = frozenset({"no", "nunca", "n'", "ne", "non", "mai", "não", "niet", "nooit"})
_LONGEST_SOURCE = 14
_NEAR = 6
_HYPHEN = frozenset({"-"})


@dataclass(frozen=True)
class _Words:
    """The lists of one language; ``according`` are runs of words."""

    lists: dict[str, frozenset[str]]
    according: tuple[tuple[str, ...], ...]

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.lists[name]

    def opens(self, line: Line, at: int) -> bool:
        """Tell whether somebody can be named from here on."""
        if at >= len(line.words) or line.quoted(at):
            return False
        low = line.low[at]
        named = line.words[at][:1].isupper() or low in self["articles"] | self["pronouns"]
        return named or low in self["group"] | self["role"] | self["body"]


@cache
def _words(language: str) -> _Words:
    lists = word_lists(f"speech_{language}.txt")
    runs = tuple(tuple(run.split("_")) for run in sorted(lists["according"]))
    return _Words(lists, runs)


def attribute(reading: Reading, *, language: str) -> tuple[Attributed, ...]:
    """Return the frames of an article in order; ``language`` is one of those above."""
    words = _words(language)
    rows: list[Attributed] = []
    last: Attributed | None = None
    for plain in lines(reading):
        line = _split(plain.sentence) if language in _ELIDING else plain
        found = None if is_spoken(line) else _according(line, words)
        found = found or _verb_frame(line, words) or _any_verb(line, words)
        if found is None or (found.negated and not found.denial):
            continue
        if found.source is None:
            if last is None or last.source is None or found.sentence - last.sentence > 3:
                continue
            # "Añadió que …": whoever spoke last.
            found = replace(found, source=last.source, inherited=True)
        rows.append(found)
        last = found
    return with_quotations(reading, rows)


PACKS = {code: partial(attribute, language=code) for code in LANGUAGES}


def _split(sentence: Sentence) -> Line:
    """Return a French sentence with "l'", "d'" and "qu'" as words of their own."""
    tokens: list[Token] = []
    quoted: list[int] = []
    for token, quote in _joined(sentence):
        match = _ELIDED.match(token.norm)
        if match is None or token.end - token.start != len(token.norm) or token.norm.lower() == "aujourd'hui":
            tokens.append(token)
            quoted.append(quote)
            continue
        cut = match.end()
        middle = token.start + cut
        tokens.append(Token(token.start, middle, token.norm[:cut].replace("’", "'")))
        tokens.append(Token(middle, token.end, token.norm[cut:]))
        quoted += [quote, quote]
    words = [token.norm for token in tokens]
    return Line(replace(sentence, tokens=tokens, quoted=quoted), words, [word.lower() for word in words])


def _joined(sentence: Sentence) -> list[tuple[Token, int]]:
    """Return the tokens and their quotations, "a - t - il" and "dit - elle" as one word each."""
    pairs = list(zip(sentence.tokens, sentence.quoted, strict=True))
    found: list[tuple[Token, int]] = []
    at = 0
    while at < len(pairs):
        token, quote = pairs[at]
        for parts in (5, 3):
            group = [one for one, _ in pairs[at : at + parts]]
            touching = all(left.end == right.start for left, right in pairwise(group))
            word = "".join(one.norm for one in group)
            if len(group) == parts and touching and group[0].norm.isalpha() and _ASKED.match(word.lower()):
                token, at = Token(token.start, group[-1].end, word), at + parts - 1
                break
        found.append((token, quote))
        at += 1
    return found


def _phrase(line: Line, at: int, words: _Words) -> int:
    """Return the index after the words that name somebody from ``at`` on; the same without any."""
    if not words.opens(line, at):
        return at
    end = at
    if line.low[at] in words["pronouns"] and not line.is_name(at + 1):
        following = line.low[at + 1] if at + 1 < len(line.low) else "."
        if line.low[at] not in words["articles"] or following in STOPS:
            return at + 1
    while end < len(line.words) and end - at < _LONGEST_SOURCE and not line.quoted(end):
        low = line.low[end]
        if line.words[end] in STOPS and not line.is_hyphen(end):
            break
        if low in words["days"]:
            break
        if end > at and line.words[end][:1].islower():
            if low in words["verbs"] or low in words["have"] or low in words["that"]:
                break
            if low in words["breaks"] - words["links"]:
                break
            if low in words["articles"] - words["links"] and line.low[end - 1] not in words["links"]:
                break
        end += 1
    while end > at and (line.low[end - 1] in words["links"] | words["articles"]):
        end -= 1
    return end


def _source(line: Line, at: int, words: _Words) -> tuple[Place, int] | None:
    """Return the source from ``at`` on and where its words end, times skipped; a name in apposition is the source."""
    at = _behind_time(line, at, words)
    to = at < len(line.low) and line.low[at] in ("à", "au", "a", "al", "alla", "all'", "ao", "tegen")
    if to and not (line.low[at] == "a" and "a" in words["articles"]):
        # "a indiqué à l'AFP la directrice": to whom stands between.
        at += 2 + (at + 1 < len(line.low) and line.low[at + 1] in words["articles"])
    end = _phrase(line, at, words)
    if end == at:
        return None
    if end < len(line.words) and line.words[end] == ",":
        stop = end + 1
        while line.is_name(stop) or (stop < len(line.words) and line.words[stop] == "-"):
            stop += 1
        closed = stop >= len(line.words) or line.words[stop] in (",", ".", ":", *MARKS)
        if closed and stop - end > 2 and line.low[at] in words["articles"]:
            return (end + 1, stop), stop
    return (at, end), end


def _behind_time(line: Line, at: int, words: _Words) -> int:
    """Skip "el martes", "este lunes", "mardi", "ayer", "hier"."""
    for _ in range(2):
        if at < len(line.low) and line.low[at] in words["days"] | {"ayer", "hoy", "hier", "aujourd'hui"}:
            at += 1
        elif (
            at + 1 < len(line.low) and line.low[at + 1] in words["days"] and line.low[at] in words["articles"]
        ):
            at += 2
    return at


def _according(line: Line, words: _Words) -> Attributed | None:
    """Read "según X, …", "…, según explicó X" and "selon X, …"."""
    size = len(line.low)
    for at in range(size):
        if line.quoted(at) or (at > 0 and line.words[at - 1] not in STOPS and line.words[at][:1].isupper()):
            continue
        run = next((run for run in words.according if tuple(line.low[at : at + len(run)]) == run), None)
        if run is None:
            continue
        start = at + len(run)
        while start < size and (line.low[start] in words["have"] or _is_cue(line, start, words)):
            start += 1
        if start == at + len(run) and run[0] in words["asking_verb"]:
            continue
        found = _source(line, _behind_figures(line, start, words), words)
        if found is None:
            continue
        source, end = found
        comma = next((look for look in range(end, min(size, end + _NEAR)) if line.words[look] == ","), end)
        end = comma if at == 0 or line.words[at - 1] in STOPS else end
        behind = next((look for look in range(end, size) if line.words[look] in STOPS), size)
        content = [(0, at), (behind if at else end, size)]
        return row(
            line,
            cue=(at, at + len(run)),
            lemma=" ".join(run),
            source=source,
            content=content,
            complement=Complement.CLAUSE,
            rule="según / selon X",
        )
    return None


def _behind_figures(line: Line, at: int, words: _Words) -> int:
    """Skip "datos de", "les chiffres du": whose they are is the source."""
    start = at + (at < len(line.low) and line.low[at] in words["articles"])
    if start + 1 < len(line.low) and line.low[start] in words["figures"]:
        return start + 1 + (line.low[start + 1] in ("de", "d'"))
    return at


def _is_cue(line: Line, at: int, words: _Words) -> bool:
    return line.low[at] in words["verbs"] | words["participles"] and line.words[at].islower()


def _verb_frame(line: Line, words: _Words) -> Attributed | None:
    size = len(line.low)
    for at in range(size):
        cue = _cue(line, at, words)
        if cue is None:
            continue
        if line.quoted(at):
            made = _inside(line, at, cue, words)
            if made is not None:
                return made
            continue
        end, who = cue
        before = at - 1
        while before >= 0 and (
            line.low[before] in _NEGATIONS or line.low[before] in ("lo", "l'", "le", "se")
        ):
            before -= 1
        opened = before >= 0 and (
            line.words[before] in (",", "?", "!", "—", "–", *MARKS) or line.quoted(before)
        )
        made = _inverted(line, at, end, who, words) if opened else None
        made = made or _forward(line, before + 1, at, end, words)
        if made is not None:
            return made
    return None


def _cue(line: Line, at: int, words: _Words) -> tuple[int, Place | None] | None:
    """Return where a verb of saying ends and the pronoun in it: "ha dicho", "a-t-il dit", "dit-elle"."""
    low = line.low[at]
    match = _ASKED.match(low)
    verb = match["verb"] if match is not None else low
    who = (at, at + 1) if match is not None else None
    if verb in words["have"]:
        end = at + 1
        while end < min(len(line.low), at + 3) and line.low[end] not in words["participles"]:
            end += 1
        if end < len(line.low) and line.low[end] in words["participles"] and not line.quoted(end):
            return end + 1, who
        return None
    if line.words[at][:1].isupper() and at > 0:
        return None
    return (at + 1, who) if verb in words["verbs"] else None


def _made(
    line: Line,
    cue: Place,
    source: Place | None,
    content: Sequence[Place],
    words: _Words,
    *,
    quoted: bool,
    rule: str,
) -> Attributed | None:
    return row(
        line,
        cue=cue,
        lemma=line.low[cue[1] - 1],
        source=source,
        content=content,
        complement=Complement.QUOTE if quoted else Complement.CLAUSE,
        rule=rule,
        skip=words["that"],
        negated=cue[0] > 0 and line.low[cue[0] - 1] in _NEGATIONS,
        denial=line.low[cue[1] - 1] in words["denials"],
    )


def _inverted(line: Line, at: int, end: int, who: Place | None, words: _Words) -> Attributed | None:
    """Read "«…», advirtió X" and what follows in marks."""
    size = len(line.low)
    if who is not None:
        source: Place | None = who
    else:
        found = _source(line, end, words)
        if found is None and not (line.quoted(at - 2) and (end >= size or line.words[end] in (",", "."))):
            return None
        source, end = found if found is not None else (None, end)
    content = [(0, at)]
    after = line.resumed(end)
    if after >= 0:
        content.append((after, size))
    start = at - 1
    while start > 0 and line.words[start] in STOPS and not line.quoted(start):
        start -= 1
    quoted = line.quoted(start)
    if not quoted and any(word in words["that"] for word in line.low[end : end + 1]):
        return None
    rule = "verb before its subject"
    return _made(line, (at, max(end, at + 1)), source, content, words, quoted=quoted, rule=rule)


def _inside(line: Line, at: int, cue: tuple[int, Place | None], words: _Words) -> Attributed | None:
    """Read a frame between commas inside the marks, as French writes it: « C'est faux, dit-elle, … »."""
    end, who = cue
    before = at - 1 - (at > 1 and line.low[at - 1] in ("l'", "le"))
    if before < 1 or line.words[before] != ",":
        return None
    source = who
    if source is None:
        stop = end
        while stop < len(line.words) and (line.words[stop][:1].isupper() or line.is_hyphen(stop)):
            stop += 1
        source = (end, stop) if stop > end else None
        end = stop
    if source is None or end >= len(line.words) or line.words[end] not in (",", *MARKS):
        return None
    content = [(0, before), (end, len(line.words))]
    return _made(line, (at, max(end, at + 1)), source, content, words, quoted=True, rule="frame in the marks")


def _any_verb(line: Line, words: _Words) -> Attributed | None:
    """Read "« … », s'inquiète le docteur": behind a quotation whatever verb stands before who said it."""
    at = line.behind_quotation()
    if at < 0:
        return None
    start = at + (line.low[at] in ("s'", "se"))
    start += start < len(line.low) and line.low[start] in words["have"] | {"est", "sont"}
    if (
        start >= len(line.low)
        or not line.low[start].isalpha()
        or line.low[start] in words["breaks"] | words["links"]
    ):
        return None
    found = _source(line, start + 1, words)
    if found is None:
        return None
    rule = "verb behind a quotation"
    return _made(line, (at, start + 1), found[0], [(0, at)], words, quoted=True, rule=rule)


def _forward(line: Line, before: int, at: int, end: int, words: _Words) -> Attributed | None:
    """Read "X afirmó que …", "X a déclaré : « … »"."""
    size = len(line.low)
    begin = next(
        (
            look
            for look in range(end, min(size, end + _LONGEST_SOURCE))
            if line.low[look] in words["that"] or line.words[look] == ":" or line.quoted(look)
        ),
        -1,
    )
    if begin < 0 or begin + 1 >= size:
        return None
    source = _left(line, before, words)
    if source is None:
        found = _source(line, end, words)
        source = found[0] if found is not None and found[1] <= begin else None
        if source is None and before > 0:
            return None
    quoted = line.quoted(begin) or line.quoted(begin + 1)
    return _made(
        line, (at, end), source, [(begin, size)], words, quoted=quoted, rule="subject before its verb"
    )


def _left(line: Line, before: int, words: _Words) -> Place | None:
    """Return who is named right before a verb: from the start of the sentence or the comma before."""
    stop = before
    start = stop
    while start > 0 and line.words[start - 1] not in STOPS - _HYPHEN:
        start -= 1
    if start == stop:
        if stop < 2 or line.words[stop - 1] != ",":
            return None
        comma = stop - 2
        while comma > 0 and line.words[comma] not in STOPS - _HYPHEN:
            comma -= 1
        if line.words[comma] != ",":
            return None
        # "El alcalde, Juan Ruiz, afirmó": the name is the source; "Juan Ruiz, alcalde de León, afirmó" too.
        if all(line.is_name(look) for look in range(comma + 1, stop - 1)) and stop - comma > 3:
            return comma + 1, stop - 1
        start, stop = comma, comma
        while start > 0 and line.words[start - 1] not in STOPS - _HYPHEN:
            start -= 1
    for begin in range(start, stop):
        if words.opens(line, begin) and (begin == start or line.low[begin - 1] in words["days"]):
            return (begin, stop) if _phrase(line, begin, words) == stop else None
    return None
