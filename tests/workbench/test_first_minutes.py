"""Is a newcomer led? What this is before signing in, the first steps of an empty desk, and a hint on every page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from claims.actions.base import Refused
from claims.actions.desk import preferences
from claims.actions.desk.scales import RatingRow, new_scale
from claims.actions.desk.settings import change_desk
from claims.actions.desk.setup import make_desk
from claims.actions.feeds.managing import add_feed
from claims.models import Desk, Document, User
from claims.models.together import answered
from claims.vocabulary import Finding, Role
from claims.workbench.desk.first_steps import first_steps
from claims.workbench.hints import HINTS
from tests import builders
from tests.people import Cast, person

pytestmark = pytest.mark.django_db
BrowserOf = Callable[..., Client]


@pytest.fixture
def empty() -> tuple[Desk, User]:
    """A desk as `./run --empty` makes it, and its administrator."""
    desk = make_desk(slug="new", name="Fact-check desk")
    return desk, person("Alma", desk, Role.ADMINISTRATOR, Role.DESK_EDITOR)


def done(desk: Desk, user: User) -> list[bool]:
    return [step.done for step in answered(first_steps(desk, user, desk.roles_of(user)))]


def test_signing_in_says_what_this_is_and_where_to_read_more(client: Client, db: None) -> None:
    page = client.get("/login/").content.decode()
    assert "The workbench of a fact-check desk" in page
    assert 'href="/help/"' in page
    helped = client.get("/help/")
    assert helped.status_code == 200
    assert "Somebody who did not write it opens every source" in helped.content.decode()


def test_an_empty_desk_leads_through_five_steps(empty: tuple[Desk, User], browser_of: BrowserOf) -> None:
    _desk, alma = empty
    page = browser_of(alma).get("/desk/new/").content.decode()
    assert '<span class="count">0/5</span>' in page
    for address in re.findall(
        r'<span><a href="([^"]+)">', page.partition("steps-title")[2].partition("</ol>")[0]
    ):
        assert browser_of(alma).get(address.partition("#")[0]).status_code == 200, address


def test_steps_are_done_by_what_is_there(empty: tuple[Desk, User]) -> None:
    desk, alma = empty
    assert done(desk, alma) == [False] * 5
    change_desk(actor=alma, desk=desk, values={"name": "North Check"})
    assert done(desk, alma) == [True, False, False, False, False]
    rows = [
        RatingRow(key="", label=label, definition="d", finding=finding, value=None)
        for label, finding in (
            ("True", Finding.SUPPORTED),
            ("False", Finding.REFUTED),
            ("Open", Finding.NOT_ENOUGH),
        )
    ]
    new_scale(actor=alma, desk=desk, name="Ours", rows=rows)
    assert done(desk, alma) == [True, True, False, False, False]
    person("Rita", desk, Role.REVIEWER)
    assert done(desk, alma) == [True, True, True, False, False]
    add_feed(actor=alma, desk=desk, url="https://paper.example/feed.xml", kind="articles")
    assert done(desk, alma) == [True, True, True, False, True]


def test_colleagues_who_may_not_approve_are_not_enough(empty: tuple[Desk, User]) -> None:
    desk, alma = empty
    desk.memberships.filter(user=alma, role=Role.DESK_EDITOR).delete()
    person("Fay", desk, Role.FACT_CHECKER)
    root = User.objects.create_superuser("root@desk.example", "a long enough password", display_name="Root")
    assert not done(desk, root)[2]


def test_the_steps_go_when_all_are_done_and_are_for_who_sets_up(cast: Cast) -> None:
    assert answered(first_steps(cast.desk, cast.ada, cast.desk.roles_of(cast.ada))) == []
    builders.article(cast)
    change_desk(actor=cast.carla, desk=cast.desk, values={"name": "North Check"})
    add_feed(actor=cast.carla, desk=cast.desk, url="https://paper.example/feed.xml", kind="articles")
    assert done(cast.desk, cast.carla) == [True, False, True, True, True]
    rows = [
        RatingRow(key="", label=f"L{n}", definition="d", finding=f, value=None) for n, f in enumerate(Finding)
    ]
    new_scale(actor=cast.dana, desk=cast.desk, name="Ours", rows=rows)
    assert done(cast.desk, cast.carla) == []


def test_steps_can_be_hidden_and_brought_back(empty: tuple[Desk, User], browser_of: BrowserOf) -> None:
    desk, alma = empty
    client = browser_of(alma)
    client.post("/profile/hints/", {"away": f"steps-{desk.pk}", "next": "/desk/new/"})
    assert "First steps" not in client.get("/desk/new/").content.decode()
    client.post("/profile/hints/", {"again": "1"})
    assert "First steps" in client.get("/desk/new/").content.decode()


def test_what_was_just_added_is_on_the_desk(cast: Cast, browser_of: BrowserOf) -> None:
    added = builders.article(cast)
    old = builders.article(cast, builders.HARBOUR + "\n\nAnother edition.")
    Document.objects.filter(pk=old.document.pk).update(created_at=timezone.now() - timezone.timedelta(days=9))
    page = browser_of(cast.ben).get("/desk/north/").content.decode()
    just = page.partition('id="added-title"')[2].partition("</section>")[0]
    assert f"/documents/{added.document.pk}/" in just
    assert f"/documents/{old.document.pk}/" not in just


def test_what_others_may_not_read_is_not_just_added_for_them(cast: Cast, browser_of: BrowserOf) -> None:
    added = builders.article(cast)
    Document.objects.filter(pk=added.document.pk).update(visibility=Document.Visibility.NAMED)
    assert "added-title" not in browser_of(cast.ben).get("/desk/north/").content.decode()
    assert "added-title" in browser_of(cast.ada).get("/desk/north/").content.decode()


def test_hints_are_put_away_one_by_one_or_all_at_once(cast: Cast, browser_of: BrowserOf) -> None:
    client = browser_of(cast.ada)
    desk, queue = "/desk/north/", "/desk/north/claims/"

    def hinted(path: str) -> bool:
        return 'class="hint"' in client.get(path).content.decode()

    assert (hinted(desk), hinted(queue)) == (True, True)
    answer = client.post("/profile/hints/", {"away": "queue", "next": queue})
    assert answer["Location"] == queue
    assert (hinted(desk), hinted(queue)) == (True, False)
    client.post("/profile/hints/", {"away": "hints"})
    assert (hinted(desk), hinted(queue)) == (False, False)
    assert "Show all of them again" in client.get("/profile/").content.decode()
    client.post("/profile/hints/", {"again": "1", "next": "https://elsewhere.example/"})
    assert (hinted(desk), hinted(queue)) == (True, True)


def test_every_hint_is_of_a_page_there_is() -> None:
    from tests.visibility.addresses import ABOUT

    assert set(HINTS) <= set(ABOUT)


def test_names_that_cannot_be_hints_are_refused(cast: Cast) -> None:
    for name in ("", "x" * 61):
        with pytest.raises(Refused, match="no such hint"):
            preferences.put_away(actor=cast.ada, name=name)


def test_damaged_preferences_hide_nothing(cast: Cast) -> None:
    cast.ada.preferences = {"put_away": "queue"}
    assert cast.ada.put_away == frozenset()
