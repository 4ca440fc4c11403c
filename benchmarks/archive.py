"""An archive of made-up passages in database and index, filled once and kept for the runs to come.

A million passages take minutes to write and seconds to open. With ``keep`` they lie in that folder (with PostgreSQL and
Elasticsearch: in a database and indices that bear the folder's name), and every run works on a copy of the database, so
that runs before and after a change see the same. Filling that was broken off goes on where the rows end. Passages are
those of ``passages``: 97 words of an invented language, spread as in texts, five to a document, cut into sentences of
fourteen words.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from benchmarks import passages
from benchmarks.throwaway import Installation, installation
from claims.search.engine import Engine, IndexedDocument
from claims.search.factory import elasticsearch_engine, elasticsearch_settings, embedded_engine

SENTENCE = 14
#: So many documents are stored in one transaction and written to the index by one commit.
TOGETHER, COMMITTED = 1000, 4000


@contextmanager
def filled(size: int, engine: str, keep: Path | None = None) -> Iterator[Installation]:
    """Offer an installation whose archive holds so many passages; what is not kept is gone afterwards."""
    if keep is None:
        with installation() as place, _engine(engine, f"benchmark-{secrets.token_hex(4)}"):
            try:
                _fill(place, size)
                yield place
            finally:
                _writer().erase()
        return
    _make_ready(size, engine, keep)
    with installation(keep) as place, _engine(engine, f"benchmark-{keep.name}"):
        yield place


@contextmanager
def kept_index(size: int, engine: str, keep: Path) -> Iterator[tuple[Engine, int]]:
    """Offer the index alone of a kept archive, for reading, and the number of the archive in it."""
    archive = _make_ready(size, engine, keep)
    opened: Engine
    if engine == "embedded":
        opened = embedded_engine(keep / "index", writable=False)
    else:
        opened = elasticsearch_engine(elasticsearch_settings(os.environ), prefix=f"benchmark-{keep.name}")
    with opened:
        yield opened, archive


def _make_ready(size: int, engine: str, keep: Path) -> int:
    """Fill what is kept, or go on with that, where it is not whole; return the number of the archive."""
    # One folder serves SQLite and the embedded engine, another PostgreSQL and Elasticsearch.
    done = keep / f"filled-{connection.vendor}-{engine}.json"
    known = json.loads(done.read_text()) if done.exists() else {}
    if known.get("size") != size:
        with installation(keep, stays=True) as place, _engine(engine, f"benchmark-{keep.name}"):
            _fill(place, size)
            known = {"size": size, "archive": place.desk.own_archives.get().pk}
        keep.mkdir(parents=True, exist_ok=True)
        done.write_text(json.dumps(known))
    return int(known.get("archive", 1))


@contextmanager
def _engine(name: str, prefix: str) -> Iterator[None]:
    """Let the product use an engine, with indices of its own."""
    from claims.actions.indexing import engines

    kept = settings.SEARCH_ENGINE, settings.ELASTICSEARCH
    settings.SEARCH_ENGINE = name
    named = elasticsearch_settings(os.environ) if name == "elasticsearch" else kept[1]
    settings.ELASTICSEARCH = {**named, "prefix": prefix}
    try:
        yield
    finally:
        engines.close_all()
        settings.SEARCH_ENGINE, settings.ELASTICSEARCH = kept


def _writer() -> Any:
    from claims.actions.indexing import engines

    return engines.writer()


def _fill(place: Installation, size: int) -> None:
    writer = _writer()
    writer.rebuild(_stored(place, size), batch=COMMITTED)
    writer.refresh()


def _stored(place: Installation, size: int) -> Iterator[IndexedDocument]:
    """Store documents as rows where they are not yet, and yield them as the engine takes them."""
    from claims.models import Document, Passage

    own = place.desk.own_archives.get()
    known = iter(Document.objects.filter(archive=own).order_by("pk").values_list("pk", flat=True))
    places = iter(Passage.objects.order_by("pk").values_list("pk", flat=True))
    batch: list[IndexedDocument] = []
    for document in passages.documents(size):
        pk = next(known, None)
        if pk is not None:
            yield _indexed(document, own.pk, pk, places)
            continue
        batch.append(document)
        if len(batch) == TOGETHER:
            yield from _store(place, own, batch)
            batch = []
    yield from _store(place, own, batch)


def _indexed(one: IndexedDocument, archive: int, pk: int, places: Iterator[int]) -> IndexedDocument:
    return replace(
        one,
        ref=replace(one.ref, id=pk),
        archive=archive,
        outlet=0,
        passages=tuple(
            replace(passage, id=next(places), text=_sentences(passage.text)) for passage in one.passages
        ),
    )


def _store(place: Installation, own: Any, batch: list[IndexedDocument]) -> list[IndexedDocument]:
    from claims.models import Capture, Document, Origin, Passage

    now = timezone.now()
    texts = [[_sentences(passage.text) for passage in document.passages] for document in batch]
    with transaction.atomic():
        origins = Origin.objects.bulk_create(Origin(archive=own) for _ in batch)
        documents = Document.objects.bulk_create(
            Document(
                archive=own, desk=place.desk, kind="pasted", address_key=f"text:{one.ref.id}", language="en",
                title=one.title, origin=origin, captures_made=1, updated_at=now, origin_edition=1,
                published=str(one.earliest), published_earliest=one.earliest, published_latest=one.latest,
            )
            for one, origin in zip(batch, origins, strict=True)
        )  # fmt: skip
        captures = Capture.objects.bulk_create(
            Capture(
                document=document, number=1, text="\n\n".join(parts), text_hash=f"{document.pk}", characters=1
            )
            for document, parts in zip(documents, texts, strict=True)
        )
        rows = []
        for capture, parts in zip(captures, texts, strict=True):
            start = 0
            for number, part in enumerate(parts, start=1):
                rows.append(Passage(capture=capture, number=number, start=start, end=start + len(part)))
                start += len(part) + 2
        stored = iter([row.pk for row in Passage.objects.bulk_create(rows)])
    return [
        _indexed(one, own.pk, document.pk, stored) for one, document in zip(batch, documents, strict=True)
    ]


def _sentences(text: str) -> str:
    words = text.split()
    parts = (words[at : at + SENTENCE] for at in range(0, len(words), SENTENCE))
    return " ".join(" ".join(part).capitalize() + "." for part in parts)
