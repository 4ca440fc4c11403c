"""Which rules find attributions in which language?

A pack is a function from a reading to frames, and one from frames to claimants. English is complete; German, Spanish,
French, Italian, Portuguese and Dutch read the plain frames of news. Any other language has no pack: its sentences are
offered whole, and nobody is named as their speaker but whoever a transcript or a signature names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from claims.language.document import Reading
from claims.splitting.attribution import english, german, romance
from claims.splitting.attribution.results import LABEL, Attributed
from claims.splitting.attribution.spoken_turns import with_turns
from claims.splitting.claimants import german as german_claimants
from claims.splitting.claimants import resolver as english_claimants
from claims.splitting.claimants import romance as romance_claimants
from claims.splitting.claimants.named import NamedClaimant
from claims.splitting.claimants.resolver import Resolver
from claims.splitting.claimants.turns import Turns

Pack = Callable[[Reading], tuple[Attributed, ...]]
Namer = Callable[[Reading, Sequence[Attributed]], tuple[NamedClaimant, ...]]

PACKS: dict[str, Pack] = {"en": english.attribute, "de": german.attribute, **romance.PACKS}
_NAMERS: dict[str, Namer] = {"de": german_claimants.claimants, **romance_claimants.CLAIMANTS}


def attribute(reading: Reading) -> tuple[Attributed, ...]:
    """Return the frames of an article by the pack of its language; without one only turns are known."""
    pack = PACKS.get(reading.language)
    rows = pack(reading) if pack is not None else ()
    return rows if reading.language == "en" else with_turns(reading, rows)


def claimants(
    reading: Reading, rows: Sequence[Attributed], resolver: Resolver | None = None
) -> tuple[NamedClaimant, ...]:
    """Return the claimant of every frame, in order, by the pack of the article's language.

    ``resolver`` is the English one, where the caller goes on resolving with it.
    """
    if reading.language == "en":
        return english_claimants.claimants(reading, rows, resolver)
    turns = Turns(reading)
    text = reading.layout.text
    spoken = {
        at: turns.speaker(text[row.source.start : row.source.end], row.source)
        for at, row in enumerate(rows)
        if row.lemma == LABEL and row.source is not None
    }
    others = [row for at, row in enumerate(rows) if at not in spoken]
    namer = _NAMERS.get(reading.language)
    named = iter(namer(reading, others) if namer is not None else ())
    return tuple(spoken[at] if at in spoken else next(named) for at in range(len(rows)))
