"""Which words, as a tagger trained on UD English EWT counts them, at which offsets?

Hyphens stand alone, ``n't``, ``'s`` and ``'re`` are split off, ``norm`` is the word with straight quotes
and without invisible characters. No tagging, no lemmas.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from claims.language.normalise import NOTHING, shadow
from claims.language.wordlists import load_words


class Token(NamedTuple):
    """A word or mark: ``text[start:end]``, and the form a tagger sees."""

    start: int
    end: int
    norm: str


# A run without a space beyond this is no word of any language; addresses are not looked for in it, because
# those patterns look ahead and would make such a run quadratic.
_LONGEST_CHUNK = 200
_CACHE_CAP = 40_000
_CACHED_CHUNK = 24

# ``re`` does not count combining marks as word characters, so vowel signs would tear words apart.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06ed"
    "\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u20d0-\u20f0\ufe20-\ufe2f"
)
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_W = rf"(?:[^\W{_CJK}]|[{_MARKS}{NOTHING}])"

_ADDRESS = r"""
    (?:(?:https?|ftp)://|www\.)[^\s<>"|]*[^\s<>"|.,;:!?'()\[\]{}]
  | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
  | [\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|info|io|eu|uk|de|fr|es|ru|co|tv|html?|php|pdf|docx?|xls|txt)\b
"""
_PIECES = rf"""
    [:;=][-o^']?[)(DPp\]\[/|]+(?!\w)
  | [$€£¥₽₹]
  | \#\d+
  | (?<!\w)'\d0s\b
  | (?:\d-)?\d{{3}}-(?:\d{{3}}-)?\d{{4}}(?![\w-])
  | \d+(?:[.,:/]\d+)+(?!{_W})
  | \d+(?:st|nd|rd|th|s)(?!{_W})
  | \d+(?:[.,:/]\d+)*(?=[a-zA-Z]{{1,2}}(?!{_W}))
  | (?i:(?:e|non|pre|anti|mid|re|post|co|over|pro|multi|ex|sub|semi|neo|intra|inter|counter)-){_W}++(?!-)
  | <<+ | >>+
  | (?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?!{_W}))?
  | [{_CJK}]
  | {_W}+(?:[&']{_W}+)*
  | \.{{2,}} | … | -{{2,}} | —+ | ={{2,}} | \*{{2,}} | _{{2,}} | !+\?+ | [?!]{{2,}}
  | \S
"""
_WITH_ADDRESSES = re.compile(_ADDRESS + "|" + _PIECES, re.X)
_PLAIN = re.compile(_PIECES, re.X)
_CHUNK = re.compile(r"\S+")
_CLITIC = re.compile(r"(.+?)(n't|'(?:s|re|ve|ll|d|m))$", re.I)
_JOINED = {
    "cannot": 3,
    "gonna": 3,
    "gotta": 3,
    "wanna": 3,
    "dont": 2,
    "didnt": 3,
    "doesnt": 4,
    "isnt": 2,
    "wasnt": 3,
    "cant": 2,
    "wont": 2,
    "couldnt": 5,
    "wouldnt": 5,
    "im": 1,
    "ive": 1,
}
_DOTTED = load_words("tokens_dotted.txt")
# Written small they are words that can end a sentence: "He was ill."
_WORDS_TOO = frozenset({"ill", "miss", "sat", "sun", "wed", "mar", "mass", "wash", "ore", "art"})

_Parts = tuple[tuple[int, int, str], ...]
_cache: dict[str, _Parts] = {}


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of ``text[start:end]`` in order.

    Every visible character lies in exactly one token. Text that runs without spaces (Chinese, Japanese) gives
    one token a character.
    """
    seen = shadow(text[start:end])
    found: list[Token] = []
    add = found.append
    make = tuple.__new__
    cached = _cache
    for chunk in _CHUNK.finditer(seen):
        word = chunk.group()
        base = start + chunk.start()
        parts = cached.get(word)
        if parts is None:
            parts = _take_apart(word)
            if len(word) <= _CACHED_CHUNK:
                if len(cached) >= _CACHE_CAP:
                    cached.clear()
                cached[word] = parts
        for first, last, norm in parts:
            add(make(Token, (base + first, base + last, norm)))
    return found


def _take_apart(chunk: str) -> _Parts:
    """Return the tokens of a run without spaces, relative to its start."""
    if chunk.isascii() and chunk.isalpha() and chunk.lower() not in _JOINED:
        return ((0, len(chunk), chunk),)
    if len(chunk) > _LONGEST_CHUNK:
        pattern = _PLAIN
    else:
        pattern = _WITH_ADDRESSES
    parts: list[tuple[int, int, str]] = []
    at = 0
    while at < len(chunk):
        match = pattern.match(chunk, at)
        if match is None:
            at += 1
            continue
        first, at = match.span()
        piece = match.group()
        if at < len(chunk) and chunk[at] == "." and _keeps_dot(piece, chunk, at):
            at += 1
            piece += "."
        parts.extend(_split_word(piece, first))
    return tuple(parts)


def _keeps_dot(piece: str, chunk: str, at: int) -> bool:
    """Say whether the full stop after ``piece`` belongs to it as an abbreviation."""
    rest = chunk[at + 1 : at + 2]
    if rest == "." or rest.isalnum():
        return False
    if piece.lower().replace(NOTHING, "") in _DOTTED:
        return piece not in _WORDS_TOO
    # An initial, but neither "I." nor the end of "Vitamin C." can be told apart here; initials are commoner.
    return len(piece) == 1 and piece.isupper() and piece != "I"


def _split_word(piece: str, first: int) -> list[tuple[int, int, str]]:
    """Split clitics off a word and strip invisible characters from its norm."""
    last = first + len(piece)
    cuts: list[int] = []
    if "'" in piece and len(piece) > 1:
        clitic = _CLITIC.match(piece)
        if clitic is not None:
            cuts.append(clitic.start(2))
    elif piece.lower() in _JOINED:
        cuts.append(_JOINED[piece.lower()])
    if not cuts:
        return [(first, last, piece.replace(NOTHING, "") or piece)]
    cut = cuts[0]
    return [
        (first, first + cut, piece[:cut].replace(NOTHING, "") or piece[:cut]),
        (first + cut, last, piece[cut:].replace(NOTHING, "") or piece[cut:]),
    ]
