"""What does an outlet's feed bring? Articles for the archive, whole pages where it is followed.

They are only searched: claims are looked for in one when somebody opens it. Where a page cannot be had, what the
feed itself says of it is kept, if that is more than a headline.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.utils.translation import gettext as _

from claims.actions import base
from claims.actions.documents import parsing
from claims.actions.documents.fetching import READING, FetchRefused, read_address, unreadable
from claims.actions.documents.storing import Added, store, store_item
from claims.actions.feeds.entries import Became, Left, NamedPage, due_again, take_entries
from claims.actions.publishing.import_runs import Tally
from claims.intake.types import Extracted, IntakeError, Item, PublishedSource
from claims.jobs import child
from claims.jobs.rows import Running
from claims.models import Document, Feed, FeedEntry
from claims.net.fetch import Fetched

#: Fewer words are a headline, no text to find anything in.
FEWEST_WORDS = 20


def take(*, job: Running, feed: Feed, fetched: Fetched, tally: Tally, now: dt.datetime, until: float) -> Left:
    """Store what a feed's answer names; raises FetchRefused where the answer is no feed."""
    try:
        title, items = child.run(parsing.read_outlet_feed, fetched, now, limits=READING)
    except IntakeError as error:
        raise FetchRefused(error.sentence) from error
    except child.ChildStopped as stopped:
        raise FetchRefused(unreadable(stopped)) from stopped
    named = []
    for item in items:
        if item.url or item.extracted.text.strip():
            named.append(NamedPage(item.url, item.extracted.title, item.extra.get("id", ""), item))
        else:
            tally.pass_over(_("entry without an address and without a text"))
    left = take_entries(
        job=job,
        feed=feed,
        named=[*named, *due_again(feed, named, now)],
        take=lambda one: _entry(job, feed, one, fetched, tally, now),
        tally=tally,
        now=now,
        until=until,
    )
    said = _("%(n)d articles are still to be fetched.") % {"n": left} if left else ""
    return Left(more=left > 0, sentence=said, title=title)


def _entry(
    job: Running, feed: Feed, one: NamedPage[Item], fetched: Fetched, tally: Tally, now: dt.datetime
) -> Became:
    item, problem, again = one.given, "", False
    if item is None:
        # The feed does not name it any more; its address is all there is.
        item = Item(Extracted(text="", title=one.title), "feed", url=one.url)
    try:
        if item.url and feed.follow:
            try:
                return _became(_page(job, feed, item, now), tally)
            except FetchRefused as refusal:
                problem, again = str(refusal), refusal.again
        if again:
            return Became(FeedEntry.Outcome.FAILED, problem, again=True)
        if len(item.extracted.text.split()) < FEWEST_WORDS:
            if problem:
                return Became(FeedEntry.Outcome.FAILED, problem)
            tally.pass_over(_("entry with only a headline"))
            return Became(FeedEntry.Outcome.EMPTY, _("The feed gives only a headline of it."))
        return _became(_own_words(job, feed, item, fetched, problem, now), tally, problem)
    except base.Refused as refusal:
        return Became(FeedEntry.Outcome.FAILED, str(refusal))


def _page(job: Running, feed: Feed, item: Item, now: dt.datetime) -> Added:
    """Fetch the page of an entry and store it; what it does not say of itself, the feed says."""
    page = read_address(item.url, now=now)
    if page.extracted is None:
        raise FetchRefused(_("The address of the entry leads to a feed, not to an article."))
    extracted, told = page.extracted, item.extracted
    if not extracted.published and told.published:
        extracted = replace(
            extracted,
            published=told.published,
            published_source=PublishedSource.FEED,
            published_evidence=told.published_evidence,
        )
    extracted = replace(
        extracted,
        title=extracted.title or told.title,
        authors=extracted.authors or told.authors,
        site=extracted.site or item.outlet,
        language=extracted.language or told.language,
    )
    with job.fenced(), base.gesture("feed"):
        return store(
            actor=None,
            desk=feed.desk,
            extracted=extracted,
            url=page.fetched.url,
            final_url=page.fetched.final_url,
            blob=page.fetched.body,
            media_type=page.media_type,
            kind=Document.Kind.WEB,
            analyse=False,
            now=now,
        )


def _own_words(
    job: Running, feed: Feed, item: Item, fetched: Fetched, problem: str, now: dt.datetime
) -> Added:
    """Store what the feed itself says of an entry, with a note that this is all."""
    said = _("Only what the feed says of it.")
    notes = (*item.extracted.notes, f"{said} {problem}".strip())
    with job.fenced(), base.gesture("feed"):
        return store_item(
            actor=None,
            desk=feed.desk,
            item=replace(item, extracted=replace(item.extracted, notes=notes)),
            blob=fetched.body,
            media_type=fetched.content_type[:100],
            analyse=False,
            now=now,
        )


def _became(added: Added, tally: Tally, problem: str = "") -> Became:
    outcome = {"new": "new", "copy": "new", "updated": "changed", "same": "unchanged"}[added.outcome]
    tally.counts[outcome] += 1
    taken = FeedEntry.Outcome.KNOWN if outcome == "unchanged" else FeedEntry.Outcome.TAKEN
    return Became(taken, " ".join(part for part in (added.sentence, problem) if part), added.document)
