"""What does a feed answer now, and what becomes of it? One asking, told on the feed whatever its end.

Asked with what the last answer gave to compare by, so that nothing is sent twice. What fails waits longer each
time, or as long as the server asks. Bounded in bytes, time and pages; the rest is taken with the next asking.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.documents.fetching import FetchRefused, ask
from claims.actions.feeds import articles, partners
from claims.actions.feeds.managing import pause_feed
from claims.actions.publishing.import_runs import Tally
from claims.jobs.rows import JobRefused, Running
from claims.models import Feed, FeedEntry, FeedRun
from claims.net.errors import status_sentence
from claims.net.fetch import Fetched
from claims.net.retry_after import retry_after

ACCEPT = {
    Feed.Kind.CHECKS: partners.ACCEPT,
    Feed.Kind.ARTICLES: "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9,"
    " text/xml;q=0.9, application/json;q=0.8, */*;q=0.5",
}
#: Seconds after which no further page is begun; the task has more.
BUDGET = 240.0
#: When what was left over is taken.
SOON = dt.timedelta(minutes=5)
LONGEST_PAUSE = dt.timedelta(hours=24)
KEPT_RUNS, KEPT_ENTRIES = 30, 5_000
GONE = 410


@dataclass
class Asked:
    """How one asking ended: what there is to say, what came in, and when to come again where not as usual."""

    outcome: str = Feed.Outcome.NOTHING
    sentence: str = ""
    tally: Tally = field(default_factory=Tally)
    wait: int = 0
    soon: bool = False
    gone: bool = False
    compare_by: tuple[str, str] | None = None
    title: str = ""


def run_poll(job: Running) -> None:
    """Ask one feed and take in what it brings; the feed says how it went, the job fails only where it is gone."""
    feed = Feed.objects.select_related("desk").filter(pk=job.row.arguments["feed"]).first()
    if feed is None:
        raise JobRefused(_("The feed has been removed."))
    began, now = time.monotonic(), timezone.now()
    asked = Asked()
    with job.fenced():
        # Whatever happens to this run, the feed is not due again at once.
        Feed.objects.filter(pk=feed.pk).update(next_at=now + dt.timedelta(minutes=feed.every_minutes))
    job.progress(0, 2, "asking")
    try:
        _ask(job, feed, asked, now=now, until=began + BUDGET)
    except FetchRefused as refusal:
        asked.outcome, asked.sentence = Feed.Outcome.FAILED, str(refusal)
    with job.fenced(), base.gesture("feed"):
        _note(feed, asked, now=now, seconds=time.monotonic() - began)
        job.finish(
            {"feed": feed.pk, "outcome": asked.outcome, "sentence": asked.sentence, **asked.tally.as_json()}
        )


def _ask(job: Running, feed: Feed, asked: Asked, *, now: dt.datetime, until: float) -> None:
    headers = {**partners.headers_for(feed.url)}
    waiting = FeedEntry.objects.filter(feed=feed, again_at__lte=now).exists()
    if not waiting:
        headers |= {"If-None-Match": feed.etag} if feed.etag else {}
        headers |= {"If-Modified-Since": feed.last_modified} if feed.last_modified else {}
    fetched = ask(feed.url, accept=ACCEPT[Feed.Kind(feed.kind)], headers=headers, bare=True)
    if fetched.status == 304:
        asked.sentence = _("Nothing has changed since the last time.")
        return
    if not 200 <= fetched.status < 300:
        asked.outcome, asked.gone = Feed.Outcome.FAILED, fetched.status == GONE
        asked.sentence = status_sentence(fetched.status)
        asked.wait = retry_after(fetched.headers, now=now)
        return
    job.progress(1, 2, "reading")
    take = partners.take if feed.kind == Feed.Kind.CHECKS else articles.take
    left = take(job=job, feed=feed, fetched=fetched, tally=asked.tally, now=now, until=until)
    asked.title, asked.soon = left.title, left.more
    came = asked.tally.counts["new"] + asked.tally.counts["changed"]
    asked.outcome = Feed.Outcome.NEW if came else Feed.Outcome.NOTHING
    asked.sentence = " ".join(part for part in (_told(asked.tally), left.sentence, _moved(fetched)) if part)
    if not left.more:
        asked.compare_by = (
            fetched.headers.get("etag", "")[:300],
            fetched.headers.get("last-modified", "")[:100],
        )


def _told(tally: Tally) -> str:
    words = {
        "new": _("%d new"), "changed": _("%d changed"), "unchanged": _("%d there already"), "older": _("%d older"),
        "withdrawn": _("%d withdrawn"), "refused": _("%d refused"), "passed_over": _("%d passed over"),
    }  # fmt: skip
    parts = [said % tally.counts[name] for name, said in words.items() if tally.counts[name]]
    return ", ".join(parts) + "." if parts else _("Nothing in it that is not known.")


def _moved(fetched: Fetched) -> str:
    if fetched.redirects and fetched.final_url != fetched.url:
        return _("The address leads on to %(url)s.") % {"url": fetched.final_url[:200]}
    return ""


def _note(feed: Feed, asked: Asked, *, now: dt.datetime, seconds: float) -> None:
    """Write on the feed how it went and when it is asked next, inside the caller's transaction."""
    failed = asked.outcome == Feed.Outcome.FAILED
    failures = feed.failures + 1 if failed else 0
    came = asked.tally.counts["new"] + asked.tally.counts["changed"]
    changes: dict[str, Any] = {
        "last_at": now,
        "last_outcome": asked.outcome,
        "last_sentence": asked.sentence,
        "failures": failures,
        "next_at": now + _pause(feed, asked, failures),
        "taken": F("taken") + came,
    }
    if came:
        changes["last_new_at"] = now
    if asked.compare_by is not None:
        changes["etag"], changes["last_modified"] = asked.compare_by
    if asked.title and not feed.title:
        changes["title"] = asked.title[:200]
    Feed.objects.filter(pk=feed.pk).update(**changes)
    FeedRun.objects.create(
        feed=feed,
        outcome=asked.outcome,
        sentence=asked.sentence,
        counts={name: count for name, count in asked.tally.counts.items() if count},
        passed_over=dict(asked.tally.passed_over.most_common(20)),
        problems=asked.tally.problems[:50],
        seconds=round(seconds, 2),
        created_at=now,
    )
    _forget_old(feed)
    if asked.gone:
        pause_feed(actor=None, feed=feed, why=_("The site says that this feed is gone for good."), now=now)


def _pause(feed: Feed, asked: Asked, failures: int) -> dt.timedelta:
    if asked.soon:
        return min(SOON, dt.timedelta(minutes=feed.every_minutes))
    usual = dt.timedelta(minutes=feed.every_minutes)
    if not failures:
        return usual
    longer = min(usual * 2 ** min(failures - 1, 10), max(LONGEST_PAUSE, usual))
    return max(longer, dt.timedelta(seconds=asked.wait))


def _forget_old(feed: Feed) -> None:
    runs, entries = FeedRun.objects.filter(feed=feed), FeedEntry.objects.filter(feed=feed)
    for rows, kept in ((runs, KEPT_RUNS), (entries, KEPT_ENTRIES)):
        last = rows.order_by("-id").values_list("pk", flat=True)[kept : kept + 1].first()
        if last is not None:
            rows.filter(pk__lte=last).delete()
