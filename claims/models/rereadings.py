"""Readings of old articles by newer rules: a batch, and what it would change or has changed in each article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.desks import Desk, desks_of
from claims.models.documents import AnalysisRun, Capture, Document, through
from claims.models.fields import Stamped

if TYPE_CHECKING:
    from claims.models.users import User


class RereadingQuerySet(models.QuerySet["Rereading"]):
    def visible_to(self, user: User) -> RereadingQuerySet:
        """Batches of the person's desks; which of their articles are shown, the articles say."""
        if user.is_superuser:
            return self
        return self.filter(desk__in=desks_of(user))

    def active(self) -> RereadingQuerySet:
        """Batches that a job works on, or should."""
        return self.filter(state__in=Rereading.ACTIVE)


class Rereading(Stamped):
    """One batch: which articles a desk wants read again, who asked, and how far it is."""

    class State(models.TextChoices):
        PREVIEWING = "previewing", _("being read")
        READY = "ready", _("ready to be looked at")
        APPLYING = "applying", _("being taken over")
        DONE = "done", _("taken over")
        CANCELLED = "cancelled", _("cancelled")

    ACTIVE = (State.PREVIEWING, State.APPLYING)

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="rereadings")
    # Null: whoever runs the installation, by a command.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    scope = models.JSONField(default=dict)
    analyser = models.CharField(max_length=60)
    articles = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWING)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RereadingQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["desk", "-created_at", "-id"], name="rereading_newest")]

    def __str__(self) -> str:
        return f"Rereading {self.pk}"

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def is_single(self) -> bool:
        """Whether somebody asked for one article, and waits for it."""
        return len(self.scope.get("documents", ())) == 1


class RereadArticleQuerySet(models.QuerySet["RereadArticle"]):
    def visible_to(self, user: User) -> RereadArticleQuerySet:
        """Articles of batches of the person's desks that they may read themselves."""
        if user.is_superuser:
            return self
        return self.filter(through(user), rereading__desk__in=desks_of(user))


class RereadArticle(Stamped):
    """One article of a batch: what the newer reading would change, and what became of it.

    The counts and ``differences`` are those of the preview; what was taken over in the end stands in ``applied``.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("not read yet")
        READ = "read", _("read")
        CHOSEN = "chosen", _("to be taken over")
        APPLIED = "applied", _("taken over")
        UNDONE = "undone", _("taken back")
        FAILED = "failed", _("not possible")

    rereading = models.ForeignKey(Rereading, on_delete=models.CASCADE, related_name="rows")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="rereadings")
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    read_by = models.CharField(max_length=60, blank=True)
    new = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    differences = models.JSONField(default=list, blank=True)
    applied = models.JSONField(default=dict, blank=True)
    run = models.ForeignKey(AnalysisRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # The row of the log that says what was changed; plain, as the log's own ids are.
    event_id = models.BigIntegerField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = RereadArticleQuerySet.as_manager()

    class Meta:
        ordering = ["rereading_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["rereading", "document"], name="reread_once_per_batch")
        ]
        indexes = [models.Index(fields=["rereading", "state", "id"], name="reread_next")]

    def __str__(self) -> str:
        return f"{self.document_id} in {self.rereading_id}"

    @property
    def differs(self) -> bool:
        """Whether a person would notice anything."""
        return bool(self.new or self.gone or self.changed)
