"""What people of a desk say to each other about a claim, a passage or an article. Never part of anything public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from claims import vocabulary
from claims.models.claims import Appearance, Claim, of_claim
from claims.models.desks import Desk, Membership, desks_of
from claims.models.documents import Document, through
from claims.models.evidence import Evidence
from claims.models.fields import Stamped, beginning
from claims.models.panels import claims_kept_blind

if TYPE_CHECKING:
    from claims.models.users import User


class DeskNoteQuerySet(models.QuerySet["DeskNote"]):
    def visible_to(self, user: User) -> DeskNoteQuerySet:
        """Notes of the person's desks, on claims, passages and articles that they see themselves.

        What others say is kept from whoever is to give an opinion on the claim, formed apart, whoever they are; what
        they say of an article in which it appeared too.
        """
        apart = claims_kept_blind(user)
        places = Appearance.objects.filter(claim__in=apart, document__isnull=False).order_by()
        unread = (
            models.Q(claim__in=apart)
            | models.Q(claim__merged_into__in=apart)
            | models.Q(document__in=places.values("document"))
        )
        return self.within_reach_of(user).filter(models.Q(author=user) | ~unread)

    def within_reach_of(self, user: User) -> DeskNoteQuerySet:
        """Notes that this person reads now, or once they have given their opinion."""
        if user.is_superuser:
            return self
        return self.filter(
            models.Q(claim=None) | of_claim(user),
            through(user),
            through(user, "evidence__document"),
            desk__in=desks_of(user),
        )


class DeskNote(Stamped):
    """One note on a claim, on a passage of its evidence, or on an article.

    A withdrawn note keeps its place and loses its words; what it said stays in its versions.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes")
    claim = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="notes")
    # The passage it is about, of the claim's evidence.
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="notes"
    )
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="notes"
    )
    # Words of the passage or the article that it is about.
    quotation = models.TextField(blank=True)
    text = models.TextField(blank=True)
    # Whom the text names: [start, end, person] in code points of the text.
    mentions = models.JSONField(default=list, blank=True)
    # Whom it is for besides: chosen by ticks.
    told = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = DeskNoteQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(claim__isnull=False, document=None)
                | models.Q(claim=None, document__isnull=False, evidence=None),
                name="note_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(withdrawn_at__isnull=False), name="note_has_words"
            ),
        ]

    def __str__(self) -> str:
        return beginning(self.text, 100)


class NoteVersionQuerySet(models.QuerySet["NoteVersion"]):
    def visible_to(self, user: User) -> NoteVersionQuerySet:
        """What visible notes said before; of withdrawn ones only to who wrote them and to the desk's editors."""
        seen = self.filter(note__in=DeskNote.objects.visible_to(user).order_by().values("pk"))
        if user.is_superuser:
            return seen
        editing = Membership.objects.filter(
            user=user, role__in=[vocabulary.Role.DESK_EDITOR, vocabulary.Role.ADMINISTRATOR]
        )
        return seen.filter(
            models.Q(note__withdrawn_at=None)
            | models.Q(note__author=user)
            | models.Q(note__desk__in=editing.order_by().values("desk"))
        )


class NoteVersion(Stamped):
    """What a note said before it was changed or withdrawn."""

    note = models.ForeignKey(DeskNote, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()

    objects = NoteVersionQuerySet.as_manager()

    class Meta:
        ordering = ["note_id", "number"]
        constraints = [models.UniqueConstraint(fields=["note", "number"], name="one_note_version_per_number")]

    def __str__(self) -> str:
        return beginning(self.text, 100)
