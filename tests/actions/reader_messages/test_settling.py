"""A message is answered, made a claim or put aside, once, and can be opened again; readers are forgotten."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings

from claims.actions.base import NotAllowed, Refused, Stale
from claims.actions.reader_messages.receiving import receive_message
from claims.actions.reader_messages.settling import forget_readers, make_claim, reopen, settle
from claims.models import AuditEvent, Claim, ReaderMessage
from tests.builders import moment
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(cast: Cast) -> ReaderMessage:
    return receive_message(
        desk=cast.desk, kind="suggestion", words="The crane is new.", name="Ilse", reply_to="i@r.example"
    )


@pytest.fixture
def complaint(cast: Cast) -> ReaderMessage:
    return receive_message(
        desk=cast.desk, kind="complaint", words="It was four.", url="https://desk.example/checks/x/"
    )


def test_whoever_checks_settles_a_message_and_the_log_says_so(cast: Cast, message: ReaderMessage) -> None:
    done = settle(actor=cast.ada, message=message, state="answered", note="Wrote back.", now=moment())
    assert (done.state, done.note, done.settled_by, done.settled_at) == (
        "answered", "Wrote back.", cast.ada, moment(),
    )  # fmt: skip
    event = AuditEvent.objects.get(verb="reader_message.answered")
    assert (event.actor_id, event.before, event.after) == (cast.ada.pk, "open", "answered")


def test_a_contributor_and_people_of_other_desks_do_not(cast: Cast, message: ReaderMessage) -> None:
    for who in (cast.eli, cast.otto):
        for act in (
            lambda who=who: settle(actor=who, message=message, state="dismissed"),
            lambda who=who: reopen(actor=who, message=message),
            lambda who=who: make_claim(actor=who, message=message, quotation="The crane is new."),
        ):
            with pytest.raises(NotAllowed):
                act()
    message.refresh_from_db()
    assert message.state == "open"


def test_a_complaint_is_not_settled_without_a_word(cast: Cast, complaint: ReaderMessage) -> None:
    with pytest.raises(Refused, match="what was done"):
        settle(actor=cast.ada, message=complaint, state="dismissed", note="  ")
    assert settle(actor=cast.ada, message=complaint, state="dismissed", note="It was five.").note


@pytest.mark.parametrize("state", ["open", "claimed", "", "gone"])
def test_only_an_answer_or_putting_aside_settles(cast: Cast, message: ReaderMessage, state: str) -> None:
    with pytest.raises(Refused, match="answered or is put aside"):
        settle(actor=cast.ada, message=message, state=state)


def test_two_people_settle_it_once(cast: Cast, message: ReaderMessage) -> None:
    settle(actor=cast.ada, message=message, state="answered")
    with pytest.raises(Stale, match="already"):
        settle(actor=cast.ben, message=message, state="dismissed")
    with pytest.raises(Stale):
        reopen(actor=cast.ben, message=message, expected_version=message.version)


def test_a_suggestion_becomes_a_claim_in_one_gesture(cast: Cast, message: ReaderMessage) -> None:
    made = make_claim(
        actor=cast.ada, message=message, quotation="The crane is new.", who="Ilse Brandt", now=moment()
    )
    message.refresh_from_db()
    assert (message.state, message.claim, message.settled_by) == ("claimed", made, cast.ada)
    events = AuditEvent.objects.filter(verb__in=["reader_message.claimed", "claim.added"])
    assert len({event.gesture for event in events}) == 1
    assert events.count() == 2


def test_a_claim_that_is_refused_leaves_the_message_open(cast: Cast, message: ReaderMessage) -> None:
    with pytest.raises(Refused):
        make_claim(actor=cast.ada, message=message, quotation="...")
    message.refresh_from_db()
    assert message.state == "open"
    assert not Claim.objects.exists()


def test_opening_again_keeps_what_was_done(cast: Cast, message: ReaderMessage) -> None:
    settle(actor=cast.ada, message=message, state="answered", note="Wrote back.")
    opened = reopen(actor=cast.ben, message=message)
    assert (opened.state, opened.note, opened.settled_at) == ("open", "Wrote back.", None)
    assert AuditEvent.objects.get(verb="reader_message.reopened").before == "answered"
    assert reopen(actor=cast.ben, message=message).version == opened.version


def test_names_and_addresses_are_forgotten_some_time_after_it_is_settled(
    cast: Cast, message: ReaderMessage
) -> None:
    settle(actor=cast.ada, message=message, state="answered", now=moment())
    days = settings.KEEP_READERS_DAYS
    assert forget_readers(now=moment(days - 1)) == 0
    message.refresh_from_db()
    assert message.reply_to
    waiting = receive_message(desk=cast.desk, kind="other", words="Open still.", name="Otto")
    assert forget_readers(now=moment() + dt.timedelta(days=days, seconds=1)) == 1
    message.refresh_from_db()
    waiting.refresh_from_db()
    assert (message.name, message.reply_to, message.words) == ("", "", "The crane is new.")
    assert waiting.name == "Otto"
