"""Quotations of a page keep their marks and their speakers, however the page draws them."""

from __future__ import annotations

from datetime import date

import lxml.html  # type: ignore[import-untyped]
import pytest

from claims.intake.html import extract
from claims.intake.quoted import mark_quotations
from claims.splitting import split

TODAY = date(2026, 3, 20)
REST = "".join(
    f"<p>Councillor Mara Elling told the meeting that berth {n} of the harbour would cost the town {n * 3 + 10}"
    " million crowns over the next four years.</p>"
    for n in range(8)
)


def read(body: str, lang: str = "en") -> str:
    page = f'<!doctype html><html lang="{lang}"><head><title>Plan</title></head><body><article><h1>Plan</h1>'
    got = extract(
        f"{page}{body}{REST}</article></body></html>".encode(), "https://quay.example/a", today=TODAY
    )
    return got.text.partition("Councillor")[0].removeprefix("Plan").strip()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<p><q>We lost 300 jobs</q>, said Jens Holt. <q>Nobody helped us.</q></p>",
            "“We lost 300 jobs”, said Jens Holt. “Nobody helped us.”",
        ),
        ("<p><q>He said <q>no</q> to us</q>, Holt said.</p>", "“He said ‘no’ to us”, Holt said."),
        ("<p><q><em>We</em> lost 300 <b>jobs</b></q>, Holt said.</p>", "“We lost 300 jobs”, Holt said."),
        ("<p><q>“We lost 300 jobs”</q>, Holt said.</p>", "“We lost 300 jobs”, Holt said."),
        ("<p>“<q>We lost 300 jobs</q>”, Holt said.</p>", "“We lost 300 jobs”, Holt said."),
        ("<p>He said <q></q> nothing to the board.</p>", "He said nothing to the board."),
    ],
)
def test_inline_quotations_have_the_marks_that_browsers_draw(body: str, text: str) -> None:
    assert read(body) == text


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "„Wir gehen“, sagte Holt am Montag im Rat."),
        ("fr", "«Wir gehen», sagte Holt am Montag im Rat."),
    ],
)
def test_marks_are_those_of_the_pages_language(lang: str, text: str) -> None:
    assert read("<p><q>Wir gehen</q>, sagte Holt am Montag im Rat.</p>", lang) == text


QUOTED = "“We lost 300 jobs in 2019. Nobody helped us.”"
SIGNED = f"{QUOTED} – Jens Holt"
WORDS = "We lost 300 jobs in 2019. Nobody helped us."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<blockquote>{WORDS}</blockquote>", QUOTED),
        (f"<blockquote><p>{WORDS}</p></blockquote>", QUOTED),
        (f"<blockquote><p>{WORDS}</p><cite>Jens Holt</cite></blockquote>", SIGNED),
        (f"<blockquote>{WORDS}<cite>— Jens Holt</cite></blockquote>", SIGNED),
        (f"<blockquote><p>{WORDS}</p><footer>— <cite>Jens Holt</cite></footer></blockquote>", SIGNED),
        (f"<blockquote><p>{WORDS}</p><p>– Jens Holt</p></blockquote>", SIGNED),
        (f"<blockquote>{WORDS}<br>— Jens Holt</blockquote>", SIGNED),
        (f"<blockquote><p>“{WORDS}”</p><p>-- Jens Holt</p></blockquote>", SIGNED),
        (f"<figure><blockquote>{WORDS}</blockquote><figcaption>—Jens Holt</figcaption></figure>", SIGNED),
        (f'<blockquote><p>{WORDS}</p><span class="quote-author">Jens Holt</span></blockquote>', SIGNED),
        (
            "<blockquote><p>We lost 300 jobs in 2019.</p><p>Nobody helped us.</p><cite>Jens Holt</cite></blockquote>",
            "“We lost 300 jobs in 2019.\n\n“Nobody helped us.” – Jens Holt",
        ),
        (
            f"<blockquote><p>{WORDS}</p><footer>Jens Holt, <cite>mayor of Lund</cite></footer></blockquote>",
            f"{QUOTED} – Jens Holt, mayor of Lund",
        ),
    ],
)
def test_block_quotations_get_marks_and_keep_their_signature(body: str, text: str) -> None:
    assert read(body) == text


@pytest.mark.parametrize(
    "body",
    [
        "<blockquote><ul><li>Berth one is closed</li><li>Berth two is open</li></ul></blockquote>",
        "<blockquote><p>HOLT: We lost 300 jobs.</p><p>BERG: Nobody helped us.</p></blockquote>",
        "<blockquote><p>“We lost jobs,” Holt said, “and nobody helped.” Berg agreed with “all of it”.</p></blockquote>",
        "<blockquote><p>Read on</p></blockquote>",
    ],
)
def test_what_is_only_indented_gets_no_marks(body: str) -> None:
    assert not read(body).startswith("““")
    assert "– " not in read(body)
    assert read(body).count("“") == body.count("“")


def test_a_page_that_is_all_indented_is_no_quotation() -> None:
    page = (
        f"<html lang='en'><body><article><h1>Plan</h1><blockquote>{REST}</blockquote></article></body></html>"
    )
    assert "“" not in extract(page.encode(), today=TODAY).text


