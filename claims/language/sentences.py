"""Where does a sentence begin and end?

Works on any stretch of a text or of its view; splits inside quotations, because every sentence of a
quotation is an assertion of its own. Does not look at block structure: give it one block's body at a time.
Rules decide at each mark that could end a sentence from the word before it and the word after it; languages
differ in word lists only.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from claims.language.normalise import MAX_SENTENCE, NOTHING, shadow
from claims.language.spans import Span
from claims.language.wordlists import load_words

_DATA = Path(__file__).parent / "data"
_LANGUAGES = frozenset({"en", "de", "fr", "es"})

_CANDIDATE = re.compile(
    r"""
      (?P<dots>\.(?:[ ]?\.)++|…++\.?)        # an ellipsis, closed or spaced
    | (?P<asian>[。！？｡]++)
    | (?P<mark>[.!?؟।॥۔‼⁇⁈⁉]+)
    | (?P<blank>\n[ ]*+\n\s*+)              # a blank line always separates
    | (?P<item>\n(?=[ ]*+(?:[-*•▪●◦–]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])[ ]))
    """,
    re.X,
)
_CLOSERS = re.compile(rf"[\"'»›)\]}}{NOTHING}」』”’）】》]*+(?:[ ]»)?+")
# Footnote marks stay with the sentence they annotate, also when a space precedes the bracket.
_FOOTNOTES = re.compile(
    r"(?:[ ]?\[(?:\d{1,3}|[a-z]|note[ ]\d+|citation[ ]needed)\])++[\"']?+|[⁰¹²³⁴⁵⁶⁷⁸⁹*†‡]++"
)
_BARE_FOOTNOTE = re.compile(r"\d{1,3}(?=\s+[\"'(]?[^\W\d_a-z])")
_EMOJI = re.compile("[ ]?[\u2600-\u27bf\U0001f000-\U0001faff][\u2600-\u27bf\U0001f000-\U0001faff\u200b ]*+")
_SPACE = re.compile(r"\s++")
_OPENERS = re.compile(r"[\"'«‹(\[{¿¡„“‘「『（【《*_—-]*+")
_NEXT_WORD = re.compile(r"[^\W_](?:[^\W_]|['’.-](?=[^\W_]))*+")
_BEFORE_WORD = re.compile(r"[\s\S]*[\s\"(\[{«»—,;:!?…]")
_GLUED = re.compile(r"(?:[\"'«(]*)(?:[A-ZÀ-ÖØ-ÞА-Я][\w'-]*(?=[\s,;:'\".]|\Z))")
_TOP_LEVEL = load_words("sentences_domains.txt")
_ROMAN = re.compile(r"[ivxlc]+\Z")
_SPEECH = (
    "said|says|asked|asks|added|adds|told|replied|replies|wrote|writes|tweeted|explained|continued|insisted|"
    "declared|announced|shouted|cried|wondered|warned|argued|noted|recalled|concluded|stated|exclaimed"
)
_NAME_SAID = re.compile(
    rf"(?:(?:[A-Z][\w.'-]*|[a-z]\w*|de|van|von|bin|al)[ ]){{1,6}}?"
    rf"(?P<verb>{_SPEECH})\b(?P<rest>[^\n]{{0,14}})"
)
_FRAME_REST = re.compile(
    r"\s*(?:[.,;:!?]|\Z|(?:on|in|at|to|during|after|before|last|this|yesterday|today|earlier|later|by|via|"
    r"when|as|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)"
)
# A short stretch in marks, in the middle of which something could end: a title, a name, a slogan.
_IN_MARKS = re.compile(
    r"(?<![^\s(\[])(?:[\"«](?=\S)(?P<inner>[^\"«»\n]{1,60}?)(?<=\S)[\"»]|'(?=\S)(?P<single>[^'\n]{1,60}?)(?<=\S)')(?!\w)"
)
_INNER_MARK = re.compile(r"[.!?](?=\s|\Z)")
_GOES_ON = re.compile(rf"[,;]?\s+(?!(?:{_SPEECH})\b)[a-z]")
_LONGEST_NAME = 8


@dataclass(frozen=True, slots=True)
class _Rules:
    """The word lists of one language, lower case, without the final full stop."""

    titles: frozenset[str]
    places: frozenset[str]
    numbered: frozenset[str]
    dated: frozenset[str]
    never: frozenset[str]
    may_end: frozenset[str]
    clock: frozenset[str]
    clock_continues: frozenset[str]
    bang_names: frozenset[str]
    before_names: frozenset[str]
    letter_things: frozenset[str]
    starters: frozenset[str]
    month_names: frozenset[str]
    ordinal_before_capital: bool


@cache
def _rules(language: str) -> _Rules:
    """Return the lists of a language; one without lists of its own gets a few forms shared by all."""
    known = language if language in _LANGUAGES else ""
    raw = json.loads((_DATA / f"sentences_{known}.json").read_text(encoding="utf-8")) if known else {}

    def words(*names: str) -> frozenset[str]:
        return frozenset(word for name in names for word in raw.get(name, "").split())

    return _Rules(
        titles=words("titles") or frozenset({"mr", "mrs", "dr", "prof"}),
        places=words("places", "streets"),
        numbered=words("numbered") or frozenset({"no", "nr", "p"}),
        dated=words("months", "days"),
        never=words("never") or frozenset({"vs", "cf"}),
        may_end=words("may_end") or frozenset({"etc"}),
        clock=words("clock"),
        clock_continues=words("clock_continues"),
        bang_names=words("bang_names"),
        before_names=words("before_names"),
        letter_things=words("letter_things"),
        starters=words("starters"),
        month_names=words("month_names"),
        ordinal_before_capital=bool(raw.get("ordinal_before_capital", False)),
    )


def sentences(text: str, start: int = 0, end: int | None = None, *, language: str = "en") -> list[Span]:
    """Return the sentences of ``text[start:end]`` in order, trimmed of outer space.

    A sentence longer than ``MAX_SENTENCE`` is cut at the last clause mark or space before the cap.
    """
    seen = shadow(text[start:end])
    rules = _rules(language[:2].lower())
    found: list[Span] = []
    begin = 0
    names = _names_in_marks(seen, rules)
    for candidate in _CANDIDATE.finditer(seen):
        if candidate.end() <= begin or any(name.start < candidate.start() < name.end for name in names):
            continue
        cut = _boundary(seen, begin, candidate, rules)
        if cut is not None and cut > begin:
            _keep(found, seen, begin, cut, start)
            begin = cut
    _keep(found, seen, begin, len(seen), start)
    return found


def _names_in_marks(seen: str, rules: _Rules) -> list[Span]:
    """Return the titles and names in quotation marks whose own marks end no sentence: the single "Stop! Stop!" sold.

    The sentence goes on behind them, or a word before them says that a name comes; speech has a colon, a comma or a
    verb of saying there.
    """
    found = []
    for match in _IN_MARKS.finditer(seen):
        inner = match.group("inner") or match.group("single")
        marks = [mark.group() for mark in _INNER_MARK.finditer(inner)]
        if not marks or len(inner.split()) > _LONGEST_NAME:
            continue
        if "." in marks and not all(word[:1].isupper() or word[:1].isdigit() for word in inner.split()):
            continue
        before = seen[max(0, match.start() - 30) : match.start()].split()
        if before and before[-1][-1:] in ":,—-":
            continue
        named = bool(before) and before[-1].lower() in rules.before_names
        if named or _GOES_ON.match(seen, match.end()):
            found.append(Span(match.start(), match.end()))
    return found


def _keep(found: list[Span], seen: str, begin: int, end: int, offset: int) -> None:
    """Add ``begin:end`` without outer space, in pieces no longer than the cap."""
    piece = seen[begin:end]
    stripped = piece.strip()
    if not stripped:
        return
    begin += len(piece) - len(piece.lstrip())
    end = begin + len(stripped)
    # A closing mark that stands alone belongs to the sentence before it.
    if (
        found
        and len(stripped) <= 3
        and not any(c.isalnum() for c in stripped)
        and stripped[0] in "\"'»)]}.!?…"
    ):
        found[-1] = Span(found[-1].start, offset + end)
        return
    while end - begin > MAX_SENTENCE:
        cut = begin + MAX_SENTENCE
        window = seen[cut - MAX_SENTENCE // 4 : cut]
        last = max(window.rfind("; "), window.rfind(": "), window.rfind("\n"))
        if last < 0:
            last = max(window.rfind(", "), window.rfind("— "))
        if last < 0:
            last = window.rfind(" ")
        if last >= 0:
            cut = cut - len(window) + last + 1
        found.append(Span(offset + begin, offset + begin + len(seen[begin:cut].rstrip())))
        begin = cut
        while begin < end and seen[begin].isspace():
            begin += 1
    if end > begin:
        found.append(Span(offset + begin, offset + end))


def _boundary(seen: str, begin: int, candidate: re.Match[str], rules: _Rules) -> int | None:
    """Return where the sentence that began at ``begin`` ends, or nothing when the mark ends none."""
    kind = candidate.lastgroup
    mark_at, after = candidate.span()
    if kind in {"blank", "item"}:
        return mark_at
    if kind == "asian":
        return _closed(seen, after)
    mark = candidate.group()
    last = _closed(seen, after)
    closers = seen[after:last]
    if kind == "dots" and "]" in closers[:1] and seen[mark_at - 1 : mark_at] in {"[", "("}:
        return None
    if last >= len(seen):
        return last
    if not seen[last].isspace():
        return _glued(seen, begin, mark_at, after, last, closers)
    space = _SPACE.match(seen, last)
    nxt = space.end() if space is not None else last
    if nxt >= len(seen):
        return last
    # A quotation mark between spaces after a full stop closes what stands before it.
    if seen[nxt] == '"' and nxt + 1 < len(seen) and seen[nxt + 1].isspace() and _open(seen, begin, nxt):
        last = nxt + 1
        nxt = _skip_space(seen, last)
        closers += '"'
    word_at = _OPENERS.match(seen, nxt).end()  # type: ignore[union-attr]
    if word_at >= len(seen):
        return last
    first = seen[word_at]
    if first.islower():
        return None
    word_match = _NEXT_WORD.match(seen, word_at)
    word = word_match.group() if word_match is not None else ""
    quoted = '"' in closers or "»" in closers or "'" in closers
    if quoted and _frame_follows(seen, nxt, strict="." in mark):
        return None
    if kind == "dots":
        if len(mark.replace(" ", "")) >= 4 or mark.endswith("…."):
            return last
        return last if first.isupper() and word not in {"I", "I'm", "I'll", "I've", "I'd"} else None
    if mark != ".":
        return _after_exclamation(seen, mark_at, mark, closers, word, last, rules)
    if closers.startswith((")", "]")) and not first.isalnum():
        return last
    stem = _word_before(seen, begin, mark_at)
    stem_at = mark_at - len(stem)
    if _ends(seen, begin, stem, stem_at, word, word_at, nxt, rules):
        return last
    return None


def _word_before(seen: str, begin: int, mark_at: int) -> str:
    """Return the word that stands directly before a mark, at most 40 characters of it."""
    low = max(begin, mark_at - 40)
    before = _BEFORE_WORD.match(seen, low, mark_at)
    return seen[before.end() if before is not None else low : mark_at]


def _closed(seen: str, after: int) -> int:
    """Return the end of what clings to a final mark: closing marks, footnote marks, emoji."""
    last = _CLOSERS.match(seen, after).end()  # type: ignore[union-attr]
    for pattern in (_FOOTNOTES, _EMOJI):
        match = pattern.match(seen, last)
        if match is not None:
            last = match.end()
            while last > after and seen[last - 1] == " ":
                last -= 1
    return last


def _skip_space(seen: str, at: int) -> int:
    match = _SPACE.match(seen, at)
    return match.end() if match is not None else at


def _open(seen: str, begin: int, at: int) -> bool:
    """Say whether a straight quotation mark is open at ``at``, counting from the sentence's beginning."""
    return seen.count('"', max(begin, at - MAX_SENTENCE), at) % 2 == 1


