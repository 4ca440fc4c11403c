"""Searches of people and programs over fact checks and claims: words in, ids out, always within a scope."""

from __future__ import annotations

from collections.abc import Iterable

from claims.actions.indexing.documents import desk_archive
from claims.actions.indexing.reading import asked_engine
from claims.models import Desk, User
from claims.query.build import ClaimText, normalise, question, weight_of
from claims.query.types import ARCHIVE_AUDIENCE, Collection, Query
from claims.search.engine import Hit

LIMIT = 500
# Share of the question's weight a hit must carry, so that one common word alone finds nothing.
LEAST = 0.12


def find_factchecks(query: str, *, desks: Iterable[Desk], languages: tuple[str, ...] = ()) -> list[int]:
    """Return ids of live fact checks of these desks, best first. Raises EngineUnavailable."""
    scope = frozenset(desk_archive(desk.pk) for desk in desks)
    return _find(query, Collection.FACTCHECKS, scope, frozenset({ARCHIVE_AUDIENCE}), languages)


def find_claims(query: str, *, desk: Desk, user: User) -> list[int]:
    """Return ids of one desk's claims that this person may find, best first. Raises EngineUnavailable."""
    audiences = frozenset({f"desk:{desk.pk}", f"user:{user.pk}"})
    return _find(query, Collection.CLAIMS, frozenset({desk_archive(desk.pk)}), audiences, ())


def find_passages(query: str, *, desk: Desk, user: User, limit: int = 400) -> list[Hit]:
    """Return passages of the desk's archives that this person may find, best first. Raises EngineUnavailable."""
    asked = question(ClaimText(query[:1000]))
    archives = set(desk.archives.order_by().values_list("pk", flat=True)) | set(
        desk.own_archives.order_by().values_list("pk", flat=True)
    )
    if not asked.clauses or not archives:
        return []
    audiences = frozenset({ARCHIVE_AUDIENCE, f"desk:{desk.pk}", f"user:{user.pk}"})
    wanted = Query(
        scope=frozenset(archives), clauses=asked.clauses, collection=Collection.DOCUMENTS, audiences=audiences
    )
    return list(asked_engine().search(wanted, limit).hits)


def _find(
    text: str,
    collection: Collection,
    scope: frozenset[int],
    audiences: frozenset[str],
    languages: tuple[str, ...],
) -> list[int]:
    asked = question(ClaimText(text[:1000]))
    if not asked.clauses or not scope:
        return []
    engine = asked_engine()
    query = Query(
        scope=scope, clauses=asked.clauses, collection=collection, audiences=audiences, languages=languages
    )
    answer = engine.search(query, LIMIT)
    z = weight_of(asked.words, engine.document_frequencies(asked.words, collection))
    return [hit.ref.id for hit in answer.hits if z <= 0 or normalise(hit.score, z) >= LEAST]
