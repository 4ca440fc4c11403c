"""Pasted text, hashes and partial dates."""

from __future__ import annotations

from datetime import date

import pytest

from claims.intake.hashing import blob_hash, text_hash
from claims.intake.partial import parse_partial
from claims.intake.plain import pasted
from claims.intake.types import IntakeError


def test_a_form_field_is_not_stripped_and_its_line_ends_are_folded() -> None:
    assert pasted("  A\r\nB\rC \n").text == "  A\nB\nC \n"
    assert pasted("A\0B\ud800").text == "A\ufffdB\ufffd"


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("", "empty"),
        (" \r\n\u00a0\u200b", "empty"),
        ("\x00\x01\x02\x03\x04PNG\x05\x06", "binary"),
        ("word " * 40_001, "too_long"),
        ("x" * (6 * 1024 * 1024), "too_large"),
    ],
)
def test_what_cannot_be_an_article_is_refused(field: str, code: str) -> None:
    with pytest.raises(IntakeError) as caught:
        pasted(field)
    assert caught.value.code == code


def test_exactly_the_limit_is_taken() -> None:
    assert len(pasted("x" * 200_000).text) == 200_000


def test_the_same_text_has_the_same_hash_and_an_edited_one_another() -> None:
    assert text_hash("a\r\nb\n ") == text_hash("\n a\nb".replace("\n a", "a")) == text_hash("a\rb")
    assert text_hash("a b") != text_hash("a  b")
    assert text_hash("a\ud800") != text_hash("a")
    assert blob_hash(b"a") != blob_hash(b"a\n")


@pytest.mark.parametrize(
    ("value", "earliest", "latest"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        (" 2020-10-14 ", date(2020, 10, 14), date(2020, 10, 14)),
        ("2020-10-12/2020-10-14", date(2020, 10, 12), date(2020, 10, 14)),
        ("2019/2020-03", date(2019, 1, 1), date(2020, 3, 31)),
    ],
)
def test_a_partial_date_has_bounds(value: str, earliest: date, latest: date) -> None:
    got = parse_partial(value)
    assert (got.earliest, got.latest) == (earliest, latest)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "14.10.2020",
        "2020-13",
        "2020-02-30",
        "2020-10-14T10:00",
        "2020/2019",
        "yesterday",
        "０２０２",
        "2020-1",
    ],
)
def test_what_is_no_partial_date_is_refused(value: str) -> None:
    with pytest.raises(IntakeError) as caught:
        parse_partial(value)
    assert caught.value.code == "bad_date"


def test_a_date_in_the_future_is_refused_where_today_is_known() -> None:
    today = date(2021, 3, 1)
    assert parse_partial("2021", today=today).value == "2021"
    assert parse_partial("2021-03-01", today=today).value == "2021-03-01"
    with pytest.raises(IntakeError) as caught:
        parse_partial("2021-03-02", today=today)
    assert caught.value.code == "future_date"
