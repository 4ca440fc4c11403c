"""The list of articles: filters, keyset pages, search."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client, RequestFactory

from claims.actions.indexing import engines
from claims.actions.indexing.outbox import queue_if_dirty
from claims.models import Document
from claims.workbench.paging import page_of
from tests import builders
from tests.people import Cast

pytestmark = pytest.mark.django_db
BrowserOf = Callable[..., Client]


def test_an_empty_list_says_what_to_do(cast: Cast, browser_of: BrowserOf) -> None:
    page = browser_of(cast.ada).get("/desk/north/articles/").content.decode()
    assert "Paste an address or a text above" in page


def test_the_filters_split_what_waits_from_what_is_finished(cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.ada)
    waiting = builders.article(cast, title="Waiting article")
    builders.analysed(cast, waiting)
    done = builders.article(cast, "Another text about fees.", title="Finished article")
    builders.analysed(cast, done, units=())
    client.post(f"/documents/{done.document.pk}/finish/")
    builders.article(cast, "A third text about fees.", title="Background article")

    def shown(state: str) -> set[str]:
        page = client.get("/desk/north/articles/", {"state": state}).content.decode()
        return {word for word in ("Waiting", "Finished", "Background") if f"{word} article" in page}

    assert shown("") == {"Waiting", "Finished", "Background"}
    assert shown("triage") == {"Waiting"}
    assert shown("finished") == {"Finished"}
    assert shown("background") == {"Background"}


def test_documents_that_a_person_may_not_read_are_not_listed(cast: Cast, browser_of: BrowserOf) -> None:
    added = builders.article(cast, title="For Ada only")
    Document.objects.filter(pk=added.document.pk).update(visibility="named")
    assert "For Ada only" in browser_of(cast.ada).get("/desk/north/articles/").content.decode()
    assert "For Ada only" not in browser_of(cast.ben).get("/desk/north/articles/").content.decode()


def test_pages_follow_each_other_without_gap_or_repetition(cast: Cast, now) -> None:
    archive = cast.desk.own_archives.get()
    for number in range(11):
        # Three at each moment: the id has to break the tie.
        Document.objects.create(
            archive=archive,
            desk=cast.desk,
            kind="pasted",
            address_key=str(number),
            created_at=builders.moment(number // 3),
            updated_at=now,
        )
    requests = RequestFactory()
    rows = Document.objects.all()
    seen: list[int] = []
    mark, pages = "", []
    while True:
        page = page_of(rows, requests.get("/", {"after": mark} if mark else {}), size=4)
        pages.append([row.pk for row in page])
        seen += pages[-1]
        mark = page.next
        if not mark:
            break
    assert seen == list(Document.objects.order_by("-created_at", "-id").values_list("pk", flat=True))
    assert [len(one) for one in pages] == [4, 4, 3]
    back = page_of(rows, requests.get("/", {"before": page.previous}), size=4)
    assert [row.pk for row in back] == pages[1]
    first = page_of(rows, requests.get("/", {"before": back.previous}), size=4)
    assert ([row.pk for row in first], first.previous) == (pages[0], "")


@pytest.mark.parametrize("mark", ["nonsense", "WzFd", "WyJ4IiwgMV0", "a" * 600])
def test_a_damaged_mark_gives_the_first_page(cast: Cast, browser_of: BrowserOf, mark: str) -> None:
    builders.article(cast, title="Harbour fees")
    assert (
        "Harbour fees" in browser_of(cast.ada).get("/desk/north/articles/", {"after": mark}).content.decode()
    )


@pytest.fixture
def own_engine() -> Iterator[None]:
    engines.close_all()
    yield
    engines.writer().erase()
    engines.close_all()


@pytest.mark.usefixtures("own_engine")
def test_the_search_finds_words_of_the_texts(cast: Cast, browser_of: BrowserOf, drain) -> None:
    builders.article(cast, title="Harbour fees")
    builders.article(cast, "The library of Osk opens at noon.", title="Library hours")
    queue_if_dirty()
    drain("index")
    page = browser_of(cast.ada).get("/desk/north/articles/", {"q": "fishing union boats"}).content.decode()
    assert "Harbour fees" in page
    assert "Library hours" not in page
    page = browser_of(cast.ada).get("/desk/north/articles/", {"q": "zeppelin"}).content.decode()
    assert "No article holds “zeppelin”" in page


def test_the_list_works_while_the_engine_is_gone(cast: Cast, browser_of: BrowserOf, monkeypatch) -> None:
    from claims.actions.indexing import engines
    from claims.search.engine import EngineUnavailable

    def gone():
        raise EngineUnavailable("gone")

    monkeypatch.setattr(engines, "reader", gone)
    answer = browser_of(cast.ada).get("/desk/north/articles/", {"q": "fees"})
    assert answer.status_code == 200
    assert "does not answer at the moment" in answer.content.decode()


def test_the_list_costs_the_same_whatever_it_holds(
    cast: Cast, browser_of: BrowserOf, django_assert_max_num_queries
) -> None:
    client = browser_of(cast.ada)
    builders.analysed(cast, builders.article(cast))
    client.get("/desk/north/articles/")
    with django_assert_max_num_queries(12) as few:
        client.get("/desk/north/articles/")
    count = len(few)
    for number in range(12):
        builders.analysed(cast, builders.article(cast, builders.HARBOUR + f"\n\nEdition {number}."))
    with django_assert_max_num_queries(count):
        client.get("/desk/north/articles/")
