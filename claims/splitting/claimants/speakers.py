"""Can what a frame names as its source put anything forward: a person, a body, a group, a text?

The one gate that every claimant passes. It refuses times, numbers, measures, shares, places and things, and words that
stand for nobody; what it refuses is nobody, flagged ``speaker-not-found``. It never looks for the right one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache

from claims.splitting.claimants.named import ANONYMOUS, RECORDED, NamedClaimant
from claims.splitting.claimants.person_names import given_names
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import roles, word_lists

NOBODY = "speaker-not-found"
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*\.?")
_BREAK = re.compile(
    r"[,;(]|\s(?:of|for|in|at|from|with|without|on|to|by|near|about|against|around|who|whom|whose|which|that|"
    r"[a-z]+ed by|made|shared|published|posted|seen|familiar|close|based|living|working|speaking)\b"
)
#: How words for people end that no list holds: "lacemaker", "cellist", "trustee".
_PEOPLE = re.compile(
    r"(?:[^aeiou\W](?:er|or)|ist|ian|ee|[^\W]ant|man|men|woman|women|folk|people|-year-old|maker|mate|ling)\Z"
)
_SHORTEST = 5


def admitted(claimant: NamedClaimant) -> NamedClaimant:
    """Return a claimant as it is if it can speak, else nobody at the same place."""
    if not claimant.name or RECORDED in claimant.flags or can_speak(claimant.name, claimant.kind):
        return claimant
    return replace(ANONYMOUS, span=claimant.span, flags=(NOBODY,))


@lru_cache(maxsize=4096)
def can_speak(name: str, kind: ClaimantKind) -> bool:
    """Tell whether a name or a noun phrase can be somebody's who puts something forward."""
    if name.startswith("@"):
        return True
    head_phrase = _BREAK.split(name.strip(), maxsplit=1)[0]
    words = _WORD.findall(head_phrase)
    if not words or not any(character.isalpha() for character in name):
        return False
    head = words[-1]
    low = _singular(head.lower())
    rest = name.strip()[len(head_phrase) :].strip()
    if head.lower() in _listed("counts") and rest.startswith("of "):
        counted = re.sub(r"^of\s+(?:the\s+|those\s+|these\s+)?", "", rest)
        return can_speak(counted, kind) if counted.lower() not in ("which", "whom") else False
    if all(word.lower() in _listed("leading") or word.replace(",", "").isdigit() for word in words):
        return words[-1].lower() in ("one", "some", "many", "several", "few", "most", "all", "both", "others")
    capitals = [word for word in words if _capital(word)]
    if kind is ClaimantKind.PERSON and len(capitals) > 1 and capitals[0].lower() not in _listed("never"):
        return True
    if (
        _capital(head)
        and kind in (ClaimantKind.PERSON, ClaimantKind.GOVERNMENT)
        and low not in _listed("never")
    ):
        return True
    if not _capital(head) and low in _listed("never"):
        return False
    if low in _speakers() or head.lower() in _speakers() or head.lower() in _listed("pronouns"):
        return True
    if head in given_names() and kind is ClaimantKind.PERSON:
        return True
    if low in _listed("never"):
        # "Team June", "Team Fire": a name of several words is no time.
        return _capital(head) and len(capitals) > 1 and low not in word_lists("name_words_en.txt")["calendar"]
    if _capital(head) or (_capital(words[0]) and len(words) > 1 and head.isupper()):
        return True
    if any(char.isdigit() for char in head):
        return head.endswith(("-year-old", "-year-olds"))
    return len(low) >= _SHORTEST and bool(_PEOPLE.search(low))


def _capital(word: str) -> bool:
    """Tell a name: "Amr", "al-Amr", "O'Hara"."""
    return any(part[:1].isupper() for part in re.split(r"[-'’]", word))


def _singular(word: str) -> str:
    if word.endswith("'s"):
        word = word[:-2]
    if word.endswith("men"):
        return word[:-2] + "an"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@cache
def _listed(section: str) -> frozenset[str]:
    return word_lists("speakers_en.txt")[section]


@cache
def _speakers() -> frozenset[str]:
    own, lists, bodies = word_lists("speakers_en.txt"), roles(), word_lists("bodies_en.txt")
    listed = own["person"] | own["group"] | own["text"]
    for name in ("title", "role", "government", "body", "medium", "vague", "organisation"):
        listed |= lists[name]
    for name, words in bodies.items():
        if name not in ("other", "owning"):
            listed |= words
    return listed | frozenset(_singular(word) for word in listed)
