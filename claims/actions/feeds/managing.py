"""Which addresses does a desk ask again and again? An editor adds, changes, pauses and removes them.

One address is one feed of a desk in whatever spelling. Whoever works at the desk may have a feed asked now.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.documents.fetching import FetchRefused, known_address
from claims.intake.decode import clean
from claims.intake.opml import Outline, feed_address
from claims.jobs import rows
from claims.models import Desk, Feed, Job, User
from claims.net.addresses import page_identity

MOST_FEEDS = 2_000
SHORTEST, LONGEST = 5, 7 * 24 * 60
JOB = "poll"


@dataclass
class Listed:
    """What became of a list of feeds: those added, those there already, and why others were refused."""

    added: list[Feed] = field(default_factory=list)
    known: list[Feed] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def add_feed(
    *,
    actor: User | None,
    desk: Desk,
    kind: str,
    url: str,
    title: str = "",
    every_minutes: int = 60,
    follow: bool = True,
    now: dt.datetime | None = None,
) -> Feed:
    """Add one address and ask it soon; raises Refused where the desk has it already.

    ``actor=None`` is the command line.
    """
    now = now or timezone.now()
    _require(actor, desk)
    if kind not in Feed.Kind.values:
        raise base.Refused(_("“%(kind)s” is no kind of feed.") % {"kind": kind})
    _require_interval(every_minutes)
    address = _address(url)
    key = _key(address)
    known = Feed.objects.filter(desk=desk, kind=kind, url_key=key).first()
    if known is not None:
        raise base.Refused(_("The desk asks this address already: “%(feed)s”.") % {"feed": known})
    if Feed.objects.filter(desk=desk).count() >= MOST_FEEDS:
        raise base.Refused(
            _("The desk has %(n)d feeds, which is the most. Remove one first.") % {"n": MOST_FEEDS}
        )
    try:
        with transaction.atomic():
            feed = Feed.objects.create(
                desk=desk,
                kind=kind,
                url=address,
                url_key=key,
                title=_title(title),
                every_minutes=every_minutes,
                follow=follow,
                next_at=now,
                added_by=actor,
                created_at=now,
            )
    except IntegrityError:
        raise base.Refused(_("The desk asks this address already.")) from None
    base.audit("feed.added", feed, actor=actor, desk=desk, after=kind, now=now, url=address)
    queue_poll(feed, queue=Job.Queue.INTERACTIVE if actor is not None else Job.Queue.BULK, now=now)
    return feed


def add_listed(
    *,
    actor: User | None,
    desk: Desk,
    kind: str,
    outlines: Sequence[Outline],
    every_minutes: int = 60,
    follow: bool = True,
    now: dt.datetime | None = None,
) -> Listed:
    """Add the feeds of a list one by one; one that is refused stops no other."""
    _require(actor, desk)
    listed = Listed()
    with base.gesture():
        for one in outlines:
            try:
                known = Feed.objects.filter(desk=desk, kind=kind, url_key=_key(_address(one.url))).first()
                if known is not None:
                    listed.known.append(known)
                    continue
                made = add_feed(
                    actor=actor, desk=desk, kind=kind, url=one.url, title=one.title, every_minutes=every_minutes,
                    follow=follow, now=now,
                )  # fmt: skip
            except base.Refused as refusal:
                listed.refused.append((one.url[:200], str(refusal)))
            else:
                listed.added.append(made)
    return listed


@transaction.atomic
def change_feed(
    *,
    actor: User,
    feed: Feed,
    title: str,
    every_minutes: int,
    follow: bool,
    now: dt.datetime | None = None,
) -> Feed:
    """Change how a feed is called and how often it is asked; its address is what it is."""
    now = now or timezone.now()
    _require(actor, feed.desk)
    _require_interval(every_minutes)
    feed = _locked(feed)
    before = f"{feed.every_minutes}"
    feed.title, feed.every_minutes, feed.follow = _title(title), every_minutes, follow
    if feed.last_at is not None and not feed.failures:
        feed.next_at = feed.last_at + dt.timedelta(minutes=every_minutes)
    feed.version += 1
    feed.save()
    base.audit(
        "feed.changed", feed, actor=actor, desk=feed.desk, before=before, after=f"{every_minutes}", now=now
    )
    return feed


@transaction.atomic
def pause_feed(*, actor: User | None, feed: Feed, why: str = "", now: dt.datetime | None = None) -> Feed:
    """Ask a feed no more until somebody resumes it; ``actor=None`` is the machine, which says why."""
    now = now or timezone.now()
    _require(actor, feed.desk)
    feed = _locked(feed)
    if not feed.paused:
        feed.paused, feed.paused_why = True, why[:300]
        feed.version += 1
        feed.save()
        base.audit("feed.paused", feed, actor=actor, desk=feed.desk, after="paused", now=now, why=why)
    return feed


@transaction.atomic
def resume_feed(*, actor: User, feed: Feed, now: dt.datetime | None = None) -> Feed:
    """Ask a paused feed again, at once."""
    now = now or timezone.now()
    _require(actor, feed.desk)
    feed = _locked(feed)
    if feed.paused:
        feed.paused, feed.paused_why, feed.failures, feed.next_at = False, "", 0, now
        feed.version += 1
        feed.save()
        base.audit("feed.resumed", feed, actor=actor, desk=feed.desk, before="paused", now=now)
        queue_poll(feed, queue=Job.Queue.INTERACTIVE, now=now)
    return feed


@transaction.atomic
def ask_now(*, actor: User, feed: Feed, now: dt.datetime | None = None) -> Job:
    """Have a feed asked now, whatever its schedule; a paused one stays paused."""
    now = now or timezone.now()
    base.require(actor, feed.desk, *base.WORKERS, what=_("have a feed asked"))
    if not settings.OUTBOUND:
        raise base.Refused(_("This installation fetches no addresses, so it asks no feeds."))
    return queue_poll(feed, queue=Job.Queue.INTERACTIVE, now=now)


@transaction.atomic
def remove_feed(*, actor: User, feed: Feed, now: dt.datetime | None = None) -> None:
    """Forget a feed and its askings; what came in by it stays."""
    now = now or timezone.now()
    _require(actor, feed.desk)
    feed = _locked(feed)
    base.audit("feed.removed", feed, actor=actor, desk=feed.desk, before=feed.kind, now=now, url=feed.url)
    feed.delete()


def queue_poll(feed: Feed, *, queue: str = Job.Queue.BULK, now: dt.datetime | None = None) -> Job:
    """Queue the asking of a feed; one that waits already is not queued twice."""
    return rows.enqueue(
        JOB,
        desk=feed.desk,
        subject=f"feed {feed.pk}",
        arguments={"feed": feed.pk},
        dedupe_key=f"poll:{feed.pk}",
        queue=queue,
        now=now,
    )


def due_feeds(now: dt.datetime | None = None, *, most: int = 200) -> int:
    """Queue every feed whose time has come; returns how many. Safe to call from several processes."""
    now = now or timezone.now()
    if not settings.OUTBOUND:
        return 0
    count = 0
    running = Job.objects.filter(kind=JOB, status=Job.Status.RUNNING).values_list("subject", flat=True)
    busy = set(running)
    due = Feed.objects.filter(paused=False, next_at__lte=now).select_related("desk").order_by("next_at", "id")
    for feed in due[:most]:
        if f"feed {feed.pk}" not in busy:
            queue_poll(feed, now=now)
            count += 1
    return count


def _require(actor: User | None, desk: Desk) -> None:
    if actor is not None:
        base.require(actor, desk, *base.EDITORS, what=_("change the feeds of the desk"))


def _require_interval(minutes: int) -> None:
    if not SHORTEST <= minutes <= LONGEST:
        raise base.Refused(
            _("A feed is asked every %(least)d minutes at most and every %(most)d at least.")
            % {"least": SHORTEST, "most": LONGEST}
        )


def _locked(feed: Feed) -> Feed:
    found = Feed.objects.select_for_update(of=("self",)).select_related("desk").filter(pk=feed.pk).first()
    if found is None:
        raise base.Stale(_("Somebody has removed this feed meanwhile."))
    return found


def _address(url: str) -> str:
    try:
        return known_address(feed_address(url))
    except FetchRefused as refusal:
        raise base.Refused(str(refusal)) from refusal


def _key(address: str) -> str:
    key = page_identity(address)
    return key if len(key) <= 300 else f"{key[:200]}~{hashlib.sha256(key.encode()).hexdigest()}"


def _title(title: str) -> str:
    return " ".join(clean(title).split())[:200]
