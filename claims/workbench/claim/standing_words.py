"""The words for what evidence counts as: figures in a line, why a row does not count, whom it relies on, its day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.independence.issuers import Form
from claims.independence.reliance import Source
from claims.models import Evidence
from claims.review.claim_time import When
from claims.review.standing import CountedPiece, EvidenceStanding, Group, Uncounted

WHEN: dict[When, str | Promise] = {
    When.BEFORE: gettext_lazy("before the claim's time"),
    When.KNOWN: gettext_lazy("known when it was said"),
    When.LATER: gettext_lazy("came later"),
    When.UNSURE: gettext_lazy("date too broad to tell"),
    When.UNKNOWN: gettext_lazy("date not known"),
}
UNCOUNTED: dict[Uncounted, str | Promise] = {
    Uncounted.REJECTED: gettext_lazy("seen, not used"),
    Uncounted.IRRELEVANT: gettext_lazy("not counted: irrelevant"),
    Uncounted.CONTACT: gettext_lazy("not counted: a note of whom was asked"),
    Uncounted.NOT_FETCHED: gettext_lazy("not counted: the address was not fetched"),
    Uncounted.OWN: gettext_lazy("not counted: the claim's own article or a copy"),
    Uncounted.REPEATS: gettext_lazy("not counted: repeats the claimant"),
}
GROUPS: dict[Group, str | Promise] = {
    Group.PRIMARY: gettext_lazy("Independent and primary"),
    Group.OTHER: gettext_lazy("Other"),
    Group.REPEATS: gettext_lazy("Repeats the claimant"),
}
FORMS: dict[Form, str | Promise] = {
    Form.STATISTICS: gettext_lazy("statistics office"),
    Form.COURT: gettext_lazy("court"),
    Form.AUTHORITY: gettext_lazy("authority"),
    Form.OBSERVER: gettext_lazy("observer or auditor"),
    Form.JUDGMENT: gettext_lazy("judgment"),
    Form.MINUTES: gettext_lazy("minutes"),
    Form.DATASET: gettext_lazy("data set"),
    Form.TRANSCRIPT: gettext_lazy("transcript"),
    Form.RELEASE: gettext_lazy("release of its own"),
    Form.WITNESS: gettext_lazy("own observation"),
}


def figures(counted: EvidenceStanding) -> str:
    """Return the figures in a line: 3 articles · 2 origins · 1 primary · 2 in the claim's time."""
    parts = [
        ngettext("%(n)d article", "%(n)d articles", counted.articles) % {"n": counted.articles},
        ngettext("%(n)d origin", "%(n)d origins", counted.origins) % {"n": counted.origins},
    ]
    if counted.primary:
        parts.append(ngettext("%(n)d primary", "%(n)d primary", counted.primary) % {"n": counted.primary})
    if counted.ultimate:
        parts.append(
            ngettext("%(n)d ultimate source", "%(n)d ultimate sources", counted.ultimate)
            % {"n": counted.ultimate}
        )
    if counted.in_time:
        parts.append(_("%(n)d in the claim's time") % {"n": counted.in_time})
    if counted.repeating:
        parts.append(
            ngettext(
                "%(n)d article repeats the claimant (no corroboration)",
                "%(n)d articles repeat the claimant (no corroboration)",
                counted.repeating,
            )
            % {"n": counted.repeating}
        )
    return " · ".join(parts)


def tally(counted: EvidenceStanding) -> str:
    """Return for and against in origins, as people judged them; empty before anybody did."""
    parts = [
        text % {"n": number}
        for number, text in (
            (counted.supports, _("%(n)d for")),
            (counted.partly, _("%(n)d partly")),
            (counted.refutes, _("%(n)d against")),
        )
        if number
    ]
    return " · ".join(parts)


#: As many marks as a glance can count.
MOST_PIPS = 9
_SIDES = (
    Evidence.Stance.REFUTES,
    Evidence.Stance.SUPPORTS,
    Evidence.Stance.PARTLY,
    Evidence.Stance.CONTEXT,
)


@dataclass(frozen=True, slots=True)
class TallySide:
    """One side of the tally: origins of this stance that count, and those beside them that do not."""

    stance: str
    counted: int
    besides: int

    @property
    def total(self) -> int:
        return self.counted + self.besides

    @property
    def label(self) -> str:
        return str(Evidence.Stance(self.stance).label)

    @property
    def pips(self) -> list[bool]:
        """Return a mark for each origin, filled where it counts."""
        return ([True] * self.counted + [False] * self.besides)[:MOST_PIPS]

    @property
    def sentence(self) -> str:
        """Return how many of the side's origins count, in words; empty where all do."""
        if not self.besides:
            return ""
        if not self.counted:
            return _("not counted")
        return (
            _("%(n)d counts") % {"n": self.counted}
            if self.counted == 1
            else (_("%(n)d count") % {"n": self.counted})
        )


def sides(pieces: Iterable[CountedPiece]) -> list[TallySide]:
    """Return what people judged, side by side: against, for, partly, context; empty sides are left out.

    What was rejected is on no side. The numbers that count are those of ``EvidenceStanding``.
    """
    rows = [one for one in pieces if not one.rejected]
    found = []
    for stance in _SIDES:
        here = [one for one in rows if one.stance == stance]
        counted = {one.origin for one in here if one.uncounted is None}
        besides = {one.origin for one in here} - counted
        if here:
            found.append(TallySide(stance.value, len(counted), len(besides)))
    return found


def relies_on(sources: Sequence[Source]) -> str:
    """Return whom a passage relies on, in words: "Ministry of Health (the claimant), its own reporting"."""
    names = []
    for one in sources:
        if one.itself:
            said = _("%(name)s itself") % {"name": one.name} if one.name else _("its own words")
        else:
            said = one.name or _("a source without a name")
        names.append(_("%(name)s (the claimant)") % {"name": said} if one.is_claimant else said)
    return ", ".join(names)
