"""Saved views: kept, shared, counted beside the list, opened with, and what becomes of one whose tag is gone."""

from __future__ import annotations

from typing import Any

import pytest

from claims.actions import base
from claims.actions.claims import tags
from claims.actions.desk import saved_views
from claims.models import SavedView, Tag, User
from claims.workbench.desk import view_list
from tests import builders
from tests.page_words import whole_words
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
QUEUE, ARTICLES, CHECKS = "/desk/north/claims/", "/desk/north/articles/", "/desk/north/published/"


def kept(cast: Cast, query: str = "state=open", **options: Any) -> SavedView:
    values = {"actor": cast.ada, "desk": cast.desk, "of": "claims", "name": "My view", "query": query}
    return saved_views.save_view(**(values | options))


def links(user: User, path: str = QUEUE, **sent: Any) -> dict[str, Any]:
    answer = pages.signed_in(user).get(path, sent or {"view": "all"})
    assert answer.status_code == 200
    return {link.name: link for _group, rows in answer.context["views"].groups for link in rows}


def test_a_filter_is_kept_from_the_page_without_page_ticks_and_order_of_its_parts(cast: Cast) -> None:
    claim = builders.claim(cast)
    client = pages.signed_in(cast.ada)
    page = client.get(QUEUE, {"state": "open", "assignee": "nobody", "after": "x", "q": ""})
    assert "Save this view" in page.content.decode()
    sent = {"of": "claims", "name": " Nobody  has it ", "query": page.context["views"].query}
    answer = client.post("/desk/north/views/", sent, follow=True)
    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared) == ("Nobody has it", "assignee=nobody&state=open", False)
    assert [row["claim"].pk for row in answer.context["rows"]] == [claim.pk]
    assert answer.context["views"].shown == view
    assert "Save this view" not in answer.content.decode()
    # The same filter in another order is the same view.
    assert client.get(f"{QUEUE}?state=open&assignee=nobody").context["views"].shown == view


def test_a_claimant_is_kept_by_number_so_that_another_name_changes_nothing(cast: Cast) -> None:
    claim = builders.claim(cast)
    client = pages.signed_in(cast.ada)
    client.post("/desk/north/views/", {"of": "claims", "name": "Hers", "query": "claimant=ilse+BRANDT"})
    assert SavedView.objects.get().query == f"claimant={claim.claimant_id}"


