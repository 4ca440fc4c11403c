"""What searches have read of passages, a row for each: read with the passages, and written in one statement.

Holds the rows that one search, or many that are written together, has before it, and what they made of them until that
is kept. A row is good while it has the names of today's encoder and rules; what others made is made anew and takes its
place. Rows are a cache: delete them all, and they come back; of two that write the same passage at once the later one
stays. Nothing of an answer depends on whether a reading was kept or made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claims.actions.evidence.vectors import key_of_words
from claims.actions.source_passages import KeptOfPassage, SourcePassage
from claims.language.weights import encoder_key
from claims.models import PassageReading
from claims.splitting import ANALYSER

if TYPE_CHECKING:
    from claims.language.likeness import Kept

#: Raise it where other statements come out of the same analyser (``claims.actions.reliance``).
READER = 1
_KEY = 16
_COLUMNS = KeptOfPassage._fields


def rules() -> str:
    """Return what names the rules of today: a reading by others is made anew."""
    return f"{READER} {ANALYSER}"[:40]


@dataclass(slots=True)
class _Read:
    """What is known of one passage; ``changed`` once something was made that no row has."""

    vectors: dict[bytes, bytes] = field(default_factory=dict)
    statements: dict[str, Any] = field(default_factory=dict)
    whole: bool = False
    changed: bool = False


class PassageReadings:
    """What is kept of passages, and what was made of them since."""

    def __init__(self) -> None:
        self._read: dict[int, _Read] = {}
        #: In which passage a sentence or a text is known: copies have it from one another.
        self._vectors: dict[bytes, bytes] = {}
        self._statements: dict[str, Any] = {}

    def know(self, passages: Iterable[SourcePassage]) -> None:
        """Take what is kept of passages and came with them."""
        for row in passages:
            self._take(row.pk, row.kept)

    def ask(self, passages: Iterable[int]) -> None:
        """Read what is kept of passages that did not come with it, in one statement."""
        wanted = sorted({pk for pk in passages if pk} - self._read.keys())
        if not wanted:
            return
        rows = PassageReading.objects.filter(passage__in=wanted).order_by()
        for pk, *columns in rows.values_list("passage_id", *_COLUMNS):
            self._take(pk, KeptOfPassage(*columns))
        for pk in wanted:
            self._read.setdefault(pk, _Read())

    def _take(self, passage: int, kept: KeptOfPassage) -> None:
        if passage in self._read:
            return
        one = self._read[passage] = _Read()
        if kept.vectors and kept.encoder == encoder_key():
            one.vectors, one.whole = _taken_apart(bytes(kept.vectors)), bool(kept.whole)
            self._vectors |= one.vectors
        if kept.statements and kept.rules == rules():
            one.statements = dict(kept.statements)
            self._statements |= one.statements

    def vector(self, words: str) -> Kept | None:
        """Return the vector of a sentence of the known passages, None where no row has it."""
        import numpy as np

        found = self._vectors.get(_key(words))
        return None if found is None else np.frombuffer(found, dtype="<f2")

    def statements(self, key: str) -> Any:
        """Return who says what in a text of the known passages, None where no row has it."""
        return self._statements.get(key)

    def add_vector(self, passage: int, words: str, vector: Kept) -> None:
        """Remember what was made of a sentence; 0 for what stands in no row is not kept."""
        if passage:
            one, key = self._of(passage), _key(words)
            one.vectors[key] = self._vectors[key] = vector.astype("<f2").tobytes()
            one.changed = True

    def add_statements(self, passage: int, key: str, places: Any) -> None:
        """Remember who says what in a text that begins with the passage."""
        one = self._of(passage)
        one.statements[key] = self._statements[key] = places
        one.changed = True

    def add_whole(self, passage: int) -> None:
        """Note that all sentences of a passage are there."""
        one = self._of(passage)
        one.whole = one.changed = True

    def _of(self, passage: int) -> _Read:
        return self._read.setdefault(passage, _Read())

    def keep(self) -> None:
        """Write what was made, in the caller's transaction; the passages are still there."""
        # In one order, so that two that write the same wait for each other.
        made = [(pk, one) for pk, one in sorted(self._read.items()) if one.changed]
        if made:
            PassageReading.objects.bulk_create(
                [_row(pk, one) for pk, one in made],
                update_conflicts=True,
                unique_fields=["passage"],
                update_fields=_COLUMNS,
            )
        for _pk, one in made:
            one.changed = False


def _key(words: str) -> bytes:
    return bytes.fromhex(key_of_words(words))


def _taken_apart(vectors: bytes) -> dict[bytes, bytes]:
    from claims.language.encoder import WIDTH

    each = _KEY + 2 * WIDTH
    return {vectors[at : at + _KEY]: vectors[at + _KEY : at + each] for at in range(0, len(vectors), each)}


def _row(passage: int, one: _Read) -> PassageReading:
    return PassageReading(
        passage_id=passage,
        encoder=encoder_key() if one.vectors else "",
        whole=one.whole,
        vectors=b"".join(part for pair in one.vectors.items() for part in pair),
        rules=rules() if one.statements else "",
        statements=one.statements,
    )
