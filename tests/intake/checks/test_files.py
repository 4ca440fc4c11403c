"""Fact checks of others in every shape they come in: files, answers, pages, tables, and all of it packed."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from claims.exports.imports import Imported, ImportRefused, PassedOver
from claims.intake.checks.files import is_address_list, read_checks, read_files
from claims.intake.checks.pages import feeds_of
from claims.intake.checks.types import CheckFile, UnknownColumns
from claims.intake.types import IntakeError
from claims.vocabulary import CheckStatus

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CHECK: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": "The weir at Lake Ostra burst.",
    "url": "https://checks.example/weir",
    "datePublished": "2026-02-01",
    "author": {"@type": "Organization", "name": "Ostra Checks"},
    "reviewRating": {"@type": "Rating", "alternateName": "False"},
    "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Jan Kral"}},
}
OTHER = CHECK | {"url": "https://checks.example/mill", "claimReviewed": "The mill at Osk burned."}


def read(data: Any, name: str = "file", **options: Any) -> CheckFile:
    body = (
        data
        if isinstance(data, bytes)
        else data.encode()
        if isinstance(data, str)
        else json.dumps(data).encode()
    )
    return read_checks(name, body, fetched_at=NOW, **options)


def usable(found: CheckFile) -> list[str]:
    return [one.payload.wording for one in found.found if isinstance(one, Imported)]


def told(found: CheckFile) -> list[str]:
    return [
        one.kind if isinstance(one, PassedOver) else one.reason
        for one in found.found
        if isinstance(one, PassedOver | ImportRefused)
    ]


def table(head: Sequence[str], *rows: Sequence[str], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    return out.getvalue()


# Tables


CLAIMSKG = (
    "", "rating_ratingValue", "rating_worstRating", "rating_bestRating", "rating_alternateName",
    "creativeWork_author_name", "creativeWork_datePublished", "claimReview_author_name", "claimReview_author_url",
    "claimReview_url", "claimReview_claimReviewed", "claimReview_datePublished", "claimReview_source", "extra_body",
    "extra_title",
)  # fmt: skip


def test_a_table_of_claimskg_is_read_and_its_author_is_no_claimant() -> None:
    row = ("0", "1", "1", "5", "Pants on Fire", "Rita Reporter", "2021-07-20", "ostra", "https://checks.example/rita",
           "https://checks.example/weir", "The weir burst.", "2021-07-22", "ostra", "Long\nbody", "Weir")  # fmt: skip
    found = read(table(CLAIMSKG, row), "dump.csv")
    assert found.shape == "CSV (claimskg)"
    (one,) = found.found
    assert isinstance(one, Imported)
    payload = one.payload
    assert (payload.wording, payload.rating.label, payload.rating.value) == (
        "The weir burst.",
        "Pants on Fire",
        1,
    )
    assert payload.claimant is None
    assert (payload.published_at.date().isoformat(), payload.made_on) == ("2021-07-22", "2021-07-20")
    assert payload.publisher.name == "checks.example"
    assert any("claimant" in note for note in found.notes)


def test_a_claimskg_row_with_one_day_and_a_title_says_what_stands_in() -> None:
    row = (
        "0",
        "",
        "",
        "",
        "False",
        "",
        "2021-07-20",
        "",
        "",
        "https://a.example/1",
        "",
        "",
        "x",
        "",
        "Weir is whole",
    )
    (one,) = read(table(CLAIMSKG, row), "dump.csv").found
    assert isinstance(one, Imported)
    assert one.payload.published_at.date().isoformat() == "2021-07-20"
    assert one.payload.made_on == ""
    assert one.payload.wording == "Weir is whole"
    assert "title" in one.notes[0]


def test_the_flat_table_of_the_reporters_lab_is_read() -> None:
    head = ("id", "@context", "@type", "claimReviewed", "datePublished", "url", "author.@type", "author.name",
            "author.url", "itemReviewed.@type", "itemReviewed.author.name", "itemReviewed.datePublished",
            "itemReviewed.appearance.1.url", "itemReviewed.appearance.2.url", "reviewRating.alternateName",
            "reviewRating.ratingValue", "reviewRating.bestRating", "reviewRating.worstRating")  # fmt: skip
    row = ("7", "http://schema.org", "ClaimReview", "The weir burst.", "2026-02-01", "https://checks.example/weir",
           "Organization", "Ostra Checks", "https://checks.example/", "Claim", "Jan Kral", "2026-01-05",
           "https://a.example/1", "https://a.example/2", "False", "1", "5", "1")  # fmt: skip
    found = read(table(head, row), "duke.csv")
    (one,) = found.found
    assert isinstance(one, Imported)
    payload = one.payload
    assert found.shape == "CSV (Duke Reporters' Lab)"
    assert payload.claimant is not None
    assert (payload.claimant.name, payload.made_on, payload.publisher.name) == (
        "Jan Kral",
        "2026-01-05",
        "Ostra Checks",
    )
    assert [a.url for a in payload.appearances] == ["https://a.example/1", "https://a.example/2"]
    assert (payload.rating.value, payload.rating.best) == (1, 5)


def test_a_table_of_check_has_no_rating_and_its_drafts_are_passed_over() -> None:
    head = ("ID", "Title", "Summary", "URL", "Language", "Report Status", "Imported?")
    rows = (
        (
            "1",
            "The weir burst",
            "It is whole.\nSee for yourself.",
            "https://checks.example/weir",
            "en",
            "Published",
            "No",
        ),
        ("2", "A draft", "", "https://checks.example/draft", "en", "Unpublished", "No"),
        ("3", "On hold", "", "https://checks.example/hold", "en", "Paused", "No"),
        ("4", "Nowhere", "", "", "en", "Published", "No"),
    )
    found = read(table(head, *rows), "check.csv")
    assert found.shape == "CSV (Check)"
    assert usable(found) == ["The weir burst", "On hold"]
    states = [one.payload.status for one in found.found if isinstance(one, Imported)]
    assert states == [CheckStatus.LIVE, CheckStatus.SUSPENDED]
    assert [one.payload.rating.finding for one in found.found if isinstance(one, Imported)] == [None, None]
    assert [why for why in told(found) if "address" in why or "not published" in why] == told(found)
    assert any("no column for a rating" in note for note in found.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_separators_encodings_and_quoted_line_ends(delimiter: str, encoding: str) -> None:
    rows = [
        (f"Die Brücke von Östra, Teil {n}; „größer“\nals gedacht | sagt er", "Größtenteils falsch",
         f"https://checks.example/{n}", "2026-02-01")
        for n in range(3)
    ]  # fmt: skip
    text = table(("Behauptung", "Bewertung", "Link", "Datum"), *rows, delimiter=delimiter)
    found = read(text.encode(encoding, "replace"), "t.csv")
    assert len(usable(found)) == 3
    assert usable(found)[0].startswith("Die Brücke von Östra, Teil 0;")


def test_a_separator_that_excel_names_and_empty_lines_above_the_head() -> None:
    text = "sep=;\r\n\r\nclaim;rating;url;date\r\nA, b, c, d, e;False;https://a.example/1;2026-01-01\r\n"
    assert usable(read(text, "t.csv")) == ["A, b, c, d, e"]


def test_unknown_columns_are_shown_and_a_person_names_them() -> None:
    text = table(
        ("Frage", "Antwort", "Wo", "Wann"),
        ("Ist die Brücke neu?", "Nein", "https://a.example/1", "2026-01-01"),
    )
    with pytest.raises(UnknownColumns) as asked:
        read(text, "t.csv")
    assert asked.value.columns.names == ("Frage", "Antwort", "Wo", "Wann")
    assert asked.value.columns.sample[0][0] == "Ist die Brücke neu?"
    assert asked.value.columns.missing == ("claim", "url")
    named = {"claim": "Frage", "label": "Antwort", "url": "Wo", "published": "Wann"}
    (one,) = read(text, "t.csv", columns=named).found
    assert isinstance(one, Imported)
    assert (one.payload.wording, one.payload.rating.label) == ("Ist die Brücke neu?", "Nein")


def test_a_persons_word_goes_before_a_known_name() -> None:
    text = table(
        ("claim", "wording2", "url", "rating", "date"),
        ("x", "The right one", "https://a.example/1", "No", "2026"),
    )
    assert usable(read(text, "t.csv", columns={"claim": "wording2"})) == ["The right one"]
    with pytest.raises(IntakeError, match="no column “gone”"):
        read(text, "t.csv", columns={"claim": "gone"})


@pytest.mark.parametrize(
    "text",
    [
        ",".join(f"c{n}" for n in range(1_000_000)) + "\nx\n",
        "just one line of prose without any table",
        "",
        "claim\n\n",
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(IntakeError) as refusal:
        read(text, "t.csv")
    assert refusal.value.sentence.endswith(".")


def test_rows_of_json_are_a_table_too() -> None:
    rows = [
        {"claim": "A", "verdict": "False", "link": "https://a.example/1", "date": "2026-01-01"},
        {"claim": "B"},
    ]
    found = read(rows)
    assert usable(found) == ["A"]
    assert told(found) == ["row 2: it has no address (url)"]
    lines = "\n".join(json.dumps(row) for row in rows)
    assert usable(read(lines, "rows.jsonl")) == ["A"]


# JSON


def test_lines_of_json_bad_ones_told() -> None:
    lines = [
        json.dumps(CHECK),
        "",
        "{broken",
        json.dumps({"@type": "Person"}),
        json.dumps({"@graph": [OTHER]}),
    ]
    found = read("\n".join(lines), "checks.jsonl")
    assert usable(found) == ["The weir at Lake Ostra burst.", "The mill at Osk burned."]
    assert sorted(told(found)) == ["line 3 is no JSON; it may be cut off", "person"]


GOOGLE = {
    "claims": [
        {
            "text": "The weir burst.",
            "claimant": "Jan Kral",
            "claimDate": "2026-01-05T00:00:00Z",
            "claimReview": [
                {
                    "publisher": {"name": "Ostra Checks", "site": "checks.example"},
                    "url": "https://checks.example/weir",
                    "title": "No, it is whole",
                    "reviewDate": "2026-02-01T00:00:00Z",
                    "textualRating": "False",
                    "languageCode": "en",
                },
                {"publisher": {"site": "b.example"}, "url": "https://b.example/1", "textualRating": "Wrong"},
            ],
        },
        {"text": "Nobody checked it."},
    ],
    "nextPageToken": "abc",
}


def test_answers_of_googles_api() -> None:
    found = read(GOOGLE)
    assert (found.shape, found.next_token) == ("Google's API", "abc")
    first, second = (one for one in found.found if isinstance(one, Imported))
    assert first.payload.claimant is not None
    assert (first.payload.claimant.name, first.payload.made_on) == ("Jan Kral", "2026-01-05")
    assert (first.payload.headline, first.payload.publisher.name) == ("No, it is whole", "Ostra Checks")
    assert second.payload.publisher.name == "b.example"
    assert told(found) == ["claim"]
    assert len(usable(read([GOOGLE, GOOGLE]))) == 4
    assert read({}).found == ()
    image = {"results": [{"claim": GOOGLE["claims"][0]}]}
    assert len(usable(read(image))) == 2


def test_saved_pages_of_googles_exporter() -> None:
    page = {
        "claimReviewMarkupPages": [
            {
                "pageUrl": "https://checks.example/weir", "publishDate": "2026-02-01",
                "claimReviewAuthor": {"name": "Ostra Checks"},
                "claimReviewMarkups": [{
                    "claimReviewed": "The weir burst.", "claimAuthor": {"name": "Jan Kral", "jobTitle": "Mayor"},
                    "claimAppearances": ["https://a.example/1"],
                    "rating": {"textualRating": "False", "ratingValue": 1, "bestRating": 5, "worstRating": 1},
                }],
            }
        ]
    }  # fmt: skip
    (one,) = read(page).found
    assert isinstance(one, Imported)
    assert one.payload.url == "https://checks.example/weir"
    assert one.payload.claimant is not None
    assert (one.payload.claimant.job_title, one.payload.rating.value) == ("Mayor", 1)


def test_an_error_of_the_api_is_said() -> None:
    with pytest.raises(IntakeError, match=r"API key not valid.*INVALID_ARGUMENT"):
        read({"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}})


def test_a_json_feed_with_reviews_ours_and_bare_items() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Ostra",
        "next_url": "https://checks.example/feed?page=2",
        "authors": [{"name": "Ostra Checks", "url": "https://checks.example/"}],
        "items": [
            {"id": "1", "url": "https://checks.example/weir", "date_published": "2026-02-01T00:00:00Z",
             "_claimreview": {k: v for k, v in CHECK.items() if k not in ("url", "datePublished")}},
            {"id": "https://checks.example/x1", "url": "https://checks.example/mill", "title": "Mill",
             "date_published": "2026-02-02T00:00:00Z", "_factcheck": {
                 "claim": "The mill burned.", "rating": "False", "status": "live", "publisher": "Ostra Checks",
                 "rating_value": 1, "rating_best": 5, "rating_worst": 1, "claimant": "Jan Kral"}},
            {"id": "3", "url": "https://checks.example/news", "title": "Only news"},
            {"id": "4"},
            "text",
        ],
    }  # fmt: skip
    found = read(feed)
    assert usable(found) == ["The weir at Lake Ostra burst.", "The mill burned."]
    assert [link.url for link in found.links] == ["https://checks.example/news"]
    assert len(told(found)) == 2
    assert found.next_url == "https://checks.example/feed?page=2"


def test_an_rss_feed_names_pages_to_look_at() -> None:
    feed = """<?xml version="1.0"?><rss version="2.0"><channel><title>Ostra</title>
    <item><title>Weir</title><link>https://checks.example/weir</link></item><item><title>None</title></item>
    </channel></rss>"""
    found = read(feed, "rss.xml")
    assert [(link.url, link.title) for link in found.links] == [("https://checks.example/weir", "Weir")]
    assert told(found) == ["entry of the feed without an address"]


# Pages


def page(*scripts: str, body: str = "", head: str = "") -> bytes:
    parts = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return (
        f"<!doctype html><html><head><title>t</title>{head}{parts}</head><body>{body}</body></html>".encode()
    )


SCRIPTS = [
    json.dumps(CHECK),
    json.dumps([CHECK]),
    json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, CHECK]}),
    "<!--" + json.dumps(CHECK) + "-->",
    "//<![CDATA[\n" + json.dumps(CHECK) + "\n//]]>",
    json.dumps(CHECK)[:-1] + ",}",
    json.dumps(CHECK) + ";",
    json.dumps({"@type": "WebSite"}) + "\n" + json.dumps(CHECK),
    json.dumps(CHECK | {"@type": ["Review", "ClaimReview"]}),
    json.dumps(CHECK).replace("weir at", "weir\nat"),
    json.dumps(
        {"@type": "NewsArticle", "url": "https://checks.example/weir", "review": [{"properties": CHECK}]}
    ),
    json.dumps(CHECK).replace('"', "&quot;"),
]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_check_in_a_page_is_found_however_it_is_written(script: str) -> None:
    found = read(page(script), url="https://checks.example/weir")
    assert usable(found) == ["The weir at Lake Ostra burst."]
    assert told(found) == []


def test_a_broken_part_is_told_and_stops_no_other() -> None:
    found = read(page('{"@type": "ClaimReview", "claim', json.dumps(CHECK)))
    assert usable(found) == ["The weir at Lake Ostra burst."]
    assert told(found) == ["part 1 of the page's structured data is broken"]


def test_addresses_within_a_page_are_completed_and_its_own_stands_in() -> None:
    bare = {k: v for k, v in CHECK.items() if k != "url"}
    canonical = '<link rel="canonical" href="/weir/">'
    for script in (
        json.dumps(bare),
        json.dumps(CHECK | {"url": "/weir/"}),
        json.dumps(CHECK | {"url": "//checks.example/weir/"}),
    ):
        (one,) = read(page(script, head=canonical), url="https://checks.example/weir/?utm_source=x").found
        assert isinstance(one, Imported)
        assert one.payload.url == "https://checks.example/weir/"


def test_parts_of_a_page_point_at_each_other() -> None:
    claim = {"@type": "Claim", "@id": "#claim", "author": {"@id": "#who"}}
    who = {"@type": "Person", "@id": "#who", "name": "Jan Kral"}
    found = read(page(json.dumps(CHECK | {"itemReviewed": {"@id": "#claim"}}), json.dumps([claim, who])))
    (one,) = (one for one in found.found if isinstance(one, Imported))
    assert one.payload.claimant is not None
    assert one.payload.claimant.name == "Jan Kral"


def test_microdata_is_read() -> None:
    body = """<div itemscope itemtype="http://schema.org/ClaimReview"><a itemprop="url" href="https://checks.example/weir">x</a>
    <span itemprop="claimReviewed">The weir burst.</span><meta itemprop="datePublished" content="2026-02-01">
    <div itemprop="author" itemscope itemtype="http://schema.org/Organization"><b itemprop="name">Ostra Checks</b></div>
    <div itemprop="reviewRating" itemscope itemtype="http://schema.org/Rating"><i itemprop="alternateName">False</i>
    <meta itemprop="ratingValue" content="1"><meta itemprop="bestRating" content="5">
    <meta itemprop="worstRating" content="1">
    </div><div itemprop="itemReviewed" itemscope itemtype="http://schema.org/Claim"><div itemprop="author" itemscope
    itemtype="http://schema.org/Person"><span itemprop="name">Jan Kral</span></div></div></div>"""
    (one,) = read(page(body=body)).found
    assert isinstance(one, Imported)
    assert one.payload.claimant is not None
    assert (one.payload.wording, one.payload.rating.value, one.payload.claimant.name) == (
        "The weir burst.",
        1,
        "Jan Kral",
    )


def test_a_page_without_a_check_says_what_it_holds_and_which_feeds_it_links() -> None:
    body = page(
        json.dumps({"@type": "NewsArticle"}),
        head='<link rel="alternate" type="application/rss+xml" href="/rss">',
    )
    assert told(read(body)) == ["newsarticle"]
    assert feeds_of(body, url="https://a.example/x") == ("https://a.example/rss",)


# Packed


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


PLAIN = json.dumps(CHECK).encode()


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(PLAIN),
        lzma.compress(PLAIN),
        bz2.compress(PLAIN),
        zipped(a__json=PLAIN),
        gzip.compress(zipped(a__json=PLAIN)),
    ],
)
def test_packed_files_are_opened(data: bytes) -> None:
    ((_name, found),) = read_files("checks.json.gz", data, fetched_at=NOW)
    assert isinstance(found, CheckFile)
    assert usable(found) == ["The weir at Lake Ostra burst."]


def test_a_zip_holds_many_and_a_bad_one_stops_no_other() -> None:
    data = zipped(
        a__json=PLAIN,
        b__html=page(json.dumps(OTHER)),
        c__png=b"\x89PNG\r\n\x1a\n\0\0\0\0\0\0\0",
        d__json=b"{",
    )
    found = dict(read_files("x.zip", data, fetched_at=NOW))
    assert [name for name, one in found.items() if isinstance(one, CheckFile)] == ["a.json", "b.html"]
    assert all(one.sentence for one in found.values() if isinstance(one, IntakeError))


@pytest.mark.parametrize(
    "data", [gzip.compress(PLAIN)[:-9], zipped(a__json=PLAIN)[:-30], lzma.compress(PLAIN)[:-9]]
)
def test_a_cut_packed_file_is_said(data: bytes) -> None:
    with pytest.raises(IntakeError, match="damaged or cut off"):
        list(read_files("x", data, fetched_at=NOW))


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress, lambda data: zipped(a=data)])
def test_a_bomb_is_stopped_at_the_limit(pack: Any) -> None:
    with pytest.raises(IntakeError, match="larger than"):
        list(read_files("x", pack(b"0" * 3_000_000), limit=1_000_000, fetched_at=NOW))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"{", "no JSON"),
        (b'{"a": ' + b"[" * 100_000, "no JSON|nested"),
        (b"[" * 100_000 + b"]" * 100_000, "nested"),
        (b"<?xml version='1.0'?><x/>", "XML"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0\0\0\0\0", "not text|no table"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, sentence: str) -> None:
    with pytest.raises(IntakeError, match=sentence):
        read(data)


def test_a_list_of_addresses_is_one() -> None:
    assert is_address_list("# mine\nhttps://a.example/1\n\nhttp://b.example\n") == [
        "https://a.example/1",
        "http://b.example",
    ]
    assert is_address_list("https://a.example/1 says so\n") == []
    assert is_address_list("") == []
