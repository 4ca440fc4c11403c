"""The outbox of the index, where each physical index stands, and what each of them still lacks.

An action marks an entry as pending and nothing more. The one writer of the index spreads what is pending over
the open targets as ``IndexDue`` rows, one per target and entry and only while that target lacks something:
a target holds the newest version of every entry that has no such row. ADR-0010 says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.desks import desks_of
from claims.models.documents import Passage, hidden_documents, through
from claims.models.factchecks import FactCheck
from claims.models.fields import Stamped

if TYPE_CHECKING:
    from claims.models.users import User


class IndexEntryQuerySet(models.QuerySet["IndexEntry"]):
    def visible_to(self, user: User) -> IndexEntryQuerySet:
        """Entries but for those of hidden documents and claims."""
        if user.is_superuser:
            return self
        return self.exclude(collection="documents", object_id__in=hidden_documents(user)).exclude(
            collection="claims", object_id__in=Claim.objects.resting_on_hidden(user).values("pk")
        )


class IndexEntry(models.Model):
    """One object that the index should hold, and its newest version."""

    collection = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    version = models.PositiveBigIntegerField(default=1)
    deleted = models.BooleanField(default=False)
    # Changed since the writer last told the targets of it.
    pending = models.BooleanField(default=True)
    # Since when; empty once the targets were told.
    since = models.DateTimeField(null=True, blank=True, default=timezone.now)

    objects = IndexEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("index entry")
        verbose_name_plural = _("index entries")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "object_id"], name="one_entry_per_object")
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(pending=True), name="entry_pending")]

    def __str__(self) -> str:
        return f"{self.collection}:{self.object_id} v{self.version}"


class IndexTargetQuerySet(models.QuerySet["IndexTarget"]):
    def open(self) -> IndexTargetQuerySet:
        """Keep the targets that are written: live ones and those under construction, of every engine."""
        return self.exclude(state=IndexTarget.State.RETIRED)

    def of(self, engine: str) -> IndexTargetQuerySet:
        return self.filter(engine=engine)


class IndexTarget(Stamped):
    """One physical index of one engine, being built or live."""

    class State(models.TextChoices):
        BUILDING = "building", _("building")
        LIVE = "live", _("live")
        RETIRED = "retired", _("retired")

    engine = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    stamp = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BUILDING)
    # Entries up to this id have been put in from the rows; once ``complete``, all of them.
    built_through = models.BigIntegerField(default=0)
    complete = models.BooleanField(default=False)
    # What it holds is compared with the rows before it is trusted again.
    doubtful = models.BooleanField(default=False)
    # What the engine said of it after our last write; less than that means that an older state came back.
    mark = models.JSONField(default=dict, blank=True)
    used_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=300, blank=True)

    objects = IndexTargetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["engine", "name"], name="one_target_per_name"),
            models.UniqueConstraint(
                fields=["engine"], condition=models.Q(state="live"), name="one_live_target"
            ),
            models.UniqueConstraint(
                fields=["engine"], condition=models.Q(state="building"), name="one_building_target"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engine}: {self.name}"


class IndexDueQuerySet(models.QuerySet["IndexDue"]):
    def waiting(self) -> IndexDueQuerySet:
        """Keep what is still tried."""
        return self.filter(given_up=False)

    def given_up(self) -> IndexDueQuerySet:
        """Keep what failed for good and waits for a person."""
        return self.filter(given_up=True)

    def visible_to(self, user: User) -> IndexDueQuerySet:
        """Rows but for those of hidden documents and claims: an engine's error may quote what it refused."""
        if user.is_superuser:
            return self
        return self.filter(entry__in=IndexEntry.objects.visible_to(user).values("pk"))

    def of(self, engine: str) -> IndexDueQuerySet:
        """Keep what the open targets of one engine lack."""
        open_ones = IndexTarget.objects.open().of(engine)
        return self.filter(target__in=open_ones.values("pk"))


