"""Where in a run of capitalised words does a person's name begin, is a single name a person's, are two one person's?"""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cache

from claims.language.document import Sentence
from claims.splitting.word_lists import any_role, roles, word_lists

_TELLING = frozenset({"VBD", "VBZ"})
_OLDEST = 110
_INITIAL = 2
_LINKS = frozenset({"of", "for", "and", "on", "the", "-", "&"})
_OCCUPATIONS = ("er", "or", "ist", "ian", "ant", "man", "woman")


def is_personal(sentence: Sentence, word: str, last: int, first_names: frozenset[str]) -> bool:
    """Say whether an age, "who", or a verb behind a first name follows the name that ends at token ``last``."""
    after = [token.norm.lower() for token in sentence.tokens[last + 1 : last + 4]]
    if after[:1] == [","] and len(after) > 1:
        age = after[1].isdecimal() and 4 < int(after[1]) < _OLDEST and after[2:3] in ([","], ["."], ["and"])
        return age or after[1] in ("aged", "who")
    tags = sentence.tree.xpos
    return word in first_names and last + 1 < len(tags) and tags[last + 1] in _TELLING


def same_person(one: str, other: str) -> bool:
    """Tell whether two full names are one person's: same surname, same first name, initials apart."""
    a, b = one.split(), other.split()
    if len(a) < 2 or len(b) < 2 or a[-1].lower() != b[-1].lower():
        return False
    return (
        a[0].lower() == b[0].lower()
        or (a[0].rstrip(".").lower() == b[0][0].lower() and len(a[0].rstrip(".")) == 1)
        or (b[0].rstrip(".").lower() == a[0][0].lower() and len(b[0].rstrip(".")) == 1)
    )


@cache
def given_names() -> frozenset[str]:
    """Return the given names that are known, those that family names are as well included."""
    names = word_lists("names_en.txt")
    return names["female"] | names["male"] | names["either"]


@cache
def _small_words() -> frozenset[str]:
    return word_lists("common_words_en.txt")["small"]


def looks_personal(words: Sequence[str]) -> bool:
    """Tell whether several capitalised words can be a person's name: "Amneh Jafari", not "Space Shuttle"."""
    first = words[0]
    if any("&" in word for word in words):
        return False
    if first in given_names() or (len(first) <= _INITIAL and first.endswith(".")):
        return True
    return first.lower() not in _small_words() and not first.isupper()


def title_inside(words: Sequence[str]) -> int:
    """Return where the name behind the last title of a run begins: "NASA Administrator | Charles Bolden"; 0 without.

    A given name before the title makes it a surname ("Stephen King Jr.").
    """
    low = [word.lower().rstrip(".") for word in words]
    if low[-1] in any_role("organisation", "role", "title") or words[0] in given_names():
        return 0
    for at in range(len(words) - 2, 0, -1):
        titled = not any_role("role", "title").isdisjoint((low[at], words[at].lower()))
        if titled and words[at + 1][:1].isupper() and low[at + 1] != "jr":
            return at + 1
    # "Forester Ines Carvalho": an occupation that no list holds.
    occupied = len(words) > 2 and low[0].endswith(_OCCUPATIONS) and words[1] in given_names()
    return 1 if occupied else 0


def person_behind_body(words: Sequence[str], alone: Container[str], *, role_of: bool) -> int:
    """Return where a person's name begins right behind a body's ("Refugee Council | Enver Solomon"), 0 without one.

    ``role_of`` tells that "minister of", "head of the" stands before the run: then a place or a field may lead it.
    """
    low = [word.lower() for word in words]
    begin = len(words) - 2
    if (
        begin < 2 - role_of
        or not roles()["organisation"].isdisjoint(low[begin:])
        or not words[begin][:1].isupper()
    ):
        return 0
    if low[begin - 1] in _LINKS or (roles()["organisation"].isdisjoint(low[:begin]) and not role_of):
        return 0
    # "minister of Education Stefania Lund": the field is a common word, the name behind it is not.
    field = role_of and low[begin - 1] in _small_words() and low[begin] not in _small_words()
    return begin if words[begin] in given_names() or words[-1] in alone or field else 0
