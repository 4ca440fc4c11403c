"""Tags on the pages: typed, taken off, listed, asked for in an address; and filters in force as chips."""

from __future__ import annotations

from typing import Any

import pytest

from claims.actions.claims import tags
from claims.models import Claim, ClaimTag, DocumentTag, Tag
from tests import builders
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
QUEUE, ARTICLES, TAGS = "/desk/north/claims/", "/desk/north/articles/", "/desk/north/tags/"


def tagged(cast: Cast, typed: str) -> Claim:
    claim = builders.claim(cast)
    tags.tag_claim(actor=cast.ada, claim=claim, typed=typed)
    return claim


def tag(name: str) -> Tag:
    return Tag.objects.get(name=name)


def shown(answer: Any) -> list[int]:
    return [row["claim"].pk for row in answer.context["rows"]]


def test_a_tag_is_typed_on_the_claim_page_and_taken_off_there(cast: Cast) -> None:
    claim = builders.claim(cast)
    client = pages.signed_in(cast.ada)
    answer = client.post(f"/claims/{claim.pk}/tags/", {"typed": "harbour, fees"}, follow=True)
    assert "Tagged: harbour, fees." in answer.content.decode()
    assert f'href="{QUEUE}?tag={tag("fees").pk}"' in answer.content.decode()
    client.post(f"/claims/{claim.pk}/tags/", {"take": tag("fees").pk})
    assert list(ClaimTag.objects.filter(claim=claim).values_list("tag__name", flat=True)) == ["harbour"]
    for wrong in ("x", "9999999", "²"):
        assert client.post(f"/claims/{claim.pk}/tags/", {"take": wrong}).status_code in (404, 422)


def test_an_article_is_tagged_for_one_desk(cast: Cast) -> None:
    document = builders.article(cast).document
    client = pages.signed_in(cast.eli)
    client.post(f"/documents/{document.pk}/tags/", {"typed": "harbour"})
    assert DocumentTag.objects.get(document=document).tag.desk == cast.desk
    assert "harbour" in client.get(f"/documents/{document.pk}/").content.decode()
    assert [row.pk for row, _counts in client.get(ARTICLES, {"tag": "Harbour"}).context["rows"]] == [
        document.pk
    ]
    assert client.get(ARTICLES, {"tag": "nowhere"}).context["rows"] == []


def test_several_tags_narrow_the_queue_together_by_number_and_by_name(cast: Cast) -> None:
    both, one, _none = tagged(cast, "flood, 2026"), tagged(cast, "flood"), builders.claim(cast)
    client = pages.signed_in(cast.ada)
    assert shown(client.get(QUEUE, {"tag": tag("flood").pk})) == [one.pk, both.pk]
    assert shown(client.get(QUEUE, {"tag": ["FLOOD", "2026"]})) == [both.pk]
    # What the form sends: the field is empty, the filter is kept beside it.
    assert shown(client.get(QUEUE, {"tag": ["flood", ""]})) == [one.pk, both.pk]


def test_each_filter_is_a_chip_that_can_be_taken_away(cast: Cast) -> None:
    tagged(cast, "flood, storm")
    client = pages.signed_in(cast.ada)
    answer = client.get(
        QUEUE,
        {
            "state": "open",
            "tag": ["flood", "storm"],
            "assignee": "nobody",
            "claimant": "Ilse",
            "since": "2020-01-01",
        },
    )
    chips = {chip.words: chip for chip in answer.context["asked"].chips}
    assert set(chips) == {"all open ones", "flood", "storm", "nobody", "Ilse", "1 January 2020"}
    assert "tag=storm" in chips["flood"].without
    assert "tag=flood" not in chips["flood"].without
    assert "state" not in chips["all open ones"].without
    for chip in chips.values():
        assert client.get(QUEUE + chip.without).status_code == 200
        assert f'href="{chip.without}"'.replace("&", "&amp;") in answer.content.decode()
    last = client.get(QUEUE, {"state": "open"}).context["asked"].chips[0]
    assert last.without == "?view=all"


WRONG = [
    {"tag": "nowhere"},
    {"tag": "999999999999"},
    {"tag": "9" * 40},
    {"tag": "a\x00b"},
    {"tag": [str(n) for n in range(1, 9)]},
    {"state": "lost"},
    {"assignee": "99999999"},
    {"assignee": "²"},
    {"assignee": "me or nobody"},
    {"rating": "77777777"},
    {"rating": "x"},
    {"claimant": "Nobody Known"},
    {"claimant": "x" * 300},
    {"claimant": "a\x00b"},
    {"evidence": "some"},
    {"since": "yesterday"},
    {"until": "2026-02-31"},
    {"since": "99999-01-01"},
]


@pytest.mark.parametrize("sent", WRONG)
def test_an_address_edited_by_hand_says_what_it_means_and_shows_nothing(
    cast: Cast, sent: dict[str, Any]
) -> None:
    builders.claim(cast)
    answer = pages.signed_in(cast.ada).get(QUEUE, sent)
    assert answer.status_code == 200
    assert shown(answer) == []
    assert answer.context["asked"].problems
    assert "\x00" not in answer.content.decode()
    assert 'class="filter-chip is-wrong"' in answer.content.decode()


