"""How the tests of the pipeline read a text: units by the words they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from claims.splitting import split
from claims.splitting.types import Split, Unit


@dataclass(frozen=True)
class Shown:
    """A unit in words."""

    words: str
    attribution: str
    claimant: str
    check: str
    dates: tuple[str, ...]
    flags: tuple[str, ...]
    unit: Unit


def analysed(text: str, **options: Any) -> Split:
    """Split a text, having asserted what every split promises."""
    result = split(text, **options)
    ids = {unit.id for unit in result.units}
    for unit in result.units:
        assert 0 <= unit.start < unit.end <= len(text)
        assert unit.text == text[unit.start : unit.end]
        assert unit.text.strip()
        assert unit.sentence[0] <= unit.start
        assert unit.end <= unit.sentence[1]
        assert unit.within is None or unit.within in ids
        assert unit.repeats is None or unit.repeats in ids
        for date in unit.dates:
            assert 0 <= date.start < date.end <= len(text)
        for place in unit.wording.unresolved:
            assert 0 <= place.start < place.end <= len(unit.wording.text)
    return result


def news_units(text: str) -> tuple[Unit, ...]:
    """Return the units of a text published on 20 November 2024, without the encoder."""
    return analysed(text, published="2024-11-20", judge=None).units


def units(text: str, **options: Any) -> list[Shown]:
    """Return the units of a text."""
    return [
        Shown(
            unit.text,
            str(unit.attribution),
            unit.claimant,
            str(unit.checkable),
            tuple(date.value for date in unit.dates),
            unit.flags,
            unit,
        )
        for unit in analysed(text, **options).units
    ]


def words(text: str, **options: Any) -> list[str]:
    """Return the words of the units of a text."""
    return [unit.words for unit in units(text, **options)]


def said(text: str, **options: Any) -> list[tuple[str, str, str]]:
    """Return words, attribution and claimant of the units of a text."""
    return [(unit.words, unit.attribution, unit.claimant) for unit in units(text, **options)]


def reasons_left_out(text: str, **options: Any) -> dict[str, str]:
    """Return what was left out, by its words."""
    return {text[row.start : row.end]: row.why for row in analysed(text, **options).left_out}
