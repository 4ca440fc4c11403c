"""How long a new document takes to find its origin among many, beside reading its text alone.

The archive holds articles as ``newspaper`` writes them, from the texts of ``--data`` where that is given. They are
put in in bulk, with the keys and fingerprints their own text gives; above ``WRITTEN`` the same texts come again in
other weeks, with keys of words of nobody, and only their beginning stored: what is compared are fingerprints. Then
new articles are stored one after the other by the action that every path passes; timed is ``place_document`` with
everything it asks of the database. The ratio is of processor time, which other programs on the machine disturb less
than the clock, to that of reading the text, which comes before.
"""

from __future__ import annotations

import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.newspaper import DAYS, Newspaper, Written, read
from benchmarks.throwaway import installation

#: So many different texts are written for the archive; more documents hold them again.
WRITTEN = 4_000
#: So many new articles are timed, after so many that warm the caches.
TIMED, WARM = 400, 40
BATCH = 1_000
#: So many characters are stored of a text that comes again.
BEGUN = 400
NONE: frozenset[int] = frozenset()


def run(size: int = 100_000, data: Path | None = None) -> dict[str, Any]:
    """Return mean, median and 99th percentile in milliseconds for a new document among ``size``."""
    from claims.actions.documents import origins
    from claims.independence import pairs
    from claims.independence.fingerprint import fingerprint
    from claims.models import Desk, Origin, ShingleKey

    texts = read(data)
    with installation() as place:
        paper = Newspaper(texts)
        begun = time.perf_counter()
        _fill(place.desk, paper, size)
        filled = time.perf_counter() - begun
        desk = Desk.objects.get(pk=place.desk.pk)
        times: list[float] = []
        processor: list[float] = []
        real = origins.place_document

        def timed(*given: Any, **named: Any) -> str:
            started, busy = time.perf_counter(), time.thread_time()
            try:
                return real(*given, **named)
            finally:
                times.append(time.perf_counter() - started)
                processor.append(1000 * (time.thread_time() - busy))

        stored = [*paper.articles(TIMED + WARM, begin=date(2023, 1, 2) + timedelta(days=DAYS // 2))]
        _store(desk, stored, timed)
        times = sorted(1000 * one for one in times[WARM:])
        processor = sorted(processor[WARM:])
        joined = _joined(stored)
        alone = []
        for one in stored[WARM:]:
            pairs._kept.cache_clear()
            started = time.thread_time()
            fingerprint.__wrapped__(one.text)
            alone.append(1000 * (time.thread_time() - started))
        keys, groups = ShingleKey.objects.count(), Origin.objects.count()
    return {
        "name": "origins",
        "size": size,
        "engine": connection.vendor,
        "value": round(statistics.mean(times), 2),
        "unit": "ms for a document",
        "raw": round(statistics.mean(alone), 2),
        "ratio": round(statistics.mean(processor) / statistics.mean(alone), 2),
        "MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "median": round(statistics.median(times), 2),
        "p99": round(times[len(times) * 99 // 100], 2),
        "processor": round(statistics.mean(processor), 2),
        "processor p99": round(processor[len(processor) * 99 // 100], 2),
        "load": round(os.getloadavg()[0], 1),
        "texts read from": len(texts),
        "keys": keys,
        "origins": groups,
        "joined of what was taken over": joined,
        "seconds to fill": round(filled),
    }


def _fill(desk: Any, paper: Newspaper, size: int) -> None:
    from claims.actions.documents.storing import archive_of

    archive, number = archive_of(desk), 0
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")
    light: dict[int, tuple[int, Any, int]] = {}
    written = [*paper.articles(min(size, WRITTEN))]
    for begin in range(0, size, BATCH):
        with transaction.atomic():
            _put(desk, archive, _dated(written, begin, min(size, begin + BATCH), size), light)
        number += BATCH
        if number % 20_000 == 0:
            sys.stderr.write(f"{number:,} documents\n")


def _dated(
    written: list[Written], begin: int, end: int, size: int
) -> Iterator[tuple[int, Written, date, bool]]:
    """Yield number, text, day and whether the text comes for the first time; copies lie half a year apart."""
    rounds = -(-size // len(written))
    for number in range(begin, end):
        one = written[number % len(written)]
        turn = number // len(written)
        day = date.fromisoformat(one.published) + timedelta(days=turn * DAYS // rounds)
        yield number, one, day, turn == 0


def _put(
    desk: Any,
    archive: Any,
    batch: Iterator[tuple[int, Written, date, bool]],
    light: dict[int, tuple[int, Any, int]],
) -> None:
    """Store documents with their keys in bulk; ``light`` keeps what a text tells when it comes again."""
    from claims.actions.documents.outlets import outlet_for
    from claims.independence import pairs
    from claims.independence.fingerprint import EDITION as PRINTED
    from claims.independence.fingerprint import fingerprint, pack
    from claims.independence.lookup import EDITION, lookup_keys
    from claims.intake.hashing import text_hash
    from claims.models import Capture, Document, DocumentFingerprint, Origin

    rows = list(batch)
    now = timezone.now()
    origins = Origin.objects.bulk_create([Origin(archive=archive, created_at=now) for _ in rows])
    names = {one.outlet for _, one, _, _ in rows}
    outlets = {name: outlet_for(name=name) for name in names}
    documents = Document.objects.bulk_create(
        [
            Document(
                archive=archive,
                desk=desk,
                kind=Document.Kind.UPLOADED,
                address_key=f"benchmark:{number}",
                title=one.title,
                outlet=outlets[one.outlet],
                published=day.isoformat(),
                published_earliest=day,
                published_latest=day,
                origin=origin,
                origin_edition=EDITION,
                captures_made=1,
                created_at=now,
                updated_at=now,
            )
            for (number, one, day, _), origin in zip(rows, origins, strict=True)
        ]
    )
    Capture.objects.bulk_create(
        [
            Capture(
                document=document,
                number=1,
                text=(text := one.text if first else one.text[:BEGUN]),
                text_hash=text_hash(f"{number}\n{text}"),
                characters=len(text),
                created_at=now,
            )
            for (number, one, _, first), document in zip(rows, documents, strict=True)
        ]
    )
    dice = random.Random(rows[0][0])
    known = DocumentFingerprint.objects.filter(
        document__in=[light[number % WRITTEN][2] for number, _, _, first in rows if not first]
    )
    packed = dict(known.values_list("document_id", "data"))
    prints, keys = [], []
    for (number, one, day, first), document in zip(rows, documents, strict=True):
        place = number % WRITTEN
        if first:
            read = pairs._read(one.text)
            light[place] = (len(read.shingles), replace(read, shingles=NONE, quotations=()), document.pk)
            data = pack(fingerprint(one.text))
        else:
            many, read, before = light[place]
            read = replace(read, shingles=frozenset(dice.getrandbits(64) for _ in range(many)))
            data = packed[before]
        prints.append(DocumentFingerprint(document=document, edition=PRINTED, data=data))
        kept = lookup_keys(read, day.toordinal(), one.outlet).kept
        keys += [(key, document.pk) for key in kept]
    # In their order: so each page of the index is written once for a thousand documents.
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO claims_shinglekey (key, document_id, archive_id) VALUES (%s, %s, %s)",
            [(*one, archive.pk) for one in sorted(keys)],
        )
    DocumentFingerprint.objects.bulk_create(prints)


def _store(desk: Any, stored: list[Written], timed: Any) -> None:
    from claims.actions.documents import storing
    from claims.independence import pairs
    from claims.independence.fingerprint import fingerprint
    from claims.intake.types import Extracted, Item, PublishedSource

    kept = storing.place_document
    storing.place_document = timed
    try:
        for number, one in enumerate(stored):
            # What was read lately is kept as read: in a real archive little of it is asked for again.
            pairs._kept.cache_clear()
            fingerprint.cache_clear()
            extracted = Extracted(
                text=one.text,
                title=one.title,
                site=one.outlet,
                published=one.published,
                published_source=PublishedSource.PERSON,
            )
            item = Item(extracted, source="json", url=_address(number))
            storing.store_item(actor=None, desk=desk, item=item, analyse=False)
    finally:
        storing.place_document = kept


def _joined(stored: list[Written]) -> str:
    """Say how many of what was copied, cut or rewritten share their origin with another document."""
    from django.db.models import Count

    from claims.models import Document

    taken = [number for number, one in enumerate(stored) if one.again and number >= WARM]
    known = Document.objects.filter(url__in=[_address(number) for number in taken])
    counts = known.annotate(others=Count("origin__documents")).values_list("others", flat=True)
    return f"{sum(count > 1 for count in counts)} of {len(taken)}"


def _address(number: int) -> str:
    return f"https://paper.example/new/{number}"
