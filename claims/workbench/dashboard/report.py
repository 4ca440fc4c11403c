"""What can a desk show for each criterion of the codes of practice, and of what does it have no data?

The criteria are those of the IFCN Code of Principles (five principles) and the EFCSN Code of Standards, in our words
and in short. Each line is a fact of this desk in the period, or says that the workbench does not know it: what a
desk does beyond the workbench (funding, ownership, training) is for people to write down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.models import Desk, Rating
from claims.models.figures import DeskFigures
from claims.review import figures
from claims.vocabulary import ReleaseKind


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence: something that was done, something that is missing, or something that is not known here."""

    words: str
    kind: str = "done"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion with the codes that ask for it, and what this desk can show."""

    title: str
    codes: str
    facts: tuple[Fact, ...]


def _missing(words: str) -> Fact:
    return Fact(words, "missing")


def _unknown(words: str) -> Fact:
    return Fact(words, "unknown")


def _percent(some: int, whole: int) -> str:
    share = figures.share(some, whole)
    return "–" if share is None else f"{round(share * 100)} %"


def criteria(desk: Desk, found: DeskFigures, scale: Sequence[Rating]) -> list[Criterion]:
    """Return the criteria in the order of the codes, each with its facts; ``scale`` is the one in use."""
    return [
        _fairness(found),
        _sources(found),
        _organisation(desk),
        _methodology(desk, found, scale),
        _corrections(desk, found),
    ]


def _no_checks() -> Fact:
    return _unknown(_("No check was first published in this period, so there is nothing to count."))


def _fairness(found: DeskFigures) -> Criterion:
    checks = found.checks
    facts = []
    if checks:
        lines = figures.balance(checks, lambda one: (one.claimant,) if one.claimant else ())
        named = sum(1 for one in checks if one.claimant)
        people = len({one.claimant for one in checks if one.claimant})
        facts.append(
            Fact(
                _("%(n)d checks of claims by %(people)d claimants were published.")
                % {"n": len(checks), "people": people}
            )
        )
        if lines and named:
            facts.append(
                Fact(
                    _(
                        "The claimant checked most often, %(name)s, made %(share)s of the claims that have a claimant."
                    )
                    % {"name": lines[0].name, "share": _percent(lines[0].count, named)}
                )
            )
        tagged = sum(1 for one in checks if one.tags)
        facts.append(
            Fact(_("%s of the checks have a topic.") % _percent(tagged, len(checks)))
            if tagged
            else _missing(_("No check has a tag, so topics cannot be compared."))
        )
    else:
        facts.append(_no_checks())
    facts.append(
        _unknown(
            _(
                "Which side a claimant belongs to is not kept here; the balance by claimant is below to be judged."
            )
        )
    )
    return Criterion(_("Non-partisanship and fairness"), "IFCN 1 · EFCSN 2", tuple(facts))


def _sources(found: DeskFigures) -> Criterion:
    known = [one for one in found.checks if one.sources is not None]
    facts = []
    if known:
        middle = figures.spread(float(one.sources or 0) for one in known).half
        several = sum(1 for one in known if (one.origins or 0) >= 2)
        none = sum(1 for one in known if not one.sources)
        facts += [
            Fact(_("Half of the checks cite at least %d sources.") % int(middle or 0)),
            Fact(
                _("%(share)s of the checks rest on two or more independent origins (%(some)d of %(all)d).")
                % {"share": _percent(several, len(known)), "some": several, "all": len(known)}
            ),
            Fact(_("Every check cites a source."))
            if not none
            else _missing(ngettext("%d check cites no source.", "%d checks cite no source.", none) % none),
        ]
    else:
        facts.append(_no_checks())
    if found.approvals:
        facts.append(
            Fact(
                _(
                    "%(n)d approvals were given by somebody who had not written the verdict; %(unread)d of them "
                    "without all sources opened, each with a reason that is logged."
                )
                % {"n": found.approvals, "unread": found.approvals_unread}
            )
        )
    else:
        facts.append(_unknown(_("No approval was given in this period.")))
    return Criterion(_("Standards and transparency of sources"), "IFCN 2 · EFCSN 3", tuple(facts))


def _organisation(desk: Desk) -> Criterion:
    facts = [
        Fact(_("The page about the desk is public."))
        if desk.about.strip()
        else _missing(_("There is no page about the desk yet; write it in the settings.")),
        Fact(_("Readers find out whom to write to."))
        if desk.contact.strip()
        else _missing(_("There are no words on how to reach the desk yet; write them in the settings.")),
        Fact(_("The newsroom's address is given: %s") % desk.newsroom_url)
        if desk.newsroom_url
        else _missing(_("The newsroom's address is not given.")),
        _unknown(
            _(
                "Funding, ownership and the people behind the desk are not kept here. Whether the page names them has "
                "to be read."
            )
        ),
    ]
    return Criterion(_("Transparency of funding and organisation"), "IFCN 3 · EFCSN 4", tuple(facts))


def _methodology(desk: Desk, found: DeskFigures, scale: Sequence[Rating]) -> Criterion:
    defined = [row for row in scale if row.label and row.definition]
    facts = [
        Fact(_("The method is public."))
        if desk.method.strip()
        else _missing(_("There is no page on the method yet; write it in the settings.")),
        Fact(
            _("The rating scale (version %(version)d) has %(n)d labels, each with its definition.")
            % {"version": scale[0].scale.version, "n": len(defined)}
        )
        if scale and len(defined) == len(scale)
        else _missing(_("The rating scale has labels without a definition.")),
        Fact(
            _(
                "A verdict needs %(editorial)d editorial and %(legal)d legal approvals by others than its authors."
            )
            % {"editorial": desk.editorial_approvals, "legal": desk.legal_approvals}
        ),
    ]
    if found.panels is not None and found.panels.agreement.percent is not None:
        shown = found.panels.agreement
        facts.append(
            Fact(
                ngettext(
                    "On %(n)d claim several people formed opinions apart; %(share)d %% of pairs found the same.",
                    "On %(n)d claims several people formed opinions apart; %(share)d %% of pairs found the same.",
                    shown.units,
                )
                % {"n": shown.units, "share": round((shown.percent or 0) * 100)}
            )
        )
    waiting = sum(one.count for one in found.waiting)
    facts.append(Fact(ngettext("%d claim is open now.", "%d claims are open now.", waiting) % waiting))
    return Criterion(_("Transparency of methodology"), "IFCN 4 · EFCSN 5", tuple(facts))


def _corrections(desk: Desk, found: DeskFigures) -> Criterion:
    counts = found.releases
    told = counts[ReleaseKind.CORRECTION] + counts[ReleaseKind.CLARIFICATION] + counts[ReleaseKind.UPDATE]
    complaints = found.complaints
    facts = [
        Fact(
            _(
                "%(corrections)d corrections, %(clarifications)d clarifications, %(updates)d updates, "
                "%(withdrawn)d withdrawals; each is public with its note."
            )
            % {
                "corrections": counts[ReleaseKind.CORRECTION],
                "clarifications": counts[ReleaseKind.CLARIFICATION],
                "updates": counts[ReleaseKind.UPDATE],
                "withdrawn": counts[ReleaseKind.WITHDRAWAL],
            }
        )
        if told or counts[ReleaseKind.WITHDRAWAL]
        else Fact(_("Nothing that is published was corrected, clarified, updated or withdrawn.")),
    ]
    if complaints.received:
        facts.append(
            Fact(
                _(
                    "%(received)d complaints came in by the form; %(settled)d are settled, %(in_time)d of them in time."
                )
                % {
                    "received": complaints.received,
                    "settled": complaints.settled,
                    "in_time": complaints.in_time,
                }
            )
        )
        if complaints.overdue:
            late = complaints.overdue
            facts.append(_missing(ngettext("%d is overdue.", "%d are overdue.", late) % late))
    else:
        facts.append(
            _unknown(_("No complaint came in by the form; what came by other ways is not kept here."))
        )
    return Criterion(_("Open and honest corrections"), "IFCN 5 · EFCSN 6", tuple(facts))
