"""What a search reads of passages, kept so that the next one need not: what sentences say, and who says what."""

from __future__ import annotations

from claims.actions.evidence.passage_readings import PassageReadings
from claims.actions.evidence.passage_statements import KeptStatements
from claims.actions.evidence.sentence_vectors import SentenceVectors


class KeptReading:
    """Both, for one search or many that are written together; what had to be made is remembered until it is kept."""

    def __init__(self) -> None:
        self.readings = PassageReadings()
        self.sense = SentenceVectors(self.readings)
        self.said = KeptStatements(self.readings)

    def keep(self) -> None:
        """Write what was made, in the caller's transaction."""
        self.readings.keep()
