"""What readers write to a desk: a claim that should be checked, or a complaint about a check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.desks import Desk, desks_of
from claims.models.factchecks import FactCheck
from claims.models.fields import Stamped, beginning

if TYPE_CHECKING:
    from claims.models.users import User


class ReaderMessageQuerySet(models.QuerySet["ReaderMessage"]):
    def visible_to(self, user: User) -> ReaderMessageQuerySet:
        """Messages to the person's desks."""
        if user.is_superuser:
            return self
        return self.filter(desk__in=desks_of(user))

    def open(self) -> ReaderMessageQuerySet:
        return self.filter(state=ReaderMessage.State.OPEN)


class ReaderMessage(Stamped):
    """One message of somebody without an account. Name and address are forgotten some time after it is settled."""

    class Kind(models.TextChoices):
        SUGGESTION = "suggestion", _("a claim to check")
        COMPLAINT = "complaint", _("a complaint about a fact check")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        CLAIMED = "claimed", _("made a claim")
        DISMISSED = "dismissed", _("put aside")

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="reader_messages")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    words = models.TextField(_("message"))
    url = models.URLField(_("where it was seen"), max_length=2000, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    reply_to = models.EmailField(_("e-mail address for an answer"), max_length=254, blank=True)
    factcheck = models.ForeignKey(
        FactCheck, null=True, blank=True, on_delete=models.PROTECT, related_name="reader_messages"
    )
    # The claim that was made of it.
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="reader_messages"
    )
    # Until when a complaint should have its answer.
    answer_by = models.DateTimeField(null=True, blank=True)
    note = models.TextField(_("what was done"), blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReaderMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["desk", "-created_at", "-id"], name="readermessage_newest"),
            models.Index(fields=["desk", "state", "-created_at", "-id"], name="readermessage_by_state"),
        ]

    def __str__(self) -> str:
        return beginning(" ".join(self.words.split()), 120)
