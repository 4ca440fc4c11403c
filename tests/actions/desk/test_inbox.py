"""The inbox: who is told of what, what mail says and when it goes out, and the feed with its secret address."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ElementTree

import pytest
from django.core import mail
from django.test import Client

from claims.actions.base import Refused
from claims.actions.claims import changes
from claims.actions.desk import inbox
from claims.actions.desk.mail import due_digests, last_hour
from claims.actions.discussion.notes import write_note
from claims.actions.documents import intake
from claims.actions.review.verdicts import return_verdict
from claims.models import AuditEvent, Desk, Document, Job, Membership, Notice, User
from claims.tasks.base import run_now
from tests import builders
from tests.conftest import NOW
from tests.people import Cast
from tests.workbench import desk_pages

pytestmark = pytest.mark.django_db
Kind = Notice.Kind


def told(user: User) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(user=user).order_by("id").select_related("actor")
    return [(row.kind, row.actor.display_name) for row in rows]


def send_due() -> list[mail.EmailMessage]:
    """Run every job that sends mail now, and return what it sent."""
    Job.objects.filter(kind="mail").update(run_after=NOW)
    for pk in Job.objects.filter(kind="mail", status="queued").values_list("pk", flat=True):
        assert run_now(pk)
    return list(mail.outbox)


def by_mail(user: User, how: str, hour: int = 8) -> None:
    inbox.change_telling(actor=user, by_mail=how, digest_hour=hour)


# --- single acts ---------------------------------------------------------------------------------------------


def test_a_claim_that_is_given_and_taken_is_told_to_both(cast: Cast) -> None:
    review = builders.claim(cast).reviews.get()
    changes.assign(actor=cast.carla, review=review, to=cast.ada)
    changes.assign(actor=cast.carla, review=review, to=cast.ben)
    changes.assign(actor=cast.carla, review=review, to=cast.ben)
    assert told(cast.ada) == [(Kind.GIVEN, "Carla"), (Kind.TAKEN, "Carla")]
    assert told(cast.ben) == [(Kind.GIVEN, "Carla")]


def test_nobody_is_told_of_what_they_did_themselves(cast: Cast) -> None:
    review = builders.claim(cast).reviews.get()
    changes.assign(actor=cast.ada, review=review, to=cast.ada)
    changes.take_lease(actor=cast.ada, review=review)
    changes.put_back(actor=cast.ada, review=review)
    assert not Notice.objects.exists()


def test_work_that_is_closed_or_put_back_is_told(cast: Cast) -> None:
    _claim, review, _source = desk_pages.working(cast)
    changes.put_back(actor=cast.carla, review=review)
    changes.assign(actor=cast.carla, review=review, to=cast.ada)
    changes.close(actor=cast.carla, review=review, reason="other", note="Not ours.")
    assert [kind for kind, _who in told(cast.ada)] == [Kind.TAKEN, Kind.GIVEN, Kind.CLOSED]
    assert Notice.objects.get(kind=Kind.CLOSED).words == "Not ours."


def test_a_returned_verdict_is_told_to_its_authors_with_the_comment(cast: Cast) -> None:
    verdict = desk_pages.submitted(cast)
    return_verdict(actor=cast.ben, verdict=verdict, comment="Which year?")
    assert told(cast.ada) == [(Kind.SENT_BACK, "Ben")]
    assert Notice.objects.get().words == "Which year?"


# --- read and unread -----------------------------------------------------------------------------------------


def test_what_comes_after_the_page_was_made_stays_unread(cast: Cast) -> None:
    claim = builders.claim(cast)
    for _n in range(3):
        write_note(actor=cast.ada, claim=claim, text="@Ben?")
    first, second, third = Notice.objects.order_by("id")
    assert inbox.see_all(actor=cast.carla, desk=cast.desk, upto=third.pk) == 0
    assert inbox.see_all(actor=cast.ben, desk=cast.desk, upto=second.pk) == 2
    assert list(Notice.objects.unseen()) == [third]
    inbox.see(actor=cast.carla, notice=third)
    assert list(Notice.objects.unseen()) == [third], "only one's own"
    inbox.unsee(actor=cast.carla, notice=first)
    assert list(Notice.objects.unseen()) == [third], "only one's own"
    inbox.unsee(actor=cast.ben, notice=first)
    assert set(Notice.objects.unseen()) == {first, third}


# --- mail ----------------------------------------------------------------------------------------------------


def test_nobody_gets_mail_who_did_not_ask_for_it(cast: Cast) -> None:
    write_note(actor=cast.ada, claim=builders.claim(cast), text="@Ben, look.")
    assert not Job.objects.filter(kind="mail").exists()
    assert due_digests() == 0


def test_mail_at_once_says_who_what_and_where_once(cast: Cast) -> None:
    by_mail(cast.ben, "at_once")
    claim = builders.claim(cast)
    for words in ("@Ben, look.", "And here, @Ben."):
        write_note(actor=cast.ada, claim=claim, text=words)
    (sent,) = send_due()
    assert sent.to == ["ben@desk.example"]
    assert sent.subject == "[North Desk] 2 things for you"
    assert sent.content_subtype == "plain"
    body = str(sent.body)
    assert "Ada has written to you." in body
    assert "> @Ben, look." in body
    assert f"/claims/{claim.pk}/#n" in body
    assert claim.wording in body
    link = sent.extra_headers["List-Unsubscribe"]
    assert link.startswith("<http")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    write_note(actor=cast.ada, claim=claim, text="@Ben, a third.")
    assert [one.subject for one in send_due()[1:]] == ["[North Desk] Ada has written to you."]


def test_what_was_read_meanwhile_is_not_sent(cast: Cast) -> None:
    by_mail(cast.ben, "at_once")
    write_note(actor=cast.ada, claim=builders.claim(cast), text="@Ben, look.")
    inbox.see_all(actor=cast.ben, desk=cast.desk, upto=Notice.objects.get().pk)
    assert send_due() == []


def test_words_about_a_source_for_named_people_do_not_leave_the_house(cast: Cast) -> None:
    document = builders.article(cast).document
    intake.set_metadata(
        actor=cast.ada, document=document, visibility=Document.Visibility.NAMED, named=[cast.ben]
    )
    document.refresh_from_db()
    by_mail(cast.ben, "at_once")
    write_note(actor=cast.ada, document=document, desk=cast.desk, text="@Ben, Quillozar.")
    (sent,) = send_due()
    assert "Ada has written to you." in str(sent.body)
    assert "Quillozar" not in str(sent.body)
    feed = Client().get(f"/inbox/{inbox.renew_feed(actor=cast.ben)}/atom.xml").content.decode()
    assert "Ada has written to you." in feed
    assert "Quillozar" not in feed


def test_somebody_who_left_the_desk_gets_no_mail_of_it(cast: Cast) -> None:
    by_mail(cast.ben, "at_once")
    write_note(actor=cast.ada, claim=builders.claim(cast), text="@Ben, look.")
    Membership.objects.filter(user=cast.ben).delete()
    assert send_due() == []


def test_a_digest_comes_at_its_hour_by_the_clock_of_the_desk(cast: Cast) -> None:
    Desk.objects.update(time_zone="Asia/Tokyo")
    by_mail(cast.ben, "digest", hour=8)
    now = dt.datetime.now(dt.UTC).replace(hour=22, minute=30, second=0, microsecond=0)
    write_note(actor=cast.ada, claim=builders.claim(cast), text="@Ben, look.", now=now)
    assert due_digests(now + dt.timedelta(minutes=15)) == 0, "it is 7:45 in Tokyo"
    assert due_digests(now + dt.timedelta(minutes=45)) == 1, "it is 8:15 in Tokyo"
    assert due_digests(now + dt.timedelta(minutes=50)) == 1
    assert Job.objects.filter(kind="mail").count() == 1, "asked twice, sent once"
    (sent,) = send_due()
    assert "Ada has written to you." in str(sent.body)
    assert due_digests(now + dt.timedelta(minutes=55)) == 0


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        ("2026-03-18T07:59+00:00", "UTC", "2026-03-17T08:00+00:00"),
        ("2026-03-18T08:00+00:00", "UTC", "2026-03-18T08:00+00:00"),
        ("2026-03-18T23:30+00:00", "Asia/Tokyo", "2026-03-18T23:00+00:00"),
        # The clock went forward in the night before.
        ("2026-03-29T05:00+00:00", "Europe/Berlin", "2026-03-28T07:00+00:00"),
        ("2026-03-29T06:30+00:00", "Europe/Berlin", "2026-03-29T06:00+00:00"),
    ],
)
def test_the_hour_that_was_last(now: str, zone: str, expected: str) -> None:
    assert last_hour(dt.datetime.fromisoformat(now), 8, zone) == dt.datetime.fromisoformat(expected)


def test_a_mail_program_ends_mail_by_itself(cast: Cast) -> None:
    by_mail(cast.ben, "digest")
    path = f"/mail/off/{inbox.mail_token(cast.ben)}/"
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(path).status_code == 200
    cast.ben.refresh_from_db()
    assert cast.ben.told_by_mail == "digest", "looking at the page ends nothing"
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    cast.ben.refresh_from_db()
    assert cast.ben.told_by_mail == "none"
    assert strict.post("/mail/off/damaged/").status_code == 404


def test_what_cannot_be_chosen(cast: Cast) -> None:
    for how, hour in (("pigeon", 8), ("digest", 24), ("digest", -1)):
        with pytest.raises(Refused):
            by_mail(cast.ben, how, hour)
    by_mail(cast.ben, "digest", 0)
    assert AuditEvent.objects.get(verb="person.told").after == "digest"


# --- the feed ------------------------------------------------------------------------------------------------


def test_the_feed_shows_what_its_person_was_told_and_a_renewed_address_nothing(cast: Cast) -> None:
    assert inbox.feed_token(cast.ben) == ""
    old = inbox.renew_feed(actor=cast.ben)
    claim = builders.claim(cast)
    write_note(actor=cast.ada, claim=claim, text="@Ben, <look>.")
    write_note(actor=cast.ada, claim=claim, text="@Carla, not for Ben.")
    visitor = Client()
    answer = visitor.get(f"/inbox/{old}/atom.xml")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert "private" in answer["Cache-Control"]
    feed = ElementTree.fromstring(answer.content)
    space = "{http://www.w3.org/2005/Atom}"
    (entry,) = feed.findall(f"{space}entry")
    assert entry.findtext(f"{space}title") == "North Desk: Ada has written to you."
    assert "@Ben, <look>." in (entry.findtext(f"{space}summary") or "")
    link = entry.find(f"{space}link")
    assert link is not None
    assert f"/claims/{claim.pk}/#n" in link.attrib["href"]
    assert visitor.get(f"/inbox/{old}/atom.xml", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    new = inbox.renew_feed(actor=cast.ben)
    assert visitor.get(f"/inbox/{old}/atom.xml").status_code == 404
    assert visitor.get(f"/inbox/{new}/atom.xml").status_code == 200
    User.objects.filter(pk=cast.ben.pk).update(is_active=False)
    assert visitor.get(f"/inbox/{new}/atom.xml").status_code == 404
    assert visitor.get(f"/inbox/{inbox.mail_token(cast.ada)}/atom.xml").status_code == 404
