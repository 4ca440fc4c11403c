"""What do the dates of an appearance suggest for its claim?"""

from __future__ import annotations

import pytest

from claims.actions.documents.stored_dates import about


def row(value: str, earliest: str = "", latest: str = "") -> dict[str, str]:
    return {"value": value, "earliest": earliest, "latest": latest}


def test_dates_without_a_day_on_the_calendar_say_nothing_of_a_claim() -> None:
    assert about([row("XXXX-10-10")]) == ""
    assert about([row("XXXX-10-10"), row("2026-03-02", "2026-03-02", "2026-03-02")]) == "2026-03-02"


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ([row("2026-03", "2026-03-01", "2026-03-31")], "2026-03"),
        ([row("2025", "2025-01-01", "2025-12-31"), row("2026-03", "2026-03-01", "2026-03-31")],
         "2025-01-01/2026-03-31"),
    ],
)  # fmt: skip
def test_one_value_stands_and_several_span_an_interval(rows: list[dict[str, str]], value: str) -> None:
    assert about(rows) == value
