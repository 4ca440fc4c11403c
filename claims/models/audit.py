"""Who did what, when: ids, verbs and states that nobody can change, and words that can be redacted."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models

from claims.models.desks import Desk
from claims.models.fields import Stamped

if TYPE_CHECKING:
    from claims.models.users import User


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def for_user(self, user: User) -> AuditEventQuerySet:
        if user.is_superuser:
            return self
        return self.filter(desk_id__in=Desk.objects.for_user(user).values("id"))

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
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind} {self.object_id}"


class AuditDetail(models.Model):
    """Words, labels and personal data of one event; the redact action may blank them, leaving a tombstone."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="detail")
    data = models.JSONField(default=dict)
    redacted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-event_id"]

    def __str__(self) -> str:
        return f"Detail of {self.event_id}"
