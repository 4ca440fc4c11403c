"""Do two names mean the same claimant, as an editor who has the article before her would say?

Refuses to guess between people: a surname that two claimants of the article bear is nobody's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path

_ARTICLES = frozenset({"a", "an", "the"})
_SMALL = frozenset({"of", "the", "and", "for", "on", "in", "de", "la"})
_TITLES = frozenset(
    re.findall(
        r"\S+",
        """mr mrs ms miss mx dr prof professor sir dame lord lady judge justice rev reverend father sister
        president vice-president prime minister foreign chancellor premier mayor governor senator congressman
        congresswoman mp councillor cllr deputy captain major colonel general lieutenant sergeant inspector
        superintendent commissioner king queen prince princess pope bishop archbishop secretary-general""",
    )
)
_GOVERNMENT = re.compile(
    r"^(?:the )?(?:government of (?:the )?(?P<of>.+)|(?P<whose>.+?)(?:['’]s)? government)$"
)
_INITIALS = re.compile(r"(?:[a-z]\.?){2,6}\Z")
_ABBREVIATIONS = Path(__file__).parent / "data" / "abbreviations.txt"


def same_claimant(gold: str, predicted: str, *, people: Collection[str] = ()) -> bool:
    """Tell whether two names mean the same claimant; ``people`` are the claimants of the article.

    Case, articles and titles do not count. One name may be part of the other (“Lavrov”, “Sergei Lavrov”;
    “police”, “Harrow police”), unless several of the people bear it; two full names agree by last name and a
    first name that one abbreviates. “X's government” and “the X government” are the government of X. Bodies
    go by their abbreviations and initials (“UK”, “WHO”). Empty agrees with empty alone.
    """
    one, other = name_tokens(gold), name_tokens(predicted)
    if not one or not other:
        return not one and not other
    if one == other or _abbreviates(one, other) or _abbreviates(other, one):
        return True
    if set(one) <= set(other) or set(other) <= set(one):
        return not _borne_by_several(min(one, other, key=len), people)
    if one[-1] != other[-1] or min(len(one), len(other)) < 2:
        return False
    first, second = one[0].rstrip("."), other[0].rstrip(".")
    return first.startswith(second) or second.startswith(first)


def same_spelling(gold: str, predicted: str) -> bool:
    """Tell whether the predicted name is the wanted one letter by letter, leading article and case aside."""
    return _plain(gold) == _plain(predicted)


def name_tokens(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell it from others, case-folded; titles only where nothing else is."""
    folded = _bodies().get(_plain(name)) or _folded(name)
    government = _GOVERNMENT.match(folded)
    if government:
        of = government["of"] or government["whose"]
        folded = f"government of {_bodies().get(_plain(of), of)}"
    words = [re.sub(r"['’]s?$", "", word) for word in re.split(r"[\s,()]+", folded) if word]
    words = [word for word in words if word not in _ARTICLES] or words
    titles = next((index for index, word in enumerate(words) if word not in _TITLES), len(words))
    # “the minister of Norvia” is an office, not a title before a name.
    office = titles == len(words) or words[titles] in {"of", "for"}
    return tuple(words if office else words[titles:])


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip(" .,;:“”\"'‘’")


def _plain(name: str) -> str:
    return re.sub(r"^(?:the|an?)\s+", "", " ".join(_folded(name).replace("’", "'").split()))


@cache
def _bodies() -> dict[str, str]:
    """Return the one name of each body by all of its names."""
    found: dict[str, str] = {}
    for line in _ABBREVIATIONS.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            names = [_plain(name) for name in line.split(" = ")]
            found |= dict.fromkeys(names, names[0])
    return found


def _abbreviates(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Tell whether one word is the initials of a name of several: WHO, World Health Organization."""
    if len(short) != 1 or len(long) < 2 or not _INITIALS.match(short[0]):
        return False
    letters = short[0].replace(".", "")
    whole = "".join(word[0] for word in long)
    return letters in (whole, "".join(word[0] for word in long if word not in _SMALL))


def _borne_by_several(name: tuple[str, ...], people: Collection[str]) -> bool:
    """Tell whether a single word is the last name of more than one of these people."""
    if len(name) != 1:
        return False
    bearers = {tokens for one in people if (tokens := name_tokens(one))[-1:] == name and len(tokens) > 1}
    return any(
        not same_claimant(" ".join(one), " ".join(other))
        for one in bearers
        for other in bearers
        if one < other
    )
