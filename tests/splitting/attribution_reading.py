"""How the tests of attribution read a text: frames by the words they show."""

from __future__ import annotations

from dataclasses import dataclass

from claims.language import blocks
from claims.language.document import read
from claims.splitting.attribution.results import Attributed
from claims.splitting.packs import attribute, claimants


@dataclass(frozen=True)
class Seen:
    """A frame in words instead of offsets."""

    source: str
    cue: str
    unit: str
    claimant: str
    kind: str
    flags: tuple[str, ...]
    row: Attributed


def frames(text: str, *, language: str = "en") -> list[Seen]:
    """Return the frames of a text, in order."""
    reading = read(blocks.layout(text), language=language)
    rows = attribute(reading)
    people = claimants(reading, rows)
    seen: list[Seen] = []
    for row, person in zip(rows, people, strict=True):
        for span in (row.cue, *row.content, *row.unit, *row.frames):
            assert 0 <= span.start <= span.end <= len(text)
        seen.append(
            Seen(
                text[row.source.start : row.source.end] if row.source else "",
                text[row.cue.start : row.cue.end],
                " / ".join(text[span.start : span.end] for span in row.unit),
                person.name,
                person.kind.value,
                person.flags,
                row,
            )
        )
    return seen


def speech(text: str) -> list[Seen]:
    """Return the frames of speech outside quotations."""
    return [
        frame for frame in frames(text) if frame.row.cue_class.value == "speech" and frame.row.quote is None
    ]
