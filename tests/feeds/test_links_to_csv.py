"""Whoever clicks on a link to the CSV file opens it in a spreadsheet; programs ask for the bare address."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from claims.exports import csvfile, rss
from claims.models import User
from tests.checks_made import published
from tests.exports.checks import check, suspended, withdrawn
from tests.people import Cast

LINK = re.compile(r"""<a\b[^>]*\bhref=["']([^"']*verdicts\.csv[^"']*)["']""")


def links(client: Client) -> list[str]:
    """Return every link to the file on the pages that need no argument, public and of the desk."""
    found: list[str] = []
    paths = ["/", "/?desk=north", "/?desk=south", "/corrections/", "/method/", "/about/", "/contact/", "/desk/north/",
             "/desk/north/published/", "/desk/north/sources/", "/desk/north/settings/", "/admin/"]  # fmt: skip
    for path in paths:
        answer = client.get(path, follow=True)
        found += [unescape(one) for one in LINK.findall(answer.content.decode())]
    return found


@pytest.mark.django_db
def test_every_link_on_a_page_asks_for_the_spreadsheets_form(cast: Cast, client: Client) -> None:
    check_ = published(cast)
    client.force_login(User.objects.get(pk=cast.dana.pk))
    found = links(client)
    found += [
        unescape(one) for one in LINK.findall(client.get(f"/checks/{check_.public_id}/").content.decode())
    ]
    assert len(found) > 4
    for address in found:
        assert parse_qs(urlsplit(address).query).get("spreadsheet") == ["1"], address
        assert b"".join(client.get(address)).startswith(b"\xef\xbb\xbf"), address


def test_no_template_links_to_the_bare_address() -> None:
    root = Path(settings.BASE_DIR) / "templates"
    for path in root.rglob("*.html"):
        text = path.read_text()
        for at in re.finditer(r"\{% url 'feed-csv' %\}|verdicts\.csv", text):
            assert text[at.end() :].startswith("?spreadsheet=1"), path
    assert get_resolver().reverse("feed-csv") == "feeds/verdicts.csv"


@pytest.mark.django_db
def test_the_bare_address_is_raw_and_the_other_begins_with_its_mark(cast: Cast, client: Client) -> None:
    published(cast)
    raw = b"".join(client.get("/feeds/verdicts.csv"))
    guarded = b"".join(client.get("/feeds/verdicts.csv?spreadsheet=1"))
    assert raw.startswith(b"id,")
    assert guarded.startswith(b"\xef\xbb\xbfid,")
    rows = list(csv.DictReader(io.StringIO(guarded.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == [row["id"] for row in csv.DictReader(io.StringIO(raw.decode()))]


FORMULA = "=HYPERLINK(1)"
SHAPES: list[str] = [
    *(f"{sign}1+1" for sign in "=+-@＝＋－＠﹢﹣﹦﹫−"),
    *(f"{one}{FORMULA}" for one in " \t\r\n\u00a0\u200b\ufeff\u202e\x00\u2060"),
    "\tplain",
    "\rplain",
]  # fmt: skip


@pytest.mark.parametrize("value", SHAPES)
def test_whatever_a_spreadsheet_would_run_is_neutral(value: str) -> None:
    payload = replace(check(), headline=value, wording=value)
    guarded = b"".join(csvfile.stream([payload], spreadsheet=True)).decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(guarded, newline="")))
    assert row["headline"] == "'" + value
    raw = b"".join(csvfile.stream([payload])).decode()
    assert next(csv.DictReader(io.StringIO(raw, newline="")))["headline"] == value


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("It saw *412* cars & no more.", "<p>It saw <em>412</em> cars &amp; no more.</p>"),
        ("See [the count](https://roads.example/).", 'href="https://roads.example/"'),
        ("Fewer than <b>500</b>.", "&lt;b&gt;500"),
        ("One.\n\nTwo.", "<p>Two.</p>"),
        ("**412**", "<strong>412</strong>"),
    ],
)
def test_a_description_is_html_escaped_once(answer: str, shown: str) -> None:
    item = ElementTree.fromstring(
        '<x xmlns:atom="a" xmlns:dc="d" xmlns:content="c">'
        + rss.item(replace(check(), short_answer=answer))
        + "</x>"
    )
    text = item.findtext("item/description") or ""
    assert shown in text
    assert "&amp;lt;" not in text
    assert "*412*" not in text


def test_the_description_of_a_check_that_does_not_stand_is_html_too() -> None:
    for payload in (suspended(), withdrawn()):
        assert rss.description(payload).startswith("<p>")