def test_counts_stand_beside_the_list_and_stop_at_a_bound(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(cast, "assignee=nobody", name="Free")
    kept(cast, "q=bridge", name="Words")
    for _ in range(3):
        builders.claim(cast)
    assert (links(cast.ada)["Free"].count, links(cast.ada)["Free"].more) == (3, False)
    assert links(cast.ada)["Words"].count is None
    assert view_list.COUNTED == 999
    monkeypatch.setattr(view_list, "COUNTED", 2)
    assert (links(cast.ada)["Free"].count, links(cast.ada)["Free"].more) == (2, True)


def test_what_is_private_is_seen_by_one_and_what_is_shared_by_the_desk(cast: Cast) -> None:
    kept(cast, name="Mine")
    kept(cast, "state=queued", name="Ours", shared=True)
    assert {"Mine", "Ours"} <= links(cast.ada).keys()
    assert "Mine" not in links(cast.ben)
    assert "Ours" in links(cast.ben)
    southern = pages.signed_in(cast.otto).get("/desk/south/claims/?view=all").content.decode()
    assert "Ours" not in whole_words(southern)


def test_only_who_made_it_and_editors_change_what_is_shared(cast: Cast) -> None:
    mine, ours = kept(cast, name="Mine"), kept(cast, "state=queued", name="Ours", shared=True)
    for view in (mine, ours):
        with pytest.raises(base.NotAllowed):
            saved_views.change_view(actor=cast.ben, view=view, name="x", shared=True)
        with pytest.raises(base.NotAllowed):
            saved_views.delete_view(actor=cast.ben, view=view)
    with pytest.raises(base.NotAllowed):
        saved_views.delete_view(actor=cast.carla, view=mine)
    assert saved_views.change_view(actor=cast.carla, view=ours, name="Desk's", shared=True).name == "Desk's"
    saved_views.delete_view(actor=cast.carla, view=ours)
    saved_views.delete_view(actor=cast.ada, view=mine)
    assert not SavedView.objects.exists()


def test_a_contributor_keeps_views_and_shares_none(cast: Cast) -> None:
    view = kept(cast, actor=cast.eli)
    with pytest.raises(base.NotAllowed):
        kept(cast, actor=cast.eli, name="Other", shared=True)
    with pytest.raises(base.NotAllowed):
        saved_views.change_view(actor=cast.eli, view=view, name="x", shared=True)
    with pytest.raises(base.NotAllowed):
        kept(cast, actor=cast.otto)


@pytest.mark.parametrize(
    ("query", "options"),
    [("", {}), ("after=x&view=3", {}), ("q=", {}), ("state=open", {"name": " "}), ("state=open", {"name": "x" * 81}),
     ("state=open", {"of": "people"}), ("q=" + "x" * 1_100, {})],
)  # fmt: skip
def test_nothing_and_too_much_are_not_kept(cast: Cast, query: str, options: dict[str, str]) -> None:
    with pytest.raises(base.Refused):
        kept(cast, query, **options)


def test_a_name_is_used_once_and_so_many_views_are_enough(cast: Cast) -> None:
    kept(cast)
    with pytest.raises(base.Refused, match="already"):
        kept(cast, "state=queued")
    for number in range(saved_views.MOST - 1):
        kept(cast, name=f"View {number}")
    with pytest.raises(base.Refused, match="20 views"):
        kept(cast, name="One more")


def test_a_list_opens_with_ones_own_view_and_shows_everything_when_asked_to(cast: Cast) -> None:
    view = kept(cast, "state=queued", name="Ours", shared=True)
    client, other = pages.signed_in(cast.ada), pages.signed_in(cast.ben)
    client.post(f"/views/{view.pk}/change/", {"act": "open"})
    answer = client.get(QUEUE)
    assert answer.status_code == 302
    assert answer["Location"] == f"{QUEUE}?state=queued&view={view.pk}"
    assert client.get(answer["Location"]).context["views"].opens
    assert client.get(QUEUE, {"view": "all"}).status_code == 200
    assert client.get(QUEUE, {"state": ""}).status_code == 200
    assert other.get(QUEUE).status_code == 200
    # Another view takes its place; shared no more, nobody else opens with it.
    other.post(f"/views/{view.pk}/change/", {"act": "open"})
    second = kept(cast, "assignee=me", name="Second")
    client.post(f"/views/{second.pk}/change/", {"act": "open"})
    assert client.get(QUEUE)["Location"].endswith(f"view={second.pk}")
    saved_views.change_view(actor=cast.ada, view=view, name="Ours", shared=False)
    assert other.get(QUEUE).status_code == 200
    client.post(f"/views/{second.pk}/change/", {"act": "whole"})
    assert client.get(QUEUE).status_code == 200


def test_a_view_of_a_removed_tag_is_there_says_so_and_breaks_nothing(cast: Cast) -> None:
    claim = builders.claim(cast)
    tags.tag_claim(actor=cast.ada, claim=claim, typed="flood")
    tag = Tag.objects.get()
    view = kept(cast, f"tag={tag.pk}", name="Floods")
    assert links(cast.ada)["Floods"].count == 1
    tags.remove_tag(actor=cast.carla, tag=tag)
    link = links(cast.ada)["Floods"]
    assert link.wrong
    assert link.count is None
    answer = pages.signed_in(cast.ada).get(link.address)
    assert answer.status_code == 200
    assert "The tag “flood” was removed from this desk" in answer.content.decode()
    assert "What it asks for is not there any more" in answer.content.decode()
    assert answer.context["views"].shown == view


@pytest.mark.parametrize(
    ("of", "path", "query", "count"),
    [
        ("articles", ARTICLES, "state=triage", 1),
        ("articles", ARTICLES, "outlet=99999", 0),
        ("articles", ARTICLES, "since=2020-01-01", 1),
        ("checks", CHECKS, "rating=False", 1),
        ("checks", CHECKS, "show=live", 1),
        ("checks", CHECKS, "show=imported", 0),
    ],
)
def test_articles_and_checks_have_views_too(cast: Cast, of: str, path: str, query: str, count: int) -> None:
    builders.analysed(cast, builders.article(cast))
    pages.published(cast)
    view = kept(cast, query, of=of, name="Kept")
    assert links(cast.ada, path)["Kept"].count == count
    address = links(cast.ada, path)["Kept"].address
    assert address == f"{path}?{query}&view={view.pk}"
    answer = pages.signed_in(cast.ada).get(address)
    assert len(answer.context["rows"]) == count


@pytest.mark.parametrize("view", ["x", "0", "999999999999999999999", "²", "-1"])
def test_a_view_that_is_not_there_shows_the_list(cast: Cast, view: str) -> None:
    claim = builders.claim(cast)
    answer = pages.signed_in(cast.ada).get(QUEUE, {"view": view})
    assert [row["claim"].pk for row in answer.context["rows"]] == [claim.pk]
