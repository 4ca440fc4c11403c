"""The public pages: what readers see, and what they never do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from claims.actions.indexing.outbox import queue_if_dirty
from claims.actions.publishing.publish import reinstate, suspend, withdraw
from claims.exports.markdown import link_citations, render
from claims.models import Evidence, FactCheck
from claims.search.engine import EngineUnavailable
from tests.builders import moment
from tests.checks_made import checked_claim, corrected, current, published, source
from tests.page_words import whole_words
from tests.people import Cast

pytestmark = pytest.mark.django_db
PAGES = ("/", "/corrections/", "/method/", "/about/", "/contact/")


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def path(check: FactCheck) -> str:
    return f"/checks/{check.public_id}/"


def json_ld(html: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    found: dict[str, Any] = json.loads(text)
    return found


class Inline(HTMLParser):
    """Collects what a strict content security policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and names.get("type") != "application/ld+json"):
            self.found.append(tag)
        self.found += [name for name in names if name == "style" or name.startswith("on")]


def test_a_check_shows_claim_rating_reasoning_and_numbered_sources(client: Client, cast: Cast) -> None:
    check = published(cast)
    html = page(client, path(check))
    for part in (
        "No, the bridge carries far fewer cars",
        "Ilse Brandt",
        "False",
        "What false means here.",
        "The road office counted 412 cars.",
        "<em>412</em>",
        'href="#source-1"',
        'id="source-1"',
        'href="https://roads.example/count"',
        "The counter on the bridge saw 412 cars that day.",
        "Ada Example",
    ):
        assert part in html
    assert page(client, path(check) + "any-words/") == html
    page(client, "/checks/nothere/", 404)


def test_the_markup_is_a_claim_review_that_its_own_text_cannot_break_out_of(
    client: Client, cast: Cast
) -> None:
    nasty = "</script><script>alert(1)</script> & “so”"
    made = checked_claim(cast, f"The bridge burned {nasty}")
    check = published(cast, made=made, headline=f"No {nasty}", short_answer=nasty)
    html = page(client, path(check))
    data = json_ld(html)
    assert data["@type"] == "ClaimReview"
    assert data["headline"] == f"No {nasty}"
    assert data["reviewRating"]["ratingValue"] == 1
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://tracker.example/x.png)",
        '<img src=x onerror="alert(1)">',
        '<p style="color:red">x</p>',
        "[x](data:text/html,hi)",
    ],
)
def test_markdown_becomes_nothing_that_runs_or_loads(markdown: str) -> None:
    html = render(markdown)
    parser = Inline()
    parser.feed(html)
    assert parser.found == []
    assert "<img" not in html
    assert "<script" not in html
    assert not re.search(r'href="(javascript|data)', html)


def test_citations_are_linked_in_text_only() -> None:
    html = render("See [1], [9] and `[1]` and [a [1] link](https://x.example/?q=[1]).")
    linked = link_citations(html, {1})
    assert linked.count('href="#source-1"') == 1
    assert "[9]" in linked


