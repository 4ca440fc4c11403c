"""What does a desk need before its first fact check? Five steps, each judged by what is there, not by ticks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.actions.base import EDITORS
from claims.models import AuditEvent, Desk, Document, FactCheck, Feed, RatingScale, User, Verdict
from claims.models.kept import kept
from claims.models.together import Asking
from claims.review.deciding import APPROVERS
from claims.vocabulary import Role

#: From so many articles on there is something to search in.
AN_ARCHIVE = 20


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One thing to do, why, where, and whether it is done."""

    title: str
    why: str
    address: str
    done: bool


def put_away_as(desk: Desk) -> str:
    """Return the name under which a person puts the steps of a desk away."""
    return f"steps-{desk.pk}"


def first_steps(desk: Desk, user: User, roles: frozenset[Role]) -> Asking[list[FirstStep]]:
    """Ask for the steps of whoever sets up the desk; none when all are done, or when they were put away."""
    if roles.isdisjoint(EDITORS) or put_away_as(desk) in user.put_away:
        return []
    known = yield from _known(desk)
    settings = reverse("settings", args=[desk.slug])
    steps = [
        FirstStep(
            _("Name the desk"),
            _("Its name, time zone and rules of approval; the name stands on every published check."),
            settings,
            known["named"],
        ),
        FirstStep(
            _("Look at the rating scale"),
            _(
                "Labels and what each of them means. Change them before the first verdict; later is a new version."
            ),
            f"{settings}#scale",
            known["scale"],
        ),
        FirstStep(
            _("Bring in your colleagues"),
            _("Nobody approves what they wrote: you need a second person who may approve."),
            reverse("people", args=[desk.slug]),
            known["people"],
        ),
        FirstStep(
            _("Add the first article"),
            _(
                "Paste a text or an address, or drop a file. Its claims are found; you accept what is worth checking."
            ),
            f"{reverse('desk', args=[desk.slug])}#add-title",
            known["article"],
        ),
        FirstStep(
            _("Fill the archive"),
            _("Evidence is found in what you have: feeds of outlets, a folder of articles, earlier checks."),
            reverse("feeds", args=[desk.slug]),
            known["archive"],
        ),
    ]
    return [] if all(step.done for step in steps) else steps


def _known(desk: Desk) -> Asking[dict[str, bool]]:
    found, first = _done(desk.pk), _articles(desk.pk)
    yield found, first
    (row,), documents = found, len(first)
    return {
        "named": row["named"],
        "scale": row["scaled"] or row["judged"],
        "people": row["members"] > 1 and row["approvers"] > 0,
        "article": documents > 0,
        "archive": row["asked"] or row["imported"] or documents >= AN_ARCHIVE,
    }


@kept
def _articles(desk: int) -> QuerySet[Document]:
    return Document.objects.for_desk(desk).order_by().only("pk")[:AN_ARCHIVE]


@kept
def _done(desk: int) -> QuerySet[Any, Any]:
    """Ask what a desk has, by name."""
    # Asked of the things themselves: a desk's own log may be millions of lines.
    of_desk = AuditEvent.objects.filter(object_kind="desk", object_id=OuterRef("pk")).order_by()
    of_scales = AuditEvent.objects.filter(
        object_kind="ratingscale", object_id__in=RatingScale.objects.filter(desk=desk).order_by().values("pk")
    ).order_by()
    return (
        Desk.objects.filter(pk=desk)
        .order_by()
        .annotate(
            named=Exists(of_desk.filter(verb="desk.changed")),
            scaled=Exists(of_scales.filter(verb="scale.made")),
            judged=Exists(Verdict.objects.filter(desk=OuterRef("pk")).order_by()),
            asked=Exists(Feed.objects.filter(desk=OuterRef("pk")).order_by()),
            imported=Exists(FactCheck.objects.filter(desk=OuterRef("pk"), claim=None).order_by()),
            members=Count("memberships__user", distinct=True),
            approvers=Count(
                "memberships__user",
                filter=Q(memberships__role__in=[role.value for role in APPROVERS]),
                distinct=True,
            ),
        )
        .values("named", "scaled", "judged", "asked", "imported", "members", "approvers")
    )
