"""The port that every search engine fills: what can be stored, asked, counted and replaced.

Answers: which values go in and come out, and what goes wrong under which name. It refuses to page (pages
come from stored search hits), to parse query strings, and to say who owns a document or which report it
copies: that is joined afterwards, from the database.

The index is a cache of the database, fed by its outbox. The unit is a Document with all its passages: a put
replaces every passage of an older version. A removed document is forgotten: the outbox, not the engine,
remembers its last version. One process writes at a time; any number read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from claims.query.types import ARCHIVE_AUDIENCE, Clause, Collection, Field, Frequencies, Query, Ref

MAX_LIMIT = 1000
MAX_CLAUSES = 1000
OVERFETCH = 1.3
SCHEMA_VERSION = 1
VECTOR_WIDTH = 384
"""So many numbers say what a passage means (``claims.language.encoder``); each takes two bytes."""


class EngineError(Exception):
    """Something between us and the engine; the message is one sentence fit for a log and a page."""


class EngineUnavailable(EngineError):
    """The engine cannot be reached, is not ready or is busy: the same call may succeed later."""


class EngineBusy(EngineUnavailable):
    """The engine answers that it has too much to do or that a part of it is not there yet."""


class LockBusy(EngineUnavailable):
    """Another process is writing to this index."""


class NotBuilt(EngineUnavailable):
    """There is no index yet: the worker has not built the first one."""


class IndexDamaged(EngineUnavailable):
    """What a target is made of is gone, cut short or not ours: it has to be built anew from the rows."""


class OutOfSpace(EngineUnavailable):
    """The disk behind the index is full: the same write succeeds once there is room."""


class EngineMisconfigured(EngineUnavailable):
    """Credentials, certificate, address, product or version do not fit: works once a person has mended it."""


class EngineRefused(EngineError):
    """The engine understood this very call and said no (question, mapping): the same call never succeeds."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A stretch of text that is found on its own; ``id`` is its row's: never 0, unique in its collection.

    ``vector`` says what it means: ``VECTOR_WIDTH`` numbers of a vector of length one, float16, little endian; empty
    where nobody read it so. Raises ValueError for any other length.
    """

    id: int
    text: str
    vector: bytes = b""

    def __post_init__(self) -> None:
        if len(self.vector) not in (0, 2 * VECTOR_WIDTH):
            raise ValueError(f"a vector has {2 * VECTOR_WIDTH} bytes, not {len(self.vector)}")


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """What one row and its passages look like to the engine; ``version`` only ever grows.

    ``audience`` marks who may find it: ``archive`` (all who read the archive), ``desk:<id>``, ``user:<id>``.
    ``also`` are further words that belong to every passage but are no part of its text, such as the
    claimant of a fact check. ``outlet`` 0 means none. Dates bound the publication; both or neither.
    """

    ref: Ref
    version: int
    archive: int
    title: str
    passages: tuple[IndexedPassage, ...]
    also: str = ""
    audience: tuple[str, ...] = (ARCHIVE_AUDIENCE,)
    language: str = "en"
    outlet: int = 0
    earliest: date | None = None
    latest: date | None = None


class Done(StrEnum):
    """What became of one document of a batch."""

    STORED = "stored"
    REMOVED = "removed"
    STALE = "stale"
    ABSENT = "absent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """STALE: the index holds a newer version and nothing changed. ABSENT: there was nothing to remove.

    FAILED for a ``passing`` reason (busy, no room) may succeed later; otherwise the document itself is refused.
    """

    ref: Ref
    version: int
    done: Done
    reason: str = ""
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage. ``score`` is rounded to 4 decimals and means something only inside its own answer."""

    ref: Ref
    passage: int
    score: float
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NearPassage:
    """A passage and how alike in meaning it is to what was asked, -1 to 1, rounded to 4 decimals."""

    ref: Ref
    passage: int
    likeness: float


def nothing() -> int:
    """Count what matches a question that nothing matches."""
    return 0


@dataclass(frozen=True, slots=True)
class Hits:
    """The best passages, best first, ties by document and passage id."""

    hits: tuple[Hit, ...]
    #: Asks the engine how many match.
    counting: Callable[[], int] = field(default=nothing, repr=False, compare=False)

    @property
    def total(self) -> int:
        """Count all that match, by a call of its own: an engine that has to count may pass nothing over."""
        return self.counting()


