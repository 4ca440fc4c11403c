"""Which origin a new document is given when it is stored, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.actions.documents import intake
from claims.models import Document
from tests.people import Cast

pytestmark = pytest.mark.django_db

STORIES = Path(__file__).resolve().parents[3] / "claims" / "management" / "sample" / "stories"


def stored(cast: Cast, name: str, **changed: str) -> Document:
    """Store an article of the sample desk as its head dates it."""
    head, _, text = (STORIES / f"{name}.md").read_text(encoding="utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    values = {key: fields[key] for key in ("title", "outlet", "published")} | changed
    return intake.add_text(actor=cast.ada, desk=cast.desk, text=text, **values).document


def test_a_rewrite_that_credits_an_agency_joins_the_report_it_rests_on(cast: Cast) -> None:
    older = stored(cast, "tunnel/minister")
    report = stored(cast, "tunnel/postponed")
    rewrite = stored(cast, "tunnel/tribune-postponed")
    assert rewrite.origin == report.origin
    assert rewrite.origin != older.origin
    assert "names Meridian News Agency as its source" in rewrite.origin_reason


def test_without_that_report_the_rewrite_has_an_origin_of_its_own(cast: Cast) -> None:
    older = stored(cast, "tunnel/minister")
    rewrite = stored(cast, "tunnel/tribune-postponed")
    assert rewrite.origin != older.origin
    assert rewrite.origin_reason == ""


def test_the_report_must_be_of_the_days_before(cast: Cast) -> None:
    report = stored(cast, "tunnel/postponed", published="2026-08-12")
    assert stored(cast, "tunnel/tribune-postponed").origin != report.origin


def test_a_report_that_is_dated_by_its_month_only_counts(cast: Cast) -> None:
    report = stored(cast, "tunnel/postponed", published="2026-08")
    assert stored(cast, "tunnel/tribune-postponed").origin == report.origin


def test_among_many_reports_of_the_agency_the_right_one_is_found(cast: Cast) -> None:
    report = stored(cast, "tunnel/postponed")
    for number in range(15):
        intake.add_text(
            actor=cast.ada,
            desk=cast.desk,
            text=f"The orchestra of town {number} plays in the hall on its {number}th evening.",
            title=f"Concert {number}",
            outlet="Meridian News Agency",
            published="2026-08-19",
        )
    assert stored(cast, "tunnel/tribune-postponed").origin == report.origin


def test_a_copy_joins_the_report_and_the_report_of_the_day_before_stays_apart(cast: Cast) -> None:
    before = stored(cast, "ceasefire/agreed")
    report = stored(cast, "ceasefire/broken")
    names = ("ceasefire/courier-copy", "ceasefire/post-cut", "ceasefire/tribune-rewrite")
    assert {stored(cast, name).origin for name in names} == {report.origin}
    assert before.origin != report.origin


def test_two_stories_about_one_person_have_two_origins(cast: Cast) -> None:
    tunnel = stored(cast, "tunnel/tripled")
    debate = stored(cast, "election/debate")
    assert stored(cast, "election/tribune-debate").origin == debate.origin
    assert tunnel.origin != debate.origin
