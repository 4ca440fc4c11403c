"""What the sentences of found passages say, as vectors: kept with their passages, so that a sentence is encoded once.

A search takes what is kept of the passages before it and makes the rest, at most what it compares by meaning. Nothing
of an answer depends on whether a vector was kept or made (``passage_readings``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any

from claims.actions.evidence.passage_readings import PassageReadings
from claims.language.likeness import alike, kept_form, vectors_of_asked
from claims.relevance.features import LONGEST, read
from claims.relevance.weighing import SENSED_LENGTH, Sensed

if TYPE_CHECKING:
    from claims.language.likeness import Kept


class SentenceVectors:
    """Compares sentences by meaning, and remembers the vectors it had to make until they are kept."""

    def __init__(self, readings: PassageReadings) -> None:
        self._readings = readings
        self._begun: Future[Any] | None = None

    def begin(self, thread: Executor, claims: Sequence[str]) -> None:
        """Let a thread encode what will be asked about; it is waited for before anything else is encoded."""
        if claims and self._begun is None:
            self._begun = thread.submit(vectors_of_asked, claims)

    def wait(self) -> None:
        """Wait until what was begun is done; raises what it raised."""
        if self._begun is not None:
            self._begun.result()

    def __call__(self, asked: Sequence[Sensed]) -> list[list[float]]:
        """Return how alike in meaning sentences are to their claims; what is missing is made in one go."""
        self.wait()
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
        self._readings.ask(places.values())
        found: dict[str, Kept] = {}
        missing = []
        for text in places:
            kept = self._readings.vector(text)
            if kept is None:
                missing.append(text)
            else:
                found[text] = kept
        made = kept_form(missing)
        for text in missing:
            self._readings.add_vector(places[text], text, made[text])
        return found | made


def read_sentences(passages: Mapping[int, str], readings: PassageReadings) -> None:
    """Make the vectors of all sentences of passages that a search may compare; the readings know the passages."""
    for passage, text in passages.items():
        sentences = dict.fromkeys(
            sentence[:SENSED_LENGTH] for sentence, _terms in read(text[:LONGEST], "en").sentences if sentence
        )
        SentenceVectors(readings).of(dict.fromkeys(sentences, passage))
        readings.add_whole(passage)
