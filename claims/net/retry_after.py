"""How long does a server want to be left alone? Reads Retry-After, in seconds or as a date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: Nobody is waited for longer, whatever they say.
LONGEST = 7 * 24 * 3600


def retry_after(headers: Mapping[str, str], *, now: datetime) -> int:
    """Return the seconds a server asks for, 0 where it asks for none; ``headers`` have lower-case names.

    A date is taken against the server's own clock where it tells it: clocks differ.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,12}(?:\.\d+)?", value, re.ASCII):
        return min(int(float(value)), LONGEST)
    until = _time(value)
    if until is None:
        return 0
    seconds = (until - (_time(headers.get("date", "")) or now)).total_seconds()
    return int(max(0, min(seconds, LONGEST)))


def _time(value: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
