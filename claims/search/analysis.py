"""What of a document is indexed: its terms by field, as both engines get them.

Answers: the strings for ``all``, ``title`` and ``bi``, each term parted by one space. The terms themselves
come from ``claims.query.analysis``, which is the only analyser and is offered here again under the name
under which the search code knows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claims.query.analysis import ANALYSER_VERSION, SENTINEL, pairs, places, terms
from claims.search.engine import IndexedDocument, IndexedPassage

__all__ = ["ANALYSER_VERSION", "SENTINEL", "Record", "pairs", "places", "records", "terms"]


@dataclass(frozen=True, slots=True)
class Record:
    """One passage as it is indexed; ``passage`` is None for a document that has none."""

    place: int
    passage: IndexedPassage | None
    all: str
    title: str
    bi: str


def records(document: IndexedDocument) -> Iterator[Record]:
    """Yield what is indexed of a document: one record a passage, one empty record where it has none.

    An empty field holds the sentinel, which no text and no question contains. Pairs are made per field, so
    that the last word of a title is never paired with the first of its text.
    """
    language = document.language
    title = terms(document.title, language)
    also = terms(document.also, language)
    heading = pairs(title, language)
    for place, passage in enumerate(document.passages):
        body = terms(passage.text, language)
        yield Record(
            place,
            passage,
            _joined([*title, *body, *also]),
            _joined(title),
            _joined(heading + pairs(body, language)),
        )
    if not document.passages:
        yield Record(0, None, SENTINEL, SENTINEL, SENTINEL)


def _joined(words: list[str]) -> str:
    return " ".join(words) or SENTINEL