@pytest.mark.parametrize(
    "sent", [{"since": "0001-01-01"}, {"until": "9999-12-31"}, {"colour": "red"}, {"tag": " "}]
)
def test_what_changes_nothing_leaves_the_list_whole(cast: Cast, sent: dict[str, Any]) -> None:
    claim = builders.claim(cast)
    answer = pages.signed_in(cast.ada).get(QUEUE, sent)
    assert shown(answer) == [claim.pk]
    if "colour" in sent:
        assert "“colour” is no filter of this list" in answer.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"outlet": "777"},
        {"outlet": "x"},
        {"state": "lost"},
        {"tag": "nowhere"},
        {"since": "x"},
        {"outlet": "²"},
    ],
)
def test_the_articles_say_so_too(cast: Cast, sent: dict[str, Any]) -> None:
    builders.article(cast)
    answer = pages.signed_in(cast.ada).get(ARTICLES, sent)
    assert answer.status_code == 200
    assert answer.context["rows"] == []
    assert answer.context["asked"].problems


def test_a_removed_tag_is_named_and_a_merged_one_leads_on(cast: Cast) -> None:
    claim = tagged(cast, "old, flats, homes")
    old, flats = tag("old").pk, tag("flats").pk
    client = pages.signed_in(cast.carla)
    client.post(f"/tags/{flats}/change/", {"act": "merge", "into": "homes"})
    assert shown(client.get(QUEUE, {"tag": flats})) == [claim.pk]
    assert [chip.words for chip in client.get(QUEUE, {"tag": flats}).context["asked"].chips] == ["homes"]
    client.post(f"/tags/{old}/change/", {"act": "remove"})
    answer = client.get(QUEUE, {"tag": old})
    assert "The tag “old” was removed from this desk" in answer.content.decode()
    assert shown(answer) == []


def test_the_list_of_tags_counts_and_only_editors_may_change_it(cast: Cast) -> None:
    tagged(cast, "flood")
    tagged(cast, "flood, storm")
    page = pages.signed_in(cast.ada).get(TAGS)
    assert [(row.name, row.claims, row.articles) for row in page.context["tags"]] == [
        ("flood", 2, 0),
        ("storm", 1, 0),
    ]
    assert "Rename" not in page.content.decode()
    editor = pages.signed_in(cast.carla)
    assert "Rename, merge or remove flood" in editor.get(TAGS).content.decode()
    editor.post(f"/tags/{tag('flood').pk}/change/", {"act": "rename", "name": "floods"})
    assert Tag.objects.filter(name="floods").exists()
    assert editor.post(f"/tags/{tag('floods').pk}/change/", {"act": "burn"}).status_code == 422


def test_another_desks_tag_means_nothing_here(cast: Cast) -> None:
    claim = builders.claim(cast)
    other = Tag.objects.create(desk=cast.other_desk, name="theirs", name_key="theirs")
    client = pages.signed_in(cast.ada)
    assert client.get(QUEUE, {"tag": other.pk}).context["asked"].problems
    assert "theirs" not in client.get(QUEUE, {"tag": other.pk}).content.decode()
    assert client.post(f"/claims/{claim.pk}/tags/", {"take": other.pk}).status_code == 404
    assert client.post(f"/tags/{other.pk}/change/", {"act": "remove"}).status_code == 404


def test_what_is_typed_is_completed_word_by_word(cast: Cast) -> None:
    tagged(cast, "Harbour, Housing, flood")
    client = pages.signed_in(cast.ada)
    answer = client.get(f"{TAGS}names/", {"typed": "flood, h"}).content.decode()
    assert 'value="flood, Harbour"' in answer
    assert 'value="flood, Housing"' in answer
    assert "option" not in client.get(f"{TAGS}names/", {"tag": "zzz"}).content.decode()


def test_tags_are_never_published(cast: Cast) -> None:
    check = pages.published(cast)
    tags.tag_claim(actor=cast.ada, claim=check.claim, typed="secretword")
    client = pages.signed_in(cast.ada)
    for path in (
        f"/checks/{check.public_id}/",
        "/feeds/claimreview.json",
        "/feeds/feed.json",
        "/feeds/verdicts.csv",
    ):
        answer = client.get(path, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"secretword" not in body


def test_the_api_tells_the_tags_of_a_claim(cast: Cast) -> None:
    claim = tagged(cast, "storm, flood")
    answer = pages.signed_in(cast.ada).get(f"/api/v1/claims/{claim.pk}/")
    assert answer.json()["tags"] == ["flood", "storm"]
    listed = pages.signed_in(cast.ada).get("/api/v1/claims/", {"tag": "storm"}).json()
    assert [row["id"] for row in listed["results"]] == [claim.pk]
    assert pages.signed_in(cast.ada).get("/api/v1/claims/", {"tag": "zzz"}).json()["results"] == []
