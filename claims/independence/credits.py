"""Whom does a text name as the place where its news comes from?

Reads agency lines ("(Reuters) –", "TASS reports"), "according to the Evening Post", "told the Herald",
"citing", "first reported by". Only names that look like an outlet or an agency count, or that the caller
knows as one: "according to the minister" is a speaker, not a place of publication. A first version: chains of
republishers are not followed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path


class CreditKind(StrEnum):
    """How the credit is given; an agency line or a republication covers the whole text, the others a part."""

    AGENCY_LINE = "agency_line"
    REPUBLISHED = "republished"
    ACCORDING_TO = "according_to"
    TOLD = "told"
    REPORTED_BY = "reported_by"


@dataclass(frozen=True, slots=True)
class Credit:
    """One credit: the folded key of the name, the name as written, and where; offsets are code points."""

    kind: CreditKind
    key: str
    name: str
    start: int
    end: int

    @property
    def covers_text(self) -> bool:
        return self.kind in (CreditKind.AGENCY_LINE, CreditKind.REPUBLISHED)


_LETTER = r"[^\W\d_]"
_CAP = rf"(?:[A-ZÀ-ÖØ-ÞČŠŽŁ]{_LETTER}*(?:['’.-]{_LETTER}+)*|\d+)"
_NAME = rf"(?P<name>{_CAP}(?:[ ]+(?:(?:of|de|la|and|&|for|in|der|die|das)[ ]+)?{_CAP}){{0,5}})"
_THE = (
    r"(?:[Tt]he[ ]+|state(?:-run)?[ ]+|(?:news[ ])?agency[ ]+|newspaper[ ]+|daily[ ]+|broadcaster[ ]+){0,3}"
)
_REPORT = r"(?:reports|reported|has[ ]reported|had[ ]reported|writes|wrote|revealed|has[ ]learned)"

_PATTERNS: tuple[tuple[CreditKind, re.Pattern[str]], ...] = (
    (CreditKind.AGENCY_LINE, re.compile(r"\((?P<name>[^()\n]{2,40})\)[ ]?[-–—][ ]")),
    (
        CreditKind.AGENCY_LINE,
        re.compile(rf"(?m)^[A-ZÀ-Þ .]{{3,40}}[.,][^\n]{{0,25}}?\b{_NAME}[ ]?[-–—][ ]"),
    ),
    (CreditKind.AGENCY_LINE, re.compile(rf"(?m)^(?:Source|Via|Agency|Agencies)[ ]?:[ ]*{_THE}{_NAME}")),
    (
        CreditKind.AGENCY_LINE,
        re.compile(rf"\([^()\n]{{0,80}}?\b(?:Reporting|Editing)[ ]by\b[^()\n]{{0,120}}?{_NAME}\)"),
    ),
    (
        CreditKind.REPUBLISHED,
        re.compile(rf"\b(?:appeared|published|republished)[ ](?:first[ ])?(?:in|on|by|from)[ ]{_THE}{_NAME}"),
    ),
    (
        CreditKind.ACCORDING_TO,
        re.compile(rf"\b[Aa]ccording[ ]to[ ](?:a[ ]report[ ](?:in|by)[ ])?{_THE}{_NAME}"),
    ),
    (
        CreditKind.TOLD,
        re.compile(
            r"\b(?:told|tells|interview[ ](?:with|to)|interviewed[ ]by|speaking[ ]to|statement[ ]to)[ ]"
            rf"{_THE}{_NAME}"
        ),
    ),
    (CreditKind.REPORTED_BY, re.compile(rf"\b{_THE}{_NAME}[ ](?:newspaper[ ]|agency[ ]|TV[ ])?{_REPORT}\b")),
    (
        CreditKind.REPORTED_BY,
        re.compile(
            r"\b(?:reported|quoted|cited|carried|seen|obtained|revealed)[ ](?:[a-z]+[ ])?by[ ]"
            rf"{_THE}{_NAME}"
        ),
    ),
    (CreditKind.REPORTED_BY, re.compile(rf"\b(?:citing|quoting)[ ]{_THE}{_NAME}")),
)
_MEDIA_WORD = re.compile(
    r"\b(?:Times|Post|News|Herald|Tribune|Agency|TV|Television|Radio|Daily|Guardian|Press|Gazette|Journal|Observer|"
    r"Weekly|Magazine|Channel|Mail|Mirror|Telegraph|Chronicle|Courier|Dispatch|Examiner|Express|Globe|Independent|"
    r"Inquirer|Ledger|Mercury|Record|Register|Sentinel|Standard|Star|Sun|Bulletin|Echo|Broadcasting|Zeitung|"
    r"Tageblatt|Kurier|Rundschau|Blatt|BBC|CNN|NPR|CBS|NBC|ABC|Fox|"
    r"Al Jazeera|Le Monde|El País|Der Spiegel|Politico|"
    r"Axios)\b|\.(?:com|org|net|info|news)\b",
)


# "Environment Agency" and "Agency for Nuclear Safety" are offices.
_AGENCY_NAME = re.compile(
    r"\b(?:News|Press|Information|Telegraph(?:ic)?) Agency\b|\b(?:News|Press|Wire) Service\b|\bNewswire\b"
    r"|\bAgence (?:France|de Presse)|(?:Presse|Nachrichten)-?agentur\b|\bPresse[ -]Agentur\b"
    r"|\bAgencia de Noticias\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _agencies() -> dict[str, str]:
    path = Path(__file__).with_name("agencies.json")
    rows: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return {_fold(alias): _fold(name) for name, aliases in rows.items() for alias in aliases}


@lru_cache(maxsize=1)
def _exact_agencies() -> frozenset[str]:
    path = Path(__file__).with_name("agencies.json")
    rows: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return frozenset(alias for aliases in rows.values() for alias in aliases)


def is_agency(name: str) -> bool:
    """Say whether an outlet is a news agency: one of the list, or one that calls itself so."""
    return _fold(name) in _agencies() or _AGENCY_NAME.search(name) is not None


def is_press(name: str) -> bool:
    """Say whether a name is that of a paper, a broadcaster or a news site, as far as its words tell."""
    return _MEDIA_WORD.search(name) is not None


@lru_cache(maxsize=10_000)
def name_key(name: str) -> str:
    """Fold an outlet's name so that "The Evening Post", "evening post" and "EveningPost.com" meet."""
    folded = _fold(name)
    return _agencies().get(folded, folded)


