"""Who says what in found passages: read once and kept as rows, so that a search only asks what bears on its claim.

A row is good for every text with the same words after the same words while it has the rules it was read by; newer
rules read anew and take its place. Passages of one document are read one by one, as each is kept; where somebody speaks
in one of them without a name, they are read as one text, because an earlier one may give the name. Rows are a cache:
delete them all, and they come back. Nothing of an answer depends on whether a reading was kept or made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from claims.actions.reliance import READ, Told, WhoSaysWhat, read_told, told_together
from claims.independence.reliance import Statement
from claims.models import Passage, PassageStatements
from claims.splitting import ANALYSER

#: Raise it where other statements come out of the same analyser (``claims.actions.reliance``).
READER = 1


def rules() -> str:
    """Return what names the rules of today: a reading by others is made anew."""
    return f"{READER} {ANALYSER}"[:40]


def key_of(text: Told) -> str:
    """Return the key of a text with what stands before it."""
    return hashlib.sha256("\0".join((text.language, text.before, text.text)).encode()).hexdigest()[:32]


class KeptStatements:
    """Says who says what in passages, and remembers what it had to read until that is kept."""

    def __init__(self) -> None:
        self._known: dict[str, WhoSaysWhat] = {}
        self._made: dict[str, tuple[int, WhoSaysWhat]] = {}

    def of(self, documents: Sequence[Sequence[Passage]]) -> list[tuple[Statement, ...]]:
        """Return the statements of each document's passages, from ``to_be_read``; asks once what is kept of all."""
        ordered: list[list[Any]] = [sorted(passages, key=lambda row: row.start) for passages in documents]
        # A text that can be put in two ways, each passage alone and all as one, is looked for in both.
        self._read({key_of(text) for passages in ordered for _row, text in _ways(passages)})
        return [self._statements(passages) for passages in ordered]

    def _read(self, keys: Iterable[str]) -> None:
        wanted = sorted(set(keys) - self._known.keys())
        rows = PassageStatements.objects.filter(key__in=wanted, rules=rules()).order_by() if wanted else None
        for key, kept in rows.values_list("key", "places") if rows is not None else ():
            self._known[key] = WhoSaysWhat.from_json(kept)

    def _statements(self, passages: Sequence[Passage]) -> tuple[Statement, ...]:
        alone = [told_together([row]) for row in passages]
        if alone[0].language not in READ:
            return ()
        read = [self._one(row, text) for row, text in zip(passages, alone, strict=True)]
        if len(passages) == 1 or all(one.sure for one in read):
            return tuple(row for one, text in zip(read, alone, strict=True) for row in one.of(text))
        whole = told_together(passages)
        return self._one(passages[0], whole).of(whole)

    def _one(self, passage: Passage, text: Told) -> WhoSaysWhat:
        key = key_of(text)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = read_told(text)
            self._made[key] = passage.pk, found
        return found

    def keep(self) -> None:
        """Write what was read, in the caller's transaction; the passages are still there."""
        write([_row(passage, key, found) for key, (passage, found) in self._made.items()])
        self._made.clear()


def _ways(passages: Sequence[Passage]) -> Iterable[tuple[Passage, Told]]:
    for row in passages:
        yield row, told_together([row])
    if len(passages) > 1:
        yield passages[0], told_together(passages)


def row_of(passage: Passage) -> PassageStatements:
    """Return who says what in a passage, from ``to_be_read``, read but not written."""
    text = told_together([passage])
    return _row(passage.pk, key_of(text), read_told(text))


def write(rows: Sequence[PassageStatements]) -> None:
    """Write rows; what older rules read of the same text is replaced."""
    if rows:
        # In one order, so that two that write the same wait for each other.
        PassageStatements.objects.bulk_create(
            sorted(rows, key=lambda row: (row.passage_id, row.key)),
            update_conflicts=True,
            unique_fields=["passage", "key"],
            update_fields=["rules", "places"],
        )


def _row(passage: int, key: str, found: WhoSaysWhat) -> PassageStatements:
    return PassageStatements(passage_id=passage, key=key, rules=rules(), places=found.to_json())
