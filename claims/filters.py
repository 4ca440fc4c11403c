"""Which claims, jobs and fact checks are asked for? Filters shared by the pages, the admin and the API.

Free words are not here: they go to the search engine, never to LIKE.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters as filters
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import (
    AnalysisRun,
    Appearance,
    AuditEvent,
    Claim,
    Claimant,
    ClaimantAlias,
    ClaimTag,
    Desk,
    DeskNote,
    Document,
    DocumentTag,
    FactCheck,
    Outlet,
    Rating,
    Release,
    Review,
    Tag,
    User,
    Verdict,
)
from claims.models.fields import key_of, row_number
from claims.models.figures import begins
from claims.models.panels import claims_kept_blind
from claims.models.reviews import OPEN_STATES


def current_reviews() -> QuerySet[Review]:
    """Return of every claim the newest pass of people over it."""
    newer = Review.objects.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
    return Review.objects.filter(~Exists(newer)).order_by()


#: States that few of a desk's claims are in at a time, however many it has: those are read from the reviews.
_FEW = (Review.State.IN_PROGRESS, Review.State.AWAITING_APPROVAL, Review.State.APPROVED)
#: So many claimants are meant by the beginning of a name.
MEANT = 50


def named(known: QuerySet[Claimant], value: str, user: User | AnonymousUser | None) -> list[int]:
    """Return which of these claimants a number or a name means; none where nothing fits."""
    number = row_number(value)
    if number is not None:
        return list(known.filter(pk=number).order_by().values_list("pk", flat=True))
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


#: So many tags may narrow a list at once.
TAGS = 5


@dataclass(frozen=True, slots=True)
class MeantTag:
    """What one value of an address means: a tag that is there, or the name of one that is gone, or nothing."""

    value: str
    tag: Tag | None = None
    gone: str = ""


def meant_tags(desk: Desk, values: Iterable[str], *, most: int = TAGS) -> list[MeantTag]:
    """Return which tags an address means, by number or by name; a merged one means the one it was merged into."""
    wanted = list(dict.fromkeys(value.strip()[:200].replace("\x00", " ") for value in values))[:most]
    wanted = [value for value in wanted if value]
    if not wanted:
        return []
    numbers = [number for value in wanted if (number := row_number(value)) is not None]
    keys = [key_of(value) for value in wanted]
    rows = list(
        Tag.objects.filter(models.Q(pk__in=numbers) | models.Q(name_key__in=keys), desk=desk)
        .select_related("merged_into")
        .order_by("id")
    )
    by_number = {row.pk: row for row in rows}
    by_name: dict[str, Tag] = {}
    for known in rows:
        if known.name_key not in by_name or known.removed_at is None:
            by_name[known.name_key] = known
    found = []
    for value in wanted:
        row = by_number.get(row_number(value) or 0) or by_name.get(key_of(value))
        if row is not None and row.merged_into is not None:
            row = row.merged_into
        gone = row.name if row is not None and row.removed_at is not None else ""
        found.append(MeantTag(value, None if gone else row, gone))
    return found


class DeskListFilter(filters.FilterSet):
    """Filters of every list of a desk: by its days (``since`` and ``until`` are both within) and by its tags.

    ``user`` is who asks, from whom some tags are kept.
    ``known_tags`` are those that were read for several filters at once, by what an address says.
    """

    since = filters.DateFilter(method="by_since", label=_("Since"))
    until = filters.DateFilter(method="by_until", label=_("Until"))
    tag = filters.CharFilter(method="by_tag", label=_("Tag"), max_length=200)
    dated = "created_at"

    def __init__(
        self,
        *args: Any,
        desk: Desk,
        user: User,
        known_tags: Mapping[str, MeantTag] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.desk, self.user, self.known_tags = desk, user, known_tags
        self._tags: list[MeantTag] | None = None

    def by_since(self, rows: QuerySet[Any], name: str, value: dt.date) -> QuerySet[Any]:
        if value.year < 2:
            return rows
        return rows.filter(**{f"{self.dated}__gte": begins(self.desk, value)})

    def by_until(self, rows: QuerySet[Any], name: str, value: dt.date) -> QuerySet[Any]:
        if value.year > 9990:
            return rows
        return rows.filter(**{f"{self.dated}__lt": begins(self.desk, value + dt.timedelta(days=1))})

    def tags(self) -> list[MeantTag]:
        """Return the tags that the address names; several narrow the list together."""
        if self._tags is None:
            listed = getattr(self.data, "getlist", None)
            values = listed("tag") if listed else [str(self.data.get("tag", ""))]
            if self.known_tags is None:
                self._tags = meant_tags(self.desk, values)
            else:
                self._tags = [self.known_tags[one] for one in values if one in self.known_tags]
        return self._tags

    def by_tag(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Leave it to ``filter_queryset``: a field of a form has one value, an address may have several."""
        return rows

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().filter_queryset(queryset)
        for meant in self.tags():
            rows = self.tagged(rows, meant.tag) if meant.tag is not None else rows.none()
        return rows

    def tagged(self, rows: QuerySet[Any], tag: Tag) -> QuerySet[Any]:
        """Return the rows with one tag."""
        return rows.filter(pk__in=self.claims_with(tag))

    def claims_with(self, tag: Tag) -> QuerySet[Any, Any]:
        """Return the ids of claims with a tag, as far as this person may know."""
        return ClaimTag.objects.not_kept_from(self.user).filter(tag=tag).order_by().values("claim")


