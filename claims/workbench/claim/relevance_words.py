"""Why does a passage bear on a claim, in words? At most three reasons, the strongest first.

Reasons are stored as names and figures (``claims.relevance``); what stands in a language is said here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

MOST = 3
_SAID = {
    "name": gettext_lazy("same name"),
    "names": gettext_lazy("same names"),
    "figure": gettext_lazy("same figure"),
    "figures": gettext_lazy("same figures"),
    "date": gettext_lazy("same date"),
    "sense": gettext_lazy("says something alike"),
    "by_meaning": gettext_lazy("found by its meaning, in other words than the claim"),
    "wording": gettext_lazy("same wording"),
    "words": gettext_lazy("most words in common"),
    "some_words": gettext_lazy("some words in common"),
    "title": gettext_lazy("named in the title"),
    "same_day": gettext_lazy("published the same day"),
    "asked": gettext_lazy("holds the words asked for"),
}


def in_words(reasons: Iterable[Mapping[str, Any]]) -> str:
    """Return up to three reasons as one line: same name · same figure · two days later."""
    said = [text for one in reasons if (text := _said(one))]
    return " · ".join(said[:MOST])


def _said(reason: Mapping[str, Any]) -> str:
    name = str(reason.get("name", ""))
    days = reason.get("days")
    if name in ("later", "earlier") and isinstance(days, int):
        n = {"n": days}
        if name == "later":
            return (
                _("one day later") if days == 1 else ngettext("%(n)d day later", "%(n)d days later", days) % n
            )
        return (
            _("one day earlier")
            if days == 1
            else ngettext("%(n)d day earlier", "%(n)d days earlier", days) % n
        )
    return str(_SAID.get(name, ""))
