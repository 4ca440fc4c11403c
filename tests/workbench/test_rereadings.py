"""The pages of newer rules on old articles: what is said before, during and after, to whom, and without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from lxml import html

from claims.actions.documents.details import set_metadata
from claims.actions.documents.rereading import Scope, cancel, preview, work_of
from claims.actions.triage.decisions import accept
from claims.models import Document, Job, RereadArticle, Rereading
from claims.splitting import ANALYSER
from claims.workbench.articles.difference_words import said
from tests import builders
from tests.people import Cast
from tests.reread import JOBS, LAST, PROMISE, newer, old_article, rows_of, rules_find

pytestmark = pytest.mark.django_db
BrowserOf = Callable[..., Client]
Drain = Callable[..., int]
LIST = "/desk/north/rereadings/"


@pytest.fixture(autouse=True)
def _newer_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    rules_find(monkeypatch)


def words(response: Any) -> str:
    return " ".join(html.document_fromstring(response.content).text_content().split())


def asked(client: Client, **sent: Any) -> Rereading:
    """Ask for a batch with the form of the page, and return it."""
    response = client.post(LIST, sent)
    assert response.status_code == 303, words(response)
    batch = Rereading.objects.latest("id")
    assert response["Location"] == f"/rereadings/{batch.pk}/"
    return batch


def test_from_the_list_of_articles_to_what_is_taken_over_and_back(
    cast: Cast, browser_of: BrowserOf, drain: Drain
) -> None:
    added = old_article(cast, title="Harbour fees")
    client = browser_of(cast.carla)
    assert "1 article was read by older rules." in words(client.get("/desk/north/articles/"))
    assert "1 article was read by older rules." in words(client.get(LIST))
    batch = asked(client, older="on")
    address = f"/rereadings/{batch.pk}/"
    before = words(client.get(address))
    assert "The articles are being read; nothing is changed." in before
    assert "0 / 1" in before
    drain("reread")
    page = words(client.get(address))
    assert "Nothing has changed yet." in page
    assert "1 more, 1 taken back, 1 read differently" in page
    assert f"A further claim: “{LAST}”" in page
    assert f"Taken back: “{PROMISE}”" in page
    assert f"Read differently: “{JOBS}”" in page
    assert "Claimant Ilse Brandt → Minister Ilse Brandt" in page
    assert LAST not in rows_of(added)
    client.post(f"{address}apply/", {"which": "picked", "document": added.document.pk})
    drain("reread")
    assert "Taken over." in words(client.get(address))
    assert rows_of(added)[LAST].triage == "suggested"
    client.post(f"{address}undo/", {"which": "picked", "document": added.document.pk})
    assert "Taken back in 1 article." in words(client.get(address))
    assert rows_of(added)[LAST].triage == "superseded"


def test_one_article_is_looked_at_and_taken_over_from_its_own_page(
    cast: Cast, browser_of: BrowserOf, drain: Drain
) -> None:
    added = old_article(cast)
    client = browser_of(cast.ada)
    address = f"/documents/{added.document.pk}/"
    assert "This article was read by older rules." in words(client.get(address))
    response = client.post(f"{address}reread/")
    batch = Rereading.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/rereadings/{batch.pk}/")
    job = work_of(batch)
    assert job is not None
    assert job.queue == Job.Queue.INTERACTIVE
    assert "is being read by newer rules" in words(client.get(address))
    drain("reread")
    assert "Newer rules would offer 1 more, take back 1 and read 1 differently." in words(client.get(address))
    client.post(f"/rereadings/{batch.pk}/apply/", {"document": added.document.pk})
    drain("reread")
    assert "Read by newer rules: 1 more, 1 taken back, 1 read differently." in words(client.get(address))
    client.post(f"/rereadings/{batch.pk}/undo/", {"document": added.document.pk})
    assert "This article was read by older rules." in words(client.get(address))


def test_an_article_read_by_todays_rules_says_nothing_about_it(cast: Cast, browser_of: BrowserOf) -> None:
    added = builders.article(cast)
    builders.analysed(cast, added, newer(builders.HARBOUR), analyser=ANALYSER)
    page = words(browser_of(cast.ada).get(f"/documents/{added.document.pk}/"))
    assert "rules" not in page.replace("rules and heads", "")


def test_every_emptiness_says_which_it_is(
    cast: Cast, browser_of: BrowserOf, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser_of(cast.carla)
    page = words(client.get(LIST))
    assert "Every article was read by today's rules." in page
    assert "None yet." in page
    refused = client.post(LIST, {})
    assert refused.status_code == 422
    assert "nothing is to be read again" in words(refused)
    added = old_article(cast)
    rules_find(monkeypatch, lambda _text: builders.harbour_units())
    batch = asked(client)
    drain("reread")
    page = words(client.get(f"/rereadings/{batch.pk}/"))
    assert "Today's rules would change nothing in these articles." in page
    client.post(f"/rereadings/{batch.pk}/apply/", {"which": "all"})
    drain("reread")
    assert "Every article was read by today's rules." in words(client.get(LIST))
    set_metadata(actor=cast.ada, document=added.document, visibility=Document.Visibility.NAMED, named=[])
    assert "No article of this batch is shown to you." in words(client.get(f"/rereadings/{batch.pk}/"))


def test_what_went_wrong_is_said_and_tried_again(
    cast: Cast, browser_of: BrowserOf, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_article(cast)

    def broken(_text: str) -> tuple[Any, ...]:
        raise ValueError("a tree without a root")

    rules_find(monkeypatch, broken)
    client = browser_of(cast.carla)
    batch = asked(client)
    drain("reread")
    page = words(client.get(f"/rereadings/{batch.pk}/"))
    assert "a tree without a root" in page
    assert "Go on" in page
    rules_find(monkeypatch)
    client.post(f"/rereadings/{batch.pk}/go-on/")
    drain("reread")
    assert "a tree without a root" not in words(client.get(f"/rereadings/{batch.pk}/"))


def test_a_batch_that_nothing_works_on_says_so_and_why(cast: Cast, browser_of: BrowserOf) -> None:
    old_article(cast)
    client = browser_of(cast.carla)
    batch = asked(client)
    Job.objects.filter(kind="reread").update(status="failed", error="Stopped after 600 s.")
    page = words(client.get(f"/rereadings/{batch.pk}/"))
    assert "Nothing works on this batch." in page
    assert "Stopped after 600 s." in page
    client.post(f"/rereadings/{batch.pk}/go-on/")
    assert "Nothing works on this batch." not in words(client.get(f"/rereadings/{batch.pk}/"))


def test_a_second_batch_and_a_wrong_form_are_refused_beside_the_form(
    cast: Cast, browser_of: BrowserOf
) -> None:
    old_article(cast)
    client = browser_of(cast.carla)
    first = asked(client)
    second = client.post(LIST, {"older": "on"})
    assert second.status_code == 409
    assert f"Batch {first.pk} is reading such articles already" in words(second)
    wrong = client.post(LIST, {"since": "2026-03-18", "until": "2026-03-01"})
    assert wrong.status_code == 422
    assert "This day lies before the other one." in words(wrong)
    assert b'value="2026-03-18"' in wrong.content


def test_who_may_not_ask_is_told_who_may(cast: Cast, browser_of: BrowserOf) -> None:
    old_article(cast)
    client = browser_of(cast.ada)
    assert "A desk editor or an administrator can have many articles read again" in words(client.get(LIST))
    assert client.post(LIST, {}).status_code == 403
    batch = preview(actor=cast.carla, desk=cast.desk, scope=Scope())
    page = client.get(f"/rereadings/{batch.pk}/")
    assert b"Stop it" not in page.content


def test_totals_and_articles_are_those_that_a_person_may_read(
    cast: Cast, browser_of: BrowserOf, drain: Drain
) -> None:
    old_article(cast, 1, title="Shown to all")
    hidden = old_article(cast, 2, title="For Ada alone")
    batch = preview(actor=None, desk=cast.desk, scope=Scope())
    Job.objects.exclude(kind="reread").delete()
    drain("reread")
    set_metadata(actor=cast.ada, document=hidden.document, visibility=Document.Visibility.NAMED, named=[])
    carla, ada = (words(browser_of(user).get(f"/rereadings/{batch.pk}/")) for user in (cast.carla, cast.ada))
    assert "Further claims1" in carla
    assert "For Ada alone" not in carla
    assert "Further claims2" in ada
    assert "For Ada alone" in ada


def test_an_article_on_which_somebody_decided_stays_and_is_counted(
    cast: Cast, browser_of: BrowserOf, drain: Drain
) -> None:
    added = old_article(cast)
    client = browser_of(cast.carla)
    batch = asked(client)
    drain("reread")
    client.post(f"/rereadings/{batch.pk}/apply/", {"which": "all"})
    drain("reread")
    accept(actor=cast.ada, appearance=rows_of(added)[LAST])
    client.post(f"/rereadings/{batch.pk}/undo/", {"document": added.document.pk})
    assert "1 stays as it is: somebody has decided about it since." in words(
        client.get(f"/rereadings/{batch.pk}/")
    )
    nothing = client.post(f"/rereadings/{batch.pk}/undo/", {"document": "0"})
    assert nothing.status_code == 422


def test_a_stopped_batch_can_be_gone_on_with_from_its_page(
    cast: Cast, browser_of: BrowserOf, drain: Drain
) -> None:
    old_article(cast)
    client = browser_of(cast.carla)
    batch = asked(client)
    client.post(f"/rereadings/{batch.pk}/cancel/")
    assert "Stopped. What was done stays." in words(client.get(f"/rereadings/{batch.pk}/"))
    client.post(f"/rereadings/{batch.pk}/go-on/")
    drain("reread")
    assert batch.rows.get().state == RereadArticle.State.READ
    with pytest.raises(Exception, match="nothing is to be stopped"):
        cancel(actor=cast.carla, batch=batch)


@pytest.mark.parametrize(
    ("column", "old", "new", "shown"),
    [
        ("checkable", "fact", "no", ("checkable fact", "not checkable")),
        ("score", 0.514, 0.738, ("51 %", "74 %")),
        ("negated", False, True, ("no", "yes")),
        ("flags", [], ["vague-source"], ("–", "vague source")),
        ("claim_type", "past_wording", "event", ("past wording", "event")),
        (
            "dates",
            [],
            [{"expr": "last autumn", "value": "2019-Q3"}],
            ("–", "last autumn: third quarter of 2019"),
        ),
    ],
)
def test_changes_are_said_in_words(column: str, old: Any, new: Any, shown: tuple[str, str]) -> None:
    (change,) = said({"kind": "changed", "words": "x", "fields": {column: [old, new]}}).changes
    if column == "checkable":
        assert "fact" not in (change.old, change.new)
    else:
        assert (change.old, change.new) == shown