def _fold(name: str) -> str:
    text = re.sub(r"^www\.|\.(?:com|org|net|info|news|co\.uk|example)\b.*\Z", "", name.strip().casefold())
    text = re.sub(r"^the\s+|['’]s\Z", "", text)
    return re.sub(r"[\W_]+", "", text)


def credits(text: str, *, outlets: Iterable[str] = (), head: int = 200_000) -> tuple[Credit, ...]:
    """Return the credits of a text in their order; ``outlets`` are names known to be outlets.

    The same name in the same manner is given once.
    """
    return credits_among(named_sources(text[:head]), outlets=outlets)


def named_sources(text: str) -> tuple[Credit, ...]:
    """Return what may be a credit, by which outlets are known: a name in one manner once, twice where only the
    later spelling is an outlet's."""
    found: dict[tuple[CreditKind, str, bool], Credit] = {}
    for credit in _named(text):
        found.setdefault((credit.kind, credit.key, False), credit)
        if _is_outlet(credit.name):
            found.setdefault((credit.kind, credit.key, True), credit)
    return tuple(dict.fromkeys(found.values()))


def credits_among(named: Iterable[Credit], *, outlets: Iterable[str] = ()) -> tuple[Credit, ...]:
    """Return which of the sources a text names are outlets, or known to be, in their order."""
    known = {name_key(one) for one in outlets if one}
    found: dict[tuple[CreditKind, str], Credit] = {}
    for credit in named:
        if not (_is_outlet(credit.name) or credit.key in known):
            continue
        if credit.kind is CreditKind.AGENCY_LINE and not (
            credit.key in known or credit.key in _agencies().values()
        ):
            continue
        found.setdefault((credit.kind, credit.key), credit)
    return tuple(sorted(found.values(), key=lambda row: (row.start, row.kind)))


@lru_cache(maxsize=256)
def _named(text: str) -> tuple[Credit, ...]:
    """Return every name that stands where a credit would, outlet or not."""
    found = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            name = _trim(match["name"])
            key = name_key(name)
            if key:
                start = match.start("name")
                found.append(Credit(kind, key, name, start, start + len(name)))
    return tuple(found)


#: Where a text may name a place of publication; looser than a credit, for counting only.
_PLACE = r"(?P<name>[A-ZÀ-Þ][\w&-]*(?:[ ]+(?:(?:of|de|la|for)[ ]+)?[A-ZÀ-Þ][\w&-]*){0,4})"
_BEFORE_PLACE = (
    r"(?:(?:the|The|newspaper|agency|news|website|blog|broadcaster|channel|daily|British|UK['’]s)[ ]+)*"
)
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b[Aa]ccording to[ ]+(?:an?[ ]+(?:report|story|statement|post)[ ]+(?:in|by|from|on)[ ]+)?"
        rf"{_BEFORE_PLACE}{_PLACE}",
        rf"\b(?:told|tells|with|to|via|by|in|from|on|citing|quoting)[ ]+{_BEFORE_PLACE}{_PLACE}",
        rf"{_PLACE}[ ]+(?:(?:newspaper|channel|has|had|first|also|is|now)[ ]+)*"
        r"(?:reports?|reported|reporting|writes|wrote|says|said|revealed|learned|quoted|claim(?:s|ed))\b",
        rf"\({_PLACE}\)[ ]*[-–—]",
        rf"(?:h/t|H/T|[Vv]ia|[Ss]ource:?|Credit:?)[ ]+{_BEFORE_PLACE}{_PLACE}",
    )
)
_GENITIVE = re.compile(r"['’]s\b")
_AROUND = re.compile(r"\A(?:[Tt]he|UK|[Dd]aily)[ ]+|[ ]+(?:Channel|Network|newspaper|Online|Magazine)\Z")


def named_places(text: str) -> Counter[str]:
    """Count how often a text names each place of publication, by its key; the order is that of the patterns.

    "The Mirror newspaper", "the Daily Mirror" and "Mirror Online" are one place. A count for comparing two texts:
    it takes in more than ``credits`` does, and ties nothing by itself.
    """
    found: Counter[str] = Counter()
    for pattern in _PLACES:
        for match in pattern.finditer(text):
            name = match["name"].strip(" .,")
            if _is_outlet(name):
                found[place_key(name)] += 1
    found.pop("", None)
    return found


def place_key(name: str) -> str:
    """Return the key by which ``named_places`` counts a name."""
    return name_key(_AROUND.sub("", _GENITIVE.split(name)[0]))


def _is_outlet(name: str) -> bool:
    return name in _exact_agencies() or _MEDIA_WORD.search(name) is not None


def _trim(name: str) -> str:
    """Cut a weekday or month that the pattern of capitals took along ("told the Herald On Monday")."""
    name = name.strip(" .,")
    return re.sub(
        r"\s+(?:On|In|At|By|The|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)(?:day)?(?:\s+\w+)*\Z", "", name
    )
