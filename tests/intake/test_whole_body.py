"""A page's text is all of its article: bodies that adverts split are joined, and what is left out is said."""

from __future__ import annotations

from datetime import date

import pytest

from claims.intake import html
from claims.intake.html import extract
from claims.intake.types import Extracted

TODAY = date(2026, 3, 20)
ADVERT = '<div class="ad-slot"><p>Buy the new quay lamp today</p></div>'


def paragraphs(first: int, last: int) -> str:
    return "".join(
        f"<p>Councillor Mara Elling told the meeting that berth {n} of the harbour would cost the town {n * 3 + 10}"
        f" million crowns over the next four years, and that item {n} has no cover.</p>"
        for n in range(first, last)
    )


def read(body: str, title: str = "Harbour plan") -> Extracted:
    page = f'<!doctype html><html lang="en"><head><title>{title}</title></head><body>{body}</body></html>'
    return extract(page.encode(), "https://quay.example/a", today=TODAY)


def items(got: Extracted) -> list[int]:
    found = [(got.text.find(f"item {n} has"), n) for n in range(40) if f"item {n} has" in got.text]
    return [n for _, n in sorted(found)]


@pytest.mark.parametrize(
    "body",
    [
        # Siblings of one class.
        "<main><article>{h}<div class='article-body'>{a}</div>{ad}<div class='article-body'>{b}</div></article></main>",
        # Numbered classes, three parts.
        "<article>{h}<div class='story-body part-1'>{a}</div>{ad}<div class='story-body part-2'>{b}</div>{ad}"
        "<div class='story-body part-3'>{c}</div></article>",
        # Cousins: each part in a grid of its own.
        "<article>{h}<div class='grid'><div class='body__content article-body'>{a}</div></div>{ad}"
        "<div class='grid'><div class='body__content article-body'>{b}</div></div></article>",
        # Sections, a part with one more name.
        "<article>{h}<section class='post-content'>{a}</section>{ad}"
        "<section class='post-content more'>{b}</section></article>",
        # No article element.
        "<div id='page'>{h}<div class='entry-content'>{a}</div>{ad}<div class='entry-content'>{b}</div></div>",
        # Known by itemprop.
        "<main>{h}<div itemprop='articleBody'>{a}</div>{ad}<div itemprop='articleBody'>{b}</div></main>",
        # The advert is an aside with a figure.
        "<article>{h}<div class='article__body'>{a}</div><aside><figure><img></figure></aside>"
        "<div class='article__body'>{b}</div></article>",
        # Two article elements of one story.
        "<main>{h}<article class='story-text'>{a}</article>{ad}<article class='story-text'>{b}</article></main>",
    ],
)
def test_parts_of_a_split_body_are_joined_in_order(body: str) -> None:
    page = (
        body.replace("{a}", paragraphs(0, 6))
        .replace("{b}", paragraphs(6, 11))
        .replace("{c}", paragraphs(11, 14))
    )
    got = read(page.replace("{ad}", ADVERT).replace("{h}", "<h1>Plan</h1>"))
    assert items(got) == list(range(14 if "{c}" in body else 11))
    assert "quay lamp" not in got.text
    assert got.notes == ()


def test_a_part_before_the_one_that_was_taken_comes_first() -> None:
    part = "<div class='prose-part{more}'>{rows}</div>"
    first, second = (
        part.format(more="", rows=paragraphs(0, 4)),
        part.format(more=" article-body", rows=paragraphs(4, 12)),
    )
    got = read(f"<article><h1>Plan</h1>{first}{ADVERT}{second}</article>")
    assert items(got) == list(range(12))


