"""Acts on many claims: which ones were selected, and what an act would do and has done to each."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims import vocabulary
from claims.models.claims import Claim, of_claim
from claims.models.desks import Desk, Membership, desks_of
from claims.models.fields import Stamped

if TYPE_CHECKING:
    from claims.models.users import User


class SelectionQuerySet(models.QuerySet["Selection"]):
    def visible_to(self, user: User) -> SelectionQuerySet:
        """One's own selections at desks where one still works."""
        rows = self.filter(owner=user)
        return rows if user.is_superuser else rows.filter(desk__in=desks_of(user))


class Selection(Stamped):
    """Claims that one person chose at one moment: by ticks, or as all that a filter let through then.

    ``claims`` holds ids in the order of choosing; what is left of a filter is what it was, in ``chosen_by``.
    """

    LIFETIME = dt.timedelta(days=7)

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="selections")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    claims = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=0)
    # The address part of the filter, or empty for ticks.
    chosen_by = models.CharField(max_length=1_000, blank=True)
    expires_at = models.DateTimeField()

    objects = SelectionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["expires_at"], name="selection_expires")]

    def __str__(self) -> str:
        return f"Selection {self.pk}"


def _editing(user: User) -> models.QuerySet[Membership, Any]:
    roles = [vocabulary.Role.DESK_EDITOR, vocabulary.Role.ADMINISTRATOR]
    return Membership.objects.filter(user=user, role__in=roles).order_by().values("desk")


class BulkActQuerySet(models.QuerySet["BulkAct"]):
    def visible_to(self, user: User) -> BulkActQuerySet:
        """One's own acts at one's desks; a desk's editors see what was done there, and what was only looked at not."""
        if user.is_superuser:
            return self
        own = models.Q(asked_by=user, desk__in=desks_of(user))
        only_looked_at = models.Q(state__in=(BulkAct.State.LOOKING, BulkAct.State.PREVIEW))
        done = ~only_looked_at & models.Q(desk__in=_editing(user))
        return self.filter(own | done)


class BulkAct(Stamped):
    """One act on a selection: what was asked, by whom, and how far it is."""

    class State(models.TextChoices):
        LOOKING = "looking", _("being looked at")
        PREVIEW = "preview", _("looked at")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being taken back")
        UNDONE = "undone", _("taken back")

    Action = vocabulary.BulkAction
    UNDO_WITHIN = dt.timedelta(hours=24)

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="bulk_acts")
    selection = models.ForeignKey(
        Selection, null=True, blank=True, on_delete=models.SET_NULL, related_name="acts"
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=10, choices=vocabulary.BulkAction.choices)
    # What the act was asked with: {"to": 5}, {"reason": "merged", "note": …}, {"lead": 7}, {"comment": …}.
    said = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEW)
    gesture = models.UUIDField(default=uuid.uuid4, editable=False)
    # Of how many selected claims it is written down what would happen to them.
    total = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = BulkActQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["desk", "-created_at", "-id"], name="bulkact_newest")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} ({self.total})"

    @property
    def is_active(self) -> bool:
        """Whether a job works on it, or should."""
        return self.state in (self.State.LOOKING, self.State.RUNNING, self.State.UNDOING)


class BulkActRowQuerySet(models.QuerySet["BulkActRow"]):
    def visible_to(self, user: User) -> BulkActRowQuerySet:
        """Rows of acts this person sees, but for claims hidden from them."""
        if user.is_superuser:
            return self
        return self.filter(of_claim(user), act__in=BulkAct.objects.visible_to(user).values("pk"))


class BulkActRow(models.Model):
    """What an act would do to one claim, and what became of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("not yet")
        DONE = "done", _("done")
        WARNED = "warned", _("done, look at it")
        SKIPPED = "skipped", _("skipped")
        UNDONE = "undone", _("taken back")
        KEPT = "kept", _("done, and not taken back")

    Consequence = vocabulary.Consequence

    act = models.ForeignKey(BulkAct, on_delete=models.CASCADE, related_name="rows")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="+")
    # Plain, as the log's ids are: the newest review when the act was looked at, and its version then.
    review_id = models.BigIntegerField(null=True, blank=True)
    seen_version = models.PositiveIntegerField(default=0)
    # Empty: only what was asked for. "left": nothing would happen.
    group = models.CharField(max_length=10, blank=True)
    consequences = models.JSONField(default=list, blank=True)
    ticked = models.BooleanField(default=True)
    why = models.TextField(blank=True)
    # The review's columns before the act, to restore and to show.
    before = models.JSONField(default=dict, blank=True)
    told = models.JSONField(default=list, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)

    objects = BulkActRowQuerySet.as_manager()

    class Meta:
        ordering = ["act_id", "id"]
        constraints = [models.UniqueConstraint(fields=["act", "claim"], name="one_bulk_row_per_claim")]
        indexes = [
            models.Index(fields=["act", "group", "id"], name="bulkrow_group"),
            models.Index(fields=["act", "outcome", "id"], name="bulkrow_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} in {self.act_id}"
