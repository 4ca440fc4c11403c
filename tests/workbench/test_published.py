"""Published checks: lists, versions, suspension at once, corrections, withdrawal."""

from __future__ import annotations

import pytest

from claims.actions.publishing.publish import hold
from claims.models import FactCheck, Review
from tests.checks_made import read_whole
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
PUBLISHED = "/desk/north/published/"


def shown(answer: object) -> list[int]:
    return [row["check"].pk for row in answer.context["rows"]]  # type: ignore[attr-defined]


def test_own_and_imported_checks_are_told_apart(cast: Cast) -> None:
    own = pages.published(cast)
    theirs = FactCheck.objects.create(
        desk=cast.desk, imported=True, publisher="Elsewhere", claim_text="Another claim", import_key="x",
        modified_at=own.modified_at, rating_label="Wrong", finding="Refuted",
    )  # fmt: skip
    client = pages.signed_in(cast.ada)
    assert shown(client.get(PUBLISHED)) == [own.pk]
    assert shown(client.get(PUBLISHED, {"show": "imported"})) == [theirs.pk]
    assert "Suspend" not in client.get(f"/factchecks/{theirs.pk}/").content.decode()


def test_what_is_held_is_listed_first(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    read_whole(actor=cast.ben, verdict=verdict)
    hold(actor=cast.ben, review=verdict.review)
    pages.signed_in(cast.ben).post(f"/verdicts/{verdict.pk}/approve/", {})
    answer = pages.signed_in(cast.ada).get(PUBLISHED)
    assert [row["review"].pk for row in answer.context["waiting"]] == [verdict.review_id]
    assert "held" in answer.content.decode()


def test_a_desk_editor_suspends_at_once_and_reinstates(cast: Cast) -> None:
    check = pages.published(cast)
    client = pages.signed_in(cast.carla)
    refused = client.post(f"/factchecks/{check.pk}/suspend/", {"note": ""})
    assert refused.status_code == 422
    client.post(f"/factchecks/{check.pk}/suspend/", {"note": "We are looking into a doubt."})
    check.refresh_from_db()
    assert check.status == "suspended"
    assert shown(client.get(PUBLISHED, {"show": "suspended"})) == [check.pk]
    client.post(f"/factchecks/{check.pk}/reinstate/", {"note": "The doubt is settled."})
    check.refresh_from_db()
    assert check.status == "live"
    page = client.get(f"/factchecks/{check.pk}/").content.decode()
    assert "The doubt is settled." in page
    assert "Version 3" in page


def test_a_fact_checker_is_told_who_could_suspend(cast: Cast) -> None:
    check = pages.published(cast)
    client = pages.signed_in(cast.ada)
    assert "Carla could." in client.get(f"/factchecks/{check.pk}/").content.decode()
    answer = client.post(f"/factchecks/{check.pk}/suspend/", {"note": "A doubt that I typed."})
    assert answer.status_code == 403
    assert b"A doubt that I typed." in answer.content


def test_a_correction_opens_the_editor_and_leaves_what_is_public(cast: Cast) -> None:
    check = pages.published(cast)
    client = pages.signed_in(cast.ada)
    sent = {"kind": "correction", "public_note": "We misread the counter."}
    answer = client.post(f"/factchecks/{check.pk}/correct/", sent)
    review = Review.objects.filter(claim=check.claim_id).order_by("-number")[0]
    assert answer["Location"] == f"/claims/{check.claim_id}/#verdict"
    assert (review.state, review.release_kind) == ("in_progress", "correction")
    page = client.get(f"/claims/{check.claim_id}/").content.decode()
    assert "We misread the counter." in page
    assert "The bridge carries far fewer cars" in page
    check.refresh_from_db()
    assert check.latest is not None
    assert check.latest.number == 1
    again = client.post(f"/factchecks/{check.pk}/correct/", sent)
    assert again.status_code == 409


def test_a_correction_runs_through_the_pages_to_a_second_release(cast: Cast) -> None:
    check = pages.published(cast)
    ada, ben = pages.signed_in(cast.ada), pages.signed_in(cast.ben)
    ada.post(f"/factchecks/{check.pk}/correct/", {"kind": "correction", "public_note": "We misread it."})
    review = Review.objects.filter(claim=check.claim_id).order_by("-number")[0]
    source = check.claim.evidence.get()  # type: ignore[union-attr]
    sent = pages.words(
        cast,
        source,
        short_answer="It counted 800 cars.",
        release_kind="correction",
        public_note="We misread it.",
    )
    assert ada.post(f"/reviews/{review.pk}/submit/", sent).status_code == 303
    verdict = review.verdicts.get()
    read_whole(actor=cast.ben, verdict=verdict)
    ben.post(f"/verdicts/{verdict.pk}/approve/", {})
    check.refresh_from_db()
    assert check.latest is not None
    assert (check.latest.number, check.latest.kind) == (2, "correction")
    assert shown(ada.get(PUBLISHED, {"show": "corrected"})) == [check.pk]


def test_a_withdrawal_is_final(cast: Cast) -> None:
    check = pages.published(cast)
    client = pages.signed_in(cast.carla)
    client.post(f"/factchecks/{check.pk}/withdraw/", {"note": "The source was forged."})
    check.refresh_from_db()
    assert check.status == "withdrawn"
    assert client.post(f"/factchecks/{check.pk}/reinstate/", {"note": "No."}).status_code == 409


def test_the_other_desk_finds_nothing_here(cast: Cast) -> None:
    check = pages.published(cast)
    otto = pages.signed_in(cast.otto)
    assert otto.get(f"/factchecks/{check.pk}/").status_code == 404
    assert otto.post(f"/factchecks/{check.pk}/suspend/", {"note": "x"}).status_code == 404


def test_an_empty_list_says_what_brings_something_here(cast: Cast) -> None:
    assert "Nothing is published yet" in pages.signed_in(cast.ada).get(PUBLISHED).content.decode()


@pytest.mark.parametrize(
    "sent",
    [{"show": "lost"}, {"rating": "Nowhere"}, {"claimant": "Nobody Known"}, {"change": "x"}, {"tag": "zzz"},
     {"since": "x"}, {"rating": "a\x00b"}],
)  # fmt: skip
def test_an_address_of_the_checks_edited_by_hand_says_what_it_means(cast: Cast, sent: dict[str, str]) -> None:
    pages.published(cast)
    answer = pages.signed_in(cast.ada).get("/desk/north/published/", sent)
    assert answer.status_code == 200
    assert answer.context["rows"] == []
    assert answer.context["asked"].problems


def test_checks_are_found_by_claimant_rating_tag_and_day(cast: Cast) -> None:
    from claims.actions.claims.tags import tag_claim

    check = pages.published(cast)
    tag_claim(actor=cast.ada, claim=check.claim, typed="bridges")
    client = pages.signed_in(cast.ada)
    day = check.first_published_at.date().isoformat()
    for sent in (
        {"claimant": check.claimant_name.upper()},
        {"rating": check.rating_label},
        {"tag": "bridges"},
        {"since": day, "until": day},
        {"show": "live", "change": "first"},
    ):
        answer = client.get("/desk/north/published/", sent)
        assert [row["check"].pk for row in answer.context["rows"]] == [check.pk], sent
        assert len(answer.context["asked"].chips) == len(sent)
    assert client.get("/desk/north/published/", {"until": "2020-01-01"}).context["rows"] == []
