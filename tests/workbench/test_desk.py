"""What needs me: each group with its count and its oldest, and the next item."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from claims.actions.base import Refused
from claims.actions.claims.changes import assign
from claims.models import Job, Membership, Review, User
from claims.models.together import answered
from claims.vocabulary import Role
from claims.workbench.desk import waiting_work
from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db
BrowserOf = Callable[..., Client]


def titles(cast: Cast, user: User) -> dict[str, int]:
    groups = answered(waiting_work.groups(cast.desk, user, cast.desk.roles_of(user)))
    return {group.key: group.count for group in groups}


def test_each_role_sees_what_it_can_do(cast: Cast) -> None:
    assert list(titles(cast, cast.ada)) == [
        "overdue",
        "returned",
        "mine",
        "others",
        "corrected",
        "sources",
        "articles",
        "readers",
        "jobs",
    ]
    assert list(titles(cast, cast.ben)) == [
        "overdue",
        "returned",
        "approve",
        "mine",
        "others",
        "corrected",
        "sources",
        "articles",
        "readers",
        "jobs",
    ]
    assert list(titles(cast, cast.contributor)) == ["articles"]


def test_a_claim_stands_with_the_person_it_is_assigned_to(cast: Cast) -> None:
    claim = builders.claim(cast)
    assign(actor=cast.carla, review=claim.reviews.get(), to=cast.ada)
    assert titles(cast, cast.ada)["mine"] == 1
    assert titles(cast, cast.ben)["mine"] == 0


def test_an_article_waits_until_it_is_finished(cast: Cast, browser_of: BrowserOf) -> None:
    added = builders.article(cast, title="Harbour fees")
    assert titles(cast, cast.ada)["articles"] == 0
    builders.analysed(cast, added)
    assert titles(cast, cast.ada)["articles"] == 1
    assert "Harbour fees" in browser_of(cast.ada).get("/desk/north/").content.decode()
    browser_of(cast.ada).post(f"/documents/{added.document.pk}/finish/")
    assert titles(cast, cast.ada)["articles"] == 0


def test_a_document_for_named_people_is_nobody_elses_work(cast: Cast) -> None:
    added = builders.article(cast)
    builders.analysed(cast, added)
    type(added.document).objects.filter(pk=added.document.pk).update(visibility="named")
    assert titles(cast, cast.ada)["articles"] == 1
    assert titles(cast, cast.ben)["articles"] == 0


def test_a_failed_job_is_named_with_its_reason(cast: Cast, browser_of: BrowserOf) -> None:
    Job.objects.create(
        desk=cast.desk, kind="fetch", subject="x", status="failed", error="The host does not answer."
    )
    assert "The host does not answer." in browser_of(cast.ada).get("/desk/north/").content.decode()


def test_only_three_are_shown_and_all_are_counted(cast: Cast, browser_of: BrowserOf) -> None:
    for number in range(5):
        assign(actor=cast.carla, review=builders.claim(cast).reviews.get(), to=cast.ada)
        assert titles(cast, cast.ada)["mine"] == number + 1
    page = browser_of(cast.ada).get("/desk/north/").content.decode().split('id="group-mine"')[1]
    assert page.split("</section>")[0].count("The bridge of Lenna number") == 3
    assert "All 5" in page


def test_what_does_not_wait_has_a_heading_only_where_there_is_some(cast: Cast, browser_of: BrowserOf) -> None:
    Membership.objects.filter(user=cast.ada, desk=cast.desk).update(role=Role.CONTRIBUTOR)
    heading = "Nothing waits here"
    assert heading in browser_of(cast.ada).get("/desk/north/").content.decode()
    builders.analysed(cast, builders.article(cast))
    assert titles(cast, cast.ada) == {"articles": 1}
    assert heading not in browser_of(cast.ada).get("/desk/north/").content.decode()


def test_counting_stops_at_a_bound_and_says_so(
    cast: Cast, browser_of: BrowserOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(6):
        assign(actor=cast.carla, review=builders.claim(cast).reviews.get(), to=cast.ada)
    for bound, said in ((4, "4+"), (5, "5+"), (6, "6"), (9, "6")):
        monkeypatch.setattr(waiting_work, "COUNTED", bound)
        page = browser_of(cast.ada).get("/desk/north/").content.decode().split('id="group-mine"')[1]
        assert f'<span class="count">{said}</span>' in page


def test_the_next_item_is_the_most_urgent(cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.ada)
    assert client.get("/desk/north/next/")["Location"] == "/desk/north/"
    assert "Nothing waits for you" in client.get("/desk/north/").content.decode()
    claim = builders.claim(cast)
    assert client.get("/desk/north/next/")["Location"] == f"/claims/{claim.pk}/"
    added = builders.article(cast)
    builders.analysed(cast, added)
    assert client.get("/desk/north/next/")["Location"] == f"/documents/{added.document.pk}/"
    assign(actor=cast.carla, review=claim.reviews.get(), to=cast.ada)
    assert client.get("/desk/north/next/")["Location"] == f"/claims/{claim.pk}/"


def test_a_returned_verdict_comes_first(cast: Cast, browser_of: BrowserOf) -> None:
    claim = builders.claim(cast)
    Review.objects.filter(claim=claim).update(
        state="in_progress", assignee=cast.ada, returned_note="Name the source."
    )
    assert titles(cast, cast.ada) == {
        "overdue": 0,
        "returned": 1,
        "mine": 0,
        "others": 0,
        "corrected": 0,
        "sources": 0,
        "articles": 0,
        "readers": 0,
        "jobs": 0,
    }
    assert "Name the source." in browser_of(cast.ada).get("/desk/north/").content.decode()


def test_nobody_is_asked_to_approve_what_they_wrote_or_have_approved(cast: Cast) -> None:
    from claims.models import Approval, Rating, Verdict, VerdictAuthor

    review = builders.claim(cast).reviews.get()
    Review.objects.filter(pk=review.pk).update(state="awaiting_approval")
    verdict = Verdict.objects.create(
        review=review,
        desk=cast.desk,
        claim=review.claim,
        number=1,
        wording="w",
        headline="Headline",
        rating=Rating.objects.filter(scale__desk=cast.desk)[0],
        short_answer="s",
        justification="j",
        created_by=cast.ben,
    )
    VerdictAuthor.objects.create(verdict=verdict, user=cast.ben)
    assert titles(cast, cast.ben)["approve"] == 0
    assert titles(cast, cast.carla)["approve"] == 1
    Approval.objects.create(verdict=verdict, user=cast.carla)
    assert titles(cast, cast.carla)["approve"] == 0


def test_the_desk_costs_the_same_whatever_it_holds(
    cast: Cast, browser_of: BrowserOf, django_assert_max_num_queries
) -> None:
    client = browser_of(cast.ben)
    client.get("/desk/north/")
    with django_assert_max_num_queries(24) as few:
        client.get("/desk/north/")
    count = len(few)
    for number in range(7):
        assign(actor=cast.carla, review=builders.claim(cast).reviews.get(), to=cast.ben)
        builders.analysed(cast, builders.article(cast, builders.HARBOUR + f"\n\nEdition {number}."))
    with django_assert_max_num_queries(count + 3):
        # Three more at most: groups with more than three rows are counted, and what one was told names its claims.
        client.get("/desk/north/")


def test_a_person_without_a_desk_is_told_so(cast: Cast, browser_of: BrowserOf) -> None:
    from tests.people import person

    answer = browser_of(person("Zoe")).get("/desk/")
    assert answer.status_code == 403
    assert "You work at no desk yet" in answer.content.decode()


def test_another_desk_is_not_there(cast: Cast, browser_of: BrowserOf) -> None:
    assert browser_of(cast.outsider).get("/desk/north/").status_code == 404
    with pytest.raises(Refused):
        builders.article(cast, actor=cast.outsider)
