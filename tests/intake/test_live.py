"""Entries of a live page keep their own times, and words in them count from their own day."""

from __future__ import annotations

import time
from datetime import date

import pytest

from claims.intake.html import extract
from claims.splitting import split

LIVE = '{"@type":"LiveBlogPosting","datePublished":"2026-03-02T09:00:00Z"}'
DECLARED = f'<script type="application/ld+json">{LIVE}</script>'


def words(n: int) -> str:
    return f"<p>The port of Lenna today closed berth {n}, and the council gave {n * 3 + 10} million crowns for it.</p>"


def read(body: str, head: str = DECLARED) -> str:
    page = f'<!doctype html><html lang="en"><head><title>Port</title>{head}</head><body><main><h1>Port</h1>{body}'
    data = f"{page}</main></body></html>".encode()
    return extract(data, "https://quay.example/live/port", today=date(2026, 3, 20)).text


def entries(form: str) -> str:
    return "".join(
        form.format(day=day, hour=hour, words=words(n), n=n)
        for n, (day, hour) in enumerate([("04", 8), ("03", 23), ("03", 22)])
    )


@pytest.mark.parametrize(
    "form",
    [
        '<article><time datetime="2026-03-{day}T{hour:02}:05:00-05:00">{hour:02}:05</time>{words}</article>',
        '<div class="block"><p class="block-time"><time datetime="2026-03-{day}T{hour:02}:05:00-05:00">x</time></p>'
        '<div class="block-elements">{words}</div></div>',
        '<div class="post"><header><time datetime="2026-03-{day}T{hour:02}:05-05:00">{hour:02}:05</time></header>'
        '<div class="post-body"><h2>Berth</h2>{words}</div></div>',
        '<li class="entry"><span class="timestamp">March {n}, 2026</span>'
        '<time datetime="2026-03-{day}T{hour:02}:05+01:00">{hour:02}:05</time>{words}</li>',
    ],
)
def test_each_entry_has_its_day_and_time_above_it(form: str) -> None:
    lines = [line for line in read(entries(form)).split("\n") if "2026" in line]
    assert lines == ["March 4, 2026, 08:05", "March 3, 2026, 23:05", "March 3, 2026, 22:05"]


def test_a_time_in_utc_is_the_day_its_shown_clock_tells() -> None:
    form = '<article><time datetime="2026-03-{day}T04:05:00Z">11:05 p.m.</time>{words}</article>'
    assert "March 3, 2026, 11:05 p.m." in read(entries(form))
    assert "March 2, 2026, 11:05 p.m." in read(entries(form))


def test_words_of_an_entry_count_from_its_day() -> None:
    form = (
        '<article><time datetime="2026-03-{day}T{hour:02}:05:00-05:00">{hour:02}:05</time>{words}</article>'
    )
    for published in ("2026-03-02", "2026-03-04"):
        found = split(read(entries(form)), published=published, judge=None).units
        days = [day.value for unit in found for day in unit.dates if day.expr == "today"]
        assert days == ["2026-03-04", "2026-03-03", "2026-03-03"]
        assert not any("08:05" in unit.text or "March" in unit.text for unit in found)


@pytest.mark.parametrize(
    ("body", "head"),
    [
        # Not live: a list of articles, an article with its own time, comments.
        (entries('<article><time datetime="2026-03-{day}">{day}</time>{words}</article>'), ""),
        (
            f'<article><time datetime="2026-03-04T08:05:00Z">08:05</time>{words(1)}{words(2)}</article>',
            DECLARED,
        ),
        (entries('<div class="comment"><time datetime="2026-03-{day}T08:05Z">08:05</time>{words}</div>'), ""),
    ],
)
def test_other_times_are_left_alone(body: str, head: str) -> None:
    assert "2026" not in read(body, head)


def test_a_page_of_nested_times_is_read_in_time() -> None:
    times = "".join(f"<span class='date'>March {n % 28 + 1}, 2026, 8:05</span>" for n in range(7_000))
    begun = time.process_time()
    read("<div class='live'>" * 200 + times + "".join(words(n) for n in range(9)))
    assert time.process_time() - begun < 15
