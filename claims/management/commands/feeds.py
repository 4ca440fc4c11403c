"""The feeds of a desk: list them, add addresses or an OPML file, ask them now."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.actions.base import Refused
from claims.actions.feeds.managing import Listed, add_feed, add_listed, queue_poll
from claims.intake.opml import read_opml
from claims.intake.types import IntakeError
from claims.models import Desk, Feed
from claims.tasks.base import run_now

WRONG_USE = 2


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", nargs="?", default="list", choices=("list", "add", "opml", "ask"))
        parser.add_argument(
            "what", nargs="*", metavar="URL|FILE|NUMBER", help="addresses, OPML files or numbers"
        )
        parser.add_argument("--desk", default="", help="short name of the desk; the default desk without it")
        parser.add_argument("--kind", default=Feed.Kind.ARTICLES, choices=Feed.Kind.values)
        parser.add_argument("--every", type=int, default=60, metavar="MINUTES", help="how often it is asked")
        parser.add_argument("--no-follow", action="store_true", help="do not fetch the pages that it names")
        parser.add_argument("--json", action="store_true", help="print JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        desk = self._desk(options["desk"])
        if options["act"] in ("add", "opml") and not options["what"]:
            raise CommandError("Name an address or an OPML file.", returncode=WRONG_USE)
        feeds = Feed.objects.filter(desk=desk)
        if options["act"] == "add":
            feeds = feeds.filter(pk__in=[one.pk for one in self._add(desk, options).added])
        elif options["act"] == "opml":
            feeds = feeds.filter(pk__in=[one.pk for one in self._opml(desk, options).added])
        elif options["act"] == "ask":
            if wrong := [one for one in options["what"] if not one.isdecimal()]:
                raise CommandError(f"“{wrong[0]}” is no number of a feed.", returncode=WRONG_USE)
            if options["what"]:
                feeds = feeds.filter(pk__in=[int(one) for one in options["what"]])
            for feed in feeds.select_related("desk").order_by("pk"):
                run_now(queue_poll(feed).pk)
        rows = [self._row(feed) for feed in feeds.order_by("kind", "title", "id")]
        if options["json"]:
            self.stdout.write(json.dumps({"desk": desk.slug, "feeds": rows}, ensure_ascii=False))
            return
        for row in rows:
            state = "paused" if row["paused"] else row["outcome"] or "not asked yet"
            self.stdout.write(
                f"{row['id']:>5} {row['kind']:<9}{state:<14}{row['taken']:>6}  {row['title'] or row['url']}"
            )
            if row["sentence"]:
                self.stdout.write(f"      {row['sentence']}")
        if not rows:
            self.stderr.write("There is none." if options["act"] == "list" else "None.")

    def _add(self, desk: Desk, options: dict[str, Any]) -> Listed:
        listed = Listed()
        every, follow = options["every"], not options["no_follow"]
        for url in options["what"]:
            try:
                made = add_feed(
                    actor=None, desk=desk, kind=options["kind"], url=url, every_minutes=every, follow=follow
                )
                listed.added.append(made)
            except Refused as refusal:
                if len(options["what"]) == 1:
                    raise CommandError(str(refusal), returncode=WRONG_USE) from refusal
                self.stderr.write(f"{url}: {refusal}")
        return listed

    def _opml(self, desk: Desk, options: dict[str, Any]) -> Listed:
        listed = Listed()
        for name in options["what"]:
            try:
                outlines = read_opml(Path(name).read_bytes())
            except OSError as problem:
                raise CommandError(
                    f"{name} cannot be read: {problem.strerror}.", returncode=WRONG_USE
                ) from problem
            except IntakeError as error:
                raise CommandError(f"{name}: {error.sentence}", returncode=WRONG_USE) from error
            found = add_listed(
                actor=None, desk=desk, kind=options["kind"], outlines=outlines, every_minutes=options["every"],
                follow=not options["no_follow"],
            )  # fmt: skip
            listed.added += found.added
            self.stderr.write(
                f"{len(found.added)} added, {len(found.known)} there already, {len(found.refused)} refused."
            )
            for url, why in found.refused:
                self.stderr.write(f"{url}: {why}")
        return listed

    def _row(self, feed: Feed) -> dict[str, Any]:
        return {
            "id": feed.pk, "kind": feed.kind, "url": feed.url, "title": feed.title, "every": feed.every_minutes,
            "paused": feed.paused, "outcome": feed.last_outcome, "sentence": feed.last_sentence, "taken": feed.taken,
            "failures": feed.failures, "next_at": feed.next_at.isoformat(),
            "last_at": feed.last_at.isoformat() if feed.last_at else None,
        }  # fmt: skip

    def _desk(self, slug: str) -> Desk:
        found = Desk.objects.filter(slug=slug) if slug else Desk.objects.filter(is_default=True)
        desk = found.first()
        if desk is None:
            said = f"There is no desk “{slug}”." if slug else "There is no default desk."
            raise CommandError(said, returncode=WRONG_USE)
        return desk
