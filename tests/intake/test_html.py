"""A page becomes an article: paragraphs, what it says about itself, a date to be trusted."""

from __future__ import annotations

from datetime import date

import pytest

from claims.intake.html import extract
from claims.intake.types import IntakeError, PublishedSource

TODAY = date(2021, 3, 1)
PARAGRAPHS = [
    "The weir at Lake Ostra was inspected in 2019, the water board said on Monday. It has three gates.",
    "“We found cracks in two of them,” said the engineer, Pavel Novak, who has worked there for ten years.",
    "The repair will cost 4.2 million crowns, according to a letter that the board sent to the council.",
    "Residents of Upper Ostra said they had not been told about the inspection until last week.",
]


def page(
    head: str = "", body: str = "", lang: str = "en-GB", foot: str = "Copyright 2024 The Ostra Weir"
) -> bytes:
    article = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Cracks found in weir |'
        f" The Ostra Weir"
        f"</title>{head}</head><body><nav><a href=/>Home</a> <a href=/s>Sport</a></nav><article><h1>Cracks"
        f" found in"
        f" weir</h1>{body}{article}</article><footer>{foot}</footer></body></html>"
    ).encode()


def test_the_text_is_the_paragraphs_and_nothing_of_the_frame() -> None:
    got = extract(page(), "https://weir.example/news/cracks", today=TODAY)
    blocks = got.text.split("\n\n")
    assert [block for block in blocks if block in PARAGRAPHS] == PARAGRAPHS
    assert "Sport" not in got.text
    assert "Copyright" not in got.text
    assert got.title == "Cracks found in weir"
    assert got.language == "en"


def test_a_short_article_keeps_its_paragraphs() -> None:
    short = b"<html><body><article><h1>Flood</h1><p>The lake rose by one metre.</p><p>Nobody was hurt.</p>"
    assert "The lake rose by one metre.\n\nNobody was hurt." in extract(short, today=TODAY).text


def test_lists_and_tables_stay_readable() -> None:
    extra = "<ul><li>Gate one is closed</li><li>Gate two is open</li></ul>"
    assert "- Gate one is closed\n- Gate two is open" in extract(page(body=extra), today=TODAY).text


def test_a_copyright_year_is_never_a_date() -> None:
    for foot in ("Copyright 2024 The Ostra Weir", "© 2019 The Ostra Weir", "&copy; 2018–2020", "2020"):
        got = extract(page(foot=foot), "https://weir.example/news/cracks", today=TODAY)
        assert (got.published, got.published_source) == ("", PublishedSource.UNKNOWN), foot


@pytest.mark.parametrize(
    ("head", "value", "source"),
    [
        (
            '<meta property="article:published_time" content="2020-10-14T23:30:00-05:00">',
            "2020-10-14",
            PublishedSource.METADATA,
        ),
        (
            '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
            '"datePublished":"2020-10-14","dateModified":"2020-11-02"}</script>',
            "2020-10-14",
            PublishedSource.STRUCTURED,
        ),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"Person"},{"@type":["Thing","Article"],'
            '"datePublished":"2020-10-14 08:00"}]}</script>',
            "2020-10-14",
            PublishedSource.STRUCTURED,
        ),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2020-10"}</script>',
            "2020-10",
            PublishedSource.STRUCTURED,
        ),
        ('<meta name="date" content="2020/10/14">', "2020-10-14", PublishedSource.METADATA),
        ('<meta name="date" content="2020">', "", PublishedSource.UNKNOWN),
        ('<meta name="date" content="next Tuesday">', "", PublishedSource.UNKNOWN),
        (
            '<script type="application/ld+json">{"@type":"Video","datePublished":"2016-01-05"}</script>',
            "",
            PublishedSource.UNKNOWN,
        ),
        ('<script type="application/ld+json">{broken</script>', "", PublishedSource.UNKNOWN),
    ],
)
def test_the_date_comes_with_how_it_is_known(head: str, value: str, source: PublishedSource) -> None:
    got = extract(page(head), "https://weir.example/news/cracks", today=TODAY)
    assert (got.published, got.published_source) == (value, source)
    assert bool(got.published_evidence) is bool(value)


