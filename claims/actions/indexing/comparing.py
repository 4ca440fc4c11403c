"""Does the index hold what the rows say? Walks ids and versions on both sides, in order, with little memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from claims.actions.indexing import engines
from claims.actions.indexing.documents import gather
from claims.models import IndexEntry
from claims.query.types import Collection
from claims.search.engine import Engine, Stored

WALK = 2000


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An object on which index and rows disagree; one of the two may not know it at all."""

    collection: Collection
    object_id: int
    entry: IndexEntry | None
    stored: Stored | None

    @property
    def kind(self) -> str:
        if self.entry is None or (self.entry.deleted and self.stored is not None):
            return "left_over"
        if self.stored is None:
            return "missing"
        return "stale" if self.stored.version != self.entry.version else "broken"


def differences(engine: Engine, *, target: str | None = None) -> Iterator[Disagreement]:
    """Yield every disagreement, by collection and id. An object without words is rightly absent."""
    for collection in Collection:
        stored = engine.versions(collection, target=target)
        one = next(stored, None)
        entries = IndexEntry.objects.filter(collection=collection.value).order_by("object_id")
        for entry in entries.iterator(chunk_size=WALK):
            while one is not None and one.ref.id < entry.object_id:
                yield Disagreement(collection, one.ref.id, None, one)
                one = next(stored, None)
            mine = one if one is not None and one.ref.id == entry.object_id else None
            if mine is not None:
                one = next(stored, None)
            if _differs(entry, mine):
                yield Disagreement(collection, entry.object_id, entry, mine)
        while one is not None:
            yield Disagreement(collection, one.ref.id, None, one)
            one = next(stored, None)


def _differs(entry: IndexEntry, stored: Stored | None) -> bool:
    if stored is None:
        return not entry.deleted
    return entry.deleted or stored.version != entry.version or not stored.whole


def compare() -> dict[str, list[str]]:
    """Return what the index that is read lacks, mixed up or kept too long, as labels by kind."""
    found: dict[str, list[str]] = {"missing": [], "stale": [], "broken": [], "left_over": []}
    for one in differences(engines.reader()):
        if one.kind == "missing" and one.entry is not None and not gather([one.entry]):
            continue
        found[one.kind].append(f"{one.collection.value}:{one.object_id}")
    return found
