"""How long a server wants to be left alone, in whatever clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claims.net.retry_after import LONGEST, retry_after

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry-after": "120"}, 120),
        ({"retry-after": " 90.5 "}, 90),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "soon"}, 0),
        ({"retry-after": "9" * 12}, LONGEST),
        ({"retry-after": "Sun, 01 Mar 2026 12:10:00 GMT"}, 600),
        ({"retry-after": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "Sun, 01 Mar 2026 15:10:00 GMT", "date": "Sun, 01 Mar 2026 15:00:00 GMT"}, 600),
        ({"retry-after": "Sun, 01 Mar 2099 12:00:00 GMT"}, LONGEST),
    ],
)
def test_seconds_and_dates(headers: dict[str, str], seconds: int) -> None:
    assert retry_after(headers, now=NOW) == seconds