@pytest.mark.parametrize(
    ("foot", "value"), [("Copyright 2020", ""), ("Posted January 1, 2020", "2020-01-01")]
)
def test_the_first_of_january_counts_only_where_the_page_writes_it(
    foot: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Finders of dates turn a bare year into its first day.
    monkeypatch.setattr("htmldate.find_date", lambda *args, **options: "2020-01-01")
    assert extract(page(foot=foot), "https://weir.example/a", today=TODAY).published == value


def test_an_address_can_date_a_page_by_month_or_day() -> None:
    assert extract(page(), "https://weir.example/2020/10/14/cracks", today=TODAY).published == "2020-10-14"
    got = extract(page(), "https://weir.example/2020/10/cracks-found", today=TODAY)
    assert (got.published, got.published_source) == ("2020-10", PublishedSource.URL)


def test_a_date_in_the_future_is_told_and_not_taken() -> None:
    head = '<meta property="article:published_time" content="2031-01-01">'
    got = extract(page(head), "https://weir.example/a", today=TODAY)
    assert got.published == ""
    assert "lies in the future" in got.notes[0]


def test_two_dates_that_differ_are_told() -> None:
    head = (
        '<script type="application/ld+json">{"@type":"Article","datePublished":"2020-10-14"}</script>'
        '<meta property="article:published_time" content="2020-06-01">'
    )
    got = extract(page(head), "https://weir.example/a", today=TODAY)
    assert got.published == "2020-10-14"
    assert "two dates" in got.notes[0]


def test_a_date_line_in_the_page_is_found() -> None:
    got = extract(page(body='<div class="date">14 October 2020</div>'), "https://weir.example/a", today=TODAY)
    assert (got.published, got.published_source) == ("2020-10-14", PublishedSource.VISIBLE)


def test_the_address_of_the_page_is_its_own_idea_of_it_within_the_site() -> None:
    def canonical(href: str, asked: str = "https://www.weir.example/news/a?utm_source=x") -> str:
        return extract(page(f'<link rel="canonical" href="{href}">'), asked, today=TODAY).canonical_url

    assert canonical("https://weir.example/news/a") == "https://weir.example/news/a"
    assert canonical("/news/a?id=1") == "https://www.weir.example/news/a?id=1"
    assert canonical("https://other.example/news/a") == "https://www.weir.example/news/a"
    assert canonical("https://weir.example/") == "https://www.weir.example/news/a"
    assert canonical("http://[broken") == "https://www.weir.example/news/a"


def test_author_and_site_are_read() -> None:
    head = '<meta name="author" content="Ana Ruiz"><meta property="og:site_name" content="The Ostra Weir">'
    got = extract(page(head), "https://weir.example/a", today=TODAY)
    assert (got.authors, got.site) == (("Ana Ruiz",), "The Ostra Weir")


def test_a_wrong_encoding_header_does_no_harm() -> None:
    got = extract(page(), "https://weir.example/a", declared="iso-8859-1", today=TODAY)
    assert "“We found cracks" in got.text
    assert any("declares iso-8859-1" in note for note in got.notes)


def test_an_xml_declaration_is_no_obstacle() -> None:
    assert "three gates" in extract(b'<?xml version="1.0" encoding="utf-8"?>' + page(), today=TODAY).text


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body></body></html>",
        b"<html><head><title>Weir</title><script>var a = 'five words are in"
        b" here';</script></head><body></body></html>",
        b"<html><body><form><label>Name</label><input></form><nav><a href=/>Home</a></nav></body></html>",
        b"<!-- nothing but a comment that is quite long, really -->",
        b"<",
    ],
)
def test_a_page_without_an_article_is_refused(data: bytes) -> None:
    with pytest.raises(IntakeError) as caught:
        extract(data, today=TODAY)
    assert caught.value.code == "no_article"
    assert "paste the text" in caught.value.sentence


def test_a_page_that_is_no_article_gives_its_text_with_a_note() -> None:
    got = extract(b"<p>The mayor opened the new bridge on Friday.</p>", today=TODAY)
    assert got.text == "The mayor opened the new bridge on Friday."


def test_deep_nesting_does_not_break_the_reader() -> None:
    data = b"<div>" * 20_000 + b"<p>The mayor opened the new bridge on Friday morning.</p>"
    outcome = ""
    try:
        outcome = extract(data, today=TODAY).text
    except IntakeError as error:
        outcome = error.code
    assert outcome == "no_article" or "mayor" in outcome


def test_a_page_beyond_the_limits_is_refused() -> None:
    with pytest.raises(IntakeError) as caught:
        extract(b"<p>" + b"word " * 1_100_000, today=TODAY)
    assert caught.value.code == "too_large"
