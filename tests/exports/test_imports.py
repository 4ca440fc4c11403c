"""ClaimReviews as they are out there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from claims.exports.imports import (
    Deleted,
    Imported,
    ImportRefused,
    NotAReview,
    PassedOver,
    read_claimreview,
    read_feed,
    read_json,
)
from claims.exports.payload import Payload
from claims.vocabulary import Finding

RAW: dict[str, Any] = {
    "@context": "http://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": "The bridge at Ostra was sold.",
    "url": "https://checker.example/bridge",
    "datePublished": "2020-05-06",
    "author": {"@type": "Organization", "name": "Checker", "url": "https://checker.example/"},
    "reviewRating": {"@type": "Rating", "alternateName": "False", "ratingValue": "1", "bestRating": "5",
                     "worstRating": "1"},
    "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Jan Kral", "sameAs": "https://k.example"},
                     "datePublished": "2020-05-01"},
}  # fmt: skip


A1 = [("https://a.example/1", "")]


def read(**changes: Any) -> Imported:
    return read_claimreview({k: v for k, v in (RAW | changes).items() if v is not None})


def test_a_plain_review_becomes_a_payload_and_keeps_its_raw_object() -> None:
    got = read()
    payload = got.payload
    assert payload.imported
    assert payload.rating.finding is Finding.REFUTED
    assert (payload.rating.value, payload.rating.best, payload.rating.worst) == (1, 5, 1)
    assert payload.claimant is not None
    assert payload.claimant.same_as == ("https://k.example",)
    assert payload.published_at == datetime(2020, 5, 6, tzinfo=UTC)
    assert payload.made_on == "2020-05-01"
    assert got.raw == RAW
    assert got.notes == ()
    assert Payload.from_dict(payload.to_dict()) == payload


def test_the_same_review_has_the_same_id_again() -> None:
    assert read().payload.id == read(headline="New").payload.id
    assert read().payload.id != read(claimReviewed="Other").payload.id


@pytest.mark.parametrize(
    "rating",
    [
        "False",
        ["False"],
        {"alternateName": ["False", "Faux"]},
        {"alternateName": {"@value": "False", "@language": "en"}},
        {"alternateName": [{"@value": "False"}]},
        {"properties": {"alternateName": "False"}},
        [{"@type": "Rating", "alternateName": "False"}],
        {"name": "False"},
        {"ratingValue": "False"},
        {"alternateName": "<b>False</b>&nbsp;"},
        {"alternateName": "False", "ratingValue": -1, "bestRating": -1, "worstRating": -1},
    ],
)
def test_a_label_is_found_however_it_is_wrapped(rating: Any) -> None:
    got = read(reviewRating=rating)
    assert got.payload.rating.label == "False"
    assert got.payload.rating.finding is Finding.REFUTED
    assert got.payload.rating.value is None
    assert got.notes == ()


@pytest.mark.parametrize(
    "numbers",
    [
        {"ratingValue": 0, "bestRating": 5, "worstRating": 1},
        {"ratingValue": 7, "bestRating": 5, "worstRating": 1},
        {"ratingValue": 1, "bestRating": 1, "worstRating": 5},
    ],
)
def test_numbers_that_contradict_each_other_are_left_out_and_told(numbers: dict[str, Any]) -> None:
    got = read(reviewRating={"alternateName": "Half true", **numbers})
    assert got.payload.rating.value is None
    assert "contradict" in got.notes[0]


def test_an_unknown_label_has_no_finding() -> None:
    assert read(reviewRating="Four Llamas").payload.rating.finding is None


@pytest.mark.parametrize(
    ("appearance", "expected"),
    [
        ("https://a.example/1", A1),
        ({"url": "https://a.example/1", "datePublished": "2020-05"}, A1),
        ({"@type": "CreativeWork", "@id": "https://a.example/1"}, A1),
        (["https://a.example/1", {"url": "https://a.example/2"}], [*A1, ("https://a.example/2", "")]),
        ("a leaflet in the town hall", [("", "a leaflet in the town hall")]),
        ({"properties": {"url": "https://a.example/1"}}, A1),
        ("javascript:alert(1)", [("", "javascript:alert(1)")]),
        (None, []),
        ([[], {}, 5, None], [("", "5")]),
    ],
)  # fmt: skip
def test_appearances_come_as_strings_objects_and_lists(
    appearance: Any, expected: list[tuple[str, str]]
) -> None:
    shown = read(itemReviewed={"appearance": appearance}).payload.appearances
    assert [(a.url, a.locator) for a in shown] == expected


def test_everything_may_be_nested_under_properties() -> None:
    nested = {
        "type": ["http://schema.org/ClaimReview"],
        "properties": {k: v for k, v in RAW.items() if k[0] != "@"},
    }
    assert read_claimreview(nested).payload.wording == "The bridge at Ostra was sold."


@pytest.mark.parametrize("missing", ["claimReviewed", "url", "reviewRating"])
def test_what_nobody_could_use_is_refused(missing: str) -> None:
    with pytest.raises(NotAReview):
        read(**{missing: None})


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("2020-05-06T10:00:00+0200", datetime(2020, 5, 6, 8, tzinfo=UTC)),
        ("2020-05-06T10:00:00.123Z", datetime(2020, 5, 6, 10, 0, 0, 123000, tzinfo=UTC)),
        ("Wed, 06 May 2020 10:00:00 GMT", datetime(2020, 5, 6, 10, tzinfo=UTC)),
        ("2020-05", datetime(2020, 5, 1, tzinfo=UTC)),
        ({"@value": "2020-05-06"}, datetime(2020, 5, 6, tzinfo=UTC)),
        ("May 6, 2020", datetime(2020, 5, 6, tzinfo=UTC)),
        ("Wednesday, May 6, 2020 10:00 AM", datetime(2020, 5, 6, 10, tzinfo=UTC)),
        ("6 May 2020", datetime(2020, 5, 6, tzinfo=UTC)),
        ("6. Mai 2020", datetime(2020, 5, 6, tzinfo=UTC)),
        ("2020/5/6", datetime(2020, 5, 6, tzinfo=UTC)),
        ("2020/05/06 10:30", datetime(2020, 5, 6, 10, 30, tzinfo=UTC)),
        (1588759200, datetime(2020, 5, 6, 10, tzinfo=UTC)),
        ("1588759200000", datetime(2020, 5, 6, 10, tzinfo=UTC)),
    ],
)
def test_dates_come_in_many_forms(sent: Any, expected: datetime) -> None:
    assert read(datePublished=sent).payload.published_at == expected


def test_a_missing_date_is_taken_from_the_feed_or_refused() -> None:
    with pytest.raises(NotAReview, match="no date"):
        read(datePublished=None)
    bare = {k: v for k, v in RAW.items() if k != "datePublished"}
    assert read_claimreview(bare, created="2020-07-01").notes == ()
    late = read_claimreview(bare, fetched_at=datetime(2021, 1, 1, tzinfo=UTC))
    assert "stands in" in late.notes[0]


def test_a_feed_is_read_element_by_element_and_one_bad_one_does_no_harm() -> None:
    feed = {
        "@type": "DataFeed",
        "dataFeedElement": [
            {"item": [RAW, RAW | {"claimReviewed": "Two"}], "url": "https://checker.example/a"},
            {"item": None, "url": "https://checker.example/gone", "dateDeleted": "2020-08-01T00:00:00Z"},
            {"item": None},
            {"item": [{"@type": "ClaimReview"}]},
            {"item": "nonsense"},
            "nonsense",
            {"item": {k: v for k, v in RAW.items() if k not in ("url", "datePublished")},
             "url": "https://checker.example/b", "dateCreated": "2020-01-02"},
        ],
    }  # fmt: skip
    kinds = [type(one) for one in read_feed(feed)]
    assert kinds == [
        Imported,
        Imported,
        Deleted,
        ImportRefused,
        ImportRefused,
        ImportRefused,
        ImportRefused,
        Imported,
    ]
    last = list(read_feed(feed))[-1]
    assert isinstance(last, Imported)
    assert last.payload.url == "https://checker.example/b"


def test_lists_graphs_and_single_objects_are_feeds_too() -> None:
    assert len(list(read_feed([RAW, RAW]))) == 2
    assert [type(one) for one in read_feed({"@graph": [{"@type": "WebPage"}, RAW]})] == [PassedOver, Imported]
    assert len(list(read_feed(RAW))) == 1
    with pytest.raises(ValueError, match=r"Expecting"):
        list(read_json("{broken"))


def reviews(data: Any) -> list[Payload]:
    return [one.payload for one in read_feed(data) if isinstance(one, Imported)]


@pytest.mark.parametrize(
    "kinds",
    [
        ["Article", "ClaimReview"],
        ["ClaimReview", "NewsArticle"],
        "https://schema.org/ClaimReview",
        ["schema:Review", "schema:ClaimReview"],
        {"@value": "ClaimReview"},
    ],
)
@pytest.mark.parametrize("place", ["alone", "graph", "list", "feed", "article", "item list", "two graphs"])
def test_a_review_is_found_by_any_of_its_types_wherever_it_stands(kinds: Any, place: str) -> None:
    one = RAW | {"@type": kinds}
    data = {
        "alone": one,
        "graph": {"@graph": [{"@type": "WebPage", "url": "https://checker.example/bridge"}, one]},
        "list": [{"@type": "Organization", "name": "Checker"}, one],
        "feed": {"@type": ["DataFeed"], "dataFeedElement": {"item": one}},
        "article": {"@type": ["NewsArticle"], "headline": "The bridge", "review": [one]},
        "item list": {
            "@type": "ItemList",
            "itemListElement": [{"@type": "ListItem", "position": 1, "item": one}],
        },
        "two graphs": [{"@graph": [{"@type": "Person", "name": "Ada"}]}, {"@graph": [[one]]}],
    }[place]
    assert [payload.wording for payload in reviews(data)] == ["The bridge at Ostra was sold."]


def test_objects_of_a_graph_point_at_each_other() -> None:
    graph = {
        "@graph": [
            {k: v for k, v in RAW.items() if k not in ("author", "itemReviewed")}
            | {"author": {"@id": "#desk"}, "itemReviewed": {"@id": "#claim"}},
            {
                "@id": "#desk",
                "@type": ["NGO", "Organization"],
                "name": "Checker",
                "url": "https://checker.example/",
            },
            {"@id": "#claim", "@type": "Claim", "author": {"@id": "#jan"}},
            {"@id": "#jan", "@type": ["Person"], "name": "Jan Kral"},
        ]
    }
    (payload,) = reviews(graph)
    assert payload.publisher.name == "Checker"
    assert payload.claimant is not None
    assert (payload.claimant.name, payload.claimant.kind) == ("Jan Kral", "person")
    circle = {
        "@graph": [{"@id": "#a", "@type": "Thing", "about": {"@id": "#a"}}, RAW | {"about": {"@id": "#a"}}]
    }
    assert len(reviews(circle)) == 1


def test_a_review_inside_its_article_takes_the_address_and_date_of_the_article() -> None:
    inner = {k: v for k, v in RAW.items() if k not in ("url", "datePublished")}
    article = {
        "@type": "NewsArticle",
        "url": "https://checker.example/a",
        "datePublished": "January 3, 2026",
        "hasPart": inner,
    }
    (payload,) = reviews(article)
    assert payload.url == "https://checker.example/a"
    assert payload.published_at == datetime(2026, 1, 3, tzinfo=UTC)


def test_what_is_no_review_is_named_and_counted() -> None:
    found = list(read_feed({"@graph": [{"@type": "WebPage"}, {"@type": ["Person", "Author"]}, {}]}))
    assert [one.kind for one in found if isinstance(one, PassedOver)] == [
        "webpage",
        "author/person",
        "object without a type",
    ]
    assert len(found) == 3


@pytest.mark.parametrize("written", ["soon", "03/04/2020", "the 30th of February 2020", "2020-13-45"])
def test_a_date_that_cannot_be_read_is_said_to_be_just_that(written: str) -> None:
    with pytest.raises(NotAReview, match="its date cannot be read: “"):
        read(datePublished=written)
    bare = RAW | {"datePublished": written}
    late = read_claimreview(bare, created="2020-07-01")
    assert late.payload.published_at == datetime(2020, 7, 1, tzinfo=UTC)
    assert any(written in note for note in late.notes)


def test_several_claimants_are_told() -> None:
    both = [{"@type": "Person", "name": "Jan Kral"}, {"@type": "Person", "name": "Eva Dorn"}]
    got = read(itemReviewed={"author": both})
    assert got.payload.claimant is not None
    assert got.payload.claimant.name == "Jan Kral"
    assert got.notes == ("Further claimants: Eva Dorn.",)


def test_nesting_without_end_is_passed_over() -> None:
    data: dict[str, Any] = dict(RAW)
    for _ in range(200):
        data = {"@type": "Thing", "about": data}
    assert [type(one) for one in read_feed(data)] == [PassedOver]