@dataclass(frozen=True, slots=True)
class Counted:
    """How many passages lie inside a query's filters (and under its clauses, where it has any)."""

    passages: int
    #: Asks the engine of how many documents they are.
    counting: Callable[[], int] = field(default=nothing, repr=False, compare=False)

    @property
    def documents(self) -> int:
        """Count the documents, by a call of its own."""
        return self.counting()


@dataclass(frozen=True, slots=True)
class Stored:
    """A version the index holds; ``whole`` is False where passages of several versions were left behind."""

    ref: Ref
    version: int
    passages: int
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """What the engine says of itself. ``outdated``: built by another analyser or schema, needs a rebuild."""

    engine: str
    version: str
    target: str | None
    outdated: bool
    targets: tuple[str, ...]
    passages: Mapping[Collection, int]
    deleted: int


Mark = Mapping[str, Mapping[str, str | int]]
"""What a target says of itself: by collection ``seq``, which grows with every write, and perhaps ``uuid``."""


def replaced(before: Mark, now: Mark) -> bool:
    """Tell whether somebody made an index anew under the same name since ``before`` was noted."""
    return any(
        "uuid" in mark and mark["uuid"] != now.get(name, {}).get("uuid") for name, mark in before.items()
    )


def went_back(before: Mark, now: Mark) -> bool:
    """Tell whether an older state came back: less was written to it than when ``before`` was noted."""
    return any(int(now.get(name, {}).get("seq", -1)) < int(mark["seq"]) for name, mark in before.items())


@dataclass(frozen=True, slots=True)
class EngineQuestion:
    """A question with words, how many of the best hits are wanted, and whether the terms of each are named."""

    query: Query
    limit: int = 200
    matched: bool = False


class Engine(Protocol):
    """What the desk asks of a search engine. Every call may raise EngineUnavailable or EngineRefused.

    ``target`` is the physical name of an index under construction; None is the one that is read.
    """

    name: str
    #: Whether another process answers, so that ours may compute meanwhile.
    is_elsewhere: bool

    def ensure(self) -> str:
        """Build an empty first target if there is none and return the name of the one that is read."""
        ...

    def put(self, documents: Iterable[IndexedDocument], *, target: str | None = None) -> list[ItemOutcome]:
        """Store documents, replacing what was stored of them; one outcome each, in order.

        An older version than the stored one changes nothing and is STALE, the same version is written again.
        """
        ...

    def remove(self, items: Iterable[tuple[Ref, int]], *, target: str | None = None) -> list[ItemOutcome]:
        """Remove documents whose stored version is not newer than the one given."""
        ...

    def search(self, query: Query, limit: int = 200, *, matched: bool = False) -> Hits:
        """Return the best ``limit`` (1 to 1000) passages; ``matched`` also names the terms of each hit."""
        ...

    def msearch(self, queries: Sequence[Query], limit: int = 200, *, matched: bool = False) -> list[Hits]:
        """Answer several questions in one go, in order, each as ``search`` would."""
        ...

    def together(self, asked: Sequence[EngineQuestion]) -> list[Hits]:
        """Answer questions of any collection and kind in one go, in order, each as ``search`` would."""
        ...

    def nearest(self, queries: Sequence[Query], limit: int = 200) -> list[tuple[NearPassage, ...]]:
        """Return for each query's ``vector`` the nearest passages within its filters, ties by document and passage.

        Every passage that has a vector is compared. Clauses are refused: what words find, ``search`` answers.
        """
        ...

    def alike(
        self, asked: Sequence[tuple[Sequence[float], Sequence[int]]], collection: Collection
    ) -> list[dict[int, float]]:
        """Return for each vector how alike these passages are; those without a vector are left out."""
        ...

    def count(self, query: Query) -> Counted: ...

    def document_frequencies(
        self, terms: Iterable[str], collection: Collection = Collection.DOCUMENTS
    ) -> Frequencies:
        """Count the passages that hold each term in ``all``; terms that occur nowhere are left out."""
        ...

    def versions(self, collection: Collection, *, target: str | None = None) -> Iterator[Stored]:
        """Stream what is stored, by rising id."""
        ...

    def open_target(self, name: str = "") -> str:
        """Create a new, empty physical index beside the one that is read and return its name."""
        ...

    def examine(self, target: str, *, mend: bool = False) -> Mark:
        """Look a target over and return its mark; ``mend`` also puts right what needs no rows (opens a closed
        index). Cheap where nothing changed since the last look.

        Raises IndexDamaged where only building it anew helps.
        """
        ...

    def set_aside(self, target: str) -> None:
        """Take a target out of use but keep what is left of it for a person to look at: the newest two."""
        ...

    def switch(self, target: str) -> None:
        """Make a target the one that is read, at once for every reader. The old one stays until dropped."""
        ...

    def drop(self, target: str) -> None:
        """Delete a target; the one that is read is refused."""
        ...

    def targets(self) -> list[str]: ...

    def current(self) -> str | None: ...

    def rebuild(self, documents: Iterable[IndexedDocument], *, batch: int = 500) -> str:
        """Fill a new target with these documents, switch to it, drop the others and return its name.

        For tools and tests that hold all documents; the outbox uses the single steps, so that what changes
        meanwhile is written to both. A failure drops the unfinished target and leaves the old one read.
        """
        ...

    def erase(self) -> None:
        """Delete every target, the one that is read included: for tools that have an index of their own."""
        ...

    def refresh(self, *, target: str | None = None) -> None:
        """Make everything written so far visible to searches."""
        ...

    def ping(self) -> bool:
        """Say whether the engine answers, within a bounded time and without raising."""
        ...

    def trouble(self) -> str:
        """Say in one sentence why the engine does not answer, nothing where it does; as bounded as ``ping``."""
        ...

    def reachable(self) -> bool:
        """Say whether there is a server to speak to, whatever state its index is in; bounded, never raises."""
        ...

    def status(self) -> Status: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def access_marks(archives: Iterable[int], audiences: Iterable[str]) -> list[str]:
    """Return the marks that open a record: one term for archive and audience together.

    One posting list instead of two intersected: what a reader may see is asked in every search.
    """
    audiences = sorted(set(audiences))
    return [f"{archive}/{audience}" for archive in sorted(set(archives)) for audience in audiences]