@pytest.mark.parametrize(
    "beside",
    [
        "<div class='comments'><div class='article-body'>{b}</div></div>",
        "<section class='related'><div class='article-body'>{b}</div></section>",
        "<aside><div class='article-body'>{b}</div></aside>",
        "<footer>{b}</footer>",
        "<div class='newsletter-signup'>{b}</div>",
    ],
)
def test_what_stands_beside_the_article_stays_out_without_a_note(beside: str) -> None:
    got = read(
        f"<article><h1>Plan</h1><div class='article-body'>{paragraphs(0, 8)}</div></article>"
        + beside.replace("{b}", paragraphs(20, 28))
    )
    assert items(got) == list(range(8))
    assert got.notes == ()


def test_a_second_story_below_the_first_is_not_joined_but_told() -> None:
    first, second = (
        f"<div class='article-body'>{{h}}{paragraphs(n, m)}</div>" for n, m in ((0, 9), (20, 24))
    )
    both = f"{first.format(h='')}{ADVERT}{second.format(h='<h1>Another story</h1>')}"
    got = read(f"<main><article><h1>Plan</h1>{both}</article></main>")
    assert items(got) == list(range(9))
    assert got.notes[0].startswith("4 paragraphs")


def test_prose_that_is_left_out_is_told_with_its_number() -> None:
    body = (
        "<article><h1>Plan</h1><div class='article-body'>{a}</div><div class='background'>{b}</div></article>"
    )
    got = read(body.format(a=paragraphs(0, 8), b=paragraphs(20, 23)))
    assert items(got) == list(range(8))
    (note,) = got.notes
    assert note.startswith("3 paragraphs of the page were left out")


def test_up_to_a_tenth_may_be_missing_without_a_note() -> None:
    body = (
        "<article><h1>Plan</h1><div class='article-body'>{a}</div><div class='background'>{b}</div></article>"
    )
    assert read(body.format(a=paragraphs(0, 12), b=paragraphs(20, 21))).notes == ()


def test_a_page_of_many_stories_is_not_joined() -> None:
    teaser = "<div class='post-body'><h2><a href='/{n}'>Story {n}</a></h2><p><a href='/{n}'>{p}</a></p></div>"
    teasers = "".join(teaser.format(n=n, p=paragraphs(n, n + 1)) for n in range(20, 26))
    got = read(f"<main><h1>Plan</h1><div class='post-body'>{paragraphs(0, 8)}</div>{teasers}</main>")
    assert items(got) == list(range(8))


@pytest.mark.parametrize(
    "body",
    [
        "<article><h1>Plan</h1>{a}</article>",
        "<article><h1>Plan</h1><div class='article-body'>{a}</div></article>",
        "<main><h1>Plan</h1><div><div>{a}</div><div>{b}</div></div></main>",
        "<article><h1>Plan</h1>{a}<blockquote><ul><li>Berth one is closed</li></ul></blockquote></article>",
        "<div id='content'><h2>Plan</h2>{a}<ul><li>Berth one</li><li>Berth two</li></ul>{b}</div>",
        "<table><tr><td>{a}</td></tr></table>",
        "<article><h1>Plan</h1>{a}<table><tr><th>Year</th><th>Ships</th></tr><tr><td>1</td><td>2</td></tr></table>"
        "</article>",
    ],
)
def test_every_other_page_is_taken_as_the_extractor_takes_it(body: str) -> None:
    page = f"<!doctype html><html lang='en'><head><title>Plan</title></head><body>{body}</body></html>"
    page = page.replace("{a}", paragraphs(0, 9)).replace("{b}", paragraphs(9, 12))
    plain = html._blocks(html._bare(page, "https://quay.example/a", short=False))
    assert extract(page.encode(), "https://quay.example/a", today=TODAY).text == plain


def test_a_hostile_page_of_many_parts_is_read_in_time() -> None:
    part = f"<div class='article-body'>{paragraphs(0, 1)}</div>{ADVERT}"
    got = read("<article><h1>Plan</h1>" + part * 400 + "</article>")
    assert got.text
    deep = "<div class='x'>" * 200 + paragraphs(0, 3) + "</div>" * 200
    assert items(read(f"<article>{deep}</article>")) == [0, 1, 2]
