"""The few words that feeds say themselves: titles and notices of checks that are not live."""

from __future__ import annotations

import calendar
import datetime as dt

from claims.exports.payload import Payload
from claims.vocabulary import CheckStatus


def title(payload: Payload) -> str:
    """Return the headline, with its status before it where the check is not live."""
    prefix = {
        CheckStatus.LIVE: "",
        CheckStatus.SUSPENDED: "Suspended: ",
        CheckStatus.WITHDRAWN: "Withdrawn: ",
    }
    return prefix[payload.status] + payload.headline


def notice(payload: Payload) -> str:
    """Return the sentence that stands in place of a check that is not live, and the public note."""
    day = _in_words(payload.modified_at.date())
    if payload.status is CheckStatus.WITHDRAWN:
        text = f"This fact check was withdrawn on {day} and should no longer be used."
    else:
        text = f"This fact check was suspended on {day} while it is being reviewed."
    return f"{text} {payload.public_note}".strip()


def _in_words(day: dt.date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
