"""One pass of people over one claim: its state, the verdict versions, readings and approvals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims import vocabulary
from claims.models.claims import Claim, of_claim
from claims.models.desks import Desk, Rating
from claims.models.fields import Stamped, beginning
from claims.models.panels import kept_blind, of_review

if TYPE_CHECKING:
    from claims.models.users import User


_REASONS = [("", ""), *vocabulary.CloseReason.choices]


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, user: User) -> ReviewQuerySet:
        """Reviews of claims that this person sees."""
        return self.filter(of_claim(user))

    def for_user(self, user: User) -> ReviewQuerySet:
        return self.visible_to(user)

    def open(self) -> ReviewQuerySet:
        return self.exclude(state__in=[Review.State.PUBLISHED, Review.State.CLOSED])


class Review(Stamped):
    """One pass over one claim. A correction after publication opens the next one."""

    State = vocabulary.ReviewState

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="reviews")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20, choices=State.choices, default=State.QUEUED)
    closed_reason = models.CharField(max_length=20, choices=_REASONS, blank=True, default="")
    closed_note = models.CharField(max_length=300, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviews_assigned",
    )
    lease_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    # What the publication will be: the first one, or which kind of change.
    release_kind = models.CharField(max_length=20, default="first")
    public_note = models.TextField(blank=True)
    # After the last approval: publish at this time, or wait for a person while held.
    publish_at = models.DateTimeField(null=True, blank=True)
    held = models.BooleanField(default=False)
    returned_note = models.TextField(blank=True)
    state_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-state_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="one_review_per_number"),
            models.UniqueConstraint(
                fields=["claim"],
                condition=~models.Q(state__in=["published", "closed"]),
                name="one_open_review_per_claim",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | ~models.Q(closed_reason=""), name="closed_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["desk", "state", "-state_at", "-id"], name="review_queue"),
            models.Index(fields=["desk", "assignee", "state"], name="review_assignee"),
            models.Index(
                fields=["publish_at"],
                condition=models.Q(state="approved", publish_at__isnull=False),
                name="review_due",
            ),
            # The lists of the Desk and of what is not out yet, each in its own order: they show a few rows of many.
            models.Index(
                fields=["desk", "assignee", "state_at", "id"],
                condition=~models.Q(state__in=["published", "closed"]),
                name="review_whose",
            ),
            models.Index(
                fields=["desk", "state_at", "id"],
                condition=models.Q(state__in=["awaiting_approval", "approved"]),
                name="review_handed",
            ),
            models.Index(
                fields=["desk", "state_at", "id"],
                condition=models.Q(state="in_progress") & ~models.Q(returned_note=""),
                name="review_returned",
            ),
            models.Index(
                fields=["desk", "held", "publish_at", "id"],
                condition=models.Q(state="approved"),
                name="review_approved",
            ),
            models.Index(
                fields=["desk", "-id"],
                condition=~models.Q(state__in=["published", "closed"]) & ~models.Q(release_kind="first"),
                name="review_revisions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} – {self.get_state_display()}"


#: Where at most one review of a claim stands, which is the newest.
OPEN_STATES = tuple(
    state for state in Review.State if state not in (Review.State.PUBLISHED, Review.State.CLOSED)
)


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def visible_to(self, user: User) -> VerdictQuerySet:
        """Versions on claims that this person sees, but for those they are to give an opinion beside, unseen."""
        # There are as many as reviews: joined, which the databases do better than asking at each.
        return self.filter(of_claim(user, "review__claim")).exclude(review__in=kept_blind(user))

    def not_kept_from(self, user: User) -> VerdictQuerySet:
        """Of claims that are known to be seen: without those that this person is to give an opinion beside."""
        return self.exclude(review__in=kept_blind(user))


class Verdict(Stamped):
    """One immutable version of what the desk found out."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="verdicts")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="verdicts")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="verdicts")
    number = models.PositiveIntegerField()
    wording = models.TextField()
    headline = models.CharField(max_length=200)
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="verdicts")
    short_answer = models.TextField()
    justification = models.TextField()
    not_found = models.TextField(_("what was not found"), blank=True)
    byline = models.CharField(max_length=200, blank=True)
    # Ids of the evidence that the justification cites, in the order of their public numbers.
    citations = models.JSONField(default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdicts_written"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="verdicts_proposed",
    )
    redacted_at = models.DateTimeField(null=True, blank=True)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["review_id", "-number"]
        indexes = [models.Index(fields=["desk", "created_at"], name="verdict_made")]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="one_verdict_per_number")]

    def __str__(self) -> str:
        return f"{self.headline} (version {self.number})"


