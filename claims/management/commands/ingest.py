"""Puts files, folders, web pages and feeds into a desk's archive, item by item.

What is stored already is said so and left alone: a run that was broken off is simply started again. An item
that cannot be taken in is reported and does not stop the others; the exit status is then 1.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError
from django.utils import timezone

from claims.actions import base, partial_dates
from claims.actions.documents import blobs
from claims.actions.documents.batches import Result, store_all
from claims.actions.documents.coming import Coming, coming
from claims.actions.documents.storing import named_item
from claims.intake.types import PublishedSource
from claims.management.archive_sources import Found, Known, found_in
from claims.models import Desk, Document, Job

SCHEMA = 1
WRONG_USE = 2
FAILED = 1
INTERRUPTED = 130
_PROGRESS = 100
#: So many items, or so many bytes, are stored in one transaction; whatever else writes waits for its end.
_HANDFUL, _HANDFUL_BYTES = 20, 1_000_000


class Journal:
    """What became of each item so far, in a file of lines: a run that goes on reads nothing twice."""

    def __init__(self, name: str) -> None:
        self._path = Path(name) if name else None
        self._known: set[tuple[str, str]] = set()
        if self._path is not None and self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                try:
                    row = json.loads(line)
                except ValueError:
                    continue  # the last line of a run that was killed
                if row["outcome"] != "failed":
                    self._known.add((row["source"], row["place"]))

    def __bool__(self) -> bool:
        return self._path is not None

    def knows(self, source: str, place: str) -> bool:
        """Tell whether an item was stored by an earlier run; what failed is tried again."""
        return (source, place) in self._known

    def note(self, row: dict[str, Any]) -> None:
        """Write down what became of one item, at once."""
        if self._path is not None:
            kept = {name: row[name] for name in ("source", "place", "outcome", "sentence", "document")}
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(kept, ensure_ascii=False) + "\n")


class Command(BaseCommand):
    help = "Put files, folders, web pages and feeds into a desk's archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "sources",
            nargs="+",
            metavar="FILE|URL",
            help=".txt, .html, .md, .csv, .json, .jsonl, .pdf, .docx, .odt, .srt, .vtt, RSS, Atom, JSON Feed, WARC;"
            " also packed as zip, gz or xz; a list of addresses; a folder; an address",
        )
        parser.add_argument(
            "--desk", metavar="SLUG", help="the desk whose archive it is; the default desk without it"
        )
        parser.add_argument("--published", metavar="YYYY-MM-DD", help="when all of it was published")
        parser.add_argument(
            "--outlet", metavar="NAME", default="", help="who published it, where it does not say"
        )
        parser.add_argument("--follow", action="store_true", help="fetch the page of every entry of a feed")
        parser.add_argument(
            "--no-analysis", action="store_true", help="only to be searched: suggest no claims from it"
        )
        parser.add_argument(
            "--analyse",
            action="store_true",
            help="suggest claims at once from all of it; otherwise from what is named alone, and from the rest when"
            " somebody opens it",
        )
        parser.add_argument(
            "--journal",
            metavar="FILE",
            default="",
            help="write down what became of each item, and pass by what an earlier run with this file has stored",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        desk = _desk(options["desk"])
        published = _published(options["published"])
        journal = self._journal(options["journal"])
        rows: list[dict[str, Any]] = []
        counts: Counter[str] = Counter()
        try:
            put = _Putting(desk, published, options["outlet"])
            analyse = None if options["no_analysis"] else bool(options["analyse"])
            found = _all(options["sources"], follow=options["follow"], known=journal.knows)
            for row in _stored(found, put, analyse=analyse):
                if row is None:
                    counts["before"] += 1
                    continue
                journal.note(row)
                counts[row["outcome"]] += 1
                if options["json"]:
                    # A journal holds what became of each; the report then names what failed.
                    if not journal or row["outcome"] == "failed":
                        rows.append(row)
                else:
                    self._tell(row)
                if (options["json"] or journal) and sum(counts.values()) % _PROGRESS == 0:
                    self.stderr.write(_summary(counts))
        except KeyboardInterrupt:
            raise CommandError(
                f"Stopped. {_summary(counts)} Run the same command again to go on.", returncode=INTERRUPTED
            ) from None
        if options["json"]:
            report = {
                "schema": SCHEMA,
                "desk": desk.slug,
                "counts": dict(sorted(counts.items())),
                "items": rows,
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stderr.write(_summary(counts))
        if counts["failed"]:
            raise CommandError(
                f"{counts['failed']} of {sum(counts.values())} items failed.", returncode=FAILED
            )
        if not counts:
            raise CommandError("There is nothing to read there.", returncode=FAILED)

    def _journal(self, name: str) -> Journal:
        try:
            return Journal(name)
        except (OSError, UnicodeDecodeError, KeyError, TypeError):
            raise _wrong_use(f"{name} is no journal of this command.") from None

    def _tell(self, row: dict[str, Any]) -> None:
        where = f"{row['source']} {row['place']}".strip()
        stream = self.stderr if row["outcome"] == "failed" else self.stdout
        number = f" [document {row['document']}]" if row["document"] else ""
        stream.write(f"{row['outcome']:<8}{where}: {row['sentence']}{number}")
        for note in row["notes"]:
            self.stderr.write(f"        {note}")


def _all(sources: list[str], *, follow: bool, known: Known) -> Iterator[Found]:
    for source in sources:
        yield from found_in(source, follow=follow, known=known)


def _desk(slug: str | None) -> Desk:
    try:
        desk = (
            Desk.objects.filter(slug=slug).first() if slug else Desk.objects.filter(is_default=True).first()
        )
        names = ", ".join(Desk.objects.values_list("slug", flat=True)[:10])
    except DatabaseError:
        raise _wrong_use("The database is not set up: run “migrate” first.") from None
    if desk is None:
        said = f"There is no desk “{slug}”." if slug else "There is no default desk: name one with --desk."
        raise _wrong_use(f"{said} There is: {names or 'none yet'}.")
    return desk


def _published(value: str | None) -> str:
    if not value:
        return ""
    try:
        return str(partial_dates.past("day", value, now=timezone.now(), what="The day of publication")["day"])
    except base.Refused as refused:
        raise _wrong_use(str(refused)) from None


def _wrong_use(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=WRONG_USE)


def _stored(
    found: Iterable[Found], put: _Putting, *, analyse: bool | None
) -> Iterator[dict[str, Any] | None]:
    """Store what comes, a handful in one transaction, and say what became of each once that is certain.

    None stands for what an earlier run has stored. ``analyse`` is None for never, else whether also what was not
    named alone.
    """
    handful: list[Found] = []

    def put_all() -> Iterator[dict[str, Any]]:
        taken = [*handful]
        handful.clear()
        yield from put(taken, analyse=bool(analyse))

    for one in found:
        alone = one.item is None or one.alone
        if alone or one.before:
            yield from put_all()
            if one.before:
                yield None
            else:
                yield from put([one], analyse=analyse is not None and (one.alone or analyse))
            continue
        handful.append(one)
        size = sum(len(waits.data) for waits in handful)
        if len(handful) >= _HANDFUL or size >= _HANDFUL_BYTES:
            yield from put_all()
    yield from put_all()


class _Putting:
    """Puts what was found into the archive of a desk, and says what became of each."""

    def __init__(self, desk: Desk, published: str, outlet: str) -> None:
        self._desk, self._published, self._outlet = desk, published, outlet

    def __call__(self, found: Sequence[Found], *, analyse: bool) -> Iterator[dict[str, Any]]:
        """Yield a row for each; what was read before somebody broke the command off is stored and told."""
        read: list[Coming | str] = []
        stopped: KeyboardInterrupt | None = None
        with blobs.putting(one.data for one in found if not one.error):
            try:
                for one in found:
                    read.append(self._read(one))
            except KeyboardInterrupt as signal:
                stopped = signal
        coming = [one for one in read if isinstance(one, Coming)]
        stored = iter(self._store(coming, Job.Queue.BULK if analyse else ""))
        for one, what in zip(found, read, strict=False):
            yield _told(one, what if isinstance(what, str) else next(stored))
        if stopped is not None:
            raise stopped

    def _store(self, batch: Sequence[Coming], queue: str) -> list[Result]:
        if not batch:
            return []
        put = partial(store_all, actor=None, desk=self._desk, queue=queue, via="ingest")
        try:
            return put(batch)
        except OperationalError:
            # Another writer stored the same in another order, and one of the two had to give way: one by one.
            return [made for one in batch for made in put([one])]

    def _read(self, found: Found) -> Coming | str:
        """Return what is to be stored, or why it cannot be."""
        if found.error:
            return found.error
        extracted = found.item.extracted if found.item is not None else None
        if found.page is not None:
            extracted = found.page.extracted
        assert extracted is not None
        if self._published:
            extracted = replace(extracted, published=self._published, published_source=PublishedSource.PERSON)
        if self._outlet and not extracted.site and not (found.item and found.item.outlet):
            extracted = replace(extracted, site=self._outlet)
        try:
            if found.item is not None:
                extracted, kind = named_item(replace(found.item, extracted=extracted))
                return coming(
                    extracted=extracted,
                    url=found.item.url,
                    blob=found.data,
                    media_type=found.media_type,
                    kind=kind,
                )
            assert found.page is not None
            return coming(
                extracted=extracted,
                url=found.page.fetched.url,
                final_url=found.page.fetched.final_url,
                blob=found.data,
                media_type=found.media_type,
                kind=Document.Kind.WEB,
            )
        except base.Refused as refused:
            return str(refused)


def _told(found: Found, made: Result | str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "source": found.source,
        "place": found.place,
        "document": None,
        "capture": None,
        "notes": [],
    }
    if isinstance(made, (str, base.Refused)):
        return row | {"outcome": "failed", "sentence": str(made)}
    return row | {
        "outcome": made.outcome,
        "sentence": made.sentence,
        "document": made.document.pk,
        "capture": made.capture.pk,
        "notes": made.capture.notes,
    }


def _summary(counts: Counter[str]) -> str:
    words = {
        "new": "new",
        "copy": "copies",
        "updated": "updated",
        "same": "there already",
        "before": "stored by an earlier run",
        "failed": "failed",
    }
    parts = [f"{counts[name]:,} {word}" for name, word in words.items() if counts[name]]
    return (", ".join(parts) or "Nothing stored") + "."