class IndexDue(models.Model):
    """One entry that one target does not hold in its newest version."""

    target = models.ForeignKey(IndexTarget, on_delete=models.CASCADE, related_name="due")
    entry = models.ForeignKey(IndexEntry, on_delete=models.CASCADE, related_name="due")
    version = models.PositiveBigIntegerField()
    since = models.DateTimeField()
    try_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    # The engine will never take it as it is: tried again when it changes or when a person asks for it.
    given_up = models.BooleanField(default=False)
    # Until when one of several writers has it; nobody else takes it before.
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = IndexDueQuerySet.as_manager()

    class Meta:
        verbose_name = _("item due for the index")
        verbose_name_plural = _("items due for the index")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["target", "entry"], name="one_due_per_target_and_entry")
        ]
        indexes = [
            models.Index(
                fields=["target", "try_after", "id"], condition=models.Q(given_up=False), name="due_waiting"
            ),
            models.Index(fields=["since"], condition=models.Q(given_up=False), name="due_since"),
            models.Index(fields=["id"], condition=models.Q(given_up=True), name="due_given_up"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} for {self.target}"


class CheckVectorQuerySet(models.QuerySet["CheckVector"]):
    def visible_to(self, user: User) -> CheckVectorQuerySet:
        """Vectors of checks of the person's desks."""
        if user.is_superuser:
            return self
        return self.filter(factcheck__desk__in=desks_of(user))


class CheckVector(models.Model):
    """What an earlier check says, as a vector of float16 of length one: a cache, made anew whenever it is gone.

    ``key`` is of the words and the encoder it was made with, ``encoder`` of the encoder alone.
    """

    factcheck = models.OneToOneField(FactCheck, on_delete=models.CASCADE, related_name="vector")
    key = models.CharField(max_length=32)
    encoder = models.CharField(max_length=16)
    vector = models.BinaryField(max_length=2048)

    objects = CheckVectorQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.factcheck_id}"


class PassageReadingQuerySet(models.QuerySet["PassageReading"]):
    def visible_to(self, user: User) -> PassageReadingQuerySet:
        """Readings of texts that the person may read."""
        return self.filter(through(user, "passage__capture__document"))


class PassageReading(models.Model):
    """What searches have read of a passage: vectors of its sentences, and who says what in it. A cache.

    ``vectors`` holds one after the other the key of a sentence (sixteen bytes) and its vector of float16, of length
    one, by the encoder of that name; ``whole`` says that all sentences are there. ``statements`` holds, by the key of a
    text that begins with the passage, who says what in it, as the rules of that name read it
    (``claims.actions.evidence.passage_readings``).
    """

    passage = models.OneToOneField(Passage, on_delete=models.CASCADE, related_name="reading")
    encoder = models.CharField(max_length=16, blank=True, default="")
    whole = models.BooleanField(default=False)
    vectors = models.BinaryField(default=bytes)
    rules = models.CharField(max_length=40, blank=True, default="")
    statements = models.JSONField(default=dict)

    objects = PassageReadingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["encoder"], condition=models.Q(whole=True), name="passage_read_whole")
        ]

    def __str__(self) -> str:
        return f"{self.passage_id}"


class PassageMeaningQuerySet(models.QuerySet["PassageMeaning"]):
    def visible_to(self, user: User) -> PassageMeaningQuerySet:
        """Vectors of texts that the person may read."""
        return self.filter(through(user, "passage__capture__document"))


class PassageMeaning(models.Model):
    """What a passage means under the title of its text, as a vector of float16 of length one: a cache, as above.

    The index holds a copy of it, by which claims find passages. ``encoder`` names what it was made with.
    """

    passage = models.OneToOneField(Passage, on_delete=models.CASCADE, related_name="meaning")
    encoder = models.CharField(max_length=16)
    vector = models.BinaryField(max_length=768)

    objects = PassageMeaningQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.passage_id}"
