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


@pytest.mark.parametrize(
    ("attributes", "address"),
    [
        ('xmlUrl="https://a.example/f?a=1&b=2"', "https://a.example/f?a=1&b=2"),
        ('xmlUrl="https://a.example/f?a=1&amp;b=2&#38;c=3"', "https://a.example/f?a=1&b=2&c=3"),
        ('xmlUrl="feed://a.example/f"', "http://a.example/f"),
        ('xmlUrl="feed:https://a.example/f"', "https://a.example/f"),
        ('xmlUrl="feed://https://a.example/f"', "https://a.example/f"),
        ('xmlUrl="FEED://http://a.example/f"', "http://a.example/f"),
        ('type="rss" url="https://a.example/f"', "https://a.example/f"),
    ],
)
def test_an_address_is_read_as_feed_readers_write_it(attributes: str, address: str) -> None:
    made = read_opml(f'<opml><body><outline text="A" {attributes}/></body></opml>'.encode())
    assert [one.url for one in made] == [address]


def test_a_list_in_two_bytes_a_sign_is_read_whole() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><opml><body><outline xmlUrl="https://a.example/f?a=1&amp;b=2"/></body></opml>'
    assert [one.url for one in read_opml(text.encode("utf-16"))] == ["https://a.example/f?a=1&b=2"]


def test_a_link_to_a_page_is_no_feed() -> None:
    with pytest.raises(IntakeError, match="names no feed"):
        read_opml(b'<opml><body><outline type="link" url="https://a.example/page"/></body></opml>')
