"""Who did what, when: ids, verbs and states that nobody can change, and words that can be redacted."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Cast

from claims.models.claims import Appearance, Claim, Claimant
from claims.models.desks import Desk
from claims.models.documents import AnalysisRun, Document, Outlet, hidden_documents
from claims.models.evidence import Evidence
from claims.models.fields import Stamped
from claims.models.notes import DeskNote
from claims.models.panels import claims_kept_blind, kept_blind
from claims.models.prepared import prepared, there_is
from claims.models.reviews import Review

if TYPE_CHECKING:
    from claims.models.users import User


#: Kinds of objects whose details quote no document: people, settings, and the words that reviewers write.
OPEN_KINDS = (
    "apikey", "desk", "factcheck", "indextarget", "job", "membership", "panel", "ratingscale", "release", "review",
    "user", "verdict", "verdictdraft",
)  # fmt: skip


def _names(rows: models.QuerySet[Any], column: str) -> models.QuerySet[Any]:
    """Return ids as the log writes them."""
    return rows.annotate(in_log=Cast(column, models.CharField())).values("in_log")


#: What is told of an origin names its documents.
_ABOUT_ORIGINS = ("document.origin_set", "document.origin_undone", "origin.joined", "origin.merged")


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, user: User) -> AuditEventQuerySet:
        """Events of the person's desks, but for those of hidden documents and claims; words are asked for apart.

        What others found of earlier checks stands in the event itself: none of it where an opinion is awaited.
        """
        apart = self.exclude(
            ~models.Q(actor_id=user.pk) | models.Q(actor_id=None),
            verb="match.decided",
            claim_id__in=claims_kept_blind(user),
        )
        if user.is_superuser:
            return apart
        hidden = hidden_documents(user)
        rows = apart.filter(desk_id__in=Desk.objects.for_user(user).values("id"))
        for kind, ids in (
            ("document", hidden),
            ("analysisrun", AnalysisRun.objects.filter(capture__document__in=hidden).order_by().values("pk")),
            ("claimant", Claimant.objects.hidden_from(user).values("pk")),
            ("desknote", DeskNote.objects.filter(document__in=hidden).order_by().values("pk")),
        ):
            rows = rows.exclude(object_kind=kind, object_id__in=ids)
        places = Appearance.objects.filter(document__in=hidden).order_by().values("pk")
        rows = rows.exclude(object_kind="appearance", claim_id=None, object_id__in=places)
        # Few, and found once: PostgreSQL read all claims where each event was asked for its own.
        return rows.exclude(claim_id__in=prepared(Claim.objects.ids_hidden_from(user), few=True))

    def told_to(self, user: User) -> AuditEventQuerySet:
        """Events whose words this person may read, as far as what they are about is shown to them.

        Of a claim that a hidden document gave, only what reviewers wrote. A kind that is not known here, and an
        appearance or evidence that is gone, are for administrators of the installation.
        """
        # What was written of a verdict is kept from whoever is to give an opinion beside it, whoever they are.
        beside = Review.objects.filter(pk__in=kept_blind(user)).order_by().values("claim")
        unblind = models.Q(claim_id=None) | ~models.Q(claim_id__in=beside)
        if user.is_superuser:
            return self.filter(unblind)
        about = models.Q(object_kind__in=OPEN_KINDS)
        for kind, rows in (
            ("document", Document.objects.visible_to(user)),
            ("analysisrun", AnalysisRun.objects.visible_to(user)),
            ("appearance", Appearance.objects.visible_to(user)),
            ("evidence", Evidence.objects.visible_to(user)),
            ("claimant", Claimant.objects.visible_to(user)),
            ("outlet", Outlet.objects.visible_to(user)),
        ):
            found = rows.filter(pk=models.OuterRef("object_id")).order_by()
            about |= models.Q(models.Exists(found), object_kind=kind)
        quoted = Claim.objects.resting_on_hidden(user).values("pk")
        # Why documents are one origin is told to those who may read all of them.
        mixed = _names(Document.objects.hidden_from(user).exclude(origin=None), "origin")
        about &= ~models.Q(verb__in=_ABOUT_ORIGINS) | ~(
            models.Q(before__in=mixed) | models.Q(after__in=mixed)
        )
        about |= models.Q(object_kind__in=("claim", "searchrun", "match")) & ~models.Q(claim_id__in=quoted)
        return self.visible_to(user).filter(about, unblind)

    def for_user(self, user: User) -> AuditEventQuerySet:
        return self.visible_to(user)

    def about(self, kind: str, object_id: int) -> AuditEventQuerySet:
        return self.filter(object_kind=kind, object_id=object_id)


class AuditEvent(Stamped):
    """One change of one object. Plain ids, no foreign keys: history outlives what it tells of."""

    gesture = models.UUIDField(default=uuid.uuid4)
    desk_id = models.BigIntegerField(null=True, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    claim_id = models.BigIntegerField(null=True, blank=True)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    via = models.CharField(max_length=20, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_kind", "object_id", "-id"], name="audit_object"),
            models.Index(fields=["claim_id", "-id"], name="audit_claim"),
            models.Index(fields=["gesture"], name="audit_gesture"),
            models.Index(fields=["desk_id", "-id"], name="audit_desk"),
            models.Index(fields=["actor_id", "desk_id", "-id"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind} {self.object_id}"


class AuditDetailQuerySet(models.QuerySet["AuditDetail"]):
    def visible_to(self, user: User) -> AuditDetailQuerySet:
        """Words of events whose words are told to this person (``AuditEventQuerySet.told_to``)."""
        told = AuditEvent.objects.told_to(user).filter(pk=models.OuterRef("event_id"))
        return self.filter(there_is(told))


class AuditDetail(models.Model):
    """Words, labels and personal data of one event; the redact action may blank them, leaving a tombstone."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="detail")
    data = models.JSONField(default=dict)
    redacted_at = models.DateTimeField(null=True, blank=True)

    objects = AuditDetailQuerySet.as_manager()

    class Meta:
        ordering = ["-event_id"]

    def __str__(self) -> str:
        return f"Detail of {self.event_id}"