class ClaimFilter(DeskListFilter):
    """Claims of one desk by where their newest review stands, who works on them, rating, claimant and tags.

    ``assignee`` is a person's id, ``me`` or ``nobody``; ``state`` may also be ``open``. ``since`` and ``until``
    are days on which they were added.
    """

    state = filters.ChoiceFilter(
        choices=[("open", _("all open ones")), *Review.State.choices],
        method="by_state",
        label=_("State"),
        empty_label=_("any"),
    )
    assignee = filters.CharFilter(method="by_assignee", label=_("Assignee"))
    rating = filters.ChoiceFilter(choices=(), method="by_rating", label=_("Rating"), empty_label=_("any"))
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

    def __init__(
        self,
        *args: Any,
        ratings: Sequence[Rating] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ratings = scale_of(self.desk) if ratings is None else ratings
        self.filters["rating"].extra["choices"] = [(str(row.pk), row.label) for row in self.ratings]

    def by_state(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        reviews: QuerySet[Review]
        # At most one review of a claim is open, and it is the newest.
        if value == "open":
            reviews = Review.objects.open().order_by()
        elif value in (Review.State.PUBLISHED, Review.State.CLOSED):
            reviews = current_reviews().filter(state=value)
        else:
            reviews = Review.objects.filter(state=value).order_by()
        assigned = self.form.cleaned_data.get("assignee")
        if assigned and value in (*OPEN_STATES, "open"):
            reviews = self._assigned(reviews, assigned)
        if value in _FEW:
            return rows.filter(pk__in=reviews.filter(desk=self.desk).values("claim"))
        return rows.filter(Exists(reviews.filter(claim=OuterRef("pk"))))

    def by_assignee(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        if self.form.cleaned_data.get("state") in (*OPEN_STATES, "open"):
            # Asked of the open review with its state.
            return rows
        return rows.filter(Exists(self._assigned(current_reviews().filter(claim=OuterRef("pk")), value)))

    def _assigned(self, reviews: QuerySet[Review], value: str) -> QuerySet[Review]:
        """Return the reviews that somebody has; an address edited by hand means nobody's, and never everybody's."""
        if value == "nobody":
            return reviews.filter(assignee=None)
        number = self.user.pk if value == "me" else row_number(value)
        return reviews.filter(assignee=number) if number is not None else reviews.none()

    def open_ones(self, reviews: QuerySet[Review]) -> QuerySet[Review] | None:
        """Return the open reviews of the claims that are let through, which are as many and sooner counted.

        None where that is not all that is asked: no open state, or anything but a state and who has it. ``reviews``
        are those of the desk whose claims are seen.
        """
        asked = {name for name, value in self.form.cleaned_data.items() if value}
        state = self.form.cleaned_data.get("state")
        if state not in (*OPEN_STATES, "open") or not asked <= {"state", "assignee"}:
            return None
        rows = reviews.filter(state__in=OPEN_STATES if state == "open" else [state])
        assigned = self.form.cleaned_data.get("assignee")
        return self._assigned(rows, assigned) if assigned else rows

    def by_claimant(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        """By the number of a claimant, or by a name: the whole of it, another name, or how it begins."""
        known = Claimant.objects.standing().visible_to(self.user).filter(desk=self.desk)
        number = row_number(value)
        if number is not None:
            return rows.filter(claimant__in=known.filter(pk=number).order_by().values("pk"))
        return rows.filter(claimant__in=named(known, value, self.user))

    def by_rating(self, rows: QuerySet[Claim], name: str, value: str) -> QuerySet[Claim]:
        # What is kept from somebody cannot be found out by a filter either.
        newest = Verdict.objects.not_kept_from(self.user).filter(claim=OuterRef("pk"))
        newest = newest.order_by("-review__number", "-number", "-pk")
        return rows.annotate(newest_rating=Subquery(newest.values("rating")[:1])).filter(
            newest_rating=int(value)
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
        # What was found is counted of what people rejected, too.
        found = rows.filter(searched_at__isnull=False).exclude(pk__in=claims_kept_blind(self.user))
        return found.filter(origins_found__gt=0) if value == "found" else found.filter(origins_found=0)


def scale_of(desk: Desk) -> list[Rating]:
    """Return the labels of the desk's current scale in their order."""
    rows = Rating.objects.filter(scale__desk=desk, scale__is_current=True)
    return list(rows.order_by("position", "pk"))


class DocumentFilter(DeskListFilter):
    """Articles by the tags that one desk has put on them, and the day on which they were added."""

    class Meta:
        model = Document
        fields: list[str] = []

    def tagged(self, rows: QuerySet[Any], tag: Tag) -> QuerySet[Any]:
        return rows.filter(pk__in=DocumentTag.objects.filter(tag=tag).order_by().values("document"))


class Shown(models.TextChoices):
    """Parts of the list of published checks."""

    LIVE = "live", _("live")
    SUSPENDED = "suspended", _("suspended")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CORRECTED = "corrected", _("changed since")
    IMPORTED = "imported", _("imported")


class FactCheckFilter(DeskListFilter):
    """Fact checks by what the public sees of them, whose they are, and the day of their first publication."""

    dated = "first_published_at"
    show = filters.ChoiceFilter(
        choices=Shown.choices, method="by_part", label=_("Show"), empty_label=_("all own")
    )
    claimant = filters.CharFilter(method="by_claimant", label=_("Claimant"), max_length=200)
    rating = filters.CharFilter(method="by_rating", label=_("Rating"), max_length=100)
    change = filters.ChoiceFilter(
        choices=Release.Kind.choices, method="by_change", label=_("Change"), empty_label=_("any")
    )

    class Meta:
        model = FactCheck
        fields: list[str] = []

    def by_part(self, rows: QuerySet[FactCheck], name: str, value: str) -> QuerySet[FactCheck]:
        if value == Shown.IMPORTED:
            return rows.filter(imported=True)
        rows = rows.filter(imported=False)
        if value == Shown.CORRECTED:
            told = Release.objects.filter(
                factcheck=OuterRef("pk"), kind__in=["clarification", "correction", "update"]
            )
            return rows.filter(Exists(told.order_by()))
        return rows.filter(status=value)

    def by_claimant(self, rows: QuerySet[FactCheck], name: str, value: str) -> QuerySet[FactCheck]:
        return rows.filter(claimant_key=key_of(value))

    def by_rating(self, rows: QuerySet[FactCheck], name: str, value: str) -> QuerySet[FactCheck]:
        return rows.filter(rating_label=value)

    def by_change(self, rows: QuerySet[FactCheck], name: str, value: str) -> QuerySet[FactCheck]:
        return rows.filter(Exists(Release.objects.filter(factcheck=OuterRef("pk"), kind=value).order_by()))

    def tagged(self, rows: QuerySet[FactCheck], tag: Tag) -> QuerySet[FactCheck]:
        return rows.filter(claim__in=self.claims_with(tag))


class EventSubject(models.TextChoices):
    """What the events of a desk's log are about."""

    CLAIM = "claim", _("claims")
    EVIDENCE = "evidence", _("evidence")
    REVIEW = "review", _("work on claims")
    VERDICT = "verdict", _("verdicts")
    CHECK = "factcheck", _("published checks")
    ARTICLE = "document", _("articles")
    NOTE = "desknote", _("notes")
    DESK = "desk", _("the desk")


class EventFilter(DeskListFilter):
    """What happened at a desk, by who did it, what it is about, and the day.

    ``claim`` and ``document`` are numbers; of an article it is what was done to it and to what it says.
    """

    about = filters.ChoiceFilter(
        choices=EventSubject.choices, field_name="object_kind", label=_("About"), empty_label=_("any")
    )
    who = filters.CharFilter(method="by_who", label=_("Who"))
    claim = filters.CharFilter(method="by_claim", label=_("Claim"))
    document = filters.CharFilter(method="by_document", label=_("Article"))
    tag = None

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def tags(self) -> list[MeantTag]:
        return []

    def by_who(self, rows: QuerySet[AuditEvent], name: str, value: str) -> QuerySet[AuditEvent]:
        if value == "workbench":
            return rows.filter(actor_id=None)
        number = row_number(value)
        return rows.none() if number is None else rows.filter(actor_id=number)

    def by_claim(self, rows: QuerySet[AuditEvent], name: str, value: str) -> QuerySet[AuditEvent]:
        number = row_number(value)
        return rows.none() if number is None else rows.filter(claim_id=number)

    def by_document(self, rows: QuerySet[AuditEvent], name: str, value: str) -> QuerySet[AuditEvent]:
        number = row_number(value)
        if number is None:
            return rows.none()
        about = models.Q(object_kind="document", object_id=number)
        for kind, of in (
            ("analysisrun", AnalysisRun.objects.filter(capture__document=number)),
            ("appearance", Appearance.objects.filter(document=number)),
            ("desknote", DeskNote.objects.filter(document=number)),
        ):
            about |= models.Q(object_kind=kind, object_id__in=of.order_by().values("pk"))
        return rows.filter(about)


class OutletFilter(filters.FilterSet):
    """Outlets by the beginning of a name or a site, by owner, and whether they are agencies."""

    name = filters.CharFilter(method="by_name", label=_("Name or site"), max_length=200)
    owner = filters.CharFilter(method="by_owner", label=_("Owner"), max_length=200)
    kind = filters.ChoiceFilter(
        choices=[
            ("agency", _("agencies")),
            ("owned", _("with an owner")),
            ("unowned", _("without an owner")),
        ],
        method="by_kind",
        label=_("Kind"),
        empty_label=_("any"),
    )

    class Meta:
        model = Outlet
        fields: list[str] = []

    def by_name(self, rows: QuerySet[Outlet], name: str, value: str) -> QuerySet[Outlet]:
        key = key_of(value.replace("\x00", " "))
        return rows.filter(models.Q(name_key__startswith=key) | models.Q(site__startswith=key))

    def by_owner(self, rows: QuerySet[Outlet], name: str, value: str) -> QuerySet[Outlet]:
        return rows.filter(owner__name_key__startswith=key_of(value.replace("\x00", " ")))

    def by_kind(self, rows: QuerySet[Outlet], name: str, value: str) -> QuerySet[Outlet]:
        if value == "agency":
            return rows.filter(is_agency=True)
        return rows.filter(owner__isnull=value == "unowned")
