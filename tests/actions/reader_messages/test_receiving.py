"""What readers write comes in once, bounded, and about a check of this desk."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings

from claims.actions.base import Refused
from claims.actions.reader_messages import receiving
from claims.actions.reader_messages.receiving import receive_message
from claims.models import AuditDetail, AuditEvent, ReaderMessage
from tests.builders import moment
from tests.checks_made import published
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_a_suggestion_is_stored_with_where_it_was_seen_and_nothing_of_the_network(cast: Cast) -> None:
    made = receive_message(
        desk=cast.desk,
        kind="suggestion",
        words="  The crane at Osk\r\nis new.  ",
        url="HTTPS://News.Example/crane?utm_source=x",
        name=" Ilse  Brandt ",
        reply_to="ilse@reader.example",
        now=moment(),
    )
    assert made.state == ReaderMessage.State.OPEN
    assert (made.words, made.url) == ("The crane at Osk\nis new.", "https://news.example/crane")
    assert (made.name, made.reply_to) == ("Ilse Brandt", "ilse@reader.example")
    assert made.answer_by is None
    event = AuditEvent.objects.get(verb="reader_message.received")
    assert (event.desk_id, event.actor_id) == (cast.desk.pk, None)
    assert not AuditDetail.objects.filter(event=event).exists()


def test_a_complaint_has_a_day_for_its_answer(cast: Cast) -> None:
    check = published(cast)
    made = receive_message(
        desk=cast.desk, kind="complaint", words="It was four.", check=check.public_id, now=moment()
    )
    assert made.factcheck == check
    assert made.answer_by == moment() + dt.timedelta(days=settings.COMPLAINT_DAYS)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "praise"}, "what your message is about"),
        ({"words": ""}, "Write what should be checked"),
        ({"words": " ?! \u200b "}, "Write what should be checked"),
        ({"words": "x" * 5_001}, "5000 is the most"),
        ({"url": "javascript:alert(1)"}, "web address"),
        ({"url": "https://" + "a" * 2_000}, "2,000"),
        ({"check": "nosuchcheck"}, "no such fact check"),
        ({"kind": "complaint"}, "which fact check"),
    ],
)
def test_what_cannot_be_worked_on_is_refused_in_a_sentence(
    cast: Cast, fields: dict[str, str], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        receive_message(**{"desk": cast.desk, "kind": "suggestion", "words": "The crane is new.", **fields})
    assert not ReaderMessage.objects.exists()


def test_a_check_of_another_desk_is_no_check_here(cast: Cast) -> None:
    check = published(cast)
    with pytest.raises(Refused, match="no such fact check"):
        receive_message(desk=cast.other_desk, kind="complaint", words="Wrong.", check=check.public_id)


def test_the_same_words_sent_twice_are_one_message(cast: Cast) -> None:
    first = receive_message(desk=cast.desk, kind="suggestion", words="The crane is new.")
    assert receive_message(desk=cast.desk, kind="suggestion", words="The crane is new.") == first
    assert receive_message(desk=cast.desk, kind="other", words="The crane is new.") != first
    assert ReaderMessage.objects.count() == 2


def test_a_desk_is_not_flooded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_OPEN", 2)
    for number in range(2):
        receive_message(desk=cast.desk, kind="suggestion", words=f"Mill {number} burned.")
    with pytest.raises(Refused, match="write later"):
        receive_message(desk=cast.desk, kind="suggestion", words="Mill 3 burned.")
    receive_message(desk=cast.other_desk, kind="suggestion", words="Mill 3 burned.")