class VerdictAuthorQuerySet(models.QuerySet["VerdictAuthor"]):
    def visible_to(self, user: User) -> VerdictAuthorQuerySet:
        return self.filter(of_review(user, "verdict__review"))


class VerdictAuthor(models.Model):
    """Who wrote words of a version or of one it was made from; none of them may approve it."""

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="authors")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdicts_authored"
    )

    objects = VerdictAuthorQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["verdict", "user"], name="one_author_per_verdict")]

    def __str__(self) -> str:
        return str(self.user)


class VerdictReadingQuerySet(models.QuerySet["VerdictReading"]):
    def visible_to(self, user: User) -> VerdictReadingQuerySet:
        return self.filter(of_review(user, "verdict__review"))


class VerdictReading(Stamped):
    """This person opened this version as the public will read it."""

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="readings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdict_readings"
    )

    objects = VerdictReadingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["verdict", "user"], name="one_reading_per_person")]

    def __str__(self) -> str:
        return str(self.user)


class ReadingRequestQuerySet(models.QuerySet["ReadingRequest"]):
    def visible_to(self, user: User) -> ReadingRequestQuerySet:
        return self.filter(of_review(user, "verdict__review"))


class ReadingRequest(Stamped):
    """Somebody was asked to be the second reader of a version."""

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="reading_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)

    objects = ReadingRequestQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["verdict", "reader"], name="asked_once_per_version")]

    def __str__(self) -> str:
        return str(self.reader)


class CitationReadingQuerySet(models.QuerySet["CitationReading"]):
    def visible_to(self, user: User) -> CitationReadingQuerySet:
        return self.filter(of_review(user, "verdict__review"))


class CitationReading(Stamped):
    """This person opened this cited source of this version; ticked where it says what it is cited for."""

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="citation_readings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="citation_readings"
    )
    evidence = models.ForeignKey("claims.Evidence", on_delete=models.PROTECT, related_name="readings")
    ticked_at = models.DateTimeField(null=True, blank=True)

    objects = CitationReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["verdict", "user", "evidence"], name="one_reading_per_person_and_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} [{self.evidence_id}]"


class VerdictDraftQuerySet(models.QuerySet["VerdictDraft"]):
    def visible_to(self, user: User) -> VerdictDraftQuerySet:
        return self.filter(of_review(user))


class VerdictDraft(models.Model):
    """Autosaved words of one person that nobody has submitted; outside the audit rule."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="verdict_drafts"
    )
    data = models.JSONField(default=dict)
    # Who else wrote of these words, before they were handed on: they cannot approve them either.
    writers = models.JSONField(default=list, blank=True)
    base = models.ForeignKey(Verdict, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    objects = VerdictDraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "user"], name="one_draft_per_person")]

    def __str__(self) -> str:
        return f"Draft of {self.user_id}"


class PointQuerySet(models.QuerySet["Point"]):
    def visible_to(self, user: User) -> PointQuerySet:
        return self.filter(of_review(user, "verdict__review"))


class Point(models.Model):
    """One question, answer and finding inside a verdict version."""

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField()
    question = models.TextField()
    answer = models.TextField()
    finding = models.CharField(max_length=20, choices=vocabulary.Finding.choices, blank=True, default="")

    objects = PointQuerySet.as_manager()

    class Meta:
        ordering = ["verdict_id", "number"]
        constraints = [models.UniqueConstraint(fields=["verdict", "number"], name="one_point_per_number")]

    def __str__(self) -> str:
        return beginning(self.question, 100)


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def visible_to(self, user: User) -> ApprovalQuerySet:
        return self.filter(of_review(user, "verdict__review"))


class Approval(Stamped):
    """Sign-off of one verdict version by someone who did not write it."""

    Kind = vocabulary.ApprovalKind

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="approvals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.EDITORIAL)
    comment = models.TextField(blank=True)
    # Public numbers of the sources that the person had not ticked, and why they approved all the same.
    unread = models.JSONField(default=list, blank=True)
    unread_reason = models.TextField(blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["verdict", "user"], name="one_approval_per_person")]

    def __str__(self) -> str:
        return f"{self.user} ({self.kind})"
