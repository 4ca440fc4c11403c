"""The rows that are the jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.desks import Desk, desks_of
from claims.models.documents import Document
from claims.models.fields import Stamped

if TYPE_CHECKING:
    from claims.models.users import User


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: User) -> JobQuerySet:
        """Jobs of the person's desks, but for those about a hidden document or a claim that one gave.

        What a job is about is in its ``subject``: addresses, results and errors may quote a document.
        """
        if user.is_superuser:
            return self
        return self.shown_to(user).filter(desk__in=desks_of(user))

    def shown_to(self, user: User) -> JobQuerySet:
        """Jobs of any desk or none, but for those that quote what is hidden from this person."""
        if user.is_superuser:
            return self
        return self.exclude(subject__in=_subjects("document", Document.objects.hidden_from(user))).exclude(
            subject__in=_subjects("claim", Claim.objects.resting_on_hidden(user))
        )

    def for_user(self, user: User) -> JobQuerySet:
        return self.visible_to(user)


def _subjects(kind: str, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Return the subjects that jobs about these rows have."""
    name = Concat(models.Value(f"{kind} "), Cast("pk", models.CharField()), output_field=models.CharField())
    return rows.annotate(job_subject=name).values("job_subject")


class Job(Stamped):
    """One piece of work. The row is the job: brokers only knock."""

    class Queue(models.TextChoices):
        PUBLISHING = "publishing", _("publishing")
        INTERACTIVE = "interactive", _("somebody waits")
        INDEX = "index", _("search index")
        BULK = "bulk", _("bulk")

    class Status(models.TextChoices):
        QUEUED = "queued", _("due")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    # Null only for the installation's own upkeep (the index writer).
    desk = models.ForeignKey(Desk, null=True, blank=True, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True)
    arguments = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    # Who asked decides: the same kind is somebody's act or one of a thousand.
    queue = models.CharField(max_length=12, choices=Queue.choices, default=Queue.BULK)
    # Fair between desks: within a queue the smallest number is next (see claims.jobs.turns).
    turn = models.BigIntegerField(default=0)
    run_after = models.DateTimeField(default=timezone.now)
    # A message for this row is on its way until then; nobody sends a second one before.
    handed_until = models.DateTimeField(null=True, blank=True)
    # When a run is stopped, whatever it does; set by whoever takes the row.
    stop_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    # In a row, because something the job needs is away: no attempt is used up, and ``error`` names it.
    waits = models.PositiveSmallIntegerField(default=0)
    waiting_since = models.DateTimeField(null=True, blank=True)
    dedupe_key = models.CharField(max_length=200, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_note = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe_key"],
                condition=models.Q(status="queued") & ~models.Q(dedupe_key=""),
                name="one_queued_job_per_key",
            )
        ]
        indexes = [
            models.Index(fields=["run_after", "id"], condition=models.Q(status="queued"), name="job_due"),
            models.Index(
                fields=["queue", "turn", "id"], condition=models.Q(status="queued"), name="job_next"
            ),
            models.Index(
                fields=["queue", "desk", "turn"], condition=models.Q(status="queued"), name="job_turn"
            ),
            models.Index(fields=["lease_until"], condition=models.Q(status="running"), name="job_leased"),
            models.Index(fields=["desk", "status", "-id"], name="job_desk"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}".strip()


class Worker(models.Model):
    """A process that takes jobs, and when it last said that it is there; the row goes when it stops in order."""

    name = models.CharField(max_length=40, unique=True)
    host = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    queues = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-seen_at", "id"]

    def __str__(self) -> str:
        return f"{self.host} {self.pid}"
