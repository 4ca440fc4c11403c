"""What a person was told: one line of their inbox each, whatever brought it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.bulk import BulkAct
from claims.models.desks import Desk, desks_of
from claims.models.fields import Stamped
from claims.models.notes import DeskNote

if TYPE_CHECKING:
    from claims.models.users import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> NoticeQuerySet:
        """What one was told oneself, at desks where one still works."""
        rows = self.filter(user=user)
        return rows if user.is_superuser else rows.filter(desk__in=desks_of(user))

    def unseen(self) -> NoticeQuerySet:
        return self.filter(seen_at=None)


class Notice(Stamped):
    """One sentence to one person about what somebody else did: with their work, or to have them do something."""

    class Kind(models.TextChoices):
        GIVEN = "given", _("given to you")
        TAKEN = "taken", _("taken from you")
        CLOSED = "closed", _("closed")
        RETURNED = "returned", _("taken back again")
        MENTIONED = "mentioned", _("named you in a note")
        SENT_BACK = "sent_back", _("returned your verdict")
        DUE = "due", _("changed when your claim is due")
        ASKED = "asked", _("asks you to read a verdict")
        HANDED = "handed", _("handed a claim over to you")
        OVERTAKEN = "overtaken", _("went on with your claim")
        PANEL = "panel", _("asks for your opinion")
        PANEL_SOON = "panel_soon", _("waits for your opinion")
        PANEL_LEFT = "panel_left", _("declined to give an opinion")
        PANEL_IN = "panel_in", _("opinions are in")

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Which claims: ids, the first of many.
    claims = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=0)
    act = models.ForeignKey(BulkAct, null=True, blank=True, on_delete=models.CASCADE, related_name="notices")
    note = models.ForeignKey(
        DeskNote, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    # What the other said to it.
    words = models.TextField(blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["act", "user", "kind"], name="one_notice_per_act_and_kind"),
            models.UniqueConstraint(fields=["note", "user", "kind"], name="one_notice_per_note_and_kind"),
        ]
        indexes = [
            models.Index(
                fields=["user", "desk", "-id"], condition=models.Q(seen_at=None), name="notice_unseen"
            ),
            models.Index(fields=["user", "desk", "-id"], name="notice_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.count})"
