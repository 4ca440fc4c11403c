"""The command for feeds: list, add, a file of them, ask now."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.models import Document, Feed
from tests.actions.feeds.conftest import article, rss
from tests.net.server import Site, answer, serve
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    with serve() as running:
        settings.FETCH_ALLOW = [f"127.0.0.1:{running.port}"]
        yield running


def run(*arguments: str) -> tuple[list[dict[str, Any]], str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("feeds", *arguments, "--json", stdout=out, stderr=err)
    return json.loads(out.getvalue())["feeds"], err.getvalue()


def test_feeds_are_added_asked_and_listed(cast: Cast, site: Site, tmp_path: Path) -> None:
    site.routes["/1"] = answer(article(1), Content_Type="text/html")
    site.routes["/rss"] = answer(rss(site.url("/1")), Content_Type="application/rss+xml")
    (made,), _said = run("add", site.url("/rss"), "--every", "30")
    assert (made["kind"], made["every"], made["outcome"]) == ("articles", 30, "")
    (asked,), _said = run("ask", str(made["id"]))
    assert (asked["outcome"], asked["taken"], asked["title"]) == ("new", 1, "Osk Post")
    assert Document.objects.count() == 1
    path = tmp_path / "f.opml"
    path.write_text(
        f'<opml><body><outline xmlUrl="{site.url("/rss")}"/><outline xmlUrl="https://b.example/x"/></body></opml>'
    )
    added, said = run("opml", str(path))
    assert [one["url"] for one in added] == ["https://b.example/x"]
    assert "1 added, 1 there already, 0 refused." in said
    out = io.StringIO()
    call_command("feeds", stdout=out, stderr=io.StringIO())
    assert "Osk Post" in out.getvalue()


@pytest.mark.parametrize(
    "arguments", [["add"], ["add", "nonsense"], ["opml", "/none"], ["ask", "x"], ["list", "--desk", "none"]]
)
def test_wrong_use_is_one_sentence(arguments: list[str], cast: Cast) -> None:
    with pytest.raises(CommandError) as refusal:
        run(*arguments)
    assert refusal.value.returncode == 2
    assert not Feed.objects.exists()
