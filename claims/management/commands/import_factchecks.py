"""Imports other publishers' fact checks from files, folders and addresses, in any shape they come in.

DataFeed, ClaimReview, @graph, web pages, Google's API page by page, JSON Feed, lines of JSON, tables of Check, of the
Duke Reporters' Lab and of claimskg, lists of addresses, and any of these packed.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone

from claims.actions.base import Refused
from claims.actions.documents.fetching import FetchRefused
from claims.actions.publishing.check_sources import CheckAnswer, ask_checks, ask_pages
from claims.actions.publishing.import_runs import OUTCOMES, Part, Tally, take_parts
from claims.actions.publishing.labels import confirm_suggested
from claims.intake.checks.files import is_address_list, read_files
from claims.intake.checks.tables import FIELDS
from claims.intake.checks.types import CheckFile, Columns, UnknownColumns
from claims.intake.types import IntakeError
from claims.models import Desk, ForeignLabel

WRONG_USE = 2


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "sources",
            nargs="*",
            metavar="FILE|FOLDER|URL",
            help="files, folders, - for standard input, addresses",
        )
        parser.add_argument("--desk", default="", help="short name of the desk; the default desk without it")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"which column of a table holds what; fields: {', '.join(FIELDS)}",
        )
        parser.add_argument(
            "--columns", action="store_true", help="only show a table's columns and first rows"
        )
        parser.add_argument("--follow", action="store_true", help="fetch the pages that a feed names")
        parser.add_argument(
            "--pages",
            type=int,
            default=100,
            metavar="N",
            help="at most so many pages of an API, a feed or a list",
        )
        parser.add_argument(
            "--confirm-labels",
            action="append",
            default=[],
            metavar="SITE",
            help="confirm what is suggested for the labels of this publisher’s site",
        )
        parser.add_argument("--json", action="store_true", help="print the counts and problems as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import everything usable; problems of single elements go to standard error."""
        desk = self._desk(options["desk"])
        if not options["sources"] and not options["confirm_labels"]:
            raise CommandError("Name a file, a folder or an address.", returncode=WRONG_USE)
        columns = self._named(options["column"])
        tally = Tally()
        parts: list[Part] = []
        shapes: list[str] = []
        for source in options["sources"]:
            for answer in self._read(source, columns, options):
                if isinstance(answer.read, UnknownColumns) and options["columns"]:
                    self._show(answer.source, answer.read.columns)
                elif isinstance(answer.read, IntakeError):
                    if len(options["sources"]) == 1 and not parts and not Path(source).is_dir():
                        raise CommandError(f"{answer.source}: {answer.read.sentence}", returncode=WRONG_USE)
                    tally.refuse(answer.source, 0, answer.read.sentence)
                else:
                    if options["columns"] and answer.read.columns is not None:
                        self._show(answer.source, answer.read.columns)
                    parts.append(Part(answer.source, answer.read.found, answer.whole_pages))
                    shapes.append(answer.read.shape)
                    tally.notes.update(answer.read.notes)
                    if answer.read.links and not options["follow"]:
                        tally.pass_over(
                            "page named by a feed, not fetched (--follow)", len(answer.read.links)
                        )
        if options["columns"]:
            return
        take_parts(actor=None, desk=desk, parts=parts, tally=tally)
        labels = self._labels(desk, options["confirm_labels"])
        if options["sources"]:
            self._tell(tally, shapes, labels, as_json=options["json"])

    def _read(self, source: str, columns: dict[str, str], options: dict[str, Any]) -> Iterator[CheckAnswer]:
        """Yield what each file and answer behind one source holds."""
        if source.startswith(("http://", "https://")):
            try:
                yield from ask_checks(
                    source, most=options["pages"], columns=columns, follow=options["follow"]
                )
            except FetchRefused as problem:
                raise CommandError(f"{source}: {problem}", returncode=WRONG_USE) from problem
            return
        path = Path(source)
        files = sorted(path.rglob("*")) if source != "-" and path.is_dir() else [path]
        for file in files:
            if file != path and (not file.is_file() or file.name.startswith(".")):
                continue
            name, data = ("", sys.stdin.buffer.read()) if source == "-" else (str(file), self._bytes(file))
            addresses = is_address_list(data[:2_000_000].decode("utf-8", "replace"))
            if addresses:
                yield from ask_pages(addresses[: options["pages"]])
                for one in addresses[options["pages"] :]:
                    yield CheckAnswer(
                        one, IntakeError("too_large", "Not asked: --pages is the most that are.")
                    )
                continue
            try:
                for inner, read in read_files(name, data, columns=columns, fetched_at=timezone.now()):
                    yield CheckAnswer(inner or "-", read)
                    if options["follow"] and isinstance(read, CheckFile) and read.links:
                        yield from ask_pages([link.url for link in read.links[: options["pages"]]])
            except IntakeError as error:
                yield CheckAnswer(name or "-", error)

    def _labels(self, desk: Desk, sites: list[str]) -> dict[str, int]:
        """Confirm what was asked for; return how many labels of each publisher nobody has confirmed."""
        for site in sites:
            try:
                confirmed, open_ones = confirm_suggested(
                    actor=None, desk=desk, site=site.lower().removeprefix("www.")
                )
            except Refused as refusal:
                raise CommandError(str(refusal), returncode=WRONG_USE) from refusal
            self.stderr.write(
                f"{site}: {confirmed} labels confirmed as suggested, {open_ones} without a suggestion."
            )
        rows = ForeignLabel.objects.filter(desk=desk, confirmed_at=None).order_by("site")
        return dict(rows.values_list("site").annotate(n=Count("pk")))

    def _tell(self, tally: Tally, shapes: list[str], labels: dict[str, int], *, as_json: bool) -> None:
        for row in tally.problems:
            where = " ".join(str(row[name]) for name in ("source", "place") if row.get(name))
            self.stderr.write(f"{where}: {row['reason']}")
        for kind, count in tally.passed_over.most_common():
            self.stderr.write(f"Passed over, no ClaimReview: {count} × {kind}")
        for note, count in tally.notes.most_common(20):
            self.stderr.write(f"{count} × {note}")
        if labels:
            named = ", ".join(f"{site} ({count})" for site, count in list(labels.items())[:20])
            self.stderr.write(
                f"Labels that nobody has confirmed, so that they stand for no finding: {named}. Confirm them on the"
                " page Sources, or with --confirm-labels SITE."
            )
        if as_json:
            told = {**tally.as_json(), "shapes": shapes, "labels_unconfirmed": labels}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            counted = (f"{tally.counts[name]} {name.replace('_', ' ')}" for name in OUTCOMES)
            self.stdout.write(", ".join(counted))
        if not tally.seen:
            raise CommandError("There is no fact check in it.")
        if not tally.usable:
            raise CommandError("Nothing in it could be used.")

    def _show(self, source: str, columns: Columns) -> None:
        rows = [
            {"column": name, "taken_for": field, "sample": [row[at] for row in columns.sample]}
            for at, (name, field) in enumerate(zip(columns.names, columns.fields, strict=True))
        ]
        shown = {"source": source, "columns": rows, "missing": list(columns.missing)}
        self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1))

    def _named(self, pairs: list[str]) -> dict[str, str]:
        named = {}
        for pair in pairs:
            field, sign, column = pair.partition("=")
            if not sign or field not in FIELDS:
                raise CommandError(
                    f"“{pair}” is not FIELD=COLUMN with one of the fields {', '.join(FIELDS)}.",
                    returncode=WRONG_USE,
                )
            named[field] = column
        return named

    def _desk(self, slug: str) -> Desk:
        found = Desk.objects.filter(slug=slug) if slug else Desk.objects.filter(is_default=True)
        desk = found.first()
        if desk is None:
            raise CommandError(
                f"There is no desk “{slug}”." if slug else "There is no default desk.", returncode=WRONG_USE
            )
        return desk

    def _bytes(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as problem:
            raise CommandError(
                f"{path} cannot be read: {problem.strerror}.", returncode=WRONG_USE
            ) from problem
