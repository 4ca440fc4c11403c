"""What a question to a search engine consists of: frozen values that the builder and the engines share.

Answers: which words are asked for, in which field, at which weight, and within whose archives. Refuses to
exist without a scope: a question that could read every desk's archive cannot be built. Nothing here knows
of an engine, a database or a user's words; terms are tokens of ``claims.query.analysis``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

ARCHIVE_AUDIENCE = "archive"


class Collection(StrEnum):
    """What is searched. Each has its own statistics: short fact checks do not bend long articles."""

    DOCUMENTS = "documents"
    FACTCHECKS = "factchecks"
    CLAIMS = "claims"


class Field(StrEnum):
    """The indexed fields: everything, the title once more, and neighbouring content words as ``a_b``."""

    ALL = "all"
    TITLE = "title"
    BI = "bi"


class MissingScope(ValueError):
    """A question named no archive: refused, because an empty scope must never mean every archive."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One term in one field; ``weight`` multiplies its BM25 score."""

    field: Field
    term: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of ``total`` passages each term occurs; deleted passages may still be counted."""

    total: int
    of: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """What an indexed document is the copy of: a collection and the row's id in the database."""

    collection: Collection
    id: int


@dataclass(frozen=True, slots=True)
class Dates:
    """A window of days, both ends included, either may be open; ``undated`` lets dateless texts pass."""

    earliest: date | None = None
    latest: date | None = None
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Weighted clauses within a mandatory scope.

    ``scope`` holds archive ids; an empty one raises MissingScope. ``audiences`` are the audience marks the
    asker may read (``archive``, ``desk:3``, ``user:7``): a document is found when one of its marks is among
    them. A hit matches at least one of ``clauses``, every one of ``required`` (which add nothing to the
    score) and none of ``forbidden``. Empty ``languages`` and ``outlets`` mean any. ``excluded`` are ids of
    documents of the collection. ``vector`` is what a question by meaning asks for, in place of ``clauses``.
    """

    scope: frozenset[int]
    clauses: tuple[Clause, ...] = ()
    required: tuple[Clause, ...] = ()
    forbidden: tuple[Clause, ...] = ()
    collection: Collection = Collection.DOCUMENTS
    audiences: frozenset[str] = frozenset({ARCHIVE_AUDIENCE})
    languages: tuple[str, ...] = ()
    outlets: tuple[int, ...] = ()
    dates: Dates | None = None
    excluded: frozenset[int] = field(default_factory=frozenset)
    vector: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.scope:
            raise MissingScope("a search must name the archives it may read")
        if not self.audiences:
            raise MissingScope("a search must name at least one audience its asker belongs to")
