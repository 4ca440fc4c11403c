"""The dashboard and the report of a small desk, counted by hand; their file, their period and what they lead to."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.utils import timezone

from claims.actions.claims import tags
from claims.actions.publishing import publish
from claims.models import Claim, Desk, FactCheck, ReaderMessage
from claims.models.figures import desk_figures
from claims.models.together import answered
from claims.review.figures import Period
from tests import builders
from tests.checks_made import corrected
from tests.people import Cast
from tests.workbench import desk_pages as pages

pytestmark = pytest.mark.django_db
PAGE = "/desk/north/dashboard/"
NOW = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)
MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
SENT = {"since": "2026-03-01", "until": "2026-03-31"}


def at(day: float) -> dt.datetime:
    return dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + dt.timedelta(days=day - 1)


def published(cast: Cast, came: float, out: float) -> FactCheck:
    """Return a check whose claim came in on one day of March and which was published on another."""
    check = pages.published(cast)
    Claim.objects.filter(pk=check.claim_id).update(created_at=at(came))
    FactCheck.objects.filter(pk=check.pk).update(first_published_at=at(out))
    check.refresh_from_db()
    return check


def tables(answer: Any) -> dict[str, Any]:
    return {table.key: table for table in answer.context["tables"]}


def rows(table: Any) -> dict[str, tuple[Any, ...]]:
    return {row.name: row.cells for row in table.rows}


@pytest.fixture
def small_desk(cast: Cast) -> list[FactCheck]:
    """Three checks: 1 day, 2 days and 5 days; one of them before March; one tagged; two open claims."""
    first, second = published(cast, 2, 3), published(cast, 10, 12)
    earlier = published(cast, -9, -4)
    tags.tag_claim(actor=cast.ada, claim=first.claim, typed="bridges, roads")
    FactCheck.objects.create(
        desk=cast.desk, imported=True, import_key="x", first_published_at=at(5), modified_at=at(5)
    )
    for age in (0.5, 20):
        claim = builders.claim(cast)
        Claim.objects.filter(pk=claim.pk).update(created_at=NOW - dt.timedelta(days=age))
    return [first, second, earlier]


def test_the_read_model_counts_what_was_made(cast: Cast, small_desk: list[FactCheck]) -> None:
    found = answered(desk_figures(cast.desk, cast.ada, MARCH, now=NOW))
    assert sorted(one.hours or 0 for one in found.checks) == [24, 48]
    assert [one.tags for one in found.checks] == [("bridges", "roads"), ()]
    assert {one.sources for one in found.checks} == {1}
    assert sum(one.published for one in found.throughput) == 2
    # Two published claims, one open one of 0.5 days; that of 20 days came in on the last day of February.
    assert sum(one.added for one in found.throughput) == 3
    queued = next(one for one in found.waiting if one.state == "queued")
    assert queued.by_age == (1, 0, 0, 0, 1, 0, 0)


def test_the_days_are_the_desks_own(cast: Cast) -> None:
    published(cast, 2, 31.99)
    assert len(answered(desk_figures(cast.desk, cast.ada, MARCH, now=NOW)).checks) == 1
    Desk.objects.filter(pk=cast.desk.pk).update(time_zone="Pacific/Auckland")
    cast.desk.refresh_from_db()
    assert answered(desk_figures(cast.desk, cast.ada, MARCH, now=NOW)).checks == ()


def test_the_page_shows_the_same_figures_in_a_table_and_a_drawing(
    cast: Cast, small_desk: list[FactCheck]
) -> None:
    answer = pages.signed_in(cast.eli).get(PAGE, SENT)
    found = tables(answer)
    assert rows(found["time"])["the whole period"] == (2, "30.0 h", "36.0 h", "42.0 h")
    assert rows(found["ratings"]) == {"False": ("Refuted", 2)}
    assert rows(found["claimants"]) == {"Ilse Brandt": (0, 0, 2, 0, 0, 2)}
    assert rows(found["tags"]) == {"bridges": (0, 0, 1, 0, 0, 1), "roads": (0, 0, 1, 0, 0, 1)}
    assert found["tags"].notes == ("1 check has no tag.",)
    assert {name: cells[0] for name, cells in rows(found["origins"]).items() if cells[0]} == {"1": 2}
    html = answer.content.decode()
    assert html.count('<svg class="chart" role="img"') == 6
    assert "<desc" in html
    assert "style=" not in html


def test_each_line_leads_to_as_many_rows_as_it_counts(cast: Cast, small_desk: list[FactCheck]) -> None:
    client = pages.signed_in(cast.ada)
    found = tables(client.get(PAGE, SENT))
    for key, place in (("time", 0), ("ratings", 1), ("claimants", -1), ("tags", -1)):
        for row in found[key].rows:
            answer = client.get(row.address)
            assert answer.status_code == 200
            assert not answer.context["asked"].problems, row.address
            assert len(answer.context["rows"]) == row.cells[place], row.address
    for row in found["queue"].rows:
        assert len(client.get(row.address).context["rows"]) == row.cells[-1]
    for row in found["throughput"].rows:
        assert len(client.get(row.address).context["rows"]) == row.cells[0]


def test_corrections_are_counted_by_kind(cast: Cast) -> None:
    check = pages.published(cast)
    publish.suspend(actor=cast.carla, factcheck=check, note="Being looked at again.")
    found = tables(pages.signed_in(cast.ada).get(PAGE))
    assert rows(found["corrections"])["suspension"] == (1,)
    # A suspended check says nothing of its sources, and is not one without any.
    assert rows(found["origins"])["not known"] == (1,)


def test_a_desk_without_anything_says_so_in_every_figure(cast: Cast) -> None:
    answer = pages.signed_in(cast.ada).get(PAGE)
    for key, table in tables(answer).items():
        assert table.rows or table.empty, key
        if key != "throughput":
            assert not table.rows
            assert table.empty in answer.content.decode()
    report = pages.signed_in(cast.ada).get(f"{PAGE}report/")
    text = report.content.decode()
    assert "This desk has not published a check yet." in text
    assert "There is no page on the method yet" in text
    assert "No check was first published in this period" in text
    assert "100 %" not in text


def test_the_file_holds_every_cell_of_the_page(cast: Cast, small_desk: list[FactCheck]) -> None:
    client = pages.signed_in(cast.ada)
    answer = client.get(f"{PAGE}figures.csv", SENT)
    assert answer["Content-Disposition"].endswith('2026-03-01-2026-03-31.csv"')
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert {"figure": "Ratings", "row": "False", "column": "Checks", "value": "2"} in lines
    cells = sum(len(row.cells) for table in tables(client.get(PAGE, SENT)).values() for row in table.rows)
    assert len(lines) == cells


@pytest.mark.parametrize(
    "sent",
    [
        {"since": "x"},
        {"since": "2026-03-10", "until": "2026-03-01"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"since": "1971-01-01", "until": "2026-01-01"},
        {"since": "2026-02-30"},
        {"until": "²"},
        {"since": "a\x00b"},
    ],
)
def test_days_that_mean_nothing_are_said_and_the_usual_ones_shown(cast: Cast, sent: dict[str, str]) -> None:
    client = pages.signed_in(cast.ada)
    for path in (PAGE, f"{PAGE}report/"):
        answer = client.get(path, sent)
        assert answer.status_code == 200
        assert answer.context["choice"].problem
        assert answer.context["choice"].period.days == 90
    assert client.get(f"{PAGE}figures.csv", sent).status_code == 200


def test_the_report_says_what_was_done_what_is_missing_and_what_is_not_known(
    cast: Cast, small_desk: list[FactCheck]
) -> None:
    Desk.objects.filter(pk=cast.desk.pk).update(method="We read.", about="We are.", contact="")
    ReaderMessage.objects.create(
        desk=cast.desk, kind="complaint", words="Wrong.", created_at=at(4), answer_by=at(10), settled_at=at(9)
    )
    ReaderMessage.objects.create(
        desk=cast.desk, kind="complaint", words="Wrong too.", created_at=at(5), answer_by=at(6)
    )
    answer = pages.signed_in(cast.ada).get(f"{PAGE}report/", SENT)
    facts = {fact.words: fact.kind for one in answer.context["criteria"] for fact in one.facts}
    assert facts["2 checks of claims by 1 claimants were published."] == "done"
    assert facts["Every check cites a source."] == "done"
    assert facts["50 % of the checks have a topic."] == "done"
    assert facts["The method is public."] == "done"
    assert facts["There are no words on how to reach the desk yet; write them in the settings."] == "missing"
    assert facts["2 complaints came in by the form; 1 are settled, 1 of them in time."] == "done"
    assert facts["1 is overdue."] == "missing"
    assert sum(kind == "unknown" for kind in facts.values()) >= 2
    assert len(answer.context["criteria"]) == 5


def test_a_correction_stands_in_the_report_with_its_note(cast: Cast) -> None:
    check = pages.published(cast)
    corrected(cast, check, timezone.now(), note="The count was of 2025.")
    client = pages.signed_in(cast.ada)
    assert "The count was of 2025." in client.get(f"{PAGE}report/").content.decode()
    assert rows(tables(client.get(PAGE))["corrections"])["correction"] == (1,)
