"""The few words that feeds say themselves: titles and notices of checks that are not live.

They are in the language of the check, whoever reads: a feed has one text for everybody. Languages without words
here get the English ones.
"""

from __future__ import annotations

import datetime as dt

from claims.exports.payload import Payload
from claims.vocabulary import CheckStatus

_PREFIX = {
    "en": {CheckStatus.SUSPENDED: "Suspended: ", CheckStatus.WITHDRAWN: "Withdrawn: "},
    "de": {CheckStatus.SUSPENDED: "Ausgesetzt: ", CheckStatus.WITHDRAWN: "Zurückgezogen: "},
}
_NOTICE = {
    "en": {
        CheckStatus.SUSPENDED: "This fact check was suspended on {day} while it is being reviewed.",
        CheckStatus.WITHDRAWN: "This fact check was withdrawn on {day} and should no longer be used.",
    },
    "de": {
        CheckStatus.SUSPENDED: "Dieser Faktencheck ist seit {day} ausgesetzt und wird überprüft.",
        CheckStatus.WITHDRAWN: (
            "Dieser Faktencheck wurde am {day} zurückgezogen und sollte nicht mehr verwendet werden."
        ),
    },
}
# fmt: off
_MONTHS = {
    "en": [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ],
    "de": [
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ],
}
# fmt: on


def title(payload: Payload) -> str:
    """Return the headline, with its status before it where the check is not live."""
    return _PREFIX[_language(payload)].get(payload.status, "") + payload.headline


def notice(payload: Payload) -> str:
    """Return the sentence that stands in place of a check that is not live, and the public note."""
    language = _language(payload)
    status = CheckStatus.WITHDRAWN if payload.status is CheckStatus.WITHDRAWN else CheckStatus.SUSPENDED
    text = _NOTICE[language][status].format(day=_in_words(payload.modified_at.date(), language))
    return f"{text} {payload.public_note}".strip()


def _language(payload: Payload) -> str:
    primary = payload.language.lower().partition("-")[0]
    return primary if primary in _NOTICE else "en"


def _in_words(day: dt.date, language: str) -> str:
    return f"{day.day}{'.' if language == 'de' else ''} {_MONTHS[language][day.month - 1]} {day.year}"
