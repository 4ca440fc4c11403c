"""Which rules find attributions in which language?

A pack is a function from a reading to frames, and one from frames to claimants. English is complete; German, Spanish
and French read the plain frames of news. Any other language has no pack: its sentences are offered whole, and nobody
is named as their speaker.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from claims.language.document import Reading
from claims.splitting.attribution import english, german, romance
from claims.splitting.attribution.results import Attributed
from claims.splitting.claimants import german as german_claimants
from claims.splitting.claimants import resolver as english_claimants
from claims.splitting.claimants import romance as romance_claimants
from claims.splitting.claimants.named import NamedClaimant
from claims.splitting.claimants.resolver import Resolver

Pack = Callable[[Reading], tuple[Attributed, ...]]
Namer = Callable[[Reading, Sequence[Attributed]], tuple[NamedClaimant, ...]]

PACKS: dict[str, Pack] = {"en": english.attribute, "de": german.attribute, **romance.PACKS}
_NAMERS: dict[str, Namer] = {"de": german_claimants.claimants, **romance_claimants.CLAIMANTS}


def attribute(reading: Reading) -> tuple[Attributed, ...]:
    """Return the frames of an article by the pack of its language; none where there is no pack."""
    pack = PACKS.get(reading.language)
    return pack(reading) if pack is not None else ()


def claimants(
    reading: Reading, rows: Sequence[Attributed], resolver: Resolver | None = None
) -> tuple[NamedClaimant, ...]:
    """Return the claimant of every frame, in order, by the pack of the article's language.

    ``resolver`` is the English one, where the caller goes on resolving with it.
    """
    namer = _NAMERS.get(reading.language)
    return namer(reading, rows) if namer is not None else english_claimants.claimants(reading, rows, resolver)
