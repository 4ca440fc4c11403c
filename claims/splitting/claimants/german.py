"""Who is meant by a German source? Names by their fullest form, bodies and groups as they are written.

Capital letters mark every German noun, so names are told by what precedes them: a role, a title, or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from claims.language.document import Reading
from claims.splitting.attribution.results import Attributed
from claims.splitting.claimants.named import ANONYMOUS, NamedClaimant
from claims.splitting.types import ClaimantKind

_ARTICLES = frozenset(
    ["der", "die", "das", "den", "dem", "des", "ein", "eine", "einer", "einem", "einen", "eines"]
)
_BODIES = [
    "polizei",
    "amt",
    "ministerium",
    "behörde",
    "gericht",
    "regierung",
    "firma",
    "unternehmen",
    "verband",
    "gewerkschaft",
    "partei",
    "bericht",
    "studie",
    "umfrage",
    "universität",
    "institut",
    "bank",
    "kommission",
    "rat",
    "konzern",
    "verein",
    "feuerwehr",
    "staatsanwaltschaft",
    "bundesamt",
    "stadt",
    "klinik",
]
_GROUPS = frozenset(
    [
        "experten",
        "forscher",
        "beobachter",
        "kritiker",
        "anwohner",
        "zeugen",
        "analysten",
        "behörden",
        "medien",
        "insider",
        "kreise",
    ]
)
_ROLE_ENDINGS = (
    "in",
    "er",
    "ister",
    "ent",
    "or",
    "ler",
    "kanzler",
    "chef",
    "sprecher",
    "rat",
    "minister",
    "wirt",
    "anwalt",
)
_PRONOUNS = frozenset({"er", "sie", "es", "wir", "ich"})


def claimants(reading: Reading, rows: Sequence[Attributed]) -> tuple[NamedClaimant, ...]:
    """Return the claimant of every frame of a German article."""
    full: list[str] = []
    result: list[NamedClaimant] = []
    last: NamedClaimant | None = None
    for row in rows:
        if row.source is None:
            result.append(ANONYMOUS)
            continue
        words = reading.layout.text[row.source.start : row.source.end].strip(" ,.").split()
        while words and words[0].lower() in _ARTICLES:
            words = words[1:]
        low = [word.lower().strip(",.") for word in words]
        if not words or (len(low) == 1 and low[0] in _PRONOUNS):
            claimant = (
                NamedClaimant(last.name, last.kind, row.source)
                if last is not None
                else NamedClaimant(" ".join(words), ClaimantKind.PERSON, row.source, ("pronoun-unresolved",))
            )
        elif low[0] in _GROUPS:
            claimant = NamedClaimant(" ".join(words), ClaimantKind.VAGUE, row.source, ("vague-source",))
        elif any(word.endswith(body) for word in low[:3] for body in _BODIES):
            claimant = NamedClaimant(" ".join(words), ClaimantKind.ORGANISATION, row.source)
        else:
            while len(words) > 2 and low[0].endswith(_ROLE_ENDINGS):
                words, low = words[1:], low[1:]
            name = " ".join(words)
            known = [other for other in full if other != name and other.split()[-1] == words[-1]]
            if len(words) == 1 and len(known) == 1:
                claimant = NamedClaimant(known[0], ClaimantKind.PERSON, row.source)
            else:
                flags = ("same-surname",) if len(words) == 1 and len(known) > 1 else ()
                claimant = NamedClaimant(name, ClaimantKind.PERSON, row.source, flags)
                if len(words) > 1 and name not in full:
                    full.append(name)
        result.append(claimant)
        last = claimant
    return tuple(result)