def _glued(seen: str, begin: int, mark_at: int, after: int, last: int, closers: str) -> int | None:
    """Decide where no space follows the mark, as in ``failed.Azerbaijan denied``."""
    stem = _word_before(seen, begin, mark_at)
    if not stem or any(c in stem for c in "@/.") or stem.startswith("www"):
        return None
    if not closers:
        footnote = _BARE_FOOTNOTE.match(seen, after)
        if footnote is not None and stem.isalpha() and stem.islower() and len(stem) > 3:
            return footnote.end()
    long_word = len(stem) >= 3 and stem[-1].islower() and stem[-2].islower()
    if not (long_word or stem[-1] in "%0123456789"):
        return None
    at = after
    if closers:
        # ``."He`` closes when a mark is open, else the mark opens what follows.
        at = last if '"' not in closers or _open(seen, begin, after) else after
    glued = _GLUED.match(seen, at)
    if glued is None:
        return None
    word = glued.group().strip("\"'«(")
    if word.lower() in _TOP_LEVEL or (len(word) > 1 and word.isupper() and len(stem) < 4):
        return None
    return at


def _frame_follows(seen: str, at: int, *, strict: bool) -> bool:
    """Say whether a frame such as ``Smith said on Monday`` follows a closed quotation.

    After a full stop (``strict``) only a frame that says no more than who, when and where is taken for one.
    """
    match = _NAME_SAID.match(seen, at, min(len(seen), at + 120))
    if match is None:
        return False
    if not strict:
        return True
    subject = seen[at : match.start("verb")].split()
    if subject and subject[0].lower() in {"he", "she", "they", "i", "we", "it", "but", "and", "as", "when"}:
        return False
    return _FRAME_REST.match(match.group("rest")) is not None


