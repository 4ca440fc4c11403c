"""Opinions that people form without seeing each other's: who was asked, what they said, and when it can be read.

Blind for everybody, whoever runs the installation included: an opinion is its reader's alone until its panel has
ended, and whoever is still to give one sees no verdict of that review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from django.conf import settings
from django.db import models

from claims import vocabulary
from claims.models.claims import through_claim
from claims.models.desks import Desk, Rating, RatingScale
from claims.models.fields import Stamped

if TYPE_CHECKING:
    from claims.models.users import User


class PanelQuerySet(models.QuerySet["Panel"]):
    def visible_to(self, user: User) -> PanelQuerySet:
        """Panels on claims that this person sees; who was asked is no secret, what they say is."""
        return self.filter(through_claim(user, "review__claim"))

    def open(self) -> PanelQuerySet:
        return self.filter(closed_at=None)


class Panel(Stamped):
    """Several readers of one claim, of whom so many have to find the same before it counts as agreed."""

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey("claims.Review", on_delete=models.PROTECT, related_name="panels")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The version of the scale that all of them choose from, whatever the desk uses later.
    scale = models.ForeignKey(RatingScale, on_delete=models.PROTECT, related_name="+")
    needed = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=vocabulary.PanelOutcome.choices, blank=True, default="")
    rating = models.ForeignKey(Rating, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = PanelQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=models.Q(closed_at=None), name="one_open_panel_per_review"
            ),
            models.CheckConstraint(condition=models.Q(needed__gte=1), name="panel_needs_an_opinion"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, outcome="", rating=None)
                | (models.Q(closed_at__isnull=False) & ~models.Q(outcome="")),
                name="panel_says_nothing_while_open",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(closed_at=None), name="panel_open"),
            models.Index(fields=["desk", "closed_at"], name="panel_closed"),
        ]

    def __str__(self) -> str:
        return f"Panel {self.pk}"


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def visible_to(self, user: User) -> OpinionQuerySet:
        """One's own opinions, and those of panels that have ended."""
        blind = models.Q(reader=user) | models.Q(panel__closed_at__isnull=False)
        return self.filter(through_claim(user, "panel__review__claim"), blind)

    def awaited(self) -> OpinionQuerySet:
        """Opinions that were asked for and neither given nor declined, of panels that are open."""
        return self.filter(given_at=None, declined_at=None, panel__closed_at=None)


class Opinion(Stamped):
    """What one reader of a panel finds; kept whatever the verdict says."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="opinions")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rating = models.ForeignKey(Rating, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # What they found before they changed it: figures of agreement rest on this one.
    first_rating = models.ForeignKey(
        Rating, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    # What it said before: label, reason and when it was given.
    earlier = models.JSONField(default=list, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    # They had looked at the claim's page with its verdict before they were asked.
    had_seen = models.BooleanField(default=False)
    # Given, and not counted: the reader had written of the verdict when the panel ended.
    set_aside = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["panel_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "reader"], name="one_opinion_per_reader"),
            models.CheckConstraint(
                condition=models.Q(given_at=None, rating=None, first_rating=None)
                | models.Q(given_at__isnull=False, rating__isnull=False, first_rating__isnull=False),
                name="opinion_has_rating",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reader", "panel"],
                condition=models.Q(given_at=None, declined_at=None),
                name="opinion_awaited",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} in {self.panel_id}"


class VerdictSightQuerySet(models.QuerySet["VerdictSight"]):
    def visible_to(self, user: User) -> VerdictSightQuerySet:
        """Who has looked, on claims that this person sees."""
        return self.filter(through_claim(user, "review__claim"))


class VerdictSight(Stamped):
    """This person has been shown what a verdict of this review says, on the page of its claim.

    Kept at desks with panels alone, and less than opening a version: it allows nothing.
    """

    review = models.ForeignKey("claims.Review", on_delete=models.PROTECT, related_name="sights")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = VerdictSightQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="one_sight_per_person")]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.review_id}"


def _owed(user: User) -> models.QuerySet[Opinion]:
    return Opinion.objects.awaited().filter(reader=user).order_by()


def kept_blind(user: User) -> models.QuerySet[Opinion, int]:
    """Return the ids of reviews whose verdicts this person may not see yet: an opinion of theirs is awaited."""
    return _owed(user).values_list("panel__review", flat=True)


def claims_kept_blind(user: User) -> models.QuerySet[Opinion, int]:
    """Return the ids of claims of whose judging this person may know nothing yet."""
    return _owed(user).values_list("panel__review__claim", flat=True)


def awaited_on(user: User, claim: str) -> models.Exists:
    """Return the condition that this person still owes an opinion on a row's claim; ``claim`` is its column."""
    return models.Exists(_owed(user).filter(panel__review__claim=models.OuterRef(claim)))


def by_nobody_else(user: User, by: str) -> models.Q:
    """Return the condition on what colleagues put on a claim: none of theirs while this person owes an opinion.

    ``by`` is the column of who did it; the claim's is ``claim``.
    """
    return ~models.Q(claim__in=claims_kept_blind(user)) | models.Q(**{by: user})


class _Decided(Protocol):
    kept_apart: bool
    decided_by_id: int | None

    def without_decisions(self) -> None: ...


_Row = TypeVar("_Row", bound=models.Model)


class DecidedApart(models.QuerySet[_Row]):
    """Rows about a claim on which people decide: ``decided_by`` says who.

    Whoever is to give an opinion on the claim, formed apart, reads them as if nobody else had decided.
    """

    #: Whoever reads these rows: what others decided is taken out of them while an opinion of theirs is awaited.
    _reader: int | None = None

    def read_by(self, user: User) -> Self:
        """Return the same rows, of which what others decided is taken out as they are read."""
        rows = self.annotate(kept_apart=awaited_on(user, "claim"))
        rows._reader = user.pk
        return rows

    def decided_before(self, user: User) -> Self:
        """Those of which this person may know what was decided: for every question that asks for it."""
        return self.filter(by_nobody_else(user, "decided_by"))

    def _clone(self) -> Self:
        rows: Any = super()._clone()  # type: ignore[misc]
        rows._reader = self._reader
        return rows

    def _fetch_all(self) -> None:
        super()._fetch_all()
        if self._reader is None:
            return
        for row in self._result_cache or ():
            if isinstance(row, self.model):
                _take_out(row, self._reader)


def _take_out(row: Any, reader: int) -> None:
    decided: _Decided = row
    if decided.kept_apart and decided.decided_by_id != reader:
        decided.without_decisions()


def owes_opinion_on(user: User, claim: int) -> bool:
    """Tell whether this person may know nothing yet of how a claim is judged."""
    return claims_kept_blind(user).filter(panel__review__claim=claim).exists()


def is_kept_blind(user: User, review: int) -> bool:
    """Tell whether this person may not see the verdicts of a review yet."""
    return kept_blind(user).filter(panel__review=review).exists()


def of_review(user: User, path: str = "review") -> models.Q:
    """Return the condition on what hangs on a verdict's review: its claim is seen, and no opinion on it is awaited."""
    return through_claim(user, f"{path}__claim") & ~models.Q(**{f"{path}__in": kept_blind(user)})