def summed_clauses(query: Query) -> list[Clause]:
    """Return the clauses with equal terms added up, no more than 1,000: the heaviest, in their order.

    Elasticsearch counts clauses and refuses too many; cutting here keeps both engines alike.
    """
    weights: dict[tuple[Field, str], float] = {}
    for clause in query.clauses:
        key = clause.field, clause.term
        weights[key] = weights.get(key, 0.0) + clause.weight
    keys = [key for key, weight in weights.items() if weight > 0]
    if len(keys) > MAX_CLAUSES:
        heaviest = set(sorted(keys, key=lambda key: -weights[key])[:MAX_CLAUSES])
        keys = [key for key in keys if key in heaviest]
    return [Clause(field, term, weights[field, term]) for field, term in keys]


def asked_words(query: Query) -> list[str]:
    """Return the terms whose presence in a hit is worth telling, each once."""
    clauses = (*query.required, *query.clauses)
    return list(dict.fromkeys(clause.term for clause in clauses if clause.field is Field.ALL))[:MAX_CLAUSES]


def fetch_size(limit: int) -> int:
    """Return how many hits to ask for, so that ties at the end are broken by us; refuses a wrong limit."""
    if not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"a search returns 1 to {MAX_LIMIT} passages, not {limit}")
    return int(limit * OVERFETCH) + 1


def day_number(day: date | None) -> int:
    """Return a day as 20261124, which sorts and can be read in either engine; 0 for none."""
    return day.year * 10000 + day.month * 100 + day.day if day else 0


def insist_on_meaning(query: Query) -> None:
    """Refuse a query that names no vector of the right width, or words beside it."""
    if len(query.vector) != VECTOR_WIDTH:
        raise EngineRefused(f"a question by meaning has {VECTOR_WIDTH} numbers, not {len(query.vector)}")
    if query.clauses:
        raise EngineRefused("a question by meaning has no words beside its filters")


def insist_on_words(query: Query) -> None:
    """Refuse a query that names a vector where words are asked for."""
    if query.vector:
        raise EngineRefused("words are searched here, vectors by ``nearest``")


def nearest_first(found: Iterable[NearPassage], limit: int) -> tuple[NearPassage, ...]:
    """Return passages by likeness as rounded, ties by document and passage id."""
    return tuple(sorted(found, key=lambda one: (-one.likeness, one.ref.id, one.passage))[:limit])


def best_first(hits: Iterable[Hit], limit: int) -> tuple[Hit, ...]:
    """Return hits by score as rounded, ties by document and passage id."""
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.ref.id, hit.passage))[:limit])
