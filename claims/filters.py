"""Which claims, jobs and fact checks are asked for? Filters shared by the pages, the admin and the API.

Free words are not here: they go to the search engine, never to LIKE.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Claimant, ClaimantAlias, Desk, FactCheck, Rating, Review, User, Verdict
from claims.models.fields import key_of


def current_reviews() -> QuerySet[Review]:
    """Return of every claim the newest pass of people over it."""
    newer = Review.objects.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
    return Review.objects.filter(~Exists(newer)).order_by()


#: So many claimants are meant by the beginning of a name.
MEANT = 50


def named(known: QuerySet[Claimant], value: str, user: User | AnonymousUser | None) -> list[int]:
    """Return which of these claimants a number or a name means; none where nothing fits."""
    if value.isascii() and value.isdecimal() and len(value) < 19:
        return list(known.filter(pk=int(value)).order_by().values_list("pk", flat=True))
    key = key_of(value.replace("\x00", " "))
    if not key:
        return []
    aliases = ClaimantAlias.objects.filter(alias_key=key)
    if isinstance(user, User):
        aliases = aliases.visible_to(user)
    whole = known.filter(models.Q(name_key=key) | models.Q(pk__in=aliases.order_by().values("claimant")))
    found = list(whole.order_by().values_list("pk", flat=True)[:MEANT])
    if found:
        return found
    return list(
        known.filter(name_key__startswith=key).order_by("name_key", "id").values_list("pk", flat=True)[:MEANT]
    )


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
    claimant = filters.CharFilter(method="by_claimant", label=_("Claimant"), max_length=200)
    evidence = filters.ChoiceFilter(
        choices=[("found", _("found")), ("none", _("none found")), ("unsearched", _("not searched yet"))],
        method="by_evidence",
        label=_("Evidence"),
        empty_label=_("any"),
    )

    due = filters.ChoiceFilter(
        choices=[
            ("overdue", _("overdue")),
            ("day", _("within a day")),
            ("week", _("within a week")),
            ("set", _("at some time")),
        ],
        method="by_due",
        label=_("Due"),
        empty_label=_("any"),
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    def __init__(self, *args: Any, desk: Desk | None = None, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user or getattr(self.request, "user", None)
        ratings = Rating.objects.select_related("scale").order_by("-scale__version", "position", "pk")
        self.desk = desk
        if desk is not None:
            ratings = ratings.filter(scale__desk=desk, scale__is_current=True)
        elif isinstance(self.user, User):
            desks = Desk.objects.for_user(self.user)
            ratings = ratings.filter(scale__desk__in=desks)
        self.filters["rating"].queryset = ratings

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
        # An address edited by hand means nobody, and never everybody.
        return rows.none()

    def by_claimant(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        """By the number of a claimant, or by a name: the whole of it, another name, or how it begins."""
        known = Claimant.objects.standing()
        if isinstance(self.user, User):
            known = known.visible_to(self.user)
        if self.desk is not None:
            known = known.filter(desk=self.desk)
        return rows.filter(claimant__in=named(known, value, self.user))

    def by_rating(self, rows: QuerySet[Claim], name: str, value: Rating) -> QuerySet[Claim]:
        newest = Verdict.objects.filter(claim=OuterRef("pk")).order_by("-review__number", "-number", "-pk")
        return rows.annotate(newest_rating=Subquery(newest.values("rating")[:1])).filter(
            newest_rating=value.pk
        )

    def by_due(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        """By when it is due, of claims that somebody is to check."""
        now = timezone.now()
        until = {"overdue": now, "day": now + dt.timedelta(days=1), "week": now + dt.timedelta(days=7)}
        rows = rows.filter(due_at__isnull=False)
        rows = rows.filter(due_at__lt=until[value]) if value in until else rows
        return rows.filter(Exists(Review.objects.open().order_by().filter(claim=OuterRef("pk"))))

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
