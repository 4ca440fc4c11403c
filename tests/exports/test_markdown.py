"""What people's Markdown may become: links and structure, and nothing that runs."""

from __future__ import annotations

import pytest

from claims.exports import markdown
from claims.exports.payload import Citation


def test_raw_html_is_shown_as_text() -> None:
    html = markdown.render("It is <em>so</em>. <script>alert(1)</script>")
    assert "&lt;em&gt;so&lt;/em&gt;" in html
    assert "<em>" not in html
    assert "<script" not in html


def test_links_are_cleaned_once_more() -> None:
    assert 'rel="noopener nofollow"' in markdown.render("[list](https://roads.example/)")
    assert "ftp:" not in markdown.render("[list](ftp://roads.example/)")
    assert "href" not in markdown.render("[list](javascript:alert(1))")


def test_only_numbers_of_sources_become_links() -> None:
    html = markdown.link_citations("<p>So it is [1], see [2].</p>", [1])
    assert 'href="#source-1"' in html
    assert "[2].</p>" in html
    assert "#source-2" not in html


@pytest.mark.parametrize(
    ("url", "linked"),
    [("https://roads.example/", True), ("http://roads.example/", True), ("javascript:alert(1)", False)],
)
def test_a_source_is_linked_where_its_address_is_one(url: str, linked: bool) -> None:
    shown = markdown._source(Citation(number=1, url=url, title="Count"))
    assert ("href" in shown) == linked
