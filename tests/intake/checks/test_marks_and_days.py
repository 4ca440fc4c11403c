"""Marks that are missing, notation of programs, days and ratings of other hands: read, or told by their line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from claims.exports.imports import Imported, ImportRefused
from claims.intake.checks.files import read_checks
from claims.intake.checks.types import CheckFile
from claims.intake.loose_json import read_loose

NOW = datetime(2026, 11, 30, tzinfo=UTC)
HEAD = "claim,rating,url,date\n"


def address(number: int) -> str:
    return f"https://check.example/{number}"


def read(text: str, name: str = "a.csv", **options: Any) -> CheckFile:
    return read_checks(name, text.encode(), fetched_at=NOW, **options)


def said(file: CheckFile) -> list[str]:
    return [one.payload.wording for one in file.found if isinstance(one, Imported)]


def refused(file: CheckFile) -> list[str]:
    return [one.reason for one in file.found if isinstance(one, ImportRefused)]


def review(**other: Any) -> dict[str, Any]:
    row = {
        "@type": "ClaimReview",
        "claimReviewed": "The lake is empty",
        "url": address(1),
        "datePublished": "2024-03-01",
        "reviewRating": {"@type": "Rating", "alternateName": "False"},
        **other,
    }
    return {name: value for name, value in row.items() if value is not None}


def one_of(**other: Any) -> Imported:
    [found] = read(json.dumps(review(**other)), "a.json").found
    assert isinstance(found, Imported)
    return found


ROWS = {
    "in the first row": (
        f'"The lake is empty,False,{address(1)},2024-01-02\n"The weir, old, broke",True,{address(2)},2024-01-03\n'
        f"The dam holds,True,{address(3)},2024-01-04\n",
        ["The lake is empty", "The weir, old, broke", "The dam holds"],
        2,
    ),
    "with no other mark behind it": (
        f'The lake is empty,False,{address(1)},2024-01-02\n"He said ""no"" to it,False,{address(2)},2024-01-03\n'
        f"The dam holds,True,{address(3)},2024-01-04\nIt rains,True,{address(4)},2024-01-05\n",
        ["The lake is empty", 'He said "no" to it', "The dam holds", "It rains"],
        3,
    ),
    "in the last row": (
        f'The lake is empty,False,{address(1)},2024-01-02\n"The dam holds,True,{address(3)},2024-01-04\n',
        ["The lake is empty", "The dam holds"],
        3,
    ),
    "in the column before the last": (
        f'The lake is empty,False,"{address(1)},2024-01-02\nThe dam holds,True,{address(3)},2024-01-04\n',
        ["The lake is empty", "The dam holds"],
        2,
    ),
}


@pytest.mark.parametrize("place", ROWS)
def test_a_mark_that_is_missing_swallows_no_row(place: str) -> None:
    rows, expected, line = ROWS[place]
    file = read(HEAD + rows)
    assert said(file) == expected
    told = [note for one in file.found if isinstance(one, Imported) for note in one.notes]
    assert told == [f"A quotation mark is missing in line {line}; it was read without it."]


def test_a_line_whose_columns_cannot_be_told_is_named_and_the_rest_is_read() -> None:
    file = read(f'\n{HEAD}"The weir, broke,True\nThe dam holds,True,{address(3)},2024-01-04\n')
    assert said(file) == ["The dam holds"]
    assert refused(file) == ["line 3: a quotation mark is missing, so that its columns cannot be told"]


def test_a_line_is_read_from_both_ends_where_its_address_shows_them() -> None:
    file = read(
        f'{HEAD}"The weir, old, broke,True,{address(2)},2024-01-03\nIt rains,True,{address(3)},2024-01-04\n'
    )
    assert said(file) == ["The weir, old, broke", "It rains"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            f'"The lake\nis empty",False,{address(1)},2024-01-02,"one\ntwo, three\nfour"\n',
            "The lake is empty",
        ),
        (
            f'"The lake: {address(9)},\nis empty",False,{address(1)},2024-01-02,\n',
            f"The lake: {address(9)}, is empty",
        ),
        (f'"The "old" lake is empty",False,{address(1)},2024-01-02,\n', 'The "old" lake is empty'),
        (f'"The \\"old\\" lake, is empty",False,{address(1)},2024-01-02,\n', 'The "old" lake, is empty'),
        (f'A 5" pipe is empty,False,{address(1)},2024-01-02,\n', 'A 5" pipe is empty'),
    ],
)
def test_marks_and_line_ends_within_a_cell_stay_there(row: str, expected: str) -> None:
    file = read(f"claim,rating,url,date,summary\n{row}The dam holds,True,{address(3)},2024-01-04,\n")
    assert said(file) == [expected, "The dam holds"]
    assert not [note for one in file.found if isinstance(one, Imported) for note in one.notes]


def test_a_table_in_which_every_line_lacks_a_mark_is_read_in_bounded_time() -> None:
    rows = "".join(f'"Lake {n} is empty,False,{address(n)},2024-01-02\n' for n in range(3_000))
    assert len(said(read(HEAD + rows))) == 3_000


NOTATIONS = {
    "Python's": repr([review(claimReviewed="It's Lund's fault", isAccessibleForFree=True, image=None)] * 1),
    "JavaScript's": "[{'@type':'ClaimReview', claimReviewed:'It\\'s Lund\\'s fault', url:'https://check.example/1',"
    " datePublished:'2024-03-01', image: undefined, reviewRating:{alternateName:'False'},},]",
    "single marks, nothing escaped": json.dumps([review(claimReviewed="It`s Lund`s fault")])
    .replace('"', "'")
    .replace("`", "'"),
    "curly marks": json.dumps([review(claimReviewed="It's Lund's fault")]).replace('"', "“"),
    "comments": f"// export\n[\n/* one */ {json.dumps(review(claimReviewed='It’s Lund’s fault'))}, // last\n]",
    "a line each": "\n".join(repr(review(claimReviewed=said)) for said in ("It's Lund's fault", "It rains")),
}


@pytest.mark.parametrize("notation", NOTATIONS)
def test_the_notation_of_programs_is_read(notation: str) -> None:
    file = read(NOTATIONS[notation], "a.json")
    assert not refused(file)
    assert said(file)[0].replace("’", "'") == "It's Lund's fault"
    page = f"<!doctype html><html><body><script type='application/ld+json'>{NOTATIONS[notation]}</script></body></html>"
    assert said(read(page, "a.html"))[0].replace("’", "'") == "It's Lund's fault"


def test_one_broken_line_among_lines_in_a_programs_notation_is_named() -> None:
    file = read(f"{review()!r}\n{{'@type': 'Claim\n{json.dumps(review(url=address(2)))}\n", "a.jsonl")
    assert len(said(file)) == 2
    assert refused(file) == ["line 2 is no JSON; it may be cut off"]


@pytest.mark.parametrize(
    "text", ["{'a': open}", "{'a': 1", "['a' 'b", "{'a': f(1)}", "", "'" * 200_000, "“" * 200_000]
)
def test_what_is_no_notation_of_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_loose(text)


@pytest.mark.parametrize(
    "written",
    [
        "03-Jan-2024", "03 Jan 24", "3 janvier 2024", "3 de enero de 2024", "Enero 3, 2024", "3 gennaio 2024",
        "3 stycznia 2024", "3 januari 2024", "3 января 2024 г.", "3 Ιανουαρίου 2024", "03 ocak 2024",
        "le 3 janvier 2024",
        "miércoles, 3 de enero de 2024", "٣ يناير ٢٠٢٤", "3 जनवरी 2024", "2024年1月3日", "2024년 1월 3일",
        "2024/1/3 9:05 PM",
        "2024-1-3T9:5:00", "2024-01-03T25:15:00", "1704240000.5", "/Date(1704240000000)/", "/Date(1704240000000+0100)/",
    ],
)  # fmt: skip
def test_days_as_publishers_write_them(written: str) -> None:
    assert f"{one_of(datePublished=written).payload.published_at:%Y-%m-%d}" == "2024-01-03"


@pytest.mark.parametrize(("written", "day"), [("13/01/24", "2024-01-13"), ("13-1-2024", "2024-01-13")])
def test_days_in_figures_with_one_reading(written: str, day: str) -> None:
    assert f"{one_of(datePublished=written).payload.published_at:%Y-%m-%d}" == day


@pytest.mark.parametrize(
    "written", ["03/01/24", "03-01-2024", "31/31/2024", "3 foo 2024", "3 mai 2024 und 4 mai 2025"]
)
def test_days_with_two_readings_or_none_are_told(written: str) -> None:
    assert f"datePublished cannot be read as a date: “{written}”." in one_of(datePublished=written).notes


@pytest.mark.parametrize(
    ("first", "other", "day"),
    [
        ("03/04/2024", "25/12/2023", "2024-04-03"),
        ("3/4/24", "12/25/23", "2024-03-04"),
        ("3-4-24", "25-12-23", "2024-04-03"),
    ],
)
def test_the_other_days_of_a_table_tell_their_order(first: str, other: str, day: str) -> None:
    file = read(f"{HEAD}A,False,{address(1)},{first}\nB,True,{address(2)},{other}\n")
    one = file.found[0]
    assert isinstance(one, Imported)
    assert f"{one.payload.published_at:%Y-%m-%d}" == day
    assert "others of the table" in file.notes[0]


def test_a_table_that_writes_both_orders_tells_none() -> None:
    file = read(
        f"{HEAD}A,False,{address(1)},03/04/2024\nB,True,{address(2)},12/25/23\nC,True,{address(3)},25/12/23\n"
    )
    one = file.found[0]
    assert isinstance(one, Imported)
    assert "published cannot" not in str(file.notes)
    assert any("cannot be read" in note for note in one.notes)


@pytest.mark.parametrize(
    ("rating", "label", "numbers"),
    [
        ({"ratingValue": "1", "bestRating": "5", "worstRating": "1"}, "1/5", (1, 1, 5)),
        ({"ratingValue": 6, "bestRating": 1, "worstRating": 6, "alternateName": "False"}, "False", (1, 1, 6)),
        ({"ratingValue": 1, "bestRating": 1, "worstRating": 5, "alternateName": "False"}, "False", (1, 1, 5)),
        ({"ratingValue": 1, "bestRating": 1, "worstRating": 6, "alternateName": "True"}, "True", (6, 1, 6)),
        (
            {"ratingValue": 3, "bestRating": 1, "worstRating": 5, "alternateName": "Odd"},
            "Odd",
            (None, None, None),
        ),
        ({"ratingValue": 6, "bestRating": 1, "worstRating": 6}, "6 (best 1, worst 6)", (None, None, None)),
        ({"ratingValue": "2.5", "bestRating": 5, "worstRating": 1}, "2.5/5", (None, None, None)),
        ({"ratingValue": "2/5"}, "2/5", (None, None, None)),
    ],
)
def test_ratings_in_numbers(rating: dict[str, Any], label: str, numbers: tuple[int | None, ...]) -> None:
    shown = one_of(reviewRating=rating).payload.rating
    assert shown.label == label
    assert (shown.value, shown.worst, shown.best) == numbers


@pytest.mark.parametrize(
    ("rating", "note"),
    [
        (
            {"ratingValue": 1, "alternateName": "False"},
            "The number of the rating has no scale and was left out.",
        ),
        (
            {"ratingValue": "20%", "alternateName": "False"},
            "The number of the rating is no whole number and was left out.",
        ),
    ],
)
def test_what_is_wrong_with_the_number_of_a_rating_is_said(rating: dict[str, Any], note: str) -> None:
    assert one_of(reviewRating=rating).notes == (note,)


def test_several_names_of_one_claimant_are_told() -> None:
    assert one_of(itemReviewed={"@type": "Claim", "author": {"name": ["Ann Lee", "Bo Dahl"]}}).notes == (
        "Further claimants: Bo Dahl.",
    )


PARTS = {
    "a page by its @id": {"@type": "WebPage", "@id": address(1), "mainEntity": review(url=None)},
    "an article by its main page": {
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": address(1)},
        "about": review(url=None),
    },
    "the page that it is part of": {
        "@graph": [
            {"@type": "WebPage", "@id": f"{address(1)}#webpage", "url": address(1)},
            review(
                url=None,
                isPartOf={"@id": f"{address(1)}#webpage"},
                **{"@id": "https://check.example/#review"},
            ),
        ]
    },
    "the claim around it": {
        "@type": "Claim",
        "url": "https://elsewhere.example/post",
        "text": "The lake is empty",
        "review": review(claimReviewed=None),
    },
}


@pytest.mark.parametrize("part", PARTS)
def test_what_stands_around_a_check_is_used(part: str) -> None:
    [one] = [found for found in read(json.dumps(PARTS[part]), "a.json").found if isinstance(found, Imported)]
    assert (one.payload.url, one.payload.wording) == (address(1), "The lake is empty")


@pytest.mark.parametrize("name", ["https://check.example/#review", "https://check.example#/schema/review/1"])
def test_a_sign_on_the_front_page_is_no_address(name: str) -> None:
    assert refused(read(json.dumps(review(url=None, **{"@id": name})), "a.json")) == [
        "it has no address (url)"
    ]
