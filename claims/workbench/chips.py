"""What narrows this list, in words? Each filter of an address as a chip with a link that takes it away.

An address may be shared, kept for months, or typed by hand: what it asks for and cannot be had is said in a
sentence, and the list is then empty rather than whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_filters import FilterSet

from claims.filters import MeantTag

#: What an address holds besides filters.
NO_FILTERS = ("after", "before", "selection", "sort", "view", "desk")
#: Taken away with a filter: a page and ticks belong to the list as it was.
_WITH_IT = ("after", "before", "selection", "view")


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force: what it is about, what it says, the address without it, and what is wrong with it."""

    about: str
    words: str
    without: str
    problem: str = ""


@dataclass
class FiltersAsked:
    """What an address asks of a list, in words."""

    chips: list[Chip] = field(default_factory=list)
    # What is no filter at all; the list is shown as if it were not there.
    unknown: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        return [chip.problem for chip in self.chips if chip.problem]

    @property
    def notes(self) -> list[str]:
        """All sentences about what cannot be had."""
        strange = [_("“%s” is no filter of this list, and changes nothing.") % name for name in self.unknown]
        return [*self.problems, *strange]


def without(query: QueryDict, name: str, value: str | None = None) -> str:
    """Return the address part without one filter, or one of its values; what stays empty leads to everything."""
    rest = query.copy()
    values = [one for one in rest.getlist(name) if value is not None and one != value]
    rest.setlist(name, values)
    for other in (*_WITH_IT, *(() if values else (name,))):
        rest.pop(other, None)
    for other in [key for key in rest if not any(rest.getlist(key))]:
        rest.pop(other)
    # A list that is opened without anything may open with a view of one's own.
    return f"?{rest.urlencode()}" if any(key != "sort" for key in rest) else "?view=all"


def asked(
    query: QueryDict,
    chosen: FilterSet,
    words: Mapping[str, Callable[[str], str]],
    *,
    more: Iterable[str] = (),
    named: Mapping[str, tuple[str, Callable[[str], str]]] | None = None,
) -> FiltersAsked:
    """Return the chips of an address.

    ``words`` says for a filter what a value means, or returns an empty string where it means nothing at this
    desk; the others say themselves. ``more`` are filters that the filter set does not know, such as free words;
    ``named`` says what they are called, and what they mean.
    """
    found = FiltersAsked()
    errors = chosen.errors if chosen.is_bound else {}
    labels = {name: str(one.label or name) for name, one in chosen.filters.items()}
    tags = {meant.value: meant for meant in chosen.tags()} if hasattr(chosen, "tags") else {}
    for name in query:
        values = [value for value in query.getlist(name) if value.replace("\x00", " ").strip()]
        if not values or name in NO_FILTERS:
            continue
        if name not in labels and name not in more:
            found.unknown.append(name[:40])
            continue
        if name == "tag":
            found.chips += [
                _tag(query, value, tags.get(value.strip()[:200].replace("\x00", " ")))
                for value in dict.fromkeys(values)
            ]
            continue
        value = values[-1]
        called, meaning = (named or {}).get(name, (labels.get(name, _("Words")), words.get(name, str)))
        label = str(called)
        said = "" if name in errors else meaning(value)
        problem = "" if said else nothing_meant(label, value)
        found.chips.append(Chip(label, said or _shown(value), without(query, name), problem))
    return found


def nothing_meant(label: str, value: str) -> str:
    """Say that a filter's value means nothing here."""
    return _("“%(value)s” means nothing under “%(label)s” at this desk, so nothing is shown.") % {
        "value": _shown(value),
        "label": label,
    }


def _shown(value: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in value[:60])


def _tag(query: QueryDict, value: str, meant: MeantTag | None) -> Chip:
    rest = without(query, "tag", value)
    if meant is not None and meant.tag is not None:
        return Chip(_("Tag"), meant.tag.name, rest)
    if meant is not None and meant.gone:
        problem = _("The tag “%s” was removed from this desk, so nothing is shown.") % meant.gone
        return Chip(_("Tag"), meant.gone, rest, problem)
    if meant is None:
        return Chip(_("Tag"), _shown(value), rest, _("So many tags at once cannot be asked for."))
    return Chip(_("Tag"), _shown(value), rest, _("There is no tag “%s” at this desk.") % _shown(value))


def day_words(value: str) -> str:
    """Return a day of an address in words; empty where it is none."""
    try:
        day = dt.date.fromisoformat(value.strip())
    except ValueError:
        return ""
    return str(date_format(day, "DATE_FORMAT"))
