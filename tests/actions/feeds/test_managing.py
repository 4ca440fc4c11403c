"""Who adds, changes and pauses feeds, and which address is which."""

from __future__ import annotations

from typing import Any

import pytest

from claims.actions import base
from claims.actions.feeds import managing
from claims.actions.feeds.managing import (
    add_feed,
    add_listed,
    ask_now,
    change_feed,
    pause_feed,
    remove_feed,
    resume_feed,
)
from claims.intake.opml import Outline
from claims.models import AuditEvent, Feed, Job
from tests.people import Cast

pytestmark = pytest.mark.django_db
URL = "https://osk.example/rss"


def made(cast: Cast, url: str = URL, **options: Any) -> Feed:
    return add_feed(actor=cast.carla, desk=cast.desk, kind="articles", url=url, **options)


def test_a_feed_is_added_and_asked_at_once(cast: Cast) -> None:
    feed = made(cast, title=" Osk \n Post ")
    assert (feed.title, feed.added_by, feed.every_minutes, feed.follow) == ("Osk Post", cast.carla, 60, True)
    job = Job.objects.get(kind="poll")
    assert (job.queue, job.subject) == ("interactive", f"feed {feed.pk}")
    assert AuditEvent.objects.filter(verb="feed.added", object_id=feed.pk).exists()


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "http://www.osk.example/rss/",
        "https://osk.example/rss?utm_source=x#top",
        "feed://osk.example/rss",
        "feed:https://osk.example/rss",
    ],
)
def test_one_address_is_one_feed_in_whatever_spelling(url: str, cast: Cast) -> None:
    made(cast)
    with pytest.raises(base.Refused, match="already"):
        made(cast, url)
    # As a source of something else it is another one, and other desks have their own.
    add_feed(actor=None, desk=cast.desk, kind="checks", url=url)
    add_feed(actor=cast.otto, desk=cast.other_desk, kind="articles", url=url)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [("", "complete web address"), ("osk", "complete web address"), ("ftp://osk.example/", "complete web address"),
     ("https://osk.example/" + "x" * 2000, "longer than")],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str, sentence: str, cast: Cast) -> None:
    with pytest.raises(base.Refused, match=sentence):
        made(cast, url)


@pytest.mark.parametrize("minutes", [0, 4, 7 * 24 * 60 + 1])
def test_nobody_is_asked_too_often(minutes: int, cast: Cast) -> None:
    with pytest.raises(base.Refused, match="minutes"):
        made(cast, every_minutes=minutes)


def test_a_list_is_added_as_far_as_it_can_be(cast: Cast) -> None:
    made(cast)
    outlines = [Outline(URL, "Osk"), Outline("nonsense", ""), Outline("https://lenna.example/atom", "Lenna")]
    listed = add_listed(actor=cast.carla, desk=cast.desk, kind="articles", outlines=outlines)
    assert ([f.title for f in listed.added], len(listed.known)) == (["Lenna"], 1)
    assert listed.refused[0][0] == "nonsense"


def test_there_is_a_most(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(managing, "MOST_FEEDS", 1)
    made(cast)
    with pytest.raises(base.Refused, match="the most"):
        made(cast, "https://lenna.example/")


def test_a_feed_is_paused_resumed_changed_and_removed(cast: Cast) -> None:
    feed = made(cast)
    Job.objects.all().delete()
    assert pause_feed(actor=cast.carla, feed=feed).paused
    assert not resume_feed(actor=cast.carla, feed=feed).paused
    assert Job.objects.filter(kind="poll").count() == 1
    changed = change_feed(actor=cast.carla, feed=feed, title="Post", every_minutes=30, follow=False)
    assert (changed.title, changed.every_minutes, changed.follow) == ("Post", 30, False)
    remove_feed(actor=cast.carla, feed=feed)
    assert not Feed.objects.exists()
    with pytest.raises(base.Stale):
        pause_feed(actor=cast.carla, feed=feed)


@pytest.mark.parametrize("who", ["eli", "ada", "ben", "otto"])
def test_editors_decide_about_feeds(who: str, cast: Cast) -> None:
    feed, actor = made(cast), getattr(cast, who)
    for act in (
        lambda: add_feed(actor=actor, desk=cast.desk, kind="articles", url="https://b.example/"),
        lambda: add_listed(actor=actor, desk=cast.desk, kind="articles", outlines=[]),
        lambda: change_feed(actor=actor, feed=feed, title="", every_minutes=60, follow=True),
        lambda: pause_feed(actor=actor, feed=feed),
        lambda: resume_feed(actor=actor, feed=feed),
        lambda: remove_feed(actor=actor, feed=feed),
    ):
        with pytest.raises(base.NotAllowed):
            act()


def test_whoever_works_here_has_a_feed_asked(cast: Cast, settings: Any) -> None:
    feed = made(cast)
    assert ask_now(actor=cast.ada, feed=feed).kind == "poll"
    for who in (cast.eli, cast.otto):
        with pytest.raises(base.NotAllowed):
            ask_now(actor=who, feed=feed)
    settings.OUTBOUND = False
    with pytest.raises(base.Refused, match="fetches no addresses"):
        ask_now(actor=cast.ada, feed=feed)
    assert managing.due_feeds() == 0
