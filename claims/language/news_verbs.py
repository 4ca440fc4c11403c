"""Which words are forms of the verbs of the news? A tagger takes many of them for nouns or participles."""

from __future__ import annotations

from functools import cache

from claims.language.wordlists import load_words

_VERBS = [verb.split(":") for verb in load_words("news_verbs.txt")]


@cache
def third_persons() -> frozenset[str]:
    """Return "funds", "taxes", "carries": of more verbs than are looked for elsewhere."""
    return _thirds() | {third_person(verb) for verb in load_words("news_verbs_rarer.txt")}


@cache
def base_forms() -> frozenset[str]:
    """Return "end", "rise": what stands behind a subject of several."""
    return frozenset(base for base, *_ in _VERBS)


@cache
def finite_forms() -> frozenset[str]:
    """Return third persons and pasts."""
    return _thirds().union(*(pasts or [_past(base)] for base, *pasts in _VERBS))


def _thirds() -> frozenset[str]:
    return frozenset(third_person(base) for base, *_ in _VERBS)


def third_person(verb: str) -> str:
    """Return the third person of a base form."""
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def _past(verb: str) -> str:
    stem = verb[:-1] + "i" if verb.endswith("y") and verb[-2:-1] not in "aeou" else verb
    return stem + ("d" if stem.endswith("e") else "ed")
