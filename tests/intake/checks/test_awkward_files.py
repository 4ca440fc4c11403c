"""Fact checks are read from what publishers, databases and spreadsheets really write; what is left out is told."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from claims.exports.imports import Imported, ImportRefused
from claims.intake.checks.files import read_checks
from claims.intake.checks.types import CheckFile
from claims.intake.loose_json import objects_in_a_row
from claims.intake.types import IntakeError

NOW = datetime(2026, 11, 30, tzinfo=UTC)
WORDS, PAGE, DAY = "The lake is empty", "https://check.example/lake", "2024-03-01"


def review(**other: Any) -> dict[str, Any]:
    row = {
        "@type": "ClaimReview",
        "claimReviewed": WORDS,
        "url": PAGE,
        "datePublished": DAY,
        "reviewRating": {"@type": "Rating", "alternateName": "False"},
        **other,
    }
    return {name: value for name, value in row.items() if value is not None}


def read(data: Any, name: str = "checks.json") -> CheckFile:
    written = data if isinstance(data, bytes) else json.dumps(data).encode()
    return read_checks(name, written, fetched_at=NOW)


def checks(file: CheckFile) -> list[Imported]:
    assert not [one for one in file.found if isinstance(one, ImportRefused)]
    return [one for one in file.found if isinstance(one, Imported)]


def html(inner: str) -> bytes:
    return f"<!doctype html><html><body>{inner}</body></html>".encode()


ITEM = {"@type": "Claim", "author": {"@type": "Person", "name": "Ann Lee"}}
ONE = json.dumps(review())
SCHEMA = "http://schema.org/"
SHAPES: dict[str, tuple[str, Any]] = {
    "fields with a prefix": ("a.json", {f"schema:{key}" if key[0] != "@" else key: v for key, v in review().items()}),
    "expanded": (
        "a.json",
        [
            {
                "@type": [f"{SCHEMA}ClaimReview"],
                f"{SCHEMA}claimReviewed": [{"@value": WORDS}],
                f"{SCHEMA}url": [{"@id": PAGE}],
                f"{SCHEMA}datePublished": [{"@value": DAY}],
                f"{SCHEMA}reviewRating": [{f"{SCHEMA}alternateName": {"@list": [{"@value": "False"}]}}],
            }
        ],
    ),
    "the claim an object": ("a.json", review(claimReviewed={**ITEM, "text": WORDS})),
    "the claim in what is reviewed": ("a.json", review(claimReviewed=None, itemReviewed={**ITEM, "headline": WORDS})),
    "several ratings": ("a.json", review(reviewRating=[{"ratingValue": 1}, {"alternateName": "False"}])),
    "a label in two languages": ("a.json", review(reviewRating={"alternateName": {"en": "False", "de": "Falsch"}})),
    "an address without scheme": ("a.json", review(url="//check.example/lake")),
    "an address as people say it": ("a.json", review(url="www.check.example/lake")),
    "the address in @id": ("a.json", review(url=None, **{"@id": f"{PAGE}#review"})),
    "the address in sameAs": ("a.json", review(url=None, sameAs=[PAGE])),
    "a day of a database": ("a.json", review(datePublished={"$date": f"{DAY}T00:00:00Z"})),
    "JSON in JSON": ("a.json", {"dataFeedElement": [{"item": ONE}]}),
    "one after the other": ("a.json", f"{ONE}{json.dumps({'@type': 'WebSite', 'url': PAGE})}".encode()),
    "a sequence of records": ("a.json", f"\x1e{ONE}\n".encode()),
    "handed to a script": ("a.js", f"/**/check.show([{ONE}]);\n".encode()),
    "claims of an answer alone": (
        "a.json",
        [{"text": WORDS, "claimReview": [{"url": PAGE, "textualRating": "False", "reviewDate": DAY}]}],
    ),
    "data of the page's scripts": ("a.html", html(f"<script type='application/json'>{{\"page\": {ONE}}}</script>")),
    "RDFa": (
        "a.html",
        html(
            f"<div vocab='https://schema.org/' typeof='schema:ClaimReview'><b property='claimReviewed'>{WORDS}</b>"
            f"<a property='url' href='{PAGE}'>page</a><time property='datePublished' datetime='{DAY}'></time>"
            "<p property='reviewRating' typeof='Rating'><i property='alternateName'>False</i></p></div>"
        ),
    ),
    "microdata that stands elsewhere": (
        "a.html",
        html(
            f"<div itemscope itemtype='{SCHEMA}ClaimReview' itemref='r gone'><b itemprop='claimReviewed'>{WORDS}</b>"
            f"<link itemprop='url' href='{PAGE}'><meta itemprop='datePublished' content='{DAY}'></div>"
            f"<p id='r' itemprop='reviewRating' itemscope itemtype='{SCHEMA}Rating'>"
            "<i itemprop='alternateName'>False</i></p>"
        ),
    ),
    "lines above the head": (
        "a.csv",
        f"Our checks,,,\n,,,\nclaim,rating,url,date\n{WORDS},False,{PAGE},{DAY}\n".encode(),
    ),
    "a day of a spreadsheet": ("a.csv", f"claim,rating,url,date\n{WORDS},False,{PAGE},45352\n".encode()),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_check_is_read_in_every_shape(shape: str) -> None:
    (one,) = checks(read(SHAPES[shape][1], SHAPES[shape][0]))
    payload = one.payload
    assert (payload.wording, payload.rating.label) == (WORDS, "False")
    assert payload.url.replace("www.", "") == PAGE
    assert f"{payload.published_at:%Y-%m-%d}" == DAY


def test_the_claimant_is_read_from_the_claim_that_is_an_object() -> None:
    (one,) = checks(read(review(claimReviewed={**ITEM, "text": WORDS})))
    assert one.payload.claimant is not None
    assert one.payload.claimant.name == "Ann Lee"


@pytest.mark.parametrize(
    "given",
    [
        {"claimReviewed": [WORDS, "The weir broke"]},
        {
            "claimReviewed": None,
            "itemReviewed": [{**ITEM, "name": WORDS}, {**ITEM, "name": "The weir broke"}],
        },
    ],
)
def test_further_claims_of_one_check_are_told(given: dict[str, Any]) -> None:
    (one,) = checks(read(review(**given)))
    assert one.payload.wording == WORDS
    assert one.notes == ("Further claims of this check: The weir broke.",)


def test_one_wording_in_two_languages_is_no_further_claim() -> None:
    said = [{"@language": "en", "@value": WORDS}, {"@language": "de", "@value": "Der See ist leer"}]
    (one,) = checks(read(review(claimReviewed=said)))
    assert (one.payload.wording, one.notes) == (WORDS, ())


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("12/31/2023", "2023-12-31"),
        ("31/12/2023 10:15", "2023-12-31"),
        ("04/04/2023", "2023-04-04"),
        ("04/05/2023", ""),
    ],
)
def test_a_day_between_slashes_is_read_where_it_has_one_reading(given: str, day: str) -> None:
    (one,) = checks(read(review(datePublished=given)))
    assert f"{one.payload.published_at:%Y-%m-%d}" == (day or f"{NOW:%Y-%m-%d}")
    assert bool(one.notes) is not bool(day)


def test_a_sitemap_names_pages() -> None:
    urls = "".join(f"<url><loc>{PAGE}/{n}?a=1&amp;b=2</loc></url>" for n in range(3))
    made = read(
        f"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org'>{urls}</urlset>".encode(), "s.xml"
    )
    assert [one.url for one in made.links] == [f"{PAGE}/{n}?a=1&b=2" for n in range(3)]


def test_the_pictures_of_a_sitemap_are_no_pages() -> None:
    made = read(
        f"<urlset><url><loc>{PAGE}</loc><image:image><image:loc>{PAGE}.jpg</image:loc></image:image></url></urlset>".encode(),
        "s.xml",
    )
    assert [one.url for one in made.links] == [PAGE]


def test_an_address_is_no_name_of_a_publisher() -> None:
    (one,) = checks(read(review(author={"url": "https://desk.example/"})))
    assert one.payload.publisher.url == "https://desk.example/"
    assert "//" not in one.payload.publisher.name


def test_a_field_left_empty_in_one_way_of_writing_has_what_the_other_says() -> None:
    (one,) = checks(read({"schema:url": PAGE, **review(url="")}))
    assert one.payload.url == PAGE


def test_parts_of_a_page_that_name_each_other_end() -> None:
    page = (
        f"<html><body><div itemscope itemtype='https://schema.org/ClaimReview' itemref='a b'>"
        f"<b itemprop='claimReviewed'>{WORDS}</b><a itemprop='url' href='{PAGE}'></a>"
        f"<b itemprop='datePublished'>{DAY}</b>"
        "<i itemprop='reviewRating' itemscope><b itemprop='alternateName'>False</b></i></div>"
        "<div id='a' itemscope itemprop='x' itemref='a b'></div>"
        "<div id='b' itemscope itemprop='y' itemref='b a'></div></body></html>"
    )
    (one,) = checks(read(page.encode(), "a.html"))
    assert one.payload.wording == WORDS


def test_many_objects_in_a_row_take_no_square_of_their_length() -> None:
    row = json.dumps(review())
    begun = time.process_time()
    assert len(objects_in_a_row(f"{row} " * 60_000)) == 60_000
    assert time.process_time() - begun < 2


def test_rows_keep_their_numbers_below_lines_that_are_no_head() -> None:
    rows = f"Our checks,,,\nclaim,rating,url,date\n{WORDS},False,{PAGE},{DAY}\n{WORDS},False,,{DAY}\n"
    refused = [one for one in read(rows.encode(), "a.csv").found if isinstance(one, ImportRefused)]
    assert [(one.place, one.reason) for one in refused] == [(4, "row 4: it has no address (url)")]


@pytest.mark.parametrize("data", [f"{ONE}{{".encode(), b"alert({'a': b})", b"f([1, 2"])
def test_what_cannot_be_read_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(IntakeError, match=r"JSON|table"):
        read(data, "a.json")
