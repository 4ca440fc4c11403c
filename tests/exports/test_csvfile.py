"""verdicts.csv as pandas and a spreadsheet read it."""

from __future__ import annotations

import csv
import io

import pandas
import pytest

from claims.exports.csvfile import COLUMNS, guard, stream, table_schema
from tests.exports.checks import check, corrected, every_state, nasty, withdrawn

CONTRACT = [
    "id",
    "url",
    "version",
    "status",
    "published_at",
    "modified_at",
    "headline",
    "wording",
    "quotation",
    "checks",
    "claimant",
    "claimant_same_as",
    "made_on",
    "appeared_at",
    "outlet",
    "rating",
    "finding",
    "rating_value",
    "rating_best",
    "rating_worst",
    "scale_version",
    "summary",
    "language",
    "topics",
    "cited",
    "origins",
    "last_correction",
    "licence",
]


def test_the_columns_are_the_contract() -> None:
    assert list(COLUMNS) == CONTRACT
    assert [f["name"] for f in table_schema()["fields"]] == CONTRACT


def test_pandas_reads_every_value_back() -> None:
    data = b"".join(stream(every_state()))
    frame = pandas.read_csv(io.BytesIO(data), parse_dates=["published_at", "modified_at", "last_correction"])
    assert list(frame["id"]) == [p.id for p in every_state()]
    assert str(frame["published_at"].dtype).startswith("datetime64")
    assert "UTC" in str(frame["published_at"].dtype)
    assert list(frame["status"]) == ["live", "live", "live", "suspended", "withdrawn", "live"]
    assert frame["finding"].fillna("").tolist() == [
        "Refuted",
        "Not Enough Evidence",
        "Refuted",
        "",
        "",
        "Refuted",
    ]
    assert frame["rating_value"].fillna(0).tolist() == [1, 0, 1, 0, 0, 1]
    assert frame["headline"][5] == nasty().headline
    assert frame["summary"][5] == nasty().short_answer
    assert frame["last_correction"][2] == pandas.Timestamp(corrected().modified_at)
    assert frame["cited"][0] == "https://board.example/report.pdf"
    assert frame["appeared_at"][0] == "https://radio.example/talk"


def test_lines_end_as_the_standard_says() -> None:
    data = b"".join(stream([check()]))
    assert data.count(b"\r\n") == 2
    assert not data.startswith(b"\xef\xbb\xbf")


def test_a_withdrawn_check_stays_without_its_verdict() -> None:
    (row,) = csv.DictReader(io.StringIO(b"".join(stream([withdrawn()])).decode(), newline=""))
    assert row["status"] == "withdrawn"
    assert {row[n] for n in ("rating", "finding", "rating_value", "summary", "cited")} == {""}
    assert row["last_correction"] == "2021-03-10T09:30:00Z"


def test_values_are_raw_unless_a_spreadsheet_is_meant() -> None:
    raw, guarded = (b"".join(stream([nasty()], spreadsheet=s)).decode() for s in (False, True))
    assert ",=HYPERLINK" in raw or ',"=HYPERLINK' in raw
    assert "'=HYPERLINK" in guarded
    assert "'@" in guarded


@pytest.mark.parametrize(
    "value", ["=1", "+1", "-1", "@a", "\t=1", "  =1", "\r=1", "＝1", "＋1", "－1", "＠a"]
)
def test_formulas_are_guarded(value: str) -> None:
    assert guard(value) == "'" + value


@pytest.mark.parametrize("value", ["", "1", "a=b", "“=1”", "https://weir.example/"])
def test_text_is_left_alone(value: str) -> None:
    assert guard(value) == value
