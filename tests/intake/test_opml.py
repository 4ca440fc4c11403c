"""Lists of feeds as feed readers export them."""

from __future__ import annotations

import pytest

from claims.intake.opml import read_opml
from claims.intake.types import IntakeError

LIST = """<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="News"><outline type="rss" text="Osk Post" xmlUrl="https://osk.example/rss" htmlUrl="https://osk.example/"/>
<outline type="rss" title="Lenna" text="x" XMLURL=" https://lenna.example/atom "/></outline>
<outline text="Again" xmlUrl="https://osk.example/rss"/><outline text="A folder"/></body></opml>"""

MANY = b"".join(b"<outline xmlUrl='https://a.example/%d'/>" % n for n in range(1001))


def test_feeds_come_in_their_order_each_once() -> None:
    found = read_opml(LIST.encode())
    assert [(one.url, one.title) for one in found] == [
        ("https://osk.example/rss", "Osk Post"),
        ("https://lenna.example/atom", "Lenna"),
    ]


def test_a_cut_list_gives_what_is_whole() -> None:
    assert [one.title for one in read_opml(LIST[: LIST.index('<outline text="Again"')].encode())] == [
        "Osk Post",
        "Lenna",
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"no xml", "no OPML"),
        (b"<rss version='2.0'><channel/></rss>", "no OPML"),
        (b"<opml version='2.0'><body><outline text='x'/></body></opml>", "names no feed"),
        (b"<opml><body>" + MANY + b"</body></opml>", "more than 1,000"),
    ],
)  # fmt: skip
def test_what_is_no_list_says_so(data: bytes, sentence: str) -> None:
    with pytest.raises(IntakeError, match=sentence):
        read_opml(data)


def test_entities_are_not_resolved() -> None:
    bomb = """<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">
    <!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&b;&x;" xmlUrl="https://a.example/rss"/></body></opml>"""
    try:
        found = read_opml(bomb.encode())
    except IntakeError:
        return
    assert all("root:" not in one.title for one in found)
