"""What the sentences of found passages say, as vectors: kept as rows, so that a sentence is encoded once.

A row is good for every text with the same sentence while it has the key of its words and of the encoder. A search
reads what is kept and makes the rest, at most what it compares by meaning, and keeps it with what it found. Rows are
a cache: delete them all, and they come back. Nothing of an answer depends on whether a vector was kept or made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from claims.actions.evidence.vectors import key_of_words
from claims.language.likeness import alike, kept_form, vectors_of_asked
from claims.language.weights import encoder_key
from claims.models import PassageVector
from claims.relevance.features import LONGEST, read
from claims.relevance.weighing import SENSED_LENGTH, Sensed

if TYPE_CHECKING:
    from claims.language.likeness import Kept

#: So much of a passage is read as a whole; the encoder cuts it at 128 word pieces.
WHOLE_LENGTH = 1_500


class SentenceVectors:
    """Compares sentences by meaning, and remembers the vectors it had to make until they are kept."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[int, Kept]] = {}

    def __call__(self, asked: Sequence[Sensed]) -> list[list[float]]:
        """Return how alike in meaning sentences are to their claims; what is missing is made in one go."""
        known = self.of(
            {
                text: passage
                for one in asked
                for text, passage in zip(one.sentences, one.passages, strict=True)
            }
        )
        claims = vectors_of_asked(one.claim for one in asked)
        return [alike(claims[one.claim], one.sentences, known) for one in asked]

    def of(self, places: Mapping[str, int]) -> dict[str, Kept]:
        """Return the vectors of sentences, each with the passage it stands in; 0 where it is in no row."""
        import numpy as np

        texts = {key_of_words(text): text for text in places}
        rows = PassageVector.objects.filter(key__in=texts).order_by().values_list("key", "vector")
        found = {texts[key]: np.frombuffer(bytes(vector), dtype="<f2") for key, vector in rows}
        missing = [text for text in places if text not in found]
        if missing:
            made = kept_form(missing)
            self._made |= {text: (places[text], made[text]) for text in missing if places[text]}
            found |= made
        return found

    def keep(self) -> None:
        """Write what was made, in the caller's transaction; the passages are still there."""
        rows = [_row(passage, text, vector) for text, (passage, vector) in self._made.items()]
        if rows:
            PassageVector.objects.bulk_create(rows, ignore_conflicts=True)
        self._made.clear()


def rows_of(passage: int, text: str) -> list[PassageVector]:
    """Return vectors of a passage and of all sentences that a search may compare, made but not written."""
    whole = text[:WHOLE_LENGTH]
    sentences = dict.fromkeys(
        sentence[:SENSED_LENGTH] for sentence, _terms in read(text[:LONGEST], "en").sentences if sentence
    )
    made = kept_form([whole, *sentences])
    rows = [_row(passage, sentence, made[sentence]) for sentence in sentences]
    return [*rows, _row(passage, whole, made[whole], whole=True)]


def _row(passage: int, text: str, vector: Kept, *, whole: bool = False) -> PassageVector:
    return PassageVector(
        passage_id=passage,
        key=key_of_words(text),
        encoder=encoder_key(),
        whole=whole,
        vector=vector.astype("<f2").tobytes(),
    )
