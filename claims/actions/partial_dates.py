"""How does a partial date that somebody typed, or a page stated, become the three columns of a row?"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from claims.actions import base
from claims.language.partial_dates import PartialDate


def columns(name: str, value: str) -> dict[str, object]:
    """Return value and bounds for the columns ``name``, ``name_earliest`` and ``name_latest``.

    Raises Refused where the value is no partial date.
    """
    if not value.strip():
        return {name: "", f"{name}_earliest": None, f"{name}_latest": None}
    try:
        date = PartialDate.parse(value)
    except ValueError as error:
        raise base.Refused(str(error)) from error
    if len(date.value) > 40:
        raise base.Refused(_("The date is too long."))
    return {name: date.value, f"{name}_earliest": date.earliest, f"{name}_latest": date.latest}


def past(name: str, value: str, *, now: dt.datetime, what: str) -> dict[str, object]:
    """Like ``columns``, for something that has happened: it has a place on the calendar, and no future one.

    ``what`` completes “… lies in the future”. A day ahead is let through: it has begun somewhere.
    """
    found = columns(name, value)
    if not found[name]:
        return found
    earliest = found[f"{name}_earliest"]
    if not isinstance(earliest, dt.date):
        raise base.Refused(
            _("“%(value)s” names no year. Write 2020, 2020-10 or 2020-10-14.") % {"value": value}
        )
    if earliest > (now + dt.timedelta(days=1)).date():
        raise base.Refused(
            _("%(what)s lies in the future (%(value)s). Check the year, or leave it empty.")
            % {"what": what, "value": found[name]}
        )
    return found
