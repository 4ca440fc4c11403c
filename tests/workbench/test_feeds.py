"""The pages of feeds, imported checks and foreign labels."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.actions.publishing.imports import import_factcheck
from claims.models import Document, FactCheck, Feed, FeedEntry, ForeignLabel, Job
from tests import builders
from tests.actions.feeds.conftest import article, data_feed, rss
from tests.actions.feeds.conftest import check as foreign
from tests.conftest import NOW
from tests.net.server import Site, answer, serve
from tests.people import Cast
from tests.workbench.desk_pages import signed_in

pytestmark = pytest.mark.django_db
FEEDS = "/desk/north/sources/feeds/"
CHECKS = "/desk/north/sources/checks/"
LABELS = "/desk/north/sources/labels/"


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    with serve() as running:
        settings.FETCH_ALLOW = [f"127.0.0.1:{running.port}"]
        yield running


def sent(url: str, kind: str = "articles") -> dict[str, Any]:
    return {"url": url, "kind": kind, "title": "", "every_minutes": "60", "follow": "on"}


def test_an_editor_adds_a_feed_and_everybody_sees_how_it_stands(
    cast: Cast, site: Site, drain: Callable[..., int]
) -> None:
    site.routes["/1"] = answer(article(1), Content_Type="text/html")
    site.routes["/rss"] = answer(rss(site.url("/1"), site.url("/gone")), Content_Type="application/rss+xml")
    carla = signed_in(cast.carla)
    answered = carla.post(FEEDS, sent(site.url("/rss")))
    feed = Feed.objects.get()
    assert (answered.status_code, answered["Location"]) == (303, f"/sources/feeds/{feed.pk}/")
    assert "It waits to be asked." in carla.get(answered["Location"]).content.decode()
    drain("poll")
    text = signed_in(cast.eli).get(answered["Location"]).content.decode()
    assert "1 new, 1 refused." in text
    assert "There is no page at this address any more (status 404)" in text
    document = Document.objects.get()
    assert f'href="/documents/{document.pk}/"' in text
    assert "Ask now" not in text
    listed = signed_in(cast.ada).get(FEEDS).content.decode()
    assert "Osk Post" in listed
    assert "Add and ask" not in listed


@pytest.mark.parametrize(
    ("url", "said"),
    [("", "required"), ("ftp://x", "complete web address"), ("https://osk.example/rss", "already")],
)
def test_a_feed_that_cannot_be_added_keeps_what_was_typed(url: str, said: str, cast: Cast) -> None:
    Feed.objects.create(
        desk=cast.desk, kind="articles", url="https://osk.example/rss", url_key="osk.example/rss"
    )
    answered = signed_in(cast.carla).post(FEEDS, sent(url))
    assert answered.status_code == 422
    assert said in answered.content.decode()
    assert f'value="{url}"' in answered.content.decode() or not url


def test_a_list_is_uploaded(cast: Cast) -> None:
    opml = b"""<opml version="2.0"><body><outline text="Osk" xmlUrl="https://osk.example/rss"/>
    <outline text="Bad" xmlUrl="nonsense"/></body></opml>"""
    data = {"kind": "articles", "every_minutes": "1440", "follow": "on"}
    client = signed_in(cast.carla)
    answered = client.post(f"{FEEDS}list/", {**data, "file": SimpleUploadedFile("f.opml", opml)}, follow=True)
    assert "1 feeds added, 0 there already, 1 refused." in answered.content.decode()
    assert "nonsense: " in answered.content.decode()
    assert Feed.objects.get().every_minutes == 1440
    refused = client.post(f"{FEEDS}list/", {**data, "file": SimpleUploadedFile("f.opml", b"no")})
    assert (refused.status_code, "no OPML file" in refused.content.decode()) == (422, True)


def test_a_feed_is_changed_paused_asked_and_removed_from_its_page(cast: Cast) -> None:
    feed = Feed.objects.create(
        desk=cast.desk, kind="articles", url="https://osk.example/rss", url_key="o", every_minutes=7
    )
    client, page = signed_in(cast.carla), f"/sources/feeds/{feed.pk}/"
    assert "every 7 minutes" in client.get(page).content.decode()
    client.post(f"{page}change/", {"title": "Post", "every_minutes": "15"})
    client.post(f"{page}pause/")
    feed.refresh_from_db()
    assert (feed.title, feed.every_minutes, feed.follow, feed.paused) == ("Post", 15, False, True)
    client.post(f"{page}resume/")
    client.post(f"{page}ask/")
    assert Job.objects.filter(kind="poll").count() == 1
    client.post(f"{page}remove/")
    assert client.get(page).status_code == 404


def test_an_entry_whose_document_is_hidden_is_not_shown(cast: Cast) -> None:
    feed = Feed.objects.create(desk=cast.desk, kind="articles", url="https://osk.example/rss", url_key="o")
    document = builders.article(cast).document
    FeedEntry.objects.create(feed=feed, key="k", title="Secret ferry", outcome="taken", document=document)
    page = f"/sources/feeds/{feed.pk}/"
    assert "Secret ferry" in signed_in(cast.ada).get(page).content.decode()
    Document.objects.update(visibility="named")
    assert "Secret ferry" not in signed_in(cast.ben).get(page).content.decode()


def test_a_file_of_checks_is_imported_and_everything_told(cast: Cast, drain: Callable[..., int]) -> None:
    data = data_feed(foreign(1), {"@type": "Person"}, {"@type": "ClaimReview"})
    client = signed_in(cast.ada)
    answered = client.post(CHECKS, {"file": SimpleUploadedFile("feed.json", data)})
    assert answered.status_code == 303
    assert "Look again" in client.get(answered["Location"]).content.decode()
    drain("import")
    text = client.get(answered["Location"]).content.decode()
    assert '1 × <span dir="auto">person' in text
    assert "It has no claim" in text
    assert "1 label has not been confirmed" in " ".join(text.split())
    assert FactCheck.objects.filter(imported=True).count() == 1
    assert "feed.json" in client.get(CHECKS).content.decode()


def test_a_table_asks_which_column_holds_what(cast: Cast, drain: Callable[..., int]) -> None:
    data = b"Frage,Antwort,Wo,Wann\nIst sie neu?,Nein,https://a.example/1,2026-01-01\n"
    client = signed_in(cast.ada)
    page = client.post(CHECKS, {"file": SimpleUploadedFile("t.csv", data)})["Location"]
    drain("import")
    text = client.get(page).content.decode()
    assert "Which column holds what?" in text
    assert "Ist sie neu?" in text
    named = {"column-0": "claim", "column-1": "label", "column-2": "url", "column-3": "published"}
    again = client.post(page, named)["Location"]
    assert again != page
    drain("import")
    assert FactCheck.objects.get().rating_label == "Nein"


@pytest.mark.parametrize("data", [b"", b"{", b"\x89PNG\r\n\x1a\n\0\0\0\0\0\0\0\0\0"])
def test_a_file_that_is_none_says_so(data: bytes, cast: Cast, drain: Callable[..., int]) -> None:
    client = signed_in(cast.ada)
    answered = client.post(CHECKS, {"file": SimpleUploadedFile("x.json", data)})
    if not data:
        assert (answered.status_code, "empty" in answered.content.decode()) == (422, True)
        return
    drain("import")
    assert "notice refuse" in client.get(answered["Location"]).content.decode()


def test_labels_are_confirmed_publisher_by_publisher(cast: Cast) -> None:
    import_factcheck(actor=None, desk=cast.desk, raw=foreign(1), now=NOW)
    row = ForeignLabel.objects.get()
    page = f"{LABELS}?site=checks.example"
    assert "Confirm these" not in signed_in(cast.ada).get(page).content.decode()
    client = signed_in(cast.carla)
    text = " ".join(client.get(page).content.decode().split())
    assert '<option value="Refuted" selected>' in text
    data = {"site": "checks.example", f"label-{row.pk}": "Refuted"}
    assert signed_in(cast.ada).post(f"{LABELS}confirm/", data).status_code == 403
    said = client.post(f"{LABELS}confirm/", data, follow=True).content.decode()
    assert "1 checks show another finding" in said
    assert FactCheck.objects.get().finding == "Refuted"
    assert "Carla" in client.get(page).content.decode()


def test_an_empty_desk_is_led_to_an_archive(cast: Cast) -> None:
    client = signed_in(cast.carla)
    for page in ("/desk/north/", "/desk/north/sources/"):
        text = client.get(page).content.decode()
        assert "First: an archive to find evidence in" in text
        assert FEEDS in text
    builders.article(cast)
    for page in ("/desk/north/", "/desk/north/sources/"):
        assert "First: an archive" not in client.get(page).content.decode()


def test_sources_say_what_comes_in_by_itself(cast: Cast) -> None:
    Feed.objects.create(
        desk=cast.desk, kind="checks", url="https://o.example/", url_key="o", taken=7, failures=2
    )
    import_factcheck(actor=None, desk=cast.desk, raw=foreign(1), now=NOW)
    text = " ".join(signed_in(cast.ada).get("/desk/north/sources/").content.decode().split())
    for words in ("1 feed<", "7 items came in", "1 fails", "1 check<", "1 label to confirm"):
        assert words in text


def test_the_json_of_a_result_is_plain(cast: Cast, drain: Callable[..., int]) -> None:
    client = signed_in(cast.ada)
    client.post(CHECKS, {"file": SimpleUploadedFile("feed.json", data_feed(foreign(1)))})
    drain("import")
    assert json.dumps(Job.objects.get(kind="import").result)
