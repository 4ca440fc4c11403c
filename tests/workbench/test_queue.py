"""The queue: filters with counts, search, paging."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from claims.actions.indexing.outbox import queue_if_dirty
from claims.models import Claim, Claimant, Document, seen
from claims.search.engine import EngineUnavailable
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
QUEUE = "/desk/north/claims/"


def shown(answer: object) -> list[int]:
    return [row["claim"].pk for row in answer.context["rows"]]  # type: ignore[attr-defined]


def test_the_states_carry_their_counts_and_narrow_the_list(cast: Cast) -> None:
    waiting = pages.submitted(cast)
    queued = builders.claim(cast)
    client = pages.signed_in(cast.ada)
    answer = client.get(QUEUE)
    counts = {row["value"]: row["count"] for row in answer.context["states"]}
    assert counts["awaiting_approval"] == 1
    assert counts["queued"] == 1
    assert counts["open"] == counts[""] == 2
    assert shown(client.get(QUEUE, {"state": "awaiting_approval"})) == [waiting.claim_id]
    assert shown(client.get(QUEUE, {"state": "queued"})) == [queued.pk]


@pytest.mark.parametrize("at_once", [0, 200], ids=["asked at each row", "left out by number"])
def test_hidden_claims_are_in_no_count(cast: Cast, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    builders.claim(cast)
    first, second, third = (builders.claim(cast) for _ in range(3))
    added = builders.article(cast)
    Document.objects.filter(pk=added.document.pk).update(visibility="named", added_by=cast.carla)
    Claim.objects.filter(pk__in=[first.pk, second.pk]).update(
        source=added.document, wording_confirmed_at=None
    )
    named = Claimant.objects.create(desk=cast.desk, name="Who", name_key="who", source=added.document)
    Claim.objects.filter(pk=third.pk).update(claimant=named)
    monkeypatch.setattr(seen, "HIDDEN", at_once)
    for person, number in ((cast.ada, 1), (cast.carla, 4)):
        answer = pages.signed_in(person).get(QUEUE)
        counts = {row["value"]: row["count"] for row in answer.context["states"]}
        assert (counts[""], counts["open"], counts["queued"]) == (number, number, number)
        assert len(shown(answer)) == number


def test_a_corrected_claim_stands_where_its_newest_review_stands(cast: Cast) -> None:
    from claims.actions.publishing.publish import start_correction

    check = pages.published(cast)
    start_correction(actor=cast.ada, factcheck=check, kind="update", public_note="New figures.")
    client = pages.signed_in(cast.ada)
    assert shown(client.get(QUEUE, {"state": "published"})) == []
    assert shown(client.get(QUEUE, {"state": "in_progress"})) == [check.claim_id]


def test_the_list_narrows_to_me_and_to_nobody(cast: Cast) -> None:
    mine, _review, _source = pages.working(cast)
    free = builders.claim(cast)
    client = pages.signed_in(cast.ada)
    assert shown(client.get(QUEUE, {"assignee": "me"})) == [mine.pk]
    assert shown(client.get(QUEUE, {"assignee": "nobody"})) == [free.pk]
    assert shown(client.get(QUEUE, {"assignee": str(cast.ben.pk)})) == []


def test_a_rating_finds_claims_by_their_newest_verdict(cast: Cast) -> None:
    verdict = pages.submitted(cast)
    client = pages.signed_in(cast.ada)
    assert shown(client.get(QUEUE, {"rating": verdict.rating_id})) == [verdict.claim_id]
    assert shown(client.get(QUEUE, {"rating": pages.rating(cast.desk, "true").pk})) == []


def test_fifty_rows_then_the_next_page_and_none_twice(cast: Cast) -> None:
    made = [builders.claim(cast).pk for _ in range(53)]
    client = pages.signed_in(cast.ada)
    first = client.get(QUEUE)
    second = client.get(QUEUE, {"after": first.context["page"].next})
    assert len(shown(first)) == 50
    assert shown(first) + shown(second) == sorted(made, reverse=True)
    assert shown(client.get(QUEUE, {"before": second.context["page"].previous})) == shown(first)


def test_fifty_rows_cost_as_many_queries_as_five(
    cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _ in range(50):
        builders.claim(cast)
    pages.submitted(cast)
    client = pages.signed_in(cast.ada)
    client.get(QUEUE)  # the first page of a session notes where somebody is signed in
    with django_assert_max_num_queries(13):  # type: ignore[attr-defined]
        client.get(QUEUE)


def test_words_go_to_the_search_engine(cast: Cast, drain: Callable[..., int]) -> None:
    wanted = builders.claim(cast, "The lighthouse keeper of Lenna earns nothing at all")
    builders.claim(cast, "Sheep outnumber people in the valley")
    queue_if_dirty()
    drain("index")
    client = pages.signed_in(cast.ada)
    assert shown(client.get(QUEUE, {"q": "lighthouse keeper"})) == [wanted.pk]
    assert shown(client.get(QUEUE, {"q": "lighthouse keeper", "state": "closed"})) == []


def test_an_engine_that_is_gone_is_said_and_the_list_is_still_there(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: object, **_kwargs: object) -> list[int]:
        raise EngineUnavailable("no answer")

    monkeypatch.setattr("claims.workbench.desk.queue.find_claims", gone)
    made = builders.claim(cast)
    answer = pages.signed_in(cast.ada).get(QUEUE, {"q": "anything"})
    assert answer.status_code == 200
    assert "does not answer" in answer.content.decode()
    assert shown(answer) == [made.pk]


def test_an_empty_queue_says_what_to_do_next(cast: Cast) -> None:
    text = pages.signed_in(cast.ada).get(QUEUE).content.decode()
    assert "Add an article" in text


def test_people_of_another_desk_do_not_see_it(cast: Cast) -> None:
    builders.claim(cast)
    assert pages.signed_in(cast.otto).get(QUEUE).status_code == 404
