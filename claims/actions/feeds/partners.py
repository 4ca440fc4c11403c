"""What does a partner's feed bring? Fact checks, from its answer and from the pages it names."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.utils.translation import gettext as _

from claims.actions.documents.fetching import FetchRefused
from claims.actions.feeds.entries import Became, Left, NamedPage, due_again, take_entries
from claims.actions.publishing.check_sources import ACCEPT, ask_checks, ask_pages, headers_for
from claims.actions.publishing.import_runs import Part, Tally, take_parts
from claims.exports.imports import Imported
from claims.intake.checks.types import CheckFile, PageLink
from claims.intake.types import IntakeError
from claims.jobs.rows import Running
from claims.models import Feed, FeedEntry
from claims.net.fetch import Fetched

__all__ = ["ACCEPT", "headers_for", "take"]

#: Pages of an API or a paged feed asked in one go.
MOST_ANSWERS = 20


def take(*, job: Running, feed: Feed, fetched: Fetched, tally: Tally, now: dt.datetime, until: float) -> Left:
    """Take in what an answer holds and, where the feed is followed, what its pages hold.

    Raises FetchRefused where the answer cannot be read at all.
    """
    parts: list[Part] = []
    links: list[PageLink] = []
    said: list[str] = []
    for number, answer in enumerate(ask_checks(feed.url, most=MOST_ANSWERS, first=fetched, now=now)):
        if isinstance(answer.read, IntakeError):
            if number == 0:
                raise FetchRefused(answer.read.sentence)
            tally.refuse(answer.source, 0, answer.read.sentence)
            continue
        parts.append(Part(answer.source if number else "", answer.read.found, answer.whole_pages))
        links += answer.read.links
        said += answer.read.notes
    found = [one for part in parts for one in part.found]
    if not any(isinstance(one, Imported) for one in found) and not links:
        kinds = Counter(getattr(one, "kind", getattr(one, "reason", "")) for one in found)
        what = ", ".join(f"{count} × {kind}" for kind, count in kinds.most_common(5) if kind)
        if not _is_empty_answer(parts, said):
            raise FetchRefused(
                " ".join(
                    [_("There is no fact check in the answer."), *([f"({what})"] if what else []), *said]
                )
            )
    rest = take_parts(
        actor=None, desk=feed.desk, parts=parts, tally=tally, now=now, within=job.fenced, until=until
    )
    if rest:
        said.append(_("%(n)d checks are still to be taken in.") % {"n": rest})
    if links and not feed.follow:
        tally.pass_over(_("page named by the feed, not fetched"), len(links))
        return Left(more=rest > 0, sentence=" ".join(said))
    named: list[NamedPage[None]] = [NamedPage(link.url, link.title, "") for link in links]
    left = take_entries(
        job=job,
        feed=feed,
        named=[*named, *due_again(feed, named, now)],
        take=lambda one: _page(job, feed, one, tally, now),
        tally=tally,
        now=now,
        until=until,
    )
    if left:
        said.append(_("%(n)d pages are still to be fetched.") % {"n": left})
    return Left(more=left + rest > 0, sentence=" ".join(said))


def _is_empty_answer(parts: list[Part], said: list[str]) -> bool:
    """An API answers a search without results by an empty object: that is no fault."""
    return bool(parts) and not said and all(not part.found and not part.whole_pages for part in parts)


def _page(job: Running, feed: Feed, one: NamedPage[None], tally: Tally, now: dt.datetime) -> Became:
    (answer, *_more) = list(ask_pages([one.url], now=now))
    read = answer.read
    if isinstance(read, IntakeError):
        if read.code == "no_items":
            tally.pass_over(_("page without a fact check"))
            return Became(FeedEntry.Outcome.EMPTY, read.sentence)
        return Became(FeedEntry.Outcome.FAILED, read.sentence, again=True)
    assert isinstance(read, CheckFile)
    before = tally.counts["new"] + tally.counts["changed"]
    take_parts(
        actor=None,
        desk=feed.desk,
        parts=[Part(one.url, read.found)],
        tally=tally,
        now=now,
        within=job.fenced,
    )
    if not any(isinstance(found, Imported) for found in read.found):
        return Became(
            FeedEntry.Outcome.EMPTY, _("There is no fact check in the data of this page that can be used.")
        )
    came = tally.counts["new"] + tally.counts["changed"] > before
    # A partner corrects on the page: it is looked at again, more and more seldom.
    return Became(FeedEntry.Outcome.TAKEN if came else FeedEntry.Outcome.KNOWN, look_again=True)
