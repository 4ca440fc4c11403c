"""A time that nobody knows is a dash on every page, and never the present time."""

from __future__ import annotations

import datetime as dt

from claims.templatetags.desk import day, when


def test_no_time_is_a_dash() -> None:
    assert day(None) == when(None) == "–"
    assert day(None, "DATETIME_FORMAT") == "–"


def test_a_time_is_its_day() -> None:
    assert "3 March 2025" in day(dt.datetime(2025, 3, 3, 12, tzinfo=dt.UTC))
