"""Who says what in found passages: read once and kept, so that a search only asks what bears on its claim.

A reading is good for every text with the same words after the same words. Passages of one document are read one by one,
as each is kept; where somebody speaks in one of them without a name, they are read as one text, because an earlier one
may give the name. Nothing of an answer depends on whether a reading was kept or made (``passage_readings``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from claims.actions.evidence.passage_readings import PassageReadings
from claims.actions.reliance import READ, Told, WhoSaysWhat, read_told, told_together
from claims.actions.source_passages import SourcePassage
from claims.independence.reliance import Statement


def key_of(text: Told) -> str:
    """Return the key of a text with what stands before it."""
    return hashlib.sha256("\0".join((text.language, text.before, text.text)).encode()).hexdigest()[:32]


class KeptStatements:
    """Says who says what in passages, and remembers what it had to read until that is kept."""

    def __init__(self, readings: PassageReadings) -> None:
        self._readings = readings

    def of(self, documents: Sequence[Sequence[SourcePassage]]) -> list[tuple[Statement, ...]]:
        """Return the statements of each document's passages; asks once what is kept of all."""
        self._readings.ask(row.pk for passages in documents for row in passages)
        return [self._statements(sorted(passages, key=lambda row: row.start)) for passages in documents]

    def _statements(self, passages: Sequence[SourcePassage]) -> tuple[Statement, ...]:
        alone = [told_together([row]) for row in passages]
        if alone[0].language not in READ:
            return ()
        read = [self.one(row, text) for row, text in zip(passages, alone, strict=True)]
        if len(passages) == 1 or all(one.sure for one in read):
            return tuple(row for one, text in zip(read, alone, strict=True) for row in one.of(text))
        whole = told_together(passages)
        return self.one(passages[0], whole).of(whole)

    def one(self, passage: SourcePassage, text: Told) -> WhoSaysWhat:
        """Return who says what in a text that begins with the passage; the readings know the passage."""
        key = key_of(text)
        kept: Sequence[Any] | None = self._readings.statements(key)
        if kept is not None:
            return WhoSaysWhat.from_json(kept)
        found = read_told(text)
        self._readings.add_statements(passage.pk, key, found.to_json())
        return found
