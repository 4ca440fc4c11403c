"""New sources for old claims: what came in since a claim was searched and bears on it, until a person decides.

An alert changes nothing by itself: no evidence, no verdict, no state. There is one for a claim and an origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim, of_claim
from claims.models.desks import Desk
from claims.models.documents import Capture, Document, Origin, through
from claims.models.evidence import Evidence
from claims.models.fields import Stamped

if TYPE_CHECKING:
    from claims.models.users import User


class SourceAlertQuerySet(models.QuerySet["SourceAlert"]):
    def visible_to(self, user: User) -> SourceAlertQuerySet:
        """Alerts of claims that this person sees, about documents that they may read."""
        return self.filter(through(user) & of_claim(user))

    def open(self) -> SourceAlertQuerySet:
        """What waits for a decision: of claims that stand, and not evidence by another way meanwhile."""
        evidence = Evidence.objects.filter(
            claim=models.OuterRef("claim"), document=models.OuterRef("document")
        ).order_by()
        return self.filter(~models.Exists(evidence), state=SourceAlert.State.OPEN, claim__merged_into=None)

    def with_words(self) -> SourceAlertQuerySet:
        """Add the words of the place as ``words``, cut from the text in the database."""
        return self.annotate(
            words=Substr("capture__text", models.F("start") + 1, models.F("end") - models.F("start"))
        )


class SourceAlert(Stamped):
    """A source that came in after a claim was searched, and that a search would show now."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        TAKEN = "taken", _("taken as evidence")
        DISMISSED = "dismissed", _("dismissed")

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="source_alerts")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="source_alerts")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="source_alerts")
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="source_alerts")
    origin = models.ForeignKey(
        Origin, null=True, blank=True, on_delete=models.SET_NULL, related_name="source_alerts"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    matched = models.JSONField(default=list, blank=True)
    # As a search would say them on its row: how likely it bears on the claim (percent), why, and whom it relies on.
    relevance = models.PositiveSmallIntegerField(null=True, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    relies = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.SET_NULL, related_name="source_alerts"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SourceAlertQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "origin"], name="one_alert_per_origin"),
            models.UniqueConstraint(fields=["claim", "document"], name="one_alert_per_document"),
        ]
        indexes = [
            models.Index(fields=["desk", "id"], condition=models.Q(state="open"), name="alert_open"),
        ]

    def __str__(self) -> str:
        return f"{self.document} – {self.claim}"


class UnmatchedCaptureQuerySet(models.QuerySet["UnmatchedCapture"]):
    def visible_to(self, user: User) -> UnmatchedCaptureQuerySet:
        return self.filter(through(user, "capture__document"))


class UnmatchedCapture(models.Model):
    """A text that came in and was not compared with the watched claims yet; the row goes when it was."""

    capture = models.OneToOneField(Capture, on_delete=models.CASCADE, related_name="unmatched")
    since = models.DateTimeField(default=timezone.now)

    objects = UnmatchedCaptureQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.capture)