def test_every_page_keeps_to_the_policy_and_needs_no_login(client: Client, cast: Cast) -> None:
    check = published(cast)
    for url in (*PAGES, path(check)):
        response = client.get(url)
        assert response.status_code == 200
        policy = response["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        parser = Inline()
        parser.feed(response.content.decode())
        assert parser.found == []


def test_a_suspended_check_says_so_and_shows_nothing_of_what_it_said(client: Client, cast: Cast) -> None:
    check = published(cast)
    suspend(actor=cast.carla, factcheck=check, note="A doubt about the count.", now=moment(1))
    for url in (path(check), f"{path(check)}v1/", f"{path(check)}v2/"):
        html = page(client, url)
        assert "A doubt about the count." in html
        assert "412" not in whole_words(html)
        assert "What false means here." not in html
    assert "application/ld+json" not in page(client, path(check))
    listed = page(client, "/")
    assert "suspended" in listed
    assert "412" not in whole_words(listed)
    reinstate(actor=cast.carla, factcheck=check, note="The count holds.", now=moment(2))
    assert "412" in page(client, path(check))


def test_a_withdrawn_check_keeps_its_address(client: Client, cast: Cast) -> None:
    check = published(cast)
    withdraw(actor=cast.carla, factcheck=check, note="It was wrong.", now=moment(1))
    html = page(client, path(check))
    assert "It was wrong." in html
    assert "noindex" in html
    assert "412" not in whole_words(html)


def test_a_correction_stands_at_the_top_and_in_the_list_and_old_versions_stay(
    client: Client, cast: Cast
) -> None:
    check = published(cast)
    corrected(cast, check, moment(1), note="We had miscounted.")
    html = page(client, path(check))
    assert html.index("We had miscounted.") < html.index("<h1")
    assert "421 cars" in html
    old = page(client, f"{path(check)}v1/")
    assert "412 cars" in old
    assert "version 1" in old
    assert "application/ld+json" not in old
    page(client, f"{path(check)}v3/", 404)
    listed = page(client, "/corrections/")
    assert "We had miscounted." in listed
    assert "Correction" in listed


def test_nothing_internal_is_ever_on_a_page(client: Client, cast: Cast) -> None:
    made = checked_claim(cast)
    cited = source(cast, made)
    hidden = source(cast, made, "An uncited thing that somebody told us.")
    Evidence.objects.filter(pk__in=[cited.pk, hidden.pk]).update(
        stance_hint="refutes", stance_cue="counted", reason="seen, not used"
    )
    check = published(cast, made=made)
    html = page(client, path(check))
    assert "somebody told us" not in html
    assert "seen, not used" not in html
    assert "stance" not in html
    assert f"/claims/{made.pk}/" not in html


def test_drafts_and_unapproved_verdicts_have_no_page(client: Client, cast: Cast) -> None:
    made = checked_claim(cast)
    page(client, f"/checks/{made.public_id}/", 404)
    assert current(made).state == "queued"
    assert "Nothing has been published yet." in page(client, "/")


def test_the_home_page_filters_and_pages(client: Client, cast: Cast) -> None:
    first = published(cast)
    made = checked_claim(cast, "The mill of Lenna burned", who="Otto Brand")
    second = published(cast, made=made, label="true", headline="Yes, the mill burned", now=moment(1))
    html = page(client, "/")
    assert html.index(path(second)) < html.index(path(first))
    only = page(client, "/?claimant=Otto+Brand")
    assert path(second) in only
    assert path(first) not in only
    assert "says nothing about whether a claim is true" in page(client, "/?claimant=Nobody")
    assert "finding must be one of" in page(client, "/?finding=maybe")
    page(client, "/?desk=nowhere", 404)
    assert "Nothing has been published yet." in page(client, "/?desk=south")


def test_search_finds_by_words_and_leaves_suspended_checks_out(
    client: Client, cast: Cast, drain: Callable[..., int]
) -> None:
    made = checked_claim(cast, "The mill of Lenna burned down in spring")
    check = published(cast, made=made, headline="Yes, the mill burned", label="true")
    other = published(cast)
    queue_if_dirty()
    drain("index")
    html = page(client, "/?q=mill+burned")
    assert path(check) in html
    assert path(other) not in html
    suspend(actor=cast.carla, factcheck=check, note="A doubt.", now=moment(1))
    assert path(check) not in page(client, "/?q=mill+burned")


def test_without_the_engine_the_list_is_still_there(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = published(cast)

    def silent(*_args: Any, **_named: Any) -> list[int]:
        raise EngineUnavailable("no answer")

    monkeypatch.setattr("claims.workbench.public.views.find_factchecks", silent)
    html = page(client, "/?q=mill")
    assert "does not answer" in html
    assert path(check) in html


def test_the_templates_carry_no_inline_style_or_script() -> None:
    root = Path(__file__).resolve().parents[2] / "templates"
    for file in (root / "base_public.html", *sorted((root / "claims" / "public").glob("*.html"))):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son\w+=|<style", text), file.name
