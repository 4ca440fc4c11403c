"""What do English words mean beside each other: forms of one word, contraries, kinds, small words that decide?

Reads the lists in ``data``; every list is by hand and English. It knows words alone and nothing of sentences.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

DATA = Path(__file__).with_name("data")

_NUMBER = re.compile(r"\d")
_ISE = re.compile(r"(?<=[a-z]{3})is(?=(?:e[drs]?|ers|ing|ations?)\Z)")
_NEGATIVE = ("un", "non", "in", "im", "il", "ir", "dis")


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the lines of a list without comments and empty ones."""
    rows = (DATA / name).read_text(encoding="utf-8").splitlines()
    return tuple(row.strip() for row in rows if row.strip() and not row.startswith("#"))


@cache
def _sections(name: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for row in lines(name):
        if row.startswith("["):
            current = found.setdefault(row.strip("[]"), [])
        else:
            current.append(row)
    return {section: tuple(rows) for section, rows in found.items()}


@cache
def words(section: str) -> frozenset[str]:
    """Return the words of a section of the lists of sameness or of grammar."""
    rows = _sections("sameness_en.txt").get(section) or _sections("grammar_en.txt")[section]
    return frozenset(word for row in rows for word in row.split())


@cache
def categories(section: str) -> dict[str, str]:
    """Return the category of each word of a section whose rows are ``category: words``."""
    rows = (row.split(":", 1) for row in _sections("grammar_en.txt")[section])
    return {word: category.strip() for category, listed in rows for word in listed.split()}


@cache
def category_pairs(section: str) -> frozenset[frozenset[str]]:
    """Return the pairs of categories of a section."""
    return frozenset(frozenset(row.split()) for row in _sections("grammar_en.txt")[section])


@cache
def phrases() -> dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    """Return (words, what they are read as) by the first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for row in lines("phrases_en.txt"):
        left, right = row.split(">")
        written = tuple(left.split())
        found.setdefault(written[0], []).append((written, tuple(right.split())))
    return {first: tuple(sorted(rows, key=lambda one: -len(one[0]))) for first, rows in found.items()}


@cache
def irregular() -> dict[str, str]:
    """Return the base of each irregular form."""
    rows = [row.split() for row in _sections("sameness_en.txt")["irregular"]]
    return {form: row[0] for row in rows for form in row[1:]}


@cache
def _spellings() -> dict[str, str]:
    return {_cut(one): _cut(other) for one, other in (row.split() for row in lines("spelling_en.txt"))}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what the forms and spellings of a word share: a rough cut of endings, tables where it fails."""
    low = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    low = irregular().get(low, low)
    if len(low) < 4 or _NUMBER.search(low):
        return low
    cut = _cut(_ISE.sub("iz", low))
    return _spellings().get(cut, cut)


def _cut(low: str) -> str:
    if low.endswith(("ies", "ied")) and len(low) > 4:
        return low[:-3] + "y"
    for ending in ("ingly", "edly", "ings", "ing", "ed", "es", "s"):
        if low.endswith(ending) and len(low) - len(ending) >= 3 and not low.endswith(("ss", "us", "is")):
            low = low[: -len(ending)]
            break
    if len(low) > 3 and low[-1] == low[-2] and (low[-1] not in "lsz" or (low[-1] == "l" and len(low) > 5)):
        low = low[:-1]
    return low[:-1] if low.endswith("e") and len(low) > 3 else low


@cache
def _meanings() -> dict[str, str]:
    rows = [row.split() for row in _sections("sameness_en.txt")["synonyms"]]
    return {stem(word): stem(row[0]) for row in rows for word in row}


@lru_cache(maxsize=20_000)
def key(word: str) -> str:
    """Return the stem of a word, or of the group of words it means the same as."""
    root = stem(word)
    return _meanings().get(root, root)


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """Return the key of a word of content; nothing for a stop word."""
    return "" if word.replace("’", "'") in words("stop") else key(word)


@cache
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in lines("opposites_en.txt"):
        left, right = ({key(word) for word in side.split()} for side in row.split("|"))
        for word in left:
            found.setdefault(word, set()).update(right)
        for word in right:
            found.setdefault(word, set()).update(left)
    return {word: frozenset(others - {word}) for word, others in found.items()}


@cache
def _kinds() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for at, row in enumerate(lines("kinds_en.txt")):
        for word in row.split():
            found.setdefault(key(word), set()).add(at)
    return {word: frozenset(rows) for word, rows in found.items()}


def opposite(one: str, other: str) -> bool:
    """Tell whether two keys are contraries: by the list of poles, by a prefix, or as "-ful" and "-less"."""
    if other in _opposites().get(one, ()):
        return True
    short, long = sorted((one, other), key=len)
    if len(short) > 3 and any(long == prefix + short for prefix in _NEGATIVE):
        return True
    return any(
        full.endswith("ful") and bare == full.removesuffix("ful") + "less"
        for full, bare in ((one, other), (other, one))
    )


def other_kind(one: str, other: str) -> bool:
    """Tell whether two keys are kinds of one thing that exclude each other."""
    return one != other and bool(_kinds().get(one, frozenset()) & _kinds().get(other, frozenset()))
