"""Imports other publishers' fact checks: a DataFeed, list, graph or one ClaimReview, by file or address."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.actions import base
from claims.actions.documents.fetching import FetchRefused, ask
from claims.actions.publishing.imports import take_in, withdraw_import
from claims.exports.imports import Deleted, Imported, ImportRefused, PassedOver, read_json
from claims.models import Desk
from claims.net.addresses import page_identity
from claims.net.errors import FetchError


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a file, - for standard input, or an http(s) address")
        parser.add_argument("--desk", default="", help="short name of the desk; the default desk without it")
        parser.add_argument("--json", action="store_true", help="print the counts and problems as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import everything usable; problems of single elements go to standard error."""
        desk = self._desk(options["desk"])
        counts = {"new": 0, "changed": 0, "unchanged": 0, "withdrawn": 0, "refused": 0, "passed_over": 0}
        passed_over: Counter[str] = Counter()
        problems: list[dict[str, Any]] = []
        try:
            found = list(read_json(self._text(options["source"])))
        except ValueError as problem:
            raise CommandError(f"{options['source']} is no JSON: {problem}", returncode=2) from problem
        pages = Counter(page_identity(one.payload.url) for one in found if isinstance(one, Imported))
        for place, one in enumerate(found, start=1):
            if isinstance(one, PassedOver):
                counts["passed_over"] += 1
                passed_over[one.kind] += 1
                continue
            try:
                counts[self._take(desk, one, pages)] += 1
            except base.Refused as refusal:
                counts["refused"] += 1
                problems.append({"place": place, "reason": str(refusal)})
            if place % 200 == 0:
                self.stderr.write(f"{place} of {len(found)}")
        for row in problems:
            self.stderr.write(f"{row['place']}: {row['reason']}")
        for kind, count in passed_over.most_common():
            self.stderr.write(f"Passed over, no ClaimReview: {count} × {kind}")
        if options["json"]:
            self.stdout.write(json.dumps({**counts, "problems": problems}, ensure_ascii=False))
        else:
            self.stdout.write(
                ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
            )
        if not found:
            raise CommandError("There is no fact check in it.")
        if counts["refused"] + counts["passed_over"] == len(found):
            raise CommandError("Nothing in it could be used.")

    def _take(self, desk: Desk, one: Imported | Deleted | ImportRefused, pages: Counter[str]) -> str:
        if isinstance(one, ImportRefused):
            raise base.Refused(f"{one.reason[0].upper()}{one.reason[1:]}.")
        if isinstance(one, Deleted):
            return (
                "withdrawn" if withdraw_import(actor=None, desk=desk, url=one.url, at=one.at) else "unchanged"
            )
        payload = one.payload
        return take_in(
            actor=None,
            desk=desk,
            raw=one.raw,
            page_url=payload.url,
            created=payload.published_at.isoformat(),
            modified=payload.modified_at.isoformat(),
            alone=pages[page_identity(payload.url)] == 1,
        )[1]

    def _desk(self, slug: str) -> Desk:
        found = Desk.objects.filter(slug=slug) if slug else Desk.objects.filter(is_default=True)
        desk = found.first()
        if desk is None:
            raise CommandError(
                f"There is no desk “{slug}”." if slug else "There is no default desk.", returncode=2
            )
        return desk

    def _text(self, source: str) -> str:
        if source == "-":
            return sys.stdin.read()
        if source.startswith(("http://", "https://")):
            return self._fetched(source)
        path = Path(source)
        try:
            return path.read_text(encoding="utf-8-sig", errors="replace")
        except OSError as problem:
            raise CommandError(f"{source} cannot be read: {problem.strerror}.", returncode=2) from problem

    def _fetched(self, url: str) -> str:
        try:
            return ask(url, accept="application/json, application/ld+json").body.decode(
                "utf-8-sig", "replace"
            )
        except (FetchError, FetchRefused) as problem:
            raise CommandError(str(problem), returncode=2) from problem
