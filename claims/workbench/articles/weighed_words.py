"""How does a page tell what a learned head weighed? One line: what it decided, how surely, what spoke for and against.

Heads name their circumstances for training; those that are grammar are said here as a person would. Names that tell
nothing alone (a length, a share of words, that the rules weighed it) are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

_SAID = {
    "the rules": _lazy("the rules call it a fact"),
    "checkable:judgement": _lazy("a judging word"),
    "class article": _lazy("the article asserts it"),
    "class reported": _lazy("it is reported speech"),
    "class quoted": _lazy("it is a quotation"),
    "class premise": _lazy("it is taken as given"),
    "first full verb VBD": _lazy("it is told in the past"),
    "first full verb VBZ": _lazy("it is told in the present"),
    "first full verb VBP": _lazy("it is told in the present"),
    "first full verb MD": _lazy("it says what will, can or should be"),
    "first full verb none": _lazy("it has no full verb"),
    "share of adjectives": _lazy("its adjectives"),
    "share of adverbs": _lazy("its adverbs"),
    "share of names": _lazy("its names"),
    "share of pronouns": _lazy("its pronouns"),
}
_SILENT = ("length", "begins as ", "share of ", "checkable:", "distance in")
_DECIDED = {
    ("checkable", "fact"): _lazy("content can be checked"),
    ("checkable", "said"): _lazy("only that it was said can be checked"),
}


def weighed(stored: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return a line for each question a head decided, by the question."""
    lines = {}
    for row in stored:
        question = str(row.get("question", ""))
        decided = str(row.get("decided", ""))
        told = _DECIDED.get((question, decided), decided)
        parts = [_("weighed: %(what)s, %(chance)d %%") % {"what": told, "chance": round(100 * row["chance"])}]
        if reasons := _words(row.get("spoke_for", ())):
            parts.append(_("for it: %(reasons)s") % {"reasons": ", ".join(reasons)})
        if reasons := _words(row.get("spoke_against", ())):
            parts.append(_("against it: %(reasons)s") % {"reasons": ", ".join(reasons)})
        lines[question] = "; ".join(parts)
    return lines


def _words(names: Iterable[str]) -> list[str]:
    found = [
        str(_SAID[name]) if name in _SAID else name
        for name in names
        if name in _SAID or not name.startswith(_SILENT)
    ]
    return list(dict.fromkeys(found))
