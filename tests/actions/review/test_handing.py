"""Work that goes from one person to another: with its draft, with a word, and never to approve one's own words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from claims.actions.base import NotAllowed, Refused, Stale
from claims.actions.claims import changes
from claims.actions.review import verdicts
from claims.actions.review.drafts import draft_of, save_draft
from claims.actions.review.handing import ask_reader, hand_over, take_over
from claims.actions.review.verdict_text import VerdictData
from claims.models import AuditEvent, Notice, ReadingRequest, Review, User, VerdictDraft
from tests.conftest import NOW
from tests.people import Cast
from tests.workbench import desk_pages

pytestmark = pytest.mark.django_db
Kind = Notice.Kind
LATER = NOW + changes.LEASE + dt.timedelta(minutes=1)


def begun(cast: Cast, **words: str) -> Review:
    """A claim that Ada took at a fixed moment and wrote words for."""
    _claim, review, _source = desk_pages.ready(cast)
    changes.take_lease(actor=cast.ada, review=review, now=NOW)
    review = Review.objects.get(pk=review.pk)
    if words:
        save_draft(actor=cast.ada, review=review, data=dict(words), expected_version=None, now=NOW)
    return review


def told(user: User) -> list[tuple[str, str, str]]:
    rows = Notice.objects.filter(user=user).select_related("actor").order_by("id")
    return [(row.kind, row.actor.display_name, row.words) for row in rows]


def data_of(cast: Cast, review: Review) -> VerdictData:
    sent: dict[str, Any] = desk_pages.words(cast, review.claim.evidence.get())
    rating = int(sent.pop("rating"))
    return VerdictData(**sent, rating_id=rating)


# --- handing over --------------------------------------------------------------------------------------------


def test_the_draft_goes_along_with_the_word(cast: Cast) -> None:
    review = begun(cast, headline="No, far fewer", justification="The counter says so.")
    assert hand_over(actor=cast.ada, review=review, to=cast.ben, words="You know bridges.", now=NOW)
    review.refresh_from_db()
    assert (review.assignee, review.lease_user) == (cast.ben, None)
    draft = draft_of(review, cast.ben)
    assert draft is not None
    assert (draft.data["headline"], draft.writers) == ("No, far fewer", [cast.ada.pk])
    assert draft_of(review, cast.ada) is None
    assert told(cast.ben) == [(Kind.HANDED, "Ada", "You know bridges.")]
    assert told(cast.ada) == []
    event = AuditEvent.objects.get(verb="review.handed_over")
    assert (event.before, event.after) == (str(cast.ada.pk), str(cast.ben.pk))


def test_whoever_wrote_of_a_draft_cannot_approve_what_became_of_it(cast: Cast) -> None:
    """Ben writes, hands over to Ada, who hands in: Ben is an author although he submitted nothing."""
    _claim, review, _source = desk_pages.ready(cast)
    changes.take_lease(actor=cast.ben, review=review)
    save_draft(actor=cast.ben, review=review, data={"headline": "No"}, expected_version=None)
    hand_over(actor=cast.ben, review=review, to=cast.ada)
    changes.take_lease(actor=cast.ada, review=review)
    verdict = verdicts.submit_verdict(actor=cast.ada, review=review, data=data_of(cast, review))
    assert {row.user for row in verdict.authors.all()} == {cast.ada, cast.ben}
    verdicts.open_verdict(actor=cast.ben, verdict=verdict)
    with pytest.raises(NotAllowed, match="nobody approves their own"):
        verdicts.approve(actor=cast.ben, verdict=verdict, unread_reason="It is short.")


def test_the_writers_go_along_through_every_hand(cast: Cast) -> None:
    review = begun(cast, headline="No")
    hand_over(actor=cast.ada, review=review, to=cast.ben)
    hand_over(actor=cast.ben, review=review, to=cast.carla)
    assert VerdictDraft.objects.get().writers == sorted([cast.ada.pk, cast.ben.pk])


def test_words_of_ones_own_are_not_overwritten(cast: Cast) -> None:
    review = begun(cast, headline="Ada's")
    save_draft(actor=cast.ben, review=review, data={"headline": "Ben's"}, expected_version=None)
    assert not hand_over(actor=cast.ada, review=review, to=cast.ben)
    found = {row.user: row.data["headline"] for row in VerdictDraft.objects.all()}
    assert found == {cast.ada: "Ada's", cast.ben: "Ben's"}


def test_who_may_hand_over_what(cast: Cast) -> None:
    review = begun(cast)
    for actor in (cast.ben, cast.eli, cast.dana):
        with pytest.raises(NotAllowed):
            hand_over(actor=actor, review=review, to=cast.carla)
    for to in (cast.eli, cast.otto, cast.ada):
        with pytest.raises(Refused):
            hand_over(actor=cast.ada, review=review, to=to)
    hand_over(actor=cast.carla, review=review, to=cast.ben)
    assert told(cast.ada) == [(Kind.TAKEN, "Carla", "")]
    assert told(cast.ben) == [(Kind.HANDED, "Carla", "")]


def test_what_is_handed_in_cannot_be_handed_over(cast: Cast) -> None:
    verdict = desk_pages.submitted(cast)
    with pytest.raises(Stale, match="waiting for approval"):
        hand_over(actor=cast.carla, review=verdict.review, to=cast.ben)


# --- taking over ---------------------------------------------------------------------------------------------


def test_nobody_begins_by_the_way_what_is_with_another(cast: Cast) -> None:
    review = begun(cast, headline="No")
    for now in (NOW, LATER):
        with pytest.raises(Refused, match="Ada"):
            changes.take_lease(actor=cast.ben, review=review, now=now)
    review.refresh_from_db()
    assert review.lease_user == cast.ada
    assert told(cast.ada) == []


def test_a_claim_that_lies_still_is_taken_over_and_its_person_told(cast: Cast) -> None:
    review = begun(cast, headline="No")
    with pytest.raises(NotAllowed, match="Carla could"):
        take_over(actor=cast.ben, review=review, now=NOW)
    take_over(actor=cast.ben, review=review, with_draft=True, now=LATER)
    review.refresh_from_db()
    assert (review.lease_user, review.assignee) == (cast.ben, cast.ada), "assigning is a desk editor's"
    assert told(cast.ada) == [(Kind.OVERTAKEN, "Ben", "")]
    mine = draft_of(review, cast.ben)
    assert mine is not None
    assert (mine.data["headline"], mine.writers) == ("No", [cast.ada.pk])
    theirs = draft_of(review, cast.ada)
    assert theirs is not None, "the other's draft stays theirs"
    assert theirs.data["headline"] == "No"
    changes.take_lease(actor=cast.ben, review=review, now=LATER + dt.timedelta(minutes=1))


def test_a_desk_editor_takes_over_at_any_time_and_has_it_then(cast: Cast) -> None:
    review = begun(cast)
    take_over(actor=cast.carla, review=review, now=NOW)
    review.refresh_from_db()
    assert (review.lease_user, review.assignee) == (cast.carla, cast.carla)
    assert AuditEvent.objects.get(verb="review.taken_over").before == str(cast.ada.pk)


def test_what_cannot_be_taken_over(cast: Cast) -> None:
    review = begun(cast)
    with pytest.raises(Refused, match="Nobody else has"):
        take_over(actor=cast.ada, review=review, now=NOW)
    for actor in (cast.eli, cast.dana, cast.otto):
        with pytest.raises(NotAllowed):
            take_over(actor=actor, review=review, now=LATER)
    with pytest.raises(Refused, match="no draft"):
        take_over(actor=cast.ben, review=review, with_draft=True, now=LATER)
    save_draft(actor=cast.ada, review=review, data={"headline": "A"}, expected_version=None)
    save_draft(actor=cast.ben, review=review, data={"headline": "B"}, expected_version=None)
    with pytest.raises(Refused, match="words of your own"):
        take_over(actor=cast.ben, review=review, with_draft=True, now=LATER)
    review.refresh_from_db()
    assert review.lease_user == cast.ada, "a refusal writes nothing"


# --- the second reader ---------------------------------------------------------------------------------------


def test_a_reader_is_asked_and_told(cast: Cast) -> None:
    verdict = desk_pages.submitted(cast)
    ask_reader(actor=cast.ada, verdict=verdict, reader=cast.ben, words="Before noon?", now=NOW)
    ask_reader(actor=cast.ada, verdict=verdict, reader=cast.ben, words="Before noon?", now=NOW)
    assert told(cast.ben) == [(Kind.ASKED, "Ada", "Before noon?")]
    assert ReadingRequest.objects.get().reader == cast.ben


def test_only_who_could_approve_can_be_asked(cast: Cast) -> None:
    verdict = desk_pages.submitted(cast)
    for reader in (cast.ada, cast.eli, cast.otto, cast.dana):
        with pytest.raises(Refused, match="could not approve"):
            ask_reader(actor=cast.carla, verdict=verdict, reader=reader)
    for actor in (cast.ben, cast.eli, cast.otto):
        with pytest.raises(NotAllowed):
            ask_reader(actor=actor, verdict=verdict, reader=cast.carla)
    verdicts.recall_verdict(actor=cast.ada, verdict=verdict)
    with pytest.raises(Stale, match="nothing waits"):
        ask_reader(actor=cast.ada, verdict=verdict, reader=cast.ben)
