"""Do two date values say the same, in whichever spelling?

The same days are the same date ("2019-SU" and "2019-06/2019-08", "2019-Q3" and "2019-07/2019-09"), the same length of
time is the same duration ("P2W" and "P14D"). A day is no month, a duration is no point in time, and what two values
together say is never put together.
"""

from __future__ import annotations

import re

from claims.language.dates import almanac
from claims.language.partial_dates import PartialDate

_SEASON = re.compile(r"(\d{4})-(SP|SU|FA|WI)\Z")
_LENGTH = re.compile(
    r"P(?=\d|T\d)(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?\Z"
)


def canonical(value: str) -> str:
    """Return one spelling for all values that say the same; what cannot be read stays as it is."""
    value = value.strip()
    season = _SEASON.match(value)
    if season is not None:
        bounds = almanac.part_bounds(season[2], int(season[1]))
        return f"{bounds[0]}/{bounds[1]}" if bounds is not None else value
    length = _LENGTH.match(value)
    if length is not None:
        years, months, weeks, days, hours, minutes, seconds = (float(part or 0) for part in length.groups())
        short = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds
        return f"P{12 * years + months:g}M{short:g}S"
    try:
        read = PartialDate.parse(value)
    except ValueError:
        return value
    if read.earliest is None or read.latest is None:
        return value
    return f"{read.earliest}/{read.latest}"