def _after_exclamation(
    seen: str, mark_at: int, mark: str, closers: str, word: str, last: int, rules: _Rules
) -> int | None:
    """Decide after ``!`` and ``?``: names such as ``Yahoo!`` go on unless a sentence clearly begins."""
    if mark in {"!", "?"} and not closers:
        stem = _word_before(seen, 0, mark_at).lower()
        if stem in rules.bang_names and word.lower() not in rules.starters:
            return None
    return last


def _ends(
    seen: str, begin: int, stem: str, stem_at: int, word: str, word_at: int, nxt: int, rules: _Rules
) -> bool:
    """Decide whether the single full stop after ``stem`` ends the sentence, ``word`` being the next one."""
    lower = stem.lower().strip("'").replace(NOTHING, "")
    following = word.lower()
    digit_follows = word[:1].isdigit()
    # A single capital with a full stop is an initial, not the article of a new sentence.
    initial = len(word) == 1 and seen[word_at + 1 : word_at + 2] == "."
    starter = following in rules.starters and not initial
    opens_quote = seen[nxt] in "\"'«" and word_at > nxt
    at_start = not seen[begin:stem_at].strip(" \n\"'([«*•-")
    if not lower:
        return True
    if at_start and _is_list_mark(stem, lower):
        return False
    if lower[-1].isdigit():
        return not (_is_ordinal(lower, following, starter, rules) and not opens_quote)
    if len(stem) == 1 and stem.isupper():
        return _after_letter(seen, begin, stem, stem_at, starter, opens_quote, rules)
    if lower in rules.titles and stem != "I":
        return False
    if lower in rules.places:
        return starter or opens_quote
    if lower in rules.never:
        return False
    if lower in rules.numbered and (digit_follows or (_ROMAN.match(following) and following != "i")):
        return False
    if lower in rules.dated:
        return not digit_follows
    if lower in rules.clock:
        return following not in rules.clock_continues
    if len(stem) == 1 and stem.isalpha():
        return True
    if "." in lower and all(len(part) <= 1 for part in lower.split(".")):
        return starter or opens_quote
    if lower in rules.may_end:
        if lower in {"etc", "usw"}:
            return not digit_follows or starter
        return starter or opens_quote
    return True


def _is_list_mark(stem: str, lower: str) -> bool:
    """Say whether a sentence's first word is the mark of a list item, as in ``1. Crime fell``."""
    if stem.isdigit():
        return len(stem) <= 3
    return (len(stem) == 1 and stem.isalpha() and stem != "I") or (
        len(stem) <= 5 and stem.isupper() and _ROMAN.match(lower) is not None
    )


def _is_ordinal(lower: str, following: str, starter: bool, rules: _Rules) -> bool:
    """Say whether a number with a full stop is an ordinal, as in German ``am 3. Oktober``."""
    if not rules.ordinal_before_capital or not lower.isdigit() or len(lower) > 2:
        return False
    return following in rules.month_names or not starter


def _after_letter(
    seen: str, begin: int, stem: str, stem_at: int, starter: bool, opens_quote: bool, rules: _Rules
) -> bool:
    """Decide after one letter: an initial goes on, ``Vitamin C.`` and ``than I.`` end."""
    before = seen[max(begin, stem_at - 20) : stem_at].split()
    previous = before[-1].strip("\"'(") if before else ""
    if previous.lower() in rules.letter_things:
        return True
    if stem == "I":
        return starter or previous.islower()
    return starter and not opens_quote
