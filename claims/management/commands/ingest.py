"""Puts files, folders, web pages and feeds into a desk's archive, item by item.

What is stored already is said so and left alone: a run that was broken off is simply started again. An item
that cannot be taken in is reported and does not stop the others; the exit status is then 1.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from claims.actions import base, partial_dates
from claims.actions.documents.fetching import FetchedPage, FetchRefused, read_address
from claims.actions.documents.storing import Added, store, store_item
from claims.intake.types import BYTES_LIMIT, IntakeError, Item, PublishedSource
from claims.models import Desk, Document

SCHEMA = 1
WRONG_USE = 2
FAILED = 1
INTERRUPTED = 130
_PROGRESS = 100
_LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Found:
    """One thing to store, or the sentence why it could not even be read."""

    source: str
    place: str = ""
    item: Item | None = None
    page: FetchedPage | None = None
    data: bytes = b""
    media_type: str = ""
    error: str = ""


class Command(BaseCommand):
    help = "Put files, folders, web pages and feeds into a desk's archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "sources",
            nargs="+",
            metavar="FILE|URL",
            help=".txt, .html, .md, .csv, .json, .jsonl, .pdf, .docx, .odt, .srt, .vtt, RSS, Atom, JSON Feed; a folder;"
            " an address",
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
        parser.add_argument("--json", action="store_true", help="print one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        desk = _desk(options["desk"])
        published = _published(options["published"])
        rows: list[dict[str, Any]] = []
        counts: Counter[str] = Counter()
        try:
            for found in self._found(options["sources"], follow=options["follow"]):
                row = _store(found, desk, published, options["outlet"], analyse=not options["no_analysis"])
                counts[row["outcome"]] += 1
                if options["json"]:
                    rows.append(row)
                    if sum(counts.values()) % _PROGRESS == 0:
                        self.stderr.write(_summary(counts))
                else:
                    self._tell(row)
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

    def _tell(self, row: dict[str, Any]) -> None:
        where = f"{row['source']} {row['place']}".strip()
        stream = self.stderr if row["outcome"] == "failed" else self.stdout
        number = f" [document {row['document']}]" if row["document"] else ""
        stream.write(f"{row['outcome']:<8}{where}: {row['sentence']}{number}")
        for note in row["notes"]:
            self.stderr.write(f"        {note}")

    def _found(self, sources: list[str], *, follow: bool) -> Iterator[Found]:
        for source in sources:
            if source.startswith(("http://", "https://")):
                yield from _from_address(source, follow=follow)
                continue
            path = Path(source)
            if path.is_dir():
                for one in sorted(path.rglob("*")):
                    if one.is_file() and not one.name.startswith("."):
                        yield from _from_file(one, follow=follow)
            else:
                yield from _from_file(path, follow=follow)


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


# --- reading ----------------------------------------------------------------------------------------------


def _from_address(url: str, *, follow: bool) -> Iterator[Found]:
    try:
        page = read_address(url, now=timezone.now())
    except FetchRefused as refusal:
        yield Found(url, error=str(refusal))
        return
    if page.extracted is not None:
        yield Found(url, page=page, data=page.fetched.body, media_type=page.media_type)
        return
    for item in page.items:
        yield from _entry(url, item, page.fetched.body, page.media_type, follow=follow)


def _entry(source: str, item: Item, data: bytes, media_type: str, *, follow: bool) -> Iterator[Found]:
    if follow and item.url and item.source == "feed":
        for one in _from_address(item.url, follow=False):
            yield replace(one, source=source, place=item.place)
        return
    yield Found(source, item.place, item=item, data=data, media_type=media_type)


def _from_file(path: Path, *, follow: bool) -> Iterator[Found]:
    source = str(path)
    try:
        if path.suffix.lower() in _LINES:
            yield from _from_lines(path)
            return
        if path.stat().st_size > BYTES_LIMIT:
            size = path.stat().st_size / 1024**2
            yield Found(
                source, error=f"The file has {size:.1f} MB. Large tables are read as .jsonl, line by line."
            )
            return
        data = path.read_bytes()
    except FileNotFoundError:
        yield Found(source, error="There is no such file.")
        return
    except OSError as error:
        yield Found(source, error=f"The file cannot be read: {error.strerror}.")
        return
    try:
        upload = _read(path.name, data)
    except IntakeError as error:
        yield Found(source, error=error.sentence)
        return
    single = len(upload) == 1
    for item in upload:
        if single and not item.extracted.title:
            item = replace(item, extracted=replace(item.extracted, title=path.stem))
        yield from _entry(source, item, data, "", follow=follow)


def _read(name: str, data: bytes) -> tuple[Item, ...]:
    from claims.intake.upload import read_upload

    return read_upload(name, data, today=timezone.now().date()).items


def _from_lines(path: Path) -> Iterator[Found]:
    """Read one object per line without holding the file in memory; a bad line is one failed item."""
    from claims.intake.tables import read_json

    today = timezone.now().date()
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            place = f"line {number}"
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                (item,) = read_json(text, today=today).items
            except UnicodeDecodeError:
                yield Found(str(path), place, error="The line is not in UTF-8.")
            except IntakeError as error:
                yield Found(str(path), place, error=error.sentence)
            except ValueError:
                yield Found(str(path), place, error="The line does not hold one object with a text.")
            else:
                yield Found(str(path), place, item=item, data=line)


# --- storing ----------------------------------------------------------------------------------------------


def _store(found: Found, desk: Desk, published: str, outlet: str, *, analyse: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "source": found.source,
        "place": found.place,
        "document": None,
        "capture": None,
        "notes": [],
    }
    if found.error:
        return row | {"outcome": "failed", "sentence": found.error}
    try:
        with base.gesture("ingest"):
            added = _add(found, desk, published, outlet, analyse=analyse)
    except base.Refused as refused:
        return row | {"outcome": "failed", "sentence": str(refused)}
    return row | {
        "outcome": added.outcome,
        "sentence": added.sentence,
        "document": added.document.pk,
        "capture": added.capture.pk,
        "notes": added.capture.notes,
    }


def _add(found: Found, desk: Desk, published: str, outlet: str, *, analyse: bool) -> Added:
    extracted = found.item.extracted if found.item is not None else None
    if found.page is not None:
        extracted = found.page.extracted
    assert extracted is not None
    if published:
        extracted = replace(extracted, published=published, published_source=PublishedSource.PERSON)
    if outlet and not extracted.site and not (found.item and found.item.outlet):
        extracted = replace(extracted, site=outlet)
    if found.item is not None:
        item = replace(found.item, extracted=extracted)
        return store_item(
            actor=None, desk=desk, item=item, blob=found.data, media_type=found.media_type, analyse=analyse
        )
    assert found.page is not None
    return store(
        actor=None,
        desk=desk,
        extracted=extracted,
        url=found.page.fetched.url,
        final_url=found.page.fetched.final_url,
        blob=found.data,
        media_type=found.media_type,
        kind=Document.Kind.WEB,
        analyse=analyse,
    )


def _summary(counts: Counter[str]) -> str:
    words = {
        "new": "new",
        "copy": "copies",
        "updated": "updated",
        "same": "there already",
        "failed": "failed",
    }
    parts = [f"{counts[name]:,} {word}" for name, word in words.items() if counts[name]]
    return (", ".join(parts) or "Nothing stored") + "."
