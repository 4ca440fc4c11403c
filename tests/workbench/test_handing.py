"""Handing over, taking over and asking for a reader on the pages, without a script; and what waits for others."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from claims.actions.review.drafts import save_draft
from claims.actions.review.handing import ask_reader
from claims.actions.review.verdicts import open_verdict
from claims.models import Review, VerdictDraft
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db


def lapsed(review: Review) -> None:
    Review.objects.filter(pk=review.pk).update(lease_until=timezone.now() - dt.timedelta(minutes=1))


def test_typing_in_anothers_headline_takes_nothing_and_says_whose_it_is(cast: Cast) -> None:
    claim, review, _source = pages.working(cast)
    lapsed(review)
    client = pages.signed_in(cast.ben)
    page = client.get(f"/claims/{claim.pk}/").content.decode()
    assert "This claim is with Ada." in page
    assert f'href="/reviews/{review.pk}/take-over/"' in page
    for headers in ({"HTTP_X_AUTOSAVE": "1"}, {}):
        sent = {"headline": "Ben's words", "expected_version": str(VerdictDraft.objects.count())}
        answer = client.post(f"/reviews/{review.pk}/draft/", sent, **headers)
        assert answer.status_code in (200, 303)
    review.refresh_from_db()
    assert review.lease_user == cast.ada
    assert VerdictDraft.objects.get().data["headline"] == "Ben's words", "no typed word is lost"
    assert "This claim is with Ada" in client.get(f"/claims/{claim.pk}/").content.decode()


def test_taking_over_shows_what_the_other_had_and_asks(cast: Cast) -> None:
    claim, review, _source = pages.working(cast)
    save_draft(actor=cast.ada, review=review, data={"headline": "Ada's headline"}, expected_version=None)
    lapsed(review)
    client = pages.signed_in(cast.ben)
    answer = client.post(f"/reviews/{review.pk}/take/")
    assert answer["Location"] == f"/reviews/{review.pk}/take-over/"
    review.refresh_from_db()
    assert review.lease_user == cast.ada, "the button of the claim page asks first"
    page = client.get(answer["Location"]).content.decode()
    assert "Ada&#x27;s headline" in page
    assert "last changed" in page
    client.post(f"/reviews/{review.pk}/take-over/", {"draft": "1"})
    review.refresh_from_db()
    assert review.lease_user == cast.ben
    assert "Ada&#x27;s headline" in client.get(f"/claims/{claim.pk}/").content.decode()
    assert "goes on with a claim" in pages.signed_in(cast.ada).get("/desk/north/inbox/").content.decode()


def test_who_may_not_take_over_reads_who_could(cast: Cast) -> None:
    _claim, review, _source = pages.working(cast)
    page = pages.signed_in(cast.ben).get(f"/reviews/{review.pk}/take-over/").content.decode()
    assert "Carla could." in page
    assert "Take it over</button>" not in page


def test_handing_over_on_the_page(cast: Cast) -> None:
    claim, review, _source = pages.working(cast)
    save_draft(actor=cast.ada, review=review, data={"headline": "Ada's headline"}, expected_version=None)
    client = pages.signed_in(cast.ada)
    assert "Hand over</button>" in client.get(f"/claims/{claim.pk}/").content.decode()
    assert "Hand over</button>" not in pages.signed_in(cast.ben).get(f"/claims/{claim.pk}/").content.decode()
    answer = client.post(f"/reviews/{review.pk}/hand-over/", {"to": cast.ben.pk, "words": "Over to you."})
    assert answer.status_code == 303
    page = pages.signed_in(cast.ben).get(f"/claims/{claim.pk}/").content.decode()
    assert "Ada&#x27;s headline" in page
    assert "Over to you." in pages.signed_in(cast.ben).get("/desk/north/inbox/").content.decode()
    refused = client.post(f"/reviews/{review.pk}/hand-over/", {"to": "0", "words": "Typed and kept."})
    assert refused.status_code == 422


def test_what_one_handed_in_shows_who_has_it(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ada)

    def waiting() -> str:
        page = client.get("/desk/north/").content.decode()
        return page.split('id="group-others"')[1].split("</section>")[0]

    assert verdict.headline in waiting()
    assert "nobody has opened it yet" in waiting()
    ask_reader(actor=cast.ada, verdict=verdict, reader=cast.ben)
    assert "asked: Ben; nobody has opened it yet" in waiting()
    open_verdict(actor=cast.ben, verdict=verdict)
    assert "asked: Ben; opened by Ben" in waiting()
    theirs = pages.signed_in(cast.carla).get("/desk/north/").content.decode()
    assert verdict.headline not in theirs.split('id="group-others"')[1].split("</section>")[0]


def test_a_reader_is_asked_on_the_claim_page(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ada)
    page = client.get(f"/claims/{verdict.claim_id}/").content.decode()
    assert "Ask somebody to read it" in page
    client.post(f"/verdicts/{verdict.pk}/ask/", {"to": cast.ben.pk, "words": "Before noon?"})
    assert "Before noon?" in client.get(f"/claims/{verdict.claim_id}/").content.decode()
    assert (
        "asks you to read a verdict" in pages.signed_in(cast.ben).get("/desk/north/inbox/").content.decode()
    )
