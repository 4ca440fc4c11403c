"""What does a question in a reviewer's own words ask for: words, exact phrases, and what must not occur?

Words are looked for in any of their forms, all of them count and none is needed; what stands in quotation marks
of any country must occur as it is; what has a minus sign in front must not occur. Refuses what it cannot read
and says at which character and why: nothing that somebody typed is passed over in silence. It knows no filters
and no engine; both get plain clauses, never a query language.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import regex

from claims.query.analysis import distinct, pairs, places, terms
from claims.query.build import ClaimText, Question, clauses_of, question
from claims.query.types import Clause, Field

LONGEST = 1000
"""So many characters a question may have."""
MAX_PHRASES = 20
"""So many phrases, and so many things that must not occur."""
MAX_PHRASE_WORDS = 40

#: Which marks end what each of them opens; a straight mark ends whatever is open.
_CLOSES = {
    '"': '"',
    "“": '”"',
    "”": '”"',
    "„": '“”"',
    "«": '»"',
    "»": '«"',
    "「": "」",
    "『": "』",
    "＂": "＂",
}
_MARKS = frozenset(_CLOSES) | frozenset("".join(_CLOSES.values()))
_MINUS = frozenset("-−–—﹣－")  # the dashes that keyboards and word processors make
_SPACE = regex.compile(r"\s")
_WORD_END = regex.compile(r"[\p{L}\p{N}]")
# What other search boxes understand and this one does not; a plain question mark ends a question.
_WILD = regex.compile(r"(?<=[\p{L}\p{N}])\*|\*(?=[\p{L}\p{N}])")
_WEIGHT = regex.compile(r"(?<=[\p{L}\p{N}\"”»)])[~^](?=\d|\s|$)")
_FIELD = regex.compile(
    r"(?<![\p{L}\p{N}])(?:site|intitle|inurl|title|outlet|source|before|after|since|until|lang|language)"
    r":(?=[\p{L}\p{N}\"“„«])",
    regex.IGNORECASE,
)
_ADDRESS = regex.compile(r"(?:https?://|www\.)\S+", regex.IGNORECASE)
_OPERATOR = regex.compile(r"(?<=\s)(?:OR|AND|NOT|\|\||\||&&)(?=\s)")


class Unreadable(StrEnum):
    """Why a question cannot be read."""

    LONG = "long"
    EMPTY = "empty"
    CONTROL = "control"
    OPEN_MARK = "open_mark"
    STRAY_MARK = "stray_mark"
    EMPTY_PHRASE = "empty_phrase"
    COMMON_PHRASE = "common_phrase"
    COMMON = "common"
    ONLY_EXCLUDED = "only_excluded"
    EXCLUDES_NOTHING = "excludes_nothing"
    BOTH = "both"
    WILD = "wild"
    WEIGHT = "weight"
    FIELD = "field"
    OPERATOR = "operator"
    MANY = "many"
    LONG_PHRASE = "long_phrase"


class WrongQuestion(ValueError):
    """A question cannot be read: ``why``, the character it is about, counted from 1 (0 for none), and what is there."""

    def __init__(self, why: Unreadable, at: int = 0, shown: str = "") -> None:
        super().__init__(f"{why.value} at {at}: {shown}" if at else why.value)
        self.why, self.at, self.shown = why, at, shown


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A reviewer's own words as clauses.

    ``phrases`` and ``without`` must be verified in our own text with ``holds_phrase``: engines keep no positions.
    """

    question: Question
    required: tuple[Clause, ...] = ()
    forbidden: tuple[Clause, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    language: str = "en"

    @property
    def verified(self) -> bool:
        """Tell whether hits have to be looked at in our own text."""
        return bool(self.phrases or self.without)

    def holds(self, text: str) -> bool:
        """Tell whether a text has every phrase and none of those that must not occur."""
        return all(holds_phrase(text, phrase, self.language) for phrase in self.phrases) and not any(
            holds_phrase(text, phrase, self.language) for phrase in self.without
        )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the question: a word or, within quotation marks, a phrase; ``at`` counts from 1."""

    text: str
    at: int
    phrase: bool = False
    excluded: bool = False


def own_question(text: str, language: str = "en") -> OwnQuestion:
    """Return the question of a reviewer's own words; raise WrongQuestion where it cannot be read.

    A minus sign in front of a figure is part of the figure: −"5" excludes a five. All words of a phrase are
    required, and so is each pair of neighbours; a single word in quotation marks must occur in one of its forms.
    """
    if len(text) > LONGEST:
        raise WrongQuestion(Unreadable.LONG, LONGEST + 1, str(len(text)))
    _refuse_signs(text)
    pieces = _pieces(text)
    if not pieces:
        raise WrongQuestion(Unreadable.EMPTY)
    phrases: list[tuple[str, ...]] = []
    without: list[tuple[str, ...]] = []
    forbidden: list[str] = []
    for piece in pieces:
        given = tuple(terms(piece.text, language))
        if not given and (piece.phrase or piece.excluded):
            common = Unreadable.EXCLUDES_NOTHING if piece.excluded else Unreadable.COMMON_PHRASE
            raise WrongQuestion(common, piece.at, piece.text)
        if len(given) > MAX_PHRASE_WORDS and (piece.phrase or piece.excluded):
            raise WrongQuestion(Unreadable.LONG_PHRASE, piece.at, str(MAX_PHRASE_WORDS))
        if not piece.excluded:
            phrases += [given] if piece.phrase else []
            continue
        if len(given) > 1:
            without.append(given)
        else:
            forbidden.append(given[0])
    for group in (phrases, [*without, *forbidden]):
        if len(group) > MAX_PHRASES:
            raise WrongQuestion(Unreadable.MANY, 0, str(MAX_PHRASES))
    wanted = " ".join(piece.text for piece in pieces if not piece.excluded)
    if not wanted:
        raise WrongQuestion(Unreadable.ONLY_EXCLUDED, pieces[0].at, pieces[0].text)
    built = question(ClaimText(wanted, language=language))
    if not built.words:
        raise WrongQuestion(Unreadable.COMMON, pieces[0].at, wanted[:100])
    for piece in pieces:
        given = tuple(terms(piece.text, language))
        if piece.excluded and (given in phrases or (len(given) == 1 and given[0] in built.words)):
            raise WrongQuestion(Unreadable.BOTH, piece.at, piece.text)
    side_by_side = distinct([pair for phrase in phrases for pair in pairs(list(phrase), language)])
    paired = dict(built.pairs) | dict.fromkeys(side_by_side, 1.0)
    words = distinct([word for phrase in phrases for word in phrase])
    return OwnQuestion(
        Question(clauses_of(built.words, paired), built.words, paired, language),
        (
            *(Clause(Field.ALL, word) for word in words),
            *(Clause(Field.BI, pair) for pair in side_by_side),
        ),
        tuple(Clause(Field.ALL, term) for term in dict.fromkeys(forbidden)),
        tuple(phrases),
        tuple(without),
        language,
    )


def _refuse_signs(text: str) -> None:
    """Refuse what other search boxes understand and this one would pass over, and what nobody can see."""
    for at, character in enumerate(text, 1):
        if unicodedata.category(character) in ("Cc", "Cs", "Co") and character not in "\t\n\r":
            raise WrongQuestion(Unreadable.CONTROL, at, f"U+{ord(character):04X}")
    text = _ADDRESS.sub(lambda found: " " * len(found.group()), text)
    for why, sign in (
        (Unreadable.WILD, _WILD),
        (Unreadable.WEIGHT, _WEIGHT),
        (Unreadable.FIELD, _FIELD),
        (Unreadable.OPERATOR, _OPERATOR),
    ):
        for found in sign.finditer(text):
            # In a phrase a sign is only part of what is quoted; headlines in capitals have ANDs of their own.
            if _within_marks(text, found.start()):
                continue
            if why is Unreadable.OPERATOR and text.isupper():
                continue
            raise WrongQuestion(why, found.start() + 1, found.group())


def _within_marks(text: str, place: int) -> bool:
    closers = ""
    for character in text[:place]:
        if closers:
            closers = "" if character in closers else closers
        else:
            closers = _CLOSES.get(character, "")
    return bool(closers)


def _pieces(text: str) -> list[_Piece]:
    """Return words and phrases in their order, marks and minus signs read off."""
    found: list[_Piece] = []
    at, end = 0, len(text)
    while at < end:
        character = text[at]
        if _SPACE.match(character):
            at += 1
            continue
        begin, excluded = at, False
        following = text[at + 1 : at + 2]
        if character in _MINUS and following and not _SPACE.match(following):
            excluded = not following.isdecimal() and following not in _MINUS
            at += 1
        if text[at] in _CLOSES:
            closed = _end_of_phrase(text, at)
            inside = text[at + 1 : closed]
            if not inside.strip():
                raise WrongQuestion(Unreadable.EMPTY_PHRASE, at + 1, text[at : closed + 1])
            found.append(_Piece(inside, begin + 1, phrase=True, excluded=excluded))
            at = closed + 1
            continue
        stop = at
        while stop < end and not _SPACE.match(text[stop]) and text[stop] not in _MARKS:
            stop += 1
        word = text[at if excluded else begin : stop]
        if stop == at:
            raise WrongQuestion(Unreadable.STRAY_MARK, at + 1, text[at])
        if _WORD_END.search(word):
            found.append(_Piece(word, begin + 1, excluded=excluded))
        elif excluded:
            raise WrongQuestion(Unreadable.EXCLUDES_NOTHING, begin + 1, text[begin:stop])
        at = stop
    return found


def _end_of_phrase(text: str, opened: int) -> int:
    """Return where the mark stands that ends the phrase opened here."""
    closers = _CLOSES[text[opened]]
    for place in range(opened + 1, len(text)):
        if text[place] in closers:
            return place
    raise WrongQuestion(Unreadable.OPEN_MARK, opened + 1, text[opened])


def holds_phrase(text: str, phrase: Sequence[str], language: str = "en") -> list[tuple[int, int]]:
    """Return where a text has the terms of a phrase one after the other, as (start, end).

    Compared as terms: stop words and endings do not count, the order does. A word that gives several terms
    (its parts) counts as those of the phrase that it can give.
    """
    wanted = list(phrase)
    if not wanted:
        return []
    # A boundary the reader sees (a full stop) does not part a phrase here: pairs do not know it either.
    row = [(place.start, place.end, term) for place in places(text, language) for term in place.terms]
    found = []
    for start in range(len(row) - len(wanted) + 1):
        if all(row[start + step][2] == term for step, term in enumerate(wanted)):
            found.append((row[start][0], row[start + len(wanted) - 1][1]))
    return found
