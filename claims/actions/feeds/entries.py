"""Which pages that a feed names are fetched now? Those that are new, and those whose time has come again.

A page is known by its address in any spelling, else by the feed's own name for it: names that change with every
asking bring nothing twice. What failed is tried again a few times, later each time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from claims.actions.publishing.import_runs import Tally
from claims.jobs.rows import Running
from claims.models import Document, Feed, FeedEntry
from claims.net.addresses import page_identity

#: Pages fetched in one asking.
MOST_PAGES = 60
#: Entries looked at in one asking.
MOST_ENTRIES = 2_000
TRIES = 4
#: When a page that was taken in is looked at again, counted from the last time.
_LOOKS = (dt.timedelta(days=1), dt.timedelta(days=6), dt.timedelta(days=23))
_LATER = (dt.timedelta(minutes=30), dt.timedelta(hours=4), dt.timedelta(hours=24))
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Left:
    """What an asking leaves: whether there is more to take soon, and what there is to say."""

    more: bool = False
    sentence: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one entry. ``again`` where trying later may help, ``look_again`` where it may change."""

    outcome: str
    sentence: str = ""
    document: Document | None = None
    again: bool = False
    look_again: bool = False


@dataclass(frozen=True, slots=True)
class NamedPage(Generic[T]):
    """One entry of a feed: the page it names and what the feed gives of it."""

    url: str
    title: str
    name: str
    given: T | None = None

    @property
    def key(self) -> str:
        what = page_identity(self.url) if self.url else f"name:{self.name or self.title}"
        return hashlib.sha256(what.encode("utf-8", "replace")).hexdigest()


def take_entries(
    *,
    job: Running,
    feed: Feed,
    named: Sequence[NamedPage[T]],
    take: Callable[[NamedPage[T]], Became],
    tally: Tally,
    now: dt.datetime,
    until: float,
) -> int:
    """Take the entries that are due, newest place first, and note what became of each; returns how many are left.

    ``take`` asks the network outside any transaction and writes in fenced ones; ``until`` is on the monotonic clock.
    """
    due = _due(feed, named[:MOST_ENTRIES], now)
    if len(named) > MOST_ENTRIES:
        tally.pass_over(f"entry beyond the first {MOST_ENTRIES:,}", len(named) - MOST_ENTRIES)
    done = 0
    for one, tries in due:
        if done >= MOST_PAGES or time.monotonic() > until:
            break
        became = take(one)
        done += 1
        with job.fenced():
            _note(feed, one, tries + 1, became, now)
        if became.outcome == FeedEntry.Outcome.FAILED:
            tally.refuse(one.url or one.title, 0, became.sentence)
        job.progress(done, min(len(due), MOST_PAGES), one.title[:100])
    return len(due) - done


def due_again(feed: Feed, named: Sequence[NamedPage[T]], now: dt.datetime) -> list[NamedPage[T]]:
    """Return the pages whose time has come again and that the feed does not name any more."""
    keys = {one.key for one in named}
    rows = FeedEntry.objects.filter(feed=feed, again_at__lte=now).exclude(url="").order_by("id")
    return [NamedPage(row.url, row.title, "") for row in rows[:MOST_PAGES] if row.key not in keys]


def _due(feed: Feed, named: Sequence[NamedPage[T]], now: dt.datetime) -> list[tuple[NamedPage[T], int]]:
    """Return the entries to take now, each once, with how often they were tried."""
    by_key = {one.key: one for one in named}
    known: dict[str, tuple[int, dt.datetime | None]] = {}
    keys = list(by_key)
    for start in range(0, len(keys), 500):
        rows = FeedEntry.objects.filter(feed=feed, key__in=keys[start : start + 500])
        known |= {key: (tries, again) for key, tries, again in rows.values_list("key", "tries", "again_at")}
    found = []
    for key, one in by_key.items():
        tries, again = known.get(key, (0, None))
        if key not in known or (again is not None and again <= now):
            found.append((one, tries))
    return found


def _note(feed: Feed, one: NamedPage[T], tries: int, became: Became, now: dt.datetime) -> None:
    steps = _LOOKS if became.look_again else _LATER if became.again else ()
    later = now + steps[min(tries, len(steps)) - 1] if steps and tries < TRIES else None
    values = {
        "url": one.url[:2000],
        "title": one.title[:300],
        "outcome": became.outcome,
        "sentence": became.sentence,
        "document": became.document,
        "tries": tries,
        "again_at": later,
    }
    FeedEntry.objects.update_or_create(
        feed=feed,
        key=one.key,
        defaults=values,
        create_defaults={**values, "created_at": now},
    )