X = "https://twitter.com/jensholt/status/1"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            f'<blockquote class="twitter-tweet"><p lang="en" dir="ltr">{WORDS} <a href="https://t.co/a">pic.twitter.com/a</a>'
            f'</p>&mdash; Jens Holt (@jensholt) <a href="{X}">March 1, 2026</a></blockquote><script>x()</script>',
            f"{QUOTED} – Jens Holt (@jensholt), March 1, 2026",
        ),
        (
            f'<div class="embed embed--twitter"><blockquote class="twitter-tweet"><p>{WORDS}</p>&mdash; Jens Holt'
            f' (@jensholt) <a href="{X}">March 1, 2026</a></blockquote></div>',
            f"{QUOTED} – Jens Holt (@jensholt), March 1, 2026",
        ),
        (f'<blockquote><p>{WORDS}</p><a href="{X}"></a></blockquote>', f"{QUOTED} – @jensholt"),
        (
            f'<blockquote class="bluesky-embed"><p lang="en">{WORDS}</p>&mdash; Jens Holt (<a href="https://bsky.app/profile/x">'
            '@holt.example</a>) <a href="https://bsky.app/profile/x/post/1">March 1, 2026 at 3:01 PM</a></blockquote>',
            f"{QUOTED} – Jens Holt (@holt.example), March 1, 2026 at 3:01 PM",
        ),
        (
            '<blockquote class="instagram-media"><div>'
            '<a href="https://www.instagram.com/p/a/">View this post on Instagram</a>'
            f"<p>{WORDS}</p><p>A post shared by Jens Holt (@jensholt) on Mar 1, 2026</p></div></blockquote>",
            f"{QUOTED} – Jens Holt (@jensholt), Mar 1, 2026",
        ),
        (
            '<blockquote cite="https://www.facebook.com/holt/posts/1" class="fb-xfbml-parse-ignore">'
            f"<p>{WORDS}</p>Posted by "
            '<a href="https://www.facebook.com/holt">Jens Holt</a></blockquote>',
            f"{QUOTED} – Jens Holt",
        ),
        (
            f'<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@jensholt/video/1"><section><p>{WORDS}</p>'
            '<a href="https://www.tiktok.com/music">♬ original sound - Holt</a></section></blockquote>',
            f"{QUOTED} – @jensholt",
        ),
        (
            f'<blockquote class="mastodon-embed" cite="https://quay.example/@jensholt/123456789"><p>{WORDS}</p></blockquote>',
            f"{QUOTED} – @jensholt",
        ),
    ],
)
def test_a_post_quoted_in_a_page_is_its_authors(body: str, text: str) -> None:
    assert read(body) == text


def test_a_post_without_words_leaves_the_page_as_it_is() -> None:
    link = '<a href="https://www.instagram.com/p/a/">View this post on Instagram</a>'
    body = f'<blockquote class="instagram-media">{link}</blockquote>'
    assert "“" not in read(body)


def test_deep_nesting_of_quotations_does_not_break_the_reader() -> None:
    assert WORDS in read("<blockquote>" * 200 + WORDS + "</blockquote>" * 200)
    assert "jobs" in read("<p>" + "<q>" * 100 + WORDS + "</q>" * 100 + "</p>")


@pytest.mark.parametrize(
    ("body", "claims"),
    [
        (
            f"<blockquote>{WORDS}<cite>Jens Holt</cite></blockquote>",
            {"We lost 300 jobs in 2019": "Jens Holt"},
        ),
        (
            "<blockquote><p>We lost 300 jobs in 2019.</p><p>The town closed 12 schools.</p>"
            "<footer>Jens Holt, mayor of Lund</footer></blockquote>",
            {"We lost 300 jobs in 2019": "Jens Holt", "The town closed 12 schools": "Jens Holt"},
        ),
        (
            f'<blockquote class="twitter-tweet"><p>{WORDS}</p>&mdash; Jens Holt (@jensholt)'
            f' <a href="{X}">March 1, 2026</a></blockquote>',
            {"We lost 300 jobs in 2019": "Jens Holt"},
        ),
        (
            f'<blockquote><p>{WORDS}</p><a href="{X}"></a></blockquote>',
            {"We lost 300 jobs in 2019": "@jensholt"},
        ),
    ],
)
def test_what_is_quoted_is_claimed_by_who_signed_it(body: str, claims: dict[str, str]) -> None:
    page = f"<html lang='en'><body><article><h1>Plan</h1>{REST}{body}{REST}</article></body></html>"
    text = extract(page.encode(), "https://quay.example/a", today=TODAY).text
    found = {unit.text: unit.claimant for unit in split(text, published="2026-03-04", judge=None).units}
    assert {words: found.get(words) for words in claims} == claims


@pytest.mark.parametrize(
    "box",
    [
        "<div class='pull-quote'><p>“We lost 300 jobs in 2024.”</p><p class=attribution>Jens Holt</p></div>",
        "<div class='article-quote'><p>We lost 300 jobs in 2024.</p><span class='quote-author'>Jens Holt</span></div>",
        "<figure class='quote-box'><p>We lost 300 jobs in 2024.</p><cite>Jens Holt</cite></figure>",
    ],
)
def test_a_box_drawn_as_a_quotation_names_whose_it_is(box: str) -> None:
    tree = lxml.html.fromstring(f"<html><body><p>{'Council met. ' * 40}</p>{box}</body></html>")
    assert mark_quotations(tree)
    assert "“We lost 300 jobs in 2024.” – Jens Holt" in tree.text_content()


@pytest.mark.parametrize(
    "box",
    [
        "<div class='quote'><p>We lost 300 jobs in 2024.</p></div>",
        "<div class='quotes-of-the-day'><p>A b c d.</p></div>",
    ],
)
def test_a_box_that_names_nobody_stays_as_it_is(box: str) -> None:
    tree = lxml.html.fromstring(f"<html><body><p>{'Council met. ' * 40}</p>{box}</body></html>")
    assert not mark_quotations(tree)
