"""Passages of the archive as a search reads them: plain values, with what searches have read of each before.

Sixty passages stand behind every answer, most of which nobody is shown; made into objects of their models, with text
and document beside each, they took a sixth of a search. Reads only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest, Least, Substr

from claims.independence.issuers import HEAD
from claims.models import Passage
from claims.models.documents import passage_words
from claims.models.kept import kept

#: How much before a passage is read with it where it begins with "she said", in characters.
BEFORE = 600


class SourceDocument(NamedTuple):
    """What of a document is told with a passage that was found in it; ``outlet`` is empty where it has none."""

    pk: int
    title: str
    url: str
    language: str
    visibility: str
    origin_id: int | None
    published_earliest: dt.date | None
    published_latest: dt.date | None
    outlet_id: int | None
    outlet: str | None
    site: str | None
    is_agency: bool | None


class KeptOfPassage(NamedTuple):
    """The row of what was read of a passage, as ``PassageReadings`` takes it; all None where there is none."""

    encoder: str | None = None
    whole: bool | None = None
    vectors: Any = None
    rules: str | None = None
    statements: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SourcePassage:
    """A passage with its words, what stands before it, and the beginning of its text, which bears credits."""

    pk: int
    capture_id: int
    start: int
    end: int
    words: str
    head: str
    before: str
    document: SourceDocument
    kept: KeptOfPassage


_PASSAGE = ("pk", "capture_id", "start", "end", "words", "head", "before")
_DOCUMENT = (
    "pk", "title", "url", "language", "visibility", "origin_id", "published_earliest", "published_latest",
    "outlet_id", "outlet__name", "outlet__site", "outlet__is_agency",
)  # fmt: skip
_COLUMNS = (
    *_PASSAGE,
    *(f"capture__document__{name}" for name in _DOCUMENT),
    *(f"reading__{name}" for name in KeptOfPassage._fields),
)
_TO_DOCUMENT, _TO_KEPT = len(_PASSAGE), len(_PASSAGE) + len(_DOCUMENT)


def to_be_read() -> QuerySet[Passage, Any]:
    """Return passages as ``source_passages`` takes them, to be filtered and put in order."""
    return _every().all()


@lru_cache(maxsize=1)
def _every() -> QuerySet[Passage, Any]:
    """Return the question for all, never asked itself: what it names is looked up in the models once."""
    before = Greatest(F("start") - BEFORE + 1, Value(1)), Least(F("start"), Value(BEFORE))
    return Passage.objects.annotate(
        words=passage_words(),
        head=Substr("capture__text", 1, HEAD),
        before=Substr("capture__text", *before),
    ).values_list(*_COLUMNS)


@kept
def passages_of(ids: list[int]) -> QuerySet[Passage, Any]:
    """Ask for passages by their numbers, in no order, as ``source_passages`` takes them."""
    return to_be_read().filter(pk__in=ids).order_by()


def source_passages(rows: Iterable[Any]) -> list[SourcePassage]:
    """Read rows of ``to_be_read`` in their order, in one statement; what is kept of them comes along."""
    documents: dict[int, SourceDocument] = {}
    found = []
    for row in rows:
        pk = row[_TO_DOCUMENT]
        if pk not in documents:
            documents[pk] = SourceDocument(*row[_TO_DOCUMENT:_TO_KEPT])
        values: list[Any] = [*row[:_TO_DOCUMENT], documents[pk], KeptOfPassage(*row[_TO_KEPT:])]
        found.append(SourcePassage(*values))
    return found
