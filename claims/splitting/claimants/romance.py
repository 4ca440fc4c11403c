"""Who is meant by a Spanish or French source? Names without their titles, bodies and groups as they are written.

A phrase whose noun no list holds and that is no name speaks for nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from claims.language.document import Reading
from claims.splitting.attribution.results import Attributed
from claims.splitting.attribution.romance import LANGUAGES
from claims.splitting.claimants.named import ANONYMOUS, NamedClaimant
from claims.splitting.claimants.speakers import NOBODY
from claims.splitting.types import ClaimantKind
from claims.splitting.word_lists import word_lists

_ELISION = re.compile(r"\b([ldLD])['’](?=\w)")
_ASKED = re.compile(r"\A\S+-(?:t-)?(il|elle|on|ils|elles)\Z", re.I)
_NAME_LINKS = frozenset(
    {"de", "del", "la", "los", "las", "le", "du", "des", "van", "von", "y", "d'", "l'", "-"}
)
_LONGEST_NAME = 2
_ACRONYM = 6


def claimants(reading: Reading, rows: Sequence[Attributed], *, language: str) -> tuple[NamedClaimant, ...]:
    """Return the claimant of every frame of an article in a language that is read by its list of words."""
    lists = word_lists(f"speech_{language}.txt")
    full: dict[str, list[str]] = {}
    result: list[NamedClaimant] = []
    last: NamedClaimant | None = None
    for row in rows:
        if row.source is None:
            result.append(ANONYMOUS)
            continue
        source = reading.layout.text[row.source.start : row.source.end]
        words = _ELISION.sub(r"\1' ", source).replace("’", "'").split()
        while words and words[0].lower() in lists["articles"]:
            words = words[1:]
        words = [word.strip(",;:") for word in words]
        first = words[0].lower() if words else ""
        if not words or first in lists["pronouns"] or _ASKED.match(source):
            asked = _ASKED.match(source)
            pronoun = NamedClaimant(
                asked[1] if asked is not None else source,
                ClaimantKind.PERSON,
                row.source,
                ("pronoun-unresolved",),
            )
            claimant = replace(last, span=row.source) if last is not None else pronoun
        else:
            claimant = _named(words, row, lists, full)
        result.append(claimant)
        last = claimant if claimant.name else last
    return tuple(result)


CLAIMANTS = {code: partial(claimants, language=code) for code in LANGUAGES}


def _named(
    words: list[str], row: Attributed, lists: dict[str, frozenset[str]], full: dict[str, list[str]]
) -> NamedClaimant:
    low = [word.lower().rstrip(".") for word in words]
    held = [
        at
        for at, word in enumerate(low)
        if word in lists["role"] and (at == 0 or low[at - 1] not in _NAME_LINKS)
    ]
    name = _written(words)
    if held:
        at = held[-1] + 1
        rest = words[at:]
        if rest and not rest[0][:1].isupper():
            # "ministra de Trabajo Yolanda Ruiz": the name stands last.
            run = _capitals_at_end(rest)
            rest = run[-_LONGEST_NAME:] if len(run) > _LONGEST_NAME else []
        named = _fullest(rest, full) if rest else name
        return NamedClaimant(named, ClaimantKind.PERSON, row.source)
    if low[0] in lists["group"]:
        return NamedClaimant(name, ClaimantKind.VAGUE, row.source, ("vague-source",))
    if low[0] in lists["body"]:
        return NamedClaimant(name, ClaimantKind.ORGANISATION, row.source)
    if low[0] in lists["never"] or low[0] in lists["days"] or not words[0][:1].isupper():
        return replace(ANONYMOUS, span=row.source, flags=(NOBODY,))
    if len(words) == 1 and words[0].isupper() and len(words[0]) <= _ACRONYM:
        return NamedClaimant(name, ClaimantKind.ORGANISATION, row.source)
    return NamedClaimant(_fullest(words, full), ClaimantKind.PERSON, row.source)


def _fullest(words: list[str], full: dict[str, list[str]]) -> str:
    """Return the one full name of the article that ends in these words, or the words."""
    name = _written(words)
    same = full.setdefault(words[-1], [])
    known = [other for other in same if other.endswith(f" {name}")]
    if len(known) == 1:
        return known[0]
    if len(words) > 1 and name not in same:
        same.append(name)
    return name


def _capitals_at_end(words: Sequence[str]) -> list[str]:
    at = len(words)
    while at > 0 and words[at - 1][:1].isupper():
        at -= 1
    return list(words[at:])


def _written(words: Sequence[str]) -> str:
    return " ".join(words).replace("l' ", "l'").replace("d' ", "d'").replace(" - ", "-")
