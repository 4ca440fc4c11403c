"""Which claims, jobs and fact checks are asked for? Filters shared by the pages, the admin and the API.

Free words are not here: they go to the search engine, never to LIKE.
"""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Claimant, Desk, FactCheck, Rating, Review, User, Verdict


def current_reviews() -> QuerySet[Review]:
    """Return of every claim the newest pass of people over it."""
    newer = Review.objects.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
    return Review.objects.filter(~Exists(newer)).order_by()


class ClaimFilter(filters.FilterSet):
    """Claims of one desk by where their newest review stands, who works on them, rating and claimant.

    ``assignee`` is a person's id, ``me`` or ``nobody``; ``state`` may also be ``open``.
    """

    state = filters.ChoiceFilter(
        choices=[("open", _("all open ones")), *Review.State.choices],
        method="by_state",
        label=_("State"),
        empty_label=_("any"),
    )
    assignee = filters.CharFilter(method="by_assignee", label=_("Assignee"))
    rating = filters.ModelChoiceFilter(
        queryset=Rating.objects.none(), method="by_rating", label=_("Rating"), empty_label=_("any")
    )
    claimant = filters.ModelChoiceFilter(
        queryset=Claimant.objects.none(), label=_("Claimant"), empty_label=_("any")
    )
    evidence = filters.ChoiceFilter(
        choices=[("found", _("found")), ("none", _("none found")), ("unsearched", _("not searched yet"))],
        method="by_evidence",
        label=_("Evidence"),
        empty_label=_("any"),
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    def __init__(self, *args: Any, desk: Desk | None = None, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user or getattr(self.request, "user", None)
        ratings = Rating.objects.select_related("scale").order_by("-scale__version", "position", "pk")
        claimants = Claimant.objects.standing()
        if isinstance(self.user, User):
            claimants = claimants.visible_to(self.user)
        if desk is not None:
            ratings = ratings.filter(scale__desk=desk, scale__is_current=True)
            claimants = claimants.filter(desk=desk)
        elif isinstance(self.user, User):
            desks = Desk.objects.for_user(self.user)
            ratings = ratings.filter(scale__desk__in=desks)
        self.filters["rating"].queryset = ratings
        self.filters["claimant"].queryset = claimants

    def by_state(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        reviews = current_reviews()
        if value == "open":
            # At most one review of a claim is open, and it is the newest.
            reviews = Review.objects.open().order_by()
        else:
            reviews = reviews.filter(state=value)
        return rows.filter(Exists(reviews.filter(claim=OuterRef("pk"))))

    def by_assignee(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        reviews = current_reviews().filter(claim=OuterRef("pk"))
        if value == "nobody":
            return rows.filter(Exists(reviews.filter(assignee=None)))
        if value == "me" and self.user is not None and self.user.pk:
            return rows.filter(Exists(reviews.filter(assignee=self.user)))
        if value.isdecimal() and len(value) < 19:
            return rows.filter(Exists(reviews.filter(assignee=int(value))))
        return rows

    def by_rating(self, rows: QuerySet[Claim], name: str, value: Rating) -> QuerySet[Claim]:
        newest = Verdict.objects.filter(claim=OuterRef("pk")).order_by("-review__number", "-number", "-pk")
        return rows.annotate(newest_rating=Subquery(newest.values("rating")[:1])).filter(
            newest_rating=value.pk
        )

    def by_evidence(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        if value == "unsearched":
            return rows.filter(searched_at=None)
        found = rows.filter(searched_at__isnull=False)
        return found.filter(origins_found__gt=0) if value == "found" else found.filter(origins_found=0)


class Shown(models.TextChoices):
    """Parts of the list of published checks."""

    LIVE = "live", _("live")
    SUSPENDED = "suspended", _("suspended")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CORRECTED = "corrected", _("changed since")
    IMPORTED = "imported", _("imported")


class FactCheckFilter(filters.FilterSet):
    """Fact checks by what the public sees of them, and whose they are."""

    show = filters.ChoiceFilter(
        choices=Shown.choices, method="by_part", label=_("Show"), empty_label=_("all own")
    )

    class Meta:
        model = FactCheck
        fields: list[str] = []

    def by_part(self, rows: QuerySet[FactCheck], name: str, value: str) -> QuerySet[FactCheck]:
        if value == Shown.IMPORTED:
            return rows.filter(imported=True)
        rows = rows.filter(imported=False)
        if value == Shown.CORRECTED:
            return rows.filter(releases__kind__in=["clarification", "correction", "update"]).distinct()
        return rows.filter(status=value)
